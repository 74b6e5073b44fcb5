// What became of an action (EX-9): answered, stopped before its send, found alive or absent when looked up.
import type { Action } from './action.ts';
import type { Context } from './context.ts';
import { acceptedAmend, amendAgain, refusedAmend, shedAmend } from './decide-amend.ts';
import { decideReport } from './decide-report.ts';
import type { Change, Decision, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import type { Outcome, StopReason } from './event.ts';
import { endOnly, findAction } from './found-action.ts';
import type { Found } from './found-action.ts';
import { closeRecord, endAction, planCancel } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import type { OrderReport } from './order-report.ts';
import { unreachable } from './room.ts';
import type { Order } from './slot.ts';
import { cancelledAgain, endEntry } from './slot-moves.ts';

/** The report that a refusal or a proven absence amounts to. */
const endedReport = (order: Order, symbol: string, end: { status: 'REJECTED' | 'CANCELLED'; refusal: string | null; at: number }): OrderReport => ({
  clientOrderId: order.clientOrderId,
  exchangeOrderId: order.exchangeOrderId,
  symbol,
  filledQuantity: order.filledQuantity,
  averagePrice: null,
  quantity: null,
  limit: null,
  stopPrice: null,
  trades: [],
  ...end,
});

type Acted = Found & { readonly action: Action };

const notSent = (action: Action, found: Found, snapshot: Snapshot, context: Context): Decision => {
  const isGivenUp = action.intent.kind === 'PLACE' && action.notSent + 1 >= context.settings.retryAttempts;
  if (isGivenUp) return refusedPlacement(found, 'NOT_SENT', snapshot, context);
  const again: Action = { ...action, state: 'PLANNED', sentAt: null, notSent: action.notSent + 1 };
  return commit({ ...EMPTY_DRAFT, changes: [{ kind: 'ACTION', before: action, after: again }] });
};

const refusedPlacement = (found: Found, code: string, snapshot: Snapshot, context: Context): Decision => {
  const { order, slot, action } = found;
  const fields = { symbol: slot.symbol, clientOrderId: order.clientOrderId, code };
  const decision = decideReport(endedReport(order, slot.symbol, { status: 'REJECTED', refusal: code, at: context.now }), endAction(action), snapshot, context);
  const refused = note('ORDER_REFUSED', `${slot.symbol}: order refused (${code})`, fields, 'WARN');
  return { ...decision, notes: [...decision.notes, refused] };
};

const refused = (found: Acted, code: string, snapshot: Snapshot, context: Context): Decision => {
  const { intent } = found.action;
  switch (intent.kind) {
    case 'PLACE':
      return refusedPlacement(found, code, snapshot, context);
    case 'AMEND':
      return refusedAmend(found, code, { snapshot, context });
    case 'CANCEL':
      // What cannot be cancelled has ended some way: only the venue can say how much of it had filled.
      return ignore('LOOK_UP');
    default:
      return unreachable(intent);
  }
};

const accepted = (found: Found, report: OrderReport, snapshot: Snapshot, context: Context): Decision => {
  const { action } = found;
  // A venue may take a cancel and end the order later: until then the cancel is not done.
  if (action?.intent.kind === 'CANCEL' && !isFinal(report.status)) return ignore('LOOK_UP');
  if (action?.intent.kind === 'AMEND') return acceptedAmend({ ...found, action }, report, snapshot, context);
  return decideReport(report, endAction(action), snapshot, context);
};

/** Decides on the answer to an action's one call (EX-9): what is not certain is looked up, never sent again. */
export const decideActionAnswered = (
  event: { readonly actionId: string; readonly clientOrderId: string; readonly outcome: Outcome },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const found = findAction(event, snapshot);
  if (found === null) return ignore('FOREIGN_ORDER');
  const { outcome } = event;
  if (outcome.kind === 'ACCEPTED') return accepted(found, outcome.report, snapshot, context);
  if (found.action === undefined) return ignore('ALREADY_DONE');
  if (outcome.kind === 'UNKNOWN') return ignore('LOOK_UP');
  if (outcome.kind === 'NOT_SENT') return notSent(found.action, found, snapshot, context);
  return refused({ ...found, action: found.action }, outcome.code, snapshot, context);
};

/** An entry that was not sent: its room returns, nothing is at the venue. */
const voidEntry = ({ slot, record, order, action }: Acted, reason: StopReason): Decision => {
  if (slot.entry.status !== 'PLACING') return ignore('ALREADY_DONE');
  const fields = { symbol: slot.symbol, clientOrderId: order.clientOrderId, reason };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, endEntry(slot))],
    changes: [closeRecord(record, { ...order, status: 'CANCELLED' }), ...endAction(action)],
    notes: [note('ENTRY_VOID', `${slot.symbol}: entry not sent (${reason})`, fields)],
  });
};

