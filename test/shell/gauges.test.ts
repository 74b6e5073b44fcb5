// What alarms watch and nobody tells by itself: measured where it is known, at each run of reconcile or acknowledgement.
import { describe, expect, it } from '@jest/globals';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';
import type { WorldOptions } from '../support/world.ts';

interface Gauged {
  readonly world: World;
  /** Takes what was measured under a name since it was asked last. */
  readonly taken: (metric: string) => readonly number[];
}

const gauged = async (options: WorldOptions = {}): Promise<Gauged> => {
  const world = await World.open(options);
  let measured: [string, number][] = [];
  world.telemetry.count = (metric, value) => void measured.push([metric, value]);
  const taken = (metric: string): readonly number[] => {
    const found = measured.filter(([name]) => name === metric).map(([, value]) => value);
    measured = measured.filter(([name]) => name !== metric);
    return found;
  };
  return { world, taken };
};

describe('KS-1 EX-12 the kill switch at each reconcile', () => {
  it.each([
    ['ACTIVE', { kind: 'ACCOUNT' }, 0],
    ['REDUCING', { kind: 'CLASS', assetClass: 'crypto' }, 1],
    ['HALTED', { kind: 'SYMBOL', symbol: 'AAPL' }, 2],
    ['HALTED', { kind: 'ACCOUNT' }, 2],
  ] as const)('%s of %j is %i', async (state, scope, level) => {
    const { world, taken } = await gauged();
    await world.kill(state, scope);
    await world.reconcile();
    expect(taken('kill_switch_state')).toEqual([level]);
  });

  it('is the strongest of all, wherever it is set', async () => {
    const { world, taken } = await gauged();
    await world.kill('HALTED', { kind: 'CLASS', assetClass: 'stock' });
    await world.kill('REDUCING');
    await world.kill('ACTIVE', { kind: 'SYMBOL', symbol: 'AAPL' });
    await world.reconcile();
    expect(taken('kill_switch_state')).toEqual([2]);
  });
});

describe('EX-12 equity at each reconcile', () => {
  it('is told with what it has gained since the first reading of the day', async () => {
    const { world, taken } = await gauged({ equity: '10000' });
    world.now += 1000;
    world.venue.equityNow = d('9850.5');
    await world.reconcile();
    expect([taken('equity'), taken('pnl_day')]).toEqual([[9850.5], [-149.5]]);
  });
});

describe('EX-9 EX-12 the age of what is open, at each reconcile', () => {
  const PLAN = [{ symbol: 'AAPL', limit: '100', quantity: '1' }];

  it('is 0 with nothing open', async () => {
    const { world, taken } = await gauged();
    await world.reconcile();
    expect([taken('oldest_planned_seconds'), taken('oldest_unknown_seconds')]).toEqual([[0], [0]]);
  });

  it('grows while an action waits to be sent', async () => {
    const { world, taken } = await gauged({ loses: ({ kind }) => kind === 'ACTION' });
    await world.plan(1, PLAN);
    await world.tick({ AAPL: '100.1' });
    world.now += 40_000;
    await world.reconcile();
    expect([taken('oldest_planned_seconds'), taken('oldest_unknown_seconds')]).toEqual([[40], [0]]);
  });

  it('grows while nobody knows what became of an order, before the run asks for it', async () => {
    const { world, taken } = await gauged({ loses: ({ kind }) => kind === 'LOOKUP' });
    await world.plan(1, PLAN);
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.tick({ AAPL: '100.1' });
    world.now += 70_000;
    await world.reconcile();
    expect([taken('oldest_planned_seconds'), taken('oldest_unknown_seconds')]).toEqual([[0], [70]]);
  });
});

describe('EX-12 the difference of clocks, at each acknowledgement of a placement', () => {
  const skewAt = async (venueSays: number): Promise<readonly number[]> => {
    const { world, taken } = await gauged();
    await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '1' }]);
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.tick({ AAPL: '100.1' });
    const sentAt = world.now;
    world.now += 400;
    const { clientOrderId } = world.order('AAPL');
    const report = { ...world.venue.report(world.venue.order(clientOrderId)), at: sentAt + venueSays };
    await world.apply({ type: 'ACTION_ANSWERED', actionId: `${clientOrderId}:PLACE`, clientOrderId, outcome: { kind: 'ACCEPTED', report } });
    return taken('clock_skew_ms');
  };

  it.each([
    ['between send and answer, is none', 150, 0],
    ['at the answer, is none', 400, 0],
    ['after the answer, is by how much it leads', 2_900, 2_500],
    ['before the send, is by how much it lags', -3_000, 3_000],
  ])('where the venue says %s', async (_where, venueSays, skew) => {
    expect(await skewAt(venueSays)).toEqual([skew]);
  });
});
