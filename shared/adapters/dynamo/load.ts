// Reads what a decision needs. What is read may be old by the time of the commit: its conditions check again.
import { placeActionId } from '../../domain/action.ts';
import type { Snapshot } from '../../domain/decision.ts';
import { ordersIn } from '../../domain/slot-orders.ts';
import type { Slot, SlotRef } from '../../domain/slot.ts';
import type { Scope } from '../../ports.ts';
import { SnapshotDraft } from './snapshots.ts';
import { readMany, readRange, type Table } from './table.ts';
import { actionSortKey, BOOK_RANGE, CAPACITY_KEY, fillSortKey, orderSortKey, QUOTES_KEY, RECONCILE_KEY, slotSortKey, stealRange, webhookSortKey } from './table-keys.ts';

type ScopeOf<Kind extends Scope['kind']> = Extract<Scope, { kind: Kind }>;

/** Reads the items that the scope names, each strongly consistent. */
export const loadSnapshot = async (table: Table, account: string, scope: Scope): Promise<Snapshot> => {
  const draft = new SnapshotDraft(account);
  switch (scope.kind) {
    case 'BOOK':
      await loadBook(table, account, draft, scope);
      break;
    case 'SLOT':
      await loadSlot(table, account, draft, scope.ref);
      break;
    case 'ORDER':
      await loadOrder(table, account, draft, scope);
      break;
    case 'ACCOUNT':
      draft.add(await readMany(table, account, [CAPACITY_KEY, QUOTES_KEY]));
      break;
    case 'RECONCILE':
      draft.add(await readMany(table, account, [RECONCILE_KEY, CAPACITY_KEY, QUOTES_KEY]));
      break;
  }
  return draft.finish();
};

const loadBook = async (table: Table, account: string, draft: SnapshotDraft, scope: ScopeOf<'BOOK'>): Promise<void> => {
  draft.add(await readRange(table, account, BOOK_RANGE));
  // Steals after the slots: a steal recorded in between has moved a slot, and the commit's conditions will see it.
  if (scope.stealsSince !== null) draft.add(await readRange(table, account, stealRange(scope.stealsSince)));
};

const loadSlot = async (table: Table, account: string, draft: SnapshotDraft, ref: SlotRef): Promise<void> => {
  draft.add(await readMany(table, account, [slotSortKey(ref), CAPACITY_KEY, QUOTES_KEY]));
  draft.add(await readMany(table, account, draft.slots.flatMap(placementsOf)));
};

// An order that is taken back unsent needs both: its action ends, its record is closed.
const placementsOf = (slot: Slot): readonly string[] =>
  ordersIn(slot).flatMap(({ order }) => [actionSortKey(placeActionId(order.clientOrderId)), orderSortKey(order.clientOrderId)]);

const loadOrder = async (table: Table, account: string, draft: SnapshotDraft, scope: ScopeOf<'ORDER'>): Promise<void> => {
  const { clientOrderId } = scope;
  draft.add(
    await readMany(table, account, [
      orderSortKey(clientOrderId),
      ...(scope.webhookId === null ? [] : [webhookSortKey(scope.webhookId)]),
      ...scope.tradeIds.map((tradeId) => fillSortKey(clientOrderId, tradeId)),
      ...[placeActionId(clientOrderId), ...scope.actionIds].map(actionSortKey),
    ]),
  );
  const record = draft.order(clientOrderId);
  const slot = record === null ? [] : [slotSortKey(record.ref)];
  draft.add(await readMany(table, account, [...slot, CAPACITY_KEY, QUOTES_KEY]));
  draft.add(await readMany(table, account, draft.slots.flatMap((own) => [...thiefOf(own), ...replacedOf(own)])));
};

const thiefOf = ({ entry }: Slot): readonly string[] => (entry.status === 'YIELDING' ? [slotSortKey(entry.thief)] : []);

// Whatever ends one of two stops that overlap decides about both: which of them stays, and whose record is closed.
const replacedOf = (slot: Slot): readonly string[] => {
  const orders = ordersIn(slot);
  if (!orders.some(({ place }) => place === 'FORMER_STOP')) return [];
  return orders.filter(({ place }) => place !== 'ENTRY' && place !== 'EXIT').map(({ order }) => orderSortKey(order.clientOrderId));
};
