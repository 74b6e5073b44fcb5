// Compares our live orders with the venue's, so that a report that never came is found (SL-11 in part, EX-9).
import { applyEvent } from './apply-event.ts';
import type { Attempts } from './attempts.ts';
import { isAcknowledged } from './domain/order-progress.ts';
import type { OrderReport } from './domain/order-report.ts';
import type { Order, Slot } from './domain/slot.ts';
import { orderOf } from './domain/slot-moves.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

interface Live {
  readonly symbol: string;
  readonly order: Order;
}

const liveOrders = (slot: Slot): readonly Live[] => {
  const entry = orderOf(slot.entry);
  const exit = slot.position.status === 'EXITING' ? slot.position.exit : null;
  return [entry, exit].flatMap((order) => (order === null ? [] : [{ symbol: slot.symbol, order }]));
};

const isAsKnown = (order: Order, report: OrderReport): boolean =>
  isAcknowledged(order.status) && report.filledQuantity?.equals(order.filledQuantity) === true;

const apply = (deps: VenueDeps, report: OrderReport, trace: TraceContext): Promise<unknown> =>
  applyEvent(deps, { type: 'ORDER_REPORTED', report, webhookId: null }, trace);

/** An order we hold for live that is not open at the venue: only the venue's answer for that very order counts. */
const askFor = async (deps: VenueDeps, live: Live, trace: TraceContext): Promise<void> => {
  const report = await deps.exchange.findOrder({ clientOrderId: live.order.clientOrderId, symbol: live.symbol });
  if (report !== null) await apply(deps, report, trace);
};

/**
 * Brings in what differs: a live order with other fills, one that ended unheard, one believed absent that turned up.
 * Orders without an id of ours are never touched.
 * @throws VenueReadError when the venue gives no answer that can be read
 */
export const reconcileOrders = async (deps: VenueDeps, trace: TraceContext, attempts: Attempts): Promise<void> => {
  const open = new Map((await deps.exchange.openOrders()).map((report) => [report.clientOrderId, report]));
  const { slots } = await deps.store.audit(deps.account);
  for (const live of slots.flatMap(liveOrders)) {
    const report = open.get(live.order.clientOrderId);
    open.delete(live.order.clientOrderId);
    if (report === undefined) await attempts.run(() => askFor(deps, live, trace));
    else if (!isAsKnown(live.order, report)) await attempts.run(() => apply(deps, report, trace));
  }
  for (const report of open.values()) await attempts.run(() => apply(deps, report, trace));
};
