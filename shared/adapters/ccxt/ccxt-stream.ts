// A venue's WebSocket through ccxt's streaming class, kept connected. It is heard, never believed: numbers of orders are only
// what a read has to have come to.
import * as z from 'zod';
import { pauseAfter } from '../../domain/backoff.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Millis } from '../../domain/instant.ts';
import type { StreamNews, StreamPart, VenueStream } from '../../venue-stream.ts';
import type { CcxtClass } from './ccxt-client.ts';
import type { Dialect, Params } from './dialect.ts';
import { createRecordedFetch } from './recorded-fetch.ts';
import { type UnifiedMarket, unifiedMarkets } from './unified.ts';

/** One call of ccxt that waits for the next news of its kind. */
export interface StreamCall {
  readonly part: StreamPart;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What one venue's streams want beside its dialect. */
export interface StreamDialect {
  readonly dialect: Dialect;
  /** The streaming class of ccxt, imported by its file. */
  readonly exchangeClass: CcxtClass;
  readonly config: Params;
  readonly accountCalls: readonly StreamCall[];
  /** One call for all symbols, or one for each where the venue's class has no other. */
  readonly priceCall: 'watchTickers' | 'watchTicker';
}

export interface CcxtStreamOptions {
  readonly streams: StreamDialect;
  readonly credentials: Readonly<Record<string, string>>;
  readonly sandbox: boolean;
  /** Where the venue is, by ccxt's own names; null where ccxt thinks. */
  readonly urls: Readonly<Record<string, unknown>> | null;
  /** Symbols of ours whose prices are heard. */
  readonly symbols: readonly string[];
  readonly timeoutMs: Millis;
  readonly pauses: { readonly firstMillis: Millis; readonly longestMillis: Millis };
  /** How long a call has to have waited without an error until its subscription counts as standing: ccxt does not say. */
  readonly settleMs: Millis;
  /** Between two pings; two unanswered end the connection. */
  readonly keepAliveMs: Millis;
}

/** Says that prices are wanted of what the venue does not trade. */
export class UnlistedSymbolError extends Error {
  readonly symbol: string;

