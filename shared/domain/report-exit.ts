// What a report means for the exit of a position: lots go first in, first out; what is left stays held (SL-6).
import type { Reported } from './reported.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { closeRecord } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import { heldQuantity } from './room.ts';
import type { Position, Slot } from './slot.ts';
import { takeFills } from './slot-moves.ts';

type Exiting = Extract<Position, { status: 'EXITING' }>;

const afterExit = (position: Exiting, failed: boolean): Position => {
  if (position.lots.length === 0) return { status: 'FLAT' };
  const { side, lots, openedAt, mode, rules, stop, exitFailures } = position;
  return { status: 'OPEN', side, lots, openedAt, mode, rules, stop, exitFailures: exitFailures + (failed ? 1 : 0) };
};

const nextPosition = (slot: Slot, reported: Reported): Position => {
  const { position } = slot;
  if (position.status !== 'EXITING') return position;
  const { after } = reported;
  if (!isFinal(after.status)) return { ...position, exit: after };
  return afterExit(position, after.status === 'REJECTED');
};

const notesOf = (reported: Reported, next: Position): Draft['notes'] => {
  const { slot, after } = reported;
  const fields = { symbol: slot.symbol, clientOrderId: after.clientOrderId, status: after.status };
  if (next.status === 'FLAT') return [note('POSITION_CLOSED', `${slot.symbol}: position closed`, fields)];
  if (next.status === 'OPEN') return [note('EXIT_ENDED', `${slot.symbol}: exit ended with a position left`, fields)];
  return [];
};

/** Judges a report on the exit of a slot (SL-6): the position ends with its lots, not with its order. */
export const reportOnExit = (reported: Reported): Draft => {
  const { slot, record, before, after, parts } = reported;
  if (before === after && parts.length === 0) return EMPTY_DRAFT;
  const sold = takeFills(slot, parts);
  const position = nextPosition(sold, reported);
  return {
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, { ...sold, position })],
    changes: isFinal(after.status) ? [closeRecord(record, after)] : [],
    notes: [...notesOf(reported, position), ...overfillNotes(slot, reported)],
  };
};

/** More sold than was held is an anomaly (SL-13): the ledger ends at nothing held, and a person is told. */
export const overfillNotes = (slot: Slot, reported: Reported): Draft['notes'] => {
  const { position } = slot;
  const held = position.status === 'FLAT' ? heldQuantity([]) : heldQuantity(position.lots);
  const sold = reported.parts.reduce((total, part) => total.plus(part.counted), heldQuantity([]));
  if (sold.lessThanOrEqualTo(held)) return [];
  const fields = { symbol: slot.symbol, held: held.toFixed(), sold: sold.toFixed() };
  return [note('ANOMALY', `ANOMALY DETECTED: ${slot.symbol} sold more than it held`, fields, 'ERROR')];
};
