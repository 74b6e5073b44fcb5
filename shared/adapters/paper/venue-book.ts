// What the paper venue knows: its orders, the last prices and the account, with a number for everything that happens.
import { type Decimal, ZERO, roundDownTo, sum } from '../../domain/decimal.ts';
import { isLive } from '../../domain/order-lifecycle.ts';
import type { Millis } from '../../domain/instant.ts';
import type { Market } from '../../ports.ts';
import { type Ledger, createLedger } from './venue-ledger.ts';
import type { StepPrice, VenueConfig, VenueEvent, VenueEventType, VenueFill, VenueOrder } from './venue-model.ts';

/** The last price of a symbol; `pool` is what may still be filled at it, in units, null without a limit. */
export interface LastPrice {
  readonly price: Decimal;
  readonly at: Millis;
  readonly sellable: boolean;
  readonly pool: Decimal | null;
}

export interface VenueBook {
  readonly config: VenueConfig;
  readonly ledger: Ledger;
  readonly markets: ReadonlyMap<string, Market>;
  readonly prices: Map<string, LastPrice>;
  readonly steps: Set<string>;
  readonly fills: VenueFill[];
  sequence: number;
  /** Every order by exchange id, the newest order of each client id, and the live ones by symbol in queue order. */
  readonly orders: Map<string, VenueOrder>;
  readonly newest: Map<string, string>;
  readonly live: Map<string, readonly string[]>;
}

/** Opens an empty book. */
export function createBook(config: VenueConfig): VenueBook {
  return {
    config,
    ledger: createLedger(config.startingCash),
    markets: new Map(config.markets.map((market) => [market.symbol, market])),
    prices: new Map(),
    steps: new Set(),
    fills: [],
    sequence: 0,
    orders: new Map(),
    newest: new Map(),
    live: new Map(),
  };
}

/** Keeps an order as it is now, among the live ones of its symbol while it lives. */
export function keepOrder(book: VenueBook, order: VenueOrder): VenueOrder {
  book.orders.set(order.exchangeOrderId, order);
  book.newest.set(order.clientOrderId, order.exchangeOrderId);
  const others = (book.live.get(order.symbol) ?? []).filter((id) => id !== order.exchangeOrderId);
  const queue = isLive(order.status) ? [...others, order.exchangeOrderId] : others;
  book.live.set(order.symbol, queue.toSorted((a, b) => placeOf(book, a) - placeOf(book, b)));
  return order;
}

/** Finds the newest order of a client order id; null where there was none. */
export function findByClientId(book: VenueBook, clientOrderId: string): VenueOrder | null {
  const id = book.newest.get(clientOrderId);
  return (id === undefined ? undefined : book.orders.get(id)) ?? null;
}

/** Lists the live orders of one symbol, first come first. */
export function liveOrdersOf(book: VenueBook, symbol: string): readonly VenueOrder[] {
  return (book.live.get(symbol) ?? []).flatMap((id) => book.orders.get(id) ?? []);
}

/** Lists every live order. */
export function liveOrders(book: VenueBook): readonly VenueOrder[] {
  return [...book.live.keys()].flatMap((symbol) => liveOrdersOf(book, symbol));
}

/** Moves a symbol to its next price and opens what may be filled there (a share of the step's volume). */
export function movePrice(book: VenueBook, { symbol, price, volume, sellable }: StepPrice, at: Millis): void {
  const share = book.config.fillShareOfVolume;
  const lot = book.markets.get(symbol)?.rules.lotSize ?? ZERO;
  const limited = share !== null && volume !== undefined && volume !== null;
  book.prices.set(symbol, { price, at, sellable, pool: limited ? roundDownTo(volume.times(share), lot) : null });
}

/** Numbers and makes the event that an order has just come to. */
export function eventOf(book: VenueBook, type: VenueEventType, order: VenueOrder, fill: VenueFill | null = null): VenueEvent {
  return { sequence: book.sequence, type, order, fill, at: order.at };
}

/** Takes the next number. */
export function nextSequence(book: VenueBook): number {
  book.sequence += 1;
  return book.sequence;
}

/** Account equity: cash and every position at its last price (its cost where none is known), quote currency. */
export function equityOf(book: VenueBook): Decimal {
  const values = book.ledger.holdings().map((held) => held.quantity.times(lastPriceOf(book, held.symbol) ?? held.averagePrice));
  return book.ledger.cash().plus(sum(values));
}

/** The last price of a symbol, null where there is none yet. */
export function lastPriceOf(book: VenueBook, symbol: string): Decimal | null {
  return book.prices.get(symbol)?.price ?? null;
}

/** Units of an order that are not filled. */
export function remainingOf(order: Pick<VenueOrder, 'quantity' | 'filledQuantity'>): Decimal {
  return order.quantity.minus(order.filledQuantity);
}

/** Tells whether an order still waits for its stop price; until then nothing of it can fill. */
export function isWaiting(order: Pick<VenueOrder, 'stopPrice' | 'triggeredAt'>): boolean {
  return order.stopPrice !== null && order.triggeredAt === null;
}

function placeOf(book: VenueBook, id: string): number {
  return book.orders.get(id)?.place ?? 0;
}
