// A day of one grid, five levels each way: the price falls and rises, the levels fill and come again; then a stock comes
// near its execution, the grid is reset from nothing, and stands down. Every commit is audited by the world (WS-2, EW-7).
import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import { slotKey } from '../../../shared/domain/decision.ts';
import { d } from '../../support/builders.ts';
import { holding, planGrids, resting } from '../../support/plan-grids.ts';
import type { GridInput } from '../../support/plan-grids.ts';
import { World } from '../../support/world.ts';

const BTC = 'BTC/USD';
const five: GridInput = { up: 5, down: 5, spacing: '50', maxAttempts: 2, stop: { kind: 'RATIO', ratio: d('0.2') } };

const walk = async (world: World, from: number, to: number): Promise<void> => {
  const step = from < to ? 5 : -5;
  for (let price = from; price !== to + step; price += step) await world.tick({ [BTC]: String(price) });
};
const tripsOf = (world: World, slot: string): number =>
  [...world.account.fills.values()].filter(({ ref, purpose }) => ref.symbol === BTC && ref.slot === slot && purpose === 'EXIT').length;
const LEVELS = ['BUY_1', 'BUY_2', 'BUY_3', 'BUY_4', 'BUY_5', 'SELL_1', 'SELL_2', 'SELL_3', 'SELL_4', 'SELL_5'];

describe('EX-5 EW-6 WS-4 a grid of five levels each way over a falling and a rising price', () => {
  it('buys on the way down, sells at the centre, goes short on the way up, and each level comes again as often as it may', async () => {
    const world = await World.open({ equity: '100000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [five]);
    await world.tick({ [BTC]: '1000' });
    expect(Object.keys(resting(world))).toEqual(LEVELS);
    await walk(world, 1000, 970);
    expect(holding(world)).toEqual(LEVELS.slice(0, 5).map((slot) => `${slot} buy 1`));
    await walk(world, 970, 1000);
    await world.tick({ [BTC]: '1000' });
    expect(holding(world)).toEqual([]);
    await walk(world, 1000, 1030);
    expect(holding(world)).toEqual(LEVELS.slice(5).map((slot) => `${slot} sell 1`));
    for (const turn of [970, 1030, 970, 1030]) {
      await walk(world, turn === 970 ? 1030 : 970, turn);
    }
    await walk(world, 1030, 1000);
    await world.tick({ [BTC]: '1000' });
    expect([holding(world), LEVELS.map((slot) => tripsOf(world, slot))]).toEqual([[], Array(10).fill(2)]);
    // Both attempts of every level are spent, so that nothing rests and all of its room is free again.
    expect([resting(world), world.free()]).toEqual([{}, '200000']);
    expect(world.telemetry.messages('ANOMALY')).toEqual([]);
  });

  it('gives the room of its farthest level to a stock near its execution, is reset from nothing, and stands down', async () => {
    const world = await World.open({ equity: '5000', settings: { maxLeverage: d(2) } });
    world.venue.setPrice(BTC, d(1000));
    const stock = { symbol: 'AAPL', limit: '100', quantity: '7' };
    await planGrids(world, 1, [five], [stock]);
    await world.tick({ [BTC]: '1000' });
    // The ten of them take all of the room; 25 below is farther from 975 than 25 above is from 1025.
    expect([Object.keys(resting(world)), world.free()]).toEqual([LEVELS, '0']);
    await world.tick({ [BTC]: '1000', AAPL: '100.2' });
    await world.tick({ [BTC]: '1000', AAPL: '100.2' });
    expect(Object.keys(resting(world))).toEqual(LEVELS.filter((slot) => slot !== 'BUY_5'));
    expect(resting(world, 'AAPL')).toEqual({ main: '100' });
    world.venue.calls.length = 0;
    await planGrids(world, 2, [{ ...five, reset: 'hard', spacing: '60' }], [stock]);
    await world.drain();
    await world.tick({ [BTC]: '1000', AAPL: '100.2' });
    const kinds = world.venue.calls.map(({ kind }) => kind);
    expect([kinds.lastIndexOf('cancel') < kinds.indexOf('place'), kinds.filter((kind) => kind === 'cancel').length]).toEqual([true, 9]);
    expect(resting(world)).toMatchObject({ BUY_1: '994', SELL_1: '1006' });
    await planGrids(world, 3, [{ ...five, mode: 'pause' }], [stock]);
    await world.drain();
    await walk(world, 1000, 960);
    expect([resting(world), holding(world), resting(world, 'AAPL')]).toEqual([{}, [], { main: '100' }]);
  });
});

describe('EX-5 SL-12 a hard reset that comes between a look and its commit', () => {
  const ref = { symbol: BTC, slot: 'SELL_2' };

  /** A level that is free to enter, and another that rests. */
  const oneResting = async (): Promise<World> => {
    const world = await World.open({ equity: '100000' });
    world.venue.setPrice(BTC, d(1000));
    await planGrids(world, 1, [{ up: 1, down: 0, reset: 'hard' }]);
    await world.tick({ [BTC]: '1000' });
    await planGrids(world, 2, [{ up: 2, down: 0, reset: 'hard' }]);
    return world;
  };

  it('a level asks the whole book, whatever was read before', async () => {
    const world = await oneResting();
    expect(world.slot(BTC, 'SELL_1').entry.status).toBe('CANCELLING');
    expect(await world.outcome({ type: 'LEVEL_WANTED', ref })).toBe('GRID_RESETTING');
    await world.drain();
    expect(await world.outcome({ type: 'LEVEL_WANTED', ref })).toBe('COMMITTED');
  });

  it('an attempt to steal does, too', async () => {
    const world = await oneResting();
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref, maySteal: true })).toBe('GRID_RESETTING');
  });

  it('a claim that loses to it is decided again on the book of then, and waits', async () => {
    const world = await oneResting();
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    const { entry } = world.slot(BTC, 'SELL_1');
    if (entry.status !== 'WORKING') throw new Error(entry.status);
    world.venue.end(entry.order.clientOrderId, 'CANCELLED');
    await world.drain();
    const { store } = world.deps;
    let planned = false;
    const commit: typeof store.commit = async (account, changes, owner) => {
      const isClaim = changes.some((change) => change.kind === 'SLOT' && change.after.slot === 'SELL_1' && change.after.entry.status === 'PLACING');
      if (isClaim && !planned) {
        planned = true;
        await planGrids(world, 3, [{ up: 2, down: 0, reset: 'hard', spacing: '110' }]);
      }
      return store.commit(account, changes, owner);
    };
    Object.assign(world.deps, { store: { ...store, commit } });
    await world.quote({ [BTC]: '1000' });
    Object.assign(world.deps, { store });
    expect([planned, world.slot(BTC, 'SELL_1').entry.status, world.slot(BTC, 'SELL_2').entry.status]).toEqual([true, 'NONE', 'CANCELLING']);
    await world.drain();
    await world.tick({ [BTC]: '1000' });
    expect(resting(world)).toEqual({ SELL_1: '1011', SELL_2: '1022' });
  });

  it('without the book a slot alone would let it in', async () => {
    const world = await oneResting();
    const alone = await world.deps.store.load('paper-1', { kind: 'SLOT', ref });
    expect(alone.slots.get(slotKey(ref))?.watch?.level).toEqual({ grid: '', reset: 'hard' });
    expect(decide(alone, { type: 'LEVEL_WANTED', ref }, contextOf(world.deps)).kind).toBe('COMMIT');
  });
});
