// What the paper venue refuses, in the order in which it looks.
import { type Decimal, ZERO, max, sum } from '../../domain/decimal.ts';
import { isLive } from '../../domain/order-lifecycle.ts';
import type { MarketRules } from '../../domain/constraints.ts';
import { isThrough } from '../../domain/side.ts';
import { type VenueBook, equityOf, findByClientId, isWaiting, lastPriceOf, liveOrders, liveOrdersOf, remainingOf } from './venue-book.ts';
import type { NewOrder, RefusalCode, VenueOrder } from './venue-model.ts';

interface Asked {
  readonly book: VenueBook;
  readonly order: NewOrder;
  readonly rules: MarketRules;
  /** The limit, the stop price of a stop, or the last price of a market order. */
  readonly price: Decimal;
  /** Units asked for that are not filled yet; an amended order may be in part. */
  readonly remaining: Decimal;
}

const CHECKS: readonly (readonly [code: RefusalCode, fails: (asked: Asked) => boolean])[] = [
  ['NO_ICEBERGS', ({ book, order }) => order.shown !== null && !book.config.icebergs],
  ['TICK_SIZE', ({ order, rules }) => pricesOf(order).some((price) => isOffStep(price, rules.tickSize))],
  ['LOT_SIZE', ({ order, rules }) => [order.quantity, order.shown ?? ZERO].some((units) => isOffStep(units, rules.lotSize))],
  ['MIN_QUANTITY', ({ order, rules }) => !order.quantity.greaterThan(ZERO) || order.quantity.lessThan(rules.minQuantity)],
  ['PRICE_BAND', ({ order, rules }) => pricesOf(order).some((price) => isOutOfBand(price, rules.priceBand))],
  ['MIN_NOTIONAL', ({ order, rules, price }) => !closesAtMarket(order) && order.quantity.times(price).lessThan(rules.minNotional)],
  ['REDUCE_ONLY', ({ book, order, remaining }) => order.reduceOnly && remaining.greaterThan(reducibleFor(book, order))],
  ['WOULD_TRIGGER', ({ book, order }) => book.config.immediateStops === 'REFUSE' && isReachedAlready(book, order)],
  ['WOULD_CROSS', ({ book, order }) => order.timeInForce === 'POST_ONLY' && wouldTrade(book, order)],
  ['INSUFFICIENT_FUNDS', (asked) => !asked.order.reduceOnly && exceedsBuyingPower(asked)],
];

/** Finds the first reason to refuse an order as it is asked for; null takes it. `filled` units count no more. */
export function refusalOf(book: VenueBook, order: NewOrder, filled: Decimal = ZERO): RefusalCode | null {
  const market = book.markets.get(order.symbol);
  if (market === undefined) return 'UNKNOWN_SYMBOL';
  const price = referencePriceOf(book, order);
  if (price === null) return 'NO_PRICE';
  const asked: Asked = { book, order, rules: market.rules, price, remaining: order.quantity.minus(filled) };
  return CHECKS.find(([, fails]) => fails(asked))?.[0] ?? null;
}

/** Tells whether a client order id is taken: by any order, or by a live one only, as the venue is configured. */
export function isIdTaken(book: VenueBook, clientOrderId: string): boolean {
  const known = findByClientId(book, clientOrderId);
  return known !== null && (book.config.uniqueClientOrderIds === 'ALWAYS' || isLive(known.status));
}

/** What an amendment asks for: another limit, or another stop price of an order that waits for it. */
export type Amended = Pick<NewOrder, 'quantity' | 'limit' | 'stopPrice'>;

/** Finds why an order cannot be amended so; null where it can, as far as its own state goes. */
export function amendRefusalOf(book: VenueBook, order: VenueOrder | null, amended: Amended): RefusalCode | null {
  if (order === null) return 'ORDER_UNKNOWN';
  if (!isLive(order.status)) return 'ORDER_CLOSED';
  if (!isAmendable(book, order, amended)) return 'NOT_AMENDABLE';
  return amended.quantity.greaterThan(order.filledQuantity) ? null : 'QUANTITY_ALREADY_FILLED';
}

/** Tells whether a price is at the stop price of an order or beyond it: a buy from below, a sale from above. */
export function isStopReached({ side, stopPrice }: Pick<NewOrder, 'side' | 'stopPrice'>, price: Decimal): boolean {
  return stopPrice !== null && isThrough(side === 'buy' ? 'sell' : 'buy', stopPrice, price);
}

