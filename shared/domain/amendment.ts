// Whether a change of a live order has been done (EX-3): until that is certain, the larger counts.
import type { Action } from './action.ts';
import { amendActionId } from './action.ts';
import { max } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { OrderReport } from './order-report.ts';
import type { Amendment, Order, Slot } from './slot.ts';

type Terms = Pick<Amendment, 'limit' | 'quantity'>;

/** Tells whether a report shows an order at an amendment's size and limit. */
export const showsTerms = (report: OrderReport, terms: Terms): boolean =>
  report.limit?.equals(terms.limit) === true && report.quantity?.equals(terms.quantity) === true;

/** Tells whether a report proves an amendment: an order may have stood at the same terms before, so only a younger one does. */
export const isAmended = (report: OrderReport, amendment: Amendment): boolean =>
  report.at > amendment.plannedAt && showsTerms(report, amendment);

/** The amendment under way of an order, null where its slot has another order by now (SL-12). */
export const amendmentOf = (slot: Slot, clientOrderId: string): Amendment | null => {
  const { entry } = slot;
  if (entry.status !== 'WORKING' && entry.status !== 'CANCELLING') return null;
  return entry.order.clientOrderId === clientOrderId ? entry.amendment : null;
};

/** The amendment that an action was planned for, null where a later one has taken its place (SL-12). */
export const amendmentOfAction = (slot: Slot, action: Action): Amendment | null => {
  const amendment = amendmentOf(slot, action.clientOrderId);
  if (amendment === null) return null;
  return amendActionId(action.clientOrderId, amendment.attempt) === action.id ? amendment : null;
};

/** An answer to our own call is younger than its plan, whatever the venue's clock says. */
export const asAnswered = (report: OrderReport, action: Action): OrderReport => ({
  ...report,
  at: Math.max(report.at, action.plannedAt + 1),
});

/** The quantity at which a report finds an order filled: a filled one says so itself, else the larger counts. */
export const sizeFor = (order: Order, report: OrderReport, amendment: Amendment | null): Decimal => {
  if (report.status === 'FILLED' && report.quantity !== null) return report.quantity;
  return amendment === null ? order.quantity : max(order.quantity, amendment.quantity);
};
