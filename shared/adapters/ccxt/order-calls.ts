// Placing, cancelling and amending through ccxt: each is sent once, and what became of it is the outcome (EX-9).
import { type Decimal, toPlain } from '../../domain/decimal.ts';
import type { Outcome } from '../../domain/event.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import { type Side, isThrough } from '../../domain/side.ts';
import { VenueReadError } from '../../errors.ts';
import type { AmendOrder, Exchange, OrderRef, PlaceOrder } from '../../ports.ts';
import type { CallKind } from './answer-table.ts';
import type { CcxtClient } from './ccxt-client.ts';
import type { Ask, Dialect, OrderCall, WireRef } from './dialect.ts';
import type { MarketDirectory } from './market-directory.ts';
import { type Sent, sentOf } from './order-outcomes.ts';
import type { OrderReads } from './order-reads.ts';
import { messageOf, readAs } from './reader.ts';
import { unifiedTickers } from './unified.ts';

export interface OrderCallParts {
  readonly dialect: Dialect;
  readonly client: CcxtClient;
  readonly directory: MarketDirectory;
  /** Reads that are tried again, before a call. */
  readonly ask: Ask;
  /** Reads after a call: tried once, since the answer is known without them. */
  readonly reads: OrderReads;
  readonly now: () => number;
  /** Whether the venue shows only a part of an order that asks for it. */
  readonly icebergs: boolean;
}

/** Our word for a post-only order that would have taken, however the venue says it (EX-1). */
const WOULD_CROSS = 'WOULD_CROSS';

/** The order counts as sent already, and is believed to be nowhere once its quiet time is over: it goes soon or not now (EX-9). */
const LATEST_SEND_MS = 5_000;
export const TOO_LATE: Extract<Outcome, { kind: 'NOT_SENT' }> = { kind: 'NOT_SENT', reason: 'it took too long to prepare', pause: null };

/** Begins to count; what is asked of it tells whether a placement may still be sent. */
export function timeToSend({ now }: Pick<OrderCallParts, 'now'>): () => boolean {
  const began = now();
  return () => now() - began <= LATEST_SEND_MS;
}

export type Prepared = WireRef | Extract<Outcome, { kind: 'REFUSED' | 'NOT_SENT' }>;

/** Makes the three order calls over a client; none of them throws. */
export function createOrderCalls(parts: OrderCallParts): Pick<Exchange, 'place' | 'cancel' | 'amend'> {
  return {
    place: async (order) => {
      const inTime = timeToSend(parts);
      return unsendable(parts, order) ?? withWire(parts, order, (wire) => place(parts, order, wire, inTime));
    },
    cancel: (order) => withWire(parts, order, (wire) => cancel(parts, order, wire)),
    amend: (order) => withWire(parts, order, (wire) => amend(parts, order, wire)),
  };
}

async function withWire(parts: OrderCallParts, order: OrderRef, call: (wire: WireRef) => Promise<Outcome>): Promise<Outcome> {
  const wire = await prepare(parts, order);
  if ('kind' in wire) return wire;
  try {
    return await call(wire);
  } catch (error) {
    return { kind: 'UNKNOWN', reason: messageOf(error) };
  }
}

/** Refuses what the venue has not or ccxt would send otherwise than it is meant, before anything is sent (EX-1). */
export function unsendable({ icebergs }: Pick<OrderCallParts, 'icebergs'>, { intent }: PlaceOrder): Extract<Outcome, { kind: 'REFUSED' }> | null {
  const { timeInForce, shown } = intent;
  if (shown !== null && !icebergs) return { kind: 'REFUSED', code: 'NO_ICEBERGS' };
  if (shown !== null && (timeInForce !== 'GTC' || !isPlainLimit(intent))) return { kind: 'REFUSED', code: 'BAD_ICEBERG' };
  return timeInForce === 'POST_ONLY' && !isPlainLimit(intent) ? { kind: 'REFUSED', code: 'BAD_POST_ONLY' } : null;
}

function isPlainLimit({ limit, stopPrice }: PlaceOrder['intent']): boolean {
  return limit !== null && stopPrice === null;
}

/** Spells an order for the venue. Nothing has been sent yet, so whatever is missing here is certain. */
export async function prepare({ dialect, directory }: OrderCallParts, order: OrderRef): Promise<Prepared> {
  const id = dialect.ids.toVenue(order.clientOrderId);
  if (id === null) return { kind: 'REFUSED', code: 'BAD_CLIENT_ORDER_ID' };
  try {
    await directory.load();
  } catch (error) {
    return notSentBy(error);
  }
  const symbol = directory.toCcxt(order.symbol);
  return symbol === null ? { kind: 'REFUSED', code: 'UNKNOWN_SYMBOL' } : { id, symbol };
}

async function place(parts: OrderCallParts, order: PlaceOrder, wire: WireRef, inTime: () => boolean): Promise<Outcome> {
  const { intent } = order;
  const early = await crossing(parts, order, wire);
  if (early !== null) return early;
  if (!inTime()) return TOO_LATE;
  const terms = parts.dialect.placement(order, wire.id, parts.directory.tickOf(order.symbol));
  const call: OrderCall = ['createOrder', wire.symbol, terms.type, intent.side, toPlain(intent.quantity), terms.price, terms.params];
  return placed(parts, order, await send(parts, 'place', call), (value) => parts.reads.afterTaken(value, order, wire));
}

