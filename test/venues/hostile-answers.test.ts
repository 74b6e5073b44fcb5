// Answers that no venue should give: what is in none of its tables is UNKNOWN, and whatever is thrown says no secret.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../shared/domain/event.ts';
import { messageOf } from '../../shared/adapters/ccxt/reader.ts';
import type { WireReply } from './loopback-venue.ts';
import { order, startBench } from './venue-bench.ts';
import type { VenueBench, VenueUnderTest } from './venue-bench.ts';
import { ALPACA_CRYPTO, BINANCE, BINANCEUSDM, BYBIT, COINBASE, KRAKEN, OKX } from './venues.ts';

let bench: VenueBench;
afterEach(() => bench.stop());

const ALL: readonly VenueUnderTest[] = [ALPACA_CRYPTO, BINANCE, BINANCEUSDM, BYBIT, COINBASE, KRAKEN, OKX];
const fine = (body: unknown): WireReply => ({ status: 200, body });
const EMPTY: readonly unknown[] = [{}, [], null, true, 0, 'ok', '', '<html>200</html>', [[]], { result: {} }, { data: [] }, { code: 0 }, { error: [] }];
const named = ALL.map((under) => [under.dialect.venue, under] as const);

const kinds = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind);

describe('EX-9 an answer that says nothing of the order', () => {
  it.each(named)('%s: is UNKNOWN, whatever its status', async (_venue, under) => {
    bench = await startBench(under);
    bench.venue.price(under.symbol, '100');
    await bench.exchange.openOrders();
    const found: [string, string][] = [];
    for (const [place, body] of EMPTY.entries()) {
      bench.venue.strike(['place'], { kind: 'REPLY', when: 'BEFORE', reply: fine(body) });
      found.push([JSON.stringify(body), (await bench.exchange.place(order(under.symbol, `none${place}`))).kind]);
    }
    expect(found).toEqual(EMPTY.map((body) => [JSON.stringify(body), 'UNKNOWN']));
  });
});

describe('EX-4 an answer to a batch', () => {
  const batched = [BINANCEUSDM, BYBIT, KRAKEN, OKX].map((under) => [under.dialect.venue, under] as const);
  const three = ({ symbol }: VenueUnderTest) => ['one', 'two', 'three'].map((id) => order(symbol, id));
  const placed = async (under: VenueUnderTest, reply: WireReply): Promise<readonly Outcome[]> => {
    bench = await startBench(under);
    bench.venue.price(under.symbol, '100');
    await bench.exchange.openOrders();
    bench.venue.strike(['place'], { kind: 'REPLY', when: 'BEFORE', reply });
    return bench.exchange.batches?.place(three(under)) ?? [];
  };

  it.each(batched)('%s: that says nothing of any is UNKNOWN for all', async (_venue, under) => {
    const empties: Readonly<Record<string, unknown>> = {
      binanceusdm: [{}, {}, {}],
      bybit: { retCode: 0, retMsg: 'OK', result: { list: [{}, {}, {}] }, retExtInfo: { list: [{ code: 0, msg: 'OK' }, { code: 0, msg: 'OK' }, { code: 0, msg: 'OK' }] } },
      kraken: { error: [], result: { orders: [{}, {}, {}] } },
      okx: { code: '0', msg: '', data: [{ sCode: '0' }, { sCode: '0' }, { sCode: '0' }] },
    };
    expect(kinds(await placed(under, fine(empties[under.dialect.venue])))).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  });

  it.each(batched)('%s: that says two things of one order is UNKNOWN for it', async (_venue, under) => {
    const id = under.dialect.ids.toVenue('one') ?? '';
    const doubles: Readonly<Record<string, unknown>> = {
      binanceusdm: [{ clientOrderId: id, code: -2019, msg: 'Margin is insufficient.' }, { clientOrderId: id, orderId: 5, status: 'NEW' }],
      bybit: { retCode: 0, retMsg: 'OK', result: { list: [{ orderId: '', orderLinkId: id }, { orderId: '5', orderLinkId: id }] }, retExtInfo: { list: [{ code: 110007, msg: 'ab not enough for new order' }, { code: 0, msg: 'OK' }] } },
      kraken: { error: [], result: { orders: [{ error: 'EOrder:Insufficient funds' }, { txid: 'X-1' }] } },
      okx: { code: '2', msg: '', data: [{ clOrdId: id, ordId: '', sCode: '51008', sMsg: 'Insufficient balance' }, { clOrdId: id, ordId: '5', sCode: '0', sMsg: '' }] },
    };
    expect(kinds(await placed(under, fine(doubles[under.dialect.venue])))).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  });
});

describe('EX-9 what takes too long to prepare', () => {
  it.each(named)('%s: is not sent, for its quiet time runs from its commit on', async (_venue, under) => {
    let now = Date.now();
    let step = 0;
    bench = await startBench(under, { exchange: { now: () => (now += step) } });
    bench.venue.price(under.symbol, '100');
    await bench.exchange.openOrders();
    step = 10_000;
    const calls = bench.venue.calls.length;
    const outcomes = [await bench.exchange.place(order(under.symbol, 'late')), ...(await bench.exchange.batches?.place([order(under.symbol, 'a'), order(under.symbol, 'b')]) ?? [])];
    expect(new Set(kinds(outcomes))).toEqual(new Set(['NOT_SENT']));
    expect(bench.venue.calls.slice(calls).filter((call) => call === 'place')).toEqual([]);
  });
});

describe('secrets', () => {
  const CANARY = 'CANARYsecretCANARY';
  it.each(named)('%s: keys that are no keys are in no outcome and no error', async (_venue, under) => {
    bench = await startBench(under, { exchange: { credentials: { apiKey: CANARY, secret: CANARY, password: CANARY } } });
    const said: string[] = [];
    const { exchange } = bench;
    for (const ask of [() => exchange.openOrders(), () => exchange.positions(), () => exchange.equity(), () => exchange.recentTrades(null)]) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      for (let next = error; next instanceof Error; next = next.cause) said.push(messageOf(next), next.stack ?? '');
    }
    const outcome = await exchange.place(order(under.symbol, 'canary'));
    said.push(JSON.stringify(outcome));
    expect(said.filter((text) => text.includes(CANARY))).toEqual([]);
  });
});
