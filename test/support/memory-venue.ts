// A venue that does as it is told: every call's fate can be scripted, every report's form chosen, and it never forgets.
import type { TimeInForce } from '../../shared/domain/action.ts';
import { Decimal, ZERO, max, min, sum } from '../../shared/domain/decimal.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import type { OrderStatus } from '../../shared/domain/order-lifecycle.ts';
import type { Fee, OrderReport, Trade } from '../../shared/domain/order-report.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import type { Side } from '../../shared/domain/side.ts';
import { VenueReadError } from '../../shared/errors.ts';
import type {
  AccountTrade, AmendOrder, Clock, Exchange, Market, OrderRef, PlaceOrder, TradePage, VenuePosition, VenueTraits,
} from '../../shared/ports.ts';

/** What becomes of one call: LATE takes effect after so many milliseconds, and its answer is lost. */
export type Fate =
  | { readonly kind: 'OK' }
  | { readonly kind: 'REFUSED'; readonly code: string }
  | { readonly kind: 'NOT_SENT' }
  | { readonly kind: 'LOST_BEFORE' }
  | { readonly kind: 'LOST_AFTER' }
  | { readonly kind: 'LATE'; readonly afterMs: number };

/** How much a report says: FULL has the cumulative quantity and every trade, BARE has neither. */
export type Form = 'FULL' | 'LAST_TRADE' | 'CUMULATIVE' | 'TRADES' | 'BARE';

export interface VenueOrder {
  readonly clientOrderId: string;
  readonly exchangeOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  /** As it was asked for; orders that nobody placed through us have none. */
  readonly timeInForce?: TimeInForce;
  readonly shown?: Decimal | null;
  quantity: Decimal;
  limit: Decimal | null;
  stopPrice: Decimal | null;
  /** Whether its stop price was reached; until then nothing of it fills. */
  triggered: boolean;
  status: OrderStatus;
  readonly trades: Trade[];
  at: number;
}

export interface Webhook {
  readonly id: string;
  readonly report: OrderReport;
}

export interface VenueHooks {
  readonly clock: Clock;
  readonly traits: VenueTraits;
  readonly pause?: (operation: string) => Promise<void>;
  readonly fate?: (call: CallKind, id: string) => Fate;
  readonly form?: (order: VenueOrder) => Form;
  /** Sees every order that was taken or ended. */
  readonly onChange?: (order: VenueOrder) => void;
}

export type CallKind = 'place' | 'cancel' | 'amend';

export interface Call {
  readonly kind: CallKind;
  readonly clientOrderId: string;
}

const OK: Fate = { kind: 'OK' };

export const filledOf = (order: VenueOrder): Decimal => sum(order.trades.map((trade) => trade.quantity));

/** Tells whether an order still waits for its stop price. */
export const isWaiting = ({ stopPrice, triggered }: Pick<VenueOrder, 'stopPrice' | 'triggered'>): boolean => stopPrice !== null && !triggered;

/** A stock has no base that a fee could be taken in. */
const baseOf = (symbol: string): string | null => (symbol.includes('/') ? (symbol.split('/')[0] ?? null) : null);

const feesOf = (order: VenueOrder): Decimal => {
  const base = baseOf(order.symbol);
  return sum(order.trades.map(({ fee }) => (fee !== null && fee.asset === base ? fee.amount : ZERO)));
};

const averageOf = (order: VenueOrder): Decimal | null => {
  const filled = filledOf(order);
  return filled.isZero() ? null : sum(order.trades.map((trade) => trade.price.times(trade.quantity))).dividedBy(filled).toDecimalPlaces(12);
};

const isStopReached = ({ side, stopPrice }: Pick<VenueOrder, 'side' | 'stopPrice'>, price: Decimal): boolean =>
  stopPrice !== null && (side === 'buy' ? price.greaterThanOrEqualTo(stopPrice) : price.lessThanOrEqualTo(stopPrice));

const isMarketable = ({ side, limit }: VenueOrder, price: Decimal): boolean =>
  limit === null || (side === 'buy' ? price.lessThanOrEqualTo(limit) : price.greaterThanOrEqualTo(limit));

