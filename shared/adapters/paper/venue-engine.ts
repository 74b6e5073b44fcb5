// The matching engine of the paper venue: commands with explicit times in, events out; the same commands, the same events.
import { type Decimal, ZERO } from '../../domain/decimal.ts';
import { isLive } from '../../domain/order-lifecycle.ts';
import type { Quote } from '../../domain/quote.ts';
import {
  type VenueBook, createBook, equityOf, eventOf, findByClientId, isWaiting, keepOrder, liveOrders, liveOrdersOf, movePrice,
  nextSequence,
} from './venue-book.ts';
import { endOrder, matchOrder } from './venue-matching.ts';
import type {
  Applied, NewOrder, PriceStep, RefusalCode, VenueCommand, VenueConfig, VenueEvent, VenueFill, VenueHolding, VenueOrder,
} from './venue-model.ts';
import { amendRefusalOf, isIdTaken, refusalOf } from './venue-rules.ts';

type Command<K extends VenueCommand['kind']> = Extract<VenueCommand, { kind: K }>;

export interface VenueEngine {
  readonly config: VenueConfig;
  /** Does one command. Throws RangeError for a price of a symbol that is not listed, or of nothing. */
  apply(command: VenueCommand): Applied;
  find(clientOrderId: string): VenueOrder | null;
  /** Every live order that is in the market. */
  openOrders(): readonly VenueOrder[];
  /** Every live order that waits for its stop price. */
  conditionalOrders(): readonly VenueOrder[];
  /** Every order there ever was, oldest first. */
  allOrders(): readonly VenueOrder[];
  fills(): readonly VenueFill[];
  /** At most so many fills with a greater number, oldest first. */
  fillsAfter(sequence: number, most: number): readonly VenueFill[];
  holdings(): readonly VenueHolding[];
  quotes(): ReadonlyMap<string, Quote>;
  cash(): Decimal;
  equity(): Decimal;
  /** The number of the last thing that happened. */
  sequence(): number;
}

/** Opens a venue with no orders yet. */
export function createVenueEngine(config: VenueConfig): VenueEngine {
  const book = createBook(config);
  return {
    config,
    apply: (command) => applyCommand(book, command),
    find: (clientOrderId) => findByClientId(book, clientOrderId),
    openOrders: () => liveOrders(book).filter((order) => !isWaiting(order)),
    conditionalOrders: () => liveOrders(book).filter(isWaiting),
    allOrders: () => [...book.orders.values()],
    fills: () => [...book.fills],
    fillsAfter: (sequence, most) => fillsAfter(book, sequence, most),
    holdings: () => book.ledger.holdings(),
    quotes: () => new Map([...book.prices].map(([symbol, { price, at }]) => [symbol, { price, at }])),
    cash: () => book.ledger.cash(),
    equity: () => equityOf(book),
    sequence: () => book.sequence,
  };
}

function applyCommand(book: VenueBook, command: VenueCommand): Applied {
  switch (command.kind) {
    case 'PRICES':
      return setPrices(book, command);
    case 'PLACE':
      return place(book, command);
    case 'CANCEL':
      return cancel(book, command);
    case 'AMEND':
      return amend(book, command);
    default:
      return unreachable(command);
  }
}

function setPrices(book: VenueBook, step: PriceStep): Applied {
  if (book.steps.has(step.stepId)) return { changed: false, refusal: null, order: null, events: [] };
  checkPrices(book, step);
  book.steps.add(step.stepId);
  const events = step.prices.flatMap((price) => {
    movePrice(book, price, step.at);
    return liveOrdersOf(book, price.symbol).flatMap((order) => settled(book, { ...order, at: step.at }, matchOrder(book, { ...order, at: step.at }, true)).events);
  });
  return { changed: true, refusal: null, order: null, events };
}

function checkPrices(book: VenueBook, step: PriceStep): void {
  for (const { symbol, price } of step.prices) {
    if (!book.markets.has(symbol)) throw new RangeError(`step ${step.stepId}: ${symbol} is not listed`);
    if (!price.isFinite() || !price.greaterThan(ZERO)) throw new RangeError(`step ${step.stepId}: ${symbol} has price ${price.toFixed()}`);
  }
}

