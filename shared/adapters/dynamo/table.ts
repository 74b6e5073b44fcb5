// The table as the store uses it: one account's items by key, and the units they cost.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { StoreUnavailableError } from '../../errors.ts';
import type { Attributes } from './attributes.ts';
import { MOST_TRIES, type Pacing, pause, callAgain } from './retries.ts';
import { openItem, type StoredItem } from './stored-item.ts';
import type { Writes } from '../../schema-writes.ts';
import { PARTITION_KEY, SORT_KEY } from './table-keys.ts';
import { consumedUnits, type Units } from './units.ts';
import { keyOf } from './write.ts';

const KEYS_IN_BATCH = 100;

export interface Table extends Pacing {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly writes: Writes;
  readonly onUnits: (units: Units) => void;
}

type Told = 'writes' | 'onUnits';

/** The table of a store: what is not said of it is that the older schema is written, and that nobody counts units. */
export const tableOf = (parts: Omit<Table, Told> & Partial<Pick<Table, Told>>): Table => ({
  ...parts,
  writes: parts.writes ?? 'OLDER',
  onUnits: parts.onUnits ?? (() => undefined),
});

export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Reads one item, strongly consistent; null where there is none. */
export const readOne = async (table: Table, account: string, sortKey: string): Promise<StoredItem | null> => {
  const command = new GetItemCommand({
    TableName: table.tableName,
    Key: keyOf(account, sortKey),
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  });
  const answer = await callAgain('GetItem', table, () => table.client.send(command));
  table.onUnits({ read: consumedUnits(answer.ConsumedCapacity), write: 0 });
  return answer.Item === undefined ? null : openItem(answer.Item);
};

/** Reads the items named, each strongly consistent; those that are not there are left out. */
export const readMany = async (table: Table, account: string, sortKeys: readonly string[]): Promise<readonly StoredItem[]> => {
  const keys = [...new Set(sortKeys)].map((sortKey) => keyOf(account, sortKey));
  const found: StoredItem[] = [];
  for (let start = 0; start < keys.length; start += KEYS_IN_BATCH) {
    found.push(...(await readBatch(table, keys.slice(start, start + KEYS_IN_BATCH))));
  }
  return found;
};

type Key = Record<string, Attributes[string]>;

const readBatch = async (table: Table, keys: readonly Key[]): Promise<readonly StoredItem[]> => {
  const found: StoredItem[] = [];
  let missing = keys;
  for (let tried = 0; missing.length > 0; tried += 1) {
    if (tried > 0) await pause(table, tried);
    if (tried >= MOST_TRIES) throw new StoreUnavailableError('BatchGetItem', MOST_TRIES);
    const answer = await askBatch(table, missing);
    found.push(...answer.items);
    missing = answer.missing;
  }
  return found;
};

const askBatch = async (table: Table, keys: readonly Key[]) => {
  const command = new BatchGetItemCommand({
    RequestItems: { [table.tableName]: { Keys: [...keys], ConsistentRead: true } },
    ReturnConsumedCapacity: 'TOTAL',
  });
  const answer = await callAgain('BatchGetItem', table, () => table.client.send(command));
  table.onUnits({ read: consumedUnits(answer.ConsumedCapacity), write: 0 });
  const items = answer.Responses?.[table.tableName] ?? [];
  return { items: items.map(openItem), missing: answer.UnprocessedKeys?.[table.tableName]?.Keys ?? [] };
};

/** Reads every item of a range of sort keys in their order, strongly consistent, page after page. */
export const readRange = async (table: Table, account: string, range: KeyRange): Promise<readonly StoredItem[]> => {
  const found: StoredItem[] = [];
  let from: Attributes | undefined;
  do {
    const command = new QueryCommand({
      TableName: table.tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :account AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#sk': SORT_KEY },
      ExpressionAttributeValues: { ':account': { S: account }, ':from': { S: range.from }, ':to': { S: range.to } },
      ReturnConsumedCapacity: 'TOTAL',
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const page = await callAgain('Query', table, () => table.client.send(command));
    table.onUnits({ read: consumedUnits(page.ConsumedCapacity), write: 0 });
    found.push(...(page.Items ?? []).map(openItem));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
};
