// What a report means for a stop (SL-4 to SL-7): confirmed, moved, filled, refused, ended, and what then protects the position.
import { isAmended, showsTerms } from './amendment.ts';
import type { Context } from './context.ts';
import type { Note } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { isStopReached } from './exit-due.ts';
import { close, goOn, leave, mayLeave } from './leave.ts';
import { closeRecord } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import { isAcknowledged } from './order-progress.ts';
import type { Held } from './position-moves.ts';
import { isHeld, takeFills } from './position-moves.ts';
import type { LiveStop, Protected } from './protect.ts';
import { asItIs, cancelOnce, cancelStop, isLiveStop, withProtection, withStop } from './protect.ts';
import { besideSlice } from './reduction.ts';
import { overfill } from './report-exit.ts';
import type { Reported } from './reported.ts';
import type { Amendment, Order, Slot, Stop } from './slot.ts';

/** The venue's word for a stop whose price has come already. */
export const WOULD_TRIGGER = 'WOULD_TRIGGER';

/** A slot under a report, its fills already taken off, with the stop that it holds. */
interface Stopped {
  readonly reported: Reported;
  readonly slot: Slot;
  readonly position: Held;
  readonly stop: LiveStop;
}

const after = (first: Protected, next: (slot: Slot) => Protected): Protected => {
  const second = next(first.slot);
  return { slot: second.slot, changes: [...first.changes, ...second.changes], notes: [...first.notes, ...second.notes] };
};

const protectedNote = (slot: Slot, position: Held, order: Order, context: Context): Note => {
  const since = position.unprotectedSince ?? context.now;
  const fields = {
    symbol: slot.symbol,
    clientOrderId: order.clientOrderId,
    stopPrice: order.stopPrice?.toFixed() ?? null,
    unprotectedSeconds: Math.max(0, context.now - since) / 1000,
  };
  return note('PROTECTED', `${slot.symbol}: protected at ${fields.stopPrice ?? ''}`, fields);
};

const withTerms = (order: Order, amendment: Amendment | null): Order =>
  amendment === null ? order : { ...order, limit: amendment.limit, stopPrice: amendment.stopPrice, quantity: amendment.quantity };

/** A stop that lives on, as the report has it; a bare repetition changes nothing. */
const onLive = ({ reported, slot, position, stop }: Stopped): Protected => {
  const { before, after: order, context } = reported;
  const isNewlyThere = !isAcknowledged(before.status) && isAcknowledged(order.status);
  const told = isNewlyThere ? [protectedNote(slot, position, order, context)] : [];
  const covered: Held = isNewlyThere ? { ...position, unprotectedSince: null } : position;
  const seen =
    stop.status === 'CANCELLING'
      ? cancelStop(slot, covered, { ...stop, order }, context)
      : onPlaced({ reported, slot, position: covered }, stop);
  return { ...seen, notes: [...told, ...seen.notes] };
};

const onPlaced = ({ reported, slot, position }: Omit<Stopped, 'stop'>, stop: Extract<Stop, { status: 'PLACED' }>): Protected => {
  const { after: order, report, context } = reported;
  const done = stop.amendment !== null && isAmended(report, stop.amendment) ? stop.amendment : null;
  const amendment = done === null ? stop.amendment : null;
  const mayRetire = stop.former !== null && isAcknowledged(order.status);
  const retired = mayRetire ? cancelOnce(slot, stop.former, context) : { asked: stop.former, changes: [] };
  const next: Stop = { ...stop, order: withTerms(order, done), amendment, former: retired.asked };
  const kept: Protected = { slot: withStop(slot, position, next), changes: retired.changes, notes: [] };
  return after(kept, (each) => withProtection(each, context));
};

/** Tells whether the price has reached a stop that the venue would not take (SL-7). */
const isReached = ({ reported, slot, position }: Stopped): boolean => {
  const { report, snapshot, context } = reported;
  return report.refusal === WOULD_TRIGGER || isStopReached(position, snapshot.board.quotes[slot.symbol] ?? null, context);
};

/** A refused stop: another that still covers takes its place again; a price already through is an exit at once (SL-7). */
const onRefused = (stopped: Stopped, ended: Slot, position: Held): Protected => {
  const { reported } = stopped;
  const { context, report } = reported;
  const fields = { symbol: ended.symbol, clientOrderId: reported.after.clientOrderId, code: report.refusal };
  const told = note('STOP_REFUSED', `${ended.symbol}: stop refused (${report.refusal ?? 'no reason given'})`, fields, 'WARN');
  const failed: Held = { ...position, stopFailures: position.stopFailures + 1, unprotectedSince: position.unprotectedSince ?? context.now };
  const counted: Slot = { ...ended, position: failed };
  if (!isReached(stopped) || !mayLeave(position, 'STOP_REACHED', context)) return { ...asItIs(counted), notes: [told] };
  return after({ ...asItIs(counted), notes: [told] }, (slot) => leave(slot, failed, 'STOP_REACHED', reported));
};

