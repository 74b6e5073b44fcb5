import { describe, expect, it } from '@jest/globals';
import { ConflictError } from '../../shared/errors.ts';
import { measuredStore } from '../../shared/measured-store.ts';
import { World } from '../support/world.ts';

const measured = async (item: string | null) => {
  const world = new World();
  const told: unknown[] = [];
  let now = 1_000;
  const inner = {
    ...world.deps.store,
    commit: async () => {
      now += 12;
      if (item !== null) throw item === '' ? new TypeError('broken') : new ConflictError({ item, expected: 'as seen', found: 'moved' });
    },
  };
  const store = measuredStore(inner, { clock: { now: () => now }, telemetry: { count: (...count) => void told.push(count) } });
  await store.commit('paper-1', [], 'me').catch((error: unknown) => told.push(error instanceof ConflictError ? 'CONFLICT' : 'OTHER'));
  return told;
};

describe('EX-12 every commit', () => {
  it('is measured in milliseconds', async () => {
    expect(await measured(null)).toEqual([['commit_ms', 12]]);
  });

  it('is counted where it loses, by the kind of item that had moved, and thrown on', async () => {
    expect(await measured('BOOK#3#SLOT#AAPL#main')).toEqual([['commit_conflicts_total', 1, { item: 'SLOT' }], ['commit_ms', 12], 'CONFLICT']);
    expect(await measured('ACTION#E1-x:PLACE')).toContainEqual(['commit_conflicts_total', 1, { item: 'ACTION' }]);
    expect(await measured('?')).toContainEqual(['commit_conflicts_total', 1, { item: 'OTHER' }]);
  });

  it('that fails otherwise is no conflict', async () => {
    expect(await measured('')).toEqual([['commit_ms', 12], 'OTHER']);
  });
});
