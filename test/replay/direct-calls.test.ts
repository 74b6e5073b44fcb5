// KS-1 and SL-11 through the whole stack: what a person says by direct call to `session`, about what others did at the venue.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import { openWorld, urlOf } from '../../infra/local/replay/replay-world.ts';
import type { ReplayWorld } from '../../infra/local/replay/replay-world.ts';
import { createCounters } from '../../infra/local/replay/run-counters.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import type { Slot } from '../../shared/domain/slot.ts';

const LONG = 300_000;
const SECOND = 1000;
const BEGIN = Date.parse('2025-06-04T15:00:00Z');
const JSON_TYPE = { 'content-type': 'application/json' };
const PLAN = { strategy: 'dips', version: 1, watches: [{ symbol: 'MSFT', side: 'buy', limit: '99', quantity: '10', tolerance: '0.05' }] };

describe('SL-11 KS-1 a person at the whole stack', () => {
  let world: ReplayWorld;
  let now = BEGIN;

  const post = async (url: string, body: unknown): Promise<void> => {
    const response = await fetch(url, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  };
  /** Half a minute later: the venue is reconciled, then prices are asked for. */
  const later = async (): Promise<void> => {
    const { cloud, venue } = world;
    await cloud.settle();
    now += 30 * SECOND;
    await cloud.runDelayed(now);
    venue.setPrices({ stepId: `at ${now}`, at: now, prices: ['AAPL', 'MSFT'].map((symbol) => ({ symbol, price: new Decimal(100), sellable: true })) });
    await cloud.invoke('reconcile', { kind: 'RECONCILE', repeatSeconds: [] });
    await cloud.settle();
    await cloud.invoke('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
    await cloud.settle();
  };
  const say = async (what: unknown): Promise<void> => {
    await world.cloud.invoke('session', what);
    await world.cloud.settle();
  };
  const slotsOf = async (symbol: string): Promise<readonly Slot[]> =>
    (await world.store.audit(world.cloud.account)).slots.filter((slot) => slot.symbol === symbol);
  const stateOf = async (symbol: string): Promise<readonly string[]> => (await slotsOf(symbol)).map(({ entry, position }) => `${entry.status}/${position.status}`);
  const live = (symbol: string): readonly string[] =>
    world.venue.snapshot().orders.flatMap((order) =>
      order.symbol === symbol && order.status === 'OPEN' ? [`${order.side} ${toPlain(order.quantity)} at ${toPlain(order.stopPrice ?? order.limit ?? new Decimal(0))}`] : []);

  beforeAll(async () => {
    world = await openWorld({
      assemblyDirectory: await ensureSynth(),
      account: 'main',
      folder: null,
      symbols: ['AAPL', 'MSFT'],
      startCash: new Decimal(10_000),
      fillShareOfVolume: null,
      settings: {},
      injections: NO_INJECTIONS,
      counters: createCounters(() => undefined),
      startAt: BEGIN,
      schedulesRanAt: BEGIN - 300 * SECOND,
    });
    await world.auditor.rebuild();
    await world.cloud.runSchedulesOnce();
    await post(urlOf(world.cloud, 'plan-intake'), PLAN);
    await later();
  }, LONG);
  afterAll(async () => {
    await world.close();
  });

  it('who buys by hand finds it foreign: counted, halted, no order sent; adopted it is ours, with a stop at the venue', async () => {
    await post(`${world.venue.url}/orders`, {
      clientOrderId: 'by-hand', symbol: 'AAPL', side: 'buy', quantity: '3', limit: null, stopPrice: null, timeInForce: 'GTC', reduceOnly: false,
    });
    await later();
    await later();
    expect([await stateOf('AAPL'), live('AAPL')]).toEqual([['NONE/FOREIGN'], []]);
    await later();
    expect([await stateOf('AAPL'), live('AAPL')]).toEqual([['NONE/FOREIGN'], []]);
    await say({ kind: 'ADOPT', symbol: 'AAPL' });
    expect([await stateOf('AAPL'), live('AAPL')]).toEqual([['NONE/OPEN'], ['sell 3 at 95']]);
  }, LONG);

  it('who halts the account has entries cancelled and stops left; who lifts it sees them enter again', async () => {
    expect([await stateOf('MSFT'), live('MSFT')]).toEqual([['WORKING/FLAT'], ['buy 10 at 99']]);
    await say({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' });
    await later();
    expect([await stateOf('MSFT'), live('MSFT'), live('AAPL')]).toEqual([['NONE/FLAT'], [], ['sell 3 at 95']]);
    await later();
    expect(live('MSFT')).toEqual([]);
    await say({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'ACTIVE' });
    await later();
    expect([await stateOf('MSFT'), live('MSFT')]).toEqual([['WORKING/FLAT'], ['buy 10 at 99']]);
    expect(await world.cloud.deadLetters()).toEqual([]);
  }, LONG);

  it('who pauses the account keeps it from entering and cancels nothing; the day’s report says so, once written', async () => {
    await say({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'PAUSED' });
    await later();
    expect([live('MSFT'), live('AAPL')]).toEqual([['buy 10 at 99'], ['sell 3 at 95']]);
    for (let count = 0; count < 2; count += 1) await say({ kind: 'DAILY_REPORT', schedule: 'daily-report' });
    const response = await fetch(urlOf(world.cloud, 'operator'), { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ kind: 'REPORT', date: '2025-06-03' }) });
    expect(await response.json()).toMatchObject({ kind: 'REPORT', date: '2025-06-03', steals: 0, text: expect.stringContaining('Kill switch: REDUCING, AAPL HALTED (paused, until the next reset)') });
    await say({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'ACTIVE' });
  }, LONG);
});
