import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPaperExchange } from '../../../shared/adapters/paper/paper-exchange.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { Fetch } from '../../../shared/adapters/paper/paper-http.ts';
import type { CallEffect } from '../../../shared/adapters/paper/venue-faults.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { findVenueTraits } from '../../../shared/venue-traits.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import { describeExchange, describeStops } from '../../contracts/exchange-contract.ts';
import type { PaperBench } from './paper-bench.ts';
import { AT, buy, startPaper } from './paper-bench.ts';

const LIMITS = { mostPlaced: 5, mostCancelled: 10 };

describeExchange('the paper venue', async () => {
  const bench = await startPaper({ config: { markets: defaultMarkets(['AAPL', 'BTCUSD']), icebergs: true, batches: LIMITS } });
  return {
    exchange: createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, pauseMs: 1, fraction: () => 0.5, icebergs: true, batches: LIMITS }),
    limitNext: async (seconds) => bench.strike(['PLACE'], { kind: 'ERROR', when: 'BEFORE', status: 429, retryAfterSeconds: seconds }),
    symbol: 'AAPL',
    setPrice: async (price) => bench.price(price),
    loseNextAnswer: async (takesEffect) =>
      bench.strike(['PLACE', 'CANCEL', 'AMEND', 'PLACE_BATCH', 'CANCEL_BATCH'], { kind: 'RESET', when: takesEffect ? 'AFTER' : 'BEFORE' }),
    failNextReads: async (count) =>
      bench.strike([], { kind: 'ERROR', when: 'BEFORE', status: 503, retryAfterSeconds: null }, Array.from({ length: count }, (_, n) => n + 1)),
    stop: () => bench.venue.close(),
  };
}, ['POST_ONLY', 'IOC_LIMIT', 'ICEBERG', 'LIQUIDITY', 'PAUSE', 'BATCHES']);

describeStops('the paper venue', async ({ reduceOnlyOverlap, baseFeeRate, pageSize }) => {
  const feeRate = new Decimal(baseFeeRate);
  const bench = await startPaper({ config: { markets: defaultMarkets(['AAPL', 'BTCUSD']), reduceOnlyOverlap, feeRate, feeAsset: 'BASE' } });
  return {
    exchange: createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, pageSize }),
    symbol: 'AAPL',
    pair: 'BTC/USD',
    setPrice: async (symbol, price) => bench.price(price, { symbol }),
    loseNextAnswer: async () => bench.strike(['PLACE_STOP'], { kind: 'RESET', when: 'AFTER' }),
    stop: () => bench.venue.close(),
  };
});

const error = (status: number, when: 'BEFORE' | 'AFTER' = 'BEFORE', retryAfterSeconds: number | null = null): CallEffect => ({
  kind: 'ERROR', status, when, retryAfterSeconds,
});

