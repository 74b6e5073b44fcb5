// The SDK clients that a function is given: its own, on the engines, held to its own policies.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Engines } from './cloud-engines.ts';
import type { CloudOptions } from './cloud-options.ts';
import type { CloudParts, FunctionPart } from './cloud-parts.ts';
import { checkOf, holdQueueClient, holdTableClient } from './grants.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './local-names.ts';
import { tapSends } from './send-tap.ts';
import type { SendListener } from './send-tap.ts';

/** As often as a function's own client asks a queue. */
const QUEUE_TRIES = 4;

export interface FunctionClients {
  readonly dynamoClient: DynamoDBClient;
  readonly sqsClient: SQSClient;
}

export interface ClientSurroundings {
  readonly engines: Engines;
  readonly parts: CloudParts;
  readonly options: CloudOptions;
  readonly listener: SendListener;
}

/** Builds one function's clients. */
export const buildClients = (part: FunctionPart, around: ClientSurroundings): FunctionClients => {
  const { engines, parts, options, listener } = around;
  const common = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  // As in a function: one try at the table, for the store itself repeats what may be repeated.
  const dynamoClient = new DynamoDBClient({ ...common, endpoint: engines.dynamodb, maxAttempts: 1 });
  const sqsClient = new SQSClient({ ...common, endpoint: engines.sqs, useQueueUrlAsEndpoint: false, maxAttempts: QUEUE_TRIES });
  options.configureClient?.(dynamoClient);
  options.configureClient?.(sqsClient);
  tapSends(sqsClient, listener);
  const check = checkOf(parts, part);
  holdTableClient(dynamoClient, parts.table.arn, check);
  holdQueueClient(sqsClient, parts, check);
  return { dynamoClient, sqsClient };
};
