// What a restore changes and what it holds back, rule by rule.
import { describe, expect, it } from '@jest/globals';
import { requireNewest } from '../../shared/adapters/dynamo/restore-attributes.ts';
import { CAPACITY_KEY, slotSortKey } from '../../shared/adapters/dynamo/table-keys.ts';
import { sayWrite } from '../../shared/adapters/dynamo/write.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { Change, Snapshot } from '../../shared/domain/decision.ts';
import { NEVER_RECONCILED } from '../../shared/domain/reconcile-state.ts';
import { nextFloor, unsettledSince } from '../../shared/domain/restore.ts';
import { RestoreUntoldError, SchemaNotFlippedError } from '../../shared/errors.ts';
import type { Store } from '../../shared/ports.ts';
import { takeOverRestored } from '../../shared/restore.ts';
import { restoreGate } from '../../shared/restore-gate.ts';
import type { Writes } from '../../shared/schema-writes.ts';
import { actionOf, capacityOf, holdingOf, slotOf } from '../contracts/store-samples.ts';
import { context } from '../support/builders.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { World } from '../support/world.ts';

const NOW = context().now;
const TABLE = 'claimjump-restored';
const RESTORE = { table: TABLE, at: NOW, fenceFloor: 1_790_000_000, isOpen: true } as const;
const CHANGE: Change = { kind: 'RESTORE', before: null, after: RESTORE };
const ACCOUNT = { kind: 'ACCOUNT' } as const;
const TRACE = { account: 'paper-1', source: 'operator', requestId: 'r', correlationId: 'c' } as const;

const snapshotOf = (capacity: Snapshot['capacity']): Snapshot => ({
  account: 'paper-1',
  capacity,
  board: { revision: 0, quotes: {}, bars: {}, features: {} },
  slots: new Map(),
  steals: [],
  orders: new Map(),
  actions: new Map(),
  countedTrades: new Set(),
  webhookSeen: false,
  reconcile: NEVER_RECONCILED,
});

const told = (capacity: Snapshot['capacity'], fences: readonly number[] = [], planned = [actionOf()]) =>
  decide(snapshotOf(capacity), { type: 'TABLE_RESTORED', table: TABLE, fences, planned }, context());

describe('EX-11 a restored table is told once', () => {
  it('raises the floor above the time in seconds and every fence known, halts, and calls what was planned sent', () => {
    const decision = told(capacityOf(), [5]);
    if (decision.kind !== 'COMMIT') throw new Error(decision.reason);
    const after = { table: TABLE, at: NOW, fenceFloor: Math.ceil(NOW / 1000), isOpen: true };
    expect(decision.changes).toEqual([
      { kind: 'RESTORE', before: null, after },
      { kind: 'KILL', scope: ACCOUNT, before: 'ACTIVE', state: 'HALTED' },
      { kind: 'ACTION', before: actionOf(), after: { ...actionOf(), state: 'SENT', sentAt: NOW } },
    ]);
    expect(nextFloor(NOW, [9_000_000_000])).toBe(9_000_000_001);
  });

  it('leaves cancels planned: they may be sent again', () => {
    const decision = told(capacityOf(), [], [actionOf({ intent: { kind: 'CANCEL' } })]);
    expect(decision).toMatchObject({ kind: 'COMMIT' });
    if (decision.kind === 'COMMIT') expect(decision.changes.filter(({ kind }) => kind === 'ACTION')).toEqual([]);
  });

  it('changes nothing for the same table again, and refuses one without a ledger', () => {
    expect(told(capacityOf({ restore: { ...RESTORE, isOpen: false } }))).toMatchObject({ kind: 'IGNORE', reason: 'ALREADY_RESTORED' });
    expect(told(null)).toMatchObject({ kind: 'IGNORE', reason: 'CAPACITY_UNKNOWN' });
  });

  it('has a later restore, of another table, go above the floor of the one before', () => {
    const decision = told(capacityOf({ restore: { ...RESTORE, table: 'earlier', fenceFloor: 8_000_000_000 } }));
    expect(decision).toMatchObject({ changes: [{ after: { fenceFloor: 8_000_000_001 } }, {}, {}] });
  });
});

