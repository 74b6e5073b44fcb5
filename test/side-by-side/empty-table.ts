import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../infra/local/local-names.ts';
import { readTable } from '../../infra/local/table-copy.ts';
import type { TableAt } from '../../infra/local/table-copy.ts';
import { PARTITION_KEY, SORT_KEY } from '../../shared/table-names.ts';

/** Deletes the items whose sort key is named. */
export const emptyTable = async (table: TableAt, isGone: (sortKey: string) => boolean): Promise<void> => {
  const client = new DynamoDBClient({ endpoint: table.endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  for (const item of await readTable(table)) {
    const { [PARTITION_KEY]: pk, [SORT_KEY]: sk } = item;
    if (pk === undefined || sk?.S === undefined || !isGone(sk.S)) continue;
    await client.send(new DeleteItemCommand({ TableName: table.tableName, Key: { [PARTITION_KEY]: pk, [SORT_KEY]: sk } }));
  }
  client.destroy();
};
