// SL-1 to SL-6 by the clocks of markets other than New York's, with settings of a strategy and of its watches, from the plan's door on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import { openWorld, urlOf } from '../../infra/local/replay/replay-world.ts';
import type { ReplayWorld } from '../../infra/local/replay/replay-world.ts';
import { createCounters } from '../../infra/local/replay/run-counters.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';

const LONG = 300_000;
const MINUTE = 60_000;
const INDIA = 'INFY';
const COIN = 'BTC/USD';
const BEGIN = Date.parse('2025-06-03T23:50:00Z');

/** Bars, trailing and the first minutes are the strategy's; each watch has more of its own, and India's another first time. */
const PLAN = {
  strategy: 'opening-range',
  version: 1,
  settings: { BAR_MINUTES: 5, TRAIL_TICKS: 10, IGNORE_INITIAL_MINUTES: 2 },
  watches: [
    {
      symbol: COIN, side: 'buy', kind: 'stop', trigger: '99', limit: '100', quantity: '10', takeProfitMultiple: null,
      settings: { INITIAL_STOP_TICKS: 50_000_000 },
    },
    {
      symbol: INDIA, assetClass: 'stock', hours: 'NSE', side: 'buy', kind: 'stop', trigger: '99', limit: '100', quantity: '10', takeProfitMultiple: null,
      settings: { INITIAL_STOP_TICKS: 50, IGNORE_INITIAL_MINUTES: 5, EXIT_BEFORE_CLOSE_MINUTES: 300 },
    },
  ],
};

describe('SL-1 to SL-6 MH-3 markets by their own clocks, through the whole stack', () => {
  const counters = createCounters(() => undefined);
  let world: ReplayWorld;

  beforeAll(async () => {
    world = await openWorld({
      assemblyDirectory: await ensureSynth(),
      account: 'main',
      folder: null,
      symbols: [INDIA, 'BTCUSD'],
      startCash: new Decimal(10_000),
      fillShareOfVolume: null,
      settings: {},
      injections: NO_INJECTIONS,
      counters,
      startAt: BEGIN,
      schedulesRanAt: BEGIN - 5 * MINUTE,
    });
    await world.auditor.rebuild();
    await world.cloud.runSchedulesOnce();
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(urlOf(world.cloud, 'plan-intake'), { method: 'POST', headers, body: JSON.stringify(PLAN) });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    await world.cloud.settle();
  }, LONG);
  afterAll(async () => {
    await world.close();
  });

  /** Every schedule runs that is due, then the price moves and is asked for. */
  const at = async (time: string, symbol: string, price: string): Promise<string> => {
    const { cloud, venue, store } = world;
    const moment = Date.parse(`2025-06-04T${time}Z`);
    await cloud.runDelayed(moment - MINUTE / 3);
    await cloud.runSchedulesOnce();
    await cloud.runDelayed(moment);
    venue.setPrices({ stepId: `${time} ${symbol}`, at: moment, prices: [{ symbol, price: new Decimal(price), sellable: true }] });
    await cloud.settle();
    await cloud.invoke('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
    await cloud.settle();
    const { slots } = await store.audit(cloud.account);
    const slot = slots.find((each) => each.symbol === symbol);
    return `${slot?.entry.status}/${slot?.position.status}`;
  };
  const fillsOf = (symbol: string): readonly string[] =>
    world.venue.snapshot().fills.flatMap((fill) => (fill.symbol === symbol ? [`${fill.side} ${toPlain(fill.quantity)} at ${toPlain(fill.price)}`] : []));
  const restingStops = (symbol: string): readonly string[] =>
    world.venue.snapshot().orders.flatMap((order) =>
      order.symbol === symbol && order.reduceOnly && order.status === 'OPEN' && order.stopPrice !== null ? [toPlain(order.stopPrice)] : []);

  it('24/7: triggers after the strategy\'s first minutes of the UTC day, enters, is protected by the watch\'s ticks, trails by the strategy\'s bars, is stopped', async () => {
    expect(await at('00:01', COIN, '99')).toBe('NONE/FLAT');
    expect(await at('00:03', COIN, '99')).toBe('WORKING/FLAT');
    expect(await at('00:04', COIN, '100')).toBe('NONE/OPEN');
    expect(restingStops(COIN)).toEqual(['99.5']);
    await at('00:05', COIN, '100.2');
    await at('00:07', COIN, '100.6');
    expect(restingStops(COIN)).toEqual(['99.5']);
    await at('00:10', COIN, '100.8');
    expect(restingStops(COIN)).toEqual(['100.1999999']);
    expect(await at('00:12', COIN, '100.1')).toBe('NONE/FLAT');
    expect(fillsOf(COIN)).toEqual(['buy 10 at 100', 'sell 10 at 100.1']);
    expect(counters.take().closed).toEqual({ STOP: 1 });
  }, LONG);

  it('NSE: triggers by Kolkata\'s open and the watch\'s own first minutes, trails, and leaves the watch\'s own time before 15:30', async () => {
    expect(await at('03:41', INDIA, '99')).toBe('NONE/FLAT');
    expect(await at('03:48', INDIA, '99')).toBe('NONE/FLAT');
    expect(await at('03:51', INDIA, '99')).toBe('WORKING/FLAT');
    expect(await at('03:52', INDIA, '100')).toBe('NONE/OPEN');
    expect(restingStops(INDIA)).toEqual(['99.5']);
    await at('03:55', INDIA, '100.2');
    await at('03:57', INDIA, '100.6');
    await at('04:00', INDIA, '100.8');
    expect(restingStops(INDIA)).toEqual(['100.1']);
    expect(await at('04:59', INDIA, '100.9')).toBe('NONE/OPEN');
    expect(await at('05:00', INDIA, '100.9')).toBe('NONE/FLAT');
    expect(fillsOf(INDIA)).toEqual(['buy 10 at 100', 'sell 10 at 100.9']);
    expect(restingStops(INDIA)).toEqual([]);
  }, LONG);

  it('raises no alarm, and leaves nothing under way', async () => {
    const { closed, notes } = counters.take();
    expect([closed, notes['RACE'], notes['ANOMALY']]).toEqual([{ AUTO_EXIT: 1 }, undefined, undefined]);
    expect(await world.store.openActions(world.cloud.account)).toEqual([]);
    expect(await world.cloud.deadLetters()).toEqual([]);
  });
});