describe('SL-11 the halt of a restore is lifted by a person, once reconcile is clean', () => {
  const lifts = (isOpen: boolean, scope: 'ACCOUNT' | 'CLASS') => {
    const kill = { account: 'HALTED', stock: 'HALTED', crypto: 'ACTIVE', symbols: {} } as const;
    const of = scope === 'ACCOUNT' ? ACCOUNT : ({ kind: 'CLASS', assetClass: 'stock' } as const);
    const capacity = capacityOf({ kill, restore: { ...RESTORE, isOpen } });
    return decide(snapshotOf(capacity), { type: 'KILL_SWITCH_SET', scope: of, state: 'ACTIVE', by: 'PERSON', who: null }, context());
  };

  it('not before; a class beneath it may be lifted, for the account stays halted', () => {
    expect(lifts(true, 'ACCOUNT')).toMatchObject({ kind: 'IGNORE', reason: 'RESTORE_OPEN' });
    expect(lifts(true, 'CLASS').kind).toBe('COMMIT');
    expect(lifts(false, 'ACCOUNT').kind).toBe('COMMIT');
  });

  it('names each thing that is not in order', () => {
    const clean = { slots: [slotOf()], actions: [], reconcile: { ...NEVER_RECONCILED, at: NOW + 1 }, addsUp: true };
    expect(unsettledSince(RESTORE, clean)).toEqual([]);
    const held = slotOf({ position: { status: 'OPEN', ...holdingOf({ unprotectedSince: NOW }) } });
    const found = {
      slots: [held],
      actions: [actionOf({ state: 'SENT', plannedAt: NOW - 1 }), actionOf({ intent: { kind: 'CANCEL' }, plannedAt: NOW - 1 }), actionOf({ plannedAt: NOW + 1 })],
      reconcile: { ...NEVER_RECONCILED, at: NOW - 1, sightings: { 'STRANGER E1-X-1': NOW } },
      addsUp: false,
    };
    expect(unsettledSince(RESTORE, found)).toEqual([
      'reconcile has had no whole run since the restore',
      'reconcile looks a second time at: STRANGER E1-X-1',
      `${held.symbol}: its position is not protected`,
      `action ${actionOf().id} of before the restore is not yet looked up`,
      'the ledger does not add up',
    ]);
  });

  it('is over for the table that it was of, and once', () => {
    const settle = (restore: typeof RESTORE | { readonly isOpen: false } & Omit<typeof RESTORE, 'isOpen'>, table = TABLE) =>
      decide(snapshotOf(capacityOf({ restore })), { type: 'RESTORE_SETTLED', table }, context());
    expect(settle(RESTORE)).toMatchObject({ kind: 'COMMIT', changes: [{ kind: 'RESTORE', before: RESTORE, after: { ...RESTORE, isOpen: false } }] });
    expect(settle(RESTORE, 'another').kind).toBe('IGNORE');
    expect(settle({ ...RESTORE, isOpen: false }).kind).toBe('IGNORE');
  });
});

