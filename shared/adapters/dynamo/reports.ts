// The Reports port on the account's table.
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DailyReport } from '../../domain/daily-report.ts';
import type { Reports } from '../../ports.ts';
import type { DynamoStoreParts } from './dynamo-store.ts';
import { readSteal } from './history-items.ts';
import { readReport, writeReport } from './report-item.ts';
import { callAgain } from './retries.ts';
import { OWNER } from './stored-item.ts';
import { readOne, readRange, tableOf } from './table.ts';
import type { Table } from './table.ts';
import { PARTITION_KEY, reportSortKey, stealsBetween, tripRange } from './table-keys.ts';
import { readTrips } from './trip-item.ts';
import { consumedUnits } from './units.ts';
import { stamped } from './write.ts';

/** Builds the reports of an account's days, on its table. */
export const createReports = (parts: DynamoStoreParts): Reports => {
  const table = tableOf(parts);
  return {
    readPast: async (account, from, to) => ({
      trips: (await readRange(table, account, tripRange(from, to))).map(({ reader }) => readTrips(reader)),
      steals: (await readRange(table, account, stealsBetween(from, to))).map(readSteal),
    }),
    find: async (account, date) => {
      const item = await readOne(table, account, reportSortKey(date));
      return item === null ? null : readReport(item);
    },
    keep: (account, report) => keep(table, account, report),
  };
};

/** Two runs that write one day's report meet here: only one of them tells people. */
const keep = async (table: Table, account: string, report: DailyReport): Promise<boolean> => {
  const owner = table.ids.next();
  const command = new PutItemCommand({
    TableName: table.tableName,
    Item: { ...stamped({ tableName: table.tableName, account, owner, writes: table.writes }, reportSortKey(report.date), writeReport(report)) },
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': PARTITION_KEY },
    ReturnConsumedCapacity: 'TOTAL',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const answer = await callAgain('PutItem', table, () => table.client.send(command));
    table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    table.onUnits({ read: 0, write: 1 });
    // A write whose answer was lost fails on its own condition when it is repeated: what is there then is ours.
    return error.Item?.[OWNER]?.S === owner;
  }
};
