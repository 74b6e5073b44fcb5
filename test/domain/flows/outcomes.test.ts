// What became of a call, and that nothing is ever sent twice for it.
import { describe, expect, it } from '@jest/globals';
import { placeActionId } from '../../../shared/domain/action.ts';
import type { Fate } from '../../support/memory-venue.ts';
import type { WorldOptions } from '../../support/world.ts';
import { World } from '../../support/world.ts';

const REF = { symbol: 'AAPL', slot: 'main' };

/** The placement is planned and rung for, and its call will befall this. */
const planned = async (options: WorldOptions = {}, ...fates: readonly Fate[]): Promise<World> => {
  const world = await World.open(options);
  await world.plan(1, [{ symbol: 'AAPL' }]);
  await world.see({ AAPL: '100.5' });
  world.venue.next('place', ...fates);
  return world;
};

const actionId = (world: World): string => placeActionId(world.order('AAPL').clientOrderId);

/** No price is seen from here on, so that nothing enters again. */
const silent = async (world: World, seconds: number): Promise<void> => {
  world.webhooksHeld = true;
  await world.drain();
  await world.pass(seconds);
};

describe('EX-9 a placement whose answer is lost', () => {
  it('after it took effect: looked up, found, and not sent again', async () => {
    const world = await planned({}, { kind: 'LOST_AFTER' });
    await silent(world, 5);
    expect([world.state('AAPL'), world.venue.departed.length, world.account.actions.size]).toEqual(['WORKING/FLAT', 1, 0]);
  });

  it('before it took effect: kept in doubt through the quiet time, then absent; the room returns, the id keeps a tombstone', async () => {
    const world = await planned({}, { kind: 'LOST_BEFORE' });
    const { clientOrderId } = world.order('AAPL');
    await silent(world, 20);
    expect([world.state('AAPL'), world.free()]).toEqual(['PLACING/FLAT', '19000']);
    await world.pass(10);
    expect([world.state('AAPL'), world.free(), world.account.orders.get(clientOrderId)?.place]).toEqual(['NONE/FLAT', '20000', 'TOMBSTONE']);
    expect(world.venue.departed).toHaveLength(1);
  });

  it('exactly at the end of the quiet time an absent order is believed absent, not a millisecond before', async () => {
    const world = await planned({}, { kind: 'LOST_BEFORE' });
    const sentAt = world.now;
    await world.step();
    world.now = sentAt + 20_999;
    expect(await world.lookUp(actionId(world), 'AAPL', 10)).toBe('NOT_YET');
    world.now = sentAt + 21_000;
    expect(await world.lookUp(actionId(world), 'AAPL', 10)).toBe('RESOLVED');
  });

  it('late, but within the quiet time: found and taken', async () => {
    const world = await planned({}, { kind: 'LATE', afterMs: 15_000 });
    await silent(world, 40);
    expect([world.state('AAPL'), world.venue.departed.length]).toEqual(['WORKING/FLAT', 1]);
  });

  it('later than believed: the order is cancelled as soon as it is seen, and counted', async () => {
    const world = await planned({}, { kind: 'LATE', afterMs: 40_000 });
    const { clientOrderId } = world.order('AAPL');
    await silent(world, 60);
    expect([world.state('AAPL'), world.venue.order(clientOrderId).status]).toEqual(['NONE/FLAT', 'OPEN']);
    await world.reconcile();
    await world.drain();
    expect(world.venue.order(clientOrderId).status).toBe('CANCELLED');
    expect(world.telemetry.messages('LATE_ARRIVAL')).toHaveLength(1);
    await world.reconcile();
    expect([world.account.actions.size, world.free()]).toEqual([0, '20000']);
  });

  it('later than believed, and filled: the fill is ours', async () => {
    const world = await planned({}, { kind: 'LATE', afterMs: 40_000 });
    const { clientOrderId } = world.order('AAPL');
    await silent(world, 60);
    world.venue.fill(clientOrderId, '10', '100');
    world.webhooksHeld = false;
    await world.drain();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '10', '19000']);
  });

  it('a cancel of a late arrival that is lost is sent again', async () => {
    const world = await planned({}, { kind: 'LATE', afterMs: 40_000 });
    const { clientOrderId } = world.order('AAPL');
    await silent(world, 60);
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    await world.reconcile();
    await world.pass(10);
    expect([world.venue.order(clientOrderId).status, world.venue.callsOf('cancel').length, world.account.actions.size]).toEqual(['CANCELLED', 2, 0]);
  });

  it('look-ups by message end, and reconcile carries on where they end', async () => {
    const world = await planned({ traits: { quietSeconds: 600 } }, { kind: 'LOST_BEFORE' });
    await silent(world, 120);
    expect([world.state('AAPL'), world.queues.waiting.length]).toEqual(['PLACING/FLAT', 0]);
    world.now += 600_000;
    await world.reconcile();
    // What is absent is believed when it was seen twice (SL-11).
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    world.now += 30_000;
    await world.reconcile();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('an unreadable look-up proves nothing', async () => {
    const world = await planned({}, { kind: 'LOST_BEFORE' });
    await world.step();
    world.now += 60_000;
    world.venue.failingReads = 1;
    await expect(world.lookUp(actionId(world), 'AAPL')).rejects.toThrow('no answer');
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
  });
});

