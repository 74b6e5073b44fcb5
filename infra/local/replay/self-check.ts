// What a run asks itself at the end; every difference is named, and one is enough to fail it.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { ZERO, sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { OrderRecord } from '../../../shared/domain/decision.ts';
import { heldQuantity } from '../../../shared/domain/room.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import type { TripRecord } from '../../../shared/domain/trip.ts';
import type { CheckResult } from '../report/facts.ts';
import { differingFills } from './differing-fills.ts';
import type { VenueFillFact } from './differing-fills.ts';
import type { LedgerMirror } from './ledger-mirror.ts';
import { toldCheck } from './told-cash.ts';
import type { StoredFill } from './table-index.ts';

/** One order as the paper venue has it; `openSequence` and `closeSequence` count everything that happened there. */
export interface VenueOrderFact {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly status: string;
  readonly reduceOnly: boolean;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly filledNotional: Decimal;
  readonly openSequence: number;
  readonly closeSequence: number | null;
}

/** What the paper venue holds at the end. */
export interface VenueFacts {
  readonly orders: readonly VenueOrderFact[];
  readonly fills: readonly VenueFillFact[];
  readonly holdings: Readonly<Record<string, Decimal>>;
}

/** What the table holds at the end. */
export interface StoreFacts {
  readonly records: readonly OrderRecord[];
  readonly fills: readonly StoredFill[];
  readonly trips: readonly TripRecord[];
  readonly slots: readonly Slot[];
}

/** Compares what was promised with what happened: WS-2, EW-7 and the agreement of store and venue. */
export function selfCheck(mirror: LedgerMirror, store: StoreFacts, venue: VenueFacts): readonly CheckResult[] {
  return [
    { name: 'capacity adds up to the last digit at every commit', looked: `${mirror.commits} commits`, differences: mirror.unbalanced },
    { name: 'no claim was committed that did not fit', looked: `${mirror.claims} claims`, differences: mirror.unfit },
    { name: 'no slot ever had two live entries', looked: `${venue.orders.length} orders`, differences: overlappingEntries(venue.orders) },
    {
      name: 'store and paper venue agree order by order',
      looked: `${store.records.length} orders, ${store.fills.length} fills, ${store.slots.length} positions`,
      differences: [
        ...differingOrders(store.records, venue.orders),
        ...differingFills(store.fills, venue.fills),
        ...differingPositions(store.slots, venue.holdings),
      ],
    },
    toldCheck(store),
  ];
}

/** Names entries of one symbol that were live at the venue at the same time (EW-7). */
export function overlappingEntries(orders: readonly VenueOrderFact[]): readonly string[] {
  const entries = orders
    .filter((order) => !order.reduceOnly && order.status !== 'REJECTED')
    .sort((a, b) => a.openSequence - b.openSequence);
  const latest = new Map<string, VenueOrderFact>();
  return entries.flatMap((order) => {
    const before = latest.get(order.symbol);
    latest.set(order.symbol, longerLived(before, order));
    const overlaps = before !== undefined && endOf(before) > order.openSequence;
    return overlaps ? [`${order.symbol}: ${order.clientOrderId} was opened while ${before.clientOrderId} was live`] : [];
  });
}

const endOf = (order: VenueOrderFact): number => order.closeSequence ?? Number.POSITIVE_INFINITY;
const longerLived = (before: VenueOrderFact | undefined, order: VenueOrderFact): VenueOrderFact =>
  before !== undefined && endOf(before) > endOf(order) ? before : order;

/** Names orders that store and venue tell differently, and those that only one of them knows. */
export function differingOrders(records: readonly OrderRecord[], orders: readonly VenueOrderFact[]): readonly string[] {
  const atVenue = new Map(orders.map((order) => [order.clientOrderId, order]));
  const known = new Set(records.map(({ order }) => order.clientOrderId));
  const missing = orders.filter((order) => !known.has(order.clientOrderId));
  return [
    ...records.flatMap((record) => differenceOf(record, atVenue.get(record.order.clientOrderId))),
    ...missing.map((order) => `${order.clientOrderId}: at the venue ${order.status}, unknown to the store`),
  ];
}

function differenceOf({ order }: OrderRecord, venue: VenueOrderFact | undefined): readonly string[] {
  if (venue === undefined) {
    // An order that was void before its one send, or whose room was returned because nothing was sent, never got there.
    const neverSent = order.status === 'PENDING' || order.status === 'REJECTED' || order.status === 'CANCELLED' || order.status === 'EXPIRED';
    return neverSent && order.filledQuantity.isZero() ? [] : [`${order.clientOrderId}: in the store ${order.status}, unknown to the venue`];
  }
  const texts = (one: string, other: string, what: string) =>
    one === other ? [] : [`${order.clientOrderId}: ${what} in the store ${one}, at the venue ${other}`];
  const numbers = (one: Decimal, other: Decimal, what: string) => texts(toPlain(one), toPlain(other), what);
  return [
    ...texts(order.status, venue.status, 'status'),
    ...numbers(order.filledQuantity, venue.filledQuantity, 'filled quantity'),
    ...numbers(order.filledNotional, venue.filledNotional, 'filled notional'),
  ];
}

/** Names symbols whose position store and venue tell differently; a short counts below zero. */
export function differingPositions(slots: readonly Slot[], holdings: Readonly<Record<string, Decimal>>): readonly string[] {
  const symbols = new Set([...slots.map((slot) => slot.symbol), ...Object.keys(holdings)]);
  return [...symbols].flatMap((symbol) => {
    const ours = sum(slots.filter((slot) => slot.symbol === symbol).map(signedQuantity));
    const theirs = holdings[symbol] ?? ZERO;
    return ours.equals(theirs) ? [] : [`${symbol}: position in the store ${toPlain(ours)}, at the venue ${toPlain(theirs)}`];
  });
}

function signedQuantity({ position }: Slot): Decimal {
  if (position.status === 'FLAT') return ZERO;
  const held = position.status === 'FOREIGN' ? position.quantity : heldQuantity(position.lots);
  return position.side === 'buy' ? held : held.negated();
}

/** Tells whether equity at the venue is what the fills explain: start + realised + open at the last prices. */
export function equityCheck(expected: Decimal, found: Decimal): CheckResult {
  const differences = expected.equals(found) ? [] : [`equity: the fills explain ${toPlain(expected)}, the venue says ${toPlain(found)}`];
  return { name: 'equity is what the fills explain', looked: 'every fill', differences };
}
