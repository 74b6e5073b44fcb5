// Takes back an order that only we can have placed and that no record of ours knows, as after a restore (EX-11).
import { applyEvent } from './apply-event.ts';
import type { OrderReport } from './domain/order-report.ts';
import { slotKey } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
import { isLive } from './domain/order-lifecycle.ts';
import { ownOrder, readClientOrderId, sideOf } from './domain/own-order.ts';
import type { OwnOrder } from './domain/own-order.ts';
import { strangerKey } from './domain/reconcile-orders.ts';
import { isHeld } from './domain/position-moves.ts';
import { oursKey } from './domain/reconcile-positions.ts';
import type { Side } from './domain/side.ts';
import { readSlots } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';

type Orphan = Extract<Event, { type: 'ORPHAN_FOUND' }>;

/** An order of ours that no record knows; which way it trades only its trades say. */
interface Lost {
  readonly own: OwnOrder;
  readonly report: OrderReport;
  readonly side: Side | null;
}

/** The slot of a watch that names none: after a restore it may be there no more. */
const USUAL_SLOT = 'main';

const hasRecord = async ({ deps }: ReconcileRun, clientOrderId: string): Promise<boolean> => {
  const scope = { kind: 'ORDER', clientOrderId, tradeIds: [], webhookId: null, actionIds: [] } as const;
  return (await deps.store.load(deps.account, scope)).orders.has(clientOrderId);
};

/** A record is written before its order is sent: an order seen at the venue whose record is not there has none. */
const ownerOf = async (run: ReconcileRun, report: OrderReport): Promise<OwnOrder | null> => {
  const { deps } = run;
  if (readClientOrderId(report.clientOrderId) === null || (await hasRecord(run, report.clientOrderId))) return null;
  const slots = await readSlots(deps);
  const { symbol } = report;
  const names = slots.filter((slot) => slot.symbol === symbol).map((slot) => slot.slot);
  const space = { account: deps.account, symbol, slots: [...new Set([...names, USUAL_SLOT])], maxLength: deps.traits.maxClientOrderIdLength };
  return ownOrder(report.clientOrderId, space);
};

const tellUnknown = ({ deps, trace, see }: ReconcileRun, { symbol, clientOrderId }: OrderReport): void => {
  see(strangerKey(clientOrderId));
  const message = `${symbol}: an order of ours without a record cannot be taken back: its market or its side is not known`;
  deps.telemetry.record({ name: 'ORPHAN_LEFT', level: 'ERROR', message, fields: { symbol, clientOrderId } }, trace);
};

const orphanOf = async ({ deps }: ReconcileRun, found: Lost): Promise<Orphan | null> => {
  const { own, report } = found;
  const market = await deps.store.findMarket(deps.account, report.symbol);
  const { slots, board } = await deps.store.load(deps.account, { kind: 'SLOT', ref: own.ref });
  const side = found.side ?? sideOf(own, report, slots.get(slotKey(own.ref)) ?? null, board.quotes[report.symbol] ?? null);
  if (market === null || side === null) return null;
  return { type: 'ORPHAN_FOUND', report, ...own, assetClass: market.assetClass, side, market: market.rules };
};

const rememberFills = (run: ReconcileRun, { purpose, report }: Orphan): void => {
  const { filledQuantity, symbol, clientOrderId } = report;
  if (purpose !== 'ENTRY' || filledQuantity === null || filledQuantity.isZero()) return;
  run.see(oursKey(symbol, filledQuantity, clientOrderId));
};

const takeBack = async (run: ReconcileRun, found: Lost): Promise<void> => {
  const orphan = await orphanOf(run, found);
  if (orphan === null) {
    tellUnknown(run, found.report);
    return;
  }
  await applyEvent(run.deps, orphan, run.trace);
  rememberFills(run, orphan);
};

/** A stop that lives may be all that protects a position which no slot knows of yet; one that a slot holds gets its own. */
const mayProtect = async ({ deps }: ReconcileRun, { own, report }: Lost): Promise<boolean> => {
  if (own.purpose !== 'STOP' || !isLive(report.status)) return false;
  return !(await readSlots(deps)).some(({ symbol, position }) => symbol === report.symbol && isHeld(position));
};

/** Takes it back now or, where it may be all that protects a position, once that has been compared with the venue's (SL-7). */
const takeBackInTime = async (run: ReconcileRun, found: Lost): Promise<void> => {
  if (!(await mayProtect(run, found))) return takeBack(run, found);
  run.putOff({ symbol: found.report.symbol, run: () => takeBack(run, found) });
};

/**
 * Takes back an order if its id proves it ours and no record knows it; tells whether it did. What it has filled explains
 * a position that nothing else does (SL-11).
 */
export const takeBackOrphan = async (run: ReconcileRun, report: OrderReport): Promise<boolean> => {
  const own = await ownerOf(run, report);
  if (own !== null) await takeBackInTime(run, { own, report, side: null });
  return own !== null;
};

/** Asks for an order that only its trades tell of, if its id proves it ours, and takes it back; tells whether it is. */
export const findOrphan = async (run: ReconcileRun, traded: OrderReport, side: Side): Promise<boolean> => {
  const own = await ownerOf(run, traded);
  if (own === null) return false;
  const { clientOrderId, symbol } = traded;
  const report = await run.deps.exchange.findOrder({ clientOrderId, symbol });
  if (report !== null) await takeBackInTime(run, { own, report, side });
  return true;
};
