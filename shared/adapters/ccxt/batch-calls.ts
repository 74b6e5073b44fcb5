// Several orders through the venue's own calls (EX-4): each call is sent once, each order has its own outcome, and whatever
// the call does not take goes alone. One after another, since venues count calls and some want their nonces to grow.
import type { Outcome } from '../../domain/event.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import type { Exchange, OrderRef, PlaceOrder, VenueBatches } from '../../ports.ts';
import { cancelBatch } from './batch-cancels.ts';
import { splitBatch } from './batch-parts.ts';
import type { BatchWays, OrderCall, WireOrder, WireRef } from './dialect.ts';
import { type OrderCallParts, TOO_LATE, placed, prepare, timeToSend, unsendable } from './order-calls.ts';
import type { Sent } from './order-outcomes.ts';

type Alone = Pick<Exchange, 'place' | 'cancel'>;
type PlaceAlone = Exchange['place'];

/** Makes the batch calls of a venue over its single ones; null where it has none. */
export function createBatches(parts: OrderCallParts, alone: Alone): VenueBatches | null {
  const { batches: ways } = parts.dialect;
  if (ways === null) return null;
  const { mostPlaced, mostCancelled, leavesOut, oneSymbol } = ways;
  return {
    mostPlaced,
    mostCancelled,
    place: (orders) => {
      const inTime = timeToSend(parts);
      const inTurn: PlaceAlone = async (order) => (inTime() ? alone.place(order) : TOO_LATE);
      return inBatches(orders, {
        most: mostPlaced,
        oneSymbol: oneSymbol.place,
        prepare: async (order) => unsendable(parts, order) ?? prepare(parts, order),
        isAlone: leavesOut,
        alone: inTurn,
        together: async (batch) => (inTime() ? placeBatch(parts, ways, batch, inTurn) : batch.map(() => TOO_LATE)),
      });
    },
    cancel: (orders) => inBatches(orders, {
      most: mostCancelled,
      oneSymbol: oneSymbol.cancel,
      prepare: (order) => prepare(parts, order),
      isAlone: () => false,
      alone: (order) => alone.cancel(order),
      together: (batch) => cancelBatch(parts, ways, batch, (order) => alone.cancel(order)),
    }),
  };
}

/** An order of a batch, and how the venue spells it. */
export interface Batched<Order> {
  readonly order: Order;
  readonly wire: WireRef;
}

interface Batching<Order> {
  readonly most: number;
  readonly oneSymbol: boolean;
  readonly prepare: (order: Order) => Promise<WireRef | Outcome>;
  readonly isAlone: (order: Order) => boolean;
  readonly alone: (order: Order) => Promise<Outcome>;
  readonly together: (batch: readonly Batched<Order>[]) => Promise<readonly Outcome[]>;
}

async function inBatches<Order extends OrderRef>(orders: readonly Order[], batching: Batching<Order>): Promise<readonly Outcome[]> {
  const outcomes = new Map<Order, Outcome>();
  const ready: Batched<Order>[] = [];
  for (const order of orders) {
    const wire = await batching.prepare(order);
    if ('kind' in wire) outcomes.set(order, wire);
    else ready.push({ order, wire });
  }
  for (const batch of batchesOf(ready, batching)) {
    const [only, ...others] = batch;
    if (only !== undefined && others.length === 0) outcomes.set(only.order, await batching.alone(only.order));
    else for (const [index, outcome] of (await batching.together(batch)).entries()) setAt(outcomes, batch[index]?.order, outcome);
  }
  return orders.map((order) => outcomes.get(order) ?? { kind: 'UNKNOWN', reason: 'nothing is known of it' });
}

function setAt<Order>(outcomes: Map<Order, Outcome>, order: Order | undefined, outcome: Outcome): void {
  if (order !== undefined) outcomes.set(order, outcome);
}

/** Groups of what one call takes; an order that goes alone is a group of one. */
function batchesOf<Order>(ready: readonly Batched<Order>[], { most, oneSymbol, isAlone }: Batching<Order>): readonly (readonly Batched<Order>[])[] {
  const groups = Map.groupBy(ready, ({ order, wire }) => (isAlone(order) ? `alone ${wire.id}` : oneSymbol ? wire.symbol : ''));
  return [...groups.values()].flatMap((group) => chunksOf(group, most));
}

function chunksOf<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) => items.slice(index * most, (index + 1) * most));
}

async function placeBatch(parts: OrderCallParts, ways: BatchWays, batch: readonly Batched<PlaceOrder>[], alone: PlaceAlone): Promise<readonly Outcome[]> {
  if (ways.place === null) return eachOf(batch, ({ order }) => alone(order));
  const call = ways.place(batch.map((one) => wireOrderOf(parts, one)));
  const sent = splitBatch(parts.dialect, { kind: 'place', end: await callOf(parts, call), orders: batch.map(({ wire }) => wire), names: null });
  if (sent.kind === 'EACH') return readPlaced(parts, batch, sent.sents);
  const whole = sent.sent;
  // One order that is not as it should be has all of them refused at some venues, and none placed: the others have done nothing wrong.
  if (whole.kind === 'REFUSED' && whole.code !== 'NOT_AUTHORISED') return eachOf(batch, ({ order }) => alone(order));
  return batch.map(() => (whole.kind === 'TAKEN' ? { kind: 'UNKNOWN', reason: 'the answer to the batch is not one for each order' } : whole));
}

function callOf({ client }: OrderCallParts, [method, ...args]: OrderCall): ReturnType<OrderCallParts['client']['call']> {
  return client.call(method, ...args);
}

function wireOrderOf({ dialect, directory }: OrderCallParts, { order, wire }: Batched<PlaceOrder>): WireOrder {
  return { ...wire, order, terms: dialect.placement(order, wire.id, directory.tickOf(order.symbol)) };
}

/** Reads the orders that were taken: all that rest by one question, the others one by one. */
async function readPlaced(parts: OrderCallParts, batch: readonly Batched<PlaceOrder>[], sents: readonly Sent[]): Promise<readonly Outcome[]> {
  const { dialect, reads } = parts;
  const resting = dialect.answersWith === 'ID' && sents.some(({ kind }) => kind === 'TAKEN') ? await restingOrders(parts) : [];
  const outcomes: Outcome[] = [];
  for (const [index, { order, wire }] of batch.entries()) {
    const sent: Sent = sents[index] ?? { kind: 'UNKNOWN', reason: 'nothing is known of it' };
    const rests = resting.find(({ clientOrderId, symbol }) => clientOrderId === order.clientOrderId && symbol === order.symbol);
    outcomes.push(await placed(parts, order, sent, async (value) => rests ?? reads.afterTaken(value, order, wire)));
  }
  return outcomes;
}

/** What cannot be listed is asked for order by order. */
async function restingOrders({ dialect, ask, reads }: OrderCallParts): Promise<readonly OrderReport[]> {
  const untouched = (report: OrderReport): boolean => report.status === 'OPEN';
  return dialect.openOrders(ask).then((orders) => reads.listed(orders).filter(untouched), () => []);
}

/** One after another, each on its own. */
export async function eachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
