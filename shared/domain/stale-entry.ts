// The life of a symbol's waiting entry orders (SL-3), the one that is kept and those it replaced.
import { type CancellableOrder, type CancellableReport, absorbWord } from './cancellable-order.ts';
import { type Decimal, ZERO, sum } from './decimal.ts';
import type { Millis } from './instant.ts';
import { isLive } from './order-lifecycle.ts';
import { minutes } from './session-window.ts';
import type { Settings } from './settings.ts';

/** One entry order. */
export interface WaitingEntry extends CancellableOrder {
  readonly id: string;
  readonly placedAt: Millis;
}

/** The entry orders of one symbol; `entryId` is the one that is kept. */
export interface EntryOrders {
  readonly entryId: string | null;
  readonly orders: readonly WaitingEntry[];
}

/** What is reported of one of them. */
export interface EntryUpdate extends CancellableReport {
  readonly id: string;
}

/** No entry order at all. */
export const NO_ENTRY_ORDERS: EntryOrders = { entryId: null, orders: [] };

/** Tells whether an entry has waited for too long (SL-3): strictly longer than `ORDER_TIMEOUT_MINUTES`. */
export function isStale(placedAt: Millis, now: Millis, settings: Pick<Settings, 'orderTimeoutMinutes'>): boolean {
  return now - placedAt > minutes(settings.orderTimeoutMinutes);
}

/** Keeps a new entry order (SL-3); one that it takes the place of stays known until its end is. */
export function keepEntry(known: EntryOrders, placed: { readonly id: string; readonly placedAt: Millis }): EntryOrders {
  if (known.orders.some((order) => order.id === placed.id)) return known;
  const entry: WaitingEntry = { ...placed, status: 'SUBMITTED', filledQuantity: ZERO, cancelAsked: false };
  return { entryId: entry.id, orders: [...known.orders, entry] };
}

/** Finds the entry to cancel for its age (SL-3): once, and again only after a cancel was refused. Null for none. */
export function staleEntry(known: EntryOrders, now: Millis, settings: Pick<Settings, 'orderTimeoutMinutes'>): string | null {
  const entry = known.orders.find((order) => order.id === known.entryId);
  if (entry === undefined || entry.cancelAsked || !isLive(entry.status)) return null;
  return isStale(entry.placedAt, now, settings) ? entry.id : null;
}

/** Notes that the cancel of an entry was asked for. */
export function askCancel(known: EntryOrders, id: string): EntryOrders {
  return changeOrder(known, id, (order) => ({ ...order, cancelAsked: true }));
}

/** Applies a report (SL-3, SL-10): ends are never undone, fills never shrink, and the id is dropped only if it is still that one. */
export function updateEntry(known: EntryOrders, update: EntryUpdate): EntryOrders {
  const next = changeOrder(known, update.id, (order) => absorbWord(order, update));
  const ended = next.orders.some((order) => order.id === update.id && !isLive(order.status));
  return ended && known.entryId === update.id ? { ...next, entryId: null } : next;
}

/** Adds up what the entries have filled, in units. */
export function enteredQuantity(known: EntryOrders): Decimal {
  return sum(known.orders.map((order) => order.filledQuantity));
}

/** Tells whether a replacement may be considered (SL-3): flat, and every entry order, also a replaced one, known to have ended. */
export function mayReplace(known: EntryOrders): boolean {
  // The word alone that an order is filled is enough not to buy again.
  return known.orders.every((order) => !isLive(order.status) && order.status !== 'FILLED' && order.filledQuantity.isZero());
}

function changeOrder(known: EntryOrders, id: string, change: (order: WaitingEntry) => WaitingEntry): EntryOrders {
  return { ...known, orders: known.orders.map((order) => (order.id === id ? change(order) : order)) };
}
