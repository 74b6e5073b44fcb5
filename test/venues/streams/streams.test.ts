// The relay over the real streaming classes and the real client of Alpaca, on servers of this machine: what breaks, repeats,
// comes late, in another order, or not at all.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRelay } from '../../../console/claimjump/relay/relay.ts';
import type { Relay } from '../../../console/claimjump/relay/relay.ts';
import { USUAL_PACE } from '../../../console/claimjump/relay/relay-deps.ts';
import type { Progress, RelayClock } from '../../../console/claimjump/relay/relay-deps.ts';
import type { Webhook } from '../../../console/claimjump/relay/webhooks.ts';
import { createAlpacaStream } from '../../../shared/adapters/alpaca/alpaca-stream.ts';
import { createCcxtStream } from '../../../shared/adapters/ccxt/ccxt-stream.ts';
import { loadStreams } from '../../../shared/adapters/ccxt/load-streams.ts';
import type { VenueOrder } from '../../../shared/adapters/paper/venue-model.ts';
import { clientOrderId } from '../../../shared/domain/client-order-id.ts';
import type { Exchange } from '../../../shared/ports.ts';
import type { VenueStream } from '../../../shared/venue-stream.ts';
import { startAlpaca, order as stockOrder } from '../alpaca-bench.ts';
import { API_KEY, SECRET } from '../loopback-venue.ts';
import type { LoopbackVenue } from '../loopback-venue.ts';
import { createCcxtExchange } from '../../../shared/adapters/ccxt/ccxt-exchange.ts';
import { pairMarket, LoopbackVenue as Loopback } from '../loopback-venue.ts';
import { findVenueTraits } from '../../../shared/venue-traits.ts';
import { order } from '../venue-bench.ts';
import type { VenueUnderTest } from '../venue-bench.ts';
import { BINANCE, BYBIT } from '../venues.ts';
import { said, until, wait } from '../../console/claimjump/relay/relay-bench.ts';
import { StreamServer } from './stream-server.ts';
import type { StreamProtocol } from './stream-server.ts';
import { alpacaProtocol, binanceProtocol, binanceTicker, bybitOrder, bybitProtocol, executionReport } from './stream-protocols.ts';

const QUICK = { pauses: { firstMillis: 5, longestMillis: 40 }, keepAliveMs: 150 };
const clock: RelayClock = {
  now: () => Date.now(),
  fraction: () => 0.5,
  pause: (milliseconds, stop) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, stop.aborted ? 0 : milliseconds);
      stop.addEventListener('abort', end, { once: true });
    }),
};

interface Bench {
  readonly exchange: Exchange;
  readonly stream: VenueStream;
  readonly server: StreamServer;
  readonly taken: Webhook[];
  readonly lines: string[];
  readonly symbol: string;
  relay: Relay;
  /** Has the stream tell how an order stands now, or stood. */
  tell(order: VenueOrder | string): Promise<void>;
  orderOf(id: string): VenueOrder;
  price(price: string): void;
  aheadBy(milliseconds: number): void;
  close(): Promise<void>;
}

interface Way {
  readonly name: string;
  readonly channel: string;
  readonly pingsAre: string;
  start(symbols: readonly string[]): Promise<Omit<Bench, 'relay' | 'taken' | 'lines'>>;
}

const ccxtWay = (under: VenueUnderTest, protocol: StreamProtocol, way: { channel: string; ws: (url: string) => unknown; say: (order: VenueOrder) => unknown }): Way => ({
  name: `ccxt's ${under.dialect.venue}`,
  channel: way.channel,
  pingsAre: 'RequestTimeout',
  start: async (symbols) => {
    const venue: LoopbackVenue = new Loopback({ markets: [pairMarket(under.symbol), pairMarket(under.otherSymbol)], config: under.core, holdsCoins: under.holdsCoins });
    const running = await under.start(venue);
    const server = await StreamServer.start(protocol);
    const [traits, streams] = [findVenueTraits(under.dialect.venue), await loadStreams(under.dialect.venue)];
    if (traits === null || streams === null) throw new Error('no such venue');
    const reached = { credentials: under.credentials, timeoutMs: 2_000, sandbox: false, symbols };
    const urls = under.urls(running.url);
    venue.price(under.symbol, '100');
    const orderOf = (id: string): VenueOrder => {
      const found = venue.engine.find(id);
      if (found === null) throw new Error(`no order ${id}`);
      return found;
    };
    return {
      server, symbol: under.symbol, orderOf,
      exchange: createCcxtExchange({ ...reached, dialect: under.dialect, traits, urls, pauseMs: 1, attempts: 2, fraction: () => 0.5 }),
      stream: createCcxtStream({ ...reached, ...QUICK, streams, urls: { ...urls, ws: way.ws(server.url) }, settleMs: 60 }),
      tell: async (said) => server.tell(way.channel, way.say(typeof said === 'string' ? orderOf(said) : said)),
      price: (price) => venue.price(under.symbol, price),
      aheadBy: (milliseconds) => void (venue.clockAheadMs = milliseconds),
      close: async () => {
        await server.stop();
        await running.stop();
      },
    };
  },
});

