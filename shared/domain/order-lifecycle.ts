// The life of one order as data: every legal step is a row, and what is not a row is refused.
import { type Decimal, sum } from './decimal.ts';

/** Where an order stands (EX-2). */
export type OrderStatus =
  'PENDING' | 'SUBMITTED' | 'OPEN' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELLED' | 'REJECTED' | 'EXPIRED';

/** One legal step: what is reported in a status, the status that follows, and why where that is not plain. */
export interface OrderTransition {
  readonly from: OrderStatus;
  readonly reported: OrderStatus;
  readonly next: OrderStatus;
  readonly reason: string | null;
}

/** Part of an order that was executed; its id is the venue's and counts once. */
export interface OrderTrade {
  readonly id: string;
  readonly quantity: Decimal;
}

/** What is known of an order's executions. */
export interface OrderProgress {
  readonly quantity: Decimal;
  readonly status: OrderStatus;
  readonly trades: readonly OrderTrade[];
}

/** A report of the venue: its own word for the status, and the trade it tells of, if any. */
export interface OrderUpdate {
  readonly status: string;
  readonly trade: OrderTrade | null;
}

/** An order after a report: unchanged where it was not applied. */
export interface AppliedUpdate extends OrderProgress {
  readonly filled: Decimal;
  readonly applied: boolean;
}

/** Every status, in the order of an order's life. */
export const ORDER_STATUSES: readonly OrderStatus[] = [
  'PENDING', 'SUBMITTED', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED',
];

function row(from: OrderStatus, reported: OrderStatus, reason: string | null = null, next = reported): OrderTransition {
  return { from, reported, next, reason };
}

/** The legal steps (EX-2). */
export const ORDER_TRANSITIONS: readonly OrderTransition[] = [
  row('PENDING', 'SUBMITTED'),
  row('PENDING', 'OPEN', 'the acknowledgement overtook the answer of our own call'),
  row('PENDING', 'PARTIALLY_FILLED', 'a fill before the acknowledgement'),
  row('PENDING', 'FILLED', 'a fill before the acknowledgement'),
  row('PENDING', 'CANCELLED', 'withdrawn before it was sent, or killed at once by the venue'),
  row('PENDING', 'REJECTED', 'refused before the answer of our own call was recorded'),
  row('PENDING', 'EXPIRED', 'its time passed before it was sent'),
  row('SUBMITTED', 'OPEN'),
  row('SUBMITTED', 'PARTIALLY_FILLED', 'a fill before the acknowledgement'),
  row('SUBMITTED', 'FILLED', 'a fill before the acknowledgement'),
  row('SUBMITTED', 'CANCELLED', 'immediate-or-cancel orders end without ever being open'),
  row('SUBMITTED', 'REJECTED'),
  row('SUBMITTED', 'EXPIRED', 'fill-or-kill orders end without ever being open'),
  row('OPEN', 'PARTIALLY_FILLED'),
  row('OPEN', 'FILLED'),
  row('OPEN', 'CANCELLED'),
  row('OPEN', 'REJECTED', 'a broker acknowledges first, and the exchange behind it refuses'),
  row('OPEN', 'EXPIRED'),
  row('PARTIALLY_FILLED', 'PARTIALLY_FILLED', 'another part; without a new trade it is a repetition'),
  row('PARTIALLY_FILLED', 'FILLED'),
  row('PARTIALLY_FILLED', 'CANCELLED'),
  row('PARTIALLY_FILLED', 'EXPIRED'),
  row('CANCELLED', 'PARTIALLY_FILLED', 'the part was executed before the cancel was: it counts, the rest stays cancelled', 'CANCELLED'),
  row('CANCELLED', 'FILLED', 'the whole was executed before the cancel was'),
];

const LIVE: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['PENDING', 'SUBMITTED', 'OPEN', 'PARTIALLY_FILLED']);