describe('EX-11 nothing is committed to a restored table before it is told', () => {
  const gated = (capacity: Snapshot['capacity']) => {
    const commits: string[] = [];
    let reads = 0;
    const refuse = () => Promise.reject(new Error('not asked'));
    const store: Store = {
      load: async () => {
        reads += 1;
        return snapshotOf(capacity);
      },
      commit: async (_account, changes) => void commits.push(changes.map(({ kind }) => kind).join()),
      findAction: refuse,
      openActions: refuse,
      audit: refuse,
      findMarket: refuse,
      saveMarkets: refuse,
    };
    return { gate: restoreGate(store, { account: 'paper-1', table: TABLE }), commits, reads: () => reads };
  };
  const other: Change = { kind: 'STREAK', to: 'CLEAR' };

  it.each([
    ['of no restore', capacityOf()],
    ['of an earlier one', capacityOf({ restore: { ...RESTORE, table: 'earlier' } })],
    ['without a ledger', null],
  ])('a table %s takes that it was restored, and nothing else', async (_what, capacity) => {
    const { gate, commits } = gated(capacity);
    await expect(gate.commit('paper-1', [other], 'o')).rejects.toThrow(RestoreUntoldError);
    await gate.commit('paper-1', [CHANGE], 'o');
    expect(commits).toEqual(['RESTORE']);
  });

  it('does not take it that another was restored, or settled, for its own', async () => {
    const { gate, commits } = gated(capacityOf({ restore: { ...RESTORE, table: 'earlier' } }));
    for (const after of [{ ...RESTORE, table: 'misspelt' }, { ...RESTORE, table: 'earlier', isOpen: false }]) {
      await expect(gate.commit('paper-1', [{ kind: 'RESTORE', before: null, after }], 'o')).rejects.toThrow(RestoreUntoldError);
    }
    expect(commits).toEqual([]);
  });

  it('one that is told takes everything, and is asked once', async () => {
    const { gate, commits, reads } = gated(capacityOf({ restore: RESTORE }));
    await gate.commit('paper-1', [other], 'o');
    await gate.commit('paper-1', [other], 'o');
    expect([commits, reads()]).toEqual([['STREAK', 'STREAK'], 1]);
  });
});

describe('EX-9 EX-11 what was planned before a restore is never sent', () => {
  it('also where it is more than one commit holds and whoever told it died before the rest: it is told again', async () => {
    const world = await World.open();
    const store = createMemoryStore();
    const account = store.peek('paper-1');
    Object.assign(account, { capacity: world.account.capacity });
    const planned = Array.from({ length: 93 }, (_, n) => actionOf({ id: `E${n}:PLACE`, clientOrderId: `E${n}`, plannedAt: world.now - 60_000 }));
    for (const action of planned) account.actions.set(action.id, action);
    let commits = 0;
    const dying: Store = {
      ...store,
      commit: async (...asked) => {
        commits += 1;
        if (commits > 1) throw new Error('died');
        await store.commit(...asked);
      },
    };
    const unsent = (): number => [...store.peek('paper-1').actions.values()].filter(({ state }) => state === 'PLANNED').length;
    await expect(takeOverRestored({ ...world.deps, store: dying }, TABLE, TRACE)).rejects.toThrow('died');
    expect(unsent()).toBe(3);
    // What was planned since is no business of the restore.
    store.peek('paper-1').actions.set('S9:PLACE', actionOf({ id: 'S9:PLACE', clientOrderId: 'S9', purpose: 'STOP', plannedAt: world.now + 1 }));
    expect(await takeOverRestored({ ...world.deps, store }, TABLE, TRACE)).toMatchObject({ changed: false });
    expect(unsent()).toBe(1);
  });
});

describe('what the older schema has no place for', () => {
  it('is refused with what to do, and not left out', () => {
    expect(() => requireNewest([CHANGE], 'OLDER')).toThrow(SchemaNotFlippedError);
    expect(() => requireNewest([CHANGE], 'OLDER')).toThrow('set writesNewest');
    expect(() => requireNewest([{ kind: 'EQUITY', before: null, after: capacityOf({ restore: RESTORE }) }], 'OLDER')).toThrow(SchemaNotFlippedError);
    requireNewest([CHANGE], 'NEWEST');
    requireNewest([{ kind: 'EQUITY', before: null, after: capacityOf() }], 'OLDER');
  });

  it('stays where newer code wrote it: an older writer does not lower the schema of an item', () => {
    const said = (sortKey: string, writes: Writes) => {
      const write = { kind: 'UPDATE', sortKey, assignments: [], removals: [], clauses: [], retriable: true, attributes: {} } as const;
      return sayWrite(write, { tableName: 't', account: 'a', owner: 'o', writes }).Update?.UpdateExpression ?? '';
    };
    expect(said(CAPACITY_KEY, 'OLDER')).toContain('if_not_exists');
    expect(said(CAPACITY_KEY, 'NEWEST')).not.toContain('if_not_exists');
    expect(said(slotSortKey({ symbol: 'A', slot: 'main' }), 'OLDER')).not.toContain('if_not_exists');
  });
});
