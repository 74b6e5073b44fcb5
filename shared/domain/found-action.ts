// An action with the order, the record and the slot that it is about.
import type { Action } from './action.ts';
import type { Decision, OrderRecord, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore } from './draft.ts';
import { endAction } from './new-order.ts';
import type { Order, Slot } from './slot.ts';
import { ordersIn } from './slot-orders.ts';

export interface Found {
  readonly action: Action | undefined;
  readonly slot: Slot;
  readonly record: OrderRecord;
  readonly order: Order;
}

/** The order as its slot has it, else as it left it. */
export const currentOrder = (slot: Slot, record: OrderRecord): Order => {
  const { clientOrderId } = record.order;
  return ordersIn(slot).find(({ order }) => order.clientOrderId === clientOrderId)?.order ?? record.order;
};

/** Finds what an event about an action is about; null for an order that is not ours. */
export const findAction = (event: { actionId: string; clientOrderId: string }, snapshot: Snapshot): Found | null => {
  const record = snapshot.orders.get(event.clientOrderId);
  const slot = record === undefined ? undefined : snapshot.slots.get(slotKey(record.ref));
  if (record === undefined || slot === undefined) return null;
  return { action: snapshot.actions.get(event.actionId), slot, record, order: currentOrder(slot, record) };
};

/** Ends an action that has nothing left to do. */
export const endOnly = (action: Action | undefined): Decision =>
  action === undefined ? ignore('ALREADY_DONE') : commit({ ...EMPTY_DRAFT, changes: endAction(action) });
