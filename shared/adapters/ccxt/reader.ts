// Reads through ccxt: tried again with growing, jittered pauses where another try may help; what cannot be read is no answer.
import { DelegateBackoff, handleType, retry } from 'cockatiel';
import * as z from 'zod';
import type { VenuePause } from '../../domain/event.ts';
import { VenueReadError } from '../../errors.ts';
import { type AnswerTable, findRow, lastAnswer, wordsOf } from './answer-table.ts';
import type { CcxtClient } from './ccxt-client.ts';
import type { Ask } from './dialect.ts';
import type { Answered, CallEnd } from './recorded-fetch.ts';
import { pauseIn } from './venue-pauses.ts';

/** `attempts` counts every try (RETRY_ATTEMPTS); the pause before the n-th retry is up to pauseMs · 2^(n−1). */
export interface ReadRetry {
  readonly attempts: number;
  readonly pauseMs: number;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

/** A venue that asks for a longer pause gets its answer from the next run instead. */
const LONGEST_PAUSE_MS = 5_000;

/** A failed read that another try may mend. */
class PassingReadError extends VenueReadError {
  readonly retryAfterMs: number | null;

  constructor(message: string, options: ErrorOptions & { readonly pause: VenuePause | null }) {
    super(message, options);
    this.retryAfterMs = options.pause?.milliseconds ?? null;
  }
}

/** Makes the reads of a client (EX-9): retry-after is honoured, and nothing is waited for after the last try. */
export function createAsk(client: CcxtClient, table: AnswerTable, { attempts, pauseMs, fraction }: ReadRetry): Ask {
  const policy = retry(handleType(PassingReadError, (error) => (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS), {
    maxAttempts: Math.max(0, attempts - 1),
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof PassingReadError ? result.error.retryAfterMs : null;
      return Math.max(asked ?? 0, pauseMs * 2 ** (attempt - 1) * (0.5 + fraction() / 2));
    }),
  });
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
  if (last.kind !== 'ANSWERED') return new PassingReadError(words, { ...cause, pause: null });
  const pause = pauseIn(table, 'read', last);
  // Whoever calls while banned is banned for longer.
  return pause?.kind !== 'BANNED' && (pause !== null || passes(table, last)) ? new PassingReadError(words, { ...cause, pause }) : new VenueReadError(words, { ...cause, pause });
}

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
  return failure.safeParse(error).data?.message.slice(0, 200) ?? 'unknown failure';
}
