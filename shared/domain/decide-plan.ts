// What a plan, its withdrawal and its expiry mean for a slot (EW-5, EW-6).
import { placeActionId } from './action.ts';
import type { Context } from './context.ts';
import type { Change, Decision, EntryRequirement, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { commit, ignore, moveSlot, note } from './draft.ts';
import { holdsNow, roomRequired } from './entry-requirement.ts';
import { closeRecord, endAction, entryPrices, planAmend } from './new-order.ts';
import { ZERO, max } from './decimal.ts';
import { priceOf, roomOfEntry } from './room.ts';
import type { CancelReason, Entry, Order, PendingPlan, Slot, SlotRef } from './slot.ts';
import { endEntry, newSlot, startCancel, watching } from './slot-moves.ts';
import { orderOf } from './slot-orders.ts';
import type { Watch } from './watch.ts';

/** A slot moved on, with what has to be written beside it. */
export interface Moved {
  readonly slot: Slot;
  readonly changes: readonly Change[];
  readonly require: EntryRequirement | null;
}

const moved = (slot: Slot, changes: readonly Change[] = [], require: EntryRequirement | null = null): Moved => ({
  slot,
  changes,
  require,
});

const decideMove = (before: Slot | null, move: Moved, name: string, fields: Record<string, string | number>): Decision =>
  commit({
    slots: [moveSlot(before, move.slot)],
    require: move.require,
    changes: move.changes,
    notes: [note(name, `${move.slot.symbol}: ${name.toLowerCase().replaceAll('_', ' ')}`, fields)],
  });

/** Takes back an entry that was planned and not yet sent (EW-5): nothing is at the venue, so its room returns at once. */
export const takeBackUnsent = (slot: Slot, snapshot: Snapshot): Moved | null => {
  if (slot.entry.status !== 'PLACING') return null;
  const { order } = slot.entry;
  const action = snapshot.actions.get(placeActionId(order.clientOrderId));
  const record = snapshot.orders.get(order.clientOrderId);
  if (action?.state !== 'PLANNED') return null;
  const closed = record === undefined ? [] : [closeRecord(record, { ...order, status: 'CANCELLED' })];
  return moved(endEntry(slot), [...endAction(action), ...closed]);
};

const cancelFor = (slot: Slot, reason: CancelReason, pending: PendingPlan | null, context: Context): Moved => {
  const { entry } = slot;
  if (entry.status !== 'WORKING') return moved({ ...slot, pending: pending ?? slot.pending });
  const { order, amendment } = entry;
  const cancelled = startCancel(slot, { order, reason, amendment, pending }, context);
  return moved(cancelled.slot, [cancelled.change]);
};

/** Room a live order would need beyond what it has, to stand at the new watch's size and limit (EX-3). */
const growthOf = (slot: Slot, watch: Watch) => {
  const order = orderOf(slot.entry);
  const filled = order?.filledQuantity ?? watch.quantity;
  const wanted = max(watch.quantity.minus(filled), ZERO).times(watch.limit);
  return wanted.minus(roomOfEntry(slot.entry).total);
};

const growthRequired = (slot: Slot, watch: Watch, context: Context): EntryRequirement | null => {
  const growth = growthOf(slot, watch);
  return growth.greaterThan(0) ? roomRequired(slot, growth, growth, context) : null;
};

/** Tells whether an order is of the kind that a watch places; one kind is not amended into the other. */
const isOfKind = (order: Order, watch: Watch): boolean => (order.stopPrice === null) === (watch.kind === 'limit');

const canAmend = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): boolean => {
  const order = orderOf(slot.entry);
  if (!context.amends || order === null || order.side !== watch.side || !isOfKind(order, watch)) return false;
  if (watch.quantity.lessThanOrEqualTo(order.filledQuantity)) return false;
  const require = growthRequired(slot, watch, context);
  return require === null || holdsNow(require, snapshot);
};

const amendTo = (slot: Slot, entry: Extract<Entry, { status: 'WORKING' }>, watch: Watch, context: Context): Moved => {
  const amendment = {
    attempt: entry.attempts + 1,
    plannedAt: context.now,
    ...entryPrices(watch),
    quantity: watch.quantity,
  };
  const next: Slot = { ...slot, entry: { ...entry, amendment, attempts: amendment.attempt } };
  const require = growthRequired(slot, watch, context);
  return moved(next, [planAmend(slot, entry.order, amendment, context)], require);
};

const moveWorking = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): Moved => {
  const { entry } = slot;
  const pending: PendingPlan = { kind: 'WATCH', watch };
  if (entry.status !== 'WORKING' || entry.amendment !== null) return moved({ ...slot, pending });
  const { order } = entry;
  const isSame = isOfKind(order, watch) && priceOf(order).equals(watch.limit) && order.quantity.equals(watch.quantity);
  if (isSame && order.side === watch.side) return moved(watching(slot, watch));
  if (!canAmend(slot, watch, snapshot, context)) return cancelFor(slot, 'REPLACED', pending, context);
  return amendTo(watching(slot, watch), entry, watch, context);
};

/** Moves a slot to a newer watch (EW-6): idle it just watches, live it is amended or cancelled, in between it waits. */
export const moveWatch = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): Moved => {
  switch (slot.entry.status) {
    case 'NONE':
      return moved({ ...watching(slot, watch), pending: null });
    case 'PLACING': {
      const taken = takeBackUnsent({ ...slot, pending: null }, snapshot);
      if (taken === null) return moved({ ...slot, pending: { kind: 'WATCH', watch } });
      return { ...taken, slot: watching(taken.slot, watch) };
    }
    case 'WORKING':
      return moveWorking(slot, watch, snapshot, context);
    case 'WAITING':
    case 'YIELDING':
    case 'CANCELLING':
      return moved({ ...slot, pending: { kind: 'WATCH', watch } });
  }
};

/** Ends a watch (EW-5, EW-6): unsent it goes at once, live it is cancelled, in between it goes afterwards. */
export const dropWatch = (slot: Slot, reason: CancelReason, snapshot: Snapshot, context: Context): Moved => {
  const pending: PendingPlan = { kind: 'WITHDRAWN' };
  switch (slot.entry.status) {
    case 'NONE':
      return moved({ ...watching(slot, null), pending: null });
    case 'PLACING':
      return takeBackUnsent({ ...slot, pending }, snapshot) ?? moved({ ...slot, pending });
    case 'WORKING':
      return cancelFor(slot, reason, pending, context);
    case 'WAITING':
    case 'YIELDING':
    case 'CANCELLING':
      return moved({ ...slot, pending });
  }
};

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

