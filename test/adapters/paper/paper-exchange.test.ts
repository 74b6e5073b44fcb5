import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPaperExchange } from '../../../shared/adapters/paper/paper-exchange.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { Fetch } from '../../../shared/adapters/paper/paper-http.ts';
import type { CallEffect } from '../../../shared/adapters/paper/venue-faults.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import { describeExchange, describeStops } from '../../contracts/exchange-contract.ts';
import type { PaperBench } from './paper-bench.ts';
import { AT, buy, startPaper } from './paper-bench.ts';

describeExchange('the paper venue', async () => {
  const bench = await startPaper();
  return {
    exchange: bench.exchange,
    symbol: 'AAPL',
    setPrice: async (price) => bench.price(price),
    loseNextAnswer: async (takesEffect) =>
      bench.strike(['PLACE', 'CANCEL', 'AMEND'], { kind: 'RESET', when: takesEffect ? 'AFTER' : 'BEFORE' }),
    failNextReads: async (count) =>
      bench.strike([], { kind: 'ERROR', when: 'BEFORE', status: 503, retryAfterSeconds: null }, Array.from({ length: count }, (_, n) => n + 1)),
    stop: () => bench.venue.close(),
  };
});

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
    ['fails with a 4xx that is not listed', error(418), 'UNKNOWN', undefined],
    ['is told to come later (429)', error(429), 'UNKNOWN', undefined],
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
    const exchange = createPaperExchange({ url: bench.venue.url, timeoutMs: 500, pauseMs: 1 });
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
    expect(end - (times[2] ?? 0)).toBeLessThan(500);
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
