// What the relay knows of its own past, kept in a small file: a relay that starts again catches up from there.
import type { OrderRef } from '../../../shared/ports.ts';
import type { ProgressStore } from './relay-deps.ts';

/** How far the relay has come. */
export class Memory {
  readonly #store: ProgressStore;
  readonly #live: Map<string, string>;
  #cursor: string | null;
  #isSaved = true;

  constructor(store: ProgressStore) {
    const { cursor, live } = store.load();
    this.#store = store;
    this.#cursor = cursor;
    this.#live = new Map(Object.entries(live));
  }

  /** How far the account's trades were read; null before the first time. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Orders that may still change, as far as was told. */
  live(): readonly OrderRef[] {
    return [...this.#live].map(([clientOrderId, symbol]) => ({ clientOrderId, symbol }));
  }

  /** Remembers an order until it is known to be over. */
  expect({ clientOrderId, symbol }: OrderRef): void {
    if (this.#live.get(clientOrderId) === symbol) return;
    this.#live.set(clientOrderId, symbol);
    this.#isSaved = false;
  }

  /** Forgets an order whose end was told, or which the venue has not. */
  forget(clientOrderId: string): void {
    if (this.#live.delete(clientOrderId)) this.#isSaved = false;
  }

  /** Moves on among the trades; the orders of what was passed are expected already. */
  moveTo(cursor: string | null): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.#isSaved = false;
  }

  /** Writes down what has changed. */
  save(): void {
    if (this.#isSaved) return;
    this.#store.save({ cursor: this.#cursor, live: Object.fromEntries(this.#live) });
    this.#isSaved = true;
  }
}
