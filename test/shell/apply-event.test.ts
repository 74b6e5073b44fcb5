import { describe, expect, it } from '@jest/globals';
import { applyEvent, stealsSince } from '../../shared/apply-event.ts';
import { ConflictError, StoreUnavailableError } from '../../shared/errors.ts';
import { measuredStore } from '../../shared/measured-store.ts';
import type { Store } from '../../shared/ports.ts';
import { d, watch } from '../support/builders.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'tick', requestId: 'r', correlationId: 'c' } as const;
const PLANNED = { type: 'WATCH_PLANNED', watch: watch({ symbol: 'AAPL' }) } as const;

/** A store whose first so many commits lose to somebody else. */
const losing = (store: Store, times: number): Store & { readonly loads: number } => {
  let left = times;
  let loads = 0;
  return {
    ...store,
    get loads() {
      return loads;
    },
    load: (account, scope) => {
      loads += 1;
      return store.load(account, scope);
    },
    commit: async (account, changes, owner) => {
      if (left > 0) {
        left -= 1;
        throw new ConflictError({ item: 'BOOK#3#SLOT#AAPL#main', expected: 'as seen', found: 'moved' });
      }
      return store.commit(account, changes, owner);
    },
  };
};

describe('SL-12 SL-15 one place that decides again', () => {
  it('loads and decides again after a conflict, and counts it', async () => {
    const world = await World.open();
    const store = losing(world.deps.store, 3);
    const applied = await applyEvent({ ...world.deps, store: measuredStore(store, world.deps) }, PLANNED, TRACE);
    expect([applied.kind, store.loads, world.telemetry.counted.get('commit_conflicts_total')]).toEqual(['COMMITTED', 4, 3]);
  });

  it('gives up after eight tries and leaves the event to whoever brought it', async () => {
    const world = await World.open();
    const store = losing(world.deps.store, 8);
    await expect(applyEvent({ ...world.deps, store }, PLANNED, TRACE)).rejects.toBeInstanceOf(ConflictError);
    expect(store.loads).toBe(8);
  });

  it('catches nothing else', async () => {
    const world = await World.open();
    const store: Store = { ...world.deps.store, commit: async () => Promise.reject(new TypeError('broken')) };
    await expect(applyEvent({ ...world.deps, store }, PLANNED, TRACE)).rejects.toBeInstanceOf(TypeError);
  });

  it('uses a snapshot it is given for the first try alone', async () => {
    const world = await World.open();
    const first = await world.deps.store.load('paper-1', { kind: 'SLOT', ref: { symbol: 'AAPL', slot: 'main' } });
    await world.plan(9, [{ symbol: 'AAPL' }]);
    expect((await applyEvent(world.deps, PLANNED, TRACE, first)).reason).toBe('OLD_VERSION');
    expect(world.telemetry.counted.get('commit_conflicts_total')).toBe(1);
  });

  it('a commit whose answer was lost is not the end of the event: it comes again, and changes nothing', async () => {
    const fates: ('KEPT' | 'LOST_AFTER')[] = [];
    const world = await World.open({ store: { fate: () => fates.shift() ?? 'KEPT' } });
    fates.push('LOST_AFTER');
    await expect(world.apply(PLANNED)).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await world.outcome(PLANNED)).toBe('OLD_VERSION');
  });

  it('rings what it planned once it is committed, and only then', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.see({ AAPL: '100.1' });
    const rung = world.queues.sent.filter((message) => message.kind === 'ACTION');
    expect(rung.map((message) => message.actionId)).toEqual([...world.account.actions.keys()]);
  });

  it('looks for past steals as far back as an hour, or as long as a fight lasts (WS-7, WS-10)', async () => {
    const world = await World.open();
    expect(world.now - stealsSince(world.deps)).toBe(3_600_000);
    const long = await World.open({ settings: { workStealingFightWindowSeconds: 7200 } });
    expect(long.now - stealsSince(long.deps)).toBe(7_200_000);
  });
});

describe('WS-2 the equity that two readers bring at once', () => {
  it('moves the cap by one of them, and the room adds up', async () => {
    const world = await World.open();
    world.now += 10;
    const read = (equity: string, at: number) => world.apply({ type: 'EQUITY_READ', equity: d(equity), at });
    await Promise.all([read('9000', world.now - 1), read('8000', world.now), read('7000', world.now - 2)]);
    expect(world.free()).toBe('16000');
  });
});
