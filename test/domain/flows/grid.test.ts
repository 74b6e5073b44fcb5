// A grid through the whole core: its levels rest, fill, take their profit and come again; its plans move them (EX-3, EX-5).
import { describe, expect, it } from '@jest/globals';
import { MOST_SLOTS_OF_SYMBOL } from '../../../shared/accept-grids.ts';
import { MOST_WRITES } from '../../../shared/adapters/dynamo/commit.ts';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import { explainedOf } from '../../../shared/domain/reconcile-positions.ts';
import { ACCOUNT, SATURDAY, d } from '../../support/builders.ts';
import { holding, planGrids, resting } from '../../support/plan-grids.ts';
import type { GridInput } from '../../support/plan-grids.ts';
import { World } from '../../support/world.ts';

const BTC = 'BTC/USD';
const opened = async (grid: GridInput = {}, options: Parameters<typeof World.open>[0] = {}): Promise<World> => {
  const world = await World.open({ equity: '100000', ...options });
  world.venue.setPrice(BTC, d(1000));
  await planGrids(world, 1, [grid]);
  await world.tick({ [BTC]: '1000' });
  await world.tick({ [BTC]: '1000' });
  return world;
};
const cancels = (world: World): number => world.venue.callsOf('cancel').length;
const amends = (world: World): number => world.venue.callsOf('amend').length;

