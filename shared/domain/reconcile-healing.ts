// Heals what no rule ends by itself (SL-11, SL-13): claims and orders whose other half is gone. Each heals for a reason.
import type { Context } from './context.ts';
import { cancelActionId, placeActionId } from './action.ts';
import { decideOrderAbsent } from './decide-action.ts';
import { MONEY_PLACES, ZERO } from './decimal.ts';
import type { Change, Decision, Note, OrderRecord, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import type { Event } from './event.ts';
import { findAction } from './found-action.ts';
import { planCancel } from './new-order.ts';
import { isLive } from './order-lifecycle.ts';
import { unplannedRules } from './reconcile-adoption.ts';
import { isHeld } from './position-moves.ts';
import { restingStop, withProtection, withStop } from './protect.ts';
import type { Entry, Order, Slot, SlotRef } from './slot.ts';
import { cancelledAgain, cancelsAsked, endEntry, newSlot } from './slot-moves.ts';

export type HealedFor = 'STOP_DIFFERS' | 'ORDER_VANISHED' | 'CLAIM_ORPHANED' | 'CANCEL_LOST' | 'ORPHAN_FOUND' | 'CLAIM_EXPIRED';

/** Tells what was healed and why; counted by its reason. */
export const healed = (reason: HealedFor, symbol: string, message: string, fields: Note['fields'] = {}): Note =>
  note('HEALED', `${symbol}: ${message}`, { ...fields, symbol, reason }, 'WARN');

/** Ends an order that the venue does not have and that nothing of ours is about any more (EX-9): its id keeps a tombstone. */
export const decideOrderVanished = (
  { clientOrderId }: { readonly clientOrderId: string },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const actionId = placeActionId(clientOrderId);
  const record = snapshot.orders.get(clientOrderId);
  if (record === undefined) return ignore('FOREIGN_ORDER');
  // A placement that is still to be answered is looked up by its own action.
  if (snapshot.actions.has(actionId)) return ignore('ACTION_OPEN');
  if (record.place !== 'IN_SLOT') return ignore('ALREADY_DONE');
  const decision = decideOrderAbsent({ actionId, clientOrderId }, snapshot, context);
  if (decision.kind === 'IGNORE') return decision;
  const told = healed('ORDER_VANISHED', record.ref.symbol, 'an order that the venue does not have is given up', { clientOrderId });
  return { ...decision, notes: [...decision.notes, told] };
};

const victimOf = (entry: Extract<Entry, { status: 'WAITING' }>, snapshot: Snapshot): Slot | undefined =>
  snapshot.slots.get(slotKey(entry.steal.victim));

/** Tells whether a victim still yields to a thief (WS-8): only then its end gives the thief its room. */
export const yieldsTo = (victim: Slot | undefined, entry: Extract<Entry, { status: 'WAITING' }>): boolean =>
  victim?.entry.status === 'YIELDING' && victim.entry.order.clientOrderId === entry.steal.victimClientOrderId;

/** Gives back the room of a thief whose victim yields to it no more (WS-8): nobody would ever end its wait. */
export const decideClaimOrphaned = ({ ref }: { readonly ref: SlotRef }, snapshot: Snapshot): Decision => {
  const thief = snapshot.slots.get(slotKey(ref));
  if (thief?.entry.status !== 'WAITING') return ignore('ALREADY_DONE');
  const victim = victimOf(thief.entry, snapshot);
  if (yieldsTo(victim, thief.entry)) return ignore('STILL_YIELDING');
  return commit({
    ...EMPTY_DRAFT,
    // The victim is written as it is: the two were read one after the other, and it may have begun to yield since.
    slots: [moveSlot(thief, endEntry(thief)), ...(victim === undefined ? [] : [moveSlot(victim, victim)])],
    notes: [healed('CLAIM_ORPHANED', thief.symbol, 'room held for a steal that nobody yields to is given back')],
  });
};

/** Plans the next cancel of an entry or a stop on its way out of which no cancel is under way any more (EW-5). */
export const decideCancelLost = (
  event: { readonly clientOrderId: string; readonly attempt: number },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const { clientOrderId, attempt } = event;
  const found = findAction({ actionId: cancelActionId(clientOrderId, attempt), clientOrderId }, snapshot);
  if (found === null) return ignore('FOREIGN_ORDER');
  const { slot, action, order } = found;
  const isAsSeen = cancelsAsked(slot, clientOrderId) === attempt;
  const next = isAsSeen ? cancelledAgain(slot, clientOrderId) : null;
  if (action !== undefined || next === null) return ignore('ALREADY_DONE');
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, next.slot)],
    changes: [planCancel(slot, order, next.attempt, context)],
    notes: [healed('CANCEL_LOST', slot.symbol, 'an order on its way out is cancelled again', { clientOrderId })],
  });
};

