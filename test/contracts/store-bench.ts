// A store on a table of its own, and ways to make the calls to it fail.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import { createDynamoStore, type DynamoStoreOptions } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { PARTITION_KEY, SORT_KEY } from '../../shared/table-names.ts';
import type { Clock, Ids, Store } from '../../shared/ports.ts';

export const TABLE = 'claimjump-contract';

export const connect = (endpoint: string): DynamoDBClient =>
  createDynamoClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });

export const createTable = async (client: DynamoDBClient): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: PARTITION_KEY, AttributeType: 'S' },
        { AttributeName: SORT_KEY, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
    }),
  );
};

export interface Units {
  read: number;
  write: number;
}

/** Waits take no time but let others go first; pauses are counted. */
export const quickClock = (): Clock & { pauses: number } => ({
  pauses: 0,
  now: () => Date.now(),
  async sleep() {
    this.pauses += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  },
});

const ids: Ids = { next: () => randomUUID(), fraction: () => Math.random() };

export const storeOn = (client: DynamoDBClient, options: DynamoStoreOptions & { units?: Units; clock?: Clock } = {}): Store => {
  const { units, clock = quickClock(), ...rest } = options;
  return createDynamoStore(
    {
      client,
      tableName: TABLE,
      ids,
      clock,
      writes: 'NEWEST',
      onUnits: ({ read, write }) => {
        if (units === undefined) return;
        units.read += read;
        units.write += write;
      },
    },
    rest,
  );
};

/** A connection whose answers are lost after taking effect whenever `loses` says so, by the number of the call. */
export const losingAnswers = (endpoint: string, loses: (call: number) => boolean): DynamoDBClient => {
  const client = connect(endpoint);
  let calls = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      calls += 1;
      if (loses(calls)) throw new Error('socket hang up');
      return answer;
    },
    { step: 'initialize', name: 'lose-answers' },
  );
  return client;
};

/** Makes the table forget the tokens of requests, as it does ten minutes after them. */
export const forgettingTokens = (client: DynamoDBClient): DynamoDBClient => {
  client.middlewareStack.add(
    (next) => async (args) => {
      if ('ClientRequestToken' in args.input) Object.assign(args.input, { ClientRequestToken: randomUUID() });
      return next(args);
    },
    { step: 'initialize', name: 'forget-tokens', priority: 'low' },
  );
  return client;
};

/** A connection where other transactions are in the way of the first so many calls. */
export const inTheWay = (endpoint: string, times: number): DynamoDBClient => {
  const client = connect(endpoint);
  let calls = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls > times) return next(args);
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: { httpStatusCode: 400 },
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      });
    },
    { step: 'initialize', name: 'in-the-way' },
  );
  return client;
};
