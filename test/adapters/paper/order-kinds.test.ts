// Orders that only rest, orders that show a part of themselves, batches, and a venue that wants to be left alone.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createPaperExchange } from '../../../shared/adapters/paper/paper-exchange.ts';
import type { PaperExchangeOptions } from '../../../shared/adapters/paper/paper-exchange.ts';
import type { Fetch } from '../../../shared/adapters/paper/paper-http.ts';
import type { CallEffect, FaultTarget } from '../../../shared/adapters/paper/venue-faults.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { VenueConfig } from '../../../shared/adapters/paper/venue-model.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { OrderReport } from '../../../shared/domain/order-report.ts';
import type { Exchange } from '../../../shared/ports.ts';
import { reportOf } from '../../contracts/exchange-contract.ts';
import { buy, startPaper } from './paper-bench.ts';
import type { PaperBench } from './paper-bench.ts';

const d = (text: string): Decimal => new Decimal(text);
let bench: PaperBench;
let exchange: Exchange;
const open = async (config: Partial<VenueConfig> = {}, options: Partial<PaperExchangeOptions> = {}): Promise<void> => {
  bench = await startPaper({ config: { markets: defaultMarkets(['AAPL']), ...config } });
  bench.price('105');
  exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 2_000, pauseMs: 1, fraction: () => 0.5, ...options });
};
afterEach(() => bench.venue.close());
const tradesOf = (report: OrderReport | null): readonly string[] =>
  (report?.trades ?? []).map(({ quantity, price, liquidity }) => `${quantity.toFixed()}@${price.toFixed()} ${String(liquidity)}`);
const found = async (id: string) => exchange.findOrder(buy(id));
const ids = (reports: readonly OrderReport[]) => reports.map(({ clientOrderId }) => clientOrderId);

describe('EX-1 an order that only rests', () => {
  it.each([
    ['buy', '105', false],
    ['buy', '106', false],
    ['buy', '104.99', true],
    ['sell', '105', false],
    ['sell', '104', false],
    ['sell', '105.01', true],
  ] as const)('to %s at %s with the price at 105: rests %s', async (side, limit, rests) => {
    await open();
    const outcome = await exchange.place(buy('one', { side, limit: d(limit), timeInForce: 'POST_ONLY' }));
    if (rests) expect(reportOf(outcome)).toMatchObject({ status: 'OPEN', trades: [] });
    else expect(outcome).toEqual({ kind: 'REFUSED', code: 'WOULD_CROSS' });
    expect(await exchange.openOrders()).toHaveLength(rests ? 1 : 0);
    expect(bench.venue.snapshot().fills).toEqual([]);
  });

  it('is not amended through the price either, and stays where it was', async () => {
    await open();
    await exchange.place(buy('one', { timeInForce: 'POST_ONLY' }));
    expect(await exchange.amend({ ...buy('one'), intent: { kind: 'AMEND', quantity: d('10'), limit: d('105'), stopPrice: null } })).toEqual({ kind: 'REFUSED', code: 'WOULD_CROSS' });
    expect((await found('one'))?.limit?.toFixed()).toBe('100');
  });

  it('needs a limit', async () => {
    await open();
    expect(await exchange.place(buy('one', { limit: null, timeInForce: 'POST_ONLY' }))).toEqual({ kind: 'REFUSED', code: 'BAD_REQUEST' });
  });

  it('fills as the maker when the price comes to it (EX-6)', async () => {
    await open();
    await exchange.place(buy('one', { timeInForce: 'POST_ONLY' }));
    bench.price('100');
    expect(tradesOf(await found('one'))).toEqual(['10@100 MAKER']);
    expect((await exchange.recentTrades(null)).trades.map(({ liquidity }) => liquidity)).toEqual(['MAKER']);
  });
});

describe('EX-6 who made the price of a trade', () => {
  it.each([
    ['a limit order through the price', { limit: d('105') }, null, ['10@105 TAKER']],
    ['an immediate one', { limit: d('106'), timeInForce: 'IOC' }, null, ['10@106 TAKER']],
    ['a market order', { limit: null }, null, ['10@105 TAKER']],
    ['a limit order that waited', {}, '99', ['10@100 MAKER']],
    ['a stop that was reached', { limit: null, stopPrice: d('110') }, '111', ['10@111 TAKER']],
  ] as const)('%s', async (_name, intent, price, trades) => {
    await open();
    await exchange.place(buy('one', intent));
    if (price !== null) bench.price(price);
    expect(tradesOf(await found('one'))).toEqual(trades);
  });

  it('an order that is amended through the price takes it', async () => {
    await open();
    await exchange.place(buy('one'));
    const outcome = await exchange.amend({ ...buy('one'), intent: { kind: 'AMEND', quantity: d('10'), limit: d('105'), stopPrice: null } });
    expect(tradesOf(reportOf(outcome))).toEqual(['10@105 TAKER']);
  });
});