describe('EX-9 the outcome of an order call at the paper venue', () => {
  let bench: PaperBench;
  beforeEach(async () => {
    bench = await startPaper({}, 500);
    bench.price('105');
  });
  afterEach(() => bench.venue.close());

  const taken: readonly (readonly [string, CallEffect, 'UNKNOWN' | 'ACCEPTED', 'OPEN' | undefined])[] = [
    ['times out before', { kind: 'TIMEOUT', when: 'BEFORE' }, 'UNKNOWN', undefined],
    ['times out after', { kind: 'TIMEOUT', when: 'AFTER' }, 'UNKNOWN', 'OPEN'],
    ['is reset before', { kind: 'RESET', when: 'BEFORE' }, 'UNKNOWN', undefined],
    ['is reset after', { kind: 'RESET', when: 'AFTER' }, 'UNKNOWN', 'OPEN'],
    ['fails with 500 before', error(500), 'UNKNOWN', undefined],
    ['fails with 500 after', error(500, 'AFTER'), 'UNKNOWN', 'OPEN'],
    ['fails with a 4xx that is not listed', error(451), 'UNKNOWN', undefined],
    ['is answered unreadably', { kind: 'UNREADABLE' }, 'UNKNOWN', 'OPEN'],
    ['is answered late, within the time', { kind: 'LATE', milliseconds: 20 }, 'ACCEPTED', 'OPEN'],
    ['is answered late, after the time', { kind: 'LATE', milliseconds: 1_500 }, 'UNKNOWN', 'OPEN'],
    ['is lost by a venue that says nothing of it', { kind: 'LOST' }, 'UNKNOWN', undefined],
    ['is answered without what is filled', { kind: 'OMIT_FILLED' }, 'ACCEPTED', 'OPEN'],
  ];
  it.each(taken)('a placement that %s', async (_name, effect, kind, status) => {
    bench.strike(['PLACE'], effect);
    const outcome = await bench.exchange.place(buy('one'));
    expect(outcome.kind).toBe(kind);
    expect(bench.venue.snapshot().orders[0]?.status).toBe(status);
  });

  it('a cancel that the venue loses is accepted with an order that still lives', async () => {
    await bench.exchange.place(buy('one'));
    bench.strike(['CANCEL'], { kind: 'LOST' });
    expect(await bench.exchange.cancel(buy('one'))).toMatchObject({ kind: 'ACCEPTED', report: { status: 'OPEN' } });
  });

  it('a cancel answered without what was filled says so (WS-8)', async () => {
    await bench.exchange.place(buy('one'));
    bench.strike(['CANCEL'], { kind: 'OMIT_FILLED' });
    expect(await bench.exchange.cancel(buy('one'))).toMatchObject({
      kind: 'ACCEPTED', report: { status: 'CANCELLED', filledQuantity: null, averagePrice: null, trades: [] },
    });
  });

  it.each([
    ['TICK_SIZE', buy('one', { limit: new Decimal('99.999') })],
    ['LOT_SIZE', buy('one', { quantity: new Decimal('1.0000000001') })],
    ['MIN_NOTIONAL', buy('one', { quantity: new Decimal('0.001') })],
    ['REDUCE_ONLY', buy('one', { reduceOnly: true })],
    ['INSUFFICIENT_FUNDS', buy('one', { quantity: new Decimal(1000) })],
    ['UNKNOWN_SYMBOL', { ...buy('one'), symbol: 'TSLA' }],
    ['BAD_REQUEST', buy('an id with blanks')],
    ['BAD_REQUEST', buy('x'.repeat(37))],
    ['BAD_REQUEST', buy('one', { quantity: new Decimal(0) })],
  ] as const)('%s is a refusal', async (code, order) => {
    expect(await bench.exchange.place(order)).toEqual({ kind: 'REFUSED', code });
  });

  it.each([
    [422, 'REFUSED'],
    [500, 'UNKNOWN'],
    [302, 'UNKNOWN'],
  ])('a listed code is believed of a status 4xx only: %s', async (status, kind) => {
    const answering: Fetch = async () => new Response('{"code":"TICK_SIZE","message":""}', { status });
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, fetch: answering });
    expect((await exchange.place(buy('one'))).kind).toBe(kind);
  });

  it('the order calls go out once, whatever comes back', async () => {
    let calls = 0;
    const counting: Fetch = (url, init) => {
      calls += 1;
      return fetch(url, init);
    };
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, fetch: counting });
    bench.strike([], error(503), [1, 2, 3]);
    await exchange.place(buy('one'));
    await exchange.cancel(buy('one'));
    await exchange.amend({ ...buy('one'), intent: { kind: 'AMEND', quantity: new Decimal(1), limit: new Decimal(1), stopPrice: null } });
    expect(calls).toBe(3);
  });
});

