// What is Alpaca's own: its refusals, its replacements, its pages, fractions and sessions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAlpacaExchange } from '../../shared/adapters/alpaca/alpaca-exchange.ts';
import { ANSWERS, READ_ON, findRow } from '../../shared/adapters/alpaca/answer-table.ts';
import { VenueReadError } from '../../shared/errors.ts';
import { toPlain } from '../../shared/domain/decimal.ts';
import type { PlaceOrder } from '../../shared/ports.ts';
import { reportOf } from '../contracts/exchange-contract.ts';
import { d, order, startAlpaca } from './alpaca-bench.ts';
import type { AlpacaBench, AlpacaBenchOptions } from './alpaca-bench.ts';
import { alpacaError } from './alpaca-server.ts';
import type { WireFault, WireReply } from './loopback-venue.ts';

let bench: AlpacaBench;
const open = async (options: AlpacaBenchOptions = {}, price = '100'): Promise<AlpacaBench> => {
  bench = await startAlpaca(options);
  bench.server.venue.price('AAPL', price);
  return bench;
};
afterEach(async () => bench.stop());

/** Somebody trades so many shares at a price. */
let trades = 0;
const trade = (price: string, volume: string): void => {
  trades += 1;
  const { venue } = bench.server;
  venue.engine.apply({ kind: 'PRICES', stepId: `trade-${trades}`, at: venue.now(), prices: [{ symbol: 'AAPL', price: d(price), volume: d(volume), sellable: true }] });
};
const ref = (clientOrderId: string) => ({ clientOrderId, symbol: 'AAPL' });
const before = (reply: WireReply): WireFault => ({ kind: 'REPLY', when: 'BEFORE', reply });
const after = (reply: WireReply): WireFault => ({ kind: 'REPLY', when: 'AFTER', reply });
const lastPlacement = () => bench.server.placements.at(-1);
const place = (intent: Partial<PlaceOrder['intent']>, id = 'one') => bench.exchange.place(order(id, intent));

describe('EX-1 what Alpaca is asked for', () => {
  it.each([
    ['a limit order, good till it is cancelled', {}, { type: 'limit', time_in_force: 'gtc', qty: '2', limit_price: '90.25', extended_hours: false }],
    ['a market order', { limit: null }, { type: 'market', time_in_force: 'gtc', qty: '2' }],
    ['a stop-market order', { limit: null, stopPrice: d('120') }, { type: 'stop', time_in_force: 'gtc', stop_price: '120' }],
    ['an immediate one', { timeInForce: 'IOC' as const, limit: d('100') }, { type: 'limit', time_in_force: 'ioc' }],
    ['a fraction, by an order of the day', { quantity: d('0.123456789') }, { type: 'limit', time_in_force: 'day', qty: '0.123456789' }],
  ])('%s', async (_name, intent, wire) => {
    await open();
    expect((await place(intent)).kind).toBe('ACCEPTED');
    expect(lastPlacement()).toMatchObject({ client_order_id: 'one', symbol: 'AAPL', side: 'buy', ...wire });
    expect(lastPlacement()).not.toHaveProperty('position_intent');
  });

  it('says of an order that only reduces that it closes, so that a sale of nothing opens no short', async () => {
    await open();
    expect(await place({ side: 'sell', limit: null, reduceOnly: true })).toEqual({ kind: 'REFUSED', code: 'REDUCE_ONLY' });
    expect(lastPlacement()).toMatchObject({ position_intent: 'sell_to_close' });
    expect(await bench.exchange.positions()).toEqual([]);
    await place({ side: 'sell', limit: null }, 'short');
    expect((await bench.exchange.positions()).map(({ quantity }) => toPlain(quantity))).toEqual(['-2']);
    expect((await place({ side: 'buy', limit: null, reduceOnly: true }, 'cover')).kind).toBe('ACCEPTED');
    expect(lastPlacement()).toMatchObject({ position_intent: 'buy_to_close' });
    expect(await bench.exchange.findPosition('AAPL')).toBeNull();
  });

  it('keeps every digit of a price, a quantity and equity', async () => {
    await open({}, '0.12345678901234567');
    expect(toPlain((await bench.exchange.quotes(['AAPL']))['AAPL']?.price ?? d('0'))).toBe('0.12345678901234567');
    await place({ quantity: d('123456.123456789'), limit: null });
    expect((await bench.exchange.positions()).map(({ quantity }) => toPlain(quantity))).toEqual(['123456.123456789']);
    expect(toPlain((await bench.exchange.equity()).equity)).toBe(toPlain(bench.server.venue.engine.equity()));
  });
});

