// When and at what an order fills: at its limit and never better, a market order at the current price, and a triggered stop
// at the current price and never better than its stop price.
import { type Decimal, ZERO, max, min } from '../../domain/decimal.ts';
import type { Liquidity } from '../../domain/order-report.ts';
import { isThrough } from '../../domain/side.ts';
import { type LastPrice, type VenueBook, eventOf, isWaiting, keepOrder, nextSequence, remainingOf } from './venue-book.ts';
import type { FeeUnit, VenueEvent, VenueFill, VenueOrder } from './venue-model.ts';
import { heldAgainst, isStopReached } from './venue-rules.ts';

/**
 * Triggers and fills an order as far as the last price of its symbol lets it: a buy at or below its limit, a sale at or
 * above, no sale from a price that is not sellable, no more than the step's volume and, reduce-only, than the position
 * has. A reduce-only order whose position is gone rests until its turn comes, and then expires. A limit order that
 * `rested` until the price came made it, and fills by what it shows at a time; every other takes it.
 */
export function matchOrder(book: VenueBook, order: VenueOrder, rested: boolean): readonly VenueEvent[] {
  const last = book.prices.get(order.symbol);
  if (last === undefined) return [];
  if (!isWaiting(order)) return fillAt(book, order, rested && order.limit !== null ? 'MAKER' : 'TAKER');
  if (!isStopReached(order, last.price)) return [];
  const event = triggerOrder(book, order);
  return [event, ...fillAt(book, event.order, 'TAKER')];
}

function triggerOrder(book: VenueBook, order: VenueOrder): VenueEvent {
  nextSequence(book);
  return eventOf(book, 'TRIGGERED', keepOrder(book, { ...order, triggeredAt: order.at }));
}

function fillAt(book: VenueBook, order: VenueOrder, liquidity: Liquidity): readonly VenueEvent[] {
  const last = book.prices.get(order.symbol);
  if (last === undefined || !isMarketable(order, last)) return [];
  if (order.reduceOnly && heldAgainst(book, order).isZero()) return [endOrder(book, order, 'EXPIRED')];
  return fillInParts(book, order, { quantity: fillable(book, order, last), price: fillPriceOf(order, last), liquidity });
}

function fillInParts(book: VenueBook, order: VenueOrder, { quantity, price, liquidity }: Execution): readonly VenueEvent[] {
  const most = liquidity === 'MAKER' ? (order.shown ?? quantity) : quantity;
  const events: VenueEvent[] = [];
  for (let left = quantity; left.greaterThan(ZERO); left = left.minus(min(left, most))) {
    events.push(fillOrder(book, events.at(-1)?.order ?? order, { quantity: min(left, most), price, liquidity }));
  }
  return events;
}

/** Ends what is left of an order. */
export function endOrder(book: VenueBook, order: VenueOrder, status: 'CANCELLED' | 'EXPIRED', at = order.at): VenueEvent {
  const sequence = nextSequence(book);
  return eventOf(book, status, keepOrder(book, { ...order, status, closeSequence: sequence, at }));
}

function isMarketable(order: VenueOrder, last: LastPrice): boolean {
  if (order.side === 'sell' && !last.sellable) return false;
  return order.limit === null || isThrough(order.side, order.limit, last.price);
}

function fillable(book: VenueBook, order: VenueOrder, last: LastPrice): Decimal {
  const wanted = order.reduceOnly ? min(remainingOf(order), heldAgainst(book, order)) : remainingOf(order);
  return last.pool === null ? wanted : min(wanted, last.pool);
}

function fillPriceOf(order: VenueOrder, last: LastPrice): Decimal {
  if (order.limit !== null) return order.limit;
  if (order.stopPrice === null) return last.price;
  // A price that came back after the trigger is not given: whoever was stopped out was stopped out at the stop or worse.
  return order.side === 'buy' ? max(order.stopPrice, last.price) : min(order.stopPrice, last.price);
}

function fillOrder(book: VenueBook, order: VenueOrder, execution: Execution): VenueEvent {
  const { quantity } = execution;
  const fill = makeFill(book, order, execution);
  book.ledger.book(fill);
  book.fills.push(fill);
  takeFromPool(book, order.symbol, quantity);
  const filledQuantity = order.filledQuantity.plus(quantity);
  const whole = filledQuantity.equals(order.quantity);
  const filled = keepOrder(book, {
    ...order,
    status: whole ? 'FILLED' : 'PARTIALLY_FILLED',
    filledQuantity,
    filledNotional: order.filledNotional.plus(quantity.times(fill.price)),
    fills: [...order.fills, fill],
    closeSequence: whole ? fill.sequence : null,
    at: fill.at,
  });
  return eventOf(book, 'FILLED', filled, fill);
}

type Execution = Pick<VenueFill, 'quantity' | 'price' | 'liquidity'>;

function makeFill(book: VenueBook, order: VenueOrder, { quantity, price, liquidity }: Execution): VenueFill {
  const feeIn = feeUnitOf(book, order);
  const sequence = nextSequence(book);
  return {
    sequence,
    tradeId: `T${sequence}`,
    clientOrderId: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    price,
    quantity,
    fee: (feeIn === 'BASE' ? quantity : quantity.times(price)).times(book.config.feeRate),
    feeIn,
    liquidity,
    at: order.at,
  };
}

function feeUnitOf({ config, markets }: VenueBook, { symbol, side }: VenueOrder): FeeUnit {
  return side === 'buy' && markets.get(symbol)?.assetClass === 'crypto' ? config.feeAsset : 'QUOTE';
}

function takeFromPool(book: VenueBook, symbol: string, quantity: Decimal): void {
  const last = book.prices.get(symbol);
  if (last === undefined || last.pool === null) return;
  book.prices.set(symbol, { ...last, pool: last.pool.minus(quantity) });
}