describe('EX-9 a placement that was not sent', () => {
  it('is tried again, and succeeds', async () => {
    const world = await planned({}, { kind: 'NOT_SENT' }, { kind: 'NOT_SENT' });
    await world.drain();
    expect([world.state('AAPL'), world.venue.departed.length, world.venue.callsOf('place').length]).toEqual(['WORKING/FLAT', 1, 3]);
  });

  it('is given up after RETRY_ATTEMPTS, and its room returns', async () => {
    const world = await planned({}, { kind: 'NOT_SENT' }, { kind: 'NOT_SENT' }, { kind: 'NOT_SENT' });
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.venue.departed.length]).toEqual(['NONE/FLAT', '20000', 0]);
  });

  it('a cancel goes on for ever, yet not in a tight loop: reconcile rings for it', async () => {
    const world = await planned();
    await world.drain();
    const unreachable = Array.from({ length: 6 }, (): Fate => ({ kind: 'NOT_SENT' }));
    world.venue.next('cancel', ...unreachable);
    await world.plan(2, []);
    await world.drain();
    expect(world.venue.callsOf('cancel')).toHaveLength(3);
    for (let count = 0; count < 4; count += 1) {
      world.now += 30_000;
      await world.reconcile();
      await world.drain();
    }
    expect([world.state('AAPL'), world.venue.callsOf('cancel').length]).toEqual(['NONE/FLAT', 7]);
  });
});

describe('EX-9 a placement that was refused', () => {
  it('is never retried: another entry is another order, and after the first up to MAX_ORDER_RETRIES a day (SL-9)', async () => {
    const refused: Fate = { kind: 'REFUSED', code: 'FUNDS' };
    const world = await planned({}, refused, refused, refused, refused);
    for (let count = 0; count < 6; count += 1) await world.tick({ AAPL: '100.5' });
    expect([world.state('AAPL'), world.free(), world.venue.departed.length]).toEqual(['NONE/FLAT', '20000', 4]);
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref: REF, maySteal: true })).toBe('MAX_ORDER_RETRIES');
    expect(world.slot('AAPL').attempts).toEqual({ day: '2025-06-04', count: 0, refused: 4 });
    expect(new Set(world.venue.departed).size).toBe(4);
  });
});

describe('EX-9 the validity window of an entry', () => {
  it('past it the entry is void, its room returns, and nothing is sent', async () => {
    const world = await planned();
    world.now += 60_001;
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.venue.departed, world.account.actions.size]).toEqual(['NONE/FLAT', '20000', [], 0]);
  });

  it('at exactly its end it is still sent', async () => {
    const world = await planned();
    world.now += 60_000;
    await world.drain();
    expect(world.venue.departed).toHaveLength(1);
  });

  it('cancels and exits have none', async () => {
    const world = await planned();
    await world.drain();
    await world.plan(2, []);
    world.now += 3_600_000;
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });
});

