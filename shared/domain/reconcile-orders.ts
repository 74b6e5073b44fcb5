// Compares our live orders with what the venue lists (SL-11, EX-9): what it tells, what it lacks, what is not known here.
import type { Action } from './action.ts';
import { amendmentOf } from './amendment.ts';
import type { Decimal } from './decimal.ts';
import type { Event } from './event.ts';
import type { Millis } from './instant.ts';
import { isAcknowledged } from './order-progress.ts';
import { isLive } from './order-lifecycle.ts';
import type { OrderReport } from './order-report.ts';
import { restingStop } from './protect.ts';
import { isYoung } from './reconcile-state.ts';
import type { Order, Slot } from './slot.ts';
import { cancelsAsked } from './slot-moves.ts';
import { ordersIn } from './slot-orders.ts';

/** The venue's lists; null where one failed or was cut off, which says nothing of what it would have held. */
export interface VenueOrders {
  readonly plain: readonly OrderReport[] | null;
  readonly conditional: readonly OrderReport[] | null;
}

/** What we have: our slots and every action not yet done. */
export interface OurBook {
  readonly slots: readonly Slot[];
  readonly actions: readonly Action[];
}

export type OrderFinding =
  /** The venue tells something new of a live order of ours. */
  | { readonly kind: 'REPORTED'; readonly report: OrderReport }
  /** A live order of ours that no list has: only the venue's answer for that very order counts. */
  | { readonly kind: 'UNLISTED'; readonly order: Order; readonly symbol: string }
  /** An entry or a stop on its way out that is alive, with no cancel under way. */
  | { readonly kind: 'UNCANCELLED'; readonly clientOrderId: string; readonly attempt: number }
  /** A stop of ours that rests at other terms than were confirmed to us. */
  | { readonly kind: 'DIFFERS'; readonly clientOrderId: string; readonly stopPrice: Decimal; readonly quantity: Decimal }
  /** An order that no slot of ours holds. */
  | { readonly kind: 'UNKNOWN'; readonly report: OrderReport };

const text = (value: { toFixed(): string } | null): string => value?.toFixed() ?? '';

/** Names a report by what it says, so that the same finding twice is one event (SL-10). */
export const findingId = ({ clientOrderId, status, filledQuantity, quantity, limit, stopPrice, at }: OrderReport): string =>
  `rec:${clientOrderId}:${status}:${text(filledQuantity)}:${text(stopPrice)}:${text(limit)}:${text(quantity)}:${at}`;

/** A report of a list or an answer as the event it is. */
export const reportedBy = (report: OrderReport): Extract<Event, { type: 'ORDER_REPORTED' }> => ({
  type: 'ORDER_REPORTED',
  report,
  webhookId: findingId(report),
});

export const STRANGER = 'STRANGER';

/** Names a live order that looks like one of ours and cannot be taken back. */
export const strangerKey = (clientOrderId: string): string => `${STRANGER} ${clientOrderId}`;

const isAsKnown = (slot: Slot, order: Order, report: OrderReport): boolean =>
  isAcknowledged(order.status) &&
  isLive(report.status) &&
  report.filledQuantity?.equals(order.filledQuantity) === true &&
  amendmentOf(slot, order.clientOrderId) === null;

/** A stop that was triggered may stand among the plain orders, so that one list alone does not show it missing. */
const isCovered = (order: Order, venue: VenueOrders): boolean =>
  venue.plain !== null && (order.stopPrice === null || venue.conditional !== null);

const isUnsent = ({ intent, state }: Action): boolean => intent.kind === 'PLACE' && state === 'PLANNED';

const isActedOn = ({ sentAt, plannedAt }: Action, now: Millis): boolean => isYoung(sentAt ?? plannedAt, now);

const unlisted = (slot: Slot, order: Order, actions: readonly Action[], now: Millis): readonly OrderFinding[] => {
  if (isYoung(order.createdAt, now) || actions.some((action) => isUnsent(action) || isActedOn(action, now))) return [];
  return [{ kind: 'UNLISTED', order, symbol: slot.symbol }];
};

const uncancelled = (slot: Slot, { clientOrderId }: Order, actions: readonly Action[]): readonly OrderFinding[] => {
  const attempt = cancelsAsked(slot, clientOrderId);
  return attempt === null || actions.length > 0 ? [] : [{ kind: 'UNCANCELLED', clientOrderId, attempt }];
};

/** Only where nothing of it is under way: a list may be older than the last change. */
const differing = (slot: Slot, order: Order, report: OrderReport, actions: readonly Action[]): readonly OrderFinding[] => {
  const { stopPrice, quantity } = report;
  if (stopPrice === null || quantity === null || actions.length > 0 || restingStop(slot, order.clientOrderId) === null) return [];
  const isSame = quantity.equals(order.quantity) && order.stopPrice?.equals(stopPrice) === true;
  return isSame ? [] : [{ kind: 'DIFFERS', clientOrderId: order.clientOrderId, stopPrice, quantity }];
};

interface Held {
  readonly slot: Slot;
  readonly order: Order;
}

const findingsOf = ({ slot, order }: Held, book: OurBook, venue: VenueOrders, now: Millis): readonly OrderFinding[] => {
  const actions = book.actions.filter((action) => action.clientOrderId === order.clientOrderId);
  const report = [...(venue.plain ?? []), ...(venue.conditional ?? [])].find((each) => each.clientOrderId === order.clientOrderId);
  if (report === undefined) return isCovered(order, venue) ? unlisted(slot, order, actions, now) : [];
  const news: readonly OrderFinding[] = isAsKnown(slot, order, report) ? [] : [{ kind: 'REPORTED', report }];
  return [...news, ...uncancelled(slot, order, actions), ...differing(slot, order, report, actions)];
};

/** Compares every live order of every slot, entry, exit and stop, with the venue's lists. Orders are named, never touched. */
export const compareOrders = (book: OurBook, venue: VenueOrders, now: Millis): readonly OrderFinding[] => {
  const held = book.slots.flatMap((slot) => ordersIn(slot).map(({ order }): Held => ({ slot, order })));
  const ours = new Set(held.map(({ order }) => order.clientOrderId));
  const listed = new Map([...(venue.plain ?? []), ...(venue.conditional ?? [])].map((report) => [report.clientOrderId, report]));
  const unknown = [...listed.values()].filter((report) => !ours.has(report.clientOrderId));
  // A stop without a record goes before the position that it covers gets another: a venue may reserve for each what is held.
  return [
    ...unknown.map((report): OrderFinding => ({ kind: 'UNKNOWN', report })),
    ...held.flatMap((each) => findingsOf(each, book, venue, now)),
  ];
};
