// The one way out of a position (SL-6): its stop is cancelled, how that ended is learnt, and what is still held is sold.
import type { Context } from './context.ts';
import { closingSide } from './exit-due.ts';
import { note } from './draft.ts';
import { settingsWith } from './market-time.ts';
import { planOrder } from './new-order.ts';
import type { Held } from './position-moves.ts';
import { tradableQuantity } from './position-moves.ts';
import type { LiveStop, Protected } from './protect.ts';
import { asItIs, cancelStop, isLiveStop } from './protect.ts';
import { heldQuantity } from './room.ts';
import type { ExitReason, Slot } from './slot.ts';
import { startCancel } from './slot-moves.ts';

/** An order still buying into a position that ends is cancelled, so that its end is not undone (SL-8). */
export const cancelEntry = (slot: Slot, context: Context): Protected => {
  if (slot.entry.status !== 'WORKING') return asItIs(slot);
  const { order, amendment } = slot.entry;
  const cancelled = startCancel(slot, { order, reason: 'EXITING', amendment, pending: null }, context);
  return { slot: cancelled.slot, changes: [cancelled.change], notes: [] };
};

/** Ends a position in one step (SL-8): every field of it goes, and a new trigger is needed for the next entry. */
const flat = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected => {
  const cancelled = cancelEntry(slot, context);
  const dust = heldQuantity(position.lots);
  const fields = { symbol: slot.symbol, reason, dust: dust.toFixed() };
  return {
    slot: { ...cancelled.slot, position: { status: 'FLAT' }, triggered: null },
    changes: cancelled.changes,
    notes: [note('POSITION_CLOSED', `${slot.symbol}: position closed (${reason})`, fields)],
  };
};

/** Begins the end of every order of a position: its stop's, and that of an entry still buying into it. */
const withoutOrders = (slot: Slot, position: Held, stop: LiveStop, terms: { reason: ExitReason; context: Context }): Protected => {
  const { reason, context } = terms;
  const cancelled = cancelStop(slot, { ...position, status: 'LEAVING', reason }, stop, context);
  const entry = cancelEntry(cancelled.slot, context);
  return { slot: entry.slot, changes: [...cancelled.changes, ...entry.changes], notes: [] };
};

/**
 * Ends a position of which nothing is left to sell; a stop that still rests is cancelled first, and nothing is entered
 * before it has ended. Less than a lot left over is nobody's to sell, and goes with the position (EX-7).
 */
export const close = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected => {
  if (!isLiveStop(position.stop)) return flat(slot, position, reason, context);
  return withoutOrders(slot, position, position.stop, { reason, context });
};

/** Sells what is held, once no stop can sell it as well; or ends a position of which nothing is left. */
export const sell = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected => {
  const quantity = tradableQuantity(position);
  if (quantity.isZero()) return close(slot, position, reason, context);
  const isTakeProfit = reason === 'TAKE_PROFIT';
  const planned = planOrder(
    slot,
    {
      purpose: 'EXIT',
      side: closingSide(position.side),
      quantity,
      limit: isTakeProfit ? position.rules.takeProfit : null,
      stopPrice: null,
      timeInForce: isTakeProfit ? 'IOC' : 'GTC',
      shown: null,
      keeps: { mode: position.mode, rules: position.rules },
    },
    context,
  );
  const cancelled = cancelEntry(slot, context);
  const fields = { symbol: slot.symbol, reason, clientOrderId: planned.order.clientOrderId };
  return {
    slot: {
      ...cancelled.slot,
      fence: planned.order.fence,
      position: { ...position, status: 'EXITING', stop: { status: 'NONE' }, exit: planned.order, reason },
    },
    changes: [...planned.changes, ...cancelled.changes],
    notes: [note('EXIT_PLANNED', `${slot.symbol}: exit planned (${reason})`, fields)],
  };
};

/**
 * Tells whether an exit may still be tried (SL-6): one that failed is, once an event, and no more after MAX_ORDER_RETRIES.
 * Each reason has its own tries: a take-profit that was refused does not keep a position over the close.
 */
export const mayLeave = ({ failedExit, exitFailures, rules }: Held, reason: ExitReason, { settings }: Context): boolean =>
  failedExit !== reason || exitFailures <= settingsWith(rules.own, settings).maxOrderRetries;

/** Begins to leave a position (SL-6): with a stop at the venue its cancel comes first, without one the sale. */
export const leave = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected => {
  if (!isLiveStop(position.stop)) return sell(slot, position, reason, context);
  const fields = { symbol: slot.symbol, reason };
  return {
    ...withoutOrders(slot, position, position.stop, { reason, context }),
    notes: [note('LEAVING', `${slot.symbol}: its stop is cancelled before it is sold (${reason})`, fields)],
  };
};
