// What each venue's answers come to, on the real class of ccxt: every row of its table, and whatever is in none.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { AnswerRow, CallKind } from '../../shared/adapters/ccxt/answer-table.ts';
import { VenueReadError } from '../../shared/errors.ts';
import type { WireFault, WireReply } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench, VenueUnderTest } from './venue-bench.ts';
import { VENUES } from './venues.ts';

const d = (text: string): Decimal => new Decimal(text);
const CHANGES = ['place', 'cancel', 'amend'] as const;
const SHORT_MS = 300;

let bench: VenueBench;
afterEach(async () => bench.stop());

const begin = async (under: VenueUnderTest, exchange: { timeoutMs?: number } = {}): Promise<void> => {
  bench = await startBench(under, { exchange });
  bench.venue.price(under.symbol, '100');
  await bench.exchange.openOrders();
};

const ref = (clientOrderId: string) => ({ clientOrderId, symbol: bench.symbol });
const amendOne = () => bench.exchange.amend({ ...ref('one'), intent: { kind: 'AMEND', quantity: d('3'), limit: d('91'), stopPrice: null } });
/** The call itself, with the order that it needs in place before. */
const callOf = async (kind: CallKind): Promise<() => ReturnType<typeof amendOne>> => {
  if (kind === 'place') return () => bench.exchange.place(order(bench.symbol, 'one'));
  await bench.exchange.place(order(bench.symbol, 'one'));
  return kind === 'cancel' ? () => bench.exchange.cancel(ref('one')) : amendOne;
};

const SOME_REFUSAL: AnswerRow = { on: ['place'], status: [200, 200], code: '-1013', says: 'LOT_SIZE', means: 'REFUSED', as: 'LOT_SIZE', source: '' };

/** A complaint of that code in the venue's own form. */
const BODIES: Readonly<Record<string, (row: AnswerRow, kind: CallKind) => unknown>> = {
  binance: ({ code, says }) => ({ code: Number(code), msg: `Well: ${says ?? 'no'}.` }),
  binanceusdm: ({ code, says }) => ({ code: Number(code), msg: `Well: ${says ?? 'no'}.` }),
  kraken: ({ code }) => ({ error: [code] }),
  bybit: ({ code, says }) => ({ retCode: Number(code), retMsg: says ?? 'no', result: {} }),
  okx: ({ code, says }) => ({ code: '1', msg: '', data: [{ ordId: '', sCode: code, sMsg: says ?? 'no' }] }),
  coinbase: ({ code, status: [low] }, kind) => {
    if (low !== 200) return { error: code, message: 'no' };
    if (kind === 'cancel') return { results: [{ success: false, failure_reason: code, order_id: 'x' }] };
    if (kind === 'amend') return { success: false, errors: [{ edit_failure_reason: code, preview_failure_reason: '' }] };
    return { success: false, error_response: { error: 'UNKNOWN_FAILURE_REASON', message: '', preview_failure_reason: code } };
  },
  'alpaca-crypto': ({ code, says }) => ({ code: Number(code), message: `Well: ${says ?? 'no'}.` }),
};

const replyOf = (venue: string, row: AnswerRow, kind: CallKind): WireReply => {
  const [low, high] = row.status;
  const status = low === high ? low : 400;
  return { status, body: row.code === 'HTTP' ? 'no' : (BODIES[venue]?.(row, kind) ?? '') };
};

const rowsOf = (under: VenueUnderTest): readonly (readonly [CallKind, string, string, string, AnswerRow])[] =>
  under.dialect.answers.rows.flatMap((row) => row.on
    .filter((kind) => CHANGES.some((one) => one === kind) && (kind !== 'amend' || under.dialect.amendment !== null))
    .map((kind) => [kind, row.code, row.says ?? '', row.means === 'REFUSED' ? `REFUSED ${row.as}` : row.means, row] as const));

