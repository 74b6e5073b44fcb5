// What the relay makes of what a stream says, and of what it did not hear.
import { afterEach, describe, expect, it } from '@jest/globals';
import { latenessOf } from '../../../../console/claimjump/relay/lateness.ts';
import { orderWebhook, priceWebhooks } from '../../../../console/claimjump/relay/webhooks.ts';
import { readWebhookBody } from '../../../../functions/order-webhook/webhook-body.ts';
import { LARGEST_BODY } from '../../../../functions/support/http.ts';
import { VenueReadError } from '../../../../shared/errors.ts';
import { NOW } from '../../../functions/fakes.ts';
import { FakeVenue, benchClock, d, heard, ours, report, said, startRelay, trade, until, wait } from './relay-bench.ts';
import type { BenchOptions, RelayBench } from './relay-bench.ts';

let bench: RelayBench;
const start = async (options: BenchOptions = {}): Promise<RelayBench> => {
  bench = startRelay(options);
  await until(() => bench.status().cause === 'STREAM_DOWN', 'the first catch-up');
  bench.tell({ kind: 'STANDS', part: 'ORDERS' });
  await until(() => bench.status().cause === null, 'the catch-up of a stream that stands');
  return bench;
};
afterEach(async () => bench.stop());
const tellings = () => bench.taken.map(said);
const isQuiet = () => bench.status().ordersWaiting === 0;

describe('SL-10 what the relay forwards of an order', () => {
  it('is what the venue says of it when asked, not what the stream said', async () => {
    await start();
    bench.venue.fill(ours(1), 'T1', '0.5');
    bench.tell(heard(ours(1), { filledQuantity: d('0.5') }));
    await until(() => bench.taken.length === 1);
    const body = readWebhookBody(JSON.parse(bench.taken[0]?.body ?? ''));
    expect(body).toMatchObject({ type: 'order', account: 'paper-1', order: { clientOrderId: ours(1), status: 'PARTIALLY_FILLED' } });
    expect(body.type === 'order' ? body.order : null).toEqual(bench.venue.orders.get(ours(1)));
  });

  it('is nothing of anybody else', async () => {
    await start();
    for (const id of ['by-hand', 'web_1234', '']) {
      bench.venue.orders.set(id, report(id));
      bench.tell(heard(id));
    }
    bench.tell({ kind: 'STANDS', part: 'ORDERS' });
    await until(() => bench.venue.asked.filter((what) => what === 'open').length >= 3);
    await until(isQuiet);
    expect(bench.sent).toEqual([]);
    expect(bench.venue.asked.some((what) => what.startsWith('find'))).toBe(false);
  });

  it('is told once however often it is heard, and in whatever order', async () => {
    await start();
    bench.venue.fill(ours(1), 'T1', '1');
    bench.venue.fill(ours(1), 'T2', '1');
    for (const filled of ['2', '1', '0', '2', '1']) bench.tell(heard(ours(1), { filledQuantity: d(filled) }));
    await until(isQuiet);
    bench.tell(heard(ours(1), { filledQuantity: d('1') }));
    await until(isQuiet);
    expect(tellings()).toEqual(['FILLED 2 T1+T2']);
  });

  it('is asked for again when the venue does not know yet what its stream has said', async () => {
    await start();
    bench.venue.fill(ours(1), 'T1', '2');
    bench.venue.staleReads.push(report(ours(1)), report(ours(1)));
    bench.tell(heard(ours(1), { filledQuantity: d('2'), isOver: true }));
    await until(() => bench.taken.length > 0);
    expect(tellings()).toEqual(['FILLED 2 T1']);
  });

  it('is what the venue says after all when it never comes to know', async () => {
    await start();
    bench.venue.orders.set(ours(1), report(ours(1)));
    bench.tell(heard(ours(1), { isOver: true }));
    await until(() => bench.taken.length > 0);
    expect(tellings()).toEqual(['OPEN 0']);
    expect(bench.venue.asked.filter((what) => what === `find ${ours(1)}`)).toHaveLength(7);
  });

  it('has an id of what it says, so that it is one webhook wherever it was said', () => {
    expect(orderWebhook('a', report('x'))).toEqual(orderWebhook('a', report('x')));
    const others = [orderWebhook('b', report('x')), orderWebhook('a', report('y')), orderWebhook('a', report('x', { filledQuantity: d('1') }))];
    expect(new Set([orderWebhook('a', report('x')), ...others].map(({ id }) => id)).size).toBe(4);
  });

  it('goes through the door however many trades it has', () => {
    const trades = Array.from({ length: 3_000 }, (_, n) => ({ ...trade(`BTC/USD:${10 ** 12 + n}`, '0.00000001'), fee: { asset: 'USDT', amount: d('0.000000001') } }));
    const webhook = orderWebhook('a', report('x', { trades }));
    expect(Buffer.byteLength(webhook.body)).toBeLessThan(LARGEST_BODY);
    expect(readWebhookBody(JSON.parse(webhook.body)).type).toBe('order');
  });
});

