// The Queues port on SQS: FIFO queues where order matters, standard ones where a delay does.
import { createHash } from 'node:crypto';
import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import { type Message, messageSchema, QUEUES } from '../../messages.ts';
import type { Queues } from '../../ports.ts';
import type { Writes } from '../../schema-writes.ts';

export type QueueUrls = Readonly<Partial<Record<Message['kind'], string>>>;

export interface SqsQueuesParts {
  readonly client: SQSClient;
  /** Where each kind of message goes; a function has only the queues that it sends to. */
  readonly urls: QueueUrls;
  /** Which schema is sent; the older unless given, which every release that may run beside this one reads. */
  readonly writes?: Writes;
}

/** Says that a function sends a message to a queue that its environment does not name. */
export class NoQueueError extends Error {
  constructor(kind: Message['kind']) {
    super(`${QUEUES[kind].environment}: expected the URL of the queue that ${kind} messages go to`);
    this.name = 'NoQueueError';
  }
}

/** Says that a message to a FIFO queue was to be delayed: such a queue has no delay of one message. */
export class NoDelayError extends Error {
  constructor(kind: Message['kind']) {
    super(`${kind} messages go to a FIFO queue, which delays none of them`);
    this.name = 'NoDelayError';
  }
}

/** Builds the queues. */
export const createSqsQueues = ({ client, urls, writes = 'OLDER' }: SqsQueuesParts): Queues => ({
  send: async (message, options = {}) => {
    const url = urls[message.kind];
    if (url === undefined) throw new NoQueueError(message.kind);
    const group = groupOf(message);
    const delaySeconds = options.delaySeconds ?? 0;
    if (group !== null && delaySeconds > 0) throw new NoDelayError(message.kind);
    const base = { QueueUrl: url, MessageBody: JSON.stringify({ ...message, schema: messageSchema(writes) }) };
    await client.send(new SendMessageCommand(group === null ? delayed(base, delaySeconds) : grouped(base, group, options.nonce ?? '')));
  },
});

const delayed = (base: SendMessageCommandInput, delaySeconds: number): SendMessageCommandInput =>
  delaySeconds > 0 ? { ...base, DelaySeconds: Math.min(delaySeconds, MOST_DELAY_SECONDS) } : base;

const MOST_DELAY_SECONDS = 900;

const grouped = (base: SendMessageCommandInput, group: string, nonce: string): SendMessageCommandInput => ({
  ...base,
  MessageGroupId: group,
  MessageDeduplicationId: createHash('sha256').update(base.MessageBody ?? '').update(`\n${nonce}`).digest('hex'),
});

const groupOf = (message: Message): string | null => {
  const { group } = QUEUES[message.kind];
  if (group === null) return null;
  return asGroup(group === 'symbol' && 'symbol' in message ? `${message.account}:${message.symbol}` : message.account);
};

// A group's name takes 128 characters of ASCII without blanks; whatever else an account is called is hashed.
const asGroup = (name: string): string =>
  /^[!-~]{1,128}$/.test(name) ? name : createHash('sha256').update(name).digest('hex');
