// How much a venue may still be asked (EX-4, EX-9): buckets that fill up by themselves, and who goes first when they run low.
import type { Millis } from './instant.ts';

/** What venues count: the weight of every call, and orders beside it. */
export type Meter = 'WEIGHT' | 'ORDERS';

/** What one call costs by each meter, whole numbers. */
export type Cost = Readonly<Record<Meter, number>>;

/** A bucket: at most `burst` in it, `refill` more every `everyMs`. */
export interface RateLimit {
  readonly meter: Meter;
  readonly burst: number;
  readonly refill: number;
  readonly everyMs: Millis;
}

/** Who asks: stops, exits, cancels and look-ups; other reads; entries; changes of live entries. */
export type Priority = 'URGENT' | 'READ' | 'ENTRY' | 'REPRICE';

/** Share of a full bucket, in percent, that a call of each priority leaves to those before it. */
export const RESERVE_PERCENT: Readonly<Record<Priority, number>> = { URGENT: 0, READ: 10, ENTRY: 20, REPRICE: 40 };
const WHOLE_PERCENT = 100;

/** A lease takes up to this share of a bucket at once while it is well filled, so that calls do not write one by one. */
const LEASE_PERCENT = 10;
const MOST_CALLS_IN_LEASE = 20;

/** How full the buckets are: `parts` of each limit are tokens × its `everyMs`, so that no refill is ever rounded. */
export interface Buckets {
  readonly parts: readonly number[];
  readonly at: Millis;
}

/** Tokens taken out of the buckets ahead of their calls; what is not spent by `until` is lost. */
export interface Lease {
  readonly left: Cost;
  readonly until: Millis;
  /** Priorities whose reserve was still whole once this was taken. */
  readonly serves: readonly Priority[];
}

export type Taking =
  | { readonly kind: 'TAKEN'; readonly buckets: Buckets; readonly lease: Lease }
  | { readonly kind: 'LACKING'; readonly waitMs: Millis };

const FULL: Buckets = { parts: [], at: 0 };

/** What of a cost a venue counts at all. */
export const countedCost = (limits: readonly RateLimit[], { WEIGHT, ORDERS }: Cost): Cost => {
  const isCounted = (meter: Meter): boolean => limits.some((limit) => limit.meter === meter);
  return { WEIGHT: isCounted('WEIGHT') ? WEIGHT : 0, ORDERS: isCounted('ORDERS') ? ORDERS : 0 };
};

/** Buckets nobody has taken from. */
export const fullBuckets = (): Buckets => FULL;

const fullParts = ({ burst, everyMs }: RateLimit): number => burst * everyMs;

/** Clocks differ by less: whoever took last at a later moment than this had a wrong one, which must not stop the filling. */
const MOST_AHEAD_MS = 60_000;

/** Fills buckets up to a moment; a limit they know nothing of is full, and a clock behind theirs adds nothing. */
export const refill = ({ parts, at: takenAt }: Buckets, limits: readonly RateLimit[], now: Millis): Buckets => {
  const at = takenAt - now > MOST_AHEAD_MS ? now : takenAt;
  const elapsed = Math.max(0, now - at);
  const filled = limits.map((limit, place) => {
    const full = fullParts(limit);
    const level = Math.min(parts[place] ?? full, full);
    // After so long it is full, however long it was: the product stays a safe whole number.
    return elapsed * limit.refill >= full - level ? full : level + elapsed * limit.refill;
  });
  return { parts: filled, at: Math.max(at, now) };
};

const reserveParts = (limit: RateLimit, priority: Priority): number => (fullParts(limit) * RESERVE_PERCENT[priority]) / WHOLE_PERCENT;

const lackOf = (limit: RateLimit, level: number, cost: Cost, priority: Priority): number =>
  cost[limit.meter] === 0 ? 0 : cost[limit.meter] * limit.everyMs + reserveParts(limit, priority) - level;

const waitOf = (limits: readonly RateLimit[], parts: readonly number[], cost: Cost, priority: Priority): Millis =>
  Math.max(0, ...limits.map((limit, place) => Math.ceil(lackOf(limit, parts[place] ?? 0, cost, priority) / limit.refill)));

const PRIORITIES = ['URGENT', 'READ', 'ENTRY', 'REPRICE'] as const satisfies readonly Priority[];

/** Tells whether a bucket is counted by a meter that a cost uses. */
const isAskedFor = (limit: RateLimit, cost: Cost): boolean => cost[limit.meter] > 0;

const timesCost = ({ WEIGHT, ORDERS }: Cost, calls: number): Cost => ({ WEIGHT: WEIGHT * calls, ORDERS: ORDERS * calls });

/** What a lease takes: several such calls' worth where the buckets are well filled, else the one call's and no more. */
const leaseSize = (limits: readonly RateLimit[], parts: readonly number[], cost: Cost): Cost => {
  const shares = limits.filter((limit) => isAskedFor(limit, cost)).map(({ meter, burst }) => Math.floor((burst * LEASE_PERCENT) / WHOLE_PERCENT / cost[meter]));
  const wanted = timesCost(cost, Math.max(1, Math.min(MOST_CALLS_IN_LEASE, ...shares)));
  return waitOf(limits, parts, wanted, 'REPRICE') === 0 ? wanted : cost;
};

/** How long a lease on these limits lasts: never past half of the shortest, at most some seconds. */
const MOST_LEASE_MS = 5_000;
const leaseMs = (limits: readonly RateLimit[]): Millis => Math.min(MOST_LEASE_MS, ...limits.map(({ everyMs }) => Math.floor(everyMs / 2)));

/**
 * Takes what a call costs, and where there is plenty a little more for the calls after it (EX-4). What it lacks comes
 * back as the time, in milliseconds, until it is there, if nobody else takes it first.
 */
export const takeLease = (
  buckets: Buckets,
  limits: readonly RateLimit[],
  { cost, priority, now }: { readonly cost: Cost; readonly priority: Priority; readonly now: Millis },
): Taking => {
  const filled = refill(buckets, limits, now);
  const waitMs = waitOf(limits, filled.parts, cost, priority);
  if (waitMs > 0) return { kind: 'LACKING', waitMs };
  const size = leaseSize(limits, filled.parts, cost);
  const parts = filled.parts.map((level, place) => {
    const limit = limits[place];
    return limit === undefined ? level : level - size[limit.meter] * limit.everyMs;
  });
  const isWhole = (each: Priority): boolean => limits.every((limit, place) => !isAskedFor(limit, cost) || (parts[place] ?? 0) >= reserveParts(limit, each));
  const serves = PRIORITIES.filter((each) => each === priority || isWhole(each));
  return { kind: 'TAKEN', buckets: { parts, at: filled.at }, lease: { left: size, until: now + leaseMs(limits), serves } };
};

/** Spends from a lease; null where it is over, holds too little, or was taken from buckets too low for this priority. */
export const spend = (lease: Lease, cost: Cost, priority: Priority, now: Millis): Lease | null => {
  if (now >= lease.until || !lease.serves.includes(priority)) return null;
  const left: Cost = { WEIGHT: lease.left.WEIGHT - cost.WEIGHT, ORDERS: lease.left.ORDERS - cost.ORDERS };
  return left.WEIGHT < 0 || left.ORDERS < 0 ? null : { ...lease, left };
};
