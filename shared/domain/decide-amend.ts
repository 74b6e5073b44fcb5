// What became of an amendment (EX-3, EX-9): done, refused, or still at its old terms.
import { MAX_AMENDS } from './action.ts';
import type { Action } from './action.ts';
import { amendmentOfAction, asAnswered, showsTerms } from './amendment.ts';
import type { Context } from './context.ts';
import { decideReport } from './decide-report.ts';
import type { Decision, Note, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import { endOnly } from './found-action.ts';
import type { Found } from './found-action.ts';
import { endAction, planAmend } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import type { OrderReport } from './order-report.ts';
import { leave } from './leave.ts';
import { dropWatch, moveWatch } from './move-watch.ts';
import type { Moved } from './move-watch.ts';
import { isHeld } from './position-moves.ts';
import { cancelStop, withProtection, withStop } from './protect.ts';
import { isCrossRefusal } from './report-entry.ts';
import { WOULD_TRIGGER } from './report-stop.ts';
import type { Amendment, Entry, PendingPlan, Slot } from './slot.ts';
import { startCancel } from './slot-moves.ts';

type Amend = Found & { readonly action: Action };

interface Known {
  readonly snapshot: Snapshot;
  readonly context: Context;
}

/** A stop that the venue would not move: the price is through already, or another has to take its place (SL-5, SL-7). */
const refusedMove = ({ slot, action }: Amend, code: string, known: Known): Decision => {
  const { context } = known;
  const { position } = slot;
  if (!isHeld(position) || position.stop.status !== 'PLACED') return endOnly(action);
  const { amendment: _refused, ...stop } = position.stop;
  const kept = withStop(slot, position, { ...stop, amendment: null });
  const next =
    code === WOULD_TRIGGER && isHeld(kept.position)
      ? leave(kept, kept.position, 'STOP_REACHED', known)
      : cancelStop(slot, position, position.stop, context);
  return commit({
    slots: [moveSlot(slot, next.slot)],
    require: null,
    changes: [...next.changes, ...endAction(action)],
    notes: [note('STOP_REFUSED', `${slot.symbol}: stop not moved (${code})`, { symbol: slot.symbol, code }, 'WARN'), ...next.notes],
  });
};

type Working = Extract<Entry, { status: 'WORKING' }>;

/** An order that stays at its old terms; a plan that came while it was to move is applied now, as nothing else would (EW-6). */
const leftAlone = ({ slot, action }: Amend, entry: Working, notes: readonly Note[], { snapshot, context }: Known): Decision => {
  const { pending } = slot;
  const kept: Slot = { ...slot, pending: null, entry: { ...entry, amendment: null } };
  const next = pending === null ? { slot: kept, changes: [], require: null, notes: [] } : applyPlan(kept, pending, snapshot, context);
  return commit({
    slots: [moveSlot(slot, next.slot)],
    require: next.require,
    changes: [...next.changes, ...endAction(action)],
    notes: [...next.notes, ...notes],
  });
};

/** An amendment the venue refused: the order stands at a price its plan has left, so it is cancelled (EW-6). */
export const refusedAmend = (found: Amend, code: string, known: Known): Decision => {
  const { slot, action } = found;
  if (action.purpose === 'STOP' && amendmentOfAction(slot, action) !== null) return refusedMove(found, code, known);
  const { entry } = slot;
  if (entry.status !== 'WORKING' || amendmentOfAction(slot, action) === null) return endOnly(action);
  // A price that would cross is not moved to, and the order stays where it rests (EX-3).
  if (isCrossRefusal(code)) return leftAlone(found, entry, [], known);
  const terms = { order: entry.order, reason: 'REPLACED', amendment: null, pending: null } as const;
  const cancelled = startCancel(slot, terms, known.context);
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, cancelled.slot)],
    changes: [cancelled.change, ...endAction(action)],
  });
};

/** An amendment that was given up unsent (EX-4): the order works on at its old terms, and a plan that came meanwhile is applied. */
export const shedAmend = (found: Amend, snapshot: Snapshot, context: Context): Decision => {
  const { slot, action } = found;
  const { entry } = slot;
  // A stop is never left where it was for want of a token.
  if (action.purpose !== 'ENTRY') return ignore('ALREADY_DONE');
  if (entry.status !== 'WORKING' || amendmentOfAction(slot, action) === null) return endOnly(action);
  const fields = { symbol: slot.symbol, clientOrderId: action.clientOrderId };
  const shed = note('AMEND_SHED', `${slot.symbol}: the venue's budget is low, the order stays as it is`, fields);
  return leftAlone(found, entry, [shed], { snapshot, context });
};

const applyPlan = (slot: Slot, pending: PendingPlan, snapshot: Snapshot, context: Context): Moved =>
  pending.kind === 'WITHDRAWN' ? dropWatch(slot, 'WITHDRAWN', snapshot, context) : moveWatch(slot, pending.watch, snapshot, context);

/** An amendment the venue took: an answer that does not show it is not believed, and the order is looked up. */
export const acceptedAmend = ({ slot, action }: Amend, report: OrderReport, snapshot: Snapshot, context: Context): Decision => {
  const amendment = amendmentOfAction(slot, action);
  if (amendment === null) return decideReport(report, endAction(action), snapshot, context);
  if (!isFinal(report.status) && !showsTerms(report, amendment)) return ignore('LOOK_UP');
  return decideReport(asAnswered(report, action), endAction(action), snapshot, context);
};

/** A stop that stands where it was: it covers there, so its move is planned once more, at what is wanted now. */
const moveAgain = ({ slot, action }: Amend, amendment: Amendment, context: Context): Decision => {
  const { position } = slot;
  if (!isHeld(position) || position.stop.status !== 'PLACED') return endOnly(action);
  const kept = withStop(slot, position, { ...position.stop, amendment: null, attempts: amendment.attempt });
  const next = withProtection(kept, context);
  return commit({
    slots: [moveSlot(slot, next.slot)],
    require: null,
    changes: [...next.changes, ...endAction(action)],
    notes: next.notes,
  });
};

/** An amendment whose outcome was unknown and whose order is live: done, or planned once more. */
export const amendAgain = (found: Amend, report: OrderReport, snapshot: Snapshot, context: Context): Decision => {
  const { action, slot } = found;
  const amendment = amendmentOfAction(slot, action);
  if (amendment === null) return decideReport(report, endAction(action), snapshot, context);
  if (showsTerms(report, amendment)) return decideReport(asAnswered(report, action), endAction(action), snapshot, context);
  return action.purpose === 'STOP' ? moveAgain(found, amendment, context) : entryAgain(found, amendment, report, { snapshot, context });
};

const entryAgain = (found: Amend, amendment: Amendment, report: OrderReport, { snapshot, context }: Known): Decision => {
  const { action, slot } = found;
  const { entry } = slot;
  if (entry.status !== 'WORKING') return decideReport(asAnswered(report, action), endAction(action), snapshot, context);
  if (amendment.attempt >= MAX_AMENDS) return refusedAmend(found, 'UNKNOWN', { snapshot, context });
  const next = { ...amendment, attempt: amendment.attempt + 1 };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, { ...slot, entry: { ...entry, amendment: next, attempts: next.attempt } })],
    changes: [planAmend(slot, entry.order, next, context), ...endAction(action)],
  });
};
