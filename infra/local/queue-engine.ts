// The queues on the embedded engine, made as the template says.
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type { QueuePart } from './cloud-parts.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './local-names.ts';

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface ReceiveOptions {
  readonly most: number;
  readonly waitSeconds: number;
  /** How long what is received stays hidden; null for as long as the queue says. */
  readonly visibilitySeconds: number | null;
  readonly signal: AbortSignal;
}

export interface QueueEngine {
  create(queues: readonly QueuePart[]): Promise<void>;
  send(queueUrl: string, body: string): Promise<void>;
  receive(queueUrl: string, options: ReceiveOptions): Promise<readonly Message[]>;
  remove(queueUrl: string, message: Message): Promise<void>;
  /** Lets a received message be received again at once. */
  giveBack(queueUrl: string, message: Message): Promise<void>;
  count(queueUrl: string): Promise<QueueCounts>;
  close(): void;
}

const attributesOf = (queue: QueuePart): Record<string, string> => ({
  VisibilityTimeout: String(queue.VisibilityTimeout),
  MessageRetentionPeriod: String(queue.MessageRetentionPeriod),
  ...(queue.RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(queue.RedrivePolicy) }),
});

const createOne = async (client: SQSClient, queue: QueuePart): Promise<void> => {
  const attributes = attributesOf(queue);
  try {
    const fixed = queue.FifoQueue ? { FifoQueue: 'true' } : {};
    await client.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: { ...attributes, ...fixed } }));
  } catch (error) {
    if (!(error instanceof Error) || !error.name.includes('QueueNameExists')) throw error;
    // A data folder of an older template: what can be changed is.
    await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: attributes }));
  }
};

const countOf = (attributes: Partial<Record<string, string>> | undefined, name: string): number =>
  Number(attributes?.[name] ?? 0);

const COUNTS = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

const createAll = async (client: SQSClient, queues: readonly QueuePart[]): Promise<void> => {
  // A dead-letter queue must stand before the queue that names it.
  const targets = queues.filter(({ RedrivePolicy }) => RedrivePolicy === undefined);
  const sources = queues.filter(({ RedrivePolicy }) => RedrivePolicy !== undefined);
  for (const queue of [...targets, ...sources]) await createOne(client, queue);
};

const receive = async (client: SQSClient, queueUrl: string, options: ReceiveOptions): Promise<readonly Message[]> => {
  const { most, waitSeconds, visibilitySeconds, signal } = options;
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['All'],
    ...(visibilitySeconds === null ? {} : { VisibilityTimeout: visibilitySeconds }),
  });
  const { Messages } = await client.send(command, { abortSignal: signal });
  return Messages ?? [];
};

const count = async (client: SQSClient, queueUrl: string): Promise<QueueCounts> => {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: Object.values(COUNTS) });
  const { Attributes } = await client.send(command);
  return {
    visible: countOf(Attributes, COUNTS.visible),
    inFlight: countOf(Attributes, COUNTS.inFlight),
    delayed: countOf(Attributes, COUNTS.delayed),
  };
};

/** Connects to the queue engine. */
export const connectQueueEngine = (endpoint: string): QueueEngine => {
  const client = new SQSClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  return {
    create: async (queues) => createAll(client, queues),
    send: async (QueueUrl, MessageBody) => {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    receive: async (queueUrl, options) => receive(client, queueUrl, options),
    remove: async (QueueUrl, { ReceiptHandle }) => {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    giveBack: async (QueueUrl, { ReceiptHandle }) => {
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    },
    count: async (queueUrl) => count(client, queueUrl),
    close: () => {
      client.destroy();
    },
  };
};
