// One HTTP call to the paper venue: what came back, or what is known of why nothing did.
import * as z from 'zod';
import type { VenuePause } from '../../domain/event.ts';
import { MILLIS_PER_SECOND } from '../../domain/instant.ts';

export type Fetch = typeof fetch;

export interface PaperRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
}

/** ANSWERED with a JSON body; NOT_SENT where nobody listened, so that nothing can have happened; LOST for all else. */
export type PaperReply =
  | { readonly kind: 'ANSWERED'; readonly status: number; readonly body: unknown; readonly retryAfterMs: number | null }
  | { readonly kind: 'NOT_SENT'; readonly reason: string }
  | { readonly kind: 'LOST'; readonly reason: string };

const PAUSES: ReadonlyMap<number, VenuePause['kind']> = new Map([[429, 'RATE_LIMITED'], [418, 'BANNED']]);

/** Where the venue is and how long an answer may take, in milliseconds. */
export interface PaperConnection {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

/** Sends one request once; never throws, and leaves nothing running behind (the body is read under the same time limit). */
export async function callPaper(connection: PaperConnection, request: PaperRequest): Promise<PaperReply> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), connection.timeoutMs);
  try {
    const response = await connection.fetch(`${connection.url}${request.path}`, requestInit(request, abort.signal));
    const text = await response.text();
    return { kind: 'ANSWERED', status: response.status, body: readJson(text), retryAfterMs: retryAfter(response.headers) };
  } catch (error) {
    if (abort.signal.aborted) return { kind: 'LOST', reason: `no answer within ${connection.timeoutMs} ms` };
    const code = codeOf(error);
    return { kind: code === 'ECONNREFUSED' ? 'NOT_SENT' : 'LOST', reason: code };
  } finally {
    clearTimeout(timer);
  }
}

function requestInit({ method, body }: PaperRequest, signal: AbortSignal): RequestInit {
  if (body === null) return { method, signal };
  return { method, signal, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Reads what a venue that sheds load or has banned us asks for (EX-9); null of every other answer. */
export function pauseOf({ status, retryAfterMs }: Pick<Extract<PaperReply, { kind: 'ANSWERED' }>, 'status' | 'retryAfterMs'>): VenuePause | null {
  const kind = PAUSES.get(status);
  return kind === undefined ? null : { kind, milliseconds: retryAfterMs };
}

function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * MILLIS_PER_SECOND : null;
}

/** A body that is no JSON is read as nothing, which no schema takes. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Not by instanceof: errors of the platform may come from another realm than this code.
const failedFetch = z.object({ cause: z.object({ code: z.string() }) });
const failure = z.object({ message: z.string() });

/** The system's code of a failed fetch, which hides it in its cause, or its words where it has none. */
function codeOf(error: unknown): string {
  const failed = failedFetch.safeParse(error);
  if (failed.success) return failed.data.cause.code;
  return failure.safeParse(error).data?.message ?? 'unknown failure';
}