/** Decides on an entry, or a change of one, that was not sent after all (EX-4, EX-9, KS-1). */
export const decideActionStopped = (
  event: { readonly actionId: string; readonly clientOrderId: string; readonly reason: StopReason },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const found = findAction(event, snapshot);
  if (found?.action?.state !== 'PLANNED') return ignore('ALREADY_DONE');
  const acted: Acted = { ...found, action: found.action };
  return acted.action.intent.kind === 'AMEND' ? shedAmend(acted, snapshot, context) : voidEntry(acted, event.reason);
};

const cancelAgain = (found: Found, context: Context): Decision => {
  const { action, slot, order, record } = found;
  const again = cancelledAgain(slot, order.clientOrderId);
  if (again === null && record.place === 'IN_SLOT') return endOnly(action);
  const attempt = again?.attempt ?? context.now;
  const next = again?.slot ?? slot;
  const changes: readonly Change[] = [planCancel(slot, order, attempt, context), ...endAction(action)];
  const fields = { symbol: slot.symbol, clientOrderId: order.clientOrderId, attempt };
  return commit({
    ...EMPTY_DRAFT,
    slots: next === slot ? [] : [moveSlot(slot, next)],
    changes,
    notes: [note('CANCEL_AGAIN', `${slot.symbol}: the cancel did not take effect, the next is planned`, fields, 'WARN')],
  });
};

/** Decides on an order that is live at the venue although an action on it had an unknown outcome (EX-9). */
export const decideActionSeenLive = (
  event: { readonly actionId: string; readonly clientOrderId: string; readonly report: OrderReport },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const found = findAction(event, snapshot);
  const action = found?.action;
  if (found === null || action === undefined) return decideReport(event.report, [], snapshot, context);
  switch (action.intent.kind) {
    case 'PLACE':
      return decideReport(event.report, endAction(action), snapshot, context);
    case 'CANCEL':
      return cancelAgain(found, context);
    case 'AMEND':
      return amendAgain({ ...found, action }, event.report, snapshot, context);
    default:
      return unreachable(action.intent);
  }
};

/** Decides on an order that the venue does not have once the quiet time is over (EX-9): its id keeps a tombstone. */
export const decideOrderAbsent = (
  event: { readonly actionId: string; readonly clientOrderId: string },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const found = findAction(event, snapshot);
  if (found === null) return ignore('FOREIGN_ORDER');
  const { order, slot, record, action } = found;
  if (record.place !== 'IN_SLOT') return endOnly(action);
  const report = endedReport(order, slot.symbol, { status: 'CANCELLED', refusal: null, at: context.now });
  const decision = decideReport(report, endAction(action), snapshot, context);
  if (decision.kind === 'IGNORE') return decision;
  const changes = decision.changes.map((change): Change =>
    change.kind === 'ORDER' && change.after.order.clientOrderId === order.clientOrderId ? { ...change, after: { ...change.after, place: 'TOMBSTONE' } } : change,
  );
  const fields = { symbol: slot.symbol, clientOrderId: order.clientOrderId };
  const absent = note('ORDER_ABSENT', `${slot.symbol}: the venue has no such order`, fields, 'WARN');
  return { ...decision, changes, notes: [...decision.notes, absent] };
};