describe.each(VENUES.map((under) => [under.dialect.venue, under] as const))('EX-9 the answers of %s', (name, under) => {
  it.each(rowsOf(under))('to a %s with %s %s are %s', async (kind, _code, _says, means, row) => {
    await begin(under);
    const call = await callOf(kind);
    bench.venue.strike([kind === 'find' || kind === 'read' ? 'read' : kind], { kind: 'REPLY', when: 'BEFORE', reply: replyOf(name, row, kind) });
    const outcome = await call();
    expect(outcome.kind === 'REFUSED' ? `REFUSED ${outcome.code}` : outcome.kind).toBe(means);
    expect(bench.venue.calls.filter((one) => one === kind)).toHaveLength(1);
  });

  it('are told with the page that says so, and none of them with a status of the server', () => {
    const { rows, readOn } = under.dialect.answers;
    expect(readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(rows.filter((row) => !row.source.startsWith('https://') || row.status[1] >= 500)).toEqual([]);
  });

  const faults: readonly (readonly [string, WireFault, 'open' | 'gone'])[] = [
    ['hangs before it took effect', { kind: 'HANGS', when: 'BEFORE' }, 'gone'],
    ['hangs after it took effect', { kind: 'HANGS', when: 'AFTER' }, 'open'],
    ['breaks off before it took effect', { kind: 'LOST', when: 'BEFORE' }, 'gone'],
    ['breaks off after it took effect', { kind: 'LOST', when: 'AFTER' }, 'open'],
    ['fails with 500 before it took effect', { kind: 'REPLY', when: 'BEFORE', reply: { status: 500, body: 'Internal Server Error' } }, 'gone'],
    ['fails with 500 after it took effect', { kind: 'REPLY', when: 'AFTER', reply: { status: 500, body: 'Internal Server Error' } }, 'open'],
    ['fails with 503 and the words of a refusal, after', { kind: 'REPLY', when: 'AFTER', reply: { status: 503, body: BODIES[name]?.(SOME_REFUSAL, 'place') } }, 'open'],
    ['is answered unreadably after it took effect', { kind: 'REPLY', when: 'AFTER', reply: { status: 200, body: '{"orderId":' } }, 'open'],
    ['is redirected', { kind: 'REPLY', when: 'BEFORE', reply: { status: 302, body: '', headers: { location: '/elsewhere' } } }, 'gone'],
  ];
  it.each(faults)('are UNKNOWN where a placement %s, and the order can be asked for', async (_words, fault, stands) => {
    await begin(under, { timeoutMs: SHORT_MS });
    bench.venue.strike(['place'], fault);
    expect((await bench.exchange.place(order(bench.symbol, 'one'))).kind).toBe('UNKNOWN');
    expect((await bench.exchange.findOrder(ref('one')))?.status ?? 'gone').toBe(stands === 'open' ? 'OPEN' : 'gone');
    expect(bench.venue.calls.filter((call) => call === 'place')).toHaveLength(1);
  });

  it.each(faults.filter(([, , stands]) => stands === 'open').map(([words, fault]) => [words, fault] as const))('are UNKNOWN where a cancel %s, and its order is over', async (_words, fault) => {
    await begin(under, { timeoutMs: SHORT_MS });
    await bench.exchange.place(order(bench.symbol, 'one'));
    bench.venue.strike(['cancel'], fault);
    expect((await bench.exchange.cancel(ref('one'))).kind).toBe('UNKNOWN');
    expect((await bench.exchange.findOrder(ref('one')))?.status).toBe('CANCELLED');
  });

  it('are NOT_SENT where too many calls were made, with the pause that is asked for, and nothing was done', async () => {
    await begin(under);
    bench.venue.strike(['place'], { kind: 'LIMITED', retryAfterSeconds: 7 });
    expect(await bench.exchange.place(order(bench.symbol, 'one'))).toEqual({ kind: 'NOT_SENT', reason: 'RATE_LIMITED, come again in 7000 ms', pause: null });
    expect(await bench.exchange.findOrder(ref('one'))).toBeNull();
  });

  it('to reads are waited for as they ask, and for no longer than that is worth', async () => {
    await begin(under);
    bench.venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 1 });
    const startedAt = Date.now();
    expect(await bench.exchange.openOrders()).toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
    bench.venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 600 });
    await expect(bench.exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
  });
});

describe.each(VENUES.filter(({ clock }) => clock !== undefined).map((under) => [under.dialect.venue, under] as const))('EX-9 a clock that is wrong, with %s', (_name, under) => {
  beforeEach(() => begin(under));

  it('has nothing sent in its time, and says so', async () => {
    bench.venue.clockAheadMs = 300_000;
    expect(await bench.exchange.place(order(bench.symbol, 'one'))).toMatchObject(under.clock ?? {});
    expect(bench.venue.engine.allOrders()).toEqual([]);
    await expect(bench.exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
  });
});

describe.each(VENUES.map((under) => [under.dialect.venue, under] as const))('SL-11 lists of %s that come in pages', (_name, under) => {
  it('are read to their end: every open order, every waiting one, every trade once', async () => {
    bench = await startBench(under, { exchange: { pageSize: 40 } });
    bench.venue.price(under.symbol, '100');
    const ids = (kind: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${kind}${index}`);
    const wire = (id: string): string => under.dialect.ids.toVenue(id) ?? id;
    const terms = { symbol: under.symbol, side: 'buy', quantity: d('1'), stopPrice: null, timeInForce: 'GTC' } as const;
    for (const id of ids('open', 620)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: d('50') });
    for (const id of ids('wait', 120)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: null, stopPrice: d('150') });
    for (const id of ids('done', 130)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: d('100') });
    const open = (await bench.exchange.openOrders()).map((report) => report.clientOrderId);
    expect([open.length, new Set(open)]).toEqual([620, new Set(ids('open', 620))]);
    const waiting = (await bench.exchange.conditionalOrders()).map((report) => report.clientOrderId);
    expect([waiting.length, new Set(waiting)]).toEqual([120, new Set(ids('wait', 120))]);
    const traded: string[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const page = await bench.exchange.recentTrades(cursor);
      traded.push(...page.trades.map((trade) => trade.clientOrderId ?? ''));
      ({ cursor, more } = page);
    }
    expect([traded.length, new Set(traded)]).toEqual([130, new Set(ids('done', 130))]);
  });
});