describe('WS-2 the account', () => {
  it('counts equity, not buying power', async () => {
    await open();
    expect(toPlain((await bench.exchange.equity()).equity)).toBe('1000000');
  });

  it('is not read with keys that are not its own, and nothing is placed with them', async () => {
    await open({ exchange: { credentials: { keyId: 'test-key', secret: 'another' } } });
    await expect(bench.exchange.equity()).rejects.toBeInstanceOf(VenueReadError);
    expect(await place({})).toEqual({ kind: 'NOT_SENT', reason: 'NOT_AUTHORISED', pause: null });
    expect(bench.server.placements).toEqual([]);
  });

  it('has a calendar (MH-1), in which a short day is short', async () => {
    await open();
    expect(await bench.exchange.tradingDays('2025-11-27', '2025-12-01')).toEqual([
      { date: '2025-11-28', open: '09:30', close: '13:00' },
      { date: '2025-12-01', open: '09:30', close: '16:00' },
    ]);
  });
});

describe('EX-9 the answer table', () => {
  const REFUSALS: readonly (readonly [string, WireReply])[] = [
    ['INSUFFICIENT_FUNDS', alpacaError(403, 40310000, 'insufficient buying power')],
    ['INSUFFICIENT_QUANTITY', alpacaError(403, 40310000, 'insufficient qty available for order (requested: 5, available: 3)')],
    ['WASH_TRADE', alpacaError(403, 40310000, 'potential wash trade detected. use complex orders')],
    ['NOT_ALLOWED', alpacaError(403, 40310000, 'account is restricted to liquidation only')],
    ['PATTERN_DAY_TRADING', alpacaError(403, 40310100, 'trade denied due to pattern day trading protection')],
    ['REDUCE_ONLY', alpacaError(422, 42210000, 'position intent mismatch, inferred: sell_to_open, specified: sell_to_close')],
    ['WOULD_TRIGGER', alpacaError(422, 42210000, 'stop price must be less than current price')],
    ['TICK_SIZE', alpacaError(422, 42210000, 'invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria')],
    ['FRACTIONAL_SHORT', alpacaError(422, 42210000, 'fractional orders cannot be sold short')],
    ['NOT_FRACTIONABLE', alpacaError(422, 42210000, 'requested asset is not fractionable')],
    ['FRACTIONAL_TERMS', alpacaError(422, 42210000, 'fractional orders must be DAY orders')],
    ['EXTENDED_HOURS', alpacaError(422, 42210000, 'extended hours order must be DAY limit orders')],
    ['UNKNOWN_SYMBOL', alpacaError(422, 42210000, 'asset "ABCD" not found')],
    ['NOT_TRADABLE', alpacaError(422, 42210000, 'asset AAPL is not tradable')],
    ['NOT_TRADABLE', alpacaError(422, 42210000, 'asset AAPL is not active')],
    ['BAD_REQUEST', alpacaError(422, 42210000, 'words that nobody has read before')],
  ];

  it.each(REFUSALS)('takes for a refusal with the word %s', async (code, reply) => {
    await open();
    bench.server.venue.strike(['place'], before(reply));
    expect(await place({})).toEqual({ kind: 'REFUSED', code });
    expect(await bench.exchange.findOrder(ref('one'))).toBeNull();
  });

  it('is tried row by row', () => {
    const complaint = (reply: WireReply) => {
      const { code, message } = reply.body as { code: number; message: string };
      return { kind: 'COMPLAINT' as const, status: reply.status, code: String(code), message, retryAfterMs: null };
    };
    const tried = new Set(REFUSALS.map(([, reply]) => findRow('place', complaint(reply))));
    const refusals = ANSWERS.filter((row) => row.on.includes('place') && row.means === 'REFUSED');
    expect(refusals.filter((row) => !tried.has(row))).toEqual([]);
    expect(ANSWERS.filter(({ source }) => !source.startsWith('https://'))).toEqual([]);
  });

  it('is printed in the documentation as it is', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/alpaca.md'), 'utf8');
    const rows = ANSWERS.map((row) => `| ${[row.on.join(', '), row.status, row.code ?? '—', row.says ?? '—', row.means, row.as, row.source].join(' | ')} |`);
    expect(page).toContain(rows.join('\n'));
    expect(page).toContain(`Read on ${READ_ON}.`);
  });

  it.each<readonly [string, WireReply]>([
    ['a status of the server', alpacaError(500, 50010000, 'internal server error')],
    ['a time-out of its gateway', alpacaError(504, 50410000, 'request timed out')],
    ['a page in HTML', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['a code that is not listed', alpacaError(422, 42219999, 'something new')],
    ['a listed code under another status', alpacaError(500, 42210000, 'stop price must be less than current price')],
    ['malformed input, which is the code of a taken id too', alpacaError(422, 40010001, 'client_order_id must be unique')],
    ['a taken id under the code of refusals', alpacaError(422, 42210000, 'client order id must be unique')],
    ['a refusal without a code', { status: 403, body: { message: 'forbidden.' } }],
    ['a success that is not the order', { status: 200, body: { id: 'x' } }],
    ["another order's success", { status: 200, body: [] }],
    ['a success that is cut off', { status: 200, body: '{"id":"0000' }],
  ])('knows nothing of an order after %s, whether it took effect or not', async (_name, reply) => {
    await open();
    bench.server.venue.strike(['place'], after(reply));
    expect((await place({})).kind).toBe('UNKNOWN');
    expect((await bench.exchange.findOrder(ref('one')))?.status).toBe('OPEN');
    bench.server.venue.strike(['place'], before(reply));
    expect((await place({}, 'two')).kind).toBe('UNKNOWN');
    expect(await bench.exchange.findOrder(ref('two'))).toBeNull();
  });

  it.each([
    ['ORDER_CLOSED', alpacaError(422, 42210000, 'order is not cancelable')],
    ['ORDER_UNKNOWN', alpacaError(404, 40410000, 'order not found for x')],
  ])('takes for a refusal of a cancel that came too late with the word %s', async (code, reply) => {
    await open();
    await place({});
    bench.server.venue.strike(['cancel'], before(reply));
    expect(await bench.exchange.cancel(ref('one'))).toEqual({ kind: 'REFUSED', code });
  });

  it.each([404, 500])('takes no status %s without the code of it for an absence', async (status) => {
    await open();
    bench.server.venue.strike(['read'], before({ status, body: 'no such page' }), 3);
    await expect(bench.exchange.findOrder(ref('one'))).rejects.toBeInstanceOf(VenueReadError);
    bench.server.venue.strike(['read'], before({ status, body: 'no such page' }), 3);
    await expect(bench.exchange.findPosition('AAPL')).rejects.toBeInstanceOf(VenueReadError);
  });

  it('calls one request too many not sent, and says when to come again', async () => {
    await open();
    bench.server.venue.strike(['place'], { kind: 'LIMITED', retryAfterSeconds: 30 });
    const outcome = await place({});
    expect(outcome.kind).toBe('NOT_SENT');
    expect(outcome).toMatchObject({ reason: 'RATE_LIMITED', pause: { kind: 'RATE_LIMITED' } });
    expect(outcome.kind === 'NOT_SENT' && outcome.pause?.milliseconds).toBeGreaterThan(28_000);
    expect(bench.server.venue.engine.allOrders()).toEqual([]);
  });

  it('does not wait in a read for a limit that lifts only later than the next run', async () => {
    await open();
    bench.server.venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 30 });
    const calls = bench.server.calls;
    await expect(bench.exchange.openOrders()).rejects.toMatchObject({ name: 'VenueReadError', pause: { kind: 'RATE_LIMITED' } });
    expect(bench.server.calls - calls).toBe(1);
  });

  it('tells of the limit that keeps a cancel from asking for its order', async () => {
    await open();
    await place({});
    bench.server.venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 30 });
    expect(await bench.exchange.cancel(ref('one'))).toMatchObject({ kind: 'NOT_SENT', pause: { kind: 'RATE_LIMITED' } });
  });
});