type Differs = Extract<Event, { type: 'STOP_DIFFERS' }>;

/**
 * Takes over the terms at which a stop was twice found to rest, and moves it to where it belongs (SL-5, SL-7): a change
 * of ours that was given up may have taken effect after all.
 */
export const decideStopDiffers = ({ clientOrderId, stopPrice, quantity }: Differs, snapshot: Snapshot, context: Context): Decision => {
  const record = snapshot.orders.get(clientOrderId);
  const slot = record === undefined ? undefined : snapshot.slots.get(slotKey(record.ref));
  const stop = slot === undefined ? null : restingStop(slot, clientOrderId);
  if (slot === undefined || stop === null || !isHeld(slot.position)) return ignore('ALREADY_DONE');
  const found = withStop(slot, slot.position, { ...stop, order: { ...stop.order, stopPrice, quantity } });
  const next = withProtection(found, context);
  const told = healed('STOP_DIFFERS', slot.symbol, `its stop rests at ${stopPrice.toFixed()} and is moved`, { clientOrderId });
  return commit({ ...EMPTY_DRAFT, slots: [moveSlot(slot, next.slot)], changes: next.changes, notes: [told, ...next.notes] });
};

type Orphan = Extract<Event, { type: 'ORPHAN_FOUND' }>;

/** What it had filled is in no book of ours: the position tells of it, and only what fills from now on is counted. */
const orphanOrder = ({ report, purpose, fence, side }: Orphan, context: Context): Order => {
  const filledQuantity = report.filledQuantity ?? ZERO;
  return {
    clientOrderId: report.clientOrderId,
    exchangeOrderId: report.exchangeOrderId,
    purpose,
    fence,
    side,
    quantity: report.quantity ?? filledQuantity,
    limit: report.limit,
    stopPrice: report.stopPrice,
    status: report.status,
    filledQuantity,
    filledNotional: filledQuantity.times(report.averagePrice ?? ZERO).toDecimalPlaces(MONEY_PLACES),
    tradedQuantity: ZERO,
    createdAt: Math.min(report.at, context.now),
  };
};

/**
 * Takes back an order that has an id of ours and no record, as after a restore (EX-11): a record with a tombstone, a
 * fence that its id cannot come from again, and its cancel. A record that exists already keeps the commit from being made.
 */
export const decideOrphanFound = (event: Orphan, snapshot: Snapshot, context: Context): Decision => {
  const { report, ref, assetClass, purpose, fence } = event;
  if (snapshot.orders.has(report.clientOrderId)) return ignore('ALREADY_DONE');
  const before = snapshot.slots.get(slotKey(ref)) ?? null;
  const found = before ?? newSlot(ref, assetClass);
  const slot: Slot = { ...found, fence: Math.max(found.fence, fence + 1) };
  const order = orphanOrder(event, context);
  const after: OrderRecord = { ref, assetClass, order, mode: 'normal', rules: unplannedRules(assetClass, event.market), place: 'TOMBSTONE', revision: 1 };
  const cancel: readonly Change[] = isLive(report.status) ? [planCancel(slot, order, 1, context)] : [];
  const { clientOrderId } = report;
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(before, slot)],
    changes: [{ kind: 'ORDER', before: null, after }, ...cancel],
    notes: [healed('ORPHAN_FOUND', ref.symbol, 'an order of ours without a record is cancelled', { clientOrderId, purpose, fence })],
  });
};
