import type { Decimal } from './decimal.ts';

/** Which way an order trades. */
export type Side = 'buy' | 'sell';

/** Tells whether a price is at the limit or already through it (EW-1): a buy from above, a sell from below. */
export function isThrough(side: Side, limit: Decimal, price: Decimal): boolean {
  return side === 'buy' ? price.lessThanOrEqualTo(limit) : price.greaterThanOrEqualTo(limit);
}
