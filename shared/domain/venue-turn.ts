// Whether a call to a venue may be made now (EX-4, EX-9): a pause holds everything, the circuit entries, the buckets by priority.
import type { Millis } from './instant.ts';
import { takeLease } from './rate-budget.ts';
import type { Cost, Lease, Priority, RateLimit } from './rate-budget.ts';
import { circuitFor, pauseAt, withProbe } from './venue-state.ts';
import type { VenueState } from './venue-state.ts';

/** A call that asks for its turn; `isEntry` marks the placement of an entry. */
export interface Asking {
  readonly cost: Cost;
  readonly priority: Priority;
  readonly isEntry: boolean;
  readonly now: Millis;
}

/** GO: it may be made, once `after` is written where that differs. HELD: not now. */
export type Judged =
  | { readonly kind: 'GO'; readonly after: VenueState; readonly lease: Lease }
  | { readonly kind: 'HELD'; readonly reason: 'BUDGET' | 'RATE_LIMITED' | 'BANNED'; readonly milliseconds: Millis }
  | { readonly kind: 'CIRCUIT_OPEN' };

/** What holds a call whatever is in the buckets: a pause holds every one, an open circuit entries. */
export const heldBy = (state: VenueState, { isEntry, now }: Pick<Asking, 'isEntry' | 'now'>): Exclude<Judged, { kind: 'GO' }> | null => {
  const pause = pauseAt(state, now);
  if (pause !== null) return { kind: 'HELD', reason: pause.kind, milliseconds: pause.until - now };
  return isEntry && circuitFor(state, now) === 'OPEN' ? { kind: 'CIRCUIT_OPEN' } : null;
};

/** Tells whether an entry would be the one that tries an open circuit: then it has to be written who does. */
export const isProbe = (state: VenueState, { isEntry, now }: Pick<Asking, 'isEntry' | 'now'>): boolean => isEntry && circuitFor(state, now) === 'PROBE';

/** Judges a call that no lease in hand pays for. */
export const judgeTurn = (state: VenueState, limits: readonly RateLimit[], asking: Asking): Judged => {
  const held = heldBy(state, asking);
  if (held !== null) return held;
  const taking = takeLease(state.buckets, limits, asking);
  if (taking.kind === 'LACKING') return { kind: 'HELD', reason: 'BUDGET', milliseconds: taking.waitMs };
  // Where nothing is counted nothing is written.
  const paid = limits.length === 0 ? state : { ...state, buckets: taking.buckets };
  return { kind: 'GO', after: isProbe(state, asking) ? withProbe(paid, asking.now) : paid, lease: taking.lease };
};
