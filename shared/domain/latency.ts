import { type Decimal, ZERO } from './decimal.ts';
import { compareText } from './text-order.ts';

/** How long one request took from its sending to its acknowledgement; `ms` is whole milliseconds. */
export interface LatencySample {
  readonly venue: string;
  readonly kind: string;
  readonly ms: number;
}

/** What requests of one kind took at one venue, in milliseconds; `slow` counts those over the limit. */
export interface LatencySummary {
  readonly venue: string;
  readonly kind: string;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: Decimal;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slow: number;
}

/** What takes longer than this is logged and counted. */
export const SLOW_MS = 500;

const MEAN_PLACES = 9;

/** Tells whether a request took longer than it should (EX-8). */
export function isSlow(ms: number): boolean {
  return ms > SLOW_MS;
}

/** Sums up samples by venue, then kind (EX-8): percentiles by nearest rank, the mean to nine places. */
export function summariseLatency(samples: readonly LatencySample[]): readonly LatencySummary[] {
  const groups = Map.groupBy(samples, ({ venue, kind }) => JSON.stringify([venue, kind]));
  return [...groups.values()].flatMap(summarise).toSorted((a, b) => compareText(a.venue, b.venue) || compareText(a.kind, b.kind));
}

/** Picks the ⌈p ÷ 100 × n⌉-th smallest (EX-8); null of nothing. `percent` is a whole number from 1 to 100. */
export function nearestRank(ascending: readonly number[], percent: number): number | null {
  return ascending[Math.ceil((percent * ascending.length) / 100) - 1] ?? null;
}

function summarise(group: readonly LatencySample[]): readonly LatencySummary[] {
  const ascending = group.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const [first] = group;
  const [min, max] = [ascending[0], ascending.at(-1)];
  const [p50, p95, p99] = [nearestRank(ascending, 50), nearestRank(ascending, 95), nearestRank(ascending, 99)];
  if (first === undefined || min === undefined || max === undefined || p50 === null || p95 === null || p99 === null) return [];
  const { venue, kind } = first;
  const slow = ascending.filter(isSlow).length;
  return [{ venue, kind, count: ascending.length, min, max, mean: meanOf(ascending), p50, p95, p99, slow }];
}

function meanOf(values: readonly number[]): Decimal {
  const total = values.reduce((known, value) => known.plus(value), ZERO);
  return total.dividedBy(values.length).toDecimalPlaces(MEAN_PLACES);
}
