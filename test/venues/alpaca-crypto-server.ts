// Alpaca's trading REST for crypto as its documentation has it (v2/assets, orders, orders:by_client_order_id, positions, account,
// account/activities/FILL; v1beta3/crypto/us/snapshots; key and secret in headers, nothing signed; errors: {"code", "message"}).
import type { RefusalCode, VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { averagePrice } from '../../shared/adapters/paper/venue-ledger.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { Market } from '../../shared/ports.ts';
import { API_KEY, SECRET, startLoopback } from './loopback-venue.ts';
import type { LoopbackVenue, RunningVenue, WireReply, WireRequest } from './loopback-venue.ts';

const REFUSALS: Readonly<Record<RefusalCode, readonly [status: number, code: number, message: string]>> = {
  UNKNOWN_SYMBOL: [422, 42210000, 'asset "XXXUSD" not found'],
  NO_PRICE: [403, 40310000, 'new orders are rejected by user request'],
  TICK_SIZE: [422, 42210000, 'invalid limit_price: price increment of the asset is 0.01'],
  LOT_SIZE: [422, 42210000, 'invalid qty: qty increment of the asset is 0.00001'],
  MIN_QUANTITY: [422, 42210000, 'minimal qty of the order is not reached'],
  MIN_NOTIONAL: [403, 40310000, 'cost basis must be >= minimal amount of order 10'],
  PRICE_BAND: [422, 42210000, 'invalid limit_price: price increment'],
  REDUCE_ONLY: [403, 40310000, 'insufficient balance for BTC (requested: 2.5, available: 0)'],
  INSUFFICIENT_FUNDS: [403, 40310000, 'insufficient balance for USD (requested: 1000, available: 10)'],
  WOULD_TRIGGER: [422, 42210000, 'stop price must be less than current price'],
  WOULD_CROSS: [422, 42210000, 'order would trade at once'],
  NO_ICEBERGS: [422, 42210000, 'no iceberg orders'],
  DUPLICATE_CLIENT_ORDER_ID: [422, 40010001, 'client_order_id must be unique'],
  ORDER_UNKNOWN: [404, 40410000, 'order is not found.'],
  ORDER_CLOSED: [422, 42210000, 'order is already in "filled" state'],
  NOT_AMENDABLE: [422, 42210000, 'order is not replaceable'],
  QUANTITY_ALREADY_FILLED: [422, 42210000, 'order is not replaceable'],
};

const error = ([status, code, message]: readonly [number, number, string]): WireReply => ({ status, body: { code, message } });
const uuid = (order: VenueOrder): string => `00000000-0000-4000-8000-${order.exchangeOrderId.slice(1).padStart(12, '0')}`;
const iso = (at: number): string => new Date(at).toISOString();

const asset = ({ symbol, rules }: Market): unknown => ({
  id: symbol, class: 'crypto', exchange: 'CRYPTO', symbol, name: symbol, status: 'active', tradable: true, marginable: false, shortable: false, easy_to_borrow: false, fractionable: true,
  min_order_size: toPlain(rules.minQuantity), min_trade_increment: toPlain(rules.lotSize), price_increment: toPlain(rules.tickSize),
});

const STATUS: Readonly<Record<VenueOrder['status'], string>> = {
  PENDING: 'pending_new', SUBMITTED: 'pending_new', OPEN: 'new', PARTIALLY_FILLED: 'partially_filled', FILLED: 'filled', CANCELLED: 'canceled', REJECTED: 'rejected', EXPIRED: 'expired',
};

const orderBody = (order: VenueOrder): unknown => ({
  id: uuid(order), client_order_id: order.clientOrderId, created_at: iso(order.at), updated_at: iso(order.at), submitted_at: iso(order.at), filled_at: order.status === 'FILLED' ? iso(order.at) : null,
  expired_at: null, canceled_at: null, failed_at: null, replaced_at: null, replaced_by: null, replaces: null, asset_id: order.symbol, symbol: order.symbol, asset_class: 'crypto', notional: null,
  qty: toPlain(order.quantity), filled_qty: toPlain(order.filledQuantity), filled_avg_price: order.filledQuantity.isZero() ? null : averagePrice(order.filledNotional, order.filledQuantity).toFixed(8),
  order_class: '', order_type: order.stopPrice !== null ? 'stop_limit' : order.limit === null ? 'market' : 'limit', type: order.stopPrice !== null ? 'stop_limit' : order.limit === null ? 'market' : 'limit',
  side: order.side, time_in_force: order.timeInForce.toLowerCase(), limit_price: order.limit === null ? null : toPlain(order.limit), stop_price: order.stopPrice === null ? null : toPlain(order.stopPrice),
  status: STATUS[order.status], extended_hours: false, legs: null,
});

/** Speaks Alpaca's trading REST for crypto over a venue. */
export const startAlpacaCrypto = (venue: LoopbackVenue): Promise<RunningVenue> => {
  const fine = (body: unknown): WireReply => ({ status: 200, body });
  const orders = (): readonly VenueOrder[] => venue.orders().toReversed();
  const byId = (id: string | undefined): VenueOrder | null => orders().find((order) => uuid(order) === id) ?? null;
  const found = (order: VenueOrder | null): WireReply => (order === null ? error(REFUSALS.ORDER_UNKNOWN) : fine(orderBody(order)));
  const decimal = (text: string | undefined): Decimal | null => (text === undefined ? null : new Decimal(text));
  const place = ({ fields }: WireRequest): WireReply => {
    const { type } = fields;
    if (type === 'stop') return error([422, 40010001, 'invalid order type for crypto order']);
    if (fields['time_in_force'] !== 'gtc' && fields['time_in_force'] !== 'ioc') return error([422, 42210000, 'invalid crypto time_in_force']);
    const applied = venue.place({
      clientOrderId: fields['client_order_id'] ?? '', symbol: fields['symbol'] ?? '', side: fields['side'] === 'sell' ? 'sell' : 'buy', quantity: new Decimal(fields['qty'] ?? '0'),
      limit: type === 'limit' ? decimal(fields['limit_price']) : null, stopPrice: type === 'stop_limit' ? decimal(fields['stop_price']) : null,
      timeInForce: type === 'market' || fields['time_in_force'] === 'ioc' ? 'IOC' : 'GTC',
    });
    return applied.refusal !== null || applied.order === null ? error(REFUSALS[applied.refusal ?? 'NO_PRICE']) : fine(orderBody(applied.order));
  };
  const cancel = ({ found: [id] }: WireRequest): WireReply => {
    const order = byId(id);
    if (order === null) return error(REFUSALS.ORDER_UNKNOWN);
    if (!isLive(order.status)) return error(REFUSALS.ORDER_CLOSED);
    venue.cancel(order.clientOrderId);
    return { status: 204, body: '' };
  };
  const list = ({ fields }: WireRequest): WireReply => {
    const until = Date.parse(fields['until'] ?? '2999-01-01T00:00:00Z');
    return fine(orders().filter((order) => (fields['status'] !== 'open' || isLive(order.status)) && order.at < until).slice(0, Number(fields['limit'] ?? '50')).map(orderBody));
  };
  const fills = ({ fields }: WireRequest): WireReply => {
    const after = Date.parse(fields['after'] ?? '1970-01-01T00:00:00Z');
    const until = Date.parse(fields['until'] ?? '2999-01-01T00:00:00Z');
    const sign = fields['direction'] === 'asc' ? 1 : -1;
    const all = orders().flatMap((order) => order.fills.map((fill) => ({ fill, order })))
      .filter(({ fill }) => fill.at > after && fill.at < until).toSorted((a, b) => sign * (a.fill.sequence - b.fill.sequence)).slice(0, Number(fields['page_size'] ?? '100'));
    return fine(all.map(({ fill, order }) => ({
      id: `${iso(fill.at).replaceAll(/\D/g, '')}::${fill.tradeId}`, activity_type: 'FILL', transaction_time: iso(fill.at), type: 'fill', price: toPlain(fill.price), qty: toPlain(fill.quantity), side: fill.side,
      symbol: fill.symbol, leaves_qty: '0', order_id: uuid(order), cum_qty: toPlain(fill.quantity), order_status: STATUS[order.status],
    })));
  };
  const positions = (symbol: string | null): readonly unknown[] => venue.engine.holdings().filter((held) => symbol === null || held.symbol.replace('/', '') === symbol).map((held) => ({
    asset_id: held.symbol, symbol: held.symbol.replace('/', ''), exchange: 'CRYPTO', asset_class: 'crypto', avg_entry_price: toPlain(held.averagePrice), qty: toPlain(held.quantity), qty_available: toPlain(held.quantity),
    side: 'long', market_value: '0', cost_basis: '0', current_price: venue.lastPrice(held.symbol),
  }));
  const snapshots = (): WireReply => fine({
    snapshots: Object.fromEntries([...venue.engine.quotes()].map(([symbol, { price, at }]) => {
      const p = Number(toPlain(price));
      const bar = { c: p, h: p, l: p, n: 1, o: p, t: iso(at), v: 1, vw: p };
      return [symbol, { dailyBar: bar, prevDailyBar: bar, minuteBar: bar, latestQuote: { ap: p, as: 1, bp: p, bs: 1, t: iso(at) }, latestTrade: { i: 1, p, s: 1, t: iso(at), tks: 'B' } }];
    })),
  });
  const route = (method: string, path: string, call: 'place' | 'cancel' | 'read' | 'public', answer: (request: WireRequest) => WireReply) => ({ method, path: new RegExp(`^${path}$`), call, answer });
  return startLoopback(venue, {
    admit: ({ headers }) => (headers['apca-api-key-id'] === API_KEY && headers['apca-api-secret-key'] === SECRET ? null : { status: 401, body: { message: 'unauthorized' } }),
    limited: (seconds) => ({ status: 429, body: { code: 42910000, message: 'rate limit exceeded' }, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(venue.now() / 1000) + seconds) } }),
    headers: () => ({ 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '199' }),
    routes: [
      route('GET', '/v1beta3/crypto/us/snapshots', 'public', snapshots),
      route('GET', '/v2/assets', 'read', () => fine(venue.markets.map(asset))),
      route('POST', '/v2/orders', 'place', place),
      route('GET', '/v2/orders', 'read', list),
      route('GET', '/v2/orders:by_client_order_id', 'read', ({ fields }) => {
        const order = venue.engine.find(fields['client_order_id'] ?? '');
        return found(order?.status === 'REJECTED' ? null : order);
      }),
      route('DELETE', '/v2/orders/([0-9a-f-]+)', 'cancel', cancel),
      route('GET', '/v2/orders/([0-9a-f-]+)', 'read', ({ found: [id] }) => found(byId(id))),
      route('GET', '/v2/account', 'read', () => fine({ currency: 'USD', cash: toPlain(venue.engine.cash()), equity: toPlain(venue.engine.equity()) })),
      route('GET', '/v2/account/activities/FILL', 'read', fills),
      route('GET', '/v2/positions', 'read', () => fine(positions(null))),
      route('GET', '/v2/positions/([A-Z]+)', 'read', ({ found: [symbol = ''] }) => {
        const [held] = positions(symbol);
        return held === undefined ? error([404, 40410000, 'position does not exist']) : fine(held);
      }),
    ],
  });
};
