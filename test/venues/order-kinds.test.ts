// What each venue is sent for an order kind or a batch, and what becomes of its own ways to say no.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import type { VenueBatches } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import type { WireRequest } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { BenchOptions, VenueBench, VenueUnderTest } from './venue-bench.ts';
import { ALPACA_CRYPTO, BINANCE, BINANCEUSDM, BYBIT, COINBASE, KRAKEN, OKX, VENUES } from './venues.ts';

const d = (text: string): Decimal => new Decimal(text);
const named = VENUES.map((under) => [under.dialect.venue, under] as const);

let bench: VenueBench;
afterEach(() => bench.stop());

const begin = async (under: VenueUnderTest, options: BenchOptions = {}): Promise<void> => {
  bench = await startBench(under, options);
  bench.venue.price(under.symbol, '100');
  bench.venue.price(under.otherSymbol, '100');
};
const ref = (clientOrderId: string, symbol = bench.symbol) => ({ clientOrderId, symbol });
const wordOf = (outcome: Outcome): string => (outcome.kind === 'ACCEPTED' ? outcome.report.status : outcome.kind);
const ordersSent = (): readonly WireRequest[] => bench.venue.requests.filter((_, index) => bench.venue.calls[index] === 'place');
const callsOf = (call: 'place' | 'cancel' | 'read'): number => bench.venue.calls.filter((one) => one === call).length;
const batches = (): VenueBatches => {
  if (bench.exchange.batches === null) throw new Error('no batches');
  return bench.exchange.batches;
};

describe('EX-1 an order kind is sent as the venue documents it', () => {
  it.each<readonly [string, VenueUnderTest, Readonly<Record<string, string>>]>([
    ['binance', BINANCE, { type: 'LIMIT_MAKER' }],
    ['binanceusdm', BINANCEUSDM, { type: 'LIMIT', timeInForce: 'GTX' }],
    ['kraken', KRAKEN, { ordertype: 'limit', oflags: 'fciq,post' }],
    ['bybit', BYBIT, { orderType: 'Limit', timeInForce: 'PostOnly' }],
    ['okx', OKX, { ordType: 'post_only' }],
    ['coinbase', COINBASE, { order_configuration: '{"limit_limit_gtc":{"base_size":"2.5","limit_price":"90.25","post_only":true}}' }],
    ['alpaca-crypto', ALPACA_CRYPTO, { type: 'limit', time_in_force: 'gtc' }],
  ])('post-only at %s', async (_name, under, fields) => {
    await begin(under);
    expect(wordOf(await bench.exchange.place(order(bench.symbol, 'one', { timeInForce: 'POST_ONLY' })))).toBe('OPEN');
    expect(ordersSent().map((request) => request.fields)).toMatchObject([fields]);
    const [there] = bench.venue.engine.openOrders();
    expect(there?.timeInForce).toBe(under.dialect.postOnly === 'NATIVE' ? 'POST_ONLY' : 'GTC');
  });

  it.each<readonly [string, VenueUnderTest, Readonly<Record<string, string>>]>([
    ['binance', BINANCE, { type: 'LIMIT', timeInForce: 'IOC' }],
    ['binanceusdm', BINANCEUSDM, { type: 'LIMIT', timeInForce: 'IOC' }],
    ['kraken', KRAKEN, { ordertype: 'limit', timeinforce: 'IOC' }],
    ['bybit', BYBIT, { orderType: 'Limit', timeInForce: 'IOC' }],
    ['okx', OKX, { ordType: 'ioc' }],
    ['coinbase', COINBASE, { order_configuration: '{"sor_limit_ioc":{"base_size":"2.5","limit_price":"90.25"}}' }],
    ['alpaca-crypto', ALPACA_CRYPTO, { type: 'limit', time_in_force: 'ioc' }],
  ])('immediate-or-cancel with a limit at %s', async (_name, under, fields) => {
    await begin(under);
    expect(['CANCELLED', 'EXPIRED']).toContain(wordOf(await bench.exchange.place(order(bench.symbol, 'one', { timeInForce: 'IOC' }))));
    expect(ordersSent().map((request) => request.fields)).toMatchObject([fields]);
  });

  it.each<readonly [string, VenueUnderTest, Readonly<Record<string, string>>]>([
    ['binance', BINANCE, { type: 'LIMIT', timeInForce: 'GTC', quantity: '2.5', icebergQty: '0.5' }],
    ['kraken', KRAKEN, { ordertype: 'iceberg', volume: '2.5', displayvol: '0.5', price: '90.25' }],
  ])('an iceberg at %s, which shows only a part of it', async (_name, under, fields) => {
    await begin(under);
    expect(wordOf(await bench.exchange.place(order(bench.symbol, 'one', { shown: d('0.5') })))).toBe('OPEN');
    expect(ordersSent().map((request) => request.fields)).toMatchObject([fields]);
    expect(String(bench.venue.engine.openOrders()[0]?.shown)).toBe('0.5');
  });

  it.each([
    ['binance', BINANCE, '0.2', 'TOO_MANY_PARTS'],
    ['kraken', KRAKEN, '0.1', 'BAD_ICEBERG'],
  ] as const)('an iceberg at %s of more parts than it takes is refused: %s', async (_name, under, shown, code) => {
    await begin(under);
    expect(await bench.exchange.place(order(bench.symbol, 'one', { shown: d(shown) }))).toEqual({ kind: 'REFUSED', code });
  });

  it.each(named)('what %s has not, or cannot be meant so, is refused before anything is sent', async (_name, under) => {
    await begin(under);
    const refused = async (intent: Parameters<typeof order>[2]): Promise<unknown> => bench.exchange.place(order(bench.symbol, 'one', intent));
    const iceberg = { kind: 'REFUSED', code: bench.exchange.traits.icebergs ? 'BAD_ICEBERG' : 'NO_ICEBERGS' };
    expect([
      await refused({ shown: d('0.5'), timeInForce: 'POST_ONLY' }), await refused({ shown: d('0.5'), timeInForce: 'IOC' }), await refused({ shown: d('0.5'), limit: null }),
      await refused({ shown: d('0.5'), limit: null, stopPrice: d('120') }), await refused({ limit: null, timeInForce: 'POST_ONLY' }),
    ]).toEqual([iceberg, iceberg, iceberg, iceberg, { kind: 'REFUSED', code: 'BAD_POST_ONLY' }]);
    expect(bench.venue.calls).toEqual([]);
  });

  it('a limit of Kraken that was post-only is so after an amendment', async () => {
    await begin(KRAKEN);
    await bench.exchange.place(order(bench.symbol, 'one', { timeInForce: 'POST_ONLY' }));
    await bench.exchange.place(order(bench.symbol, 'two'));
    for (const id of ['one', 'two']) await bench.exchange.amend({ ...ref(id), intent: { kind: 'AMEND', quantity: d('2'), limit: d('91'), stopPrice: null } });
    const amendments = bench.venue.requests.filter((_, index) => bench.venue.calls[index] === 'amend');
    expect(amendments.map(({ fields }) => fields['post_only'] ?? fields['oflags'] ?? null)).toEqual(['true', null]);
  });
});

