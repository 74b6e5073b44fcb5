import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { pollOnce } from '../../../infra/local/mapping-poller.ts';
import type { DeliveryFailure, Mapping, Polled, PollerOptions } from '../../../infra/local/mapping-poller.ts';
import type { QueueEngine, ReceiveOptions } from '../../../infra/local/queue-engine.ts';

const QUEUE = {
  name: 'ordered.fifo',
  arn: 'arn:aws:sqs:us-east-1:000000000000:ordered.fifo',
  url: 'http://127.0.0.1/000000000000/ordered.fifo',
  FifoQueue: true,
  VisibilityTimeout: 180,
  MessageRetentionPeriod: 60,
};
const mapping = (types: string[] = ['ReportBatchItemFailures'], BatchSize = 10): Mapping => ({
  part: { EventSourceArn: QUEUE.arn, FunctionName: 'f', BatchSize, FunctionResponseTypes: types },
  queue: QUEUE,
  functionName: 'f',
});
const message = (id: string, receives = 1): Message => ({
  MessageId: id,
  ReceiptHandle: `handle-${id}`,
  Body: `body-${id}`,
  MD5OfBody: 'md5',
  Attributes: { ApproximateReceiveCount: String(receives), MessageGroupId: 'g', SentTimestamp: '5' },
});

let done: string[] = [];
let asked: ReceiveOptions[] = [];
let failures: DeliveryFailure[] = [];
let events: SQSEvent[] = [];
beforeEach(() => {
  [done, asked, failures, events] = [[], [], [], []];
});

const engine = (messages: Message[]): QueueEngine => ({
  create: async () => undefined,
  send: async () => undefined,
  receive: async (_url, options) => {
    asked.push(options);
    return messages;
  },
  remove: async (_url, { MessageId }) => {
    done.push(`removed ${MessageId}`);
  },
  giveBack: async (_url, { MessageId }) => {
    done.push(`back ${MessageId}`);
  },
  count: async () => ({ visible: 0, inFlight: 0, delayed: 0 }),
  close: () => undefined,
});
const poll = async (
  messages: Message[],
  answer: () => unknown,
  changes: Partial<PollerOptions> = {},
  feed = mapping(),
): Promise<Polled> =>
  pollOnce(
    feed,
    {
      engine: engine(messages),
      invoke: async (_name, event) => {
        events.push(event as SQSEvent);
        return answer();
      },
      givesBackAtOnce: true,
      duplicateDeliveries: false,
      onFailure: (failure) => failures.push(failure),
      ...changes,
    },
    { waitSeconds: 0, visibilitySeconds: 10, signal: new AbortController().signal },
  );

describe('a batch of messages', () => {
  it('reaches the function as Lambda would form it', async () => {
    await poll([message('a', 2)], () => undefined);
    expect(events[0]?.Records).toEqual([
      {
        messageId: 'a',
        receiptHandle: 'handle-a',
        body: 'body-a',
        attributes: {
          ApproximateReceiveCount: '2',
          SentTimestamp: '5',
          SenderId: 'local',
          ApproximateFirstReceiveTimestamp: '0',
          MessageGroupId: 'g',
        },
        messageAttributes: {},
        md5OfBody: 'md5',
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE.arn,
        awsRegion: 'us-east-1',
      },
    ]);
  });

  it('is no larger than the mapping says', async () => {
    await poll([], () => undefined, {}, mapping([], 3));
    expect(asked[0]?.most).toBe(3);
  });

  it('calls no function when it is empty', async () => {
    expect(await poll([], () => undefined)).toEqual({ received: 0, givenBack: 0 });
    expect(events).toEqual([]);
  });

  it('is deleted but for the messages that the function names', async () => {
    const polled = await poll([message('a'), message('b')], () => ({ batchItemFailures: [{ itemIdentifier: 'b' }] }));
    expect(polled).toEqual({ received: 2, givenBack: 1 });
    expect(done).toEqual(['removed a', 'back b']);
  });

  it('leaves a failed message hidden for the queue’s own time where it may not come back at once', async () => {
    await poll([message('a')], () => ({ batchItemFailures: [{ itemIdentifier: 'a' }] }), { givesBackAtOnce: false });
    expect(done).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no failures', { batchItemFailures: [] }],
    ['an object without failures', {}],
  ])('is deleted whole after an answer of %s', async (_name, answer) => {
    await poll([message('a'), message('b')], () => answer);
    expect(done).toEqual(['removed a', 'removed b']);
  });

  it.each([
    ['a name that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'z' }] }],
    ['an empty name', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['no name', { batchItemFailures: [{}] }],
    ['another form', 'sorry'],
  ])('fails whole after an answer with %s', async (_name, answer) => {
    await poll([message('a'), message('b')], () => answer);
    expect(done).toEqual(['back a', 'back b']);
  });

  it('fails whole when the function throws, and that is told', async () => {
    const error = new Error('broken');
    await poll([message('a'), message('b')], () => {
      throw error;
    });
    expect(done).toEqual(['back a', 'back b']);
    expect(failures).toEqual([{ functionName: 'f', error }]);
  });

  it('is deleted whole where the mapping takes no partial answers', async () => {
    await poll([message('a')], () => ({ batchItemFailures: [{ itemIdentifier: 'a' }] }), {}, mapping([]));
    expect(done).toEqual(['removed a']);
  });
});

describe('delivering everything twice', () => {
  it('gives a message back after its first delivery and deletes it after the second', async () => {
    await poll([message('a', 1), message('b', 2)], () => undefined, { duplicateDeliveries: true });
    expect(done).toEqual(['back a', 'removed b']);
  });
});
