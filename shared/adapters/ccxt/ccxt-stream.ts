// A venue's WebSocket through ccxt's streaming class, kept connected. It is heard, never believed: numbers of orders are only
// what a read has to have come to.
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { pauseAfter } from '../../domain/backoff.ts';
import type { Millis } from '../../domain/instant.ts';
import type { StreamNews, StreamPart, VenueStream } from '../../venue-stream.ts';
import type { CcxtClass } from './ccxt-client.ts';
import type { Dialect, Params } from './dialect.ts';
import { createRecordedFetch } from './recorded-fetch.ts';
import { newsOf } from './stream-news.ts';
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
  /** How long a call has to have waited, the venue having spoken, until its subscription counts as standing: ccxt does not say. */
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
  /** Messages that came so far. */
  heard(): number;
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
      await Promise.all([...accountCalls.map((call) => listen(hearing, call.part, () => call)), ...priceCallsOf(hearing)]);
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
  let messages = 0;
  Reflect.set(exchange, 'handleMessage', (...message: readonly unknown[]) => {
    messages += 1;
    tell({ kind: 'HEARD' });
    if (typeof handle === 'function') Reflect.apply(handle, exchange, message);
  });
  stop.addEventListener('abort', () => void call('close', []).catch(() => undefined), { once: true });
  return { call, heard: () => messages };
}

function priceCallsOf(hearing: Hearing): readonly Promise<void>[] {
  const { streams, symbols, tell } = hearing;
  if (symbols.length === 0) return [];
  const missed = new Set<string>();
  const callOf = (loaded: unknown, wanted: readonly string[]): StreamCall => {
    const { names, unlisted } = namesOf(streams.dialect, loaded, wanted);
    const [first] = unlisted;
    if (first !== undefined && names.length === 0) throw new UnlistedSymbolError(first);
    // One that is not traded, or no longer, keeps no other from being heard; it is told once.
    for (const symbol of unlisted.filter((each) => !missed.has(each))) tell({ kind: 'LOST', part: 'PRICES', reason: `UnlistedSymbolError ${symbol}` });
    for (const symbol of unlisted) missed.add(symbol);
    return { part: 'PRICES', method: streams.priceCall, args: streams.priceCall === 'watchTickers' ? [names] : names };
  };
  const groups = streams.priceCall === 'watchTickers' ? [symbols] : symbols.map((symbol) => [symbol]);
  return groups.map((group) => listen(hearing, 'PRICES', (loaded) => callOf(loaded, group)));
}

interface PriceNames {
  readonly names: readonly string[];
  readonly unlisted: readonly string[];
}

function namesOf(dialect: Dialect, loaded: unknown, wanted: readonly string[]): PriceNames {
  const isTraded = (market: UnifiedMarket): boolean => dialect.trades(market);
  const traded = Object.values(unifiedMarkets.parse(loaded)).filter(isTraded);
  const names: ReadonlyMap<string, string> = new Map(traded.map(({ base, quote, symbol }) => [`${base}/${quote}`, symbol] as const));
  return { names: wanted.flatMap((symbol) => names.get(symbol) ?? []), unlisted: wanted.filter((symbol) => !names.has(symbol)) };
}

/** Hears one kind of news for good: what breaks is begun anew after growing, jittered pauses. */
async function listen(hearing: Hearing, part: StreamPart, callOf: (loadedMarkets: unknown) => StreamCall): Promise<void> {
  const { stop, pauses } = hearing;
  const channel: Channel = { part, callOf, stands: false };
  for (let failures = 0; !stop.aborted; ) {
    failures = (await hearOnce(hearing, channel)) ? 0 : failures + 1;
    if (failures > 0) await pause(pauseAfter(failures, 0, { ...pauses, fraction: Math.random() }), stop);
  }
}

/** A call may outlive the closing of its connection: nobody waits for that. */
function unlessStopped(call: Promise<unknown>, stop: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('stopped'));
    stop.addEventListener('abort', end, { once: true });
    void call.then(resolve, reject).finally(() => stop.removeEventListener('abort', end));
    if (stop.aborted) end();
  });
}

interface Channel {
  readonly part: StreamPart;
  readonly callOf: (loadedMarkets: unknown) => StreamCall;
  stands: boolean;
}

async function hearOnce(hearing: Hearing, channel: Channel): Promise<boolean> {
  const { client, tell, stop, streams } = hearing;
  const { part } = channel;
  let settling: NodeJS.Timeout | undefined;
  try {
    // Without it, ccxt takes no address that is not encrypted, which only servers of this machine have.
    await client.call('loadHttpProxyAgent', []);
    const { method, args } = channel.callOf(await client.call('loadMarkets', []));
    settling = settle(hearing, channel);
    const heard = await unlessStopped(client.call(method, args), stop);
    stand(hearing, channel);
    for (const news of newsOf(part, heard, streams.dialect)) tell(news);
    return true;
  } catch (error) {
    if (!stop.aborted) tell({ kind: 'LOST', part, reason: nameOf(error) });
    channel.stands = false;
    return false;
  } finally {
    clearInterval(settling);
  }
}

function stand({ tell }: Hearing, channel: Channel): void {
  if (!channel.stands) tell({ kind: 'STANDS', part: channel.part });
  channel.stands = true;
}

/** A subscription is answered, if only with its confirmation: while nothing was heard, nothing stands. */
function settle(hearing: Hearing, channel: Channel): NodeJS.Timeout {
  const { client, settleMs } = hearing;
  const before = client.heard();
  return setInterval(() => {
    if (client.heard() > before) stand(hearing, channel);
  }, settleMs);
}

// Its messages may hold addresses with keys in them.
const nameOf = (error: unknown): string => z.object({ name: z.string() }).safeParse(error).data?.name ?? 'unknown';

/** Waits so long, or until it is to stop. */
function pause(milliseconds: Millis, stop: AbortSignal): Promise<void> {
  return delay(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}
