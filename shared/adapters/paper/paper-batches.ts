// Many orders in one call of the paper venue; each has its own answer, and fails only by itself (EX-4).
import type { Outcome } from '../../domain/event.ts';
import type { OrderRef, PlaceOrder, VenueBatches, VenueTraits } from '../../ports.ts';
import { type PaperConnection, type PaperReply, callPaper } from './paper-http.ts';
import { outcomeOf, placeBodyOf, unsendable } from './paper-outcomes.ts';
import { REFUSALS } from './paper-refusals.ts';
import type { BatchLimits } from './venue-model.ts';
import { batchAnswer } from './venue-wire.ts';

/** A kind of batch: where it goes, and how many orders one call takes. */
interface BatchCall<Order> {
  readonly path: string;
  readonly most: number;
  readonly bodyOf: (orders: readonly Order[]) => unknown;
}

/** Makes the batch calls over a connection: of more orders than one takes there are several, each is sent once, and none of them throws. */
export function batchesOver(connection: PaperConnection, traits: VenueTraits, { mostPlaced, mostCancelled }: BatchLimits): VenueBatches {
  const send = async <Order>({ path, most, bodyOf }: BatchCall<Order>, orders: readonly Order[]): Promise<readonly PaperReply[]> => {
    const replies: PaperReply[] = [];
    for (let start = 0; start < orders.length; start += most) {
      const part = orders.slice(start, start + most);
      replies.push(...repliesOf(await callPaper(connection, { method: 'POST', path, body: bodyOf(part) }), part.length));
    }
    return replies;
  };
  const placing: BatchCall<PlaceOrder> = { path: '/batch/orders', most: mostPlaced, bodyOf: (part) => ({ orders: part.map(placeBodyOf) }) };
  const cancelling: BatchCall<OrderRef> = {
    path: '/batch/cancels', most: mostCancelled, bodyOf: (part) => ({ clientOrderIds: part.map(({ clientOrderId }) => clientOrderId) }),
  };
  return {
    mostPlaced,
    mostCancelled,
    place: async (orders) => {
      const sendable = orders.filter((order) => unsendable(order, traits) === null);
      const replies = await send(placing, sendable);
      const outcomes = new Map(sendable.map((order, index) => [order, outcomeAt(replies, index, REFUSALS.place)] as const));
      return orders.map((order) => outcomes.get(order) ?? unsentOf(order, traits));
    },
    cancel: async (orders) => {
      const replies = await send(cancelling, orders);
      return orders.map((_, index) => outcomeAt(replies, index, REFUSALS.cancel));
    },
  };
}

/** Gives each order its own answer; where there is none for each, what came stands for all of them. */
function repliesOf(reply: PaperReply, count: number): readonly PaperReply[] {
  const all = (one: PaperReply): readonly PaperReply[] => Array.from({ length: count }, () => one);
  if (reply.kind !== 'ANSWERED' || reply.status !== 200) return all(reply);
  const read = batchAnswer.safeParse(reply.body);
  if (!read.success || read.data.answers.length !== count) return all({ kind: 'LOST', reason: 'the answer is not one for each order' });
  return read.data.answers.map(({ status, body }) => ({ kind: 'ANSWERED', status, body, retryAfterMs: null }));
}

function outcomeAt(replies: readonly PaperReply[], index: number, refusals: readonly string[]): Outcome {
  const reply = replies[index];
  return reply === undefined ? { kind: 'UNKNOWN', reason: 'no answer of its own' } : outcomeOf(reply, refusals);
}

function unsentOf(order: PlaceOrder, traits: VenueTraits): Outcome {
  return unsendable(order, traits) ?? { kind: 'UNKNOWN', reason: 'no answer of its own' };
}
