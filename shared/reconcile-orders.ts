// Brings in what the venue tells of our orders, and asks for those it does not tell of (SL-11, EX-9).
import { applyEvent } from './apply-event.ts';
import { isOlderThan } from './domain/order-report.ts';
import { readClientOrderId } from './domain/own-order.ts';
import type { OrderReport } from './domain/order-report.ts';
import { STRANGER, compareOrders, reportedBy, strangerKey } from './domain/reconcile-orders.ts';
import type { OrderFinding, VenueOrders } from './domain/reconcile-orders.ts';
import type { Order } from './domain/slot.ts';
import { takeBackOrphan } from './reconcile-orphans.ts';
import { readSlots } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';

const MILLIS = 1000;

const readOrders = async ({ deps, attempts }: ReconcileRun): Promise<VenueOrders> => {
  const plain = await attempts.read(() => deps.exchange.openOrders());
  return { plain, conditional: await attempts.read(() => deps.exchange.conditionalOrders()) };
};

/** Asks for one very order; an older one under its id is another's (EX-11). Null only when the venue says it has none. */
export const askFor = async ({ deps }: ReconcileRun, order: Order, symbol: string): Promise<OrderReport | null> => {
  const report = await deps.exchange.findOrder({ clientOrderId: order.clientOrderId, symbol });
  return report === null || isOlderThan(report, order.createdAt) ? null : report;
};

/** An order that the venue says it does not have is believed absent when an earlier run heard the same, and its time to turn up is over. */
const onAbsent = async (run: ReconcileRun, order: Order): Promise<void> => {
  const { deps, trace, startedAt } = run;
  const { clientOrderId } = order;
  const isSecond = run.see(`ORDER ${clientOrderId}`);
  if (!isSecond || startedAt - order.createdAt < deps.traits.quietSeconds * MILLIS) return;
  await applyEvent(deps, { type: 'ORDER_VANISHED', clientOrderId }, trace);
};

const onUnlisted = async (run: ReconcileRun, order: Order, symbol: string): Promise<void> => {
  const report = await askFor(run, order, symbol);
  if (report === null) await onAbsent(run, order);
  else await applyEvent(run.deps, reportedBy(report), run.trace);
};

/** A list may be older than the last change of a stop: what an earlier run saw as well is believed. */
const onDiffering = async (run: ReconcileRun, { clientOrderId, stopPrice, quantity }: Extract<OrderFinding, { kind: 'DIFFERS' }>): Promise<void> => {
  if (!run.see(`ORDER ${clientOrderId} ${stopPrice.toFixed()} ${quantity.toFixed()}`)) return;
  await applyEvent(run.deps, { type: 'STOP_DIFFERS', clientOrderId, stopPrice, quantity }, run.trace);
};

/** An order of no slot may have left it, or be nobody's: one without a record is touched only if its id proves it ours. */
const onUnknown = async (run: ReconcileRun, report: OrderReport): Promise<void> => {
  if (await takeBackOrphan(run, report)) return;
  const { reason } = await applyEvent(run.deps, reportedBy(report), run.trace);
  // It has the shape of an id of ours, and no slot that is known can have made it: a person has to look at it.
  if (reason === 'FOREIGN_ORDER' && readClientOrderId(report.clientOrderId) !== null) run.see(strangerKey(report.clientOrderId));
};

const bringIn = async (run: ReconcileRun, finding: OrderFinding): Promise<void> => {
  const { deps, trace } = run;
  switch (finding.kind) {
    case 'REPORTED':
      await applyEvent(deps, reportedBy(finding.report), trace);
      return;
    case 'UNLISTED':
      return onUnlisted(run, finding.order, finding.symbol);
    case 'UNCANCELLED':
      await applyEvent(deps, { type: 'CANCEL_LOST', clientOrderId: finding.clientOrderId, attempt: finding.attempt }, trace);
      return;
    case 'DIFFERS':
      return onDiffering(run, finding);
    case 'UNKNOWN':
      return onUnknown(run, finding.report);
    default:
      return finding satisfies never;
  }
};

/**
 * Brings in what differs: a live order with other fills, one that ended unheard, one believed absent that turned up.
 * A list that could not be read skips what it would have covered; orders without an id of ours are never touched.
 */
export const reconcileOrders = async (run: ReconcileRun): Promise<void> => {
  const { deps, attempts } = run;
  const venue = await readOrders(run);
  // Read after the lists: what was sent in between is not missing from them.
  const actions = await deps.store.openActions(deps.account);
  const slots = await readSlots(deps);
  for (const finding of compareOrders({ slots, actions }, venue, deps.clock.now())) {
    await attempts.run(() => bringIn(run, finding));
  }
  if (venue.plain === null || venue.conditional === null) return;
  run.settle('ORDER');
  run.settle(STRANGER);
  run.finishReading('ORDERS');
};
