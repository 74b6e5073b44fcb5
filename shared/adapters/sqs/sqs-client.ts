import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';

const CONNECT_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 4000;
const MOST_TRIES = 4;

/**
 * Builds the client: endpoint, region and credentials from the environment unless given. A queue's URL only names the
 * queue: calls go to the client's endpoint, so that a local queue is reached whatever host its URL bears.
 */
export const createSqsClient = (config: SQSClientConfig = {}): SQSClient =>
  new SQSClient({
    useQueueUrlAsEndpoint: false,
    maxAttempts: MOST_TRIES,
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: ANSWER_MILLISECONDS, throwOnRequestTimeout: true },
    ...config,
  });
