// Ends a position when it is due (SL-6), and an entry that must not fill any more.
import type { Context } from './context.ts';
import type { Change, Decision, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import { closingSide, exitDue } from './exit-due.ts';
import { isEntrySession } from './entry-eligibility.ts';
import { planOrder } from './new-order.ts';
import { heldQuantity } from './room.ts';
import type { ExitReason, Position, Slot, SlotRef } from './slot.ts';
import { startCancel } from './slot-moves.ts';

type Open = Extract<Position, { status: 'OPEN' }>;

/** An order still buying into a position that is being sold is cancelled, so that the exit is not undone. */
const cancelEntry = (slot: Slot, context: Context): { readonly slot: Slot; readonly changes: readonly Change[] } => {
  if (slot.entry.status !== 'WORKING') return { slot, changes: [] };
  const { order, amendment } = slot.entry;
  const cancelled = startCancel(slot, { order, reason: 'EXITING', amendment, pending: null }, context);
  return { slot: cancelled.slot, changes: [cancelled.change] };
};

const startExit = (slot: Slot, position: Open, reason: ExitReason, context: Context): Decision => {
  const isTakeProfit = reason === 'TAKE_PROFIT';
  const planned = planOrder(
    slot,
    {
      purpose: 'EXIT',
      side: closingSide(position.side),
      quantity: heldQuantity(position.lots),
      limit: isTakeProfit ? position.rules.takeProfit : null,
      timeInForce: isTakeProfit ? 'IOC' : 'GTC',
    },
    context,
  );
  const cancelled = cancelEntry(slot, context);
  const after: Slot = {
    ...cancelled.slot,
    fence: planned.order.fence,
    position: { ...position, status: 'EXITING', exit: planned.order, reason },
  };
  const fields = { symbol: slot.symbol, reason, clientOrderId: planned.order.clientOrderId };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, after)],
    changes: [...planned.changes, ...cancelled.changes],
    notes: [note('EXIT_PLANNED', `${slot.symbol}: exit planned (${reason})`, fields)],
  });
};

const cancelLateEntry = (slot: Slot, context: Context): Decision => {
  if (slot.entry.status !== 'WORKING' || slot.assetClass === 'crypto' || isEntrySession('stock', context)) {
    return ignore('NOTHING_DUE');
  }
  const { order, amendment } = slot.entry;
  const cancelled = startCancel(slot, { order, reason: 'AUTO_EXIT', amendment, pending: null }, context);
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, cancelled.slot)],
    changes: [cancelled.change],
    notes: [note('ENTRY_TOO_LATE', `${slot.symbol}: entry cancelled, its session ends`, { symbol: slot.symbol })],
  });
};

/** Decides whether a slot's position has to end now (EW-6, SL-6, WS-12), and whether its entry comes too late. */
export const decideExitChecked = (ref: SlotRef, snapshot: Snapshot, context: Context): Decision => {
  const slot = snapshot.slots.get(slotKey(ref));
  if (slot === undefined) return ignore('NOTHING_DUE');
  const { position } = slot;
  if (position.status !== 'OPEN') return cancelLateEntry(slot, context);
  const reason = exitDue(position, slot.assetClass, snapshot.board.quotes[slot.symbol] ?? null, context);
  return reason === null ? cancelLateEntry(slot, context) : startExit(slot, position, reason, context);
};