describe('EX-1 an immediate order', () => {
  it('leaves nothing behind of what did not fill', async () => {
    await open({ fillShareOfVolume: d('1') });
    bench.price('105', { volume: d('4') });
    expect(reportOf(await exchange.place(buy('one', { limit: d('105'), timeInForce: 'IOC' })))).toMatchObject({ status: 'EXPIRED' });
    expect(tradesOf(await found('one'))).toEqual(['4@105 TAKER']);
    expect(await exchange.openOrders()).toEqual([]);
  });
});

describe('EX-1 an iceberg', () => {
  it('is refused before anything is sent where the venue has none', async () => {
    await open();
    let calls = 0;
    const counting: Fetch = (url, init) => ((calls += 1), fetch(url, init));
    exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 2_000, fetch: counting });
    expect(exchange.traits.icebergs).toBe(false);
    expect(await exchange.place(buy('one', { shown: d('4') }))).toEqual({ kind: 'REFUSED', code: 'NO_ICEBERGS' });
    expect(calls).toBe(0);
  });

  it('is refused by a venue that has none, too', async () => {
    await open({}, { icebergs: true });
    expect(await exchange.place(buy('one', { shown: d('4') }))).toEqual({ kind: 'REFUSED', code: 'NO_ICEBERGS' });
  });

  it('fills by what it shows, each refill a trade of its own', async () => {
    await open({ icebergs: true, fillShareOfVolume: d('1') }, { icebergs: true });
    await exchange.place(buy('one', { shown: d('4') }));
    bench.price('100', { volume: d('6') });
    expect(tradesOf(await found('one'))).toEqual(['4@100 MAKER', '2@100 MAKER']);
    bench.price('100');
    expect(tradesOf(await found('one'))).toEqual(['4@100 MAKER', '2@100 MAKER', '4@100 MAKER']);
    expect((await found('one'))?.status).toBe('FILLED');
  });

  it.each([
    ['more than the quantity', { shown: d('11') }, 'BAD_REQUEST'],
    ['off the lot', { shown: d('0.0000000001') }, 'LOT_SIZE'],
    ['and no limit', { shown: d('4'), limit: null }, 'BAD_REQUEST'],
    ['and not to rest', { shown: d('4'), timeInForce: 'IOC' }, 'BAD_REQUEST'],
  ] as const)('that shows %s is refused', async (_name, intent, code) => {
    await open({ icebergs: true }, { icebergs: true });
    expect(await exchange.place(buy('one', intent))).toEqual({ kind: 'REFUSED', code });
  });
});

const LIMITS = { mostPlaced: 5, mostCancelled: 10 };
describe('EX-4 batches of the paper venue', () => {
  const openBatches = () => open({ batches: LIMITS }, { batches: LIMITS });
  const batches = () => {
    if (exchange.batches === null) throw new Error('no batches');
    return exchange.batches;
  };
  const strike = (operation: FaultTarget, effect: CallEffect): void => bench.strike([operation], effect);

  it('are not there unless the venue has them', async () => {
    await open();
    expect(exchange.batches).toBeNull();
    const hopeful = createPaperExchange({ url: bench.venue.url, timeoutMs: 2_000, batches: LIMITS }).batches;
    expect((await hopeful?.place([buy('one')]))?.map(({ kind }) => kind)).toEqual(['UNKNOWN']);
  });

  it('place and cancel in one call each, with an outcome for each order in its place', async () => {
    await openBatches();
    const placed = await batches().place([buy('a'), buy('b', { limit: d('0.001') }), buy('c', { shown: d('1') }), buy('d')]);
    expect(placed.map((outcome) => (outcome.kind === 'REFUSED' ? outcome.code : outcome.kind))).toEqual(['ACCEPTED', 'TICK_SIZE', 'NO_ICEBERGS', 'ACCEPTED']);
    expect(placed.flatMap((outcome) => (outcome.kind === 'ACCEPTED' ? [outcome.report.clientOrderId] : []))).toEqual(['a', 'd']);
    const cancelled = await batches().cancel([buy('d'), buy('nobody'), buy('a')]);
    expect(cancelled.map((outcome) => (outcome.kind === 'REFUSED' ? outcome.code : outcome.kind))).toEqual(['ACCEPTED', 'ORDER_UNKNOWN', 'ACCEPTED']);
    expect(await exchange.openOrders()).toEqual([]);
  });

  it('of nothing are not sent', async () => {
    await openBatches();
    strike('PLACE_BATCH', { kind: 'RESET', when: 'BEFORE' });
    expect([await batches().place([]), await batches().cancel([])]).toEqual([[], []]);
    expect((await batches().place([buy('a')]))[0]?.kind).toBe('UNKNOWN');
  });

  it.each([true, false])('whose answer is lost leave every order of them unknown (taken: %s)', async (taken) => {
    await openBatches();
    strike('PLACE_BATCH', { kind: 'RESET', when: taken ? 'AFTER' : 'BEFORE' });
    expect((await batches().place([buy('a'), buy('b')])).map(({ kind }) => kind)).toEqual(['UNKNOWN', 'UNKNOWN']);
    expect(ids(await exchange.openOrders())).toEqual(taken ? ['a', 'b'] : []);
  });

  it('that are larger than the venue takes are not taken in part', async () => {
    await open({ batches: LIMITS }, { batches: { ...LIMITS, mostPlaced: 9 } });
    const many = Array.from({ length: 6 }, (_, n) => buy(`o${n}`));
    expect(new Set((await batches().place(many)).map(({ kind }) => kind))).toEqual(new Set(['REFUSED']));
    expect(await exchange.openOrders()).toEqual([]);
  });

  it('that come when the venue sheds load are not sent, with the pause it wants', async () => {
    await openBatches();
    strike('CANCEL_BATCH', { kind: 'ERROR', when: 'BEFORE', status: 429, retryAfterSeconds: 3 });
    expect(await batches().cancel([buy('a')])).toMatchObject([{ kind: 'NOT_SENT', pause: { kind: 'RATE_LIMITED', milliseconds: 3_000 } }]);
  });

  it('answered for fewer orders than were sent leave all of them unknown', async () => {
    await openBatches();
    const short: Fetch = async () => new Response('{"answers":[{"status":422,"body":{"code":"TICK_SIZE","message":""}}]}');
    const outcomes = await createPaperExchange({ url: bench.venue.url, timeoutMs: 2_000, fetch: short, batches: LIMITS }).batches?.place([buy('a'), buy('b')]);
    expect(outcomes?.map(({ kind }) => kind)).toEqual(['UNKNOWN', 'UNKNOWN']);
  });
});

