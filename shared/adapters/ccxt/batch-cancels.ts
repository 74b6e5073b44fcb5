// Several cancels in one call (EX-4). What the call refuses or does not take is cancelled alone: it may be a stop, which
// waits elsewhere at some venues, and the single call says why it is refused.
import { isLive } from '../../domain/order-lifecycle.ts';
import type { Outcome } from '../../domain/event.ts';
import type { OrderRef } from '../../ports.ts';
import { splitBatch } from './batch-parts.ts';
import type { BatchCancel, BatchWays, WireRef } from './dialect.ts';
import { type OrderCallParts, notSentBy } from './order-calls.ts';
import type { Sent } from './order-outcomes.ts';

interface Cancelled {
  readonly order: OrderRef;
  readonly wire: WireRef;
}

type CancelAlone = (order: OrderRef) => Promise<Outcome>;

/** Cancels orders of one batch; never throws. */
export async function cancelBatch(parts: OrderCallParts, ways: BatchWays, batch: readonly Cancelled[], alone: CancelAlone): Promise<readonly Outcome[]> {
  const cancel = await ways.cancel(parts.ask, batch.map(({ wire }) => wire)).catch((error: unknown) => notSentBy(error));
  if ('kind' in cancel) return batch.map(() => cancel);
  const together = batch.filter(({ wire }) => isNamed(cancel, wire));
  const outcomes = new Map<Cancelled, Outcome>();
  for (const [index, sent] of (await sendCancels(parts, cancel, together)).entries()) {
    const one = together[index];
    if (one !== undefined) outcomes.set(one, await outcomeOf(parts, one, sent, alone));
  }
  const all: Outcome[] = [];
  for (const one of batch) all.push(outcomes.get(one) ?? (await alone(one.order)));
  return all;
}

function isNamed({ names }: BatchCancel, { id }: WireRef): boolean {
  return names === null || names.has(id);
}

/** COUNTED: the venue says how many it cancelled, and not which. */
type CancelSent = Sent | { readonly kind: 'COUNTED' };

async function sendCancels({ dialect, client }: OrderCallParts, { call: [method, ...args], names }: BatchCancel, batch: readonly Cancelled[]): Promise<readonly CancelSent[]> {
  if (batch.length === 0) return [];
  const end = await client.call(method, ...args);
  const sent = splitBatch(dialect, { kind: 'cancel', end, orders: batch.map(({ wire }) => wire), names });
  if (sent.kind === 'EACH') return sent.sents;
  const whole: CancelSent = sent.sent.kind === 'TAKEN' ? { kind: 'COUNTED' } : sent.sent;
  return batch.map(() => whole);
}

async function outcomeOf(parts: OrderCallParts, { order, wire }: Cancelled, sent: CancelSent, alone: CancelAlone): Promise<Outcome> {
  if (sent.kind === 'COUNTED') return countedOutcome(parts, order, wire);
  if (sent.kind === 'REFUSED' && sent.code !== 'NOT_AUTHORISED') return alone(order);
  if (sent.kind !== 'TAKEN') return sent;
  const report = await parts.reads.afterTaken(sent.value, order, wire);
  return report === null ? { kind: 'UNKNOWN', reason: 'cancel taken, and the order cannot be read' } : { kind: 'ACCEPTED', report };
}

/** Which orders were cancelled is read off the orders. */
async function countedOutcome({ reads }: OrderCallParts, order: OrderRef, wire: WireRef): Promise<Outcome> {
  try {
    const report = await reads.find(order, wire);
    if (report === null || report.status === 'FILLED') return { kind: 'REFUSED', code: 'ORDER_NOT_OPEN' };
    return isLive(report.status) ? { kind: 'UNKNOWN', reason: 'cancelled with others, and still there' } : { kind: 'ACCEPTED', report };
  } catch {
    return { kind: 'UNKNOWN', reason: 'cancelled with others, and the order cannot be read' };
  }
}
