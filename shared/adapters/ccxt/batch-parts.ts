// Takes the answer to a batch apart: each order has an answer of its own, read like that to a call for it alone (EX-4).
import { type CallKind, readJson } from './answer-table.ts';
import type { BatchPart, Dialect, WireRef } from './dialect.ts';
import { type Sent, answered, sentOf } from './order-outcomes.ts';
import type { Answered, CallEnd } from './recorded-fetch.ts';

/** One answer for each order, in their order; or one that stands for all of them. */
export type BatchSent = { readonly kind: 'EACH'; readonly sents: readonly Sent[] } | { readonly kind: 'WHOLE'; readonly sent: Sent };

interface Batch {
  readonly kind: CallKind;
  readonly end: CallEnd;
  readonly orders: readonly WireRef[];
  /** What the answer calls each order, where that is not our id. */
  readonly names: ReadonlyMap<string, string> | null;
}

/** Classifies what became of each order of a batch that was sent; whose part cannot be told is UNKNOWN. */
export function splitBatch(dialect: Dialect, { kind, end, orders, names }: Batch): BatchSent {
  const last = onlyAnswer(dialect, end);
  const parts = last === null ? null : partsIn(dialect, last);
  if (last === null || parts === null) return { kind: 'WHOLE', sent: sentOf(dialect, kind, end) };
  const sents = orders.map(({ id }, index) => {
    const part = partOf(parts, { name: names?.get(id) ?? id, index, count: orders.length }, dialect.batches?.inOrder === true);
    return part === null ? UNTOLD : sentOfPart(dialect, { kind, end, last }, part, id);
  });
  return { kind: 'EACH', sents };
}

const UNTOLD: Sent = { kind: 'UNKNOWN', reason: 'the answer to the batch says nothing of this order' };

/** The answer to the one order call that was made; null where none came, or more calls than one went out. */
function onlyAnswer({ orderCalls }: Dialect, end: CallEnd): Answered | null {
  const [only, ...others] = end.answers.filter(({ call }) => orderCalls.test(call));
  return only?.kind === 'ANSWERED' && others.length === 0 ? only : null;
}

function partsIn({ batches }: Dialect, { status, text }: Answered): readonly BatchPart[] | null {
  return batches !== null && status >= 200 && status < 300 ? batches.partsOf(readJson(text)) : null;
}

interface Wanted {
  readonly name: string;
  readonly index: number;
  readonly count: number;
}

/** By its name, if one part alone bears it; by its place only where the venue documents the order and the part names nobody. */
function partOf(parts: readonly BatchPart[], { name, index, count }: Wanted, inOrder: boolean): BatchPart | null {
  const [named, ...others] = parts.filter(({ id }) => id === name);
  const there = parts[index];
  if (named !== undefined) return others.length === 0 ? named : null;
  return inOrder && parts.length === count && there?.id === null ? there : null;
}

interface AnsweredBatch {
  readonly kind: CallKind;
  readonly end: CallEnd;
  readonly last: Answered;
}

function sentOfPart(dialect: Dialect, { kind, end, last }: AnsweredBatch, { body, status, exchangeOrderId }: BatchPart, id: string): Sent {
  const sent = answered(dialect, { kind, end: { ok: true, value: null, answers: [] }, last: { ...last, status, text: JSON.stringify(body) } });
  return sent.kind === 'TAKEN' ? { kind: 'TAKEN', value: orderIn(end, id) ?? { id: exchangeOrderId } } : sent;
}

/** The order as ccxt read it, with the numbers as text that JSON has as numbers. */
function orderIn(end: CallEnd, id: string): unknown {
  const read: readonly unknown[] = end.ok && Array.isArray(end.value) ? end.value : [];
  return read.find((order) => typeof order === 'object' && order !== null && Reflect.get(order, 'clientOrderId') === id);
}