describe('EX-1 what Alpaca has not', () => {
  it.each([
    ['a post-only order', 'NO_POST_ONLY', { timeInForce: 'POST_ONLY' }],
    ['an iceberg', 'NO_ICEBERGS', { shown: d('1') }],
  ] as const)('%s is refused with %s, and nothing is sent', async (_name, code, intent) => {
    await open();
    const { calls } = bench.server;
    expect(await place(intent)).toEqual({ kind: 'REFUSED', code });
    expect(bench.server.calls).toBe(calls);
  });

  it('batches are not among its calls (EX-4)', async () => {
    await open();
    expect(bench.exchange.batches).toBeNull();
  });
});

describe('EX-9 one call, one request, and an end to it', () => {
  it.each(['BEFORE', 'AFTER'] as const)('gives up waiting for an answer that never comes, %s it took effect', async (when) => {
    await open({ exchange: { timeoutMs: 2_000 } });
    bench.server.venue.strike(['place'], { kind: 'HANGS', when });
    expect((await place({})).kind).toBe('UNKNOWN');
    expect(bench.server.venue.calls.filter((call) => call === 'place')).toHaveLength(1);
    expect((await bench.exchange.findOrder(ref('one')))?.status ?? null).toBe(when === 'AFTER' ? 'OPEN' : null);
  });

  it.each([503, 504, 429, 408])('never sends a placement again after status %s', async (status) => {
    await open();
    bench.server.venue.strike(['place'], after(alpacaError(status, 1, 'x')));
    await place({});
    expect(bench.server.venue.calls.filter((call) => call === 'place')).toHaveLength(1);
  });

  it('leaves the retries of reads to us: the client itself asks once', async () => {
    await open({ exchange: { attempts: 1 } });
    bench.server.venue.strike(['read'], before(alpacaError(503, 1, 'x')));
    const calls = bench.server.calls;
    await expect(bench.exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
    expect(bench.server.calls - calls).toBe(1);
  });

  it('has an answer to a placement also where the order cannot be read after it', async () => {
    await open();
    bench.server.venue.strike(['read'], before(alpacaError(500, 1, 'x')));
    expect(reportOf(await place({}))).toMatchObject({ clientOrderId: 'one', status: 'SUBMITTED', trades: [] });
  });

  it('does not send a cancel of an order that cannot be asked for', async () => {
    await open();
    await place({});
    bench.server.venue.strike(['read'], before(alpacaError(500, 1, 'x')), 3);
    expect((await bench.exchange.cancel(ref('one'))).kind).toBe('NOT_SENT');
    expect(bench.server.venue.calls).not.toContain('cancel');
  });

  it('reports a cancel that was only taken as an order that lives, and the next one as an order that is leaving', async () => {
    await open();
    await place({});
    bench.server.cancelsLater = true;
    expect(reportOf(await bench.exchange.cancel(ref('one')))).toMatchObject({ status: 'OPEN' });
    expect((await bench.exchange.openOrders()).map(({ clientOrderId }) => clientOrderId)).toEqual(['one']);
    bench.server.finishCancels();
    expect(await bench.exchange.findOrder(ref('one'))).toMatchObject({ status: 'CANCELLED' });
  });

  it('reads an order whatever its clock says (EX-11)', async () => {
    for (const minutes of [-10, 10]) {
      await open();
      bench.server.venue.clockAheadMs = minutes * 60_000;
      bench.server.venue.price('AAPL', '100');
      const report = reportOf(await place({ limit: null }));
      expect([report.status, report.trades.length]).toEqual(['FILLED', 1]);
      expect(Math.abs(report.at - Date.now() - minutes * 60_000)).toBeLessThan(120_000);
      if (minutes < 0) await bench.stop();
    }
  });
});

describe('EX-3 replacements', () => {
  it('are not ours to make: a replacement is another order, with another id', async () => {
    await open();
    await place({});
    const intent = { kind: 'AMEND' as const, quantity: d('3'), limit: d('91'), stopPrice: null };
    expect(await bench.exchange.amend({ ...ref('one'), intent })).toEqual({ kind: 'REFUSED', code: 'NOT_AMENDABLE' });
    expect(bench.server.venue.calls).not.toContain('amend');
  });

  it('by somebody else leave the order ours: found, listed and cancelled under its id, with the fills of both', async () => {
    await open();
    const placed = reportOf(await place({ quantity: d('5') }));
    bench.server.replaceByHand('one', { limit_price: '91.5', qty: '4' });
    const found = await bench.exchange.findOrder(ref('one'));
    expect(found).toMatchObject({ clientOrderId: 'one', exchangeOrderId: placed.exchangeOrderId, status: 'OPEN' });
    expect([found?.limit, found?.quantity].map((value) => toPlain(value ?? d('0')))).toEqual(['91.5', '4']);
    expect((await bench.exchange.openOrders()).map(({ clientOrderId }) => clientOrderId)).toEqual(['one']);
    expect(reportOf(await bench.exchange.cancel(ref('one')))).toMatchObject({ clientOrderId: 'one', status: 'CANCELLED' });
    expect(bench.server.venue.engine.openOrders()).toEqual([]);
  });

  it('sum up to one order when both have filled, and name its trades', async () => {
    await open({ server: { config: { fillShareOfVolume: d('1') } } }, '105');
    await place({ quantity: d('5'), limit: d('100') });
    trade('100', '2');
    bench.server.replaceByHand('one', { limit_price: '101' });
    bench.server.venue.price('AAPL', '101');
    const found = await bench.exchange.findOrder(ref('one'));
    expect([found?.status, ...[found?.filledQuantity, found?.quantity].map((value) => toPlain(value ?? d('0')))]).toEqual(['FILLED', '5', '5']);
    const { trades } = await bench.exchange.recentTrades(null);
    expect(trades.map(({ tradeId }) => tradeId)).toEqual(found?.trades.map(({ tradeId }) => tradeId));
    expect(new Set(trades.map(({ clientOrderId }) => clientOrderId))).toEqual(new Set(['one']));
  });
});

describe('EX-10 fractions of a share', () => {
  it('are in the rules of a stock that has them, if they are wanted', async () => {
    await open();
    const rules = (await bench.exchange.markets()).map(({ symbol, rules: { lotSize, minQuantity, minNotional, tickSize } }) =>
      [symbol, ...[lotSize, minQuantity, minNotional, tickSize].map(toPlain)]);
    expect(rules).toEqual([['AAPL', '0.000000001', '0.000000001', '1', '0.01'], ['BRK.B', '1', '1', '0', '0.01']]);
    await bench.stop();
    await open({ exchange: { fractions: false } });
    expect((await bench.exchange.markets()).map(({ rules: { lotSize } }) => toPlain(lotSize))).toEqual(['1', '1']);
  });

  it('leave out what is not traded', async () => {
    await open({ server: { stocks: [{ symbol: 'AAPL' }, { symbol: 'DEAD', tradable: false }] } });
    expect((await bench.exchange.markets()).map(({ symbol }) => symbol)).toEqual(['AAPL']);
  });

  it.each([
    ['FRACTIONAL_SHORT', { side: 'sell' as const, quantity: d('0.5') }],
    ['FRACTIONAL_TERMS', { timeInForce: 'IOC' as const, quantity: d('0.5') }],
    ['BAD_REQUEST', { timeInForce: 'IOC' as const, limit: null, stopPrice: d('120') }],
  ])('are refused before anything is sent, with %s', async (code, intent) => {
    await open();
    expect(await place(intent)).toEqual({ kind: 'REFUSED', code });
    expect(bench.server.placements).toEqual([]);
  });

  it.each([
    ['BAD_CLIENT_ORDER_ID', 'x'.repeat(129), 'AAPL'],
    ['BAD_CLIENT_ORDER_ID', 'a b', 'AAPL'],
    ['UNKNOWN_SYMBOL', 'one', 'BTC/USD'],
  ])('and so is what is no order there: %s', async (code, id, symbol) => {
    await open();
    expect(await bench.exchange.place(order(id, {}, symbol))).toEqual({ kind: 'REFUSED', code });
    expect(bench.server.placements).toEqual([]);
  });

  it('are refused by the broker where the stock has none', async () => {
    await open();
    bench.server.venue.price('BRK.B', '100');
    expect(await bench.exchange.place(order('one', { quantity: d('0.5') }, 'BRK.B'))).toEqual({ kind: 'REFUSED', code: 'NOT_FRACTIONABLE' });
  });

  it('are sold to the last billionth, and protected by stops of the day', async () => {
    await open();
    await place({ quantity: d('1.000000001'), limit: null });
    expect((await place({ side: 'sell', quantity: d('1.000000001'), limit: null, stopPrice: d('95'), reduceOnly: true }, 'stop')).kind).toBe('ACCEPTED');
    expect(lastPlacement()).toMatchObject({ type: 'stop', time_in_force: 'day', qty: '1.000000001' });
    bench.server.venue.price('AAPL', '94');
    expect(await bench.exchange.positions()).toEqual([]);
  });
});

describe('EX-1 outside the session', () => {
  it('nothing is executed unless it is wanted: the order waits for the open', async () => {
    await open();
    bench.server.sessionIsOpen = false;
    expect(reportOf(await place({ limit: d('101') }))).toMatchObject({ status: 'OPEN', trades: [] });
    expect(lastPlacement()).toMatchObject({ extended_hours: false });
    expect(await bench.exchange.positions()).toEqual([]);
    bench.server.open();
    expect(await bench.exchange.findOrder(ref('one'))).toMatchObject({ status: 'FILLED' });
  });

  it('limit orders of the day are executed where it is wanted, and no others', async () => {
    await open({ exchange: { extendedHours: true } });
    bench.server.sessionIsOpen = false;
    expect(reportOf(await place({ limit: d('101') }))).toMatchObject({ status: 'FILLED' });
    expect(lastPlacement()).toMatchObject({ extended_hours: true, time_in_force: 'day' });
    expect(reportOf(await place({ limit: null }, 'two'))).toMatchObject({ status: 'OPEN' });
    expect(lastPlacement()).toMatchObject({ extended_hours: false });
  });
});

describe('SL-11 pages', () => {
  it('of trades are read to the end, each named by one list of orders instead of a question each', async () => {
    await open();
    for (let count = 0; count < 12; count += 1) await place({ quantity: d('1'), limit: null }, `t${count}`);
    // A second client of the same account, as another Lambda is: it remembers nothing.
    const fresh = createAlpacaExchange({ ...bench.options, pageSize: 5 });
    const calls = bench.server.calls;
    const names: (string | null)[] = [];
    let cursor: string | null = null;
    let pages = 0;
    for (let more = true; more; pages += 1) {
      const page = await fresh.recentTrades(cursor);
      names.push(...page.trades.map(({ clientOrderId }) => clientOrderId));
      ({ cursor, more } = page);
    }
    expect([pages, names]).toEqual([3, Array.from({ length: 12 }, (_, index) => `t${index}`)]);
    expect(bench.server.calls - calls).toBe(pages + 1);
  });

  it('of an order with more fills than a page holds are all read', async () => {
    await open({ server: { config: { fillShareOfVolume: d('1') } } }, '105');
    await place({ quantity: d('130'), limit: d('100') });
    for (let count = 0; count < 130; count += 1) trade('100', '1');
    const found = await bench.exchange.findOrder(ref('one'));
    expect([found?.status, found?.trades.length, new Set(found?.trades.map(({ tradeId }) => tradeId)).size]).toEqual(['FILLED', 130, 130]);
  });

  it('of open orders are read to the end', async () => {
    await open();
    for (let count = 0; count < 505; count += 1) {
      bench.server.venue.place({ clientOrderId: `o${count}`, symbol: 'AAPL', side: 'buy', quantity: d('1'), limit: d('50'), stopPrice: null, timeInForce: 'GTC' });
    }
    expect(new Set((await bench.exchange.openOrders()).map(({ clientOrderId }) => clientOrderId)).size).toBe(505);
  });

  it('of an account that has never been read go back a week', async () => {
    await open({ exchange: { historySeconds: 3_600 } });
    bench.server.venue.clockAheadMs = -2 * 3_600_000;
    await place({ limit: null }, 'old');
    bench.server.venue.clockAheadMs = 0;
    await place({ limit: null }, 'new');
    expect((await bench.exchange.recentTrades(null)).trades.map(({ clientOrderId }) => clientOrderId)).toEqual(['new']);
  });
});
