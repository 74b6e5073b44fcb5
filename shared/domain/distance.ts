// Comparisons multiply instead of dividing, so that a repeating ratio never decides by its last digit.
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import { type Quote, isUsableQuote } from './quote.ts';
import type { Settings } from './settings.ts';

/** A limit and the price it is measured against; both above 0. */
export interface LimitAndPrice {
  readonly limit: Decimal;
  readonly price: Decimal;
}

/** Measures how far a price is from a limit as a ratio of the limit (WS-1); null where either is not a number above 0. */
export function distance(limit: Decimal, price: Decimal): Decimal | null {
  if (!isPositive(limit) || !isPositive(price)) return null;
  return price.minus(limit).abs().dividedBy(limit);
}

/** Measures the distance of a limit from its last quote (WS-1); null without a limit or without a usable quote. */
export function distanceOf(
  limit: Decimal | null,
  quote: Quote | null,
  now: Millis,
  settings: Pick<Settings, 'quoteMaxAgeSeconds'>,
): Decimal | null {
  if (limit === null || !isUsableQuote(quote, now, settings)) return null;
  return distance(limit, quote.price);
}

/** Tells exactly whether the distance is at most the bound (WS-1), a ratio; false where there is no distance. */
export function isWithin(limit: Decimal, price: Decimal, bound: Decimal): boolean {
  if (!isPositive(limit) || !isPositive(price)) return false;
  return price.minus(limit).abs().lessThanOrEqualTo(bound.times(limit));
}

/** Compares two distances exactly (WS-4): below 0 when the first is nearer, 0 when the ratios are equal. */
export function compareDistance(a: LimitAndPrice, b: LimitAndPrice): number {
  const left = a.price.minus(a.limit).abs().times(b.limit);
  const right = b.price.minus(b.limit).abs().times(a.limit);
  return left.comparedTo(right);
}

function isPositive(value: Decimal): boolean {
  return value.isFinite() && value.greaterThan(0);
}
