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

/** What completed bars have said so far: how many, up to those looked back on, their average true range, the last close. */
export interface RangeSeen {
  readonly bars: number;
  readonly average: Decimal;
  readonly close: Decimal;
}

/** Adds a completed bar to the average (FP-1): the mean of the first bars, Wilder's smoothing from then on; rounded, since it is kept. */
export function addRange(known: RangeSeen | null, bar: BarPrices): RangeSeen {
  const bars = Math.min((known?.bars ?? 0) + 1, NATR_BARS);
  const range = trueRange(bar, known);
  const average = known === null ? range : known.average.times(bars - 1).plus(range).dividedBy(bars).toDecimalPlaces(NATR_PLACES);
  return { bars, average, close: bar.close };
}

/** The range of what was added, as `natrOf` works it out from the bars themselves; null before enough of them. */
export function natrSeen(known: RangeSeen | null): Decimal | null {
  if (known === null || known.bars < NATR_BARS || !known.close.greaterThan(0)) return null;
  return known.average.dividedBy(known.close).toDecimalPlaces(NATR_PLACES);
}

function trueRange(bar: BarPrices, before: Pick<BarPrices, 'close'> | null): Decimal {
  const own = bar.high.minus(bar.low);
  if (before === null) return own;
  return max(own, max(bar.high.minus(before.close).abs(), bar.low.minus(before.close).abs()));
}
