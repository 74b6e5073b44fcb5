// HTTP for ccxt, with every answer written down for whoever asked: its classes of errors do not tell a status from a code.
import { AsyncLocalStorage } from 'node:async_hooks';
import * as z from 'zod';
import { MILLIS_PER_SECOND, type Millis } from '../../domain/instant.ts';

/** What one request came to; `call` is its method and path. NOT_CONNECTED is certain: not a byte of it can have arrived. */
export type HttpAnswer =
  | {
      readonly kind: 'ANSWERED';
      readonly call: string;
      readonly status: number;
      readonly text: string;
      /** How long `retry-after` asks to wait; null where there is no such header. */
      readonly retryAfterMs: number | null;
      /** By their names in small letters. */
      readonly headers: Readonly<Record<string, string>>;
      readonly at: Millis;
    }
  | { readonly kind: 'NOT_CONNECTED' | 'LOST'; readonly call: string; readonly reason: string };

export type Answered = Extract<HttpAnswer, { kind: 'ANSWERED' }>;

/** How a call ended, with everything that went over the wire for it, in order. */
export type CallEnd =
  | { readonly ok: true; readonly value: unknown; readonly answers: readonly HttpAnswer[] }
  | { readonly ok: false; readonly error: unknown; readonly answers: readonly HttpAnswer[] };

export interface RecordedFetch {
  /** What ccxt takes for `fetch`. */
  readonly fetch: (url: string, init: unknown) => Promise<Response>;
  /** Runs a call and hands over what was sent for it, however it ends. */
  record(work: () => Promise<unknown>): Promise<CallEnd>;
}

const requestInit = z.object({
  method: z.string(),
  headers: z.record(z.string(), z.unknown()).optional(),
  body: z.string().nullish(),
});

const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes the `fetch` of one ccxt client. The time limit covers the body too: ccxt's own timer ends with the headers, and a
 * body that never ends would be a promise left behind.
 */
export function createRecordedFetch(options: { readonly fetch: typeof fetch; readonly timeoutMs: number }): RecordedFetch {
  const running = new AsyncLocalStorage<HttpAnswer[]>();
  return {
    fetch: async (url, init) => {
      const { method, headers, body } = requestInit.parse(init);
      const call = `${method} ${new URL(url).pathname}`;
      const request = { method, headers: textHeaders(headers), redirect: 'error' as const, ...(body ? { body } : {}) };
      const { answer, headers: told } = await send({ ...options, url, call, request });
      running.getStore()?.push(answer);
      if (answer.kind !== 'ANSWERED') throw new TypeError(answer.reason);
      return new Response(BODILESS.has(answer.status) ? null : answer.text, { status: answer.status, headers: told });
    },
    record: async (work) => {
      const answers: HttpAnswer[] = [];
      try {
        return { ok: true, value: await running.run(answers, work), answers };
      } catch (error) {
        return { ok: false, error, answers };
      }
    },
  };
}

interface Sending {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly url: string;
  readonly call: string;
  readonly request: RequestInit;
}

async function send({ fetch, timeoutMs, url, call, request }: Sending): Promise<{ answer: HttpAnswer; headers: [string, string][] }> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(url, { ...request, signal: abort.signal });
    const text = await response.text();
    // The text is unpacked already.
    const headers = [...response.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
    return { answer: answeredOf(call, response, text), headers };
  } catch (error) {
    const code = abort.signal.aborted ? null : codeOf(error);
    const kind = code !== null && NOT_CONNECTED.has(code) ? 'NOT_CONNECTED' : 'LOST';
    return { answer: { kind, call, reason: code ?? `no answer within ${timeoutMs} ms` }, headers: [] };
  } finally {
    clearTimeout(timer);
  }
}

function textHeaders(headers: Readonly<Record<string, unknown>> = {}): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]];
    return typeof value === 'number' ? [[name, value.toString()]] : [];
  });
}

function answeredOf(call: string, { status, headers }: Response, text: string): Answered {
  const at = Date.now();
  return { kind: 'ANSWERED', call, status, text, retryAfterMs: retryAfter(headers.get('retry-after') ?? '', at), headers: Object.fromEntries(headers), at };
}

/** Seconds, or the date until which to wait (RFC 9110, 10.2.3). */
function retryAfter(text: string, now: Millis): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text) * MILLIS_PER_SECOND;
  const until = /[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? null : Math.max(0, until - now);
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
