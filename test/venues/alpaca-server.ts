// Alpaca's trading and market data REST as its documentation has it (orders, account activities, positions, account, assets,
// calendar; latest trades), with its error codes {"code", "message"}, keys in headers, rate headers and pages.
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Applied, NewOrder, RefusalCode, VenueConfig, VenueFill, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, LoopbackVenue, SECRET, numberOf, startLoopback } from './loopback-venue.ts';
import type { RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

const d = (text: string): Decimal => new Decimal(text);
const CALLS_A_MINUTE = 200;
const FILLS_A_PAGE = 100;

export interface ServedStock {
  readonly symbol: string;
  readonly fractionable?: boolean;
  readonly tradable?: boolean;
}

export interface AlpacaServerOptions {
  readonly stocks: readonly ServedStock[];
  readonly config?: Partial<VenueConfig>;
  readonly now?: () => number;
}

/** What the matching core does not know: sessions, replacements, cancels that take their time. */
interface Held {
  readonly order: NewOrder;
  readonly id: string;
  readonly at: number;
}

export const alpacaError = (status: number, code: number, message: string, more: Readonly<Record<string, string>> = {}): WireReply => ({
  status, body: { code, message, ...more },
});
const unprocessable = (message: string): WireReply => alpacaError(422, 42210000, message);
const notFound = (message: string): WireReply => alpacaError(404, 40410000, message);

const STATUS: Readonly<Record<VenueOrder['status'], string>> = {
  PENDING: 'pending_new', SUBMITTED: 'pending_new', OPEN: 'new', PARTIALLY_FILLED: 'partially_filled', FILLED: 'filled', CANCELLED: 'canceled',
  REJECTED: 'rejected', EXPIRED: 'expired',
};

const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString().padStart(12, '0')}`;
/** Microseconds, as Go prints them. */
const instant = (at: number): string => new Date(at).toISOString().replace('Z', '123Z');
const stamp = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 17);
const places = (value: Decimal): number => value.decimalPlaces();

const stockMarket = (symbol: string): Market => ({
  symbol,
  assetClass: 'stock',
  rules: { tickSize: d('0.0001'), lotSize: d('0.000000001'), minQuantity: d('0'), minNotional: d('0'), priceBand: null },
});

/** One account at Alpaca and everything that a test may do to it. */
export class AlpacaServer {
  readonly venue: LoopbackVenue;
  /** Outside the session nothing is executed that is not for extended hours. */
  sessionIsOpen = true;
  /** A cancel is only taken, and the order ends when the exchange says so. */
  cancelsLater = false;
  calls = 0;
  /** Bodies of placements, as they came. */
  readonly placements: Readonly<Record<string, unknown>>[] = [];
  readonly #stocks: readonly ServedStock[];
  readonly #held = new Map<string, Held>();
  readonly #cancelling = new Set<string>();
  readonly #replacedBy = new Map<string, string>();
  readonly #replaces = new Map<string, string>();
  /** What the orders before a replacement had filled, which its quantity counts. */
  readonly #carried = new Map<string, Decimal>();
  readonly #terms = new Map<string, { readonly timeInForce: string; readonly extendedHours: boolean }>();
  #made = 900_000;

  constructor({ stocks, config, now }: AlpacaServerOptions) {
    this.#stocks = stocks;
    this.venue = new LoopbackVenue({
      markets: stocks.map(({ symbol }) => stockMarket(symbol)),
      config: { uniqueClientOrderIds: 'ALWAYS', ...config },
      holdsCoins: false,
      ...(now === undefined ? {} : { now }),
    });
  }

  /** The exchange does what it was asked to cancel. */
  finishCancels(): void {
    for (const clientOrderId of this.#cancelling) this.venue.cancel(clientOrderId);
    this.#cancelling.clear();
  }

  /** The session begins, and what waited for it goes to the exchange. */
  open(): void {
    this.sessionIsOpen = true;
    for (const { order } of this.#held.values()) this.venue.place(order);
    this.#held.clear();
  }

  /** Somebody moves an order in the broker's own screen; gives the replacement's id. */
  replaceByHand(clientOrderId: string, change: Readonly<Record<string, string>>): string {
    const id = this.idOf(clientOrderId);
    const reply = this.#patch(id, change);
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    return this.#replacedBy.get(id) ?? '';
  }

  idOf(clientOrderId: string): string {
    const order = this.venue.engine.find(clientOrderId);
    if (order === null) throw new Error(`no order ${clientOrderId}`);
    return uuid(numberOf(order.exchangeOrderId));
  }

  start(): Promise<RunningVenue> {
    const read = (path: RegExp, answer: (request: WireRequest) => WireReply) => ({ method: 'GET', path, call: 'read' as const, answer });
    return startLoopback(this.venue, {
      admit: ({ headers }) => {
        this.calls += 1;
        const isKnown = headers['apca-api-key-id'] === API_KEY && headers['apca-api-secret-key'] === SECRET;
        return isKnown ? null : { status: 401, body: { message: 'unauthorized.' } };
      },
      limited: (seconds) => ({
        ...alpacaError(429, 42910000, 'rate limit exceeded'),
        headers: { ...this.#rateHeaders(), 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + seconds) },
      }),
      headers: () => this.#rateHeaders(),
      routes: [
        { method: 'POST', path: /^\/v2\/orders$/, call: 'place', answer: (request) => this.#post(request) },
        { method: 'DELETE', path: /^\/v2\/orders\/([^/]+)$/, call: 'cancel', answer: ({ found }) => this.#delete(found[0] ?? '') },
        { method: 'PATCH', path: /^\/v2\/orders\/([^/]+)$/, call: 'amend', answer: ({ found, fields }) => this.#patch(found[0] ?? '', fields) },
        read(/^\/v2\/orders$/, ({ fields }) => ({ status: 200, body: this.#list(fields) })),
        read(/^\/v2\/orders:by_client_order_id$/, ({ fields }) => answerFor(this.#named(fields['client_order_id'] ?? ''), fields['client_order_id'] ?? '')),
        read(/^\/v2\/orders\/([^/]+)$/, ({ found }) => answerFor(this.#numbered(found[0] ?? ''), found[0] ?? '')),
        read(/^\/v2\/account\/activities$/, ({ fields }) => this.#activities(fields)),
        read(/^\/v2\/positions$/, () => ({ status: 200, body: this.#positions() })),
        read(/^\/v2\/positions\/([^/]+)$/, ({ found }) => {
          const position = this.#positions().find(({ symbol }) => symbol === found[0]);
          return position === undefined ? notFound('position does not exist') : { status: 200, body: position };
        }),
        read(/^\/v2\/account$/, () => ({ status: 200, body: this.#account() })),
        read(/^\/v2\/assets$/, () => ({ status: 200, body: this.#stocks.map(assetBody) })),
        read(/^\/v2\/calendar$/, ({ fields }) => ({ status: 200, body: calendarBody(fields) })),
        { method: 'GET', path: /^\/data\/v2\/stocks\/trades\/latest$/, call: 'read', answer: ({ fields }) => this.#latestTrades(fields) },
      ],
    });
  }

  #rateHeaders(): Record<string, string> {
    return {
      'x-ratelimit-limit': String(CALLS_A_MINUTE), 'x-ratelimit-remaining': String(Math.max(0, CALLS_A_MINUTE - this.calls)),
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 60), 'x-request-id': uuid(this.calls),
    };
  }

  #post({ body, fields }: WireRequest): WireReply {
    this.placements.push(JSON.parse(body) as Record<string, unknown>);
    const refused = this.#refusalOf(fields);
    if (refused !== null) return refused;
    const order = this.#orderOf(fields);
    this.#terms.set(order.clientOrderId, { timeInForce: fields['time_in_force'] ?? 'day', extendedHours: fields['extended_hours'] === 'true' });
    if (!this.sessionIsOpen && fields['extended_hours'] !== 'true') {
      this.#made += 1;
      const held: Held = { order, id: uuid(this.#made), at: this.venue.now() };
      this.#held.set(order.clientOrderId, held);
      return { status: 200, body: this.#heldBody(held) };
    }
    const applied = this.venue.place(order);
    if (applied.refusal !== null || applied.order === null) return this.#refused(applied, order);
    // What the exchange does with it is told later.
    return { status: 200, body: { ...this.#body(applied.order), status: 'pending_new', filled_qty: '0', filled_avg_price: null, filled_at: null } };
  }

  #orderOf(fields: WireRequest['fields']): NewOrder {
    const symbol = fields['symbol'] ?? '';
    const side = fields['side'] === 'buy' ? ('buy' as const) : ('sell' as const);
    const price = (name: string): Decimal | null => (fields[name] === undefined ? null : d(fields[name]));
    const held = this.#heldOf(symbol);
    // A sale of what is held closes it, whatever it says of itself: one order never goes from long to short.
    const closes = (fields['position_intent'] ?? '').endsWith('_to_close') || (side === 'sell' ? held.greaterThan(0) : held.isNegative());
    return {
      clientOrderId: fields['client_order_id'] ?? '', symbol, side, quantity: d(fields['qty'] ?? '0'), limit: price('limit_price'), stopPrice: price('stop_price'),
      timeInForce: fields['type'] === 'market' || fields['time_in_force'] === 'ioc' ? 'IOC' : 'GTC', shown: null, reduceOnly: closes,
    };
  }

  /** What is refused before the account is looked at. */
  #refusalOf(fields: WireRequest['fields']): WireReply | null {
    const { symbol = '', type = '', qty = '', time_in_force: tif = '', client_order_id: id = '' } = fields;
    const stock = this.#stocks.find((one) => one.symbol === symbol);
    if (id.length > 128) return alpacaError(422, 40010001, 'client_order_id must be no more than 128 characters');
    if (this.#named(id) !== null) return alpacaError(422, 40010001, 'client_order_id must be unique');
    if (stock === undefined) return unprocessable(`asset "${symbol}" not found`);
    if (stock.tradable === false) return unprocessable(`asset ${symbol} is not tradable`);
    if (!/^\d+(\.\d{1,9})?$/.test(qty) || d(qty).isZero()) return unprocessable('qty must be > 0');
    for (const name of ['limit_price', 'stop_price']) {
      const price = fields[name];
      if (price !== undefined && places(d(price)) > (d(price).lessThan(1) ? 4 : 2)) {
        return unprocessable(`invalid ${name} ${price}. sub-penny increment does not fulfill minimum pricing criteria`);
      }
    }
    if (!['day', 'gtc', 'ioc'].includes(tif) || (tif === 'ioc' && type.startsWith('stop'))) return unprocessable('invalid time in force');
    if (fields['extended_hours'] === 'true' && (type !== 'limit' || tif !== 'day')) return unprocessable('extended hours order must be DAY limit orders');
    return d(qty).isInteger() ? null : this.#fractionRefusal(fields, stock);
  }

  #fractionRefusal({ symbol = '', side = '', time_in_force: tif }: WireRequest['fields'], stock: ServedStock): WireReply | null {
    if (stock.fractionable === false) return unprocessable(`asset "${symbol}" is not fractionable`);
    if (tif !== 'day') return unprocessable('fractional orders must be DAY orders');
    return side === 'sell' && !this.#heldOf(symbol).greaterThan(0) ? unprocessable('fractional orders cannot be sold short') : null;
  }

  #refused({ refusal }: Applied, order: NewOrder): WireReply {
    const held = this.#heldOf(order.symbol);
    const isOnlyThin = refusal === 'REDUCE_ONLY' && (order.side === 'sell' ? held.greaterThan(0) : held.isNegative());
    if (isOnlyThin) {
      return alpacaError(403, 40310000, `insufficient qty available for order (requested: ${toPlain(order.quantity)}, available: 0)`, { symbol: order.symbol });
    }
    const replies: Partial<Record<RefusalCode, WireReply>> = {
      REDUCE_ONLY: unprocessable(`position intent mismatch, inferred: ${order.side}_to_open, specified: ${order.side}_to_close`),
      INSUFFICIENT_FUNDS: alpacaError(403, 40310000, 'insufficient buying power', { buying_power: '0', cost_basis: '1' }),
      WOULD_TRIGGER: unprocessable(`stop price must be ${order.side === 'sell' ? 'less' : 'greater'} than current price`),
      WOULD_CROSS: unprocessable('order would trade at once'),
      NO_ICEBERGS: unprocessable('no iceberg orders'),
    };
    return replies[refusal ?? 'NO_PRICE'] ?? unprocessable(`order is refused: ${refusal ?? ''}`);
  }

  #delete(id: string): WireReply {
    const waiting = [...this.#held.values()].find((held) => held.id === id);
    if (waiting !== undefined) {
      this.#held.delete(waiting.order.clientOrderId);
      return { status: 204, body: '' };
    }
    const order = this.#byId(id);
    if (order === null) return notFound(`order not found for ${id}`);
    if (!isLive(order.status)) return unprocessable('order is not cancelable');
    if (this.#cancelling.has(order.clientOrderId)) return unprocessable('order pending cancel');
    if (this.cancelsLater) this.#cancelling.add(order.clientOrderId);
    else this.venue.cancel(order.clientOrderId);
    return { status: 204, body: '' };
  }

  /** A replacement is a new order with ids of its own; the old one points to it. */
  #patch(id: string, fields: Readonly<Record<string, string>>): WireReply {
    const order = this.#byId(id);
    if (order === null) return notFound(`order not found for ${id}`);
    if (!isLive(order.status)) return unprocessable(`cannot replace order in ${STATUS[order.status]} status`);
    const quantity = d(fields['qty'] ?? toPlain(order.quantity));
    if (!quantity.isInteger()) return unprocessable('qty must be integer');
    if (quantity.lessThanOrEqualTo(order.filledQuantity)) return unprocessable('qty must be > filled_qty');
    this.#made += 1;
    const clientOrderId = fields['client_order_id'] ?? uuid(this.#made);
    this.venue.cancel(order.clientOrderId);
    const price = (name: string, was: Decimal | null): Decimal | null => (fields[name] === undefined ? was : d(fields[name]));
    const { order: next } = this.venue.place({
      ...order, clientOrderId, quantity: quantity.minus(order.filledQuantity), limit: price('limit_price', order.limit), stopPrice: price('stop_price', order.stopPrice),
    });
    if (next === null) return unprocessable('order is refused');
    const nextId = uuid(numberOf(next.exchangeOrderId));
    this.#replacedBy.set(id, nextId);
    this.#replaces.set(nextId, id);
    this.#carried.set(nextId, order.filledQuantity.plus(this.#carried.get(id) ?? d('0')));
    return { status: 200, body: this.#body(next) };
  }

  #named(clientOrderId: string): OrderBody | null {
    const held = this.#held.get(clientOrderId);
    return held === undefined ? this.#known(this.venue.engine.find(clientOrderId)) : this.#heldBody(held);
  }

  #numbered(id: string): OrderBody | null {
    const held = [...this.#held.values()].find((one) => one.id === id);
    return held === undefined ? this.#known(this.#byId(id)) : this.#heldBody(held);
  }

  /** What was refused has never been an order there. */
  #known(order: VenueOrder | null): OrderBody | null {
    return order === null || order.status === 'REJECTED' ? null : this.#body(order);
  }

  #list({ status = 'open', direction = 'desc', limit = '50', after_order_id: after }: WireRequest['fields']): readonly OrderBody[] {
    const isOpen = (order: OrderBody): boolean => ['new', 'accepted', 'pending_new', 'partially_filled', 'pending_cancel', 'pending_replace'].includes(order.status);
    const wanted = this.#all().filter((order) => status === 'all' || isOpen(order) === (status === 'open'));
    const ordered = direction === 'asc' ? wanted : wanted.toReversed();
    const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
    return ordered.slice(from, from + Math.min(500, Number(limit)));
  }

  #all(): readonly OrderBody[] {
    return [
      ...this.venue.engine.allOrders().flatMap((order) => this.#known(order) ?? []),
      ...[...this.#held.values()].map((held) => this.#heldBody(held)),
    ];
  }

  #body(order: VenueOrder) {
    const id = uuid(numberOf(order.exchangeOrderId));
    const replacedBy = this.#replacedBy.get(id) ?? null;
    const live = this.#cancelling.has(order.clientOrderId) ? 'pending_cancel' : STATUS[order.status];
    const filledAt = order.fills.at(-1)?.at;
    const terms = this.#terms.get(order.clientOrderId);
    return {
      id, client_order_id: order.clientOrderId, created_at: instant(order.fills[0]?.at ?? order.at), updated_at: instant(order.at), submitted_at: instant(order.at),
      filled_at: filledAt === undefined || order.status !== 'FILLED' ? null : instant(filledAt), expired_at: null, canceled_at: null, failed_at: null, replaced_at: null,
      replaced_by: replacedBy, replaces: this.#replaces.get(id) ?? null, asset_id: uuid(1), symbol: order.symbol, asset_class: 'us_equity', notional: null,
      qty: toPlain(order.quantity.plus(this.#carried.get(id) ?? d('0'))), filled_qty: toPlain(order.filledQuantity),
      filled_avg_price: order.filledQuantity.isZero() ? null : toPlain(order.filledNotional.dividedBy(order.filledQuantity)),
      order_class: 'simple', order_type: typeOf(order), type: typeOf(order), side: order.side, time_in_force: terms?.timeInForce ?? 'day',
      limit_price: order.limit === null ? null : toPlain(order.limit), stop_price: order.stopPrice === null ? null : toPlain(order.stopPrice),
      status: replacedBy === null ? live : 'replaced', extended_hours: terms?.extendedHours ?? false, legs: null, trail_percent: null, trail_price: null, hwm: null,
    };
  }

  #heldBody({ order, id, at }: Held): OrderBody {
    const body = this.#body({
      ...order, exchangeOrderId: `P${Number(id.slice(-12))}`, status: 'OPEN', refusal: null, filledQuantity: d('0'), filledNotional: d('0'), fills: [], openSequence: 0,
      closeSequence: null, place: 0, triggeredAt: null, at,
    });
    return { ...body, status: 'accepted' };
  }

  #byId(id: string): VenueOrder | null {
    return this.venue.byExchangeId(`P${Number(id.slice(-12))}`);
  }

  #activities({ activity_types: types = '', direction = 'desc', page_size: size = '100', page_token: token, after, until }: WireRequest['fields']): WireReply {
    if (Number(size) > FILLS_A_PAGE) return unprocessable('page_size must be <= 100');
    const wanted = types.split(',').includes('FILL') ? this.venue.fills().map((fill) => this.#fillBody(fill)) : [];
    const inTime = wanted.filter(({ transaction_time }) => {
      const at = Date.parse(transaction_time);
      return (after === undefined || at > Date.parse(after)) && (until === undefined || at < Date.parse(until));
    });
    const ordered = inTime.toSorted((a, b) => (a.id < b.id ? -1 : 1) * (direction === 'asc' ? 1 : -1));
    const from = token === undefined ? 0 : ordered.findIndex(({ id }) => id === token) + 1;
    return { status: 200, body: ordered.slice(from, from + Number(size)) };
  }

  #fillBody(fill: VenueFill) {
    const order = this.venue.engine.allOrders().find(({ fills }) => fills.some(({ tradeId }) => tradeId === fill.tradeId));
    return {
      activity_type: 'FILL', id: `${stamp(fill.at)}::${uuid(fill.sequence)}`, transaction_time: instant(fill.at), type: 'fill', price: toPlain(fill.price),
      qty: toPlain(fill.quantity), side: fill.side, symbol: fill.symbol, leaves_qty: '0', cum_qty: toPlain(fill.quantity),
      order_id: uuid(numberOf(order?.exchangeOrderId ?? 'P0')), order_status: 'filled',
    };
  }

  #heldOf(symbol: string): Decimal {
    return this.venue.engine.holdings().find((holding) => holding.symbol === symbol)?.quantity ?? d('0');
  }

  #positions() {
    return this.venue.engine.holdings().map(({ symbol, quantity, averagePrice }) => ({
      asset_id: uuid(1), symbol, exchange: 'NASDAQ', asset_class: 'us_equity', avg_entry_price: toPlain(averagePrice), qty: toPlain(quantity),
      qty_available: toPlain(quantity), side: quantity.isNegative() ? 'short' : 'long', market_value: '0', cost_basis: '0', unrealized_pl: '0',
      current_price: this.venue.lastPrice(symbol), change_today: '0',
    }));
  }

  #account() {
    const equity = toPlain(this.venue.engine.equity());
    return { id: uuid(2), account_number: '010203ABCD', status: 'ACTIVE', currency: 'USD', equity, last_equity: equity, cash: toPlain(this.venue.engine.cash()), buying_power: toPlain(d(equity).times(4)), multiplier: '4', trading_blocked: false, shorting_enabled: true };
  }

  /** Prices are numbers there, with every digit. */
  #latestTrades({ symbols = '', feed = 'sip' }: WireRequest['fields']): WireReply {
    if (feed !== 'iex') return { status: 403, body: { message: 'subscription does not permit querying recent SIP data' } };
    const wanted = symbols.split(',');
    const trades = [...this.venue.engine.quotes()].filter(([symbol]) => wanted.includes(symbol)).map(([symbol, { price, at }]) =>
      `${JSON.stringify(symbol)}:{"t":"${instant(at)}","x":"V","p":${toPlain(price)},"s":100,"c":["@"],"i":52983525029461234567,"z":"C"}`);
    return { status: 200, body: `{"trades":{${trades.join(',')}}}` };
  }
}

const typeOf = ({ limit, stopPrice }: VenueOrder): string => (stopPrice !== null ? 'stop' : limit === null ? 'market' : 'limit');

interface OrderBody {
  readonly id: string;
  readonly client_order_id: string;
  readonly status: string;
}

const answerFor = (order: OrderBody | null, wanted: string): WireReply =>
  order === null ? notFound(`order not found for ${wanted}`) : { status: 200, body: order };

const assetBody = ({ symbol, fractionable = true, tradable = true }: ServedStock): unknown => ({
  id: uuid(1), class: 'us_equity', exchange: 'NASDAQ', symbol, name: `${symbol} Inc. Common Stock`, status: 'active', tradable, marginable: true, shortable: true,
  easy_to_borrow: true, fractionable, maintenance_margin_requirement: 30, attributes: [],
});

/** Three days around Thanksgiving of 2025, the last of them short. */
const DAYS = [
  { date: '2025-11-26', open: '09:30', close: '16:00', session_open: '0400', session_close: '2000', settlement_date: '2025-11-28' },
  { date: '2025-11-28', open: '09:30', close: '13:00', session_open: '0400', session_close: '2000', settlement_date: '2025-12-01' },
  { date: '2025-12-01', open: '09:30', close: '16:00', session_open: '0400', session_close: '2000', settlement_date: '2025-12-02' },
];

const calendarBody = ({ start = '', end = '' }: WireRequest['fields']): unknown =>
  DAYS.filter(({ date }) => date >= start.slice(0, 10) && date <= end.slice(0, 10));
