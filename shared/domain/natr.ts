import { type Decimal, max, sum } from './decimal.ts';
import type { BarPrices } from './trail.ts';

/** Bars that Wilder's range looks back on. */
export const NATR_BARS = 14;

const NATR_PLACES = 18;

/**
 * Works out how far a market moves in a bar, as a ratio of its last close (FP-1): Wilder's average true range over 14
 * bars, oldest first, ÷ close, to 18 places. Null with fewer bars, or with a last close that is not above 0.
 */
export function natrOf(bars: readonly BarPrices[]): Decimal | null {
  const last = bars.at(-1);
  if (last === undefined || bars.length < NATR_BARS || !last.close.greaterThan(0)) return null;
  const ranges = bars.map((bar, index) => trueRange(bar, bars[index - 1] ?? null));
  const first = sum(ranges.slice(0, NATR_BARS)).dividedBy(NATR_BARS);
  const average = ranges.slice(NATR_BARS).reduce((known, range) => known.times(NATR_BARS - 1).plus(range).dividedBy(NATR_BARS), first);
  return average.dividedBy(last.close).toDecimalPlaces(NATR_PLACES);
}

function trueRange(bar: BarPrices, before: BarPrices | null): Decimal {
  const own = bar.high.minus(bar.low);
  if (before === null) return own;
  return max(own, max(bar.high.minus(before.close).abs(), bar.low.minus(before.close).abs()));
}
