// When and at what an order fills: at its limit and never better, a market order at the current price.
import { type Decimal, ZERO, min } from '../../domain/decimal.ts';
import { isThrough } from '../../domain/side.ts';
import { type LastPrice, type VenueBook, eventOf, keepOrder, nextSequence, remainingOf } from './venue-book.ts';
import type { VenueEvent, VenueFill, VenueOrder } from './venue-model.ts';
import { heldAgainst } from './venue-rules.ts';

/**
 * Fills an order as far as the last price of its symbol lets it: a buy at or below its limit, a sale at or above, no
 * sale from a price that is not sellable, no more than the step's volume and, reduce-only, than the position has.
 */
export function matchOrder(book: VenueBook, order: VenueOrder): readonly VenueEvent[] {
  const last = book.prices.get(order.symbol);
  if (last === undefined || !isMarketable(order, last)) return [];
  if (order.reduceOnly && heldAgainst(book, order).isZero()) return [endOrder(book, order, 'EXPIRED')];
  const quantity = fillable(book, order, last);
  return quantity.greaterThan(ZERO) ? [fillOrder(book, order, quantity)] : [];
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

function fillOrder(book: VenueBook, order: VenueOrder, quantity: Decimal): VenueEvent {
  const fill = makeFill(book, order, quantity);
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

function makeFill(book: VenueBook, order: VenueOrder, quantity: Decimal): VenueFill {
  const price = order.limit ?? book.prices.get(order.symbol)?.price ?? ZERO;
  const sequence = nextSequence(book);
  return {
    sequence,
    tradeId: `T${sequence}`,
    clientOrderId: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    price,
    quantity,
    fee: quantity.times(price).times(book.config.feeRate),
    at: order.at,
  };
}

function takeFromPool(book: VenueBook, symbol: string, quantity: Decimal): void {
  const last = book.prices.get(symbol);
  if (last === undefined || last.pool === null) return;
  book.prices.set(symbol, { ...last, pool: last.pool.minus(quantity) });
}
