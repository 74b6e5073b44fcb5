// Every message that a day has sent, taken for a dead letter and put back: twice, hours late and in another order, through
// real queues and the functions that read them.
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type Message as Received, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHandler as createEntryWatch } from '../../functions/entry-watch/handler.ts';
import { createHandler as createOrderAction } from '../../functions/order-action/handler.ts';
import { createHandler as createQuotePoll } from '../../functions/quote-poll/handler.ts';
import { createHandler as createReconcile } from '../../functions/reconcile/handler.ts';
import { createHandler as createStealAttempt } from '../../functions/steal-attempt/handler.ts';
import { type Fauxqs, startFauxqs } from '../../infra/local/engines/fauxqs.ts';
import { createSqsDeadLetters } from '../../shared/adapters/sqs/dead-letters.ts';
import { createSqsClient } from '../../shared/adapters/sqs/sqs-client.ts';
import type { Message } from '../../shared/messages.ts';
import { QUEUES } from '../../shared/messages.ts';
import { redriveDeadLetters } from '../../shared/redrive.ts';
import { batch, context, failedIds } from '../functions/fakes.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'operator', requestId: 'r', correlationId: 'c' } as const;
type QueueName = (typeof QUEUES)[Message['kind']]['name'];
const NAMES: readonly QueueName[] = ['stops', 'actions', 'steals', 'quotes', 'lookups', 'watchdogs', 'quote-ticks', 'reconcile-ticks'];
const isFifo = (name: QueueName): boolean => name === 'stops' || name === 'actions' || name === 'steals';

