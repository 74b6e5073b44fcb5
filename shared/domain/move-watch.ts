// How a slot moves to a newer watch, or lets go of its own (EW-5, EW-6, EX-3).
import { placeActionId } from './action.ts';
import type { Context } from './context.ts';
import { ZERO, max } from './decimal.ts';
import type { Change, EntryRequirement, Note, Snapshot } from './decision.ts';
import { note } from './draft.ts';
import { holdsNow, roomRequired } from './entry-requirement.ts';
import { isHardLevel } from './grid-gate.ts';
import { closeRecord, endAction, entryPrices, planAmend } from './new-order.ts';
import { liveTerms } from './parts.ts';
import { roomOfEntry, unreachable } from './room.ts';
import { routeEntry } from './route-entry.ts';
import type { CancelReason, Entry, Order, PendingPlan, Slot } from './slot.ts';
import { endEntry, startCancel, watching } from './slot-moves.ts';
import { orderOf } from './slot-orders.ts';
import type { Watch } from './watch.ts';

/** A price that would cross the spread is not moved to (EX-3). */
export const WOULD_CROSS_SPREAD = 'WOULD_CROSS_SPREAD';

/** A slot moved on, with what has to be written beside it. */
export interface Moved {
  readonly slot: Slot;
  readonly changes: readonly Change[];
  readonly require: EntryRequirement | null;
  readonly notes: readonly Note[];
}

type Working = Extract<Entry, { status: 'WORKING' }>;

interface Known {
  readonly snapshot: Snapshot;
  readonly context: Context;
}

const moved = (slot: Slot, changes: readonly Change[] = [], require: EntryRequirement | null = null): Moved => ({
  slot,
  changes,
  require,
  notes: [],
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

/** Cancels a live entry; where none is live, only what waits is kept. */
export const cancelFor = (slot: Slot, reason: CancelReason, pending: PendingPlan | null, context: Context): Moved => {
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

/** Tells whether the venue would take other terms of an order, and whether there is room for them. */
const canAmend = (slot: Slot, order: Order, watch: Watch, { snapshot, context }: Known): boolean => {
  if (!context.amends || !isOfKind(order, watch)) return false;
  const require = growthRequired(slot, watch, context);
  return require === null || holdsNow(require, snapshot);
};

const amendTo = (slot: Slot, entry: Working, watch: Watch, context: Context): Moved => {
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

const blockedNote = ({ symbol, slot }: Slot): Note =>
  note(WOULD_CROSS_SPREAD, `${symbol}: the order of ${slot} stays, the price it should move to would cross the spread`, { symbol, slot });

const routeWorking = (slot: Slot, entry: Working, watch: Watch, known: Known): Moved => {
  const { context } = known;
  const { order } = entry;
  const wanted = liveTerms(slot, order, watch);
  const route = wanted !== null && isOfKind(order, watch) ? routeEntry(order, wanted, canAmend(slot, order, wanted, known), known) : 'CANCEL';
  switch (route) {
    case 'LEAVE':
      return moved(watching(slot, watch));
    case 'BLOCKED':
      return { ...moved(watching(slot, watch)), notes: [blockedNote(slot)] };
    case 'AMEND':
      return amendTo(watching(slot, watch), entry, wanted ?? watch, context);
    case 'CANCEL':
      return cancelFor(slot, 'REPLACED', { kind: 'WATCH', watch }, context);
    default:
      return unreachable(route);
  }
};

const moveWorking = (slot: Slot, entry: Working, watch: Watch, known: Known): Moved => {
  // Kept as it is, whatever is under way about it (EX-5): only the order after it has the new terms.
  if (watch.level?.reset === 'none') return moved({ ...watching(slot, watch), pending: null });
  const pending: PendingPlan = { kind: 'WATCH', watch };
  if (entry.amendment !== null) return moved({ ...slot, pending });
  return isHardLevel(watch) ? cancelFor(slot, 'REPLACED', pending, known.context) : routeWorking(slot, entry, watch, known);
};

const movePlacing = (slot: Slot, watch: Watch, snapshot: Snapshot): Moved => {
  if (watch.level?.reset === 'none') return moved({ ...watching(slot, watch), pending: null });
  const taken = takeBackUnsent({ ...slot, pending: null }, snapshot);
  if (taken === null) return moved({ ...slot, pending: { kind: 'WATCH', watch } });
  return { ...taken, slot: watching(taken.slot, watch) };
};

/** Moves a slot to a newer watch (EW-6): idle it just watches, live it is amended or cancelled, in between it waits. */
export const moveWatch = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): Moved => {
  switch (slot.entry.status) {
    case 'NONE':
      return moved({ ...watching(slot, watch), pending: null });
    case 'PLACING':
      return movePlacing(slot, watch, snapshot);
    case 'WORKING':
      return moveWorking(slot, slot.entry, watch, { snapshot, context });
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
