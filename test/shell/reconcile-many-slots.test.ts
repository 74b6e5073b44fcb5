// What the venue's positions mean for a symbol with many slots, and for slots that have had orders of their own (SL-11).
import { describe, expect, it } from '@jest/globals';
import { MOST_WRITES } from '../../shared/adapters/dynamo/commit.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const SLOTS = 60;

const reconcileTimes = async (world: World, times: number): Promise<void> => {
  for (let count = 0; count < times; count += 1) {
    world.now += 30_000;
    await world.reconcile();
    await world.drain();
  }
};

const states = (world: World): readonly string[] => [...world.account.slots.values()].map(({ slot, position }) => `${slot} ${position.status}`);

describe('SL-11 a position of many slots that has gone', () => {
  it('goes slot by slot in commits that the table takes, until nothing of it is left', async () => {
    const sizes: number[] = [];
    const world = await World.open({ equity: '1000000', store: { onTry: (changes) => void sizes.push(changes.length) } });
    await world.plan(1, Array.from({ length: SLOTS }, (_, place) => ({ symbol: 'AAPL', slot: `l${place}`, limit: '100', quantity: '1', takeProfit: null })));
    for (let count = 0; count < 6; count += 1) await world.tick({ AAPL: '100' });
    expect(states(world).filter((state) => state.endsWith(' OPEN'))).toHaveLength(SLOTS);
    world.unexplained.add('AAPL');
    world.venue.trade({ symbol: 'AAPL', side: 'sell', quantity: d(SLOTS), price: d(100) });
    await reconcileTimes(world, 12);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_WRITES);
    expect(states(world).filter((state) => !state.endsWith(' FLAT'))).toEqual([]);
  });
});

describe('SL-10 SL-11 a slot named as the one that keeps what is foreign', () => {
  it('keeps none once it has had an order: a late fill of that is a position of its own, with its stop', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', slot: 'foreign', limit: '100', quantity: '5' }]);
    await world.tick({ AAPL: '100.1' });
    const [id = ''] = world.account.orders.keys();
    await world.plan(2, []);
    await world.drain();
    world.unexplained.add('AAPL');
    world.venue.trade({ symbol: 'AAPL', side: 'buy', quantity: d(7), price: d(100) });
    await reconcileTimes(world, 3);
    expect(states(world)).toEqual(['foreign FLAT', 'foreign-2 FOREIGN']);
    world.venue.fill(id, '2', '100');
    await world.drain();
    expect(states(world)).toEqual(['foreign OPEN', 'foreign-2 FOREIGN']);
    expect(world.venue.live().map(({ reduceOnly, quantity }) => [reduceOnly, quantity.toFixed()])).toEqual([[true, '2']]);
  });
});