  constructor(symbol: string) {
    super(`${symbol} is not traded there`);
    this.name = 'UnlistedSymbolError';
    this.symbol = symbol;
  }
}

interface Client {
  call(method: string, args: readonly unknown[]): Promise<unknown>;
}

interface Hearing extends CcxtStreamOptions {
  readonly client: Client;
  readonly tell: (news: StreamNews) => void;
  readonly stop: AbortSignal;
}

/** Makes the stream of a venue of ccxt. */
export function createCcxtStream(options: CcxtStreamOptions): VenueStream {
  return {
    run: async (tell, stop) => {
      const client = connect(options, tell, stop);
      const hearing: Hearing = { ...options, client, tell, stop };
      const { accountCalls } = options.streams;
      await Promise.all([...accountCalls.map((call) => listen(hearing, async () => call)), ...priceCallsOf(hearing)]);
    },
  };
}

/** ccxt's own reconnecting is none: a call fails when its connection does, and the next one connects again. */
function connect({ streams, credentials, sandbox, urls, timeoutMs, keepAliveMs }: CcxtStreamOptions, tell: Hearing['tell'], stop: AbortSignal): Client {
  const exchange = new streams.exchangeClass({
    ...credentials,
    ...streams.dialect.config,
    ...streams.config,
    enableRateLimit: true,
    timeout: timeoutMs,
    number: String,
    fetchImplementation: createRecordedFetch({ fetch: (url, init) => fetch(url, init), timeoutMs }).fetch,
    streaming: { keepAlive: keepAliveMs },
    ...(urls === null ? {} : { urls: { api: urls } }),
    ...(sandbox ? { sandbox: true } : {}),
  });
  const call = async (method: string, args: readonly unknown[]): Promise<unknown> => {
    const own: unknown = Reflect.get(exchange, method);
    if (typeof own !== 'function') throw new TypeError(`this class of ccxt has no ${method}`);
    const answer: unknown = await Reflect.apply(own, exchange, args);
    return answer;
  };
  const handle: unknown = Reflect.get(exchange, 'handleMessage');
  Reflect.set(exchange, 'handleMessage', (...message: readonly unknown[]) => {
    tell({ kind: 'HEARD' });
    if (typeof handle === 'function') Reflect.apply(handle, exchange, message);
  });
  stop.addEventListener('abort', () => void call('close', []).catch(() => undefined), { once: true });
  return { call };
}

function priceCallsOf(hearing: Hearing): readonly Promise<void>[] {
  const { streams, symbols } = hearing;
  if (symbols.length === 0) return [];
  const callOf = async (wanted: readonly string[]): Promise<StreamCall> => {
    const names = namesOf(streams.dialect, await hearing.client.call('loadMarkets', []), wanted);
    return { part: 'PRICES', method: streams.priceCall, args: streams.priceCall === 'watchTickers' ? [names] : names };
  };
  const groups = streams.priceCall === 'watchTickers' ? [symbols] : symbols.map((symbol) => [symbol]);
  return groups.map((group) => listen(hearing, () => callOf(group)));
}

function namesOf(dialect: Dialect, loaded: unknown, wanted: readonly string[]): readonly string[] {
  const isTraded = (market: UnifiedMarket): boolean => dialect.trades(market);
  const traded = Object.values(unifiedMarkets.parse(loaded)).filter(isTraded);
  const names: ReadonlyMap<string, string> = new Map(traded.map(({ base, quote, symbol }) => [`${base}/${quote}`, symbol] as const));
  return wanted.map((symbol) => {
    const name = names.get(symbol);
    if (name === undefined) throw new UnlistedSymbolError(symbol);
    return name;
  });
}

/** Hears one kind of news for good: what breaks is begun anew after growing, jittered pauses. */
async function listen(hearing: Hearing, callOf: () => Promise<StreamCall>): Promise<void> {
  const { stop, pauses } = hearing;
  const state = { stands: false };
  for (let failures = 0; !stop.aborted; ) {
    failures = (await hearOnce(hearing, callOf, state)) ? 0 : failures + 1;
    if (failures > 0) await pause(pauseAfter(failures, 0, { ...pauses, fraction: Math.random() }), stop);
  }
}

async function hearOnce(hearing: Hearing, callOf: () => Promise<StreamCall>, state: { stands: boolean }): Promise<boolean> {
  const { client, tell, stop, settleMs, streams } = hearing;
  let part: StreamPart = 'PRICES';
  let settled: NodeJS.Timeout | undefined;
  const stand = (): void => {
    if (!state.stands) tell({ kind: 'STANDS', part });
    state.stands = true;
  };
  try {
    const call = await callOf();
    part = call.part;
    settled = setTimeout(stand, settleMs);
    const heard = await client.call(call.method, call.args);
    stand();
    for (const news of newsOf(part, heard, streams.dialect)) tell(news);
    return true;
  } catch (error) {
    if (!stop.aborted) tell({ kind: 'LOST', part, reason: nameOf(error) });
    state.stands = false;
    return false;
  } finally {
    clearTimeout(settled);
  }
}

// Its messages may hold addresses with keys in them.
const nameOf = (error: unknown): string => z.object({ name: z.string() }).safeParse(error).data?.name ?? 'unknown';

const text = z.string().min(1).nullish().catch(null).transform((value) => value ?? null);
const number = z.union([z.string(), z.number()]).nullish().catch(null).transform(decimalOf);
const heardOrders = z.array(z.object({ id: text, clientOrderId: text, symbol: text, status: text, filled: number }));
const heardTrades = z.array(z.object({ order: text }));
const heardTicker = z.object({ symbol: z.string(), last: number, close: number, timestamp: z.number().int().nullish() });
const heardTickers = z.union([heardTicker.transform((ticker) => [ticker]), z.record(z.string(), heardTicker).transform((all) => Object.values(all))]);

const OVER: ReadonlySet<string> = new Set(['closed', 'canceled', 'expired', 'rejected']);

function decimalOf(value: string | number | null | undefined): Decimal | null {
  try {
    return value === null || value === undefined ? null : parseDecimal(String(value), 'number');
  } catch {
    return null;
  }
}

function newsOf(part: StreamPart, heard: unknown, { ids }: Dialect): readonly StreamNews[] {
  if (part === 'ORDERS') return heardOrders.parse(heard).map((order) => orderNews(order, ids));
  if (part === 'TRADES') return heardTrades.parse(heard).map(({ order }) => ({ kind: 'TRADED', exchangeOrderId: order }));
  const prices = heardTickers.parse(heard).flatMap(({ symbol, last, close, timestamp }) => {
    const price = last ?? close;
    return price === null || !price.greaterThan(0) ? [] : [{ symbol: oursOf(symbol), price, at: timestamp ?? Date.now() }];
  });
  return [{ kind: 'PRICES', prices }];
}

function orderNews({ id, clientOrderId, symbol, status, filled }: z.infer<typeof heardOrders>[number], ids: Dialect['ids']): StreamNews {
  if (clientOrderId === null || symbol === null) return { kind: 'TRADED', exchangeOrderId: null };
  const order = { clientOrderId: ids.fromVenue(clientOrderId), symbol: oursOf(symbol) };
  return { kind: 'ORDER', order, exchangeOrderId: id, filledQuantity: filled, isOver: OVER.has(status ?? '') };
}

/** Contracts have their settlement behind a colon there. */
function oursOf(symbol: string): string {
  return symbol.split(':')[0] ?? symbol;
}

function pause(milliseconds: Millis, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    stop.addEventListener('abort', end);
  });
}
