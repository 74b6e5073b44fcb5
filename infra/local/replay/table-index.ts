// Which orders, fills and round trips the table holds: a reading that does not go through the store.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { readFillAmounts } from '../../../shared/adapters/dynamo/history-items.ts';
import type { FillAmounts } from '../../../shared/adapters/dynamo/history-items.ts';
import { ItemReader } from '../../../shared/adapters/dynamo/item-reader.ts';
import { readTrips } from '../../../shared/adapters/dynamo/trip-item.ts';
import type { TripRecord } from '../../../shared/domain/trip.ts';
import { PARTITION_KEY, SORT_KEY } from '../../../shared/table-names.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local-names.ts';

export interface TableIndex {
  readonly clientOrderIds: readonly string[];
  readonly fills: readonly StoredFill[];
  readonly trips: readonly TripRecord[];
}

/** One fill as the table has it; `tradeId` is the venue's, or `clientOrderId#cumulative` (SL-10). */
export interface StoredFill extends FillAmounts {
  readonly clientOrderId: string;
  readonly tradeId: string;
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
    const orders = await itemsBelow(client, place, 'ORDER#');
    const fills = await itemsBelow(client, place, 'FILL#');
    const trips = await itemsBelow(client, place, 'TRIP#');
    return { clientOrderIds: orders.map(nameOf('ORDER#')), fills: fills.map(fillOf), trips: trips.map(tripsOf) };
  } finally {
    client.destroy();
  }
}

type Item = Record<string, AttributeValue>;

const nameOf = (prefix: string) => (item: Item): string => (item[SORT_KEY]?.S ?? '').slice(prefix.length);

function fillOf(item: Item): StoredFill {
  const name = nameOf('FILL#')(item);
  const cut = name.indexOf('#');
  return { clientOrderId: name.slice(0, cut), tradeId: name.slice(cut + 1), ...readFillAmounts(new ItemReader(item, name)) };
}

const tripsOf = (item: Item): TripRecord => readTrips(new ItemReader(item, nameOf('TRIP#')(item)));

async function itemsBelow(client: DynamoDBClient, place: TablePlace, prefix: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: place.tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :account AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#sk': SORT_KEY },
        ExpressionAttributeValues: { ':account': { S: place.account }, ':prefix': { S: prefix } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
