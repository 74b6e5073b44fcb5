// Whether a change of a live order has been done (EX-3): until that is certain, the larger counts.
import type { Action } from './action.ts';
import { amendActionId } from './action.ts';
import { ZERO, max } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { OrderReport } from './order-report.ts';
import type { Amendment, Order, Slot } from './slot.ts';
import { stopOf } from './slot-orders.ts';

type Terms = Pick<Amendment, 'limit' | 'stopPrice' | 'quantity'>;

const isSamePrice = (told: Decimal | null, wanted: Decimal | null): boolean =>
  wanted === null ? told === null : told?.equals(wanted) === true;

/** Tells whether a report shows an order at an amendment's size and prices. */
export const showsTerms = (report: OrderReport, terms: Terms): boolean =>
  isSamePrice(report.limit, terms.limit) && isSamePrice(report.stopPrice, terms.stopPrice) && report.quantity?.equals(terms.quantity) === true;

/** Tells whether a report proves an amendment: an order may have stood at the same terms before, so only a younger one does. */
export const isAmended = (report: OrderReport, amendment: Amendment): boolean =>
  report.at > amendment.plannedAt && showsTerms(report, amendment);

/** The amendment under way of an order, null where its slot has another order by now (SL-12). */
export const amendmentOf = (slot: Slot, clientOrderId: string): Amendment | null => {
  const { entry } = slot;
  const isAmendable = entry.status === 'WORKING' || entry.status === 'CANCELLING';
  if (isAmendable && entry.order.clientOrderId === clientOrderId) return entry.amendment;
  const stop = stopOf(slot.position);
  return stop?.status === 'PLACED' && stop.order.clientOrderId === clientOrderId ? stop.amendment : null;
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

/**
 * The quantity at which a report finds an order filled: a filled one says so itself, else the larger counts. What the
 * venue holds may be larger than we know of: an order that was amended and then cancelled lives until its cancel arrives.
 */
export const sizeFor = (order: Order, report: OrderReport, amendment: Amendment | null): Decimal => {
  if (report.status === 'FILLED' && report.quantity !== null) return report.quantity;
  const told = max(order.quantity, report.quantity ?? ZERO);
  return amendment === null ? told : max(told, amendment.quantity);
};