describe('EX-5 a grid in a plan', () => {
  it('becomes one watch for each level, each in a slot of its own, and rests post-only', async () => {
    const world = await opened();
    expect(resting(world)).toEqual({ BUY_1: '990', BUY_2: '980', SELL_1: '1010', SELL_2: '1020' });
    expect(world.venue.live().map(({ timeInForce }) => timeInForce)).toEqual(Array(4).fill('POST_ONLY'));
  });

  it('answers for each level with what a round trip to the centre would leave', async () => {
    const world = await World.open({ equity: '100000' });
    const { grids } = await planGrids(world, 1, [{ up: 1, down: 2, sizes: ['1', '2'] }]);
    expect(grids).toEqual([
      {
        symbol: BTC,
        name: '',
        reason: null,
        fillModel: 'OFF',
        levels: [
          { level: 'SELL_1', slot: 'SELL_1', side: 'sell', price: '1010', quantity: '1', expectedProfitBps: '80', outcome: 'ACCEPTED', reason: null },
          { level: 'BUY_1', slot: 'BUY_1', side: 'buy', price: '990', quantity: '1', expectedProfitBps: '80', outcome: 'ACCEPTED', reason: null },
          { level: 'BUY_2', slot: 'BUY_2', side: 'buy', price: '980', quantity: '2', expectedProfitBps: '180', outcome: 'ACCEPTED', reason: null },
        ],
      },
    ]);
  });

  it('claims room for each level like any entry, and only for those within their tolerance (EW-1, WS-2)', async () => {
    const world = await opened({ tolerance: null });
    // 0.66 % while NYSE is open: a percent away is too far, whatever the grid.
    expect([resting(world), world.free()]).toEqual([{}, '200000']);
    await world.tick({ [BTC]: '996' });
    expect([resting(world), world.free()]).toEqual([{ BUY_1: '990' }, '199010']);
  });

  it('is not forced through its limits out of hours, as a watch of rank 1 is (EW-3)', async () => {
    const world = await World.open({ equity: '100000', at: SATURDAY });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ tolerance: '0.001' }], [{ symbol: BTC, limit: '900', quantity: '1', tolerance: '0.001' }]);
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ main: '900' });
  });

  it('has slots that bear its name, so that a symbol may have more than one', async () => {
    const world = await World.open({ equity: '100000' });
    await planGrids(world, 1, [{ name: 'wide', up: 1, down: 0 }, { up: 1, down: 0 }]);
    expect([...world.account.slots.values()].map(({ slot }) => slot).toSorted()).toEqual(['SELL_1', 'wide_SELL_1']);
  });

  it('takes its profit at the skewed centre, on the tick, and its levels enter again as often as they may (EW-6)', async () => {
    const world = await opened({ up: 0, down: 1, skew: '10', maxAttempts: 2 });
    expect(resting(world)).toEqual({ BUY_1: '990.99' });
    const trips: string[] = [];
    for (let trip = 0; trip < 3; trip += 1) {
      await world.tick({ [BTC]: '990.9' });
      trips.push(holding(world).join());
      await world.tick({ [BTC]: '1000.99' });
      trips.push(holding(world).join());
      await world.tick({ [BTC]: '1001' });
      await world.tick({ [BTC]: '1001' });
      trips.push(holding(world).join());
    }
    expect(trips).toEqual(['BUY_1 buy 1', 'BUY_1 buy 1', '', 'BUY_1 buy 1', 'BUY_1 buy 1', '', '', '', '']);
    expect(resting(world)).toEqual({});
  });

  it.each([
    [{ kind: 'RATIO', ratio: d('0.02') } as const, ['970.2', '1030.2']],
    [{ kind: 'PRICES', buys: d(900), sells: d(1100) } as const, ['900', '1100']],
  ])('protects each level by the stop of its grid', async (stop, prices) => {
    const world = await opened({ up: 1, down: 1, stop });
    const stops = ['BUY_1', 'SELL_1'].map((slot) => world.slot(BTC, slot).watch?.exit.stop);
    expect(stops).toEqual(prices.map((price) => ({ kind: 'limit', ownStop: d(price) })));
  });

  it('is refused with the field of what contradicts itself, before anything is written', async () => {
    const world = await World.open({ equity: '100000' });
    const cases: readonly (readonly [GridInput, string])[] = [
      [{ symbol: 'NOPE/USD' }, 'grids[0].symbol'],
      [{ takeProfit: '1010' }, 'grids[0].takeProfit'],
      [{ takeProfit: '990' }, 'grids[0].takeProfit'],
      [{ stop: { kind: 'PRICES', buys: d(985), sells: null } }, 'grids[0].stop'],
      [{ stop: { kind: 'PRICES', buys: null, sells: d(1015) } }, 'grids[0].stop'],
      [{ sizes: ['1', '0.1234567890123456789012345678901234567'] }, 'grids[0].sizes[1]'],
      [{ up: 31, down: 30 }, 'grids[0].levelsUp'],
      [{ up: 0, down: 61 }, 'grids[0].levelsDown'],
    ];
    for (const [input, field] of cases) await expect(planGrids(world, 1, [input])).rejects.toMatchObject({ field });
    expect(world.account.slots.size).toBe(0);
  });

  it('may have as many slots of a symbol as one commit holds, those of earlier plans among them (SL-11)', async () => {
    const world = await World.open({ equity: '100000' });
    const main = { symbol: BTC, limit: '500', takeProfit: null };
    await planGrids(world, 1, [{ name: 'a', up: 29, down: 30, spacing: '1' }], [main]);
    await planGrids(world, 2, [{ name: 'a', up: 29, down: 30, spacing: '1' }], [main]);
    await expect(planGrids(world, 3, [{ name: 'b', up: 1, down: 0 }])).rejects.toMatchObject({ field: 'grids[0].levelsUp' });
    await planGrids(world, 3, [{ name: 'a', up: 29, down: 30, mode: 'pause' }]);
  });
});

