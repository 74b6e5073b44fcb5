// Step 2 of a steal (WS-8): what the confirmed end of a victim means for its thief.
import { entriesAllowed } from './account.ts';
import type { Context } from './context.ts';
import { ZERO, max, min } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, EntryRequirement, Note, Snapshot, StealRecord } from './decision.ts';
import { note } from './draft.ts';
import type { SlotChange } from './draft.ts';
import { moveSlot } from './draft.ts';
import { holdsNow, isEquityRecent, roomRequired } from './entry-requirement.ts';
import { isHardLevel } from './grid-gate.ts';
import { isEntrySession } from './market-time.ts';
import { entryTerms, planOrder } from './new-order.ts';
import { dueQuantity, isFreeToEnter, isInParts, partsWith, settledParts } from './parts.ts';
import { priceOf } from './room.ts';
import type { Entry, Order, Slot } from './slot.ts';
import { endEntry, watching } from './slot-moves.ts';
import { stealLine } from './steal-lines.ts';
import type { Watch } from './watch.ts';

type Waiting = Extract<Entry, { status: 'WAITING' }>;

/** Why a thief that waited is not placed. */
export type ThiefGone =
  | 'EXPIRED'
  | 'WITHDRAWN'
  | 'HALTED'
  | 'CHANGED'
  | 'POSITION_OPEN'
  | 'SESSION_CLOSED'
  | 'CAPACITY_UNKNOWN'
  | 'VICTIM_FILLED';

/** The thief's side of a release, and whether the steal came about: then the victim's cooldown starts. */
export interface Release {
  readonly thief: SlotChange;
  readonly require: EntryRequirement | null;
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  readonly stolen: boolean;
}

const latestWatch = (slot: Slot): Watch | null => {
  if (slot.pending === null) return slot.watch;
  return slot.pending.kind === 'WATCH' ? slot.pending.watch : null;
};

/** What a thief is placed with now: all of its watch, or no more of it than the part that it waited for (EX-1). */
const quantityNow = (slot: Slot, waiting: Waiting, watch: Watch, context: Context): Decimal => {
  const due = dueQuantity(slot, watch, context);
  return isInParts(slot, watch, context) ? min(due, waiting.quantity) : due;
};

/** The slot as it would enter: by its latest watch, and with the parts that this leaves it. */
const idle = (slot: Slot, watch: Watch): Slot => {
  const settled = watching(endEntry(slot), watch);
  return { ...settled, parts: settledParts(settled) };
};

/** Why it would not enter as it was to: not from flat, not as part of the same entry, or for more than it waited for. */
const whyChanged = (slot: Slot, waiting: Waiting, watch: Watch, context: Context): ThiefGone | null => {
  const thief = idle(slot, watch);
  const isSame = (thief.parts === null) === (slot.parts === null);
  const quantity = quantityNow(thief, waiting, watch, context);
  if (!isSame || quantity.isZero() || quantity.times(watch.limit).greaterThan(waiting.needed)) return 'CHANGED';
  // A level of a grid that is reset from nothing waits until all of that has ended (EX-5), so that its steal ends here.
  if (watch !== slot.watch && isHardLevel(watch)) return 'CHANGED';
  // A part of an earlier order of its own turned up meanwhile: a slot enters from flat only (EW-6).
  return isFreeToEnter(thief) ? null : 'POSITION_OPEN';
};

const whyGone = (slot: Slot, waiting: Waiting, snapshot: Snapshot, context: Context): ThiefGone | null => {
  const watch = latestWatch(slot);
  if (watch === null) return 'WITHDRAWN';
  if (watch.expiresAt <= context.now) return 'EXPIRED';
  const changed = whyChanged(slot, waiting, watch, context);
  if (changed !== null) return changed;
  if (!isEquityRecent(snapshot.capacity, context)) return 'CAPACITY_UNKNOWN';
  if (!entriesAllowed(snapshot.capacity.kill, slot.assetClass, slot.symbol)) return 'HALTED';
  return isEntrySession(watch.exit, context) ? null : 'SESSION_CLOSED';
};

