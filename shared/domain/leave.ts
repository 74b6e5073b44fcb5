// The one way out of a position (SL-6): its stop is cancelled, how that ended is learnt, and what is still held is sold.
// A slice of a reduction that is out ends first (EX-1), so that it and the sale never sell the same twice.
import type { TimeInForce } from './action.ts';
import type { Context } from './context.ts';
import type { Decimal } from './decimal.ts';
import type { Snapshot } from './decision.ts';
import { closingSide } from './exit-due.ts';
import { note } from './draft.ts';
import { settingsWith } from './market-time.ts';
import { planOrder } from './new-order.ts';
import type { Held } from './position-moves.ts';
import { tradableQuantity } from './position-moves.ts';
import type { LiveStop, Protected } from './protect.ts';
import { asItIs, cancelStop, isLiveStop } from './protect.ts';
import { paused } from './reduction.ts';
import { heldQuantity } from './room.ts';
import type { ExitReason, Slot } from './slot.ts';
import { startCancel } from './slot-moves.ts';
import { sliceOf } from './slot-orders.ts';
import { takerLimit } from './taker-limit.ts';

/** What a sale is decided with. */
export interface Seen {
  readonly snapshot: Pick<Snapshot, 'board'>;
  readonly context: Context;
}

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
    slot: { ...cancelled.slot, position: { status: 'FLAT' }, dust: slot.dust.plus(position.side === 'buy' ? dust : dust.negated()), triggered: null },
    changes: cancelled.changes,
    notes: [note('POSITION_CLOSED', `${slot.symbol}: position closed (${reason})`, fields)],
  };
};

/** Begins the end of every order of a position: its stop's, and that of an entry still buying into it. */
const withoutOrders = (slot: Slot, position: Held, stop: LiveStop, terms: { reason: ExitReason; context: Context }): Protected => {
  const { reason, context } = terms;
  const reduction = paused(position.reduction, context.now);
  const cancelled = cancelStop(slot, { ...position, reduction, status: 'LEAVING', reason }, stop, context);
  const entry = cancelEntry(cancelled.slot, context);
  return { slot: entry.slot, changes: [...cancelled.changes, ...entry.changes], notes: [] };
};

/** Waits for a slice that is out to end, with no stop left that could sell as well. */
const afterSlice = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected =>
  cancelEntry({ ...slot, position: { ...position, status: 'LEAVING', reason, stop: { status: 'NONE' } } }, context);

/**
 * Ends a position of which nothing is left to sell; a stop that still rests is cancelled first, and nothing is entered
 * before it has ended. Less than a lot left over is nobody's to sell, and goes with the position (EX-7).
 */
export const close = (slot: Slot, position: Held, reason: ExitReason, context: Context): Protected => {
  if (isLiveStop(position.stop)) return withoutOrders(slot, position, position.stop, { reason, context });
  return sliceOf(position) === null ? flat(slot, position, reason, context) : afterSlice(slot, position, reason, context);
};

interface SaleTerms {
  readonly limit: Decimal | null;
  readonly timeInForce: TimeInForce;
}

const AT_MARKET: SaleTerms = { limit: null, timeInForce: 'GTC' };

const takingAt = (limit: Decimal | null): SaleTerms => (limit === null ? AT_MARKET : { limit, timeInForce: 'IOC' });

/** Tells whether a position is sold with a limit in an emergency (EX-1, SL-7): once, and after that failed at market. */
const isLimitedEmergency = ({ failedExit }: Held, reason: ExitReason): boolean => reason === 'STOP_REACHED' && failedExit !== reason;

const saleTerms = (slot: Slot, position: Held, reason: ExitReason, { snapshot, context }: Seen): SaleTerms => {
  const { rules, side } = position;
  if (reason === 'TAKE_PROFIT') return { limit: rules.takeProfit, timeInForce: 'IOC' };
  if (!isLimitedEmergency(position, reason)) return AT_MARKET;
  const taker = { side: closingSide(side), quantity: tradableQuantity(position), market: rules.market };
  return takingAt(takerLimit(taker, snapshot.board.quotes[slot.symbol] ?? null, context));
};

/** Sells what is held, once neither a stop nor a slice can sell it as well; or ends a position of which nothing is left. */
export const sell = (slot: Slot, position: Held, reason: ExitReason, seen: Seen): Protected => {
  const { context } = seen;
  const quantity = tradableQuantity(position);
  if (quantity.isZero()) return close(slot, position, reason, context);
  const planned = planOrder(
    slot,
    {
      purpose: 'EXIT',
      side: closingSide(position.side),
      quantity,
      ...saleTerms(slot, position, reason, seen),
      stopPrice: null,
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
      position: { ...position, status: 'EXITING', stop: { status: 'NONE' }, reduction: paused(position.reduction, context.now), exit: planned.order, reason },
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

/** Goes on with the way out of a position (SL-6): while a stop or a slice may still sell, it waits for how that ends. */
export const goOn = (slot: Slot, position: Held, reason: ExitReason, seen: Seen): Protected =>
  isLiveStop(position.stop) || sliceOf(position) !== null ? asItIs(slot) : sell(slot, position, reason, seen);

/** Begins to leave a position (SL-6): a stop at the venue is cancelled and a slice ends before the sale. */
export const leave = (slot: Slot, position: Held, reason: ExitReason, seen: Seen): Protected => {
  const { context } = seen;
  const fields = { symbol: slot.symbol, reason };
  if (!isLiveStop(position.stop)) {
    if (sliceOf(position) === null) return sell(slot, position, reason, seen);
    const told = note('LEAVING', `${slot.symbol}: its slice ends before the rest is sold (${reason})`, fields);
    return { ...afterSlice(slot, position, reason, context), notes: [told] };
  }
  return {
    ...withoutOrders(slot, position, position.stop, { reason, context }),
    notes: [note('LEAVING', `${slot.symbol}: its stop is cancelled before it is sold (${reason})`, fields)],
  };
};
