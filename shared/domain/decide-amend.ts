// What became of an amendment (EX-3, EX-9): done, refused, or still at its old terms.
import { MAX_AMENDS } from './action.ts';
import type { Action } from './action.ts';
import { amendmentOfAction, asAnswered, showsTerms } from './amendment.ts';
import type { Context } from './context.ts';
import { decideReport } from './decide-report.ts';
import type { Decision, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot } from './draft.ts';
import { endOnly } from './found-action.ts';
import type { Found } from './found-action.ts';
import { endAction, planAmend } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import type { OrderReport } from './order-report.ts';
import { startCancel } from './slot-moves.ts';

type Amend = Found & { readonly action: Action };

/** An amendment the venue refused: the order stands at a limit its plan has left, so it is cancelled (EW-6). */
export const refusedAmend = ({ slot, action }: Amend, context: Context): Decision => {
  const { entry } = slot;
  if (entry.status !== 'WORKING' || amendmentOfAction(slot, action) === null) return endOnly(action);
  const terms = { order: entry.order, reason: 'REPLACED', amendment: null, pending: null } as const;
  const cancelled = startCancel(slot, terms, context);
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, cancelled.slot)],
    changes: [cancelled.change, ...endAction(action)],
  });
};

/** An amendment the venue took: an answer that does not show it is not believed, and the order is looked up. */
export const acceptedAmend = ({ slot, action }: Amend, report: OrderReport, snapshot: Snapshot, context: Context): Decision => {
  const amendment = amendmentOfAction(slot, action);
  if (amendment === null) return decideReport(report, endAction(action), snapshot, context);
  if (!isFinal(report.status) && !showsTerms(report, amendment)) return ignore('LOOK_UP');
  return decideReport(asAnswered(report, action), endAction(action), snapshot, context);
};

/** An amendment whose outcome was unknown and whose order is live: done, or planned once more. */
export const amendAgain = (found: Amend, report: OrderReport, snapshot: Snapshot, context: Context): Decision => {
  const { action, slot } = found;
  const { entry } = slot;
  const amendment = amendmentOfAction(slot, action);
  if (entry.status !== 'WORKING' || amendment === null || showsTerms(report, amendment)) {
    return decideReport(amendment === null ? report : asAnswered(report, action), endAction(action), snapshot, context);
  }
  if (amendment.attempt >= MAX_AMENDS) return refusedAmend(found, context);
  const next = { ...amendment, attempt: amendment.attempt + 1 };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, { ...slot, entry: { ...entry, amendment: next, attempts: next.attempt } })],
    changes: [planAmend(slot, entry.order, next, context), ...endAction(action)],
  });
};
