import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, type Message as Received, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fauxqs, startFauxqs } from '../../../infra/local/engines/fauxqs.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/sqs-client.ts';
import { createSqsQueues } from '../../../shared/adapters/sqs/sqs-queues.ts';
import type { ActionMessage, LookupMessage, StealMessage } from '../../../shared/messages.ts';

const action = (given: Partial<ActionMessage> = {}): ActionMessage => ({
  schema: 1,
  account: 'paper',
  correlationId: 'c-1',
  kind: 'ACTION',
  actionId: 'cj-1:PLACE',
  symbol: 'BTC/USD',
  ...given,
});
const steal: StealMessage = { schema: 1, account: 'paper', correlationId: 'c-1', kind: 'STEAL', symbol: 'AAPL', slot: 'main' };
const lookup: LookupMessage = { schema: 1, account: 'paper', correlationId: 'c-1', kind: 'LOOKUP', actionId: 'a', symbol: 'AAPL', hop: 0 };

describe('the Queues port on SQS', () => {
  let engine: Fauxqs;
  let client: SQSClient;
  let url: (name: string) => string;

  beforeAll(async () => {
    engine = await startFauxqs({ dataDir: null });
    client = createSqsClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    const urls = new Map<string, string>();
    for (const name of ['actions.fifo', 'stops.fifo', 'steals.fifo', 'lookups', 'watchdogs']) {
      const fifo = name.endsWith('.fifo') ? { Attributes: { FifoQueue: 'true' } } : {};
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name, ...fifo }));
      urls.set(name, QueueUrl);
    }
    url = (name) => urls.get(name) ?? '';
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });

  const queues = () =>
    createSqsQueues({
      client,
      urls: {
        ACTION: url('actions.fifo'),
        STOP_ACTION: url('stops.fifo'),
        STEAL: url('steals.fifo'),
        LOOKUP: url('lookups'),
        WATCHDOG: url('watchdogs'),
      },
    });
  const receive = async (name: string): Promise<readonly Received[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url(name), MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl: url(name), ReceiptHandle }));
    return Messages;
  };

  it('groups actions by account and symbol, and steals by account', async () => {
    await queues().send(action());
    await queues().send(steal);
    const [acted] = await receive('actions.fifo');
    const [stolen] = await receive('steals.fifo');
    expect([acted?.Attributes?.['MessageGroupId'], JSON.parse(acted?.Body ?? '')]).toEqual(['paper:BTC/USD', action()]);
    expect([stolen?.Attributes?.['MessageGroupId'], JSON.parse(stolen?.Body ?? '')]).toEqual(['paper', steal]);
  });

  it('SL-4 sends what a stop needs past all other actions, in order by symbol', async () => {
    const stop = { ...action(), kind: 'STOP_ACTION' } as const;
    await queues().send(stop);
    const [sent] = await receive('stops.fifo');
    expect([sent?.Attributes?.['MessageGroupId'], JSON.parse(sent?.Body ?? '')]).toEqual(['paper:BTC/USD', stop]);
    expect(await receive('actions.fifo')).toEqual([]);
  });

  it('SL-7 delays a watchdog by itself', async () => {
    const watchdog = { schema: 1, account: 'paper', correlationId: 'c-1', kind: 'WATCHDOG', symbol: 'AAPL', slot: 'main', hop: 0 } as const;
    await queues().send(watchdog, { delaySeconds: 1 });
    expect(await receive('watchdogs')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await receive('watchdogs')).map((received) => received.Body)).toEqual([JSON.stringify(watchdog)]);
  });

  it('hashes the name of a group that SQS would refuse', async () => {
    await queues().send(action({ account: 'päper main', actionId: 'odd' }));
    const [acted] = await receive('actions.fifo');
    expect(acted?.Attributes?.['MessageGroupId']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('drops a repeat, and lets it pass under a nonce', async () => {
    const message = action({ actionId: 'repeated' });
    for (const nonce of [undefined, undefined, 'again', 'again']) await queues().send(message, nonce === undefined ? {} : { nonce });
    const bodies = [...(await receive('actions.fifo')), ...(await receive('actions.fifo')), ...(await receive('actions.fifo'))].map((received) => received.Body);
    expect(bodies).toEqual([JSON.stringify(message), JSON.stringify(message)]);
  });

  it('delays a message of a standard queue, and refuses to delay one of a FIFO queue', async () => {
    await queues().send(lookup, { delaySeconds: 1 });
    expect(await receive('lookups')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await receive('lookups')).map((received) => received.Body)).toEqual([JSON.stringify(lookup)]);
    await expect(queues().send(action(), { delaySeconds: 1 })).rejects.toThrow('FIFO');
  });

  it('names the variable of a queue that a function was not given', async () => {
    const tick = { schema: 1, account: 'paper', correlationId: 'c', kind: 'QUOTE_TICK' } as const;
    await expect(queues().send(tick)).rejects.toThrow('QUOTE_TICKS_QUEUE_URL');
  });

  it('reaches a queue on its own endpoint, whatever host the URL bears', async () => {
    const elsewhere = createSqsQueues({ client, urls: { LOOKUP: 'http://sqs.us-east-1.localhost/000000000000/lookups' } });
    await elsewhere.send({ ...lookup, hop: 7 });
    expect((await receive('lookups')).map((received) => JSON.parse(received.Body ?? '').hop)).toEqual([7]);
  });

  it('sends again what SQS could not take', async () => {
    const flaky = createSqsClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    let failures = 2;
    flaky.middlewareStack.add(
      (next) => async (args) => {
        if (failures > 0) {
          failures -= 1;
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $retryable: {}, $metadata: {} });
        }
        return next(args);
      },
      { step: 'finalizeRequest', name: 'flaky', priority: 'low' },
    );
    await createSqsQueues({ client: flaky, urls: { LOOKUP: url('lookups') } }).send({ ...lookup, hop: 9 });
    flaky.destroy();
    expect((await receive('lookups')).map((received) => JSON.parse(received.Body ?? '').hop)).toEqual([9]);
  });
});
