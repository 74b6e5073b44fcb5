// Which orders and fills the table holds, by their keys alone: a reading that does not go through the store.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../../../shared/table-names.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local-names.ts';

export interface TableIndex {
  readonly clientOrderIds: readonly string[];
  /** As `clientOrderId#tradeId`. */
  readonly fills: readonly string[];
}

export interface TablePlace {
  readonly endpoint: string;
  readonly tableName: string;
  readonly account: string;
}

/** Lists what the table holds of an account. */
export async function readTableIndex(place: TablePlace): Promise<TableIndex> {
  const client = new DynamoDBClient({ endpoint: place.endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  try {
    return { clientOrderIds: await namesBelow(client, place, 'ORDER#'), fills: await namesBelow(client, place, 'FILL#') };
  } finally {
    client.destroy();
  }
}

async function namesBelow(client: DynamoDBClient, place: TablePlace, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: place.tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :account AND begins_with(#sk, :prefix)',
        ProjectionExpression: '#pk, #sk',
        ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#sk': SORT_KEY },
        ExpressionAttributeValues: { ':account': { S: place.account }, ':prefix': { S: prefix } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    names.push(...(page.Items ?? []).map((item) => (item[SORT_KEY]?.S ?? '').slice(prefix.length)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return names;
}
