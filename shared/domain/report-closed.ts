// What a report means for an order that has already left its slot: late fills count, an order that lives on is cancelled.
import { cancelActionId } from './action.ts';
import type { Reported } from './reported.ts';
import type { Change } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { closeRecord, planCancel } from './new-order.ts';
import { isAcknowledged } from './order-progress.ts';
import { NO_ALARM, anomaly } from './anomaly.ts';
import type { Alarm } from './anomaly.ts';
import { overfill } from './report-exit.ts';
import { orderOf } from './slot-orders.ts';
import { addFills, isHeld, takeFills } from './position-moves.ts';
import { besideSlice, withSold } from './reduction.ts';
import type { Protected } from './protect.ts';
import { asItIs, withProtection } from './protect.ts';
import { close } from './leave.ts';
import type { Slot } from './slot.ts';

/** What a sale of a reduction's time is told to have sold after its end is not to be sold again (EX-1). */
const countedFor = (slot: Slot, { before, parts }: Reported): Slot => {
  const { position } = slot;
  if (!isHeld(position) || position.reduction === null || before.purpose !== 'EXIT') return slot;
  if (before.createdAt < position.reduction.startedAt) return slot;
  return { ...slot, position: { ...position, reduction: withSold(position.reduction, parts) } };
};

const withFills = (reported: Reported): Protected => {
  const { slot, before, parts, context } = reported;
  if (before.purpose === 'ENTRY') {
    const bought = addFills(slot, reported, context);
    return bought === slot ? asItIs(slot) : withProtection(bought, context);
  }
  if (parts.every((part) => part.counted.isZero())) return asItIs(slot);
  const sold = countedFor(takeFills(slot, parts), reported);
  const { position } = sold;
  if (!isHeld(position) || position.status === 'EXITING' || !besideSlice(position).isZero()) return withProtection(sold, context);
  return close(sold, position, position.status === 'LEAVING' ? position.reason : 'SOLD', context);
};

/** An order believed absent that the venue has after all is cancelled at once, and counted (EX-9, tombstones). */
const lateArrival = (reported: Reported): { readonly changes: readonly Change[]; readonly notes: Draft['notes'] } => {
  const { record, slot, report, before, snapshot, context } = reported;
  const isLate = record.place === 'TOMBSTONE' && isAcknowledged(report.status);
  if (!isLate || snapshot.actions.has(cancelActionId(before.clientOrderId, 1))) return { changes: [], notes: [] };
  const fields = { symbol: slot.symbol, clientOrderId: before.clientOrderId };
  return {
    changes: [planCancel(slot, before, 1, context)],
    notes: [note('LATE_ARRIVAL', `${slot.symbol}: an order believed absent turned up and is cancelled`, fields, 'WARN')],
  };
};

/** An entry that had left its slot and lives on beside another (SL-13); of one that has ended, only old news says so (SL-10). */
const twoEntries = ({ slot, record, report, before, snapshot }: Reported): Alarm => {
  const order = orderOf(slot.entry);
  if (record.place === 'CLOSED') return NO_ALARM;
  const isSecond = before.purpose === 'ENTRY' && isAcknowledged(report.status) && order !== null && isAcknowledged(order.status);
  if (!isSecond) return NO_ALARM;
  const { symbol, assetClass } = slot;
  const fields = { clientOrderId: before.clientOrderId, other: order.clientOrderId };
  return anomaly({ kind: 'TWO_LIVE_ENTRIES', at: { symbol, assetClass }, message: `${symbol} has two live entries`, fields }, snapshot);
};

const alarmOf = (reported: Reported): Alarm =>
  reported.before.purpose === 'ENTRY' ? twoEntries(reported) : overfill(reported.slot, reported);

/** Judges a report on a closed order (EX-2, SL-10): a fill after a cancel counts; nothing else undoes a terminal state. */
export const reportOnClosed = (reported: Reported): Draft => {
  const { slot, record, before, after, parts } = reported;
  const next = withFills(reported);
  const late = lateArrival(reported);
  const alarm = alarmOf(reported);
  const isSame = before === after && parts.length === 0;
  return {
    ...EMPTY_DRAFT,
    slots: next.slot === slot ? [] : [moveSlot(slot, next.slot)],
    changes: [...next.changes, ...(isSame ? [] : [closeRecord(record, after, record.place === 'TOMBSTONE' ? 'TOMBSTONE' : 'CLOSED')]), ...late.changes, ...alarm.changes],
    notes: [...next.notes, ...late.notes, ...alarm.notes],
  };
};
