// The Store port on one DynamoDB table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Action } from '../../domain/action.ts';
import type { Clock, Ids, Store } from '../../ports.ts';
import type { Writes } from '../../schema-writes.ts';
import { readAction } from './action-item.ts';
import { readCapacity } from './capacity-item.ts';
import { writesOf } from './change-writes.ts';
import { commitWrites } from './commit.ts';
import type { ClauseName } from './conditions.ts';
import { loadSnapshot } from './load.ts';
import { findMarket, saveMarkets } from './markets.ts';
import { requireNewest } from './restore-attributes.ts';
import { readSlot } from './slot-item.ts';
import { readOne, readRange, type Table, tableOf } from './table.ts';
import { ACTION_PREFIX, actionSortKey, CAPACITY_KEY, rangeOf, SLOT_RANGE } from './table-keys.ts';
import type { Units } from './units.ts';

export interface DynamoStoreParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Which schema is written; the older unless given, which every release that may run beside this one reads. */
  readonly writes?: Writes;
  /** Told of the units of every call. */
  readonly onUnits?: (units: Units) => void;
}

export interface DynamoStoreOptions {
  /** Clauses left out, for a test that shows what each of them is for. */
  readonly without?: readonly ClauseName[];
}

/** Builds the store on a table. */
export const createDynamoStore = (parts: DynamoStoreParts, options: DynamoStoreOptions = {}): Store => {
  const table = tableOf(parts);
  const without = new Set(options.without);
  return {
    load: (account, scope) => loadSnapshot(table, account, scope),
    commit: async (account, changes, owner) => {
      requireNewest(changes, table.writes);
      await commitWrites(table, account, writesOf(changes, without), owner);
    },
    findAction: async (account, actionId) => {
      const item = await readOne(table, account, actionSortKey(actionId));
      return item === null ? null : readAction(item);
    },
    openActions: async (account) => (await readRange(table, account, rangeOf(ACTION_PREFIX))).map(readAction).sort(oldestFirst),
    audit: async (account) => {
      const before = await readLedger(table, account);
      const slots = (await readRange(table, account, SLOT_RANGE)).map(readSlot);
      return { before, slots, after: await readLedger(table, account) };
    },
    findMarket: (account, symbol) => findMarket(table, account, symbol),
    saveMarkets: (account, markets) => saveMarkets(table, account, markets),
  };
};

const readLedger = async (table: Table, account: string) => {
  const item = await readOne(table, account, CAPACITY_KEY);
  return item === null ? null : readCapacity(item);
};

const oldestFirst = (a: Action, b: Action): number => a.plannedAt - b.plannedAt || (a.id < b.id ? -1 : 1);