describe('EX-9 a cancel whose answer is lost', () => {
  it.each([
    ['before it took effect: the next is planned', 'LOST_BEFORE', 2],
    ['after it took effect: no second is sent', 'LOST_AFTER', 1],
  ] as const)('%s', async (_, kind, calls) => {
    const world = await planned();
    await world.drain();
    world.webhooksHeld = true;
    world.venue.next('cancel', { kind });
    await world.plan(2, []);
    await world.pass(10);
    expect([world.state('AAPL'), world.free(), world.venue.callsOf('cancel').length, world.account.actions.size]).toEqual(['NONE/FLAT', '20000', calls, 0]);
  });

  it('refused, because the order has ended: the venue is asked how', async () => {
    const world = await planned();
    await world.drain();
    world.webhooksHeld = true;
    world.venue.fill(world.order('AAPL').clientOrderId, '10');
    await world.plan(2, []);
    await world.pass(5);
    expect([world.state('AAPL'), world.held('AAPL'), world.account.actions.size]).toEqual(['NONE/OPEN', '10', 0]);
  });
});

describe('EX-9 redelivery', () => {
  it('of a placement that is under way asks the venue and does not send', async () => {
    const world = await planned({}, { kind: 'LOST_AFTER' });
    world.webhooksHeld = true;
    const id = actionId(world);
    expect([await world.perform(id), await world.perform(id), await world.perform(id)]).toEqual(['SENT', 'LOOKED_UP_LATER', 'LOOKED_UP_LATER']);
    await world.pass(5);
    expect([await world.perform(id), world.venue.departed.length]).toEqual(['DONE_BEFORE', 1]);
  });

  it('two at once: one commits to the send, the other stands back', async () => {
    const world = await planned();
    const id = actionId(world);
    const results = await Promise.all([world.perform(id), world.perform(id)]);
    expect([results.toSorted(), world.venue.departed.length]).toEqual([['DONE_BEFORE', 'SENT'], 1]);
  });

  it('a ring that was lost is rung again by reconcile, although FIFO would drop a repeat', async () => {
    const world = await planned();
    world.queues.waiting.splice(0);
    await world.reconcile();
    await world.drain();
    // A young action is left to the ring that may still be on its way.
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    world.now += 10_000;
    await world.reconcile();
    await world.drain();
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('a crash between the commit to the send and the call: absent after the quiet time', async () => {
    const world = await planned();
    const action = world.account.actions.get(actionId(world));
    if (action === undefined) throw new Error('nothing planned');
    await world.deps.store.commit('paper-1', [{ kind: 'ACTION', before: action, after: { ...action, state: 'SENT', sentAt: world.now } }], 'dead');
    await silent(world, 30);
    expect([world.state('AAPL'), world.free(), world.venue.departed]).toEqual(['NONE/FLAT', '20000', []]);
  });
});

describe('EX-11 the id of an order', () => {
  it('grows with the fence of its slot, which is never reset', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', maxAttempts: 9 }]);
    for (let count = 1; count <= 4; count += 1) {
      await world.tick({ AAPL: '99.9' });
      await world.tick({ AAPL: '110.1' });
      expect(world.slot('AAPL').fence).toBe(3 * count);
    }
    // Each time an entry, its stop and the sale.
    expect(new Set(world.venue.departed).size).toBe(12);
  });

  it.each(['FILLED', 'OPEN'] as const)('an older order under the same id, %s, is not taken for ours, whoever asks', async (status) => {
    const world = await planned({}, { kind: 'LOST_BEFORE' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.orders.set(clientOrderId, {
      clientOrderId, exchangeOrderId: 'V0', symbol: 'AAPL', side: 'buy', reduceOnly: false,
      quantity: world.order('AAPL').quantity, limit: world.order('AAPL').limit, stopPrice: null, triggered: false, status, trades: [], at: world.now - 300_000,
    });
    await silent(world, 10);
    await world.reconcile();
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await world.pass(30);
    await world.reconcile();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/FLAT', '0', '20000']);
  });
});
