// Placing and cancelling: each is sent once, and what became of it is the outcome (EX-9).
import type { Outcome } from '../../domain/event.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import type { Exchange, OrderRef, PlaceOrder } from '../../ports.ts';
import type { AlpacaCall, CallAlpaca, Reply } from './alpaca-client.ts';
import { type CallKind, findRow, pauseOf, wordsOf } from './answer-table.ts';
import { type OrderReads, type Replaced, isOver } from './order-reads.ts';
import { reportOf } from './order-reports.ts';
import { termsOf } from './order-terms.ts';
import { wireOrder } from './wire.ts';

interface Parts {
  readonly callAlpaca: CallAlpaca;
  /** Reads that are tried again, before a call. */
  readonly before: OrderReads;
  /** Reads after a call: tried once, since the answer is known without them. */
  readonly after: OrderReads;
  readonly extendedHours: boolean;
}

type Refusal = Exclude<Outcome, { kind: 'ACCEPTED' }>;

/** Makes the order calls; none of them throws. A replacement there is a new order with a new id, so nothing is amended. */
export function createOrderCalls(parts: Parts): Pick<Exchange, 'place' | 'cancel' | 'amend'> {
  return {
    place: (order) => place(parts, order),
    cancel: (order) => cancel(parts, order),
    amend: async () => ({ kind: 'REFUSED', code: 'NOT_AMENDABLE' }),
  };
}

async function place(parts: Parts, order: PlaceOrder): Promise<Outcome> {
  const terms = termsOf(order, parts.extendedHours);
  if ('refused' in terms) return { kind: 'REFUSED', code: terms.refused };
  const reply = await send(parts, ({ orders }) => orders.postOrderRaw({ postOrderRequest: terms.request }));
  if (reply.kind !== 'DONE') return placeRefusal(order, refusalOf('place', reply));
  const taken = wireOrder.safeParse(reply.body);
  if (!taken.success || taken.data.client_order_id !== order.clientOrderId) return { kind: 'UNKNOWN', reason: 'the answer is not the order' };
  return { kind: 'ACCEPTED', report: await reportAfter(parts, { root: taken.data, head: taken.data }) };
}

/** A sale of more than is free is refused with one word, whether a stop holds the rest or nobody has it. */
function placeRefusal({ intent }: PlaceOrder, refusal: Refusal): Refusal {
  const isReduceOnly = refusal.kind === 'REFUSED' && refusal.code === 'INSUFFICIENT_QUANTITY' && intent.reduceOnly;
  return isReduceOnly ? { kind: 'REFUSED', code: 'REDUCE_ONLY' } : refusal;
}

/** The answer to a placement tells of an order that has not been anywhere yet; a moment later it may be filled. */
async function reportAfter({ after }: Parts, taken: Replaced): Promise<OrderReport> {
  try {
    const now = await after.find({ theirs: taken.root.id });
    return now === null ? reportOf({ ...taken, fills: null }) : await after.withTrades(now);
  } catch (error) {
    if (error instanceof VenueReadError) return reportOf({ ...taken, fills: null });
    throw error;
  }
}

/** The broker cancels by its own id, which may be a replacement's by now. What cannot be asked has not been sent. */
async function cancel(parts: Parts, { clientOrderId }: OrderRef): Promise<Outcome> {
  const found = await orRefusal(parts.before.find({ ours: clientOrderId }));
  if (found === null) return { kind: 'REFUSED', code: 'ORDER_UNKNOWN' };
  if ('kind' in found) return found;
  if (isOver(reportOf({ ...found, fills: null }))) return { kind: 'REFUSED', code: 'ORDER_CLOSED' };
  const reply = await send(parts, ({ orders }) => orders.deleteOrderByOrderIDRaw({ orderId: found.head.id }));
  if (reply.kind !== 'DONE') return refusalOf('cancel', reply);
  return reportCancelled(parts, found);
}

/** A cancel that was taken has only been asked for: the order is over when it says so itself. */
async function reportCancelled({ after }: Parts, { root }: Replaced): Promise<Outcome> {
  const now = await orRefusal(after.find({ theirs: root.id }));
  if (now === null || 'kind' in now) return { kind: 'UNKNOWN', reason: 'cancel taken, and the order cannot be read' };
  const report = await orRefusal(after.withTrades(now));
  return 'kind' in report ? { kind: 'UNKNOWN', reason: report.reason } : { kind: 'ACCEPTED', report };
}

type NotSent = Extract<Outcome, { kind: 'NOT_SENT' }>;

async function orRefusal<T>(reading: Promise<T>): Promise<T | NotSent> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof VenueReadError) return { kind: 'NOT_SENT', reason: error.message, pause: error.pause };
    throw error;
  }
}

async function send({ callAlpaca }: Parts, call: AlpacaCall): Promise<Reply> {
  return callAlpaca(call);
}

/** What became of a call that was not taken: certain only where the wire or the table says so. */
function refusalOf(kind: CallKind, reply: Exclude<Reply, { kind: 'DONE' }>): Refusal {
  if (reply.kind !== 'COMPLAINT') return notAnswered(reply.kind === 'NOT_CONNECTED', reply.reason);
  const row = findRow(kind, reply);
  if (row?.means === 'REFUSED') return { kind: 'REFUSED', code: row.as };
  if (row?.means === 'NOT_SENT') return { kind: 'NOT_SENT', reason: row.as, pause: pauseOf(reply) };
  return { kind: 'UNKNOWN', reason: wordsOf(reply) };
}

/** No answer came: only where no connection did either is it certain that nothing was sent (EX-9). */
const notAnswered = (neverLeft: boolean, reason: string): Extract<Outcome, { kind: 'NOT_SENT' | 'UNKNOWN' }> =>
  neverLeft ? { kind: 'NOT_SENT', reason, pause: null } : { kind: 'UNKNOWN', reason };
