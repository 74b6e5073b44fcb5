// One request to the pipeline and its answer.
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type Credentials, signedHeaders } from './sign-request.ts';

/** Says that the pipeline refused, could not be reached, or answered what is no answer. */
export class AskError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AskError';
  }
}

export interface Asking {
  /** Null where nobody signs. */
  readonly region: string | null;
  readonly credentials?: () => Promise<Credentials>;
}

const ANSWER_MS = 35_000;
const THROTTLED = 429;
const TRIES_WHEN_THROTTLED = 5;
const PAUSE_MS = 400;
const refusal = z.object({ error: z.string() });
const gateway = z.object({ message: z.string() });
const PLAIN = { 'content-type': 'application/json' } as const;

const SAID: Readonly<Record<number, string>> = {
  403: 'not let in: the caller lacks execute-api:Invoke on this route, or the signature is for another region',
  404: 'there is no such route: is this the API of the stack?',
  429: 'too many requests: try again in a moment',
};

const headersFor = async (url: URL, body: string, { region, credentials }: Asking): Promise<Readonly<Record<string, string>>> => {
  if (region === null) return PLAIN;
  try {
    return await signedHeaders(url, body, { region, ...(credentials === undefined ? {} : { credentials }) });
  } catch (error) {
    throw new AskError(`no credentials to sign with: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const send = async (url: URL, body: string, headers: Readonly<Record<string, string>>): Promise<Response> => {
  try {
    return await fetch(url, { method: 'POST', headers: { ...headers }, body, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new AskError(`${url.host} cannot be reached: ${cause}`, { cause: error });
  }
};

const readText = async (response: Response): Promise<string> => {
  try {
    return await response.text();
  } catch (error) {
    throw new AskError(`${response.status}: the answer broke off: it may have been carried out`, { cause: error });
  }
};

const readBody = async (response: Response): Promise<unknown> => {
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AskError(`${response.status}: what came back is no JSON`, { cause: error });
  }
};

const refusedWords = (status: number, body: unknown): string => {
  const own = refusal.safeParse(body);
  if (own.success) return own.data.error;
  const said = SAID[status];
  if (said !== undefined) return said;
  const other = gateway.safeParse(body);
  return `${status}${other.success ? `: ${other.data.message}` : ''}`;
};

// What the throttle turned away has reached no function, so it may be said again, a halt in a hurry above all.
const sendPastThrottle = async (url: URL, body: string, asking: Asking): Promise<Response> => {
  for (let tries = 1; ; tries += 1) {
    const response = await send(url, body, await headersFor(url, body, asking));
    if (response.status !== THROTTLED || tries === TRIES_WHEN_THROTTLED) return response;
    await response.arrayBuffer();
    await delay(PAUSE_MS);
  }
};

/** Posts a document and gives back what was answered, after a few tries where it is throttled. @throws AskError for whatever is no answer */
export const ask = async (url: URL, document: unknown, asking: Asking): Promise<unknown> => {
  const body = JSON.stringify(document);
  const response = await sendPastThrottle(url, body, asking);
  const answer = await readBody(response);
  if (!response.ok) throw new AskError(refusedWords(response.status, answer));
  return answer;
};

/** Reads an answer by its form. @throws AskError where the pipeline is of another version */
export const readAnswer = <Answer>(schema: z.ZodType<Answer>, answer: unknown): Answer => {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new AskError(`the pipeline answers in another form than this command line knows: ${z.prettifyError(read.error)}`, { cause: read.error });
};