const binanceWay = ccxtWay(BINANCE, binanceProtocol, { channel: 'user', ws: (url) => ({ spot: `${url}/ws`, 'ws-api': { spot: `${url}/api` } }), say: executionReport });
const bybitWay = ccxtWay(BYBIT, bybitProtocol, { channel: 'order', ws: (url) => ({ public: { linear: `${url}/v5/public/linear` }, private: { contract: `${url}/v5/private` } }), say: bybitOrder });
const alpacaWay: Way = {
  name: "Alpaca's own client",
  channel: 'trade_updates',
  pingsAre: 'DISCONNECTED',
  start: async () => {
    const bench = await startAlpaca({ exchange: { fractions: false } });
    const server = await StreamServer.start(alpacaProtocol);
    const { venue } = bench.server;
    venue.price('AAPL', '100');
    const rest = bench.options.urls?.trading ?? '';
    const headers = { 'apca-api-key-id': API_KEY, 'apca-api-secret-key': SECRET };
    const orderOf = (id: string): VenueOrder => {
      const found = venue.engine.find(id);
      if (found === null) throw new Error(`no order ${id}`);
      return found;
    };
    return {
      server, symbol: 'AAPL', orderOf, exchange: bench.exchange,
      stream: createAlpacaStream({ ...QUICK, credentials: { keyId: API_KEY, secret: SECRET }, environment: 'paper', url: server.url }),
      tell: async (said) => {
        const now = await (await fetch(`${rest}/v2/orders:by_client_order_id?client_order_id=${typeof said === 'string' ? said : said.clientOrderId}`, { headers })).json();
        const before = typeof said === 'string' ? {} : { filled_qty: said.filledQuantity.toFixed(), status: said.status === 'FILLED' ? 'filled' : 'new' };
        server.tell('trade_updates', { stream: 'trade_updates', data: { event: 'fill', execution_id: 'e-1', timestamp: new Date().toISOString(), order: { ...(now as object), ...before } } });
      },
      price: (price) => venue.price('AAPL', price),
      aheadBy: (milliseconds) => void (venue.clockAheadMs = milliseconds),
      close: async () => {
        await server.stop();
        await bench.stop();
      },
    };
  },
};

let bench: Bench;
const kept: { progress: Progress } = { progress: { cursor: null, live: {} } };
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const runRelay = (parts: Omit<Bench, 'relay' | 'taken' | 'lines'>, symbols: readonly string[]): Bench => {
  const stop = new AbortController();
  const [taken, lines]: [Webhook[], string[]] = [[], []];
  const relay = createRelay({
    account: 'a', symbols, venue: parts.exchange, stream: parts.stream, clock,
    deliver: async (webhook) => (taken.push(webhook), true),
    progress: { load: () => kept.progress, save: (progress) => void (kept.progress = progress) },
    log: (event, facts = {}) => void lines.push(`${event} ${Object.values(facts).join(' ')}`),
    pace: { ...USUAL_PACE, firstPauseMs: 5, longestPauseMs: 40, pricesEveryMs: 20, tradesEveryMs: 50, explainedWithinMs: 20, saveEveryMs: 5 },
  });
  const running = relay.run(stop.signal);
  stops.push(async () => {
    stop.abort();
    await running;
  });
  return { ...parts, relay, taken, lines };
};

const open = async (way: Way, symbols: readonly string[] = []): Promise<Bench> => {
  kept.progress = { cursor: null, live: {} };
  const parts = await way.start(symbols);
  stops.push(() => parts.close());
  bench = runRelay(parts, symbols);
  await until(() => bench.relay.status().cause === null, 'a stream that stands');
  return bench;
};
const idOf = (fence: number): string => clientOrderId({ account: 'a', symbol: bench.symbol, slot: 'main', purpose: 'ENTRY', fence }, { maxLength: 36 });
const place = async (id: string): Promise<VenueOrder> => {
  const { intent } = bench.symbol === 'AAPL' ? stockOrder(id) : order(bench.symbol, id);
  expect((await bench.exchange.place({ clientOrderId: id, symbol: bench.symbol, intent })).kind).toBe('ACCEPTED');
  return bench.orderOf(id);
};
const tellings = (id: string): readonly string[] => bench.taken.filter(({ body }) => body.includes(id)).map((webhook) => said(webhook).split(' ').slice(0, 2).join(' '));
const whole = () => (bench.symbol === 'AAPL' ? 'FILLED 2' : 'FILLED 2.5');

