// Does what Lambda's event source mapping does: a batch in, what failed back to the queue, the rest deleted.
import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { MappingPart, QueuePart } from './cloud-parts.ts';
import { LOCAL_REGION } from './local-names.ts';
import type { QueueEngine, ReceiveOptions } from './queue-engine.ts';

export interface Mapping {
  readonly part: MappingPart;
  readonly queue: QueuePart;
  readonly functionName: string;
}

export interface PollerOptions {
  readonly engine: QueueEngine;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Whether a message that failed may come back at once instead of after the queue's visibility time. */
  readonly givesBackAtOnce: boolean;
  /** Whether every message is delivered a second time, after others had their turn. */
  readonly duplicateDeliveries: boolean;
  readonly onFailure: (failure: DeliveryFailure) => void;
}

export interface DeliveryFailure {
  readonly functionName: string;
  readonly error: unknown;
}

// What the engine left out of a message's attributes, if anything.
const REQUIRED_ATTRIBUTES = {
  ApproximateReceiveCount: '1',
  SentTimestamp: '0',
  SenderId: 'local',
  ApproximateFirstReceiveTimestamp: '0',
} as const;

const recordOf = (message: Message, queue: QueuePart): SQSRecord => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: { ...REQUIRED_ATTRIBUTES, ...message.Attributes },
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: LOCAL_REGION,
});

const answer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

// As Lambda reads it: an answer of another form, or one that names a message not in the batch, fails the whole batch.
const failedIn = (returned: unknown, messages: readonly Message[]): ReadonlySet<string> => {
  const ids = new Set(messages.map(({ MessageId }) => MessageId ?? ''));
  if (returned === undefined || returned === null) return new Set();
  const parsed = answer.safeParse(returned);
  const failed = parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
  return !parsed.success || failed.some((id) => !ids.has(id)) ? ids : new Set(failed);
};

const deliver = async (mapping: Mapping, messages: readonly Message[], options: PollerOptions): Promise<ReadonlySet<string>> => {
  const event: SQSEvent = { Records: messages.map((message) => recordOf(message, mapping.queue)) };
  try {
    const returned = await options.invoke(mapping.functionName, event);
    if (!mapping.part.FunctionResponseTypes.includes('ReportBatchItemFailures')) return new Set();
    return failedIn(returned, messages);
  } catch (error) {
    options.onFailure({ functionName: mapping.functionName, error });
    return new Set(messages.map(({ MessageId }) => MessageId ?? ''));
  }
};

const isFirstDelivery = (message: Message): boolean => message.Attributes?.ApproximateReceiveCount === '1';

const settleOne = async (mapping: Mapping, message: Message, failed: boolean, options: PollerOptions): Promise<boolean> => {
  const { engine } = options;
  const again = !failed && options.duplicateDeliveries && isFirstDelivery(message);
  const comesBack = again || (failed && options.givesBackAtOnce);
  if (comesBack) await engine.giveBack(mapping.queue.url, message);
  else if (!failed) await engine.remove(mapping.queue.url, message);
  return comesBack;
};

export interface Polled {
  readonly received: number;
  /** How many of them can be received again at once. */
  readonly givenBack: number;
}

/** Receives one batch, delivers it and settles each of its messages. */
export const pollOnce = async (
  mapping: Mapping,
  options: PollerOptions,
  receive: Omit<ReceiveOptions, 'most'>,
): Promise<Polled> => {
  const most = Math.min(10, mapping.part.BatchSize);
  const messages = await options.engine.receive(mapping.queue.url, { ...receive, most });
  if (messages.length === 0) return { received: 0, givenBack: 0 };
  const failed = await deliver(mapping, messages, options);
  const settled = messages.map(async (message) => settleOne(mapping, message, failed.has(message.MessageId ?? ''), options));
  const comeBack = await Promise.all(settled);
  return { received: messages.length, givenBack: comeBack.filter(Boolean).length };
};