describe('EX-3 EX-5 reset soft: what has changed moves through the router', () => {
  it('leaves what is the same, amends within the threshold and cancels and places beyond it, level by level', async () => {
    const world = await opened();
    // Of the second levels 2 is 19.6 bps of 1020 and 20.4 of 980.
    await planGrids(world, 2, [{ spacing: '110' }]);
    await world.drain();
    expect([amends(world), cancels(world)]).toEqual([3, 1]);
    expect(resting(world)).toEqual({ BUY_1: '989', SELL_1: '1011', SELL_2: '1022' });
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ BUY_1: '989', BUY_2: '978', SELL_1: '1011', SELL_2: '1022' });
    await planGrids(world, 3, [{ spacing: '110' }]);
    await world.drain();
    expect([amends(world), cancels(world)]).toEqual([3, 1]);
  });

  it('at exactly the threshold it amends, and beyond it by a tick it does not', async () => {
    const exact = await opened({ up: 1, down: 0, centre: '990.1', spacing: '100' });
    expect(resting(exact)).toEqual({ SELL_1: '1000.01' });
    const world = await opened({ up: 1, down: 0, centre: '1000', spacing: '100' }, { settings: { amendThresholdBps: 100 } });
    await planGrids(world, 2, [{ up: 1, down: 0, centre: '1000', spacing: '201' }]);
    await world.drain();
    expect([amends(world), cancels(world), resting(world)]).toEqual([1, 0, { SELL_1: '1020.1' }]);
    await planGrids(world, 3, [{ up: 1, down: 0, centre: '1000', spacing: '303.02' }]);
    await world.drain();
    expect([amends(world), cancels(world), resting(world)]).toEqual([1, 1, {}]);
  });

  it('cancels and places where the venue cannot amend', async () => {
    const world = await opened({ up: 1, down: 0 }, { traits: { amends: false } });
    await planGrids(world, 2, [{ up: 1, down: 0, spacing: '110' }]);
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    expect([amends(world), cancels(world), resting(world)]).toEqual([0, 1, { SELL_1: '1011' }]);
  });

  it('does not move to a price that would cross the spread, and leaves the live order alone (WOULD_CROSS_SPREAD)', async () => {
    const world = await opened({ up: 0, down: 1 });
    await world.tick({ [BTC]: '990.5' });
    const { grids } = await planGrids(world, 2, [{ up: 0, down: 1, centre: '1001' }]);
    await world.drain();
    expect(grids[0]?.levels[0]).toMatchObject({ outcome: 'ACCEPTED', reason: 'WOULD_CROSS_SPREAD', price: '990.99' });
    expect([resting(world), amends(world), cancels(world)]).toEqual([{ BUY_1: '990' }, 0, 0]);
    await world.tick({ [BTC]: '995' });
    await planGrids(world, 3, [{ up: 0, down: 1, centre: '1001' }]);
    await world.drain();
    expect(resting(world)).toEqual({ BUY_1: '990.99' });
  });

  it('a plain level moves to such a price, since it may trade', async () => {
    const world = await opened({ up: 0, down: 1, plain: true });
    await world.tick({ [BTC]: '990.5' });
    await planGrids(world, 2, [{ up: 0, down: 1, plain: true, centre: '1001' }]);
    await world.drain();
    expect(holding(world)).toEqual(['BUY_1 buy 1']);
  });

  it('withdraws a level that a newer plan leaves out', async () => {
    const world = await opened();
    const { withdrawn } = await planGrids(world, 2, [{ up: 1 }]);
    await world.drain();
    expect([withdrawn, resting(world)]).toEqual([[BTC], { BUY_1: '990', BUY_2: '980', SELL_1: '1010' }]);
    expect(world.slot(BTC, 'SELL_2').watch).toBeNull();
  });

  it('asks for cancels, then for amends (order of work)', async () => {
    const world = await opened();
    const before = world.commits;
    expect(before).toBeGreaterThan(0);
    world.venue.calls.length = 0;
    await planGrids(world, 2, [{ up: 3, down: 1, spacing: '119' }]);
    await world.drain();
    const kinds = world.venue.calls.map(({ kind }) => kind);
    expect(kinds).toEqual(['cancel', 'amend', 'amend', 'cancel']);
  });
});