describe('EX-1 a post-only order that would take, at venues that take it first and end it at once', () => {
  const ending = [BINANCEUSDM, KRAKEN, BYBIT, OKX].map((under) => [under.dialect.venue, under] as const);

  it.each(ending)('is refused with WOULD_CROSS by %s, whether it is seen at once or found', async (_name, under) => {
    await begin(under, { crossing: 'END' });
    expect(await bench.exchange.place(order(bench.symbol, 'one', { limit: d('101'), timeInForce: 'POST_ONLY' }))).toEqual({ kind: 'REFUSED', code: 'WOULD_CROSS' });
    expect(await bench.exchange.findOrder(ref('one'))).toMatchObject({ status: 'REJECTED', refusal: 'WOULD_CROSS', trades: [] });
  });

  it.each(ending)('is found so where the answer of %s was lost', async (_name, under) => {
    await begin(under, { crossing: 'END' });
    bench.venue.strike(['place'], { kind: 'LOST', when: 'AFTER' });
    expect((await bench.exchange.place(order(bench.symbol, 'one', { limit: d('101'), timeInForce: 'POST_ONLY' }))).kind).toBe('UNKNOWN');
    expect(await bench.exchange.findOrder(ref('one'))).toMatchObject({ status: 'REJECTED', refusal: 'WOULD_CROSS' });
  });

  it.each(ending)('is not what an order that we cancelled at %s is', async (_name, under) => {
    await begin(under, { crossing: 'END' });
    await bench.exchange.place(order(bench.symbol, 'one', { timeInForce: 'POST_ONLY' }));
    expect(await bench.exchange.cancel(ref('one'))).toMatchObject({ kind: 'ACCEPTED', report: { status: 'CANCELLED', refusal: null } });
  });

  it('is not sent at all where the spread is asked for first, nor where it cannot be had', async () => {
    await begin(ALPACA_CRYPTO);
    expect(await bench.exchange.place(order(bench.symbol, 'one', { limit: d('100'), timeInForce: 'POST_ONLY' }))).toEqual({ kind: 'REFUSED', code: 'WOULD_CROSS' });
    bench.venue.strike(['public'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 400, body: '{"message":"no"}' } });
    expect((await bench.exchange.place(order(bench.symbol, 'one', { timeInForce: 'POST_ONLY' }))).kind).toBe('NOT_SENT');
    expect(callsOf('place')).toBe(0);
  });
});