describe('SL-10 EX-9 dead letters that are put back', () => {
  let engine: Fauxqs;
  let client: SQSClient;
  let round = 0;

  beforeAll(async () => {
    engine = await startFauxqs({ dataDir: null });
    client = createSqsClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });

  const places = async (): Promise<Readonly<Record<QueueName, { deadLetters: string; source: string }>>> => {
    round += 1;
    const create = async (name: string, fifo: boolean): Promise<string> => {
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: `${name}-${round}${fifo ? '.fifo' : ''}`, ...(fifo ? { Attributes: { FifoQueue: 'true' } } : {}) }));
      return QueueUrl;
    };
    const made = await Promise.all(NAMES.map(async (name) => [name, { deadLetters: await create(`${name}-dead`, isFifo(name)), source: await create(name, isFifo(name)) }] as const));
    return Object.fromEntries(made) as never;
  };

  const functionsOf = ({ deps }: World) => {
    const act = createOrderAction(deps);
    return {
      stops: act, actions: act, lookups: act, watchdogs: act,
      steals: createStealAttempt(deps), quotes: createEntryWatch(deps), 'quote-ticks': createQuotePoll(deps), 'reconcile-ticks': createReconcile(deps),
    } as const;
  };

  /** A bench over a world: its letters are put aside, put back, and read by its functions. */
  const benchOf = async (world: World) => {
    const urls = await places();
    const functions = functionsOf(world);
    const letters = createSqsDeadLetters({ client, queues: urls, waitSeconds: 0 });
    let put = 0;
    const putAside = async (message: Readonly<Record<string, unknown>> & { readonly kind: Message['kind'] }): Promise<void> => {
      const { name } = QUEUES[message.kind];
      const group = 'symbol' in message ? String(message.symbol) : 'account';
      put += 1;
      await client.send(new SendMessageCommand({
        QueueUrl: urls[name].deadLetters, MessageBody: JSON.stringify(message), ...(isFifo(name) ? { MessageGroupId: group, MessageDeduplicationId: `put-${put}` } : {}),
      }));
    };
    const readAll = async (name: QueueName): Promise<readonly string[]> => {
      const failed: string[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: urls[name].source, MaxNumberOfMessages: name === 'stops' ? 1 : 10, MessageSystemAttributeNames: ['All'] }));
        if (Messages.length === 0) return failed;
        failed.push(...(await handle(name, Messages)));
        for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl: urls[name].source, ReceiptHandle }));
      }
    };
    const handle = async (name: QueueName, messages: readonly Received[]): Promise<readonly string[]> => {
      const groups = messages.map(({ Attributes }) => Attributes?.MessageGroupId ?? '');
      const event = batch(messages.map(({ Body = '' }) => Body), isFifo(name) ? { fifo: true, groups } : {});
      return failedIds((await functions[name](event, context())) ?? { batchItemFailures: [] });
    };
    const redriveAll = async (order: readonly QueueName[]): Promise<{ moved: number; left: number; failed: readonly string[] }> => {
      const total = { moved: 0, left: 0, failed: [] as string[] };
      for (const queue of order) {
        for (;;) {
          const { moved, left } = await redriveDeadLetters({ deadLetters: letters, telemetry: world.telemetry }, { queue, most: 100, who: 'ann' }, TRACE);
          total.moved += moved;
          if (moved === 0) { total.left += left; break; }
        }
        total.failed.push(...(await readAll(queue)));
        await world.drain();
      }
      return total;
    };
    return { putAside, redriveAll, letters };
  };

  /** A day with entries, fills, a stop, a steal and an exit; what it has sent, and what of it was never read. */
  const day = async () => {
    const lost: Message[] = [];
    const world: World = await World.open({
      loses: (message) => {
        const isLost = ('symbol' in message && message.symbol === 'NVDA' && message.kind === 'ACTION') || (message.kind === 'STOP_ACTION' && message.symbol === 'TSLA');
        if (isLost) lost.push(message);
        return isLost;
      },
    });
    await world.plan(1, [
      { symbol: 'AAPL', takeProfit: '110' },
      { symbol: 'MSFT', takeProfit: '120' },
      { symbol: 'TSLA', quantity: '1' },
      { symbol: 'NVDA', quantity: '2' },
      { symbol: 'BTC/USD', takeProfit: '130' },
    ]);
    await world.tick({ AAPL: '100.5', MSFT: '99.9', TSLA: '99.9', NVDA: '100.3', 'BTC/USD': '99.9' });
    await world.pass(5);
    await world.tick({ 'BTC/USD': '130.5' });
    return { world, lost };
  };

  const shuffled = <Item>(items: readonly Item[], by: number): readonly Item[] => [...items].map((item, index) => ({ item, key: (index * 7919 + by * 104_729) % 1_000_003 })).sort((a, b) => a.key - b.key).map(({ item }) => item);

  it('twice, hours late and in another order, send nothing twice, break no cap and end quietly', async () => {
    const { world, lost } = await day();
    const bench = await benchOf(world);
    const sent = [...world.queues.sent, ...lost];
    expect(new Set(sent.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(3);
    expect(lost.map(({ kind }) => kind).sort()).toEqual(['ACTION', 'STOP_ACTION']);
    expect(world.state('NVDA')).toBe('PLACING/FLAT');
    const steal = { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'STEAL', symbol: 'AAPL', slot: 'main' } as const;
    const ticks = [{ schema: 1, account: 'paper-1', correlationId: 'c', kind: 'QUOTE_TICK' }, { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'RECONCILE_TICK' }] as const;
    const quotes = { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'QUOTES', quotes: [{ symbol: 'AAPL', price: '1', at: world.now - 1000 }] } as const;
    const gone = { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'ACTION', actionId: 'nobody:PLACE', symbol: 'AAPL' } as const;
    const lookup = { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'LOOKUP', actionId: 'nobody:PLACE', symbol: 'AAPL', hop: 0 } as const;
    const watchdog = { schema: 1, account: 'paper-1', correlationId: 'c', kind: 'WATCHDOG', symbol: 'MSFT', slot: 'main', hop: 0 } as const;
    const all = [...sent, steal, ...ticks, quotes, gone, lookup, watchdog];
    const departedBefore = [...world.venue.departed];
    // Far from its limit: whatever it still sends would be sent by its letter.
    world.venue.setPrice('NVDA', d('150'));

    for (const pass of [1, 2]) {
      for (const message of shuffled(all, pass)) await bench.putAside(message);
      for (const kind of ['ACTION', 'STOP_ACTION', 'STEAL', 'QUOTES', 'LOOKUP', 'WATCHDOG', 'QUOTE_TICK', 'RECONCILE_TICK'] as const) {
        if (pass === 1) await bench.putAside({ schema: 2, account: 'paper-1', kind, symbol: 'A-NEWER-ONE' });
      }
      world.now += 2 * 3_600_000;
      await world.readEquity();
      const { moved, left, failed } = await bench.redriveAll(pass === 1 ? NAMES : [...NAMES].reverse());
      expect([moved, left, failed]).toEqual([all.length, NAMES.length, []]);
    }

    const departed = world.venue.departed;
    // The only thing that was still to be sent is the stop that no message had brought to the venue.
    const late = departed.slice(departedBefore.length);
    expect(new Set(departed).size).toBe(departed.length);
    expect(late).toEqual([world.stopOrder('TSLA').clientOrderId]);
    expect(world.stopOrder('TSLA').status).toBe('OPEN');
    expect([world.state('NVDA'), world.slot('NVDA').entry.status]).toEqual(['NONE/FLAT', 'NONE']);
    expect(world.account.capacity?.free.isNegative()).toBe(false);
    expect(world.telemetry.notes.filter(({ level }) => level === 'ERROR')).toEqual([]);
    expect(world.telemetry.fields('DEAD_LETTERS_REDRIVEN', 'by').every((by) => by === 'ann')).toBe(true);
  }, 30_000);

  it('bring a stop to the venue however late, and end an entry that is past its time', async () => {
    const { world, lost } = await day();
    const bench = await benchOf(world);
    const { departed } = world.venue;
    const before = departed.length;
    const held = world.account.capacity?.free.toFixed();
    for (const message of lost) await bench.putAside(message);
    world.now += 2 * 3_600_000;
    expect(await bench.redriveAll(['stops'])).toEqual({ moved: 1, left: 0, failed: [] });
    expect([departed.slice(before), world.stopOrder('TSLA').status]).toEqual([[world.stopOrder('TSLA').clientOrderId], 'OPEN']);
    expect(await bench.redriveAll(['actions'])).toEqual({ moved: 1, left: 0, failed: [] });
    expect([departed.length, world.state('NVDA'), world.account.capacity?.free.toFixed() === held]).toEqual([before + 1, 'NONE/FLAT', false]);
  });

  it('of an unknown queue, or in a number that is none, are refused', async () => {
    const { letters } = await benchOf(await World.open());
    const order = (queue: string, most: number) => redriveDeadLetters({ deadLetters: letters, telemetry: { record: () => undefined, count: () => undefined } }, { queue, most, who: null }, TRACE);
    await expect(order('lunch', 1)).rejects.toMatchObject({ field: 'queue' });
    for (const most of [0, 101, 1.5, Number.NaN]) await expect(order('stops', most)).rejects.toMatchObject({ field: 'most' });
  });
});
