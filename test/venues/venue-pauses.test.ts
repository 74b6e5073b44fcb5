// How each venue asks for a pause, and for how long: in headers, in words, or not at all.
import { afterEach, describe, expect, it } from '@jest/globals';
import { VenueReadError } from '../../shared/errors.ts';
import type { WireReply } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench, VenueUnderTest } from './venue-bench.ts';
import { ALPACA_CRYPTO, BINANCE, BINANCEUSDM, BYBIT, COINBASE, KRAKEN, OKX } from './venues.ts';

let bench: VenueBench;
afterEach(() => bench.stop());

const BAN = { code: -1003, msg: `Way too much request weight used; IP banned until ${Date.now() + 600_000}. Please use WebSocket Streams for live updates to avoid bans.` };
const inTenMinutes = (): string => new Date(Date.now() + 600_000).toUTCString();

type Pause = readonly ['RATE_LIMITED' | 'BANNED', number | null];
const CASES: readonly (readonly [string, VenueUnderTest, WireReply, Pause])[] = [
  ['429 with seconds', BINANCE, { status: 429, body: { code: -1003, msg: 'Too many requests queued.' }, headers: { 'retry-after': '9' } }, ['RATE_LIMITED', 9_000]],
  ['429 with a date', BINANCEUSDM, { status: 429, body: { code: -1003, msg: 'Too many requests queued.' }, headers: { 'retry-after': inTenMinutes() } }, ['RATE_LIMITED', 600_000]],
  ['429 that does not say how long', OKX, { status: 429, body: { code: '50011', msg: 'Too Many Requests', data: [] } }, ['RATE_LIMITED', null]],
  ['429 with nonsense', COINBASE, { status: 429, body: 'slow down', headers: { 'retry-after': 'soon' } }, ['RATE_LIMITED', null]],
  ['418 with seconds', BINANCE, { status: 418, body: { code: -1003, msg: 'Way too many requests' }, headers: { 'retry-after': '120' } }, ['BANNED', 120_000]],
  ['418 that says it in words', BINANCEUSDM, { status: 418, body: BAN }, ['BANNED', 600_000]],
  ['the words of a ban under another status', BINANCE, { status: 403, body: BAN }, ['BANNED', 600_000]],
  ['403 of a firewall', BINANCE, { status: 403, body: 'Forbidden' }, ['RATE_LIMITED', null]],
  ['200 with EAPI:Rate limit exceeded', KRAKEN, { status: 200, body: { error: ['EAPI:Rate limit exceeded'] } }, ['RATE_LIMITED', null]],
  ['200 with a throttle and its end', KRAKEN, { status: 200, body: { error: [`EService: Throttled: ${Math.ceil(Date.now() / 1000) + 600}`] } }, ['RATE_LIMITED', 600_000]],
  ['200 with a lockout', KRAKEN, { status: 200, body: { error: ['EGeneral:Temporary lockout'] } }, ['BANNED', null]],
  ['200 with 10006 and the instant in a header', BYBIT, { status: 200, body: { retCode: 10006, retMsg: 'Too many visits!', result: {} }, headers: { 'x-bapi-limit-reset-timestamp': String(Date.now() + 600_000) } }, ['RATE_LIMITED', 600_000]],
  ['200 with 10018', BYBIT, { status: 200, body: { retCode: 10018, retMsg: 'Exceeded the IP Rate Limit.', result: {} } }, ['RATE_LIMITED', null]],
  ['403 of ten minutes', BYBIT, { status: 403, body: '403, access too frequent' }, ['BANNED', 600_000]],
  ['429 with the second in a header', ALPACA_CRYPTO, { status: 429, body: { code: 42910000, message: 'rate limit exceeded' }, headers: { 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 600) } }, ['RATE_LIMITED', 600_000]],
];
const named = CASES.map(([words, under, reply, pause]) => [under.dialect.venue, words, under, reply, pause] as const);

/** What was told as an instant is shorter by what has passed since. */
const isAbout = (milliseconds: number | null | undefined, wanted: number | null): boolean =>
  wanted === null || typeof milliseconds !== 'number' ? milliseconds === wanted : milliseconds <= wanted + 1_000 && milliseconds > wanted - 60_000;

describe('EX-9 a pause that a venue asks for', () => {
  it.each(named)('%s: %s, of a placement', async (_venue, _words, under, reply, [kind, milliseconds]) => {
    bench = await startBench(under);
    bench.venue.price(under.symbol, '100');
    await bench.exchange.openOrders();
    bench.venue.strike(['place'], { kind: 'REPLY', when: 'BEFORE', reply });
    const outcome = await bench.exchange.place(order(under.symbol, 'one'));
    if (outcome.kind !== 'NOT_SENT') throw new Error(`expected NOT_SENT, found ${JSON.stringify(outcome)}`);
    expect([outcome.pause?.kind, isAbout(outcome.pause?.milliseconds, milliseconds)]).toEqual([kind, true]);
    expect(bench.venue.calls.filter((call) => call === 'place')).toHaveLength(1);
  });

  it.each(named)('%s: %s, of a read, which is made no more while banned', async (_venue, _words, under, reply, [kind, milliseconds]) => {
    bench = await startBench(under, { exchange: { attempts: 2 } });
    await bench.exchange.markets();
    const before = bench.venue.calls.length;
    bench.venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply }, 2);
    const failed: unknown = await bench.exchange.openOrders().catch((error: unknown) => error);
    if (!(failed instanceof VenueReadError)) throw new Error(`expected VenueReadError, found ${String(failed)}`);
    expect([failed.pause?.kind, isAbout(failed.pause?.milliseconds, milliseconds)]).toEqual([kind, true]);
    const tooLong = (milliseconds ?? 0) > 5_000;
    expect(bench.venue.calls.length - before).toBe(kind === 'BANNED' || tooLong ? 1 : 2);
  });

  it('comes with a call that needed a read first, of which nothing was sent', async () => {
    bench = await startBench(COINBASE, { exchange: { attempts: 1 } });
    await bench.exchange.openOrders();
    bench.venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 30 });
    expect(await bench.exchange.cancel({ clientOrderId: 'one', symbol: bench.symbol })).toMatchObject({ kind: 'NOT_SENT', pause: { kind: 'RATE_LIMITED', milliseconds: 30_000 } });
    const fresh = await startBench(COINBASE, { exchange: { attempts: 1 } });
    fresh.venue.strike(['public'], { kind: 'LIMITED', retryAfterSeconds: 30 });
    expect(await fresh.exchange.place(order(fresh.symbol, 'one'))).toMatchObject({ kind: 'NOT_SENT', pause: { kind: 'RATE_LIMITED', milliseconds: 30_000 } });
    await fresh.stop();
  });

  it('is none where a venue only says that a clock is off', async () => {
    bench = await startBench(BINANCE);
    bench.venue.price(BINANCE.symbol, '100');
    await bench.exchange.openOrders();
    bench.venue.clockAheadMs = 300_000;
    expect(await bench.exchange.place(order(bench.symbol, 'one'))).toEqual({ kind: 'NOT_SENT', reason: 'CLOCK_SKEW', pause: null });
  });
});
