import { type Decimal, max } from './decimal.ts';
import { type OrderStatus, nextStatus } from './order-lifecycle.ts';

/** An order we may want to be rid of; `cancelAsked` holds while a cancel is under way and its end not known. Quantity in units, cumulative. */
export interface CancellableOrder {
  readonly status: OrderStatus;
  readonly filledQuantity: Decimal;
  readonly cancelAsked: boolean;
}

/** What a venue says of such an order: a status of EX-2, or what became of the wish to cancel it. */
export type ReportedStatus = OrderStatus | 'CANCEL_PENDING' | 'CANCEL_REFUSED';

/** A report; quantity in units, cumulative. */
export interface CancellableReport {
  readonly status: ReportedStatus;
  readonly filledQuantity: Decimal;
}

/** Applies a report (SL-10): fills never shrink, an end is never undone, and only a refusal makes room for another cancel. */
export function absorbWord<Order extends CancellableOrder>(order: Order, report: CancellableReport): Order {
  const filledQuantity = max(order.filledQuantity, report.filledQuantity);
  if (report.status === 'CANCEL_PENDING') return { ...order, filledQuantity, cancelAsked: true };
  if (report.status === 'CANCEL_REFUSED') return { ...order, filledQuantity, cancelAsked: false };
  return { ...order, filledQuantity, status: nextStatus(order.status, report.status) ?? order.status };
}
