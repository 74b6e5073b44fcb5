// What a report means for an order that has already left its slot: late fills count, an order that lives on is cancelled.
import { cancelActionId } from './action.ts';
import type { Reported } from './reported.ts';
import type { Change } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { closeRecord, planCancel } from './new-order.ts';
import { isAcknowledged } from './order-progress.ts';
import { overfillNotes } from './report-exit.ts';
import { addFills, takeFills } from './slot-moves.ts';
import type { Slot } from './slot.ts';

const withFills = (reported: Reported): Slot => {
  const { slot, before, parts, context } = reported;
  if (parts.every((part) => part.counted.isZero())) return slot;
  if (before.purpose === 'ENTRY') return addFills(slot, reported, context);
  const sold = takeFills(slot, parts);
  const { position } = sold;
  return position.status === 'OPEN' && position.lots.length === 0 ? { ...sold, position: { status: 'FLAT' } } : sold;
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

/** Judges a report on a closed order (EX-2, SL-10): a fill after a cancel counts; nothing else undoes a terminal state. */
export const reportOnClosed = (reported: Reported): Draft => {
  const { slot, record, before, after, parts } = reported;
  const next = withFills(reported);
  const late = lateArrival(reported);
  const isSame = before === after && parts.length === 0;
  return {
    ...EMPTY_DRAFT,
    slots: next === slot ? [] : [moveSlot(slot, next)],
    changes: [...(isSame ? [] : [closeRecord(record, after, record.place === 'TOMBSTONE' ? 'TOMBSTONE' : 'CLOSED')]), ...late.changes],
    notes: [...late.notes, ...(before.purpose === 'EXIT' ? overfillNotes(slot, reported) : [])],
  };
};