/** A thief with the watch it would now be placed by. */
interface Heir {
  readonly thief: Slot;
  readonly waiting: Waiting;
  readonly watch: Watch;
  readonly quantity: Decimal;
}

const requirementOf = (heir: Heir, released: Decimal, sameClass: boolean, context: Context): EntryRequirement => {
  const { thief, waiting, watch, quantity } = heir;
  const needed = quantity.times(watch.limit);
  const ofClass = sameClass ? released : ZERO;
  return roomRequired(
    thief,
    needed.minus(waiting.hold).minus(released),
    needed.minus(waiting.classHold).minus(ofClass),
    context,
  );
};

const giveBack = (thief: Slot, reason: ThiefGone): Release => ({
  thief: moveSlot(thief, endEntry(thief)),
  require: null,
  changes: [],
  notes: [note('STEAL_ENDED', `${thief.symbol}: steal ended without an order (${reason})`, { symbol: thief.symbol, thief: thief.symbol, reason })],
  stolen: false,
});

const recordOf = (waiting: Waiting, order: Order, context: Context): StealRecord => ({
  ...waiting.steal,
  at: context.now,
  thiefClientOrderId: order.clientOrderId,
});

const stealNote = (waiting: Waiting): Note => {
  const { steal } = waiting;
  const thief = { symbol: steal.thief.symbol, distance: steal.thiefDistance, forecastPnl: steal.thiefPnl };
  const victim = { symbol: steal.victim.symbol, distance: steal.victimDistance, forecastPnl: steal.victimPnl };
  return note('STEAL', stealLine(thief, victim), {
    symbol: thief.symbol,
    thief: thief.symbol,
    thiefDistance: thief.distance.toFixed(),
    thiefPnl: thief.forecastPnl?.toFixed() ?? null,
    victim: victim.symbol,
    victimDistance: victim.distance.toFixed(),
    victimPnl: victim.forecastPnl?.toFixed() ?? null,
    fight: steal.fight,
  });
};

const place = (heir: Heir, require: EntryRequirement, context: Context): Release => {
  const { thief, waiting, watch, quantity } = heir;
  const settled = idle(thief, watch);
  const planned = planOrder(settled, entryTerms(watch, quantity, context), context);
  const { fence } = planned.order;
  const after: Slot = { ...settled, fence, parts: partsWith(settled, watch, fence, context), entry: { status: 'PLACING', order: planned.order } };
  return {
    thief: moveSlot(thief, after),
    require,
    changes: [...planned.changes, { kind: 'STEAL', steal: recordOf(waiting, planned.order, context) }],
    notes: [stealNote(waiting)],
    stolen: true,
  };
};

/** What a victim gives back, quote currency (WS-8): its quantity minus the venue's cumulative fills, at its limit. */
export const releasedBy = (order: Order): Decimal =>
  max(ZERO, order.quantity.minus(order.filledQuantity)).times(priceOf(order));

/** The end of a victim's order, and the slot it was in. */
export interface Ended {
  readonly victim: Slot;
  readonly final: Order;
}

/**
 * Passes a victim's released room to its thief without the pool in between (WS-8), or returns everything where the
 * thief is gone or the release fell short of what it needs and the free room does not cover the difference.
 */
export const releaseToThief = (ended: Ended, thief: Slot, snapshot: Snapshot, context: Context): Release | null => {
  const waiting = thief.entry;
  if (waiting.status !== 'WAITING' || waiting.steal.victimClientOrderId !== ended.final.clientOrderId) return null;
  const watch = latestWatch(thief);
  const gone = whyGone(thief, waiting, snapshot, context);
  if (gone !== null || watch === null) return giveBack(thief, gone ?? 'WITHDRAWN');
  const heir: Heir = { thief, waiting, watch, quantity: quantityNow(idle(thief, watch), waiting, watch, context) };
  const sameClass = ended.victim.assetClass === thief.assetClass;
  const require = requirementOf(heir, releasedBy(ended.final), sameClass, context);
  return holdsNow(require, snapshot) ? place(heir, require, context) : giveBack(thief, 'VICTIM_FILLED');
};
