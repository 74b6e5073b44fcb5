// Reads through ccxt: tried again with growing, jittered pauses where another try may help; what cannot be read is no answer.
import * as z from 'zod';
import type { VenuePause } from '../../domain/event.ts';
import { VenueReadError } from '../../errors.ts';
import { PassingReadError, type ReadRetry, createReadPolicy } from '../../read-retry.ts';
import { redactText } from '../../redaction.ts';
import { type AnswerTable, findRow, lastAnswer, wordsOf } from './answer-table.ts';
import type { CcxtClient } from './ccxt-client.ts';
import type { Ask } from './dialect.ts';
import type { Answered, CallEnd } from './recorded-fetch.ts';
import { pauseIn } from './venue-pauses.ts';

/** Makes the reads of a client (EX-9): retry-after is honoured, and nothing is waited for after the last try. */
export function createAsk(client: CcxtClient, table: AnswerTable, retry: ReadRetry): Ask {
  const policy = createReadPolicy(retry);
  const once = async (method: string, args: readonly unknown[], mayBeAbsent: boolean): Promise<unknown> => {
    const end = await client.call(method, ...args);
    if (end.ok) return end.value;
    if (mayBeAbsent && saysAbsent(table, end)) return null;
    throw readError(method, table, end);
  };
  const ask = (method: string, ...args: readonly unknown[]): Promise<unknown> => policy.execute(() => once(method, args, false));
  return Object.assign(ask, {
    orNull: (method: string, ...args: readonly unknown[]): Promise<unknown> => policy.execute(() => once(method, args, true)),
  });
}

function saysAbsent(table: AnswerTable, end: CallEnd): boolean {
  const last = lastAnswer(end);
  return last?.kind === 'ANSWERED' && findRow(table, 'find', last)?.means === 'ABSENT';
}

function readError(method: string, table: AnswerTable, end: Extract<CallEnd, { ok: false }>): VenueReadError {
  const last = lastAnswer(end);
  const cause = { cause: end.error };
  if (last === null) return new VenueReadError(`${method}: ${messageOf(end.error)}`, cause);
  const words = `${method}, ${last.call}: ${wordsOf(table, last)}`;
  if (last.kind !== 'ANSWERED') return new PassingReadError(words, null, cause);
  const pause = pauseIn(table, 'read', last);
  // Whoever calls while banned is banned for longer.
  const isWorthATry = pause?.kind !== 'BANNED' && (pause !== null || passes(table, last));
  return isWorthATry ? passing(words, { ...cause, pause }) : new VenueReadError(words, { ...cause, pause });
}

const passing = (words: string, given: { readonly cause: unknown; readonly pause: VenuePause | null }): VenueReadError =>
  new PassingReadError(words, given.pause?.milliseconds ?? null, given);

function passes(table: AnswerTable, last: Answered): boolean {
  return last.status >= 500 || findRow(table, 'read', last)?.means === 'NOT_SENT';
}

/** Reads what ccxt made of an answer. @throws VenueReadError where it is of another shape */
export function readAs<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new VenueReadError(`${what}: unreadable answer: ${z.prettifyError(read.error)}`);
}

const failure = z.object({ message: z.string() });

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  const { message = 'unknown failure' } = failure.safeParse(error).data ?? {};
  // Half a secret would be one that nobody knows again.
  return redactText(message).slice(0, 200);
}
