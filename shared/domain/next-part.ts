// Whose next part is asked for as soon as the one before has ended (EX-1); all others wait for the next price.
import type { Change, Decision } from './decision.ts';
import { isHardLevel } from './grid-gate.ts';
import type { Slot, SlotRef } from './slot.ts';
import { orderOf } from './slot-orders.ts';

const hasFilled = (clientOrderId: string, changes: readonly Change[]): boolean =>
  changes.some((change) => change.kind === 'ORDER' && change.after.order.clientOrderId === clientOrderId && change.after.order.status === 'FILLED');

/** One that was refused, stolen from or cancelled for another reason does not ask again within the same event (SL-9, WS-8). */
const madeWay = ({ entry }: Slot, changes: readonly Change[]): boolean => {
  if (entry.status === 'CANCELLING' && entry.reason === 'NEXT_PART') return true;
  const order = orderOf(entry);
  return order !== null && hasFilled(order.clientOrderId, changes);
};

/** Lists the slots of a decision in which a part has filled or given way, and whose entry has parts left. */
export const nextParts = (decision: Decision): readonly SlotRef[] => {
  if (decision.kind === 'IGNORE') return [];
  const { changes } = decision;
  return changes.flatMap((change) => {
    if (change.kind !== 'SLOT' || change.before === null) return [];
    const { before, after } = change;
    const { symbol, slot } = after;
    const isFree = after.parts !== null && after.entry.status === 'NONE' && !isHardLevel(after.watch);
    return isFree && madeWay(before, changes) ? [{ symbol, slot }] : [];
  });
};