describe('EX-9 reads of the paper venue', () => {
  let bench: PaperBench;
  beforeEach(async () => {
    bench = await startPaper();
  });
  afterEach(() => bench.venue.close());

  it.each([
    ['429', error(429)],
    ['500', error(500)],
    ['a reset', { kind: 'RESET', when: 'BEFORE' }],
    ['an unreadable answer', { kind: 'UNREADABLE' }],
  ] as const)('come again after %s', async (_name, effect) => {
    bench.strike(['ACCOUNT'], effect);
    const { equity, at } = await bench.exchange.equity();
    expect([equity.toFixed(), at]).toEqual(['10000', AT]);
  });

  it('come again after a time-out', async () => {
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 3_000, pauseMs: 1 });
    bench.strike(['POSITIONS'], { kind: 'TIMEOUT', when: 'BEFORE' });
    expect(await exchange.positions()).toEqual([]);
  });

  it('are tried three times, wait as asked between, and not after the last', async () => {
    const times: number[] = [];
    const noting: Fetch = (url, init) => {
      times.push(performance.now());
      return fetch(url, init);
    };
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, pauseMs: 1, fetch: noting });
    bench.strike([], error(429, 'BEFORE', 1), [1, 2, 3, 4]);
    await expect(exchange.positions()).rejects.toBeInstanceOf(VenueReadError);
    const end = performance.now();
    expect(times).toHaveLength(3);
    for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(990);
    expect(end - (times[2] ?? 0)).toBeLessThan(990);
  });

  it('are not tried again for an answer that will not change', async () => {
    bench.strike([], error(403), [1]);
    await expect(bench.exchange.positions()).rejects.toBeInstanceOf(VenueReadError);
  });

  it('do not take a 404 that is not about the order for an absent order', async () => {
    bench.strike(['FIND'], error(404));
    await expect(bench.exchange.findOrder(buy('one'))).rejects.toBeInstanceOf(VenueReadError);
  });

  it('keep every digit', async () => {
    bench.price('0.12345678', { symbol: 'BTC/USD' });
    const order = buy('one', { quantity: new Decimal('12345.12345679'), limit: new Decimal('0.12345679') });
    await bench.exchange.place({ ...order, symbol: 'BTC/USD' });
    const found = await bench.exchange.findOrder(order);
    expect([found?.filledQuantity?.toFixed(), found?.averagePrice?.toFixed()]).toEqual(['12345.12345679', '0.12345679']);
    expect((await bench.exchange.quotes(['BTC/USD', 'NONE']))['BTC/USD']).toEqual({ price: new Decimal('0.12345678'), at: AT });
  });
});

describe('SL-11 an answer that is not whole is no answer', () => {
  let bench: PaperBench;
  beforeEach(async () => {
    bench = await startPaper({ config: { markets: defaultMarkets(['AAPL', 'BTCUSD']), reduceOnlyOverlap: true } });
    bench.price('100');
    bench.price('50000', { symbol: 'BTC/USD' });
    await bench.exchange.place(buy('held', { limit: null }));
    await bench.exchange.place({ ...buy('pair', { limit: null, quantity: new Decimal('0.01') }), symbol: 'BTC/USD' });
    for (const id of ['low', 'lower']) await bench.exchange.place(buy(id, { limit: new Decimal(50), quantity: new Decimal(1) }));
    for (const id of ['stop', 'other']) {
      await bench.exchange.place(buy(id, { side: 'sell', limit: null, stopPrice: new Decimal(90), reduceOnly: true }));
    }
  });
  afterEach(() => bench.venue.close());
  const always = { kind: 'EVERY', n: 1 } as const;
  const reads = {
    OPEN_ORDERS: () => bench.exchange.openOrders(),
    CONDITIONAL_ORDERS: () => bench.exchange.conditionalOrders(),
    POSITIONS: () => bench.exchange.positions(),
    FILLS: () => bench.exchange.recentTrades(null).then((page) => page.trades),
  } as const;
  const lists = ['OPEN_ORDERS', 'CONDITIONAL_ORDERS', 'POSITIONS', 'FILLS'] as const;
  const spoilt: readonly CallEffect[] = [
    error(500),
    error(403),
    { kind: 'RESET', when: 'AFTER' },
    { kind: 'UNREADABLE' },
    { kind: 'ERROR_DOCUMENT' },
    { kind: 'OTHER_SHAPE' },
    { kind: 'HALF', counted: true },
  ];

  it.each(lists.flatMap((operation) => spoilt.map((effect) => [operation, effect] as const)))('%s with %j', async (operation, effect) => {
    expect(await reads[operation]()).toHaveLength(2);
    bench.venue.configureFaults({ seed: 1, calls: [{ operations: [operation], only: null, timing: always, effect }], webhooks: [] });
    await expect(reads[operation]()).rejects.toBeInstanceOf(VenueReadError);
  });

  it.each(lists)('and nobody can tell that %s was cut by a venue that counts only what it says', async (operation) => {
    bench.venue.configureFaults({ seed: 1, calls: [{ operations: [operation], only: null, timing: always, effect: { kind: 'HALF', counted: false } }], webhooks: [] });
    expect(await reads[operation]()).toHaveLength(1);
  });

  it('a page of trades that is empty and not the last is refused', async () => {
    const answering: Fetch = async () => new Response('{"fills":[],"count":0,"more":true}');
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 5_000, attempts: 1, fetch: answering });
    await expect(exchange.recentTrades('7')).rejects.toBeInstanceOf(VenueReadError);
  });

  it('a cursor that the venue never gave is refused', async () => {
    await expect(bench.exchange.recentTrades('yesterday')).rejects.toBeInstanceOf(VenueReadError);
  });
});