const SYNONYMS: Readonly<Record<OrderStatus, readonly string[]>> = {
  PENDING: ['pending', 'created', 'initialized', 'planned'],
  SUBMITTED: ['submitted', 'sent', 'pendingnew', 'pendingsubmit', 'presubmitted'],
  OPEN: [
    'open', 'new', 'accepted', 'acknowledged', 'active', 'live', 'working', 'resting', 'placed', 'booked',
    'pendingcancel', 'pendingreplace',
  ],
  PARTIALLY_FILLED: ['partiallyfilled', 'partialfilled', 'partialfill', 'partial', 'partfilled', 'partiallyexecuted'],
  FILLED: ['filled', 'fill', 'fullyfilled', 'complete', 'completed', 'executed', 'done', 'closed'],
  CANCELLED: [
    'cancelled', 'canceled', 'cancel', 'usercancelled', 'usercanceled', 'apicancelled', 'replaced',
    'partiallyfilledcanceled', 'partiallyfilledcancelled',
  ],
  REJECTED: ['rejected', 'reject', 'refused', 'denied', 'failed'],
  EXPIRED: ['expired', 'expire', 'expiredinmatch', 'timedout'],
};

const STATUS_BY_WORD: ReadonlyMap<string, OrderStatus> = new Map(
  ORDER_STATUSES.flatMap((status) => SYNONYMS[status].map((word): [string, OrderStatus] => [word, status])),
);

/** Translates a venue's word into our status (SL-10), whatever its case and separators; null for a word nobody uses. */
export function normaliseStatus(venueText: string): OrderStatus | null {
  return STATUS_BY_WORD.get(venueText.toLowerCase().replace(/[\s_-]/g, '')) ?? null;
}

/** Tells whether an order may still be executed by the venue, and so uses room (WS-2, EX-2). */
export function isLive(status: OrderStatus): boolean {
  return LIVE.has(status);
}

/** Tells whether an order has ended (EX-2); only a fill that happened before a cancel may still be told of it. */
export function isFinal(status: OrderStatus): boolean {
  return !LIVE.has(status);
}

/** Finds the status that follows a report (EX-2); null where the table has no such step. */
export function nextStatus(from: OrderStatus, to: OrderStatus): OrderStatus | null {
  return ORDER_TRANSITIONS.find((step) => step.from === from && step.reported === to)?.next ?? null;
}

/**
 * Applies one report to an order (EX-2, SL-10): trades count once by id, the trades and not the venue's
 * word say how much is filled, and an illegal, older or repeated report changes nothing. Quantities in units.
 */
export function applyOrderUpdate(order: OrderProgress, update: OrderUpdate): AppliedUpdate {
  const reported = normaliseStatus(update.status);
  if (reported === null) return unchanged(order);
  const fresh = newTrade(order, update.trade);
  return fresh === null ? applyStatus(order, reported) : applyTrade(order, reported, fresh);
}

function newTrade(order: OrderProgress, trade: OrderTrade | null): OrderTrade | null {
  if (trade === null || trade.quantity.lessThanOrEqualTo(0)) return null;
  return order.trades.some((known) => known.id === trade.id) ? null : trade;
}

function applyStatus(order: OrderProgress, reported: OrderStatus): AppliedUpdate {
  // Without a trade a fill is only the venue's word: the quantity decides, and it has not changed.
  if (reported === 'FILLED' || reported === 'PARTIALLY_FILLED') return unchanged(order);
  const next = nextStatus(order.status, reported);
  return next === null ? unchanged(order) : applied(order, next);
}

function applyTrade(order: OrderProgress, reported: OrderStatus, trade: OrderTrade): AppliedUpdate {
  const grown = { ...order, trades: [...order.trades, trade] };
  const total = filledQuantity(grown);
  if (order.status === 'FILLED') {
    // The status came before its trades did: they count as long as the order has room for them.
    return total.lessThanOrEqualTo(order.quantity) ? applied(grown, 'FILLED') : unchanged(order);
  }
  const fill = total.greaterThanOrEqualTo(order.quantity) ? 'FILLED' : 'PARTIALLY_FILLED';
  const afterFill = nextStatus(order.status, fill);
  if (afterFill === null) return unchanged(order);
  const ends = reported === 'CANCELLED' || reported === 'EXPIRED';
  return applied(grown, ends ? (nextStatus(afterFill, reported) ?? afterFill) : afterFill);
}

function filledQuantity(order: OrderProgress): Decimal {
  return sum(order.trades.map((trade) => trade.quantity));
}

function applied(order: OrderProgress, status: OrderStatus): AppliedUpdate {
  return { ...order, status, filled: filledQuantity(order), applied: true };
}

function unchanged(order: OrderProgress): AppliedUpdate {
  return { ...order, filled: filledQuantity(order), applied: false };
}
