// Reads of the broker: tried again with growing, jittered pauses where another try may help; what cannot be read is no answer.
import { DelegateBackoff, handleType, retry } from 'cockatiel';
import * as z from 'zod';
import type { VenuePause } from '../../domain/event.ts';
import { VenueReadError } from '../../errors.ts';
import type { AlpacaCall, CallAlpaca, Reply } from './alpaca-client.ts';
import { findRow, pauseOf, wordsOf } from './answer-table.ts';

/** `attempts` counts every try (RETRY_ATTEMPTS); the pause before the n-th retry is up to pauseMs · 2^(n−1). */
export interface ReadRetry {
  readonly attempts: number;
  readonly pauseMs: number;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

export interface AlpacaReader {
  /** @throws VenueReadError */
  get<T>(what: string, schema: z.ZodType<T>, call: AlpacaCall): Promise<T>;
  /** Null only where the broker says that there is no such thing. @throws VenueReadError */
  find<T>(what: string, schema: z.ZodType<T>, call: AlpacaCall): Promise<T | null>;
}

/** A broker that asks for a longer pause gets its answer from the next run instead. */
const LONGEST_PAUSE_MS = 5_000;

/** A failed read that another try may mend. */
class PassingReadError extends VenueReadError {
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null, pause: VenuePause | null = null) {
    super(message, { pause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** Makes the reads over a connection (EX-9): retry-after is honoured, and nothing is waited for after the last try. */
export function createReader(callAlpaca: CallAlpaca, { attempts, pauseMs, fraction }: ReadRetry): AlpacaReader {
  const policy = retry(handleType(PassingReadError, (error) => (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS), {
    maxAttempts: Math.max(0, attempts - 1),
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof PassingReadError ? result.error.retryAfterMs : null;
      return Math.max(asked ?? 0, pauseMs * 2 ** (attempt - 1) * (0.5 + fraction() / 2));
    }),
  });
  return {
    get: (what, schema, call) => policy.execute(async () => readAnswer(what, schema, await callAlpaca(call))),
    find: (what, schema, call) =>
      policy.execute(async () => {
        const reply = await callAlpaca(call);
        const isAbsent = reply.kind === 'COMPLAINT' && findRow('find', reply)?.means === 'ABSENT';
        return isAbsent ? null : readAnswer(what, schema, reply);
      }),
  };
}

function readAnswer<T>(what: string, schema: z.ZodType<T>, reply: Reply): T {
  if (reply.kind === 'COMPLAINT') {
    const { status, retryAfterMs } = reply;
    const words = `${what}: ${wordsOf(reply)}`;
    throw status === 429 || status >= 500 ? new PassingReadError(words, retryAfterMs, pauseOf(reply)) : new VenueReadError(words);
  }
  if (reply.kind !== 'DONE') throw new PassingReadError(`${what}: ${reply.reason}`, null);
  const read = schema.safeParse(reply.body);
  if (read.success) return read.data;
  throw new PassingReadError(`${what}: unreadable answer: ${z.prettifyError(read.error)}`, null);
}
