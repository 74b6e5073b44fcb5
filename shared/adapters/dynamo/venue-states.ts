// The VenueStates port on the account's table: one item a venue, written under its revision.
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { newVenueState } from '../../domain/venue-state.ts';
import type { VenueState } from '../../domain/venue-state.ts';
import type { VenueStates } from '../../ports.ts';
import { whole } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import type { DynamoStoreParts } from './dynamo-store.ts';
import { callAgain } from './retries.ts';
import { OWNER, openItem } from './stored-item.ts';
import { readOne, tableOf } from './table.ts';
import type { Table } from './table.ts';
import { PARTITION_KEY, venueSortKey } from './table-keys.ts';
import { consumedUnits } from './units.ts';
import { VENUE_STATE_REVISION, readVenueState, writeVenueState } from './venue-state-item.ts';
import { stamped } from './write.ts';

/** Builds what is known of an account's venues, on its table. */
export const createVenueStates = (parts: DynamoStoreParts, account: string): VenueStates => {
  const table = tableOf(parts);
  return {
    find: async (venue) => {
      const item = await readOne(table, account, venueSortKey(venue));
      return item === null ? null : readVenueState(item);
    },
    swap: (venue, after) => swap(table, account, venueSortKey(venue), after),
  };
};

type Swapped = Awaited<ReturnType<VenueStates['swap']>>;

const swap = async (table: Table, account: string, sortKey: string, after: VenueState): Promise<Swapped> => {
  const owner = table.ids.next();
  const item = stamped({ tableName: table.tableName, account, owner, writes: table.writes }, sortKey, writeVenueState(after));
  try {
    const answer = await callAgain('PutItem', table, () => table.client.send(putOf(table.tableName, item, after.revision - 1)));
    table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
    return { written: true, found: after };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    table.onUnits({ read: 0, write: 1 });
    return foundInstead(error.Item, owner, after);
  }
};

/** Two functions that lease the same tokens, or bring back a pause that one of them has not heard of, meet here. */
const putOf = (tableName: string, item: Attributes, seen: number): PutItemCommand =>
  new PutItemCommand({
    TableName: tableName,
    Item: { ...item },
    ReturnConsumedCapacity: 'TOTAL',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(seen === 0
      ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': PARTITION_KEY } }
      : {
          ConditionExpression: '#revision = :seen',
          ExpressionAttributeNames: { '#revision': VENUE_STATE_REVISION },
          ExpressionAttributeValues: { ':seen': whole(seen) },
        }),
  });

/** A write whose answer was lost fails on its own condition when it is repeated: what is there then is ours. */
const foundInstead = (item: Attributes | undefined, owner: string, after: VenueState): Swapped => {
  if (item === undefined) return { written: false, found: newVenueState() };
  if (item[OWNER]?.S === owner) return { written: true, found: after };
  return { written: false, found: readVenueState(openItem(item)) };
};
