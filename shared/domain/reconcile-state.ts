// What one run of reconcile leaves to the next, and what of it is ripe to be believed.
import type { Millis } from './instant.ts';

/**
 * `sightings`: when each finding that needs a second look was first seen, by its key. `tradeCursor`: up to where the
 * venue's trades are applied. `resumeAt`: the step that a run ran out of time before; null after a whole run. `at`: when
 * the last whole run began. `revision` 0 means there is none yet.
 */
export interface ReconcileState {
  readonly revision: number;
  readonly tradeCursor: string | null;
  readonly sightings: Readonly<Record<string, Millis>>;
  readonly resumeAt: string | null;
  readonly at: Millis | null;
}

export const NEVER_RECONCILED: ReconcileState = { revision: 0, tradeCursor: null, sightings: {}, resumeAt: null, at: null };

/**
 * How long an order or a finding is left alone: a call to the venue, its webhook and the commit of both take a few
 * seconds at worst, and what two sources tell of the same moment has met by then. Half the time between two runs.
 */
const GRACE_MS = 10_000;

/** Tells whether something happened so lately that what two sources say of it may still differ. */
export const isYoung = (since: Millis, now: Millis): boolean => now - since < GRACE_MS;

/** Tells whether a finding was seen by an earlier run (SL-11), not by one that runs beside this. */
export const wasSeenBefore = ({ sightings }: ReconcileState, key: string, now: Millis): boolean => {
  const first = Object.hasOwn(sightings, key) ? sightings[key] : undefined;
  return first !== undefined && !isYoung(first, now);
};
