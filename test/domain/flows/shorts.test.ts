// A short's whole day in its own prices, and what a strategy's settings make of one; nothing here is mirrored (SL-1 to SL-8).
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { FIRST_MINUTE_OVER, MINUTE, OPENS } from '../../support/lifecycle-world.ts';
import { World } from '../../support/world.ts';

/** Short below 50 once it has been at 50.4: a sell-stop at 50. */
const SHORT = { symbol: 'TSLA', side: 'sell', trigger: '50.4', limit: '50', quantity: '20' } as const;

const live = (world: World): readonly string[] =>
  world.venue.live().map(({ side, quantity, stopPrice, reduceOnly }) => `${side} ${quantity.toFixed()} at ${stopPrice?.toFixed() ?? 'market'}${reduceOnly ? ', to reduce' : ''}`);

describe('SL-1 to SL-8 a short', () => {
  it('triggers above, enters below, is protected above, trailed down, and bought back', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    await world.plan(1, [{ ...SHORT, takeProfitMultiple: null }]);
    await world.tick({ TSLA: '50.39' });
    expect(live(world)).toEqual([]);
    await world.tick({ TSLA: '50.4' });
    expect([live(world), world.free()]).toEqual([['sell 20 at 50'], '19000']);
    await world.tick({ TSLA: '50.01' });
    expect(world.state('TSLA')).toBe('WORKING/FLAT');
    await world.tick({ TSLA: '49.99' });
    // A sell-stop never fills better than its price: 49.99, and twenty ticks above it the stop.
    expect([world.venue.held('TSLA').toFixed(), live(world)]).toEqual(['-20', ['buy 20 at 50.19, to reduce']]);
    for (const [at, price] of [[15, '49.8'], [20, '49.9'], [25, '49.5'], [30, '49.4']] as const) {
      world.now = OPENS + at * MINUTE - 1000;
      await world.tick({ TSLA: price });
    }
    expect(live(world)).toEqual(['buy 20 at 49.92, to reduce']);
    world.now = OPENS + 50 * MINUTE;
    await world.tick({ TSLA: '49.92' });
    expect([world.state('TSLA'), world.venue.held('TSLA').toFixed(), live(world), world.free()]).toEqual(['NONE/FLAT', '0', [], '20000']);
    expect(world.telemetry.messages('ANOMALY')).toEqual([]);
  });

  it('takes its profit below, three times its risk away', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    await world.plan(1, [SHORT]);
    await world.tick({ TSLA: '50.4' });
    await world.tick({ TSLA: '50' });
    await world.tick({ TSLA: '49.41' });
    expect(world.state('TSLA')).toBe('NONE/OPEN');
    await world.tick({ TSLA: '49.4' });
    expect([world.state('TSLA'), world.telemetry.fields('EXIT_PLANNED', 'reason')]).toEqual(['NONE/FLAT', ['TAKE_PROFIT']]);
  });

  it('whose stop fills while it is bought back at the close is flat, not long', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    await world.plan(1, [{ ...SHORT, takeProfitMultiple: null }]);
    await world.tick({ TSLA: '50.4' });
    await world.tick({ TSLA: '50' });
    world.now = Date.UTC(2025, 5, 4, 19, 15);
    await world.see({ TSLA: '49.9' });
    expect(world.state('TSLA')).toBe('NONE/LEAVING');
    world.venue.setPrice('TSLA', d('50.2'));
    await world.drain();
    await world.pass(30);
    expect([world.state('TSLA'), world.venue.held('TSLA').toFixed(), world.venue.departed.length]).toEqual(['NONE/FLAT', '0', 2]);
  });

  it('and a long of other slots keep to themselves', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    await world.plan(1, [{ ...SHORT, takeProfitMultiple: null }, { symbol: 'AAPL', trigger: '99', limit: '100', takeProfitMultiple: null }]);
    await world.tick({ TSLA: '50.4', AAPL: '99' });
    await world.tick({ TSLA: '50', AAPL: '100' });
    expect(live(world).toSorted()).toEqual(['buy 20 at 50.2, to reduce', 'sell 10 at 99.8, to reduce']);
    await world.tick({ TSLA: '50.2', AAPL: '100.1' });
    expect([world.state('TSLA'), world.state('AAPL'), live(world)]).toEqual(['NONE/FLAT', 'NONE/OPEN', ['sell 10 at 99.8, to reduce']]);
  });
});

describe('SL-4 SL-5 settings of a strategy', () => {
  it('hold for all its watches, those of a watch before them', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    const watches = [SHORT, { symbol: 'AAPL', trigger: '99', limit: '100', settings: { initialStopTicks: 50 } }];
    await world.plan(1, watches, 'alpha', { initialStopTicks: 30, trailTicks: 5, barMinutes: 5 });
    await world.tick({ TSLA: '50.4', AAPL: '99' });
    await world.tick({ TSLA: '50', AAPL: '100' });
    expect(live(world).toSorted()).toEqual(['buy 20 at 50.3, to reduce', 'sell 10 at 99.5, to reduce']);
    for (const [at, TSLA, AAPL] of [[5, '49.8', '100.6'], [9, '49.7', '100.7'], [10, '49.6', '100.9']] as const) {
      world.now = OPENS + at * MINUTE - 1000;
      await world.tick({ TSLA, AAPL });
    }
    expect(live(world).toSorted()).toEqual(['buy 20 at 49.85, to reduce', 'sell 10 at 100.55, to reduce']);
  });

  it('of a newer plan do not move the stop of what is held already', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER });
    await world.plan(1, [SHORT]);
    await world.tick({ TSLA: '50.4' });
    await world.tick({ TSLA: '50' });
    await world.plan(2, [SHORT], 'alpha', { initialStopTicks: 90 });
    await world.tick({ TSLA: '49.9' });
    expect(live(world)).toEqual(['buy 20 at 50.2, to reduce']);
  });
});

describe('SL-2 WS-6 a stop entry and a steal', () => {
  it('triggered without room it steals with a later price, and its stop order is planned in step 2', async () => {
    const world = await World.open({ at: FIRST_MINUTE_OVER, equity: '550' });
    await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '8', takeProfit: '120' }, { symbol: 'TSLA', side: 'sell', trigger: '50.4', limit: '50', quantity: '20' }]);
    await world.tick({ AAPL: '100.6' });
    await world.tick({ TSLA: '50.4', AAPL: '100.6' });
    expect([world.state('TSLA'), world.slot('TSLA').triggered]).toEqual(['NONE/FLAT', '2025-06-04']);
    await world.tick({ TSLA: '50.1', AAPL: '100.6' });
    expect([world.state('AAPL'), world.state('TSLA'), live(world)]).toEqual(['NONE/FLAT', 'WORKING/FLAT', ['sell 20 at 50']]);
  });
});