describe.each([binanceWay, bybitWay, alpacaWay])('SL-10 SL-11 the relay over $name', (way) => {
  it('tells what the stream rings for, with every trade as it is read elsewhere', async () => {
    await open(way);
    const id = idOf(1);
    await place(id);
    await bench.tell(id);
    await until(() => tellings(id).length === 1, 'the order');
    bench.price('90');
    await bench.tell(id);
    await until(() => tellings(id).length === 2, 'the fill');
    expect(tellings(id)).toEqual(['OPEN 0', whole()]);
    const listed = await bench.exchange.recentTrades(null);
    const [last] = bench.taken.toReversed();
    expect(JSON.parse(last?.body ?? '').order.trades.map((one: { tradeId: string }) => one.tradeId)).toEqual(listed.trades.map(({ tradeId }) => tradeId));
  });

  it('tells it once when it is rung for twice and in another order', async () => {
    await open(way);
    const id = idOf(1);
    const placed = await place(id);
    bench.price('90');
    for (const one of [id, placed, id, placed]) await bench.tell(one);
    await until(() => tellings(id).length > 0, 'the fill');
    await wait(60);
    expect(tellings(id)).toEqual([whole()]);
  });

  it('misses nothing of what happens while the connection is broken in the middle', async () => {
    await open(way);
    const [first, second] = [idOf(1), idOf(2)];
    await place(first);
    await bench.tell(first);
    await until(() => tellings(first).length === 1, 'the order');
    const { connections } = bench.server;
    bench.server.breakOff();
    bench.price('90');
    await until(() => bench.relay.status().cause === 'STREAM_DOWN' || bench.server.connections > connections, 'the loss');
    await until(() => tellings(first).at(-1) === whole(), 'the fill that was not heard');
    await place(second);
    await until(() => bench.server.hearers(way.channel) > 0, 'the subscription');
    await bench.tell(second);
    await until(() => tellings(second).length > 0, 'the order after it');
    expect(bench.lines.some((line) => line.startsWith('stream_lost ORDERS'))).toBe(true);
    expect(bench.server.connections).toBeGreaterThan(connections);
  });

  it('notices a venue that has gone silent without an end, and catches up when it speaks again', async () => {
    await open(way);
    const id = idOf(1);
    await place(id);
    bench.server.goSilent();
    bench.price('90');
    await until(() => bench.lines.some((line) => line === `stream_lost ORDERS ${way.pingsAre}`), 'the silence');
    bench.server.isSilent = false;
    bench.server.breakOff();
    await until(() => tellings(id).at(-1) === whole(), 'the fill');
  });

  it('comes back after a restart to what happened between', async () => {
    const first = await open(way);
    const id = idOf(1);
    await place(id);
    await bench.tell(id);
    await until(() => tellings(id).length === 1, 'the order');
    await stops.pop()?.();
    expect(kept.progress.live).toEqual({ [id]: bench.symbol });
    bench.price('90');
    bench = runRelay(first, []);
    await until(() => tellings(id).length > 0, 'the fill');
    expect(tellings(id)).toEqual([whole()]);
  });
});

describe('WS-1 prices over ccxt', () => {
  const priced = async () => open(binanceWay, ['BTC/USDT']);
  const pricesIn = () => bench.taken.map(({ body }) => JSON.parse(body)).filter(({ type }) => type === 'prices').flatMap(({ prices }) => prices);

  it('keep every digit of the ticker, and come again after a loss', async () => {
    await priced();
    await until(() => bench.server.hearers('btcusdt@miniTicker') === 1, 'the subscription');
    bench.server.tell('btcusdt@miniTicker', binanceTicker('BTC/USDT', '50123.45678901', Date.now()));
    await until(() => pricesIn().some(({ price }) => price === '50123.45678901'), 'the price');
    bench.server.breakOff();
    await until(() => bench.server.hearers('btcusdt@miniTicker') === 1, 'the subscription again');
    bench.server.tell('btcusdt@miniTicker', binanceTicker('BTC/USDT', '50124', Date.now() + 1));
    await until(() => pricesIn().some(({ price }) => price === '50124'), 'the next price');
  });

  it('of a symbol that is not traded there keep no other from being heard, nor trades from being caught up', async () => {
    await open(binanceWay, ['BTC/USDT', 'NOPE/USDT']);
    await until(() => bench.server.hearers('btcusdt@miniTicker') === 1, 'the subscription');
    bench.server.tell('btcusdt@miniTicker', binanceTicker('BTC/USDT', '50123', Date.now()));
    await until(() => pricesIn().some(({ price }) => price === '50123'), 'the price');
    expect(bench.lines).toContain('stream_lost PRICES UnlistedSymbolError NOPE/USDT');
    await until(() => bench.relay.status().cause !== 'CATCH_UP_DUE', 'the catch-up');
    expect(bench.lines.filter((line) => line.startsWith('catch_up_failed'))).toEqual([]);
  });

  it('of a venue whose clock is ahead are not of the future', async () => {
    await priced();
    await until(() => bench.server.hearers('btcusdt@miniTicker') === 1, 'the subscription');
    bench.server.tell('btcusdt@miniTicker', binanceTicker('BTC/USDT', '7', Date.now() + 60_000));
    await until(() => pricesIn().some(({ price }) => price === '7'), 'the price');
    for (const { at } of pricesIn()) expect(at).toBeLessThanOrEqual(Date.now());
  });
});
