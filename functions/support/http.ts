// The HTTP API: one body in, one JSON answer out, every typed error as a status.
import * as z from 'zod';
import { DomainInputError } from '../../shared/domain/decimal.ts';
import { InvalidInputError } from '../../shared/errors.ts';
import type { Telemetry, TraceContext } from '../../shared/ports.ts';
import { failureNote } from './failure-note.ts';
import { InputError } from './input-error.ts';

/** Largest body a door takes, in bytes. */
export const LARGEST_BODY = 65_536;
const RETRY_AFTER_SECONDS = '1';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const httpEvent = z.object({
  headers: z.record(z.string(), z.string().optional()).default({}),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z.string().nullish().transform((body) => body ?? ''),
  isBase64Encoded: z.boolean().default(false),
});

export type HttpRequest = z.infer<typeof httpEvent>;

/** Tells whether an invocation came over the HTTP API. */
export const isHttpEvent = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'requestContext' in event;

/** Reads the HTTP API's event (payload 2.0). @throws InputError (405) for another method than POST */
export const readRequest = (event: unknown): HttpRequest => {
  const parsed = httpEvent.safeParse(event);
  if (!parsed.success) throw new InputError(400, 'request', 'an HTTP request', { cause: parsed.error });
  if (parsed.data.requestContext.http.method !== 'POST') throw new InputError(405, 'method', 'POST');
  return parsed.data;
};

/** Gives the body as the bytes that were sent. @throws InputError (413) above 65,536 bytes, before anything is read */
export const bodyBytes = (request: HttpRequest): Buffer => {
  const bytes = Buffer.from(request.body, request.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > LARGEST_BODY) throw new InputError(413, 'body', `at most ${LARGEST_BODY} bytes`);
  return bytes;
};

/** Reads bytes as text. @throws InputError (400) for what is not UTF-8 */
export const bodyText = (bytes: Buffer): string => {
  try {
    // A byte order mark stays, and is no JSON: nothing is dropped from what was signed.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(400, 'body', 'UTF-8 text', { cause });
  }
};

/** Finds a header whatever its case; null where it is missing or there several times. */
export const headerOf = (request: HttpRequest, name: string): string | null => {
  const found = Object.entries(request.headers).filter(([key]) => key.toLowerCase() === name);
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
};

/** Runs a request and turns what it throws into an answer: input errors into 4xx, the rest into 503 with retry-after. */
export const answerHttp = async (
  telemetry: Telemetry,
  trace: TraceContext,
  work: () => Promise<unknown>,
): Promise<HttpAnswer> => {
  try {
    return json(200, await work());
  } catch (error) {
    telemetry.record(failureNote('request_failed', error), trace);
    const fault = callersFault(error);
    if (fault !== null) return json(fault.status, { error: fault.message, field: fault.field, expected: fault.expected });
    // Nothing was committed, or what was is found again by its id: the same request may be sent once more.
    return json(503, { error: 'not done, send it again' }, { 'retry-after': RETRY_AFTER_SECONDS });
  }
};

// What the form lets through and the rules refuse, such as a symbol that the venue does not list.
const callersFault = (error: unknown): InputError | null => {
  if (error instanceof InputError) return error;
  if (error instanceof InvalidInputError || error instanceof DomainInputError) {
    return new InputError(422, error.field, error.expected, { cause: error });
  }
  return null;
};

const json = (statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
