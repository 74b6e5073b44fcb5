import { describe, expect, it } from '@jest/globals';
import { reconcile } from '../../shared/reconcile.ts';
import { VenueReadError } from '../../shared/errors.ts';
import { d } from '../support/builders.ts';
import { MemoryVenue } from '../support/memory-venue.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'schedule', requestId: 'r', correlationId: 'c' } as const;

type Read = 'equity' | 'markets' | 'openOrders' | 'conditionalOrders' | 'recentTrades' | 'positions';
const READS: readonly Read[] = ['equity', 'markets', 'openOrders', 'conditionalOrders', 'recentTrades', 'positions'];

/** A world that notes what its venue is asked for, each call taking so many milliseconds. */
const watched = async (milliseconds: Partial<Record<Read, number>> = {}): Promise<{ readonly world: World; readonly asked: Read[] }> => {
  const world = await World.open();
  const asked: Read[] = [];
  for (const read of READS) {
    const { venue } = world;
    const calls = {
      equity: () => MemoryVenue.prototype.equity.call(venue),
      markets: () => MemoryVenue.prototype.markets.call(venue),
      openOrders: () => MemoryVenue.prototype.openOrders.call(venue),
      conditionalOrders: () => MemoryVenue.prototype.conditionalOrders.call(venue),
      recentTrades: () => MemoryVenue.prototype.recentTrades.call(venue, null),
      positions: () => MemoryVenue.prototype.positions.call(venue),
    } satisfies Record<Read, () => Promise<unknown>>;
    const slow = async (): Promise<unknown> => {
      asked.push(read);
      world.now += milliseconds[read] ?? 0;
      return calls[read]();
    };
    Object.assign(world.venue, { [read]: slow });
  }
  return { world, asked };
};

const runFor = async (world: World, seconds: number): Promise<void> => {
  world.now += 30_000;
  await reconcile(world.deps, TRACE, { deadline: world.now + seconds * 1000 });
};

describe('SL-11 a run that its time ends', () => {
  it('is carried on where it stopped, and wraps around to what the last one had done', async () => {
    const { world, asked } = await watched({ openOrders: 20_000 });
    await runFor(world, 20);
    expect([asked.splice(0), world.account.reconcile.resumeAt]).toEqual([['equity', 'markets', 'openOrders'], 'ORDERS']);
    await runFor(world, 60);
    expect(asked).toEqual(['openOrders', 'conditionalOrders', 'recentTrades', 'positions', 'equity']);
    expect(world.account.reconcile.resumeAt).toBeNull();
  });

  it('lets a step that a whole run was not enough for give way to those behind it', async () => {
    const { world, asked } = await watched({ openOrders: 20_000 });
    await runFor(world, 20);
    await runFor(world, 20);
    expect(world.account.reconcile.resumeAt).toBe('TRADES');
    asked.splice(0);
    await runFor(world, 20);
    expect(asked).toEqual(['recentTrades', 'equity', 'openOrders']);
  });

  it('compares positions only behind the orders and trades of the same run', async () => {
    const { world, asked } = await watched({ recentTrades: 20_000 });
    await runFor(world, 20);
    expect(world.account.reconcile.resumeAt).toBe('ORDERS');
    asked.splice(0);
    await runFor(world, 60);
    expect([asked, world.account.reconcile.at]).toEqual([['openOrders', 'conditionalOrders', 'recentTrades', 'positions', 'equity'], world.now - 20_000]);
  });

  it('is whole only where all of it was read in one', async () => {
    const { world } = await watched({ recentTrades: 20_000 });
    await runFor(world, 20);
    await runFor(world, 20);
    expect([world.account.reconcile.resumeAt, world.account.reconcile.at]).toEqual(['CLAIMS', null]);
  });

  it('begins with its first step again after a whole run', async () => {
    const { world, asked } = await watched();
    await runFor(world, 60);
    asked.splice(0);
    await runFor(world, 60);
    expect(asked[0]).toBe('equity');
  });

  it('does nothing at all once the deadline has come, and says where the next begins', async () => {
    const { world, asked } = await watched();
    await runFor(world, 0);
    expect([asked, world.account.reconcile.resumeAt]).toEqual([[], 'SWEEP']);
  });

  it('keeps what it saw of an absent order for the next (SL-11)', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId: id } = world.order('AAPL');
    world.venue.orders.delete(id);
    await runFor(world, 60);
    const sightings = world.account.reconcile.sightings;
    expect(Object.keys(sightings)).toEqual([`ORDER ${id}`]);
    await runFor(world, 0);
    expect(world.account.reconcile.sightings).toEqual(sightings);
  });
});

describe('EX-12 the age of what was reconciled', () => {
  it('is measured from the beginning of the last run that read everything', async () => {
    const { world } = await watched();
    const began = world.now + 30_000;
    await runFor(world, 60);
    expect([world.account.reconcile.at, world.telemetry.counted.get('reconcile_age_seconds')]).toEqual([began, undefined]);
    world.venue.positions = () => Promise.reject(new VenueReadError('time-out'));
    await runFor(world, 60);
    await runFor(world, 0);
    expect([world.account.reconcile.at, world.telemetry.counted.get('reconcile_age_seconds')]).toEqual([began, 90]);
  });
});

describe('SL-14 two runs at once', () => {
  it('leave one state between them: the later to end loses nothing that counts', async () => {
    const world = await World.open();
    const { equity } = world.venue;
    let isFirst = true;
    world.venue.equity = async () => {
      if (isFirst) {
        isFirst = false;
        await reconcile(world.deps, TRACE);
      }
      return equity.call(world.venue);
    };
    world.venue.equityNow = d(10_000);
    world.now += 30_000;
    await reconcile(world.deps, TRACE);
    expect([world.account.reconcile.revision, world.telemetry.counted.get('commit_conflicts_total')]).toEqual([1, 1]);
  });
});
