// Alpaca's own client, set so that a call is one request with an end, and what went over the wire told as it was.
import { ApiError, marketData, trading } from '@alpacahq/alpaca-trade-api/rest';
import * as z from 'zod';
import { redactText } from '../../redaction.ts';

/** How the broker is reached. `urls` null: the hosts of the environment. Times in milliseconds. */
export interface AlpacaConnection {
  readonly credentials: { readonly keyId: string; readonly secret: string };
  readonly environment: 'paper' | 'live';
  readonly urls: { readonly trading: string; readonly data: string } | null;
  readonly timeoutMs: number;
}

/** The parts of the client that are used. */
export interface AlpacaApis {
  readonly orders: trading.OrdersApi;
  readonly activities: trading.AccountActivitiesApi;
  readonly positions: trading.PositionsApi;
  readonly account: trading.AccountsApi;
  readonly assets: trading.AssetsApi;
  readonly calendar: trading.CalendarApi;
  readonly stocks: marketData.StockApi;
}

/** What one call came to. `code` and `message` are the broker's complaint; NOT_CONNECTED: not a byte can have arrived. */
export type Reply =
  | { readonly kind: 'DONE'; readonly body: unknown }
  | { readonly kind: 'COMPLAINT'; readonly status: number; readonly code: string | null; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'NOT_CONNECTED' | 'LOST'; readonly reason: string };

export type AlpacaCall = (apis: AlpacaApis) => Promise<{ readonly raw: Response }>;

/** Makes one call of the broker; never throws. */
export type CallAlpaca = (call: AlpacaCall) => Promise<Reply>;

const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
const DEEPEST_CAUSE = 4;

/**
 * Connects to the broker. The bare APIs neither try again nor wait for a place in a rate limit, as the client's facade
 * would; their time limit covers the body, but only if that is read, so the raw answers are asked for and always read.
 */
export function connectAlpaca({ credentials, environment, urls, timeoutMs }: AlpacaConnection): CallAlpaca {
  const shared = { keyId: credentials.keyId, secret: credentials.secret, timeoutMs, retry: { maxRetries: 0 } };
  const trade = new trading.Configuration({ ...shared, paper: environment === 'paper', ...(urls === null ? {} : { basePath: urls.trading }) });
  const data = new marketData.Configuration({ ...shared, ...(urls === null ? {} : { basePath: urls.data }) });
  const apis: AlpacaApis = {
    orders: new trading.OrdersApi(trade),
    activities: new trading.AccountActivitiesApi(trade),
    positions: new trading.PositionsApi(trade),
    account: new trading.AccountsApi(trade),
    assets: new trading.AssetsApi(trade),
    calendar: new trading.CalendarApi(trade),
    stocks: new marketData.StockApi(data),
  };
  return async (call) => {
    try {
      const { raw } = await call(apis);
      return { kind: 'DONE', body: readJson(await raw.text()) };
    } catch (error) {
      return error instanceof ApiError ? complaintOf(error) : lossOf(error);
    }
  };
}

function complaintOf({ status, code, message, retryAfterMs }: ApiError): Reply {
  return { kind: 'COMPLAINT', status, code: code?.toString() ?? null, message, retryAfterMs: retryAfterMs ?? null };
}

const withSource = z.object({ source: z.string() });

/** Reads JSON with every number as the text that it was sent as; what is no JSON is read as nothing. */
export function readJson(text: string): unknown {
  const asSent = (_key: string, value: unknown, ...[context]: readonly unknown[]): unknown =>
    typeof value === 'number' ? withSource.parse(context).source : value;
  try {
    const value: unknown = JSON.parse(text, asSent);
    return value;
  } catch {
    return null;
  }
}

// Not by instanceof: errors of the platform may come from another realm than this code.
const failure = z.object({ message: z.string().optional(), code: z.string().optional(), cause: z.unknown().optional() });

function lossOf(error: unknown): Reply {
  let reason = 'unknown failure';
  let next = error;
  for (let depth = 0; depth < DEEPEST_CAUSE; depth += 1) {
    const read = failure.safeParse(next);
    if (!read.success) break;
    const { code, message, cause } = read.data;
    if (code !== undefined && NOT_CONNECTED.has(code)) return { kind: 'NOT_CONNECTED', reason: code };
    reason = code ?? message ?? reason;
    next = cause;
  }
  return { kind: 'LOST', reason: redactText(reason).slice(0, 200) };
}
