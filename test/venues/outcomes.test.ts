// What each venue's answers come to, on the real class of ccxt: every row of its table, and whatever is in none.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { AnswerRow, CallKind } from '../../shared/adapters/ccxt/answer-table.ts';
import { VenueReadError } from '../../shared/errors.ts';
import type { WireFault, WireReply } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench, VenueUnderTest } from './venue-bench.ts';
import { VENUES } from './venues.ts';

const d = (text: string): Decimal => new Decimal(text);
const CHANGES = ['place', 'cancel', 'amend'] as const;
const SHORT_MS = 3_000;
/** Which of our words ask not to be called for a while. */
const PAUSES: Readonly<Record<string, string>> = { RATE_LIMITED: 'RATE_LIMITED', FIREWALL: 'RATE_LIMITED', BANNED: 'BANNED' };

let bench: VenueBench;

const opened = async (under: VenueUnderTest, exchange: { timeoutMs?: number } = {}): Promise<VenueBench> => {
  const own = await startBench(under, { exchange });
  own.venue.price(under.symbol, '100');
  await own.exchange.openOrders();
  return own;
};
const begin = async (under: VenueUnderTest): Promise<void> => {
  bench = await opened(under);
};

/** What came of something at each venue, by its name; all of them wait at the same time. */
const atEach = async (work: (bench: VenueBench, under: VenueUnderTest) => Promise<unknown>, exchange: { timeoutMs?: number } = {}): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(await Promise.all(VENUES.map(async (under) => {
    const own = await opened(under, exchange);
    try {
      return [under.dialect.venue, await work(own, under)] as const;
    } finally {
      await own.stop();
    }
  })));
const everywhere = (value: unknown): Readonly<Record<string, unknown>> => Object.fromEntries(VENUES.map(({ dialect }) => [dialect.venue, value]));

/** Ids that are used once, since the rows of a venue are tried on one and the same. */
let ids = 0;
const ref = (clientOrderId: string) => ({ clientOrderId, symbol: bench.symbol });
const amend = (id: string) => bench.exchange.amend({ ...ref(id), intent: { kind: 'AMEND', quantity: d('3'), limit: d('91'), stopPrice: null } });
/** The call itself, with the order that it needs in place before. */
const callOf = async (kind: CallKind): Promise<() => ReturnType<typeof amend>> => {
  ids += 1;
  const id = `row${ids}`;
  if (kind === 'place') return () => bench.exchange.place(order(bench.symbol, id));
  await bench.exchange.place(order(bench.symbol, id));
  return kind === 'cancel' ? () => bench.exchange.cancel(ref(id)) : () => amend(id);
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
  beforeAll(() => begin(under));
  afterAll(() => bench.stop());

  it.each(rowsOf(under))('to a %s with %s %s are %s', async (kind, _code, _says, means, row) => {
    const call = await callOf(kind);
    const before = bench.venue.calls.filter((one) => one === kind).length;
    bench.venue.strike([kind === 'find' || kind === 'read' ? 'read' : kind], { kind: 'REPLY', when: 'BEFORE', reply: replyOf(name, row, kind) });
    const outcome = await call();
    expect(outcome.kind === 'REFUSED' ? `REFUSED ${outcome.code}` : outcome.kind).toBe(means);
    expect(outcome.kind === 'NOT_SENT' ? (outcome.pause?.kind ?? null) : null).toBe(PAUSES[row.as] ?? null);
    expect(bench.venue.calls.filter((one) => one === kind)).toHaveLength(before + 1);
  });

  it('are told with the page that says so, and none of them with a status of the server', () => {
    const { rows, readOn } = under.dialect.answers;
    expect(readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(rows.filter((row) => !row.source.startsWith('https://') || row.status[1] >= 500)).toEqual([]);
  });
});