/** A stop that is gone while its position is open: the next one is planned at once, or the sale that waited for it. */
const onGone = (slot: Slot, position: Held, reported: Reported): Protected => {
  const { context } = reported;
  if (position.status === 'LEAVING') return goOn(slot, position, position.reason, reported);
  const lost: Held = { ...position, unprotectedSince: isLiveStop(position.stop) ? position.unprotectedSince : context.now };
  return withProtection({ ...slot, position: lost }, context);
};

/** What is left of the stop once its order, or the one it replaced, has ended. */
const stopAfter = (stop: LiveStop, place: 'STOP' | 'FORMER_STOP'): Stop => {
  if (place === 'FORMER_STOP') return { ...stop, former: null };
  const { former } = stop;
  if (former === null) return { status: 'NONE' };
  const { order, attempts } = former;
  // The one it replaced still rests: unless its cancel was asked for, it protects again.
  if (stop.status === 'CANCELLING' || attempts > 0) return { status: 'CANCELLING', order, attempts, former: null };
  return { status: 'PLACED', order, amendment: null, attempts: 0, former: null, breachedAt: null };
};

const onFinal = (stopped: Stopped, place: 'STOP' | 'FORMER_STOP'): Protected => {
  const { reported, position, stop, slot } = stopped;
  const { after: order, context } = reported;
  const left: Held = { ...position, stop: stopAfter(stop, place) };
  const ended: Slot = { ...slot, position: left };
  if (besideSlice(left).isZero()) return close(ended, left, left.status === 'LEAVING' ? left.reason : 'STOP_FILLED', context);
  if (order.status === 'REJECTED' && left.status === 'OPEN') return onRefused(stopped, ended, left);
  return onGone(ended, left, reported);
};

const finalOrder = (stop: LiveStop, reported: Reported): Order => {
  const amendment = stop.status === 'PLACED' ? stop.amendment : null;
  // Nothing can be amended after the end, so a final report shows the last terms whenever it was written.
  return amendment !== null && showsTerms(reported.report, amendment) ? withTerms(reported.after, amendment) : reported.after;
};

/** Two stops that fill in part can sell everything between them, and both still rest: they are cancelled (SL-8). */
const emptied = (next: Protected, context: Context): Protected => {
  const { position } = next.slot;
  if (position.status !== 'OPEN' || !besideSlice(position).isZero()) return next;
  return after(next, (slot) => close(slot, position, 'STOP_FILLED', context));
};

const onResting = (stopped: Stopped, place: 'STOP' | 'FORMER_STOP'): Protected => {
  const { reported, slot, position, stop } = stopped;
  if (place === 'STOP') return onLive(stopped);
  const former = stop.former === null ? null : { ...stop.former, order: reported.after };
  return asItIs(withStop(slot, position, { ...stop, former }));
};

const judged = (stopped: Stopped, place: 'STOP' | 'FORMER_STOP'): Protected => {
  const { reported } = stopped;
  if (isFinal(reported.after.status)) return onFinal(stopped, place);
  const next = onResting(stopped, place);
  return reported.parts.length === 0 ? next : emptied(next, reported.context);
};

/** Judges a report on the stop of a position, or on the one that it replaced (SL-4 to SL-7, SL-10). */
export const reportOnStop = (reported: Reported, place: 'STOP' | 'FORMER_STOP'): Draft => {
  const { slot, record, before, after: order, parts } = reported;
  const sold = takeFills(slot, parts);
  const { position } = sold;
  if (!isHeld(position) || !isLiveStop(position.stop)) return EMPTY_DRAFT;
  const { stop } = position;
  const next = judged({ reported, slot: sold, position, stop }, place);
  const isSame = before === order && JSON.stringify(next.slot) === JSON.stringify(slot);
  if (isSame) return EMPTY_DRAFT;
  const alarm = overfill(slot, reported);
  return {
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, next.slot)],
    changes: [...next.changes, ...(isFinal(order.status) ? [closeRecord(record, finalOrder(stop, reported))] : []), ...alarm.changes],
    notes: [...next.notes, ...alarm.notes],
  };
};