/** Says what became of a placement that was sent; `read` reads the order that was taken. */
export async function placed(parts: OrderCallParts, order: PlaceOrder, sent: Sent, read: (value: unknown) => Promise<OrderReport | null>): Promise<Outcome> {
  if (sent.kind === 'REFUSED') return { kind: 'REFUSED', code: placeCode(order, sent.code) };
  if (sent.kind !== 'TAKEN') return sent;
  if (parts.reads.idOf(sent.value) === null) return { kind: 'UNKNOWN', reason: 'the answer names no order' };
  const report = await read(sent.value);
  // Some venues take a post-only order, and end it at once.
  if (report?.refusal === WOULD_CROSS) return { kind: 'REFUSED', code: WOULD_CROSS };
  return { kind: 'ACCEPTED', report: report ?? takenReport(parts, order, sent.value) };
}

/** Where the venue has no post-only order, the spread is looked at right before: the order may still take, if it moves. */
async function crossing({ dialect, ask }: OrderCallParts, { intent }: PlaceOrder, { symbol }: WireRef): Promise<Outcome | null> {
  if (intent.timeInForce !== 'POST_ONLY' || dialect.postOnly === 'NATIVE' || intent.limit === null) return null;
  try {
    const other = await otherSideOf(ask, symbol, intent.side);
    return isThrough(intent.side, intent.limit, other) ? { kind: 'REFUSED', code: WOULD_CROSS } : null;
  } catch (error) {
    return notSentBy(error);
  }
}

/** The best price of those who would trade with an order of this side. @throws VenueReadError */
async function otherSideOf(ask: Ask, symbol: string, side: Side): Promise<Decimal> {
  const ticker = readAs('fetchTickers', unifiedTickers, await ask('fetchTickers', [symbol]))[symbol];
  const price = (side === 'buy' ? ticker?.ask : ticker?.bid) ?? ticker?.last ?? null;
  if (price === null) throw new VenueReadError('no price to compare a post-only order with');
  return price;
}

/** Where coins are held, a sale of more than that is short of funds; of an order that only reduces it says just that. */
function placeCode({ intent }: PlaceOrder, code: string): string {
  return code === 'INSUFFICIENT_FUNDS' && intent.reduceOnly ? 'REDUCE_ONLY' : code;
}

/** What is known of an order that was taken and could not be read since: it is there, and nothing says what filled. */
function takenReport({ reads, now }: OrderCallParts, order: PlaceOrder, value: unknown): OrderReport {
  const { quantity, limit, stopPrice } = order.intent;
  return {
    clientOrderId: order.clientOrderId,
    exchangeOrderId: reads.idOf(value),
    symbol: order.symbol,
    status: 'OPEN',
    filledQuantity: null,
    averagePrice: null,
    quantity,
    limit,
    stopPrice,
    refusal: null,
    trades: [],
    at: now(),
  };
}

async function cancel(parts: OrderCallParts, order: OrderRef, wire: WireRef): Promise<Outcome> {
  return change(parts, { kind: 'cancel', order, wire }, () => parts.dialect.cancel(parts.ask, wire));
}

async function amend(parts: OrderCallParts, order: AmendOrder, wire: WireRef): Promise<Outcome> {
  const { amendment } = parts.dialect;
  if (amendment === null) return { kind: 'REFUSED', code: 'NOT_AMENDABLE' };
  const { quantity, limit, stopPrice } = order.intent;
  return change(parts, { kind: 'amend', order, wire }, async () => {
    const found = await parts.dialect.find(parts.ask, wire);
    if (found === null) return null;
    return amendment(wire, {
      order: found,
      quantity: toPlain(quantity),
      limit: limit === null ? null : toPlain(limit),
      stopPrice: stopPrice === null ? null : toPlain(stopPrice),
    });
  });
}

interface Change {
  readonly kind: CallKind;
  readonly order: OrderRef;
  readonly wire: WireRef;
}

/** Changes an order that is there: what has to be known first is asked, and the answer is read off the order itself. */
async function change(parts: OrderCallParts, { kind, order, wire }: Change, prepare_: () => Promise<OrderCall | 'NOT_AMENDABLE' | null>): Promise<Outcome> {
  const call = await prepare_().catch((error: unknown) => {
    if (error instanceof VenueReadError) return error;
    throw error;
  });
  if (call instanceof VenueReadError) return notSentBy(call);
  if (call === null || call === 'NOT_AMENDABLE') return { kind: 'REFUSED', code: call ?? 'ORDER_UNKNOWN' };
  const sent = await send(parts, kind, call);
  if (sent.kind !== 'TAKEN') return sent;
  const report = await parts.reads.afterTaken(sent.value, order, wire);
  return report === null ? { kind: 'UNKNOWN', reason: `${kind} taken, and the order cannot be read` } : { kind: 'ACCEPTED', report };
}

/** What had to be read first could not be, so that nothing was sent. */
export function notSentBy(error: unknown): Extract<Outcome, { kind: 'NOT_SENT' }> {
  return { kind: 'NOT_SENT', reason: messageOf(error), pause: error instanceof VenueReadError ? error.pause : null };
}

async function send({ dialect, client }: OrderCallParts, kind: CallKind, [method, ...args]: OrderCall): Promise<Sent> {
  return sentOf(dialect, kind, await client.call(method, ...args));
}
