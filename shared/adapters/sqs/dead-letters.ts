// The DeadLetters port on SQS: what a queue gave up on is sent to it again, and only then taken out.
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { MESSAGE_SCHEMA } from '../../messages.ts';
import type { DeadLetters } from '../../ports.ts';

/** Where a queue's dead letters lie, and where they came from; URLs. */
export interface DeadLetterPlace {
  readonly deadLetters: string;
  readonly source: string;
}

export interface SqsDeadLettersParts {
  readonly client: SQSClient;
  /** By the queue's name. */
  readonly queues: Readonly<Record<string, DeadLetterPlace>>;
  /** How long an empty queue is asked, a second unless given: SQS asks all of its servers only where it waits. */
  readonly waitSeconds?: number;
}

/** Says that there is no queue of that name. */
export class NoDeadLettersError extends Error {
  constructor(queue: string) {
    super(`${queue}: expected the name of a queue with dead letters`);
    this.name = 'NoDeadLettersError';
  }
}

const MOST_AT_ONCE = 10;
/** As long as a redrive takes at most: what it leaves is seen again by itself, and by no second redrive meanwhile. */
const HIDDEN_SECONDS = 30;
const WAIT_SECONDS = 1;
/** What is left where it is comes into sight again: a redrive that only looks has to end. Ten times what it moves at most. */
const MOST_LOOKS = 100;
const COUNTED = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

/** Builds the dead letters of the queues given. */
export const createSqsDeadLetters = ({ client, queues, waitSeconds = WAIT_SECONDS }: SqsDeadLettersParts): DeadLetters => ({
  count: async () => {
    const counted = [];
    for (const [queue, { deadLetters }] of Object.entries(queues)) counted.push({ queue, waiting: await countOf(client, deadLetters) });
    return counted;
  },
  redrive: async (queue, most) => {
    const place = Object.hasOwn(queues, queue) ? queues[queue] : undefined;
    if (place === undefined) throw new NoDeadLettersError(queue);
    const moved = await moveAll({ client, waitSeconds }, place, most);
    return { moved, left: await countOf(client, place.deadLetters) };
  },
});

const countOf = async (client: SQSClient, url: string): Promise<number> => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTED] }));
  return COUNTED.reduce((total, name) => total + Number(Attributes?.[name] ?? 0), 0);
};

interface Asking {
  readonly client: SQSClient;
  readonly waitSeconds: number;
}

const moveAll = async (asking: Asking, place: DeadLetterPlace, most: number): Promise<number> => {
  let moved = 0;
  for (let looks = 0; moved < most && looks < MOST_LOOKS; looks += 1) {
    const found = await receive(asking, place.deadLetters, Math.min(MOST_AT_ONCE, most - moved));
    if (found.length === 0) break;
    for (const message of movable(found)) {
      await moveOne(asking.client, place, message);
      moved += 1;
    }
  }
  return moved;
};

const receive = async ({ client, waitSeconds }: Asking, url: string, most: number): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: waitSeconds,
    VisibilityTimeout: HIDDEN_SECONDS,
    MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
  });
  const { Messages = [] } = await client.send(command);
  return [...Messages].sort((a, b) => sentAt(a) - sentAt(b));
};

const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0);
const groupOf = ({ Attributes }: Message): string | null => Attributes?.MessageGroupId ?? null;

/** What this code can read; newer messages wait for the code that wrote them, and so does what is behind them in their group. */
const movable = (messages: readonly Message[]): readonly Message[] => {
  const held = new Set<string>();
  return messages.filter((message) => {
    const group = groupOf(message);
    if (group !== null && held.has(group)) return false;
    if (!isNewer(message)) return true;
    if (group !== null) held.add(group);
    return false;
  });
};

const isNewer = ({ Body = '' }: Message): boolean => {
  const schema = schemaIn(Body);
  return typeof schema === 'number' && schema > MESSAGE_SCHEMA;
};

// What is no JSON dead-letters again: the function that reads the queue says why.
const schemaIn = (body: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'schema' in parsed ? parsed.schema : null;
  } catch {
    return null;
  }
};

const moveOne = async (client: SQSClient, { deadLetters, source }: DeadLetterPlace, message: Message): Promise<void> => {
  await client.send(new SendMessageCommand({ QueueUrl: source, MessageBody: message.Body, ...groupedAgain(message) }));
  // A crash before this leaves it in both: what it asks for is decided by the table, so once more changes nothing.
  await client.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle: message.ReceiptHandle }));
};

// A FIFO queue drops what bears the deduplication id of a message it has had within five minutes. A dead letter's own id
// is new, and the same when a redrive that died after its send comes to it again.
const groupedAgain = (message: Message): { MessageGroupId?: string; MessageDeduplicationId?: string } => {
  const group = groupOf(message);
  return group === null ? {} : { MessageGroupId: group, MessageDeduplicationId: `redrive-${message.MessageId ?? ''}` };
};
