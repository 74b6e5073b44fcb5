// What a report means for the entry it belongs to: acknowledged, filled, amended, ended, and whom its end frees (WS-8).
import { isAmended, showsTerms } from './amendment.ts';
import type { Reported } from './reported.ts';
import { dropWatch, moveWatch } from './move-watch.ts';
import type { Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { cancelEntry } from './leave.ts';
import { closeRecord } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import { isAcknowledged } from './order-progress.ts';
import { releaseToThief } from './release.ts';
import { unreachable } from './room.ts';
import type { Entry, Order, Slot } from './slot.ts';
import { addFills } from './position-moves.ts';
import { asItIs, withProtection } from './protect.ts';
import { settingsWith } from './market-time.ts';
import { attemptsOn, endEntry } from './slot-moves.ts';

type Amendable = Extract<Entry, { status: 'WORKING' | 'CANCELLING' }>;

const amendedEntry = (reported: Reported, entry: Amendable): Entry => {
  const order = reported.after;
  const { amendment } = entry;
  if (amendment === null || !isAmended(reported.report, amendment)) return { ...entry, order };
  return { ...entry, order: { ...order, limit: amendment.limit, stopPrice: amendment.stopPrice, quantity: amendment.quantity }, amendment: null };
};

const liveEntry = (reported: Reported, entry: Entry): Entry => {
  const order = reported.after;
  switch (entry.status) {
    case 'NONE':
    case 'WAITING':
      return entry;
    case 'PLACING':
      return isAcknowledged(order.status) ? { status: 'WORKING', order, amendment: null, attempts: 0 } : { ...entry, order };
    case 'YIELDING':
      return { ...entry, order };
    case 'WORKING':
    case 'CANCELLING':
      return amendedEntry(reported, entry);
    default:
      return unreachable(entry);
  }
};

const isSameEntry = (a: Entry, b: Entry, reported: Reported): boolean =>
  reported.before === reported.after && a.status === b.status && JSON.stringify(a) === JSON.stringify(b);

/** A plan that waited for the acknowledgement is applied now (WS-8): the order is amended or cancelled. */
const applyPending = (slot: Slot, snapshot: Snapshot, reported: Reported) => {
  const { pending, entry } = slot;
  if (pending === null || entry.status !== 'WORKING' || entry.amendment !== null) return { slot, changes: [], require: null, notes: [] };
  const settled: Slot = { ...slot, pending: null };
  if (pending.kind === 'WITHDRAWN') return dropWatch(settled, 'WITHDRAWN', snapshot, reported.context);
  return moveWatch(settled, pending.watch, snapshot, reported.context);
};

const onLive = (reported: Reported): Draft => {
  const { slot, snapshot, context } = reported;
  const entry = liveEntry(reported, slot.entry);
  if (isSameEntry(slot.entry, entry, reported)) return EMPTY_DRAFT;
  const covered = withProtection(addFills({ ...slot, entry }, reported, context), context);
  const settled = applyPending(covered.slot, snapshot, reported);
  // Acknowledged only after its position had left: a part that nobody waits for any more (EX-1).
  const kept = settled.slot.parts?.isOver === true ? cancelEntry(settled.slot, context) : asItIs(settled.slot);
  return {
    slots: [moveSlot(slot, kept.slot)],
    require: settled.require,
    changes: [...covered.changes, ...settled.changes, ...kept.changes],
    notes: [...covered.notes, ...settled.notes],
  };
};

const endedNotes = (reported: Reported): readonly Note[] => {
  const { after, slot } = reported;
  const fields = { symbol: slot.symbol, clientOrderId: after.clientOrderId, status: after.status };
  return [note('ENTRY_ENDED', `${slot.symbol}: entry ${after.status.toLowerCase()}`, fields)];
};

// What a venue, ours among them, says of an order that is only to rest and would trade.
const CROSSED: ReadonlySet<string | null> = new Set(['WOULD_CROSS_SPREAD', 'WOULD_CROSS']);

/** Tells whether a venue refused a post-only order for its price (EX-3): nothing is wrong with it, it only came too late. */
export const isCrossRefusal = (code: string | null): boolean => CROSSED.has(code);

const countRefusal = (slot: Slot, reported: Reported): Slot => {
  if (reported.after.status !== 'REJECTED' || isCrossRefusal(reported.report.refusal)) return slot;
  const attempts = attemptsOn(slot, reported.context);
  return { ...slot, attempts: { ...attempts, refused: attempts.refused + 1 } };
};

/** A slot that was refused too often rests until the next session, and a person is told once (SL-9). */
const restNotes = (slot: Slot, reported: Reported): readonly Note[] => {
  const { watch, attempts } = slot;
  if (reported.after.status !== 'REJECTED' || watch === null) return [];
  const { maxOrderRetries } = settingsWith(watch.exit.own, reported.context.settings);
  if (attempts.refused !== maxOrderRetries + 1) return [];
  const fields = { symbol: slot.symbol, refused: attempts.refused };
  return [note('ENTRY_RESTS', `${slot.symbol}: refused ${attempts.refused} times, rests until the next session`, fields, 'ERROR')];
};

const finalOrder = (entry: Entry, order: Order, reported: Reported): Order => {
  if (entry.status !== 'CANCELLING' && entry.status !== 'WORKING') return order;
  const { amendment } = entry;
  // Nothing can be amended after the end, so a final report shows the last terms whenever it was written.
  return amendment !== null && showsTerms(reported.report, amendment)
    ? { ...order, limit: amendment.limit, stopPrice: amendment.stopPrice, quantity: amendment.quantity }
    : order;
};

const onFinal = (reported: Reported): Draft => {
  const { slot, snapshot, record, context } = reported;
  const after = finalOrder(slot.entry, reported.after, reported);
  const { entry } = slot;
  const covered = withProtection(countRefusal(endEntry(addFills(slot, reported, context)), reported), context);
  const ended = covered.slot;
  const closed = closeRecord(record, after);
  const changes = [...covered.changes, closed];
  const told = [...covered.notes, ...endedNotes(reported), ...restNotes(ended, reported)];
  const thief = entry.status === 'YIELDING' ? snapshot.slots.get(slotKey(entry.thief)) : undefined;
  const release = thief === undefined ? null : releaseToThief({ victim: slot, final: after }, thief, snapshot, context);
  if (release === null) {
    return { ...EMPTY_DRAFT, slots: [moveSlot(slot, ended)], changes, notes: told };
  }
  const victim = release.stolen ? { ...ended, lastStolen: stolenNow(release.thief.before, context.now) } : ended;
  return {
    slots: [moveSlot(slot, victim), release.thief],
    require: release.require,
    changes: [...changes, ...release.changes],
    notes: [...release.notes, ...told],
  };
};

const stolenNow = (thief: Slot | null, now: number): Slot['lastStolen'] =>
  thief?.entry.status === 'WAITING' ? { at: now, cooldownSeconds: thief.entry.steal.cooldownSeconds } : null;

/** Judges a report on the live entry of a slot (EX-2, WS-8). */
export const reportOnEntry = (reported: Reported): Draft => (isFinal(reported.after.status) ? onFinal(reported) : onLive(reported));