describe('EX-9 stops at a venue whose every answer is lost after it took effect', () => {
  it('are placed, moved and cancelled once, and can be asked for', async () => {
    const bench = await startPaper();
    bench.price('100');
    await bench.exchange.place(buy('held', { limit: null }));
    bench.strike(['PLACE_STOP', 'AMEND_STOP', 'CANCEL_STOP'], { kind: 'RESET', when: 'AFTER' }, [1, 2, 3]);
    const stop = buy('stop', { side: 'sell', limit: null, stopPrice: new Decimal(90), reduceOnly: true });
    const stands = async () => {
      const report = await bench.exchange.findOrder(stop);
      return [report?.status, report?.stopPrice?.toFixed()];
    };
    expect([(await bench.exchange.place(stop)).kind, await stands()]).toEqual(['UNKNOWN', ['OPEN', '90']]);
    const move = { ...stop, intent: { kind: 'AMEND', quantity: new Decimal(10), limit: null, stopPrice: new Decimal(95) } } as const;
    expect([(await bench.exchange.amend(move)).kind, await stands()]).toEqual(['UNKNOWN', ['OPEN', '95']]);
    expect([(await bench.exchange.cancel(stop)).kind, await stands()]).toEqual(['UNKNOWN', ['CANCELLED', '95']]);
    expect(bench.venue.snapshot().orders).toHaveLength(2);
    await bench.venue.close();
  });
});

describe('SL-5 what a venue can do', () => {
  it.each([
    [{}, [true, 'AMEND']],
    [{ stopMoves: 'PLACE_FIRST' }, [true, 'PLACE_FIRST']],
    [{ amends: false }, [false, 'CANCEL_FIRST']],
    [{ amends: false, stopMoves: 'AMEND' }, [false, 'CANCEL_FIRST']],
    [{ amends: false, stopMoves: 'PLACE_FIRST' }, [false, 'PLACE_FIRST']],
  ] as const)('%j is known alike to those who call it and to those who do not', (known, expected) => {
    const exchange = createPaperExchange({ url: 'http://127.0.0.1:9', timeoutMs: 1, ...known });
    for (const traits of [findVenueTraits('paper', known), exchange.traits]) expect([traits?.amends, traits?.stopMoves]).toEqual(expected);
    expect(exchange.traits).toEqual(findVenueTraits('paper', known));
    expect(findVenueTraits('nowhere', known)).toBeNull();
  });
});
