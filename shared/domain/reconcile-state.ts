// What one run of reconcile leaves to the next.
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