describe('EX-5 reset none: live orders stay as they are', () => {
  it('keeps the old terms while they live, places what is missing and takes the new ones afterwards', async () => {
    const world = await opened({ up: 1, down: 1, maxAttempts: 9 });
    await planGrids(world, 2, [{ up: 2, down: 1, spacing: '150', reset: 'none', maxAttempts: 9 }]);
    await world.tick({ [BTC]: '1000' });
    expect([resting(world), amends(world), cancels(world)]).toEqual([{ BUY_1: '990', SELL_1: '1010', SELL_2: '1030' }, 0, 0]);
    await world.tick({ [BTC]: '990' });
    expect(holding(world)).toEqual(['BUY_1 buy 1']);
    await world.tick({ [BTC]: '1000' });
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ BUY_1: '985', SELL_1: '1010', SELL_2: '1030' });
  });

  it('what a kept order buys ends where that order was to take its profit, not at a centre below it', async () => {
    const world = await opened({ up: 0, down: 1, maxAttempts: 1 });
    await planGrids(world, 2, [{ up: 0, down: 1, centre: '995', reset: 'none', maxAttempts: 1 }]);
    await world.tick({ [BTC]: '990' });
    await world.tick({ [BTC]: '999' });
    expect(holding(world)).toEqual(['BUY_1 buy 1']);
    await world.tick({ [BTC]: '1000' });
    expect([holding(world), world.telemetry.fields('POSITION_CLOSED', 'reason')]).toEqual([[], ['TAKE_PROFIT']]);
  });

  it('also keeps a placement that is on its way', async () => {
    const world = await World.open({ equity: '100000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 1, down: 0 }]);
    await world.see({ [BTC]: '1000' });
    await planGrids(world, 2, [{ up: 1, down: 0, spacing: '150', reset: 'none' }]);
    await world.drain();
    expect([resting(world), world.slot(BTC, 'SELL_1').watch?.limit.toFixed()]).toEqual([{ SELL_1: '1010' }, '1015']);
  });

  it('a level withdrawn while its placement was on its way, and wanted again, is kept', async () => {
    const world = await World.open({ equity: '100000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 1, down: 0 }]);
    await world.see({ [BTC]: '1000' });
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.drain();
    await planGrids(world, 2, []);
    await planGrids(world, 3, [{ up: 1, down: 0, reset: 'none' }]);
    world.webhooksHeld = false;
    await world.pass(5);
    expect([resting(world), cancels(world)]).toEqual([{ SELL_1: '1010' }, 0]);
  });
});

describe('EX-5 reset hard: all is cancelled, and then all is placed', () => {
  it('cancels also what has not changed', async () => {
    const world = await opened();
    await planGrids(world, 2, [{ reset: 'hard' }]);
    await world.drain();
    expect([cancels(world), resting(world)]).toEqual([4, {}]);
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toHaveLength(4);
  });

  it('no level is placed before every cancel of the reset has been confirmed', async () => {
    const world = await opened();
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    world.webhooksHeld = true;
    await planGrids(world, 2, [{ up: 3, down: 2, reset: 'hard' }]);
    await world.drain();
    const left = Object.keys(resting(world));
    expect(left).toHaveLength(1);
    // Before anybody has looked for the cancel that was lost.
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(left);
    world.webhooksHeld = false;
    await world.pass(60);
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ BUY_1: '990', BUY_2: '980', SELL_1: '1010', SELL_2: '1020', SELL_3: '1030' });
  });

  it('nor where the newest plan leaves out the level whose cancel is awaited', async () => {
    const world = await opened({ up: 2, down: 0 });
    world.webhooksHeld = true;
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    await planGrids(world, 2, [{ up: 1, down: 1, reset: 'hard' }]);
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(['SELL_1', 'SELL_2']);
    world.webhooksHeld = false;
    await world.pass(90);
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ BUY_1: '990', SELL_1: '1010' });
  });

  it('nor while the plan has not come to every level yet: it is sent again', async () => {
    const world = await opened({ up: 2, down: 0, plain: true });
    const watch = world.slot(BTC, 'SELL_1').watch;
    if (watch === null) throw new Error('no watch');
    // A plan that was applied by half: its first level moved, and then nothing.
    await world.apply({ type: 'WATCH_PLANNED', watch: { ...watch, planVersion: 2, level: { grid: '', reset: 'hard' } } });
    await world.drain();
    for (let look = 0; look < 2; look += 1) await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(['SELL_2']);
    await planGrids(world, 2, [{ up: 2, down: 0, plain: true, reset: 'hard' }]);
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(['SELL_1', 'SELL_2']);
  });

  it('another grid of the symbol, and a watch beside it, do not wait', async () => {
    const world = await World.open({ equity: '100000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 1, down: 0 }]);
    await world.tick({ [BTC]: '1000' });
    world.webhooksHeld = true;
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    await planGrids(world, 2, [{ up: 2, down: 0, reset: 'hard' }, { name: 'b', up: 1, down: 0, spacing: '50', reset: 'hard' }], [{ symbol: BTC, limit: '999', quantity: '1' }]);
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(['SELL_1', 'b_SELL_1', 'main']);
  });
});