function place(book: VenueBook, { order, at }: Command<'PLACE'>): Applied {
  // The id belongs to another order, so a report under it would be believed of that one: no event.
  if (isIdTaken(book, order.clientOrderId)) return refused('DUPLICATE_CLIENT_ORDER_ID');
  const refusal = refusalOf(book, order);
  const opened = openOrder(book, order, refusal, at);
  if (refusal !== null) return { changed: true, refusal, order: opened, events: [eventOf(book, 'REJECTED', opened)] };
  const acknowledged = eventOf(book, 'ACKNOWLEDGED', opened);
  return settled(book, opened, [acknowledged, ...matchOrder(book, opened, false)]);
}

function openOrder(book: VenueBook, order: NewOrder, refusal: RefusalCode | null, at: number): VenueOrder {
  const sequence = nextSequence(book);
  return keepOrder(book, {
    ...order,
    exchangeOrderId: `P${sequence}`,
    status: refusal === null ? 'OPEN' : 'REJECTED',
    refusal,
    filledQuantity: ZERO,
    filledNotional: ZERO,
    fills: [],
    openSequence: sequence,
    closeSequence: refusal === null ? null : sequence,
    place: sequence,
    triggeredAt: null,
    at,
  });
}

/** Ends what an immediate order leaves after it was matched, having just come, changed or seen a price. */
function settled(book: VenueBook, order: VenueOrder, before: readonly VenueEvent[]): Applied {
  const now = book.orders.get(order.exchangeOrderId) ?? order;
  const ended = isLive(now.status) && endsAtOnce(book, now) ? [endOrder(book, now, 'EXPIRED', order.at)] : [];
  const last = book.orders.get(order.exchangeOrderId) ?? now;
  return { changed: true, refusal: null, order: last, events: [...before, ...ended] };
}

function endsAtOnce(book: VenueBook, order: VenueOrder): boolean {
  if (order.timeInForce !== 'IOC' || isWaiting(order)) return false;
  // A market sale waits for a price that can be sold at; it has no limit that could have been missed.
  const waits = order.limit === null && order.side === 'sell' && book.prices.get(order.symbol)?.sellable === false;
  return !waits;
}

function cancel(book: VenueBook, { clientOrderId, at }: Command<'CANCEL'>): Applied {
  const order = findByClientId(book, clientOrderId);
  if (order === null) return refused('ORDER_UNKNOWN');
  if (!isLive(order.status)) return refused('ORDER_CLOSED');
  const event = endOrder(book, order, 'CANCELLED', at);
  return { changed: true, refusal: null, order: event.order, events: [event] };
}

function amend(book: VenueBook, { clientOrderId, quantity, limit, stopPrice, at }: Command<'AMEND'>): Applied {
  const order = findByClientId(book, clientOrderId);
  const early = amendRefusalOf(book, order, { quantity, limit, stopPrice });
  if (order === null || early !== null) return refused(early ?? 'ORDER_UNKNOWN');
  const refusal = refusalOf(book, { ...order, quantity, limit, stopPrice }, order.filledQuantity);
  if (refusal !== null) return refused(refusal);
  const sequence = nextSequence(book);
  const shrinksOnly = isSamePrice(limit, order.limit) && isSamePrice(stopPrice, order.stopPrice) && quantity.lessThanOrEqualTo(order.quantity);
  const amended = keepOrder(book, { ...order, quantity, limit, stopPrice, at, place: shrinksOnly ? order.place : sequence });
  const event = eventOf(book, 'AMENDED', amended);
  return settled(book, amended, [event, ...matchOrder(book, amended, false)]);
}

function isSamePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

function fillsAfter({ fills }: VenueBook, sequence: number, most: number): readonly VenueFill[] {
  const first = fills.findLastIndex((fill) => fill.sequence <= sequence) + 1;
  return fills.slice(first, first + most);
}

function refused(refusal: RefusalCode): Applied {
  return { changed: false, refusal, order: null, events: [] };
}

function unreachable(command: never): never {
  throw new Error(`unknown command ${JSON.stringify(command)}`);
}
