// Placing, cancelling and amending through ccxt: each is sent once, and what became of it is the outcome (EX-9).
import { toPlain } from '../../domain/decimal.ts';
import type { Outcome } from '../../domain/event.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import type { AmendOrder, Exchange, OrderRef, PlaceOrder } from '../../ports.ts';
import type { CallKind } from './answer-table.ts';
import type { CcxtClient } from './ccxt-client.ts';
import type { Ask, Dialect, OrderCall, WireRef } from './dialect.ts';
import type { MarketDirectory } from './market-directory.ts';
import { type Sent, sentOf } from './order-outcomes.ts';
import type { OrderReads } from './order-reads.ts';
import { messageOf } from './reader.ts';

export interface OrderCallParts {
  readonly dialect: Dialect;
  readonly client: CcxtClient;
  readonly directory: MarketDirectory;
  /** Reads that are tried again, before a call. */
  readonly ask: Ask;
  /** Reads after a call: tried once, since the answer is known without them. */
  readonly reads: OrderReads;
  readonly now: () => number;
}

type Prepared = WireRef | Extract<Outcome, { kind: 'REFUSED' | 'NOT_SENT' }>;

/** Makes the three order calls over a client; none of them throws. */
export function createOrderCalls(parts: OrderCallParts): Pick<Exchange, 'place' | 'cancel' | 'amend'> {
  return {
    place: (order) => withWire(parts, order, (wire) => place(parts, order, wire)),
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

/** Nothing has been sent yet, so whatever is missing here is certain. */
async function prepare({ dialect, directory }: OrderCallParts, order: OrderRef): Promise<Prepared> {
  const id = dialect.ids.toVenue(order.clientOrderId);
  if (id === null) return { kind: 'REFUSED', code: 'BAD_CLIENT_ORDER_ID' };
  try {
    await directory.load();
  } catch (error) {
    return { kind: 'NOT_SENT', reason: messageOf(error), pause: null };
  }
  const symbol = directory.toCcxt(order.symbol);
  return symbol === null ? { kind: 'REFUSED', code: 'UNKNOWN_SYMBOL' } : { id, symbol };
}

async function place(parts: OrderCallParts, order: PlaceOrder, wire: WireRef): Promise<Outcome> {
  const { intent } = order;
  const terms = parts.dialect.placement(order, wire.id, parts.directory.tickOf(order.symbol));
  const call: OrderCall = ['createOrder', wire.symbol, terms.type, intent.side, toPlain(intent.quantity), terms.price, terms.params];
  const sent = await send(parts, 'place', call);
  if (sent.kind === 'REFUSED') return { kind: 'REFUSED', code: placeCode(order, sent.code) };
  if (sent.kind !== 'TAKEN') return sent;
  const report = await parts.reads.afterTaken(sent.value, order, wire);
  return { kind: 'ACCEPTED', report: report ?? takenReport(parts, order, sent.value) };
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
  if (call instanceof VenueReadError) return { kind: 'NOT_SENT', reason: call.message, pause: null };
  if (call === null || call === 'NOT_AMENDABLE') return { kind: 'REFUSED', code: call ?? 'ORDER_UNKNOWN' };
  const sent = await send(parts, kind, call);
  if (sent.kind !== 'TAKEN') return sent;
  const report = await parts.reads.afterTaken(sent.value, order, wire);
  return report === null ? { kind: 'UNKNOWN', reason: `${kind} taken, and the order cannot be read` } : { kind: 'ACCEPTED', report };
}

async function send({ dialect, client }: OrderCallParts, kind: CallKind, [method, ...args]: OrderCall): Promise<Sent> {
  return sentOf(dialect, kind, await client.call(method, ...args));
}
