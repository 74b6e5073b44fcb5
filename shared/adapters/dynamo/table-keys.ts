// Where things stand in the table. One query over BOOK# meets capacity, quotes, slots and steals in that order, so
// that whatever was written between two of its pages shows in an item read later, or breaks a condition.
import type { Millis } from '../../domain/instant.ts';
import type { SlotRef } from '../../domain/slot.ts';
import { PARTITION_KEY, SORT_KEY, TIME_TO_LIVE } from '../../table-names.ts';

export { PARTITION_KEY, SORT_KEY, TIME_TO_LIVE };

const SEPARATOR = '#';
const MILLIS_DIGITS = 15;
/** Sorts after every symbol, action and order id. */
const LAST = '\u{10ffff}';

export const CAPACITY_KEY = 'BOOK#1#CAPACITY';
export const QUOTES_KEY = 'BOOK#2#QUOTES';
export const RECONCILE_KEY = 'RECONCILE';
const SLOT_PREFIX = 'BOOK#3#SLOT#';
const STEAL_PREFIX = 'BOOK#4#STEAL#';
export const ACTION_PREFIX = 'ACTION#';
export const MARKET_PREFIX = 'MARKET#';
const ORDER_PREFIX = 'ORDER#';
const FILL_PREFIX = 'FILL#';
export const TRIP_PREFIX = 'TRIP#';
const WEBHOOK_PREFIX = 'WEBHOOK#';
const VENUE_PREFIX = 'VENUE#';
export const REPORT_PREFIX = 'REPORT#';

export const slotSortKey = (ref: SlotRef): string => `${SLOT_PREFIX}${ref.symbol}${SEPARATOR}${ref.slot}`;
export const actionSortKey = (id: string): string => `${ACTION_PREFIX}${id}`;
export const orderSortKey = (clientOrderId: string): string => `${ORDER_PREFIX}${clientOrderId}`;
export const fillSortKey = (clientOrderId: string, tradeId: string): string => `${FILL_PREFIX}${clientOrderId}${SEPARATOR}${tradeId}`;
export const webhookSortKey = (id: string): string => `${WEBHOOK_PREFIX}${id}`;
export const venueSortKey = (venue: string): string => `${VENUE_PREFIX}${venue}`;
export const reportSortKey = (date: string): string => `${REPORT_PREFIX}${date}`;
export const marketSortKey = (symbol: string): string => `${MARKET_PREFIX}${symbol}`;

/** Round trips sort by the time of their closing, so that those of a period are one query. */
export const tripSortKey = (at: Millis, id: string): string => `${TRIP_PREFIX}${pad(at)}${SEPARATOR}${id}`;

/** Steals sort by time; thief and victim make the key of each its own. */
export const stealSortKey = (at: Millis, thief: SlotRef, victim: SlotRef): string =>
  `${STEAL_PREFIX}${pad(at)}${SEPARATOR}${refText(thief)}${SEPARATOR}${refText(victim)}`;

/** From capacity to the last slot. */
export const BOOK_RANGE = { from: CAPACITY_KEY, to: `${SLOT_PREFIX}${LAST}` } as const;
/** Slots alone. */
export const SLOT_RANGE = { from: SLOT_PREFIX, to: `${SLOT_PREFIX}${LAST}` } as const;
/** Steals at or after a time. */
export const stealRange = (since: Millis): { readonly from: string; readonly to: string } => ({
  from: `${STEAL_PREFIX}${pad(since)}`,
  to: `${STEAL_PREFIX}${LAST}`,
});
/** Steals from one time to another, both included. */
export const stealsBetween = (from: Millis, to: Millis): { readonly from: string; readonly to: string } => ({
  from: `${STEAL_PREFIX}${pad(from)}`,
  to: `${STEAL_PREFIX}${pad(to)}${LAST}`,
});
/** Round trips closed from one time to another, both included. */
export const tripRange = (from: Millis, to: Millis): { readonly from: string; readonly to: string } => ({
  from: `${TRIP_PREFIX}${pad(from)}`,
  to: `${TRIP_PREFIX}${pad(to)}${LAST}`,
});
/** Everything whose key begins so. */
export const rangeOf = (prefix: string): { readonly from: string; readonly to: string } => ({ from: prefix, to: `${prefix}${LAST}` });

const PREFIXES = [
  ['CAPACITY', CAPACITY_KEY],
  ['QUOTES', QUOTES_KEY],
  ['SLOT', SLOT_PREFIX],
  ['STEAL', STEAL_PREFIX],
  ['ACTION', ACTION_PREFIX],
  ['ORDER', ORDER_PREFIX],
  ['FILL', FILL_PREFIX],
  ['TRIP', TRIP_PREFIX],
  ['WEBHOOK', WEBHOOK_PREFIX],
  ['MARKET', MARKET_PREFIX],
  ['RECONCILE', RECONCILE_KEY],
  ['VENUE', VENUE_PREFIX],
  ['REPORT', REPORT_PREFIX],
] as const;

export type ItemKind = (typeof PREFIXES)[number][0];

/** What an item is by its key; null where this code knows none such. */
export const kindOfKey = (sortKey: string): ItemKind | null =>
  PREFIXES.find(([, prefix]) => sortKey.startsWith(prefix))?.[0] ?? null;

/** Reads the trade out of a fill's key; an order id holds no separator, a trade id may. */
export const tradeIdOf = (sortKey: string): string => sortKey.slice(FILL_PREFIX.length).split(SEPARATOR).slice(1).join(SEPARATOR);

/** Reads the slot out of its key; a symbol holds no separator. */
export const slotRefOf = (sortKey: string): SlotRef => {
  const [symbol = '', ...slot] = sortKey.slice(SLOT_PREFIX.length).split(SEPARATOR);
  return { symbol, slot: slot.join(SEPARATOR) };
};

const refText = (ref: SlotRef): string => `${ref.symbol}:${ref.slot}`;
const pad = (at: Millis): string => String(Math.max(0, at)).padStart(MILLIS_DIGITS, '0');