describe('EX-5 a grid that stands down', () => {
  it.each([['pause', 'GRID_PAUSED'], ['emergency', 'GRID_EMERGENCY']] as const)('%s cancels every live entry, lets nothing enter, and keeps positions with their stops', async (mode, reason) => {
    const world = await opened();
    await world.tick({ [BTC]: '990' });
    expect(holding(world)).toEqual(['BUY_1 buy 1']);
    const { grids } = await planGrids(world, 2, [{ mode }]);
    await world.drain();
    expect(grids).toEqual([{ symbol: BTC, name: '', reason, fillModel: 'OFF', levels: [] }]);
    for (const price of ['1011', '979', '1021']) await world.tick({ [BTC]: price });
    expect(resting(world)).toEqual({});
  });

  it('keeps the stop of what it holds, and takes its profit', async () => {
    const world = await opened({ up: 0, down: 1 });
    await world.tick({ [BTC]: '990' });
    await planGrids(world, 2, [{ up: 0, down: 1, mode: 'emergency' }]);
    await world.drain();
    expect([holding(world), world.venue.live().map(({ stopPrice }) => stopPrice?.toFixed())]).toEqual([['BUY_1 buy 1'], ['940.5']]);
    await world.tick({ [BTC]: '1000' });
    await world.tick({ [BTC]: '1000' });
    expect(holding(world)).toEqual([]);
  });

  it('comes back with the next plan', async () => {
    const world = await opened();
    await planGrids(world, 2, [{ mode: 'pause' }]);
    await world.drain();
    await planGrids(world, 3, [{}]);
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toHaveLength(4);
  });

  it('goes before anything else of its plan moves', async () => {
    const world = await opened({}, {});
    await planGrids(world, 2, [{ mode: 'emergency' }, { name: 'b', spacing: '300' }]);
    const told = world.telemetry.notes.filter(({ name }) => name.startsWith('WATCH_')).map(({ name }) => name);
    expect(told.slice(-8)).toEqual([...Array(4).fill('WATCH_WITHDRAWN'), ...Array(4).fill('WATCH_PLANNED')]);
  });
});

describe('EX-5 WS-4 levels and stealing', () => {
  it('a stock near its execution takes the room of the farthest level, and that one only', async () => {
    const world = await World.open({ equity: '2000', settings: { maxLeverage: d(2) } });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 0, down: 4 }], [{ symbol: 'AAPL', limit: '100', quantity: '5' }]);
    await world.tick({ [BTC]: '1000' });
    await world.tick({ [BTC]: '1000' });
    expect([resting(world), world.free()]).toEqual([{ BUY_1: '990', BUY_2: '980', BUY_3: '970', BUY_4: '960' }, '100']);
    await world.tick({ AAPL: '100.1', [BTC]: '1000' });
    await world.tick({ AAPL: '100.1', [BTC]: '1000' });
    expect(resting(world)).toEqual({ BUY_1: '990', BUY_2: '980', BUY_3: '970' });
    expect(resting(world, 'AAPL')).toEqual({ main: '100' });
  });

  it('levels of one symbol do not rob each other (WS-3 SELF)', async () => {
    const world = await World.open({ equity: '1000', settings: { maxLeverage: d(1) } });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 0, down: 2 }]);
    await world.tick({ [BTC]: '985' });
    await world.tick({ [BTC]: '982' });
    expect(Object.keys(resting(world))).toHaveLength(1);
    expect(world.telemetry.messages('STEAL')).toEqual([]);
  });

  it('a level that waits for stolen room when its grid is reset from nothing is not placed by the steal', async () => {
    const world = await World.open({ equity: '2000', settings: { maxLeverage: d(1) } });
    world.venue.setPrice(BTC, d(1000));
    await world.plan(1, [{ symbol: 'ETH/USD', limit: '100', quantity: '15', tolerance: '0.5' }], 'beta');
    await world.tick({ 'ETH/USD': '120' });
    await planGrids(world, 1, [{ up: 0, down: 1 }]);
    world.webhooksHeld = true;
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    await world.tick({ [BTC]: '991', 'ETH/USD': '120' });
    expect(world.slot(BTC, 'BUY_1').entry.status).toBe('WAITING');
    await planGrids(world, 2, [{ up: 0, down: 1, reset: 'hard' }]);
    world.webhooksHeld = false;
    await world.pass(60);
    expect(world.telemetry.messages('STEAL_ENDED')).toEqual(['BTC/USD: steal ended without an order (CHANGED)']);
  });
});

