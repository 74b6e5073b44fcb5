// What a plan, its withdrawal and its expiry mean for a slot (EW-5, EW-6).
import type { Context } from './context.ts';
import type { Decision, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { commit, ignore, moveSlot, note } from './draft.ts';
import { cancelFor, dropWatch, moveWatch, takeBackUnsent } from './move-watch.ts';
import type { Moved } from './move-watch.ts';
import type { Slot, SlotRef } from './slot.ts';
import { newSlot } from './slot-moves.ts';
import type { Watch } from './watch.ts';

const decideMove = (before: Slot | null, move: Moved, name: string, fields: Record<string, string | number>): Decision =>
  commit({
    slots: [moveSlot(before, move.slot)],
    require: move.require,
    changes: move.changes,
    notes: [note(name, `${move.slot.symbol}: ${name.toLowerCase().replaceAll('_', ' ')}`, fields), ...move.notes],
  });

const heldBy = (slot: Slot): string | null => {
  if (slot.pending?.kind === 'WATCH') return slot.pending.watch.strategy;
  return slot.watch?.strategy ?? null;
};

/** Decides on one watch of a plan (EW-6): an older or equal version changes nothing, another's symbol is refused. */
export const decideWatchPlanned = (watch: Watch, snapshot: Snapshot, context: Context): Decision => {
  const before = snapshot.slots.get(slotKey(watch)) ?? null;
  const slot = before ?? newSlot(watch, watch.assetClass);
  const holder = heldBy(slot);
  if (holder !== null && holder !== watch.strategy) return ignore('SYMBOL_TAKEN');
  if ((slot.planVersions[watch.strategy] ?? -1) >= watch.planVersion) return ignore('OLD_VERSION');
  const planVersions = { ...slot.planVersions, [watch.strategy]: watch.planVersion };
  const move = moveWatch({ ...slot, planVersions, watchVersion: slot.watchVersion + 1 }, watch, snapshot, context);
  return decideMove(before, move, 'WATCH_PLANNED', { symbol: slot.symbol, version: watch.planVersion });
};

/** Decides on a watch that a newer plan left out (EW-6). */
export const decideWatchWithdrawn = (
  event: { readonly ref: SlotRef; readonly strategy: string; readonly planVersion: number },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const before = snapshot.slots.get(slotKey(event.ref)) ?? null;
  if (before === null || heldBy(before) !== event.strategy) return ignore('NOT_WATCHING');
  if ((before.planVersions[event.strategy] ?? -1) >= event.planVersion) return ignore('OLD_VERSION');
  const planVersions = { ...before.planVersions, [event.strategy]: event.planVersion };
  const slot = { ...before, planVersions, watchVersion: before.watchVersion + 1 };
  const move = dropWatch(slot, 'WITHDRAWN', snapshot, context);
  return decideMove(before, move, 'WATCH_WITHDRAWN', { symbol: slot.symbol, version: event.planVersion });
};

/** Decides on a watch whose time is over (EW-5); one that is part of a steal ends with the steal (WS-8). */
export const decideWatchExpired = (ref: SlotRef, snapshot: Snapshot, context: Context): Decision => {
  const before = snapshot.slots.get(slotKey(ref));
  if (before === undefined || before.watch === null) return ignore('NOT_WATCHING');
  if (before.watch.expiresAt > context.now) return ignore('NOT_EXPIRED');
  if (before.pending !== null || before.entry.status === 'WAITING') return ignore('ENDS_BY_ITSELF');
  const move = dropWatch({ ...before, watchVersion: before.watchVersion + 1 }, 'EXPIRED', snapshot, context);
  return decideMove(before, move, 'WATCH_EXPIRED', { symbol: before.symbol });
};

/** Decides on a live entry under a halt (KS-1): unsent it is taken back, live it is cancelled; the watch stays. */
export const decideEntryHalted = (ref: SlotRef, snapshot: Snapshot, context: Context): Decision => {
  const before = snapshot.slots.get(slotKey(ref)) ?? null;
  if (before === null) return ignore('NOT_WATCHING');
  const taken = takeBackUnsent(before, snapshot);
  if (taken !== null) return decideMove(before, taken, 'ENTRY_HALTED', { symbol: before.symbol });
  if (before.entry.status !== 'WORKING') return ignore('NOTHING_TO_HALT');
  const move = cancelFor(before, 'HALTED', null, context);
  return decideMove(before, move, 'ENTRY_HALTED', { symbol: before.symbol });
};