describe('SL-10 a door that does not take', () => {
  it('is tried again until it does, one order behind the other, and others are not held up', async () => {
    await start();
    let open = false;
    bench.door = ({ body }) => open || !body.includes(ours(1));
    bench.venue.fill(ours(1), 'T1', '1');
    bench.venue.fill(ours(2), 'T9', '2');
    bench.tell(heard(ours(1)));
    bench.tell(heard(ours(2)));
    await until(() => bench.sent.filter(({ body }) => body.includes(ours(1))).length >= 3);
    expect(tellings()).toEqual(['FILLED 2 T9']);
    bench.venue.fill(ours(1), 'T2', '1');
    bench.tell(heard(ours(1)));
    open = true;
    await until(isQuiet);
    expect(tellings().slice(1).at(-1)).toBe('FILLED 2 T1+T2');
  });

  it('gets the reports of one order one after the other', async () => {
    await start();
    let inside = 0;
    let most = 0;
    bench.door = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await wait(5);
      inside -= 1;
      return true;
    };
    for (let n = 1; n <= 8; n += 1) {
      bench.venue.fill(ours(1), `T${n}`, '0.25');
      bench.tell(heard(ours(1)));
      await wait(4);
    }
    await until(isQuiet);
    expect(most).toBe(1);
    const sums = bench.taken.map(({ body }) => Number(JSON.parse(body).order.filledQuantity));
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
    expect(sums.at(-1)).toBe(2);
  });

  it('makes the relay forget prices, never orders: what has no room is caught up with', async () => {
    await start({ symbols: ['BTC/USD'], pace: { mostWaiting: 3, catchUpEveryMs: 60_000 } });
    let open = false;
    bench.door = () => open;
    for (let n = 1; n <= 10; n += 1) {
      bench.venue.fill(ours(n), `T${n}`, '2');
      bench.tell(heard(ours(n)));
    }
    for (let n = 1; n <= 50; n += 1) bench.tell({ kind: 'PRICES', prices: [{ symbol: 'BTC/USD', price: d(String(100 + n)), at: benchClock.now() }] });
    await until(() => bench.sent.length > 4);
    expect(bench.status().ordersWaiting).toBe(3);
    open = true;
    await until(() => new Set(tellings().filter((text) => text.startsWith('FILLED'))).size === 10, 'every order');
    expect(tellings().filter((text) => text.startsWith('BTC'))).toEqual(['BTC/USD 150']);
  });
});

describe('SL-11 a disk that takes nothing', () => {
  it('ends no relay: it says so once, forwards, and writes as soon as it can', async () => {
    await start();
    const before = bench.kept.progress;
    let full = true;
    let written = before;
    Object.defineProperty(bench.kept, 'progress', { get: () => written, set: (progress: typeof before) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on /canary'), { code: 'ENOSPC' });
      written = progress;
    } });
    bench.venue.orders.set(ours(1), report(ours(1)));
    bench.tell(heard(ours(1)));
    await until(() => bench.taken.length === 1);
    await wait(30);
    bench.venue.orders.set(ours(2), report(ours(2)));
    bench.tell(heard(ours(2)));
    await until(() => bench.taken.length === 2);
    expect(bench.lines.filter(({ event }) => event === 'progress_unsaved')).toEqual([{ event: 'progress_unsaved', facts: { error: 'Error' } }]);
    full = false;
    await until(() => Object.keys(written.live).length === 2);
    full = true;
    bench.venue.orders.set(ours(3), report(ours(3)));
    bench.tell(heard(ours(3)));
    await until(() => bench.taken.length === 3);
    await bench.stop();
  });
});

