// Long and short in one symbol, in slots of their own: a venue knows the sum alone, and every slot's book stays exact (EX-5).
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import { holding, planGrids } from '../../support/plan-grids.ts';
import type { GridInput } from '../../support/plan-grids.ts';
import { World } from '../../support/world.ts';

const BTC = 'BTC/USD';
const NO_PROFIT = { maxAttempts: 1 } as const;
const down: GridInput = { name: 'dn', up: 0, down: 2, takeProfit: '1100', ...NO_PROFIT };
const up: GridInput = { name: 'up', up: 2, down: 0, takeProfit: '900', ...NO_PROFIT };
const long: WatchInput = { symbol: BTC, slot: 'long', limit: '990', quantity: '2', takeProfit: '1100', tolerance: '0.05', maxAttempts: 1 };
const short: WatchInput = { ...long, slot: 'short', side: 'sell', limit: '1010', takeProfit: '900', quantity: '1' };

const opened = async (): Promise<World> => {
  const world = await World.open({ equity: '100000' });
  world.venue.setPrice(BTC, d(1000));
  return world;
};
const walk = async (world: World, ...prices: readonly number[]): Promise<void> => {
  for (const price of prices) await world.tick({ [BTC]: String(price) });
};
/** Slots whose stop rests at the venue as large as what they hold. */
const covered = (world: World): readonly string[] =>
  [...world.account.slots.values()]
    .flatMap(({ slot, position }) => ('stop' in position && position.stop.status === 'PLACED' && world.venue.order(position.stop.order.clientOrderId).status === 'OPEN' ? [slot] : []))
    .toSorted();

describe('EX-5 SL-4 a symbol that is held long and short at once', () => {
  it('by two grids of one plan, one each way, is protected on both sides and left by both', async () => {
    const world = await opened();
    await planGrids(world, 1, [down, up]);
    await walk(world, 1000, 980, 1020, 1000);
    expect(holding(world)).toEqual(['dn_BUY_1 buy 1', 'dn_BUY_2 buy 1', 'up_SELL_1 sell 1', 'up_SELL_2 sell 1']);
    expect([covered(world), world.telemetry.messages('STOP_REFUSED')]).toEqual([['dn_BUY_1', 'dn_BUY_2', 'up_SELL_1', 'up_SELL_2'], []]);
    await walk(world, 930, 930, 1080, 1080);
    expect([holding(world), world.venue.held(BTC).toFixed(), world.telemetry.messages('ANOMALY')]).toEqual([[], '0', []]);
  });

  it('by two watches of one plan is so, too', async () => {
    const world = await opened();
    await world.plan(1, [long, short]);
    await walk(world, 1000, 990, 1010, 1000);
    expect([holding(world), covered(world)]).toEqual([['long buy 2', 'short sell 1'], ['long', 'short']]);
  });

  it('by a strategy beside another is protected on its own side', async () => {
    const world = await opened();
    await world.plan(1, [long]);
    await walk(world, 1000, 990);
    await world.plan(1, [{ ...short, quantity: '3' }], 'beta');
    await walk(world, 1000, 1010, 1000);
    expect([holding(world), covered(world)]).toEqual([['long buy 2', 'short sell 3'], ['long', 'short']]);
  });

  it('since a later plan sells, closes what an earlier one bought without reduce-only', async () => {
    const world = await opened();
    await world.plan(1, [long]);
    await walk(world, 1000, 990);
    expect(world.venue.live().map(({ reduceOnly }) => reduceOnly)).toEqual([true]);
    await world.plan(2, [long, { ...short, quantity: '3', stop: '1200' }]);
    await walk(world, 1000, 1010);
    expect([holding(world), world.venue.held(BTC).toFixed()]).toEqual([['long buy 2', 'short sell 3'], '-1']);
    await walk(world, 1100, 1100);
    expect([holding(world), world.venue.held(BTC).toFixed(), covered(world)]).toEqual([['short sell 3'], '-3', ['short']]);
  });

  it('closes without reduce-only also what a plan has left out before', async () => {
    const world = await opened();
    await world.plan(1, [long]);
    await walk(world, 1000, 990);
    await world.plan(2, []);
    await world.plan(3, [{ ...short, quantity: '3', stop: '1200' }]);
    await walk(world, 1000, 1010, 1100, 1100);
    expect([holding(world), world.venue.held(BTC).toFixed()]).toEqual([['short sell 3'], '-3']);
  });

  it('SL-11 is found so by reconcile where a fill was told after its plan had gone', async () => {
    const world = await opened();
    await world.plan(1, [long]);
    await walk(world, 1000);
    const { clientOrderId } = world.venue.live()[0] ?? { clientOrderId: '' };
    await world.plan(2, []);
    world.webhooksHeld = true;
    world.venue.next('cancel', { kind: 'REFUSED', code: 'TOO_LATE' });
    world.venue.fill(clientOrderId, '2', '990');
    await world.plan(3, [short]);
    world.webhooksHeld = false;
    await world.drain();
    await walk(world, 1000, 1010);
    await world.reconcile();
    const rules = [...world.account.slots.values()].flatMap(({ position }) => ('rules' in position ? [position.rules.netted] : []));
    expect([holding(world), rules]).toEqual([['long buy 2', 'short sell 1'], [true, true]]);
  });
});

describe('EX-5 SL-6 a symbol that is held on one side', () => {
  it.each([
    ['a plan of one side', [long]],
    ['two slots of one side', [long, { ...long, slot: 'other' }]],
    ['a slot that changes its side', [{ ...long, side: 'sell', limit: '1010', takeProfit: '900' }]],
  ] as const)('is closed by orders that are reduce-only: %s', async (_, watches) => {
    const world = await opened();
    await world.plan(1, [long]);
    await walk(world, 1000);
    await world.plan(2, watches);
    await world.drain();
    await walk(world, 1000, 990, 1010, 1010);
    const stops = world.venue.live().filter(({ stopPrice }) => stopPrice !== null);
    expect(stops.length).toBeGreaterThan(0);
    expect(stops.every(({ reduceOnly }) => reduceOnly)).toBe(true);
  });
});
