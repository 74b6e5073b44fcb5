import { Decimal, max } from './decimal.ts';
import type { BarPrices } from './trail.ts';

/** Bars that Wilder's range looks back on. */
export const NATR_BARS = 14;

/**
 * Works out how far a market moves in a bar, as a ratio of its last close (FP-1): Wilder's average true range over 14
 * bars, oldest first, ÷ close. Null with fewer bars, or with a last close that is not above 0.
 */
export function natrOf(bars: readonly BarPrices[]): Decimal | null {
  const last = bars.at(-1);
  if (last === undefined || bars.length < NATR_BARS || !last.close.greaterThan(0)) return null;
  const ranges = bars.map((bar, index) => trueRange(bar, bars[index - 1] ?? null));
  let average = new Decimal(0);
  for (const [index, range] of ranges.entries()) {
    // The first fourteen are a plain mean, from then on the last value weighs thirteen of fourteen parts.
    const weight = Math.min(index + 1, NATR_BARS);
    average = average.times(weight - 1).plus(range).dividedBy(weight);
  }
  return average.dividedBy(last.close);
}

function trueRange(bar: BarPrices, before: BarPrices | null): Decimal {
  const own = bar.high.minus(bar.low);
  if (before === null) return own;
  return max(own, max(bar.high.minus(before.close).abs(), bar.low.minus(before.close).abs()));
}
