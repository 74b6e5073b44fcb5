// Puts what was read together as a snapshot.
import type { Capacity } from '../../domain/account.ts';
import type { Action } from '../../domain/action.ts';
import { type OrderRecord, type QuoteBoard, slotKey, type Snapshot, type StealRecord } from '../../domain/decision.ts';
import { NEVER_RECONCILED, type ReconcileState } from '../../domain/reconcile-state.ts';
import type { Slot } from '../../domain/slot.ts';
import { readAction } from './action-item.ts';
import { readCapacity } from './capacity-item.ts';
import { readSteal } from './history-items.ts';
import { readOrderRecord } from './order-item.ts';
import { NO_QUOTES, readQuotes } from './quotes-item.ts';
import { readReconcile } from './reconcile-item.ts';
import { readSlot } from './slot-item.ts';
import type { StoredItem } from './stored-item.ts';
import { type ItemKind, kindOfKey, tradeIdOf } from './table-keys.ts';

/** A snapshot in the making. */
export class SnapshotDraft {
  readonly #account: string;
  #capacity: Capacity | null = null;
  #board: QuoteBoard = NO_QUOTES;
  #webhookSeen = false;
  #reconcile: ReconcileState = NEVER_RECONCILED;
  readonly #slots = new Map<string, Slot>();
  readonly #steals: StealRecord[] = [];
  readonly #orders = new Map<string, OrderRecord>();
  readonly #actions = new Map<string, Action>();
  readonly #countedTrades = new Set<string>();

  readonly #readers: Readonly<Record<ItemKind, (item: StoredItem) => void>> = {
    CAPACITY: (item) => {
      this.#capacity = readCapacity(item);
    },
    QUOTES: (item) => {
      this.#board = readQuotes(item);
    },
    WEBHOOK: () => {
      this.#webhookSeen = true;
    },
    FILL: (item) => {
      this.#countedTrades.add(tradeIdOf(item.sortKey));
    },
    SLOT: (item) => {
      const slot = readSlot(item);
      this.#slots.set(slotKey(slot), slot);
    },
    STEAL: (item) => {
      this.#steals.push(readSteal(item));
    },
    ORDER: (item) => {
      const record = readOrderRecord(item);
      this.#orders.set(record.order.clientOrderId, record);
    },
    ACTION: (item) => {
      const action = readAction(item);
      this.#actions.set(action.id, action);
    },
    RECONCILE: (item) => {
      this.#reconcile = readReconcile(item);
    },
    MARKET: () => undefined,
    TRIP: () => undefined,
    VENUE: () => undefined,
    REPORT: () => undefined,
  };

  constructor(account: string) {
    this.#account = account;
  }

  get slots(): readonly Slot[] {
    return [...this.#slots.values()];
  }

  order(clientOrderId: string): OrderRecord | null {
    return this.#orders.get(clientOrderId) ?? null;
  }

  add(items: readonly StoredItem[]): this {
    for (const item of items) this.#place(item);
    return this;
  }

  finish(): Snapshot {
    return {
      account: this.#account,
      capacity: this.#capacity,
      board: this.#board,
      slots: this.#slots,
      steals: this.#steals,
      orders: this.#orders,
      actions: this.#actions,
      countedTrades: this.#countedTrades,
      webhookSeen: this.#webhookSeen,
      reconcile: this.#reconcile,
    };
  }

  #place(item: StoredItem): void {
    const kind = kindOfKey(item.sortKey);
    if (kind !== null) this.#readers[kind](item);
  }
}