/** Units of the position that an order of this side can still take off it. */
export function heldAgainst(book: VenueBook, order: Pick<NewOrder, 'symbol' | 'side'>): Decimal {
  const held = book.ledger.quantityOf(order.symbol);
  const reducible = order.side === 'sell' ? held : held.negated();
  return reducible.greaterThan(ZERO) ? reducible : ZERO;
}

function isAmendable(book: VenueBook, order: VenueOrder, { limit, stopPrice }: Amended): boolean {
  if (order.stopPrice !== null) return book.config.amendsStops && isWaiting(order) && limit === null && stopPrice !== null;
  return order.limit !== null && limit !== null && stopPrice === null;
}

function pricesOf({ limit, stopPrice }: NewOrder): readonly Decimal[] {
  return [limit, stopPrice].filter((price) => price !== null);
}

/** The price at which an order is counted; null for a market order of a symbol without a price. */
function referencePriceOf(book: VenueBook, { symbol, limit, stopPrice }: NewOrder): Decimal | null {
  return limit ?? stopPrice ?? lastPriceOf(book, symbol);
}

// As on Binance USD-M: whatever is held can be closed, however little it is worth.
function closesAtMarket({ reduceOnly, limit, stopPrice }: NewOrder): boolean {
  return reduceOnly && limit === null && stopPrice === null;
}

function isReachedAlready(book: VenueBook, order: NewOrder): boolean {
  const price = lastPriceOf(book, order.symbol);
  return price !== null && isStopReached(order, price);
}

/** A price that fills no sale is still one at which a sale would trade. */
function wouldTrade(book: VenueBook, { side, limit, symbol }: NewOrder): boolean {
  const price = lastPriceOf(book, symbol);
  return price !== null && limit !== null && isThrough(side, limit, price);
}

function reducibleFor(book: VenueBook, order: NewOrder): Decimal {
  if (book.config.reduceOnlyOverlap) return heldAgainst(book, order);
  const rivals = liveOrdersOf(book, order.symbol).filter(
    (other) => other.reduceOnly && other.side === order.side && other.clientOrderId !== order.clientOrderId,
  );
  return heldAgainst(book, order).minus(sum(rivals.map(remainingOf)));
}

interface Exposed {
  readonly symbol: string;
  readonly side: NewOrder['side'];
  readonly notional: Decimal;
}

/** An order that opens nothing more is never short of funds, however far the position has gone against the account. */
function exceedsBuyingPower({ book, order, price, remaining }: Asked): boolean {
  const entries = liveOrders(book).filter((other) => !other.reduceOnly && other.clientOrderId !== order.clientOrderId);
  const resting = entries.map((other): Exposed => {
    const { symbol, side } = other;
    return { symbol, side, notional: remainingOf(other).times(referencePriceOf(book, other) ?? ZERO) };
  });
  const { symbol, side } = order;
  const used = exposureOf(book, [...resting, { symbol, side, notional: remaining.times(price) }]);
  return used.greaterThan(equityOf(book).times(book.config.buyingPowerMultiple)) && used.greaterThan(exposureOf(book, resting));
}

/** As venues count in one-way mode: a symbol is worth the larger of what its buys and what its sells would leave open. */
function exposureOf(book: VenueBook, orders: readonly Exposed[]): Decimal {
  const held = new Map(book.ledger.holdings().map(({ symbol, quantity, averagePrice }) =>
    [symbol, quantity.times(lastPriceOf(book, symbol) ?? averagePrice)] as const));
  const symbols = new Set([...held.keys(), ...orders.map(({ symbol }) => symbol)]);
  return sum([...symbols].map((symbol) => {
    const position = held.get(symbol) ?? ZERO;
    const of = (side: NewOrder['side']): Decimal => sum(orders.filter((each) => each.symbol === symbol && each.side === side).map(({ notional }) => notional));
    return max(position.plus(of('buy')), of('sell').minus(position));
  }));
}

function isOffStep(value: Decimal, step: Decimal): boolean {
  return !step.isZero() && !value.modulo(step).isZero();
}

function isOutOfBand(limit: Decimal, band: MarketRules['priceBand']): boolean {
  const { low, high } = band ?? { low: null, high: null };
  return !limit.greaterThan(ZERO) || (low !== null && limit.lessThan(low)) || (high !== null && limit.greaterThan(high));
}
