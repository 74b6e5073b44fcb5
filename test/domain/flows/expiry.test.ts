import { describe, expect, it } from '@jest/globals';
import { NOON } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const SOON = NOON + 60_000;
const LOST_AFTER = { kind: 'LOST_AFTER' } as const;

const watching = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', expiresAt: SOON }]);
  return world;
};

const expire = async (world: World): Promise<void> => {
  world.now = SOON;
  await world.session('EXPIRY');
};

describe('EW-5 a watch expires', () => {
  it('not a millisecond early, and at its time', async () => {
    const world = await watching();
    world.now = SOON - 1;
    await world.session('EXPIRY');
    expect(world.slot('AAPL').watch).not.toBeNull();
    await expire(world);
    expect(world.slot('AAPL').watch).toBeNull();
  });

  it('and does not enter from then on, even before anybody has swept it', async () => {
    const world = await watching();
    world.now = SOON - 1000;
    await world.see({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    expect(world.now).toBe(SOON);
  });

  it('unsent, its claim returns its room at once and is never sent', async () => {
    const world = await watching();
    await world.see({ AAPL: '100.1' });
    expect(world.free()).toBe('19000');
    await expire(world);
    expect([world.state('AAPL'), world.free(), world.slot('AAPL').watch]).toEqual(['NONE/FLAT', '20000', null]);
    await world.drain();
    expect(world.venue.departed).toEqual([]);
  });

  it('live, its order is cancelled and the room returns on the confirmation alone', async () => {
    const world = await watching();
    await world.tick({ AAPL: '100.1' });
    await expire(world);
    expect([world.state('AAPL'), world.free()]).toEqual(['CANCELLING/FLAT', '19000']);
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.slot('AAPL').watch]).toEqual(['NONE/FLAT', '20000', null]);
  });

  it('sent and not known, it keeps its room until it is, and is cancelled then', async () => {
    const world = await watching();
    world.webhooksHeld = true;
    world.venue.next('place', LOST_AFTER);
    await world.tick({ AAPL: '100.1' });
    await expire(world);
    expect([world.state('AAPL'), world.free()]).toEqual(['PLACING/FLAT', '19000']);
    await world.pass(5);
    expect([world.state('AAPL'), world.free(), world.slot('AAPL').watch]).toEqual(['NONE/FLAT', '20000', null]);
    expect(world.venue.callsOf('cancel')).toHaveLength(1);
  });

  it('cancelling already, it is cancelled once', async () => {
    const world = await watching();
    await world.tick({ AAPL: '100.1' });
    await expire(world);
    await world.session('EXPIRY');
    await world.session('PRE_OPEN_RESET');
    await world.drain();
    expect(world.venue.callsOf('cancel')).toHaveLength(1);
  });

  it('with a position, the position stays and ends by the rules it was opened with', async () => {
    const world = await watching();
    await world.tick({ AAPL: '99.9' });
    await expire(world);
    expect([world.state('AAPL'), world.slot('AAPL').watch]).toEqual(['NONE/OPEN', null]);
    await world.tick({ AAPL: '110.1' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('partly filled, what filled stays and only the rest returns', async () => {
    const world = await watching();
    await world.tick({ AAPL: '100.1' });
    world.venue.fill(world.order('AAPL').clientOrderId, '4');
    await world.drain();
    await expire(world);
    await world.drain();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '4', '19600']);
  });

  it('reconcile sweeps what no schedule did', async () => {
    const world = await watching();
    world.now = SOON;
    await world.reconcile();
    expect(world.slot('AAPL').watch).toBeNull();
  });
});
