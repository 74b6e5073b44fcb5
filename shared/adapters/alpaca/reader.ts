// Reads of the broker: tried again with growing, jittered pauses where another try may help; what cannot be read is no answer.
import * as z from 'zod';
import { VenueReadError } from '../../errors.ts';
import { PassingReadError, type ReadRetry, createReadPolicy } from '../../read-retry.ts';
import type { AlpacaCall, CallAlpaca, Reply } from './alpaca-client.ts';
import { findRow, pauseOf, wordsOf } from './answer-table.ts';

export interface AlpacaReader {
  /** @throws VenueReadError */
  get<T>(what: string, schema: z.ZodType<T>, call: AlpacaCall): Promise<T>;
  /** Null only where the broker says that there is no such thing. @throws VenueReadError */
  find<T>(what: string, schema: z.ZodType<T>, call: AlpacaCall): Promise<T | null>;
}

/** Makes the reads over a connection (EX-9): retry-after is honoured, and nothing is waited for after the last try. */
export function createReader(callAlpaca: CallAlpaca, retry: ReadRetry): AlpacaReader {
  const policy = createReadPolicy(retry);
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
    throw status === 429 || status >= 500 ? new PassingReadError(words, retryAfterMs, { pause: pauseOf(reply) }) : new VenueReadError(words);
  }
  if (reply.kind !== 'DONE') throw new PassingReadError(`${what}: ${reply.reason}`, null);
  const read = schema.safeParse(reply.body);
  if (read.success) return read.data;
  throw new PassingReadError(`${what}: unreadable answer: ${z.prettifyError(read.error)}`, null);
}