describe('EX-5 EX-7 a grid of both sides at a venue that nets', () => {
  /** A long, and before its profit is taken, in one leap between two looks, a short; then no price is known for a while. */
  const bothHeld = async (size: string): Promise<World> => {
    const world = await opened({ up: 1, down: 1, sizes: [size], takeProfit: '1005' });
    await world.tick({ [BTC]: '990' });
    world.venue.setPrice(BTC, d(1010));
    await world.drain();
    expect(holding(world)).toEqual([`BUY_1 buy ${size}`, `SELL_1 sell ${size}`]);
    world.now += 200_000;
    return world;
  };

  const reconcileTimes = async (world: World, times: number): Promise<void> => {
    for (let look = 0; look < times; look += 1) {
      world.now += 30_000;
      await world.reconcile();
      await world.drain();
    }
  };

  it('holds a long and a short of one symbol, each with its own stop, none of them reduce-only', async () => {
    const world = await bothHeld('1');
    expect(world.venue.live().map(({ side, stopPrice, reduceOnly }) => [side, stopPrice?.toFixed(), reduceOnly])).toEqual([
      ['sell', '940.5', false],
      ['buy', '1060.5', false],
    ]);
    expect((await world.venue.positions()).filter(({ symbol }) => symbol === BTC).map(({ quantity }) => quantity.toFixed())).toEqual(['0']);
    await reconcileTimes(world, 4);
    expect(holding(world)).toEqual(['BUY_1 buy 1', 'SELL_1 sell 1']);
    expect(world.telemetry.messages('ANOMALY')).toEqual([]);
    await world.tick({ [BTC]: '1006' });
    await world.tick({ [BTC]: '1006' });
    expect(holding(world)).toEqual(['SELL_1 sell 1']);
    await world.tick({ [BTC]: '1004' });
    await world.tick({ [BTC]: '1004' });
    expect(holding(world)).toEqual([]);
  });

  it('what is missing of their sum is missed, and no more (SL-11)', async () => {
    const world = await bothHeld('2');
    world.unexplained.add(BTC);
    world.venue.trade({ symbol: BTC, side: 'buy', quantity: d(1), price: d(1010) });
    await reconcileTimes(world, 4);
    expect(holding(world)).toEqual(['BUY_1 buy 2', 'SELL_1 sell 2']);
    expect(world.telemetry.messages('ANOMALY')).toHaveLength(1);
  });

  it('a grid of one side keeps its stops reduce-only', async () => {
    const world = await opened({ up: 0, down: 1 });
    await world.tick({ [BTC]: '990' });
    expect(world.venue.live().map(({ reduceOnly }) => reduceOnly)).toEqual([true]);
  });
});

describe('SL-11 EX-7 a grid of as many slots as a symbol may have, whose position the venue lacks', () => {
  it('is lessened by no more than one transaction holds at a time, each level with its stop, its order and its loss', async () => {
    const world = await World.open({ equity: '1000000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 0, down: MOST_SLOTS_OF_SYMBOL, spacing: '5', sizes: ['2'] }]);
    await world.tick({ [BTC]: '1000' });
    for (const { clientOrderId, limit } of world.venue.live()) world.venue.fill(clientOrderId, '1', limit?.toFixed());
    await world.drain();
    expect(holding(world)).toHaveLength(MOST_SLOTS_OF_SYMBOL);
    const book = await world.deps.store.load(ACCOUNT, { kind: 'BOOK', stealsSince: null });
    const ours = explainedOf([...book.slots.values()], BTC);
    const seen = { type: 'POSITION_SEEN', symbol: BTC, assetClass: 'crypto', quantity: d(-5), averagePrice: d(1000), ours, lotSize: d('0.00000001') } as const;
    const decision = decide(book, seen, contextOf(world.deps));
    if (decision.kind === 'IGNORE') throw new Error(decision.reason);
    expect(decision.changes.length).toBeLessThanOrEqual(MOST_WRITES);
  });
});