describe('EX-4 the batch calls of each venue', () => {
  const batching = named.filter(([, { dialect }]) => dialect.batches !== null);

  it.each(batching)('of %s take as many as it documents, and no more calls than that needs', async (_name, under) => {
    await begin(under);
    const { mostPlaced, mostCancelled } = batches();
    const ids = Array.from({ length: 2 * Math.max(2, mostPlaced) }, (_, index) => `n${index}`);
    await batches().place(ids.map((id) => order(bench.symbol, id, { quantity: d('1') })));
    expect(callsOf('place')).toBe(ids.length / mostPlaced);
    await batches().cancel(ids.map((id) => ref(id)));
    expect(callsOf('cancel')).toBe(Math.ceil(ids.length / mostCancelled));
    expect(bench.venue.engine.openOrders()).toEqual([]);
  });

  it.each(batching)('of %s read what was placed by one question, not by one for each', async (_name, under) => {
    await begin(under);
    if (batches().mostPlaced === 1) return;
    const before = callsOf('read');
    await batches().place(['a', 'b', 'c', 'e'].map((id) => order(bench.symbol, id)));
    expect(callsOf('read') - before).toBeLessThanOrEqual(1);
  });

  it.each(batching)('of %s take orders of several symbols, in as many calls as it needs', async (_name, under) => {
    await begin(under);
    const orders = [order(under.symbol, 'a'), order(under.otherSymbol, 'b'), order(under.symbol, 'c'), order(under.otherSymbol, 'e')];
    const outcomes = await batches().place(orders);
    expect(outcomes.map((outcome) => (outcome.kind === 'ACCEPTED' ? `${outcome.report.clientOrderId} ${outcome.report.symbol}` : outcome.kind)))
      .toEqual([`a ${under.symbol}`, `b ${under.otherSymbol}`, `c ${under.symbol}`, `e ${under.otherSymbol}`]);
    expect((await batches().cancel(orders)).map(wordOf)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED']);
  });

  it.each(batching)('of %s place and cancel stops too, wherever it keeps them', async (_name, under) => {
    await begin(under);
    const stop = order(bench.symbol, 'stop', { limit: null, stopPrice: d('120'), quantity: d('1') });
    expect((await batches().place([order(bench.symbol, 'a'), stop, order(bench.symbol, 'b')])).map(wordOf)).toEqual(['OPEN', 'OPEN', 'OPEN']);
    expect((await bench.exchange.conditionalOrders()).map(({ clientOrderId }) => clientOrderId)).toEqual(['stop']);
    expect((await batches().cancel([ref('a'), ref('stop'), ref('b')])).map(wordOf)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect([bench.venue.engine.openOrders(), bench.venue.engine.conditionalOrders()]).toEqual([[], []]);
  });

  it('place an iceberg that only shows its part, though the call knows none (kraken)', async () => {
    await begin(KRAKEN);
    const outcomes = await batches().place([order(bench.symbol, 'a'), order(bench.symbol, 'ice', { shown: d('0.5') }), order(bench.symbol, 'b')]);
    expect([outcomes.map(wordOf), bench.venue.engine.openOrders().map(({ shown }) => shown === null ? 'all' : String(shown)).toSorted()]).toEqual([['OPEN', 'OPEN', 'OPEN'], ['0.5', 'all', 'all']]);
  });

  it('know an order by its id where the venue has parts in an order of its own, and nothing of one that it leaves out', async () => {
    await begin(OKX);
    await bench.exchange.openOrders();
    const part = (clOrdId: string, sCode: string): unknown => ({ ordId: '', clOrdId, sCode, sMsg: '' });
    bench.venue.strike(['place'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 200, body: { code: '1', msg: '', data: [part('c', '51020'), part('a', '51008')] } } });
    expect(await batches().place(['a', 'b', 'c'].map((id) => order(bench.symbol, id)))).toEqual([
      { kind: 'REFUSED', code: 'INSUFFICIENT_FUNDS' }, { kind: 'UNKNOWN', reason: 'the answer to the batch says nothing of this order' }, { kind: 'REFUSED', code: 'MIN_QUANTITY' },
    ]);
  });

  it('never take a part for an order by its place alone where parts are missing', async () => {
    await begin(BINANCEUSDM);
    bench.venue.strike(['place'], { kind: 'REPLY', when: 'AFTER', reply: { status: 200, body: [{ code: -2019, msg: 'Margin is insufficient.' }] } });
    expect((await batches().place(['a', 'b'].map((id) => order(bench.symbol, id)))).map(wordOf)).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('are unsent for all of them where the venue sheds load, with its pause', async () => {
    await begin(BINANCEUSDM);
    await bench.exchange.openOrders();
    bench.venue.strike(['place'], { kind: 'LIMITED', retryAfterSeconds: 3 });
    const paused = { kind: 'NOT_SENT', reason: 'RATE_LIMITED, come again in 3000 ms', pause: { kind: 'RATE_LIMITED', milliseconds: 3_000 } };
    expect(await batches().place(['a', 'b'].map((id) => order(bench.symbol, id)))).toEqual([paused, paused]);
    expect(callsOf('place')).toBe(1);
  });

  it('place the others one by one where one that is bad has all of them refused (kraken)', async () => {
    await begin(KRAKEN);
    const outcomes = await batches().place([order(bench.symbol, 'a'), order(bench.symbol, 'b', { limit: d('90.001') }), order(bench.symbol, 'c')]);
    expect([outcomes.map(wordOf), callsOf('place')]).toEqual([['OPEN', 'REFUSED', 'OPEN'], 4]);
  });

  it('refuse nothing alone that would be refused for the same reason: a key that is not let in', async () => {
    await begin(KRAKEN);
    bench.venue.strike(['place'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 200, body: { error: ['EAPI:Invalid key'] } } });
    expect(await batches().place(['a', 'b'].map((id) => order(bench.symbol, id)))).toEqual([{ kind: 'REFUSED', code: 'NOT_AUTHORISED' }, { kind: 'REFUSED', code: 'NOT_AUTHORISED' }]);
    expect(callsOf('place')).toBe(1);
  });

  it('tell nothing of what was cancelled and cannot be read since (kraken counts)', async () => {
    await begin(KRAKEN);
    await batches().place(['a', 'b'].map((id) => order(bench.symbol, id)));
    bench.venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 400, body: 'no' } });
    expect((await batches().cancel([ref('a'), ref('b')])).map(wordOf)).toEqual(['UNKNOWN', 'CANCELLED']);
  });

  it('are unsent where what has to be known first cannot be read (coinbase)', async () => {
    await begin(COINBASE);
    await batches().place(['a', 'b'].map((id) => order(bench.symbol, id)));
    bench.venue.strike(['read'], { kind: 'REPLY', when: 'BEFORE', reply: { status: 400, body: 'no' } });
    expect((await batches().cancel([ref('a'), ref('b')])).map(wordOf)).toEqual(['NOT_SENT', 'NOT_SENT']);
    expect(callsOf('cancel')).toBe(0);
  });

  it('are not there where the venue has none', async () => {
    await begin(BINANCE);
    const traits = findVenueTraits('alpaca-crypto');
    if (traits === null) throw new Error('no traits');
    const other = createCcxtExchange({ dialect: ALPACA_CRYPTO.dialect, traits, credentials: ALPACA_CRYPTO.credentials, timeoutMs: 5_000 });
    expect([bench.exchange.batches, other.batches]).toEqual([null, null]);
  });
});

describe('EX-6 maker and taker', () => {
  it.each(named)('of trades at %s are what the venue says, and nothing where it says nothing', async (_name, under) => {
    await begin(under);
    await bench.exchange.place(order(bench.symbol, 'maker', { limit: d('95') }));
    await bench.exchange.place(order(bench.symbol, 'taker', { limit: d('100') }));
    bench.venue.price(under.symbol, '95');
    const found = await Promise.all(['maker', 'taker'].map((id) => bench.exchange.findOrder(ref(id))));
    const words = under.dialect.tellsLiquidity ? ['MAKER', 'TAKER'] : [null, null];
    expect(found.map((report) => report?.trades[0]?.liquidity)).toEqual(words);
    expect((await bench.exchange.recentTrades(null)).trades.map(({ liquidity }) => liquidity).toSorted()).toEqual(words);
  });
});
