// What reconcile has to have heard itself before it believes that an order is nowhere.
import { describe, expect, it } from '@jest/globals';
import { VenueHeldError, VenueReadError } from '../../shared/errors.ts';
import { World } from '../support/world.ts';

describe('SL-11 an absence is believed once it was heard twice', () => {
  it.each([
    ['failed', () => new VenueReadError('503')],
    ['was not made, the venue being left alone', () => new VenueHeldError('RATE_LIMITED', 600_000)],
  ] as const)('a look-up that %s has heard nothing', async (_words, failure) => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '10' }]);
    await world.see({ AAPL: '100.5' });
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    while (await world.step(({ message }) => message.kind === 'ACTION'));
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    for (const queued of world.queues.waiting) world.queues.done(queued);
    const find = world.venue.findOrder.bind(world.venue);
    let says: 'NOTHING' | 'NONE' | 'TRUTH' = 'NOTHING';
    Object.assign(world.venue, { findOrder: async (order: Parameters<typeof find>[0]) => {
      if (says === 'NOTHING') throw failure();
      return says === 'NONE' ? null : find(order);
    }, openOrders: async () => {
      throw failure();
    } });
    world.now += 60_000;
    await world.reconcile();
    says = 'NONE';
    world.now += 60_000;
    await world.reconcile();
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    says = 'TRUTH';
    world.now += 60_000;
    await world.reconcile();
    await world.drain();
    expect([world.state('AAPL'), world.venue.departed.length]).toEqual(['WORKING/FLAT', 1]);
  });
});
