import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

const CONNECT_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 4000;

/**
 * Builds the client: endpoint, region and credentials from the environment unless given. It tries each call once:
 * the store itself repeats what may be repeated, on the clock and with the jitter it was given.
 */
export const createDynamoClient = (config: DynamoDBClientConfig = {}): DynamoDBClient => {
  const client = new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: ANSWER_MILLISECONDS, throwOnRequestTimeout: true },
    ...config,
  });
  // It prepares what it would log on every call, a tenth of its cost, and then has no logger to give it to.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};
