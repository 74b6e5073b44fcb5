// Takes back an order that only we can have placed and that no record of ours knows, as after a restore (EX-11).
import { applyEvent } from './apply-event.ts';
import type { OrderReport } from './domain/order-report.ts';
import { slotKey } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
import { ownOrder, sideOf } from './domain/own-order.ts';
import type { OwnOrder } from './domain/own-order.ts';
import { oursKey } from './domain/reconcile-positions.ts';
import type { ReconcileRun } from './reconcile-run.ts';

type Orphan = Extract<Event, { type: 'ORPHAN_FOUND' }>;

/** The slot of a watch that names none: after a restore it may be there no more. */
const USUAL_SLOT = 'main';

const ownerOf = async ({ deps }: ReconcileRun, report: OrderReport): Promise<OwnOrder | null> => {
  const { slots } = await deps.store.audit(deps.account);
  const { symbol } = report;
  const names = slots.filter((slot) => slot.symbol === symbol).map((slot) => slot.slot);
  const space = { account: deps.account, symbol, slots: [...new Set([...names, USUAL_SLOT])], maxLength: deps.traits.maxClientOrderIdLength };
  return ownOrder(report.clientOrderId, space);
};

const tellUnknown = ({ deps, trace }: ReconcileRun, { symbol, clientOrderId }: OrderReport): void => {
  const message = `${symbol}: an order of ours without a record cannot be taken back: its market or its side is not known`;
  deps.telemetry.record({ name: 'ORPHAN_LEFT', level: 'ERROR', message, fields: { symbol, clientOrderId } }, trace);
};

const orphanOf = async ({ deps }: ReconcileRun, own: OwnOrder, report: OrderReport): Promise<Orphan | null> => {
  const market = await deps.store.findMarket(deps.account, report.symbol);
  const { slots, board } = await deps.store.load(deps.account, { kind: 'SLOT', ref: own.ref });
  const side = sideOf(own, report, slots.get(slotKey(own.ref)) ?? null, board.quotes[report.symbol] ?? null);
  if (market === null || side === null) return null;
  return { type: 'ORPHAN_FOUND', report, ...own, assetClass: market.assetClass, side, market: market.rules };
};

const rememberFills = (run: ReconcileRun, { purpose, report }: Orphan): void => {
  const { filledQuantity, symbol, clientOrderId } = report;
  if (purpose !== 'ENTRY' || filledQuantity === null || filledQuantity.isZero()) return;
  run.see(oursKey(symbol, filledQuantity, clientOrderId));
};

/** Takes back an order if its id proves it ours; what it has filled explains a position that nothing else does (SL-11). */
export const takeBackOrphan = async (run: ReconcileRun, report: OrderReport): Promise<void> => {
  const own = await ownerOf(run, report);
  if (own === null) return;
  const orphan = await orphanOf(run, own, report);
  if (orphan === null) {
    tellUnknown(run, report);
    return;
  }
  await applyEvent(run.deps, orphan, run.trace);
  rememberFills(run, orphan);
};
