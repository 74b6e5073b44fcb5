// The memory store of the flows and the table must be one and the same: whatever a hostile day commits, both take or
// refuse alike, for the same item, and hold the same in the end.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Change, Snapshot } from '../../../shared/domain/decision.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { Store } from '../../../shared/ports.ts';
import { connect, createTable, storeOn } from '../../contracts/store-bench.ts';
import { GUARDS } from '../../contracts/store-guards.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { RandomMachine } from '../../support/random-machine.ts';

interface Try {
  readonly changes: readonly Change[];
  readonly owner: string;
  readonly lost: string | null;
}

const DAYS = [1, 2, 3, 4, 5, 6];
const STEPS = 250;

/** The item whose condition failed; null where all was written. */
const lostOf = async (store: Store, account: string, { changes, owner }: Pick<Try, 'changes' | 'owner'>): Promise<string | null> => {
  try {
    await store.commit(account, changes, owner);
    return null;
  } catch (error) {
    if (error instanceof ConflictError) return error.item;
    throw error;
  }
};

// Distances have no end; the table rounds them, and the memory store keeps all the digits there are.
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, member: unknown) => (name.endsWith('Distance') ? new Decimal(String(member)).toSignificantDigits(20).toFixed() : member)) ?? 'null');

const bookOf = ({ capacity, board, slots, steals }: Snapshot): unknown =>
  plain({ capacity, board, slots: [...slots.values()], steals: steals.toSorted((a, b) => a.at - b.at || (a.thiefClientOrderId < b.thiefClientOrderId ? -1 : 1)) });

describe('SL-15 the memory store under the conditions of the table', () => {
  let engine: Awaited<ReturnType<typeof startDynoxide>>;
  let client: DynamoDBClient;
  let table: Store;
  let conflicts = 0;
  beforeAll(async () => {
    engine = await startDynoxide({ dataDir: null });
    client = connect(engine.endpoint);
    await createTable(client);
    table = storeOn(client);
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });

  it.each(DAYS)('takes and refuses what the table does, and ends with the same book, orders and actions (day %s)', async (seed) => {
    const tries: Try[] = [];
    const machine = new RandomMachine(seed, { onTry: (changes, owner, lost) => tries.push({ changes, owner, lost }) });
    await machine.run(STEPS);
    const account = `day-${seed}`;
    for (const [place, each] of tries.entries()) expect([place, await lostOf(table, account, each)]).toEqual([place, each.lost]);
    conflicts += tries.filter((each) => each.lost !== null).length;

    const { store } = machine.world.deps;
    const everything = { kind: 'BOOK', stealsSince: 0 } as const;
    expect(bookOf(await table.load(account, everything))).toEqual(bookOf(await store.load('paper-1', everything)));
    const left = await table.load(account, { kind: 'RECONCILE' });
    expect(left.reconcile.revision).toBeGreaterThan(0);
    expect(left.reconcile).toEqual((await store.load('paper-1', { kind: 'RECONCILE' })).reconcile);
    expect(plain(await table.openActions(account))).toEqual(plain(await store.openActions('paper-1')));
    for (const clientOrderId of machine.world.account.orders.keys()) {
      const tradeIds = [...machine.world.account.fills.values()].map((fill) => fill.tradeId);
      const scope = { kind: 'ORDER', clientOrderId, tradeIds, webhookId: null, actionIds: [] } as const;
      const [ours, theirs] = [await store.load('paper-1', scope), await table.load(account, scope)];
      expect(plain([...theirs.orders.values()])).toEqual(plain([...ours.orders.values()]));
      expect([...theirs.countedTrades].toSorted()).toEqual([...ours.countedTrades].toSorted());
    }
  });

  it('met conflicts on those days, without which they would prove little', () => {
    expect(conflicts).toBeGreaterThan(DAYS.length);
  });

  it.each(GUARDS)('$clause: refuses $race, naming the same item, and writes nothing', async ({ item, there, late }) => {
    const store = createMemoryStore();
    if (there.length > 0) await store.commit('a', there, 'before');
    const before = await store.load('a', { kind: 'BOOK', stealsSince: 0 });
    expect(await lostOf(store, 'a', { changes: [...late, { kind: 'WEBHOOK', id: 'with', at: 1 }], owner: 'late' })).toBe(item);
    expect(await store.load('a', { kind: 'BOOK', stealsSince: 0 })).toEqual(before);
    expect(store.peek('a').webhooks.has('with')).toBe(false);
  });
});
