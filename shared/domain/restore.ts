// What a table that was restored from a backup has to be told before it may be traded on (EX-11, SL-11).
import type { Restore } from './account.ts';
import type { Action } from './action.ts';
import type { Millis } from './instant.ts';
import type { ReconcileState } from './reconcile-state.ts';
import { isHeld } from './position-moves.ts';
import type { Slot } from './slot.ts';

/** What a ledger's orders have as their floor; nothing was ever restored: none. */
export const floorOf = (restore: Restore | null): number => restore?.fenceFloor ?? 0;

const MILLIS = 1000;

/**
 * A floor above every fence that the lost time may have used (EX-11): the time in seconds. A slot would have to place more
 * than an order a second, all its life, to come by it; the highest fence that is known stands beside it all the same.
 */
export const nextFloor = (now: Millis, known: readonly number[]): number => Math.max(Math.ceil(now / MILLIS), ...known.map((fence) => fence + 1));

/** What the account looks like once a run of reconcile is over. */
export interface Findings {
  readonly slots: readonly Slot[];
  readonly actions: readonly Action[];
  readonly reconcile: ReconcileState;
  readonly addsUp: boolean;
}

const unprotected = (slot: Slot): readonly string[] =>
  isHeld(slot.position) && slot.position.unprotectedSince !== null ? [`${slot.symbol}: its position is not protected`] : [];

const openOf = ({ id, state, intent, plannedAt }: Action, { at }: Restore): readonly string[] =>
  intent.kind !== 'CANCEL' && plannedAt <= at ? [`action ${id} of before the restore is ${state === 'SENT' ? 'not yet looked up' : 'not yet ended'}`] : [];

/**
 * Names everything that is not in order since a restore (SL-11), in plain words; none: entries may go out again once a
 * person says so. A foreign position is in order: its symbol is halted.
 */
export const unsettledSince = (restore: Restore, { slots, actions, reconcile, addsUp }: Findings): readonly string[] => [
  ...(reconcile.at === null || reconcile.at < restore.at ? ['reconcile has had no whole run since the restore'] : []),
  ...Object.keys(reconcile.sightings).map((key) => `reconcile looks a second time at: ${key}`),
  ...slots.flatMap(unprotected),
  ...actions.flatMap((action) => openOf(action, restore)),
  ...(addsUp ? [] : ['the ledger does not add up']),
];
