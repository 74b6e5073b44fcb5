// The table on the embedded engine, made as the template says, and what the local cloud reads of it.
import {
  CreateTableCommand,
  DynamoDBClient,
  paginateQuery,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../../shared/table-names.ts';
import type { TablePart } from './cloud-parts.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './local-names.ts';

export interface TableEngine {
  /** Reaches the engine past every policy. */
  readonly client: DynamoDBClient;
  /** Makes the table; one that is there already is kept with what it holds. */
  create(table: TablePart): Promise<void>;
  /** Sort keys of the actions that are planned and not yet sent. */
  plannedActions(tableName: string, account: string): Promise<readonly string[]>;
  close(): void;
}

const createTable = async (client: DynamoDBClient, table: TablePart): Promise<boolean> => {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table.name,
        KeySchema: table.KeySchema,
        AttributeDefinitions: table.AttributeDefinitions,
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
};

const plannedQuery = (tableName: string, account: string) => ({
  TableName: tableName,
  ConsistentRead: true,
  KeyConditionExpression: '#pk = :account AND begins_with(#sk, :actions)',
  FilterExpression: '#state = :planned',
  ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#sk': SORT_KEY, '#state': 'state' },
  ExpressionAttributeValues: { ':account': { S: account }, ':actions': { S: 'ACTION#' }, ':planned': { S: 'PLANNED' } },
});

/** Connects to the table engine. */
export const connectTableEngine = (endpoint: string): TableEngine => {
  const client = new DynamoDBClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  return {
    client,
    create: async (table) => {
      const created = await createTable(client, table);
      const ttl = table.TimeToLiveSpecification;
      if (!created || ttl === undefined) return;
      const command = new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification: ttl });
      await client.send(command);
    },
    plannedActions: async (tableName, account) => {
      const planned: string[] = [];
      for await (const { Items } of paginateQuery({ client }, plannedQuery(tableName, account))) {
        for (const item of Items ?? []) planned.push(item[SORT_KEY]?.S ?? '');
      }
      return planned;
    },
    close: () => {
      client.destroy();
    },
  };
};
