// What point-in-time recovery does, on one machine: the whole table as it is now, and that again in another one.
import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './local-names.ts';

/** A table on an engine. */
export interface TableAt {
  readonly endpoint: string;
  readonly tableName: string;
}

type Item = Readonly<Record<string, AttributeValue>>;

const MOST_WRITES = 25;

const withClient = async <Result>(endpoint: string, use: (client: DynamoDBClient) => Promise<Result>): Promise<Result> => {
  const client = new DynamoDBClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
};

/** Reads every item of a table. */
export const readTable = ({ endpoint, tableName }: TableAt): Promise<readonly Item[]> =>
  withClient(endpoint, async (client) => {
    const items: Item[] = [];
    for await (const { Items } of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) items.push(...(Items ?? []));
    return items;
  });

/** Writes items into a table, which the functions see at once. */
export const fillTable = ({ endpoint, tableName }: TableAt, items: readonly Item[]): Promise<void> =>
  withClient(endpoint, async (client) => {
    for (let start = 0; start < items.length; start += MOST_WRITES) {
      const puts = items.slice(start, start + MOST_WRITES).map((item) => ({ PutRequest: { Item: { ...item } } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
    }
  });
