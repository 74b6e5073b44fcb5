// What a report means for the exit of a position: lots go first in, first out; what is left stays held, and covered (SL-6).
import type { Reported } from './reported.ts';
import type { Alarm } from './anomaly.ts';
import { NO_ALARM, anomaly } from './anomaly.ts';
import type { Context } from './context.ts';
import { ZERO, sum } from './decimal.ts';
import type { Note } from './decision.ts';
import type { Draft } from './draft.ts';
import { EMPTY_DRAFT, moveSlot, note } from './draft.ts';
import { close, mayLeave, sell } from './leave.ts';
import { closeRecord } from './new-order.ts';
import { isFinal } from './order-lifecycle.ts';
import type { Held } from './position-moves.ts';
import { isHeld, takeFills, tradableQuantity } from './position-moves.ts';
import type { Protected } from './protect.ts';
import { asItIs, withProtection } from './protect.ts';
import { heldQuantity } from './room.ts';
import type { Position, Slot } from './slot.ts';

type Exiting = Extract<Position, { status: 'EXITING' }>;

const openAgain = (position: Exiting, failed: boolean, now: number): Held => {
  const { exit: _exit, reason, ...holding } = position;
  const open: Held = { ...holding, status: 'OPEN', unprotectedSince: now };
  if (!failed) return open;
  return { ...open, failedExit: reason, exitFailures: position.failedExit === reason ? position.exitFailures + 1 : 1 };
};

/** An exit that failed too often rests until the next session, with whatever then protects the position: a person is told. */
const restNotes = (slot: Slot, open: Held, context: Context): readonly Note[] => {
  const { failedExit: reason, exitFailures: failures } = open;
  if (reason === null || mayLeave(open, reason, context)) return [];
  const fields = { symbol: slot.symbol, reason, failures };
  return [note('EXIT_RESTS', `${slot.symbol}: its exit (${reason}) failed ${failures} times, and rests until the next session`, fields, 'ERROR')];
};

const isLimited = ({ exit, reason }: Exiting): boolean => reason === 'STOP_REACHED' && exit.limit !== null;

/** An emergency exit that its limit kept from filling goes to market at once (EX-1, SL-7): its price is through every stop. */
const atMarket = (slot: Slot, open: Held, reported: Reported): Protected => {
  const again: Slot = { ...slot, position: open };
  const { context } = reported;
  return mayLeave(open, 'STOP_REACHED', context) ? sell(again, open, 'STOP_REACHED', reported) : withProtection(again, context);
};

/** A sale that ended with something left: the stop is put back at once, and the exit is tried again at the next event. */
const onFinal = (slot: Slot, position: Exiting, reported: Reported): Protected => {
  const { after, context } = reported;
  if (tradableQuantity(position).isZero()) return close(slot, position, position.reason, context);
  // A take-profit whose price moved away has not failed; any other sale that leaves something has, whatever it is called.
  const failed = after.status === 'REJECTED' || (position.reason !== 'TAKE_PROFIT' && after.status !== 'FILLED');
  const open = openAgain(position, failed, context.now);
  const covered = failed && isLimited(position) ? atMarket(slot, open, reported) : withProtection({ ...slot, position: open }, context);
  const fields = { symbol: slot.symbol, clientOrderId: after.clientOrderId, status: after.status, failures: open.exitFailures };
  const told = note('EXIT_ENDED', `${slot.symbol}: exit ended with a position left`, fields, 'WARN');
  const rests = failed ? restNotes(slot, open, context) : [];
  return { ...covered, notes: [told, ...rests, ...covered.notes] };
};

/** What a report on a sale writes: the slot as it is then, the record of an order that has ended, and an alarm where too much was sold. */
export const draftOfSale = (reported: Reported, next: Protected): Draft => {
  const { slot, record, after } = reported;
  const alarm = overfill(slot, reported);
  return {
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, next.slot)],
    changes: [...next.changes, ...(isFinal(after.status) ? [closeRecord(record, after)] : []), ...alarm.changes],
    notes: [...next.notes, ...alarm.notes],
  };
};

/** Judges a report on the exit of a slot (SL-6): the position ends with its lots, not with its order. */
export const reportOnExit = (reported: Reported): Draft => {
  const { slot, before, after, parts } = reported;
  const sold = takeFills(slot, parts);
  const { position } = sold;
  if ((before === after && parts.length === 0) || position.status !== 'EXITING') return EMPTY_DRAFT;
  const next = isFinal(after.status) ? onFinal(sold, position, reported) : asItIs({ ...sold, position: { ...position, exit: after } });
  return draftOfSale(reported, next);
};

/** Units by which a report's fills take more than was held (SL-13); zero where all is in order. */
export const oversold = (slot: Slot, { parts }: Pick<Reported, 'parts'>) => {
  const held = isHeld(slot.position) ? heldQuantity(slot.position.lots) : ZERO;
  const excess = sum(parts.map((part) => part.counted)).minus(held);
  return excess.greaterThan(ZERO) ? excess : ZERO;
};

/** More sold than was held is an anomaly (SL-13): the ledger ends at nothing held, and the symbol is halted. */
export const overfill = (slot: Slot, reported: Reported): Alarm => {
  const excess = oversold(slot, reported);
  if (excess.isZero()) return NO_ALARM;
  const { symbol, assetClass } = slot;
  const fields = { excess: excess.toFixed(), clientOrderId: reported.before.clientOrderId };
  const message = `${symbol} sold more than it held`;
  return anomaly({ kind: 'NEGATIVE_POSITION', at: { symbol, assetClass }, message, fields }, reported.snapshot);
};