describe('EX-9 answers that do not come as they should, at every venue', () => {
  const some500: WireReply = { status: 500, body: 'Internal Server Error' };
  const faults: readonly (readonly [string, (venue: string) => WireFault, 'open' | 'gone'])[] = [
    ['hangs before it took effect', () => ({ kind: 'HANGS', when: 'BEFORE' }), 'gone'],
    ['hangs after it took effect', () => ({ kind: 'HANGS', when: 'AFTER' }), 'open'],
    ['breaks off before it took effect', () => ({ kind: 'LOST', when: 'BEFORE' }), 'gone'],
    ['breaks off after it took effect', () => ({ kind: 'LOST', when: 'AFTER' }), 'open'],
    ['fails with 500 before it took effect', () => ({ kind: 'REPLY', when: 'BEFORE', reply: some500 }), 'gone'],
    ['fails with 500 after it took effect', () => ({ kind: 'REPLY', when: 'AFTER', reply: some500 }), 'open'],
    ['fails with 503 and the words of a refusal, after', (venue) => ({ kind: 'REPLY', when: 'AFTER', reply: { status: 503, body: BODIES[venue]?.(SOME_REFUSAL, 'place') } }), 'open'],
    ['is answered unreadably after it took effect', () => ({ kind: 'REPLY', when: 'AFTER', reply: { status: 200, body: '{"orderId":' } }), 'open'],
    ['is redirected', () => ({ kind: 'REPLY', when: 'BEFORE', reply: { status: 302, body: '', headers: { location: '/elsewhere' } } }), 'gone'],
  ];
  it.each(faults)('are UNKNOWN where a placement %s, and the order can be asked for', async (_words, fault, stands) => {
    const found = await atEach(async ({ exchange, venue, symbol }, { dialect }) => {
      venue.strike(['place'], fault(dialect.venue));
      const { kind } = await exchange.place(order(symbol, 'one'));
      const report = await exchange.findOrder({ clientOrderId: 'one', symbol });
      return [kind, report?.status ?? 'gone', venue.calls.filter((call) => call === 'place').length];
    }, { timeoutMs: SHORT_MS });
    expect(found).toEqual(everywhere(['UNKNOWN', stands === 'open' ? 'OPEN' : 'gone', 1]));
  });

  it.each(faults.filter(([, , stands]) => stands === 'open').map(([words, fault]) => [words, fault] as const))('are UNKNOWN where a cancel %s, and its order is over', async (_words, fault) => {
    const found = await atEach(async ({ exchange, venue, symbol }, { dialect }) => {
      await exchange.place(order(symbol, 'one'));
      venue.strike(['cancel'], fault(dialect.venue));
      const { kind } = await exchange.cancel({ clientOrderId: 'one', symbol });
      return [kind, (await exchange.findOrder({ clientOrderId: 'one', symbol }))?.status];
    }, { timeoutMs: SHORT_MS });
    expect(found).toEqual(everywhere(['UNKNOWN', 'CANCELLED']));
  });

  it('to reads are waited for as they ask, and for no longer than that is worth', async () => {
    const found = await atEach(async ({ exchange, venue }) => {
      venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 1 });
      const startedAt = Date.now();
      const listed = await exchange.openOrders();
      const waited = Date.now() - startedAt;
      venue.strike(['read'], { kind: 'LIMITED', retryAfterSeconds: 600 });
      const failed: unknown = await exchange.openOrders().catch((error: unknown) => error);
      // Some tell the instant at which it ends, of which some was over when it was read.
      return [listed.length, waited >= 900, failed instanceof VenueReadError && failed.pause?.kind];
    });
    expect(found).toEqual(everywhere([0, true, 'RATE_LIMITED']));
  });
});

describe.each(VENUES.filter(({ clock }) => clock !== undefined).map((under) => [under.dialect.venue, under] as const))('EX-9 a clock that is wrong, with %s', (_name, under) => {
  beforeEach(() => begin(under));
  afterEach(() => bench.stop());

  it('has nothing sent in its time, and says so', async () => {
    bench.venue.clockAheadMs = 300_000;
    expect(await bench.exchange.place(order(bench.symbol, 'one'))).toMatchObject(under.clock ?? {});
    expect(bench.venue.engine.allOrders()).toEqual([]);
    await expect(bench.exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
  });
});

describe.each(VENUES.map((under) => [under.dialect.venue, under] as const))('SL-11 lists of %s that come in pages', (_name, under) => {
  afterEach(() => bench.stop());

  it('are read to their end: every open order, every waiting one, every trade once', async () => {
    bench = await startBench(under, { exchange: { pageSize: 40 } });
    bench.venue.price(under.symbol, '100');
    // More than the longest page of any of them, which is five hundred at one and half of it at most elsewhere.
    const resting = under.dialect.venue === 'alpaca-crypto' ? 520 : 260;
    const ids = (kind: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${kind}${index}`);
    const wire = (id: string): string => under.dialect.ids.toVenue(id) ?? id;
    const terms = { symbol: under.symbol, side: 'buy', quantity: d('1'), stopPrice: null, timeInForce: 'GTC' } as const;
    for (const id of ids('open', resting)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: d('50') });
    for (const id of ids('wait', 120)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: null, stopPrice: d('150') });
    for (const id of ids('done', 130)) bench.venue.place({ ...terms, clientOrderId: wire(id), limit: d('100') });
    const open = (await bench.exchange.openOrders()).map((report) => report.clientOrderId);
    expect([open.length, new Set(open)]).toEqual([resting, new Set(ids('open', resting))]);
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
