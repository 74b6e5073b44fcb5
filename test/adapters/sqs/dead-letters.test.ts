import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type Message as Received, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Fauxqs, startFauxqs } from '../../../infra/local/engines/fauxqs.ts';
import { createSqsDeadLetters } from '../../../shared/adapters/sqs/dead-letters.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/sqs-client.ts';

const FIFO = { FifoQueue: 'true' };

describe('SL-10 the DeadLetters port on SQS', () => {
  let engine: Fauxqs;
  let client: SQSClient;
  let places: Readonly<Record<'actions' | 'lookups', { deadLetters: string; source: string }>>;
  let round = 0;

  const connectTo = (): SQSClient => createSqsClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 });
  const create = async (name: string): Promise<string> => {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name, ...(name.endsWith('.fifo') ? { Attributes: FIFO } : {}) }));
    return QueueUrl;
  };

  beforeAll(async () => {
    engine = await startFauxqs({ dataDir: null });
    client = connectTo();
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });
  beforeEach(async () => {
    round += 1;
    places = {
      actions: { deadLetters: await create(`actions-dead-${round}.fifo`), source: await create(`actions-${round}.fifo`) },
      lookups: { deadLetters: await create(`lookups-dead-${round}`), source: await create(`lookups-${round}`) },
    };
  });

  let sends = 0;
  const put = (url: string, body: unknown, group: string | null = null): Promise<unknown> =>
    client.send(new SendMessageCommand({
      QueueUrl: url,
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      ...(group === null ? {} : { MessageGroupId: group, MessageDeduplicationId: `put-${(sends += 1)}` }),
    }));
  const take = async (url: string): Promise<readonly Received[]> => {
    const found: Received[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }));
      if (Messages.length === 0) return found;
      for (const message of Messages) await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
      found.push(...Messages);
    }
  };
  const bodies = async (url: string): Promise<readonly unknown[]> => (await take(url)).map(({ Body = '' }) => JSON.parse(Body));
  const letters = (with_ = client) => createSqsDeadLetters({ client: with_, queues: places, waitSeconds: 0 });

  it('counts what waits, queue by queue', async () => {
    await put(places.lookups.deadLetters, { schema: 1 });
    await put(places.lookups.deadLetters, { schema: 1 });
    expect(await letters().count()).toEqual([{ queue: 'actions', waiting: 0 }, { queue: 'lookups', waiting: 2 }]);
  });

  it('puts back at most so many, and tells what is left', async () => {
    for (let n = 0; n < 13; n += 1) await put(places.lookups.deadLetters, { schema: 1, n });
    expect(await letters().redrive('lookups', 12)).toEqual({ moved: 12, left: 1 });
    expect(await bodies(places.lookups.source)).toHaveLength(12);
    expect(await letters().redrive('lookups', 100)).toEqual({ moved: 1, left: 0 });
    expect(await letters().redrive('lookups', 100)).toEqual({ moved: 0, left: 0 });
  });

  it('keeps the groups of a FIFO queue and their order', async () => {
    for (const [group, n] of [['a', 1], ['b', 2], ['a', 3]] as const) await put(places.actions.deadLetters, { schema: 1, n }, group);
    expect(await letters().redrive('actions', 10)).toEqual({ moved: 3, left: 0 });
    const found = (await take(places.actions.source)).map(({ Body = '', Attributes }) => [Attributes?.MessageGroupId, JSON.parse(Body).n]);
    expect(found.filter(([group]) => group === 'a')).toEqual([['a', 1], ['a', 3]]);
    expect(found.filter(([group]) => group === 'b')).toEqual([['b', 2]]);
  });

  it('is heard although the very same message was sent a moment ago, and again once it has failed anew', async () => {
    await put(places.actions.source, { schema: 1, n: 1 }, 'a');
    expect(await take(places.actions.source)).toHaveLength(1);
    for (let count = 0; count < 3; count += 1) {
      await put(places.actions.deadLetters, { schema: 1, n: 1 }, 'a');
      expect(await letters().redrive('actions', 10)).toEqual({ moved: 1, left: 0 });
      expect(await take(places.actions.source)).toHaveLength(1);
    }
  });

  it('takes nothing out that the queue has not stored again', async () => {
    const failing = connectTo();
    failing.middlewareStack.add((next, { commandName }) => (args) => (commandName === 'SendMessageCommand' ? Promise.reject(new Error('not stored')) : next(args)), { step: 'initialize' });
    await put(places.actions.deadLetters, { schema: 1, n: 1 }, 'a');
    await expect(letters(failing).redrive('actions', 10)).rejects.toThrow('not stored');
    expect(await letters().count()).toContainEqual({ queue: 'actions', waiting: 1 });
    failing.destroy();
  });

  it('that died between the two leaves the letter in both; on a FIFO queue the second sends nothing twice within its five minutes', async () => {
    const dying = connectTo();
    dying.middlewareStack.add((next, { commandName }) => (args) => (commandName === 'DeleteMessageCommand' ? Promise.reject(new Error('died')) : next(args)), { step: 'initialize' });
    // What the dead run had received is seen again at once, and not half a minute later.
    dying.middlewareStack.add((next, { commandName }) => (args) => next(commandName === 'ReceiveMessageCommand' ? { ...args, input: { ...args.input, VisibilityTimeout: 0 } } : args), { step: 'initialize' });
    for (const queue of ['actions', 'lookups'] as const) await put(places[queue].deadLetters, { schema: 1, n: 1 }, queue === 'actions' ? 'a' : null);
    for (const queue of ['actions', 'lookups'] as const) {
      await expect(letters(dying).redrive(queue, 1)).rejects.toThrow('died');
      expect((await letters().redrive(queue, 10)).left).toBe(0);
    }
    expect([(await take(places.actions.source)).length, (await take(places.lookups.source)).length]).toEqual([1, 2]);
    dying.destroy();
  });

  it('leaves a message of a newer schema where it is, with what is behind it in its group', async () => {
    for (const [group, schema] of [['a', 1], ['a', 2], ['a', 1], ['b', 1]] as const) await put(places.actions.deadLetters, { schema }, group);
    await put(places.lookups.deadLetters, { schema: 2 });
    await put(places.lookups.deadLetters, { schema: 1 });
    expect(await letters().redrive('actions', 100)).toEqual({ moved: 2, left: 2 });
    expect(await letters().redrive('lookups', 100)).toEqual({ moved: 1, left: 1 });
    expect([await bodies(places.actions.source), await bodies(places.lookups.source)]).toEqual([[{ schema: 1 }, { schema: 1 }], [{ schema: 1 }]]);
  });

  it('leaves what is behind a newer one in its group also where both come in one answer, and sends the oldest first', async () => {
    const sent: string[] = [];
    const canned = connectTo();
    const message = (id: string, schema: number, group: string, at: number) => ({ MessageId: id, ReceiptHandle: id, Body: JSON.stringify({ schema, id }), Attributes: { MessageGroupId: group, SentTimestamp: `${at}` } });
    let answers = [[message('4', 1, 'b', 40), message('1', 1, 'a', 10), message('2', 2, 'a', 20), message('3', 1, 'a', 30)]];
    canned.middlewareStack.add((_next, { commandName }) => async ({ input }) => {
      const [Messages = [], ...rest] = commandName === 'ReceiveMessageCommand' ? answers : [[]];
      if (commandName === 'ReceiveMessageCommand') answers = rest;
      if (commandName === 'SendMessageCommand' && 'MessageBody' in input) sent.push(String(JSON.parse(String(input.MessageBody)).id));
      return { response: {}, output: { $metadata: {}, Messages, Attributes: {} } };
    }, { step: 'initialize', priority: 'high' });
    expect((await letters(canned).redrive('actions', 10)).moved).toBe(2);
    expect(sent).toEqual(['1', '4']);
    canned.destroy();
  });

  it('ends, also where more of a newer schema lie there than can be looked at before the first are seen again', async () => {
    let looks = 0;
    const crowded = connectTo();
    crowded.middlewareStack.add((_next, { commandName }) => async () => {
      if (commandName === 'ReceiveMessageCommand') looks += 1;
      if (looks > 1000) throw new Error('looks for ever');
      const Messages = Array.from({ length: 10 }, (_, n) => ({ MessageId: `${looks}-${n}`, ReceiptHandle: 'r', Body: JSON.stringify({ schema: 2 }), Attributes: {} }));
      return { response: {}, output: { $metadata: {}, Messages, Attributes: { ApproximateNumberOfMessages: '5000' } } };
    }, { step: 'initialize', priority: 'high' });
    expect(await letters(crowded).redrive('lookups', 100)).toEqual({ moved: 0, left: 5000 });
    expect(looks).toBeLessThanOrEqual(100);
    crowded.destroy();
  });

  it('puts back what is no message of ours: the function that reads it says why', async () => {
    await put(places.lookups.deadLetters, 'no JSON');
    expect(await letters().redrive('lookups', 100)).toEqual({ moved: 1, left: 0 });
  });

  it('knows no other queue', async () => {
    await expect(letters().redrive('toString', 1)).rejects.toThrow('expected the name of a queue');
  });
});