/** At its limit; a triggered stop at the price and never better than its stop price. */
const fillPriceOf = ({ side, limit, stopPrice }: VenueOrder, price: Decimal): Decimal => {
  if (limit !== null) return limit;
  if (stopPrice === null) return price;
  return side === 'buy' ? max(stopPrice, price) : min(stopPrice, price);
};

export class MemoryVenue implements Exchange {
  readonly batches = null;
  readonly traits: VenueTraits;
  readonly calls: Call[] = [];
  /** Ids of placements that left for the venue, whatever became of them there. */
  readonly departed: string[] = [];
  readonly orders = new Map<string, VenueOrder>();
  readonly listed = new Map<string, Market>();
  readonly prices = new Map<string, Decimal>();
  /** Reports on their way, oldest first. */
  readonly outbox: Webhook[] = [];
  equityNow = new Decimal(10_000);
  /** Reads that fail from now on. */
  failingReads = 0;
  /** Reads that fail whenever they are asked, by name: `positions`, `openOrders` and so on. */
  readonly failing = new Set<string>();
  /** Whether each reduce-only order alone is held against the position; by itself only where stops are placed first. */
  reduceOnlyOverlap: boolean;
  /** Whether a reduce-only order is held to what is there; without that nothing but ourselves keeps a sale from going too far. */
  keepsReduceOnly = true;
  /** What becomes of a stop whose price is already reached. */
  immediateStops: 'REFUSE' | 'TRIGGER' = 'REFUSE';
  /** What of each buy is taken as a fee in the base asset. */
  baseFeeRate: Decimal = ZERO;
  /** What every trade says of who made its price. */
  liquidity: Trade['liquidity'] = null;
  /** What the next trades cost, one after another; further ones cost what `baseFeeRate` says. */
  readonly nextFees: (Fee | null)[] = [];
  /** Trades on one page. */
  pageSize = 100;
  readonly #trades: AccountTrade[] = [];
  readonly #hooks: VenueHooks;
  readonly #script = new Map<CallKind, Fate[]>();
  readonly #late: { readonly at: number; readonly run: () => void }[] = [];
  #sequence = 0;
  /** Which part of its quantity a marketable order gets at once. */
  fillShare = new Decimal(1);
  form: Form = 'FULL';
  answerForm: Form = 'FULL';

  constructor(hooks: VenueHooks) {
    this.#hooks = hooks;
    this.traits = hooks.traits;
    this.reduceOnlyOverlap = hooks.traits.stopMoves === 'PLACE_FIRST';
  }

  /** Says what becomes of the next calls of a kind, in order. */
  next(kind: CallKind, ...fates: readonly Fate[]): void {
    this.#script.set(kind, [...(this.#script.get(kind) ?? []), ...fates]);
  }

  callsOf(kind: CallKind): readonly string[] {
    return this.calls.filter((call) => call.kind === kind).map((call) => call.clientOrderId);
  }

