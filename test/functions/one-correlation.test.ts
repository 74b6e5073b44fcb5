// One entry from the webhook of its price to the stop behind it, through the functions' own handlers: whose id is on what.
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHandler as entryWatch } from '../../functions/entry-watch/handler.ts';
import { createHandler as orderAction } from '../../functions/order-action/handler.ts';
import { createHandler as orderWebhook } from '../../functions/order-webhook/handler.ts';
import { createXray } from '../../shared/adapters/telemetry/xray.ts';
import type { Note } from '../../shared/domain/decision.ts';
import { toPlain } from '../../shared/domain/decimal.ts';
import type { Message } from '../../shared/messages.ts';
import type { TraceContext } from '../../shared/ports.ts';
import { tracedExchange } from '../../shared/traced-exchange.ts';
import { World } from '../support/world.ts';
import { beforeSteal } from '../support/steal-world.ts';
import { batch, context, request } from './fakes.ts';

const SECRET = 'secret-of-the-test';

interface Told {
  readonly note: Note;
  readonly trace: TraceContext;
}

const walk = async () => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '4', stop: '90' }]);
  world.webhooksHeld = true;
  const told: Told[] = [];
  const parts: { name: string; annotations: Record<string, string> }[] = [];
  let ids = 0;
  const tracing = createXray({
    environment: { AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:1', _X_AMZN_TRACE_ID: 'Root=1-a-b;Parent=c;Sampled=1' },
    now: () => world.now,
    nextId: () => String((ids += 1)),
    send: (datagram) => void parts.push(JSON.parse(datagram.split('\n')[1] ?? '')),
  });
  const telemetry = { record: (note: Note, trace: TraceContext) => void told.push({ note, trace }), count: () => undefined };
  const deps = { ...world.deps, telemetry, tracing, exchange: tracedExchange(world.deps.exchange, tracing), secrets: { webhookSecrets: async () => [SECRET] } };
  const sent: Message[] = [];

  const webhook = async (id: string, body: object): Promise<number | undefined> => {
    const text = JSON.stringify(body);
    const timestamp = String(Math.floor(world.now / 1000));
    const signature = createHmac('sha256', SECRET).update(`${id}.${timestamp}.${text}`).digest('hex');
    const answer = await orderWebhook(deps)(request(text, { headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` } }), context({ awsRequestId: `request-of-${id}` }));
    return answer?.statusCode;
  };
  const handlers = { QUOTES: entryWatch(deps), ACTION: orderAction(deps), STOP_ACTION: orderAction(deps) };
  const deliver = async (): Promise<void> => {
    for (;;) {
      const queued = world.queues.receivable().find(({ message }) => message.kind in handlers);
      if (queued === undefined) return;
      world.queues.done(queued);
      const { message } = queued;
      sent.push(message);
      if (message.kind === 'QUOTES' || message.kind === 'ACTION' || message.kind === 'STOP_ACTION') {
        expect(await handlers[message.kind](batch([message]), context({ awsRequestId: `request-${sent.length}` }))).toEqual({ batchItemFailures: [] });
      }
    }
  };

  world.now += 1000;
  await world.readEquity();
  expect(await webhook('price-1', { type: 'prices', account: 'paper-1', prices: [{ symbol: 'AAPL', price: '100.1', at: world.now }] })).toBe(200);
  await deliver();
  const { clientOrderId } = world.order('AAPL');
  world.venue.fill(clientOrderId, '4');
  const report = world.venue.report(world.venue.order(clientOrderId));
  const trades = report.trades.map(({ tradeId, price, quantity, at }) => ({ tradeId, price: toPlain(price), quantity: toPlain(quantity), at }));
  const order = { clientOrderId, symbol: 'AAPL', status: report.status, filledQuantity: '4', averagePrice: '100', trades, at: world.now };
  expect(await webhook('fill-1', { type: 'order', account: 'paper-1', order })).toBe(200);
  await deliver();
  return { world, told, parts, sent, clientOrderId };
};

describe('SL-14 what becomes of a webhook', () => {
  let walked: Awaited<ReturnType<typeof walk>>;
  beforeAll(async () => {
    walked = await walk();
  });
  const factsOf = (id: string) => walked.told.filter(({ trace }) => trace.correlationId === id).map(({ note }) => note.name);

  it('goes by its own id from the price to the call of the venue, in every message and every record', () => {
    expect(walked.sent.map(({ kind, correlationId }) => [kind, correlationId])).toEqual([['QUOTES', 'price-1'], ['ACTION', 'price-1'], ['STOP_ACTION', 'fill-1']]);
    expect(factsOf('price-1')).toEqual(expect.arrayContaining(['CLAIMED', 'VENUE_CALL', 'ORDER_PLACED']));
    expect(factsOf('fill-1')).toEqual(expect.arrayContaining(['FILL', 'STOP_PLANNED', 'VENUE_CALL', 'PROTECTED']));
    expect(new Set(walked.told.map(({ trace }) => trace.correlationId))).toEqual(new Set(['price-1', 'fill-1']));
  });

  it('and what the venue reports under an id of its own names the order that it belongs to', () => {
    const { told, clientOrderId } = walked;
    const call = told.find(({ note, trace }) => note.name === 'VENUE_CALL' && trace.correlationId === 'price-1');
    const fill = told.find(({ note }) => note.name === 'FILL');
    expect([call?.note.fields['actionId'], fill?.note.fields['clientOrderId']]).toEqual([expect.stringContaining(clientOrderId), clientOrderId]);
  });

  it('and is drawn so: a part for each webhook, message and call, each with its id', () => {
    const { parts, clientOrderId } = walked;
    const drawn = (name: string) => parts.filter((part) => part.name === name).map(({ annotations }) => annotations['correlation_id']);
    expect([drawn('prices'), drawn('order'), drawn('QUOTES'), drawn('ACTION'), drawn('STOP_ACTION')]).toEqual([['price-1'], ['fill-1'], ['price-1'], ['price-1'], ['fill-1']]);
    const calls = parts.filter(({ name }) => name === 'paper').map(({ annotations: { call, symbol, outcome, correlation_id: id, client_order_id: order } }) => [call, symbol, outcome, id, order === clientOrderId]);
    expect(calls).toEqual([['PLACE', 'AAPL', 'ACCEPTED', 'price-1', true], ['PLACE', 'AAPL', 'ACCEPTED', 'fill-1', false]]);
  });

  it('and every record says whose account, where from, in which request, and of a symbol in which state', () => {
    for (const { note, trace } of walked.told) {
      expect([trace.account, trace.requestId, trace.source]).toEqual(['paper-1', expect.stringMatching(/^request-/), expect.stringMatching(/^(webhook|tick|action)$/)]);
      expect([note.name, note.fields['symbol']]).toEqual([note.name, 'AAPL']);
      if (note.name !== 'VENUE_CALL') expect([note.name, note.fields['stateVersion']]).toEqual([note.name, expect.any(Number)]);
    }
  });
});

/** These tell of what is no state of a slot, or of one that is not there. */
const STATELESS: ReadonlySet<string> = new Set([
  'VENUE_CALL', 'ORDER_SLOW', 'CONFLICT', 'PROBE_PROMOTED', 'POSITION_UNLISTED', 'POSITION_DISPUTED', 'ORPHAN_LEFT', 'VENUE_UNREADABLE', 'KILL_SWITCH', 'CLOCK_SKEW',
]);

describe('SL-14 every fact of a symbol', () => {
  const flows: Record<string, () => Promise<World>> = {
    'a steal, its fills, its stop': async () => {
      const world = await beforeSteal();
      await world.tick({ MSFT: '101' });
      await world.tick({ MSFT: '100.1' });
      world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
      world.venue.fill(world.order('MSFT').clientOrderId, '10');
      await world.drain();
      await world.tick({ MSFT: '100.2' });
      world.venue.fill(world.stopOrder('MSFT').clientOrderId, '10', '95');
      await world.drain();
      return world;
    },
    'an entry that is refused, and one that is withdrawn': async () => {
      const world = await World.open();
      world.venue.next('place', { kind: 'REFUSED', code: 'NO_FUNDS' });
      await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '1' }]);
      await world.tick({ AAPL: '100.1' });
      await world.tick({ AAPL: '100.2' });
      await world.plan(2, []);
      await world.drain();
      return world;
    },
    'a position of nobody, and an exit at the close': async () => {
      const world = await World.open();
      await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '1' }]);
      await world.tick({ AAPL: '100.1' });
      world.venue.fill(world.order('AAPL').clientOrderId, '1');
      await world.drain();
      await world.session('AUTO_EXIT');
      await world.drain();
      await world.reconcile();
      return world;
    },
  };
  it.each(Object.entries(flows))('names it and the state it belongs to: %s', async (_name, flow) => {
    const { notes } = (await flow()).telemetry;
    const bare = notes.filter((note) => typeof note.fields['symbol'] === 'string' && !STATELESS.has(note.name) && typeof note.fields['stateVersion'] !== 'number');
    expect(bare).toEqual([]);
    const nameless = notes.filter(({ message, fields }) => /^[A-Z]{3,5}(\/[A-Z]{3})?: /.test(message) && fields['symbol'] === undefined);
    expect(nameless).toEqual([]);
    expect(notes.length).toBeGreaterThan(4);
  });
});
