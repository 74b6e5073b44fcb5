// Reads of the paper venue: tried again with growing, jittered pauses; an answer that cannot be read is no answer.
import * as z from 'zod';
import { DEFAULT_SETTINGS } from '../../domain/settings.ts';
import { VenueReadError } from '../../errors.ts';
import { PassingReadError, type ReadRetry, createReadPolicy } from '../../read-retry.ts';
import { type PaperConnection, type PaperReply, callPaper, pauseOf } from './paper-http.ts';
import { refusalAnswer } from './venue-wire.ts';

export interface PaperReader {
  /** @throws VenueReadError */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Null only where the venue says that there is no such order. @throws VenueReadError */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | null>;
}

const PAUSE_MS = 50;

/** Reads over a connection (EX-9): retry-after is honoured, and nothing is waited for after the last try. */
export function createReader(connection: PaperConnection, options: Partial<ReadRetry>): PaperReader {
  const { attempts = DEFAULT_SETTINGS.retryAttempts, pauseMs = PAUSE_MS, fraction = Math.random } = options;
  const policy = createReadPolicy({ attempts, pauseMs, fraction });
  const ask = (path: string): Promise<PaperReply> => callPaper(connection, { method: 'GET', path, body: null });
  return {
    get: (path, schema) => policy.execute(async () => readAnswer(path, await ask(path), schema)),
    find: (path, schema) =>
      policy.execute(async () => {
        const reply = await ask(path);
        return saysUnknown(reply) ? null : readAnswer(path, reply, schema);
      }),
  };
}

function saysUnknown(reply: PaperReply): boolean {
  if (reply.kind !== 'ANSWERED' || reply.status !== 404) return false;
  const refusal = refusalAnswer.safeParse(reply.body);
  return refusal.success && refusal.data.code === 'ORDER_UNKNOWN';
}

function readAnswer<T>(path: string, reply: PaperReply, schema: z.ZodType<T>): T {
  if (reply.kind !== 'ANSWERED') throw new PassingReadError(`GET ${path}: ${reply.reason}`, null);
  const { status, body, retryAfterMs } = reply;
  const pause = pauseOf(reply);
  if (status >= 500 || pause?.kind === 'RATE_LIMITED') throw new PassingReadError(`GET ${path}: status ${status}`, retryAfterMs, { pause });
  if (status !== 200) throw new VenueReadError(`GET ${path}: status ${status}`, { pause });
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  throw new PassingReadError(`GET ${path}: unreadable answer: ${z.prettifyError(answer.error)}`, null);
}
