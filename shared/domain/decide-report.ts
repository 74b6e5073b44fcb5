// What a report of the venue means for the slot of its order (EX-2, SL-10, SL-12), whoever brought it.
import { amendmentOf } from './amendment.ts';
import type { Context } from './context.ts';
import type { Change, Decision, Fill, Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import type { Draft } from './draft.ts';
import { commit, ignore, note } from './draft.ts';
import { currentOrder } from './found-action.ts';
import { reportOnClosed } from './report-closed.ts';
import { reportOnEntry } from './report-entry.ts';
import { reportOnExit } from './report-exit.ts';
import type { FillPart, Progress } from './order-progress.ts';
import { absorbReport } from './order-progress.ts';
import type { OrderReport } from './order-report.ts';
import type { Reported } from './reported.ts';
import type { Order, Slot } from './slot.ts';
import { orderOf } from './slot-moves.ts';

const fillOf = (reported: Reported, part: FillPart): Change => {
  const { record, before } = reported;
  const fill: Fill = {
    tradeId: part.tradeId,
    clientOrderId: before.clientOrderId,
    ref: record.ref,
    purpose: before.purpose,
    side: before.side,
    price: part.price,
    quantity: part.quantity,
    counted: part.counted,
    at: part.at,
  };
  return { kind: 'FILL', fill };
};

const fillNotes = (reported: Reported): readonly Note[] =>
  reported.parts
    .filter((part) => part.counted.greaterThan(0))
    .map((part) =>
      note('FILL', `${reported.slot.symbol}: filled ${part.counted.toFixed()} at ${part.price.toFixed()}`, {
        symbol: reported.slot.symbol,
        clientOrderId: reported.before.clientOrderId,
        purpose: reported.before.purpose,
        side: reported.before.side,
        price: part.price.toFixed(),
        quantity: part.counted.toFixed(),
      }),
    );

const placeOf = (slot: Slot, clientOrderId: string): 'ENTRY' | 'EXIT' | 'CLOSED' => {
  if (orderOf(slot.entry)?.clientOrderId === clientOrderId) return 'ENTRY';
  const { position } = slot;
  return position.status === 'EXITING' && position.exit.clientOrderId === clientOrderId ? 'EXIT' : 'CLOSED';
};

const draftOf = (reported: Reported): Draft => {
  switch (placeOf(reported.slot, reported.before.clientOrderId)) {
    case 'ENTRY':
      return reportOnEntry(reported);
    case 'EXIT':
      return reportOnExit(reported);
    case 'CLOSED':
      return reportOnClosed(reported);
  }
};

/** A fill of an order that is not ours is told (SL-13) and otherwise left alone. */
const foreign = (report: OrderReport): Decision => {
  if (report.filledQuantity?.greaterThan(0) !== true) return ignore('FOREIGN_ORDER');
  const { symbol, clientOrderId } = report;
  return ignore('FOREIGN_ORDER', [note('FOREIGN_FILL', `${symbol}: fill of an unknown order`, { symbol, clientOrderId }, 'WARN')]);
};

/**
 * Decides on one report. An order we do not know is not ours to touch (FOREIGN_ORDER); a final report without the
 * filled quantity is answered LOOK_UP; a repetition changes nothing but what `extra` asks for.
 */
export const decideReport = (
  report: OrderReport,
  extra: readonly Change[],
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const record = snapshot.orders.get(report.clientOrderId);
  const slot = record === undefined ? undefined : snapshot.slots.get(slotKey(record.ref));
  if (record === undefined || slot === undefined) return foreign(report);
  const before = currentOrder(slot, record);
  const progress = absorbReport(before, report, snapshot.countedTrades, amendmentOf(slot, before.clientOrderId));
  if (progress.kind === 'INCOMPLETE') return ignore('LOOK_UP');
  return decideProgress({ snapshot, slot, record, report, before, context, ...progressed(before, progress) }, extra);
};

const progressed = (before: Order, progress: Exclude<Progress, { kind: 'INCOMPLETE' }>) =>
  progress.kind === 'APPLIED' ? { after: progress.order, parts: progress.parts } : { after: before, parts: [] };

const decideProgress = (reported: Reported, extra: readonly Change[]): Decision => {
  const draft = draftOf(reported);
  const changes = [...draft.changes, ...reported.parts.map((part) => fillOf(reported, part)), ...extra];
  if (draft.slots.length === 0 && changes.length === 0) return ignore('NOTHING_NEW', draft.notes);
  return commit({ ...draft, changes, notes: [...fillNotes(reported), ...draft.notes] });
};