  async place({ clientOrderId, symbol, intent }: PlaceOrder): Promise<Outcome> {
    return this.#call('place', clientOrderId, () => {
      if (this.orders.has(clientOrderId)) return { kind: 'UNKNOWN', reason: 'duplicate id' };
      const order: VenueOrder = {
        clientOrderId,
        exchangeOrderId: `V${(this.#sequence += 1)}`,
        symbol,
        side: intent.side,
        reduceOnly: intent.reduceOnly,
        timeInForce: intent.timeInForce,
        shown: intent.shown,
        quantity: intent.quantity,
        limit: intent.limit,
        stopPrice: intent.stopPrice,
        triggered: false,
        status: 'OPEN',
        trades: [],
        at: this.#hooks.clock.now(),
      };
      const code = this.#refusalOf(order);
      if (code !== null) return { kind: 'REFUSED', code };
      this.orders.set(clientOrderId, order);
      this.#changed(order);
      this.#match(order);
      if (intent.timeInForce === 'IOC' && isLive(order.status) && !isWaiting(order)) this.#end(order, 'EXPIRED');
      return { kind: 'ACCEPTED', report: this.report(order, this.answerForm) };
    });
  }

  async cancel({ clientOrderId }: OrderRef): Promise<Outcome> {
    return this.#call('cancel', clientOrderId, () => {
      const order = this.orders.get(clientOrderId);
      if (order === undefined || !isLive(order.status)) return { kind: 'REFUSED', code: 'ORDER_CLOSED' };
      this.#end(order, 'CANCELLED');
      return { kind: 'ACCEPTED', report: this.report(order, this.answerForm) };
    });
  }

  async amend({ clientOrderId, intent }: AmendOrder): Promise<Outcome> {
    return this.#call('amend', clientOrderId, () => {
      const order = this.orders.get(clientOrderId);
      if (order === undefined || !isLive(order.status)) return { kind: 'REFUSED', code: 'ORDER_CLOSED' };
      if (intent.quantity.lessThanOrEqualTo(filledOf(order))) return { kind: 'REFUSED', code: 'QUANTITY_ALREADY_FILLED' };
      if ((order.stopPrice === null) !== (intent.stopPrice === null) || order.triggered) return { kind: 'REFUSED', code: 'NOT_AMENDABLE' };
      const code = this.#refusalOf({ ...order, quantity: intent.quantity, limit: intent.limit, stopPrice: intent.stopPrice });
      if (code !== null) return { kind: 'REFUSED', code };
      order.quantity = intent.quantity;
      order.limit = intent.limit;
      order.stopPrice = intent.stopPrice;
      this.#touch(order);
      this.#match(order);
      return { kind: 'ACCEPTED', report: this.report(order, this.answerForm) };
    });
  }

  async findOrder({ clientOrderId }: OrderRef): Promise<OrderReport | null> {
    await this.#read('findOrder');
    const order = this.orders.get(clientOrderId);
    return order === undefined ? null : this.report(order, 'FULL');
  }

  async openOrders(): Promise<readonly OrderReport[]> {
    await this.#read('openOrders');
    return this.live().filter((order) => !isWaiting(order)).map((order) => this.report(order, 'FULL'));
  }

  async conditionalOrders(): Promise<readonly OrderReport[]> {
    await this.#read('conditionalOrders');
    return this.live().filter(isWaiting).map((order) => this.report(order, 'FULL'));
  }

  async recentTrades(cursor: string | null): Promise<TradePage> {
    await this.#read('recentTrades');
    const from = Number(cursor ?? '0');
    const trades = this.#trades.slice(from, from + this.pageSize);
    const end = from + trades.length;
    return { trades, cursor: end === 0 ? cursor : String(end), more: end < this.#trades.length };
  }

  async positions(): Promise<readonly VenuePosition[]> {
    await this.#read('positions');
    const symbols = new Set([...this.orders.values()].map((order) => order.symbol));
    return [...symbols].map((symbol) => ({ symbol, quantity: this.held(symbol), averagePrice: null }));
  }

  async findPosition(symbol: string): Promise<VenuePosition | null> {
    await this.#read('findPosition');
    return (await this.positions()).find((position) => position.symbol === symbol) ?? null;
  }

  async markets(): Promise<readonly Market[]> {
    await this.#read('markets');
    return [...this.listed.values()];
  }

  async quotes(symbols: readonly string[]): Promise<Readonly<Record<string, Quote>>> {
    await this.#read('quotes');
    const at = this.#hooks.clock.now();
    return Object.fromEntries(symbols.flatMap((symbol) => {
      const price = this.prices.get(symbol);
      return price === undefined ? [] : [[symbol, { price, at }]];
    }));
  }

  async equity() {
    await this.#read('equity');
    return { equity: this.equityNow, at: this.#hooks.clock.now() };
  }

  live(): readonly VenueOrder[] {
    return [...this.orders.values()].filter((order) => isLive(order.status));
  }

  held(symbol: string): Decimal {
    const own = [...this.orders.values()].filter((order) => order.symbol === symbol);
    return sum(own.map((order) => (order.side === 'buy' ? filledOf(order).minus(feesOf(order)) : filledOf(order).negated())));
  }

  order(clientOrderId: string): VenueOrder {
    const order = this.orders.get(clientOrderId);
    if (order === undefined) throw new Error(`the venue has no order ${clientOrderId}`);
    return order;
  }

  /** Moves a price; orders that it reaches fill by the share set. */
  setPrice(symbol: string, price: Decimal): void {
    this.prices.set(symbol, price);
    for (const order of this.live()) if (order.symbol === symbol) this.#match(order);
  }

  /** Fills a part of an order, whatever the price. */
  fill(clientOrderId: string, quantity: string | Decimal, price?: string | Decimal): void {
    const order = this.order(clientOrderId);
    this.#trade(order, new Decimal(quantity), new Decimal(price ?? order.limit ?? this.prices.get(order.symbol) ?? 1));
  }

  /** Ends an order as the venue does by itself. */
  end(clientOrderId: string, status: 'CANCELLED' | 'EXPIRED' | 'REJECTED'): void {
    this.#end(this.order(clientOrderId), status);
  }

  /** Loses an order: it is there no more, and never ended. */
  lose(clientOrderId: string): void {
    this.orders.delete(clientOrderId);
  }

  /** A trade of somebody else on the same account. */
  trade({ symbol, side, quantity, price }: Pick<VenueOrder, 'symbol' | 'side' | 'quantity'> & { readonly price: Decimal }): void {
    const id = `hand-${(this.#sequence += 1)}`;
    const at = this.#hooks.clock.now();
    const trades: Trade[] = [{ tradeId: `T-${id}`, price, quantity, fee: null, liquidity: null, at }];
    const terms = { symbol, side, quantity, reduceOnly: false, limit: null, stopPrice: null, triggered: false };
    this.orders.set(id, { ...terms, clientOrderId: id, exchangeOrderId: id, status: 'FILLED', trades, at });
  }

  /** Lets calls that were late take effect, as far as time has come. */
  runLate(): void {
    const now = this.#hooks.clock.now();
    const due = this.#late.filter((late) => late.at <= now);
    for (const late of due) {
      this.#late.splice(this.#late.indexOf(late), 1);
      late.run();
    }
  }

  /** A report of an order as it stands. */
  report(order: VenueOrder, form: Form = 'FULL'): OrderReport {
    const isFull = form === 'FULL' || form === 'LAST_TRADE' || form === 'CUMULATIVE';
    const trades = form === 'CUMULATIVE' || form === 'BARE' ? [] : form === 'LAST_TRADE' ? order.trades.slice(-1) : order.trades;
    return {
      clientOrderId: order.clientOrderId,
      exchangeOrderId: order.exchangeOrderId,
      symbol: order.symbol,
      status: order.status,
      filledQuantity: isFull ? filledOf(order) : null,
      averagePrice: isFull ? averageOf(order) : null,
      quantity: form === 'BARE' ? null : order.quantity,
      limit: form === 'BARE' ? null : order.limit,
      stopPrice: form === 'BARE' ? null : order.stopPrice,
      refusal: null,
      trades: trades.map((trade) => ({ ...trade })),
      at: order.at,
    };
  }

  async #call(kind: CallKind, clientOrderId: string, effect: () => Outcome): Promise<Outcome> {
    this.calls.push({ kind, clientOrderId });
    await this.#hooks.pause?.(kind);
    const scripted = this.#script.get(kind)?.shift();
    const fate = scripted ?? this.#hooks.fate?.(kind, clientOrderId) ?? OK;
    if (kind === 'place' && fate.kind !== 'NOT_SENT') this.departed.push(clientOrderId);
    const outcome = this.#befall(fate, effect);
    await this.#hooks.pause?.('answered');
    return outcome;
  }

  #befall(fate: Fate, effect: () => Outcome): Outcome {
    switch (fate.kind) {
      case 'OK':
        return effect();
      case 'REFUSED':
        return { kind: 'REFUSED', code: fate.code };
      case 'NOT_SENT':
        return { kind: 'NOT_SENT', reason: 'connection refused', pause: null };
      case 'LOST_BEFORE':
        return { kind: 'UNKNOWN', reason: 'time-out' };
      case 'LOST_AFTER':
        effect();
        return { kind: 'UNKNOWN', reason: 'time-out' };
      case 'LATE':
        this.#late.push({ at: this.#hooks.clock.now() + fate.afterMs, run: () => void effect() });
        return { kind: 'UNKNOWN', reason: 'time-out' };
    }
  }

  async #read(what: string): Promise<void> {
    await this.#hooks.pause?.(what);
    if (this.failing.has(what)) throw new VenueReadError(`${what}: no answer`);
    if (this.failingReads <= 0) return;
    this.failingReads -= 1;
    throw new VenueReadError(`${what}: no answer`);
  }

  #refusalOf(order: VenueOrder): string | null {
    const rest = order.quantity.minus(filledOf(order));
    const rivals = this.live().filter((other) => other.reduceOnly && other.side === order.side && other.symbol === order.symbol && other.clientOrderId !== order.clientOrderId);
    const taken = this.reduceOnlyOverlap ? ZERO : sum(rivals.map((other) => other.quantity.minus(filledOf(other))));
    if (order.reduceOnly && this.keepsReduceOnly && rest.greaterThan(this.#heldAgainst(order).minus(taken))) return 'REDUCE_ONLY';
    const price = this.prices.get(order.symbol);
    if (order.timeInForce === 'POST_ONLY' && price !== undefined && isMarketable(order, price)) return 'WOULD_CROSS_SPREAD';
    const isReached = price !== undefined && isStopReached(order, price);
    return isReached && this.immediateStops === 'REFUSE' ? 'WOULD_TRIGGER' : null;
  }

  /** Units of the position that an order of this side can still take off it. */
  #heldAgainst({ symbol, side }: Pick<VenueOrder, 'symbol' | 'side'>): Decimal {
    const held = this.held(symbol);
    return max(ZERO, side === 'sell' ? held : held.negated());
  }

  #match(order: VenueOrder): void {
    const price = this.prices.get(order.symbol);
    if (price === undefined || !isLive(order.status)) return;
    if (isWaiting(order)) order.triggered = isStopReached(order, price);
    if (isWaiting(order) || !isMarketable(order, price)) return;
    const rest = order.quantity.minus(filledOf(order));
    const most = order.reduceOnly && this.keepsReduceOnly ? min(rest, this.#heldAgainst(order)) : rest;
    if (most.isZero()) return this.#end(order, 'EXPIRED');
    const part = min(most, rest.times(this.fillShare).toDecimalPlaces(8));
    if (part.greaterThan(ZERO)) this.#trade(order, part, fillPriceOf(order, price));
  }

  #trade(order: VenueOrder, quantity: Decimal, price: Decimal): void {
    const at = this.#hooks.clock.now();
    const base = baseOf(order.symbol);
    const amount = order.side === 'buy' ? quantity.times(this.baseFeeRate).toDecimalPlaces(8) : ZERO;
    const usual = base === null || amount.isZero() ? null : { asset: base, amount };
    const told = this.nextFees.shift();
    const trade: Trade = {
      tradeId: `T${(this.#sequence += 1)}`,
      price,
      quantity,
      fee: told === undefined ? usual : told,
      liquidity: this.liquidity,
      at,
    };
    order.trades.push(trade);
    this.#trades.push({ ...trade, clientOrderId: order.clientOrderId, symbol: order.symbol, side: order.side });
    const isWhole = filledOf(order).greaterThanOrEqualTo(order.quantity);
    if (isLive(order.status)) order.status = isWhole ? 'FILLED' : 'PARTIALLY_FILLED';
    this.#touch(order);
  }

  #end(order: VenueOrder, status: OrderStatus): void {
    order.status = status;
    this.#touch(order);
  }

  #touch(order: VenueOrder): void {
    order.at = this.#hooks.clock.now();
    this.#changed(order);
  }

  #changed(order: VenueOrder): void {
    this.#hooks.onChange?.(order);
    const form = this.#hooks.form?.(order) ?? this.form;
    this.outbox.push({ id: `W${(this.#sequence += 1)}`, report: this.report(order, form) });
  }
}