describe('EX-9 a paper venue that wants to be left alone', () => {
  const error = (status: number, retryAfterSeconds: number | null, when: 'BEFORE' | 'AFTER' = 'BEFORE'): CallEffect => ({ kind: 'ERROR', when, status, retryAfterSeconds });

  it.each([
    [429, 2, { kind: 'RATE_LIMITED', milliseconds: 2_000 }],
    [429, null, { kind: 'RATE_LIMITED', milliseconds: null }],
    [418, 120, { kind: 'BANNED', milliseconds: 120_000 }],
  ] as const)('says so with %s, and has done nothing', async (status, seconds, pause) => {
    await open();
    for (const when of ['BEFORE', 'AFTER'] as const) {
      bench.strike(['PLACE'], error(status, seconds, when));
      expect(await exchange.place(buy('one'))).toMatchObject({ kind: 'NOT_SENT', pause });
    }
    expect(bench.venue.snapshot().orders).toEqual([]);
  });

  it.each([
    [429, '{"code":"GATEWAY","message":""}'],
    [418, '<html>'],
  ])('is not believed of a status %s that is not in its words', async (status, body) => {
    await open();
    const answering: Fetch = async () => new Response(body, { status });
    exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 2_000, fetch: answering });
    expect((await exchange.place(buy('one'))).kind).toBe('UNKNOWN');
  });

  it('tells its reads to come later, which a ban never lets come again by themselves', async () => {
    await open();
    bench.strike([], error(429, 60), [1]);
    await expect(exchange.positions()).rejects.toMatchObject({ pause: { kind: 'RATE_LIMITED', milliseconds: 60_000 } });
    bench.strike([], error(418, 1), [1]);
    await expect(exchange.positions()).rejects.toMatchObject({ pause: { kind: 'BANNED', milliseconds: 1_000 } });
    expect(await exchange.positions()).toEqual([]);
  });

  it('answers nothing else while its ban lasts, and counts who calls', async () => {
    await open();
    bench.strike(['PLACE'], { kind: 'BAN', seconds: 10 });
    expect(await exchange.place(buy('one'))).toMatchObject({ pause: { kind: 'BANNED', milliseconds: 10_000 } });
    expect(bench.venue.snapshot().bannedCalls).toBe(0);
    bench.clock.tick(4_000);
    await expect(exchange.equity()).rejects.toMatchObject({ pause: { kind: 'BANNED', milliseconds: 6_000 } });
    expect(await exchange.cancel(buy('one'))).toMatchObject({ kind: 'NOT_SENT' });
    expect(bench.venue.snapshot().bannedCalls).toBe(2);
    bench.clock.tick(6_000);
    expect((await exchange.place(buy('one'))).kind).toBe('ACCEPTED');
  });
});
