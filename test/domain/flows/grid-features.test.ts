// What leaves a level of a grid out (FP-1): the chance of its fill, from what the plan says or from the prices seen.
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { planGrids, resting } from '../../support/plan-grids.ts';
import type { GridInput } from '../../support/plan-grids.ts';
import { World } from '../../support/world.ts';

const BTC = 'BTC/USD';
const atLeast = (chance: string) => ({ equity: '100000', settings: { minFillProbability: d(chance) } });
// 50 bps in five minutes are 22.4 in one: levels 10 bps apart are 0.45, 0.89, 1.34 and 1.79 moves away.
const features = { mid: d(1000), natr: d('0.005'), orderFlowZ: null, horizonSeconds: 60 };
const four: GridInput = { up: 4, down: 4, spacing: '10', fee: '0' };

const chosen = async (world: World, grid: GridInput): Promise<readonly [string, ...string[]]> => {
  const { grids } = await planGrids(world, 1, [grid]);
  const [answer] = grids;
  const levels = (answer?.levels ?? []).filter(({ outcome }) => outcome !== 'LEFT_OUT').map(({ level }) => level);
  return [answer?.fillModel ?? '', ...levels];
};

describe('FP-1 EX-5 MIN_FILL_PROBABILITY', () => {
  it.each([
    ['0', ['OFF', 'SELL_1', 'SELL_2', 'SELL_3', 'SELL_4', 'BUY_1', 'BUY_2', 'BUY_3', 'BUY_4']],
    ['0.3', ['PLAN', 'SELL_1', 'SELL_2', 'SELL_3', 'BUY_1', 'BUY_2', 'BUY_3']],
    ['0.31', ['PLAN', 'SELL_1', 'SELL_2', 'BUY_1', 'BUY_2']],
    ['0.7', ['PLAN', 'SELL_1', 'BUY_1']],
  ])('of %s leaves out the levels that are less likely to fill', async (chance, levels) => {
    const world = await World.open(atLeast(chance));
    expect(await chosen(world, { ...four, features })).toEqual(levels);
  });

  it('says of a level that it is left out and why, and keeps the numbers of the others', async () => {
    const world = await World.open(atLeast('0.5'));
    const { grids } = await planGrids(world, 1, [{ ...four, features, up: 0, down: 3 }]);
    expect(grids[0]?.levels.map(({ level, outcome, reason }) => [level, outcome, reason])).toEqual([
      ['BUY_1', 'ACCEPTED', null],
      ['BUY_2', 'ACCEPTED', null],
      ['BUY_3', 'LEFT_OUT', 'FILL_UNLIKELY'],
    ]);
    expect(world.account.slots.size).toBe(2);
  });

  it('counts the order flow that the plan gives: where sellers press, buys fill the sooner', async () => {
    const world = await World.open(atLeast('0.6'));
    const found = await chosen(world, { ...four, features: { ...features, orderFlowZ: d(-2) } });
    expect(found).toEqual(['PLAN', 'BUY_1', 'BUY_2']);
  });

  it('takes a first grid of a symbol without features as it is, and says so', async () => {
    const world = await World.open(atLeast('0.7'));
    expect((await chosen(world, four))[0]).toBe('NO_HISTORY');
    expect(world.account.slots.size).toBe(8);
  });

  it('a level that has become unlikely is withdrawn by the next plan', async () => {
    const world = await World.open(atLeast('0.5'));
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ ...four, features, down: 0 }]);
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(['SELL_1', 'SELL_2']);
    await planGrids(world, 2, [{ ...four, features: { ...features, natr: d('0.003') }, down: 0 }]);
    await world.drain();
    expect(Object.keys(resting(world))).toEqual(['SELL_1']);
  });

  /** So many bars of five minutes, each a hundred basis points from its low to its high, the last price a buyer's or not. */
  const watchBars = async (world: World, bars: number, last: string): Promise<void> => {
    for (let bar = 0; bar < bars; bar += 1) {
      for (const price of ['1000', '1010', '1000', '1000']) {
        world.now += 74_000;
        await world.quote({ [BTC]: price });
      }
    }
    await world.quote({ [BTC]: last });
  };
  const wide: GridInput = { up: 3, down: 3, spacing: '30', fee: '0', tolerance: '0' };

  it('goes by the range and the flow of the prices seen, once there are fourteen bars of them', async () => {
    const world = await World.open(atLeast('0.5'));
    await planGrids(world, 1, [wide]);
    await watchBars(world, 13, '1000');
    expect((await planGrids(world, 2, [wide])).grids[0]?.fillModel).toBe('NO_HISTORY');
    await watchBars(world, 2, '1000');
    const { grids } = await planGrids(world, 3, [wide]);
    // 100 bps in five minutes are 44.7 in one: half of it before the first level, all of it before the second. Three
    // prices of four go down or stand after one that did, so that sellers press: the sale is left out, too.
    expect(grids[0]?.levels.map(({ level, outcome }) => [level, outcome])).toEqual([
      ['BUY_1', 'ACCEPTED'],
      ['SELL_1', 'LEFT_OUT'],
      ['SELL_2', 'LEFT_OUT'],
      ['SELL_3', 'LEFT_OUT'],
      ['BUY_2', 'LEFT_OUT'],
      ['BUY_3', 'LEFT_OUT'],
    ]);
    expect(grids[0]?.fillModel).toBe('SEEN');
  });

  it('takes the flow seen where the plan gives the range alone', async () => {
    const world = await World.open(atLeast('0.6'));
    await planGrids(world, 1, [wide]);
    for (let count = 0; count < 400; count += 1) {
      world.now += 12_000;
      await world.quote({ [BTC]: String(1000 - count / 100) });
    }
    const { grids } = await planGrids(world, 2, [{ ...wide, spacing: '10', features }]);
    expect(grids[0]?.levels.filter(({ outcome }) => outcome !== 'LEFT_OUT').map(({ level }) => level)).toEqual(['BUY_1', 'BUY_2']);
  });

  it('does not go by a price that is stale', async () => {
    const world = await World.open(atLeast('0.5'));
    await planGrids(world, 1, [wide]);
    await watchBars(world, 15, '1000');
    world.now += 121_000;
    expect((await planGrids(world, 2, [wide])).grids[0]?.fillModel).toBe('NO_HISTORY');
  });
});