describe('SL-11 what was not heard is asked for', () => {
  it('at the start: open orders, orders that were open before, and trades from where the last run ended', async () => {
    const venue = new FakeVenue();
    venue.fill('not-ours', 'T0', '1');
    venue.fill(ours(1), 'T1', '2');
    venue.fill(ours(2), 'T2', '2');
    venue.orders.set(ours(3), report(ours(3), { status: 'CANCELLED' }));
    venue.orders.set(ours(4), report(ours(4)));
    venue.orders.set(ours(5), report(ours(5), { limit: null, stopPrice: d('90') }));
    await start({ venue, progress: { cursor: '2', live: { [ours(3)]: 'BTC/USD' } } });
    await until(() => isQuiet() && bench.taken.length === 4);
    expect(tellings().toSorted()).toEqual(['CANCELLED 0', 'FILLED 2 T2', 'OPEN 0', 'OPEN 0']);
    expect(venue.asked).not.toContain(`find ${ours(1)}`);
    await until(() => bench.kept.progress.cursor === '3');
    expect(Object.keys(bench.kept.progress.live).toSorted()).toEqual([ours(4), ours(5)].toSorted());
  });

  it('after every loss of the stream, as soon as it stands again', async () => {
    await start();
    bench.venue.orders.set(ours(1), report(ours(1)));
    bench.tell(heard(ours(1)));
    await until(() => bench.taken.length === 1);
    bench.tell({ kind: 'LOST', part: 'ORDERS', reason: 'NetworkError' });
    bench.venue.fill(ours(1), 'T1', '2');
    bench.venue.fill(ours(2), 'T2', '2');
    await wait(30);
    expect(bench.taken).toHaveLength(1);
    expect(bench.status().cause).toBe('STREAM_DOWN');
    bench.tell({ kind: 'STANDS', part: 'ORDERS' });
    await until(() => bench.taken.length === 3);
    expect(tellings().toSorted()).toEqual(['FILLED 2 T1', 'FILLED 2 T2', 'OPEN 0']);
    expect(bench.status().cause).toBeNull();
  });

  it('across a restart, with nothing told twice but under its own id', async () => {
    const venue = new FakeVenue();
    await start({ venue });
    venue.orders.set(ours(1), report(ours(1)));
    bench.tell(heard(ours(1)));
    await until(() => bench.taken.length === 1);
    await bench.stop();
    const [first] = bench.taken;
    const { progress } = bench.kept;
    expect(progress).toEqual({ cursor: '0', live: { [ours(1)]: 'BTC/USD' } });
    await start({ venue, progress });
    await until(() => bench.taken.length === 1);
    expect(bench.taken[0]).toEqual(first);
    await bench.stop();
    venue.fill(ours(1), 'T1', '2');
    await start({ venue, progress: bench.kept.progress });
    await until(() => bench.taken.length > 0);
    expect(tellings()).toEqual(['FILLED 2 T1']);
  });

  it('again and again while the venue does not answer, and the relay says that it is behind', async () => {
    await start();
    bench.venue.failures.push(...Array.from({ length: 4 }, () => new VenueReadError('down')));
    bench.venue.fill(ours(1), 'T1', '2');
    bench.tell({ kind: 'STANDS', part: 'ORDERS' });
    await until(() => bench.status().cause === 'CATCH_UP_DUE');
    await until(() => bench.taken.length === 1);
    expect(bench.lines.filter(({ event }) => event === 'catch_up_failed')).toHaveLength(4);
  });

  it('once of a trade that no order of ours explains, and not of one that does', async () => {
    await start();
    const tradeReads = () => bench.venue.asked.filter((what) => what.startsWith('trades')).length;
    const before = tradeReads();
    bench.venue.fill(ours(1), 'T1', '2');
    bench.tell(heard(ours(1)));
    for (let n = 0; n < 5; n += 1) bench.tell({ kind: 'TRADED', exchangeOrderId: `X-${ours(1)}` });
    await until(() => bench.taken.length === 1);
    await wait(60);
    expect(tradeReads()).toBe(before);
    bench.venue.fill(ours(2), 'T2', '2');
    for (let n = 0; n < 5; n += 1) bench.tell({ kind: 'TRADED', exchangeOrderId: 'child-of-a-stop' });
    await until(() => bench.taken.length === 2);
    expect(tellings()).toEqual(['FILLED 2 T1', 'FILLED 2 T2']);
    expect(tradeReads() - before).toBeLessThanOrEqual(3);
  });
});

