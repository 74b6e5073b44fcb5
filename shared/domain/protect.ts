// Keeps the protective order of a position what it has to be (SL-4, SL-5, SL-7): there, as large as what is held, at its price.
import type { Context, StopMoves } from './context.ts';
import type { Change, Note } from './decision.ts';
import { note } from './draft.ts';
import { closingSide } from './exit-due.ts';
import { settingsWith } from './market-time.ts';
import { planAmend, planCancel, planOrder } from './new-order.ts';
import { isAcknowledged } from './order-progress.ts';
import type { Held } from './position-moves.ts';
import { coverFor } from './reduction.ts';
import { remainingQuantity } from './room.ts';
import { freedSlice, isResting } from './slice-order.ts';
import type { Amendment, FormerStop, Order, Slot, Stop } from './slot.ts';
import { stopOf } from './slot-orders.ts';
import type { Cover } from './stop-price.ts';

type Placed = Extract<Stop, { status: 'PLACED' }>;
/** A stop that is at the venue, or on its way there or away. */
export type LiveStop = Extract<Stop, { order: Order }>;
type Ordered = Extract<Cover, { kind: 'ORDER' }>;

/** A slot after its stop was seen to, with what has to be written and told beside it. */
export interface Protected {
  readonly slot: Slot;
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

/** Leaves a slot as it is. */
export const asItIs = (slot: Slot): Protected => ({ slot, changes: [], notes: [] });

/** Tells whether a stop is at the venue. */
export const isLiveStop = (stop: Stop): stop is LiveStop => stop.status === 'PLACED' || stop.status === 'CANCELLING';

/** A stop that rests with nothing of it under way; null where that is not so of the order named. */
export const restingStop = ({ position }: Slot, clientOrderId: string): Placed | null => {
  const stop = stopOf(position);
  if (stop?.status !== 'PLACED' || stop.order.clientOrderId !== clientOrderId) return null;
  return isResting(stop) ? stop : null;
};

/** Gives a slot's position another stop. */
export const withStop = (slot: Slot, position: Held, stop: Stop): Slot => ({ ...slot, position: { ...position, stop } });

const watched = (slot: Slot, position: Held, reason: Extract<Stop, { status: 'WATCHED' }>['reason']): Protected => {
  const { stop } = position;
  if (stop.status === 'WATCHED' && stop.reason === reason) return asItIs(slot);
  const fields = { symbol: slot.symbol, reason };
  const told = note('STOP_WATCHED', `${slot.symbol}: the venue takes no stop (${reason}), so its price is watched`, fields, 'WARN');
  // What the venue refused for good leaves the position without a stop, and that is not forgotten.
  const unprotectedSince = reason === 'REFUSED' ? position.unprotectedSince : null;
  return { slot: withStop(slot, { ...position, unprotectedSince }, { status: 'WATCHED', reason }), changes: [], notes: [told] };
};

const newStop = (slot: Slot, position: Held, cover: Ordered, context: Context) =>
  planOrder(
    slot,
    {
      purpose: 'STOP',
      side: closingSide(position.side),
      quantity: cover.quantity,
      limit: null,
      stopPrice: position.stopPrice,
      timeInForce: 'GTC',
      shown: null,
      keeps: { mode: position.mode, rules: position.rules },
    },
    context,
  );

/** Plans a stop under the next fence; `former` is the one that covers until this one does. */
const placed = (slot: Slot, position: Held, cover: Ordered, terms: { former: FormerStop | null; context: Context }): Protected => {
  const { former, context } = terms;
  const { order, changes } = newStop(slot, position, cover, context);
  const stop: Stop = { status: 'PLACED', order, amendment: null, attempts: 0, former, breachedAt: null };
  const since = former === null ? (position.unprotectedSince ?? context.now) : position.unprotectedSince;
  const fields = {
    symbol: slot.symbol,
    clientOrderId: order.clientOrderId,
    stopPrice: order.stopPrice?.toFixed() ?? null,
    quantity: order.quantity.toFixed(),
  };
  const told = note('STOP_PLANNED', `${slot.symbol}: stop planned at ${order.stopPrice?.toFixed() ?? ''}`, fields);
  return {
    slot: { ...withStop(slot, { ...position, unprotectedSince: since }, stop), fence: order.fence },
    changes,
    notes: [told],
  };
};

/** A refused stop is tried again, once an event, and at last watched by ourselves (SL-7). */
const firstStop = (slot: Slot, position: Held, context: Context): Protected => {
  const cover = coverFor(position);
  if (cover.kind === 'NOTHING_HELD') return asItIs(slot);
  if (cover.kind === 'WATCHED') return watched(slot, position, cover.reason);
  const { maxOrderRetries } = settingsWith(position.rules.own, context.settings);
  if (position.stopFailures > maxOrderRetries) return watched(slot, position, 'REFUSED');
  return placed(slot, position, cover, { former: null, context });
};

const amended = (slot: Slot, position: Held, stop: Placed, terms: { cover: Ordered; context: Context }): Protected => {
  const { cover, context } = terms;
  const amendment: Amendment = {
    attempt: stop.attempts + 1,
    plannedAt: context.now,
    limit: null,
    stopPrice: position.stopPrice,
    quantity: stop.order.filledQuantity.plus(cover.quantity),
  };
  return {
    slot: withStop(slot, position, { ...stop, amendment, attempts: amendment.attempt }),
    changes: [planAmend(slot, stop.order, amendment, context)],
    notes: [movedNote(slot, stop.order, position, cover)],
  };
};

const movedNote = (slot: Slot, order: Order, position: Held, cover: Ordered): Note => {
  const fields = {
    symbol: slot.symbol,
    clientOrderId: order.clientOrderId,
    from: order.stopPrice?.toFixed() ?? null,
    to: position.stopPrice?.toFixed() ?? null,
    quantity: cover.quantity.toFixed(),
  };
  return note('STOP_MOVED', `${slot.symbol}: stop moves to ${fields.to ?? ''} for ${fields.quantity}`, fields);
};

/** Begins the cancel of whatever protects a position; what is not acknowledged yet waits for that (SL-6). */
export const cancelStop = (slot: Slot, position: Held, stop: LiveStop, context: Context): Protected => {
  const own = cancelOnce(slot, { order: stop.order, attempts: stop.status === 'CANCELLING' ? stop.attempts : 0 }, context);
  const former = stop.former === null ? { asked: null, changes: [] } : cancelOnce(slot, stop.former, context);
  return {
    slot: withStop(slot, position, { status: 'CANCELLING', ...own.asked, former: former.asked }),
    changes: [...own.changes, ...former.changes],
    notes: [],
  };
};

/** Asks for the first cancel of a stop, once it is acknowledged; one that was asked for is not asked for again. */
export const cancelOnce = (slot: Slot, stop: FormerStop, context: Context): { readonly asked: FormerStop; readonly changes: readonly Change[] } => {
  if (stop.attempts > 0 || !isAcknowledged(stop.order.status)) return { asked: stop, changes: [] };
  return { asked: { ...stop, attempts: 1 }, changes: [planCancel(slot, stop.order, 1, context)] };
};

/**
 * A venue that has refused a second stop beside the first is asked to take the first away before the next; and so is one
 * that is not told that they only reduce (EX-5), for both could fill.
 */
const wayOf = ({ stopFailures, rules }: Held, { stopMoves }: Context): StopMoves =>
  stopMoves === 'PLACE_FIRST' && (stopFailures > 0 || rules.netted) ? 'CANCEL_FIRST' : stopMoves;

const moved = (slot: Slot, position: Held, stop: Placed, terms: { cover: Ordered; context: Context }): Protected => {
  const { cover, context } = terms;
  switch (wayOf(position, context)) {
    case 'AMEND':
      return amended(slot, position, stop, terms);
    case 'PLACE_FIRST': {
      const next = placed(slot, position, cover, { former: { order: stop.order, attempts: 0 }, context });
      return { ...next, notes: [movedNote(slot, stop.order, position, cover)] };
    }
    case 'CANCEL_FIRST': {
      const cancelled = cancelStop(slot, position, stop, context);
      return { ...cancelled, notes: [movedNote(slot, stop.order, position, cover)] };
    }
  }
};

const isRight = (order: Order, position: Held, cover: Ordered): boolean =>
  remainingQuantity(order).equals(cover.quantity) && position.stopPrice !== null && order.stopPrice?.equals(position.stopPrice) === true;

/** Where another could not be placed any more, the stop that is there covers better than none (SL-7). */
export const mayReplace = (position: Held, context: Context): boolean =>
  context.stopMoves === 'AMEND' || position.stopFailures <= settingsWith(position.rules.own, context.settings).maxOrderRetries;

/** A stop is moved by one step at a time, each on what the venue has confirmed. */
const adjusted = (slot: Slot, position: Held, stop: Placed, context: Context): Protected => {
  const cover = coverFor(position);
  if (!isResting(stop) || !mayReplace(position, context)) return asItIs(slot);
  if (cover.kind !== 'ORDER' || isRight(stop.order, position, cover)) return asItIs(slot);
  return moved(slot, position, stop, { cover, context });
};

const withCover = (slot: Slot, position: Held, context: Context): Protected => {
  const { stop } = position;
  switch (stop.status) {
    case 'NONE':
      return firstStop(slot, position, context);
    case 'WATCHED':
      return stop.reason === 'REFUSED' ? asItIs(slot) : firstStop(slot, position, context);
    case 'PLACED':
      return adjusted(slot, position, stop, context);
    case 'CANCELLING':
      return asItIs(slot);
  }
};

/**
 * Sees to the stop of an open position (SL-4, SL-7): plans one where there is none, and moves it where what is held or
 * where it is protected has changed. Changes nothing while a step is under way, or where all is as it should be; a slice
 * that the stop has left its units to is sold (EX-1).
 */
export const withProtection = (slot: Slot, context: Context): Protected => {
  const { position } = slot;
  if (position.status !== 'OPEN') return asItIs(slot);
  const covered = withCover(slot, position, context);
  const slice = freedSlice(covered.slot, context);
  if (slice === null) return covered;
  return { slot: slice.slot, changes: [...covered.changes, ...slice.changes], notes: [...covered.notes, ...slice.notes] };
};
