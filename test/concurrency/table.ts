// One table on the embedded engine; every round has an account, and so a partition, of its own.
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../infra/local/local-names.ts';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import { PARTITION_KEY, SORT_KEY } from '../../shared/table-names.ts';

export interface TestTable {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly tableName: string;
  stop(): Promise<void>;
}

const TABLE = 'races';

export const openTable = async (): Promise<TestTable> => {
  const engine = await startDynoxide({ dataDir: null });
  const client = createDynamoClient({
    endpoint: engine.endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
    // All 64 invocations reach the engine at once; the client's own queue would put them in order.
    requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, httpAgent: { maxSockets: 256 } },
  });
  // It prepares every call for a log that nobody keeps, at a tenth of a round's time.
  client.middlewareStack.remove('loggerMiddleware');
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: PARTITION_KEY, AttributeType: 'S' },
        { AttributeName: SORT_KEY, AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return {
    client,
    endpoint: engine.endpoint,
    tableName: TABLE,
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
};
