// What a report of the venue means for the slot of its order (EX-2, SL-10, SL-12), whoever brought it.
import { amendmentOf } from './amendment.ts';
import { pricedParts } from './commission.ts';
import type { Rates } from './commission.ts';
import type { Context } from './context.ts';
import type { Change, Decision, Fill, Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, commit, ignore, note } from './draft.ts';
import { currentOrder } from './found-action.ts';
import { reportOnClosed } from './report-closed.ts';
import { reportOnEntry } from './report-entry.ts';
import { reportOnExit } from './report-exit.ts';
import { reportOnSlice } from './report-slice.ts';
import { reportOnStop } from './report-stop.ts';
import { maxAttemptsOf } from './entry-eligibility.ts';
import type { Limited } from './loss-limits.ts';
import { NOT_LIMITED, endedBy, streakAfter } from './loss-limits.ts';
import { isHeld } from './position-moves.ts';
import type { Alarm } from './anomaly.ts';
import { NO_ALARM, anomaly, haltsOnce, raceDetected } from './anomaly.ts';
import { orderNotes } from './order-notes.ts';
import type { PricedPart, Progress } from './order-progress.ts';
import { absorbReport } from './order-progress.ts';
import type { OrderReport } from './order-report.ts';
import type { Reported } from './reported.ts';
import type { Order, Slot } from './slot.ts';
import { ordersIn, placeIn } from './slot-orders.ts';
import { tripsOfReport } from './trip-changes.ts';

const fillOf = (reported: Reported, part: PricedPart): Change => {
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
    fee: part.fee,
    commission: part.commission,
    liquidity: part.liquidity,
    at: part.at,
  };
  return { kind: 'FILL', fill };
};

/** How many entries the day has had, where this report tells of the first fill of one. */
const entriesToday = ({ slot }: Reported, after: Slot | undefined): number | null =>
  after === undefined || after.attempts.count <= slot.attempts.count ? null : after.attempts.count;

const fillNotes = (reported: Reported, after: Slot | undefined): readonly Note[] =>
  reported.parts
    .filter((part) => part.counted.greaterThan(0))
    .map((part, place) =>
      note('FILL', `${reported.slot.symbol}: filled ${part.counted.toFixed()} at ${part.price.toFixed()}`, {
        symbol: reported.slot.symbol,
        clientOrderId: reported.before.clientOrderId,
        purpose: reported.before.purpose,
        side: reported.before.side,
        price: part.price.toFixed(),
        quantity: part.counted.toFixed(),
        liquidity: part.liquidity,
        entriesToday: place === 0 ? entriesToday(reported, after) : null,
      }),
    );

const draftOf = (reported: Reported): Draft => {
  const place = placeIn(reported.slot, reported.before.clientOrderId);
  switch (place) {
    case 'ENTRY':
      return reportOnEntry(reported);
    case 'EXIT':
      return reportOnExit(reported);
    case 'SLICE':
      return reportOnSlice(reported);
    case 'STOP':
    case 'FORMER_STOP':
      return reportOnStop(reported, place);
    case null:
      return withRace(reported, reportOnClosed(reported));
  }
};

/** A slot that holds another order than the one a record says is in it is never overwritten (SL-12). */
const withRace = ({ slot, record, before }: Reported, draft: Draft): Draft => {
  if (record.place !== 'IN_SLOT' || draft.changes.length === 0) return draft;
  const found = ordersIn(slot).map(({ order }) => order.clientOrderId).join(', ') || 'none';
  return { ...draft, notes: [...draft.notes, raceDetected(slot.symbol, before.clientOrderId, found)] };
};

/** A fill of an order that is not ours halts its symbol (SL-13), and is otherwise left alone. */
const foreign = (report: OrderReport, snapshot: Snapshot): Decision => {
  if (report.filledQuantity?.greaterThan(0) !== true) return ignore('FOREIGN_ORDER');
  const { symbol, clientOrderId } = report;
  const at = { symbol, assetClass: symbol.includes('/') ? 'crypto' : 'stock' } as const;
  const message = `${symbol}: fill of an unknown order`;
  const alarm = anomaly({ kind: 'UNKNOWN_FILL', at, message, fields: { clientOrderId } }, snapshot);
  return alarm.changes.length === 0 ? ignore('FOREIGN_ORDER', alarm.notes) : commit({ ...EMPTY_DRAFT, ...alarm });
};

/** More entries in a day than there may be are an anomaly (SL-13): whatever let them through, it stops here. */
const entriesAlarm = (slot: Slot, after: Slot | undefined, { snapshot, context }: Reported): Alarm => {
  const { watch } = slot;
  if (after === undefined || watch === null || after.attempts.count <= slot.attempts.count) return NO_ALARM;
  const most = maxAttemptsOf(watch, context);
  if (after.attempts.count <= most) return NO_ALARM;
  const { symbol, assetClass } = slot;
  const fields = { entries: after.attempts.count, most };
  return anomaly({ kind: 'ENTRIES_ABOVE_MAX', at: { symbol, assetClass }, message: `${symbol}: entry ${fields.entries} of ${most} today`, fields }, snapshot);
};

/** A position that ended by its stop lengthens the streak, any other end breaks it (KS-2). */
const streakOf = (slot: Slot, after: Slot | undefined, { before, snapshot, context }: Reported): Limited => {
  if (after === undefined || !isHeld(slot.position) || after.position.status !== 'FLAT') return NOT_LIMITED;
  return streakAfter(endedBy(before.purpose, slot.position), snapshot, context);
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
  if (record === undefined || slot === undefined) return foreign(report, snapshot);
  const before = currentOrder(slot, record);
  const progress = absorbReport(before, report, snapshot.countedTrades, amendmentOf(slot, before.clientOrderId));
  if (progress.kind === 'INCOMPLETE') return ignore('LOOK_UP');
  const rates = { symbol: slot.symbol, board: snapshot.board, context };
  return decideProgress({ snapshot, slot, record, report, before, context, ...progressed(before, progress, rates) }, extra);
};

const progressed = (before: Order, progress: Exclude<Progress, { kind: 'INCOMPLETE' }>, rates: Rates) =>
  progress.kind === 'APPLIED' ? { after: progress.order, parts: pricedParts(progress.parts, rates) } : { after: before, parts: [] };

const decideProgress = (reported: Reported, extra: readonly Change[]): Decision => {
  const draft = draftOf(reported);
  const after = draft.slots.find((change) => slotKey(change.after) === slotKey(reported.slot))?.after;
  const alarm = entriesAlarm(reported.slot, after, reported);
  const streak = streakOf(reported.slot, after, reported);
  const fills = reported.parts.map((part) => fillOf(reported, part));
  const trips = tripsOfReport(reported, after ?? reported.slot);
  const changes = haltsOnce([...draft.changes, ...fills, ...trips, ...alarm.changes, ...streak.changes, ...extra]);
  if (draft.slots.length === 0 && changes.length === 0) return ignore('NOTHING_NEW', draft.notes);
  return commit({ ...draft, changes, notes: [...fillNotes(reported, after), ...orderNotes(reported), ...draft.notes, ...alarm.notes, ...streak.notes] });
};