describe('EX-9 a venue that wants to be left alone', () => {
  it('is not asked by anybody until it may be', async () => {
    await start();
    bench.venue.orders.set(ours(1), report(ours(1)));
    bench.venue.orders.set(ours(2), report(ours(2)));
    bench.venue.failures.push(new VenueReadError('banned', { pause: { kind: 'BANNED', milliseconds: 120 } }));
    const asked = bench.venue.asked.length;
    const began = performance.now();
    bench.tell(heard(ours(1)));
    await until(() => bench.venue.asked.length > asked);
    bench.tell(heard(ours(2)));
    await until(() => bench.taken.length === 2);
    expect(performance.now() - began).toBeGreaterThan(100);
    expect(bench.venue.asked.length - asked).toBe(3);
  });

  it('for longer than any ban lasts is taken as not saying for how long', async () => {
    await start();
    const absurd = 1e15;
    bench.venue.failures.push(new VenueReadError('limit', { pause: { kind: 'RATE_LIMITED', milliseconds: absurd } }));
    const asked = bench.venue.asked.length;
    bench.venue.orders.set(ours(1), report(ours(1)));
    bench.tell(heard(ours(1)));
    await until(() => bench.venue.asked.length > asked);
    await until(() => bench.taken.length === 1);
  });
});

describe('WS-1 prices', () => {
  const tell = (symbol: string, price: string, at = benchClock.now()) => bench.tell({ kind: 'PRICES', prices: [{ symbol, price: d(price), at }] });
  const startPriced = (pace: BenchOptions['pace'] = {}) => start({ symbols: ['BTC/USD', 'ETH/USD'], pace: { pricesEveryMs: 40, ...pace } });

  it('go together, only the newest of each, only of the symbols that are wanted', async () => {
    await startPriced();
    for (const price of ['1', '2', '3']) tell('BTC/USD', price);
    tell('ETH/USD', '9');
    tell('DOGE/USD', '7');
    await until(() => bench.taken.length === 1);
    expect(tellings()).toEqual(['BTC/USD 3, ETH/USD 9']);
  });

  it('are never replaced by older ones, and none older than a quote may be is told', async () => {
    await startPriced();
    tell('BTC/USD', '5');
    tell('BTC/USD', '4', benchClock.now() - 10_000);
    tell('ETH/USD', '9', benchClock.now() - 200_000);
    await until(() => bench.taken.length === 1);
    expect(tellings()).toEqual(['BTC/USD 5']);
  });

  it('of a venue whose clock is ahead are of now, so that they are believed', async () => {
    await startPriced();
    tell('BTC/USD', '5', benchClock.now() + 90_000);
    await until(() => bench.taken.length === 1);
    expect(JSON.parse(bench.taken[0]?.body ?? '').prices[0].at).toBeLessThanOrEqual(benchClock.now());
  });

  it('are asked for after a loss, and fill the door no fuller than it takes', async () => {
    const venue = new FakeVenue();
    venue.quotesNow['BTC/USD'] = { price: d('42'), at: benchClock.now() };
    await start({ venue, symbols: ['BTC/USD'] });
    await until(() => bench.taken.length > 0);
    expect(tellings()[0]).toBe('BTC/USD 42');
    const many = priceWebhooks('a', Array.from({ length: 1_200 }, (_, n) => ({ symbol: `COIN${n}/USDT`, price: d('12345.12345678'), at: NOW })));
    expect(many).toHaveLength(3);
    for (const { body } of many) expect(Buffer.byteLength(body)).toBeLessThan(LARGEST_BODY);
    for (const { body } of many) expect(readWebhookBody(JSON.parse(body)).type).toBe('prices');
  });
});

describe('how far it is behind', () => {
  const none = { now: 1_000, orderSince: null, catchUpSince: null, deafSince: null };
  it.each([
    [none, 0, null],
    [{ ...none, orderSince: 400 }, 600, 'ORDERS_UNTOLD'],
    [{ ...none, orderSince: 400, catchUpSince: 300 }, 700, 'CATCH_UP_DUE'],
    [{ ...none, orderSince: 400, catchUpSince: 300, deafSince: 100 }, 900, 'STREAM_DOWN'],
    [{ ...none, orderSince: 2_000 }, 0, 'ORDERS_UNTOLD'],
  ] as const)('%j is %s ms, because of %s', (standing, milliseconds, cause) => {
    bench = startRelay();
    expect(latenessOf(standing)).toEqual({ milliseconds, cause });
  });

  it('is known from the first moment on: a stream that never stood is down', async () => {
    bench = startRelay();
    await wait(20);
    expect(bench.status().cause).toBe('STREAM_DOWN');
    expect(bench.status().silentMs).toBeNull();
    bench.tell({ kind: 'HEARD' });
    expect(bench.status().silentMs).toBeLessThan(1_000);
  });
});
