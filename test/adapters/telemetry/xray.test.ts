import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from '@jest/globals';
import { draw, drawTogether } from '../../../functions/support/draw.ts';
import { createXray } from '../../../shared/adapters/telemetry/xray.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import type { Exchange } from '../../../shared/ports.ts';
import { hideSecret } from '../../../shared/redaction.ts';
import { tracedExchange } from '../../../shared/traced-exchange.ts';
import { batch, fakeExchange } from '../../functions/fakes.ts';

const DAEMON = '169.254.79.129:2000';
const SAMPLED = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0';
const ORDER = { clientOrderId: 'E1-BTCUSD-a', symbol: 'BTC/USD' };

interface Drawn {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const tracer = (environment: Readonly<Record<string, string | undefined>> = { AWS_XRAY_DAEMON_ADDRESS: DAEMON, _X_AMZN_TRACE_ID: SAMPLED }) => {
  const sent: Drawn[] = [];
  const addressed = new Set<string>();
  const times = { now: 1_000 };
  let ids = 0;
  const tracing = createXray({
    environment,
    now: () => times.now,
    nextId: () => `00000000000000${String((ids += 1)).padStart(2, '0')}`,
    send: (datagram, { host, port }) => {
      const [header, document = ''] = datagram.split('\n');
      expect(header).toBe('{"format": "json", "version": 1}');
      addressed.add(`${host}:${port}`);
      sent.push(JSON.parse(document));
    },
  });
  const parentOf = (drawn: Drawn): string => sent.find(({ id }) => id === drawn.parent_id)?.name ?? drawn.parent_id;
  return { tracing, sent, times, addressed, tree: () => sent.map((one) => `${one.name} < ${parentOf(one)}`) };
};

const part = (name: string, annotations: Readonly<Record<string, string>> = {}) => ({ name, remote: false, annotations });

describe('SL-14 a part of a trace', () => {
  it('is one subsegment of the invocation, with when it began and ended and what it is about', async () => {
    const { tracing, sent, times, addressed } = tracer();
    const result = await tracing.within({ ...part('kraken', { symbol: 'BTC/USD', correlation_id: 'w-1' }), remote: true }, async () => {
      times.now = 1_250;
      return 'done';
    });
    expect([result, [...addressed]]).toEqual(['done', [DAEMON]]);
    expect(sent).toEqual([{
      type: 'subsegment', id: '0000000000000001', trace_id: '1-5759e988-bd862e3fe1be46a994272793', parent_id: '53995c3f42cd8ad8', name: 'kraken',
      start_time: 1, end_time: 1.25, namespace: 'remote', annotations: { symbol: 'BTC/USD', correlation_id: 'w-1' },
    }]);
  });

  it('stands below what runs around it, also side by side, and has its correlation id', async () => {
    const { tracing, sent, tree } = tracer();
    const inner = (name: string) => tracing.within(part(name), async () => void (await Promise.resolve()));
    await tracing.within(part('outer', { correlation_id: 'w-1' }), async () => {
      await Promise.all([inner('left'), inner('right')]);
    });
    await inner('alone');
    expect(tree()).toEqual(['left < outer', 'right < outer', 'outer < 53995c3f42cd8ad8', 'alone < 53995c3f42cd8ad8']);
    expect(sent.map(({ annotations }) => annotations['correlation_id'])).toEqual(['w-1', 'w-1', 'w-1', undefined]);
  });

  it('of several at once takes the id of the order or symbol that it is about', async () => {
    const { tracing, sent } = tracer();
    const correlations = new Map([['E1-BTCUSD-a', 'of-order'], ['BTC/USD', 'of-symbol'], ['E2-ETHUSD-b', 'of-other']]);
    await tracing.within({ ...part('batch'), correlations }, async () => {
      await tracing.within(part('one', { symbol: 'BTC/USD', client_order_id: 'E1-BTCUSD-a' }), async () => undefined);
      await tracing.within(part('many', { client_order_id: 'E1-BTCUSD-a E2-ETHUSD-b' }), async () => undefined);
      await tracing.within(part('symbol', { symbol: 'BTC/USD' }), async () => undefined);
      await tracing.within(part('none', { symbol: 'AAPL' }), async () => undefined);
    });
    expect(sent.map(({ name, annotations }) => [name, annotations['correlation_id']])).toEqual([
      ['one', 'of-order'], ['many', 'of-order of-other'], ['symbol', 'of-symbol'], ['none', undefined], ['batch', undefined],
    ]);
  });

  it.each([
    ['no daemon', { _X_AMZN_TRACE_ID: SAMPLED }],
    ['a daemon without a port', { AWS_XRAY_DAEMON_ADDRESS: 'localhost', _X_AMZN_TRACE_ID: SAMPLED }],
    ['no trace', { AWS_XRAY_DAEMON_ADDRESS: DAEMON }],
    ['a trace that is not sampled', { AWS_XRAY_DAEMON_ADDRESS: DAEMON, _X_AMZN_TRACE_ID: SAMPLED.replace('Sampled=1', 'Sampled=0') }],
    ['a trace that cannot be read', { AWS_XRAY_DAEMON_ADDRESS: DAEMON, _X_AMZN_TRACE_ID: 'Sampled=1' }],
  ])('is not told where there is %s, and the work is done all the same', async (_what, environment) => {
    const { tracing, sent } = tracer(environment);
    expect(await tracing.within(part('x'), async () => 7)).toBe(7);
    expect(sent).toEqual([]);
  });

  it('is told to the address of datagrams where the daemon has two', async () => {
    const { tracing, addressed } = tracer({ AWS_XRAY_DAEMON_ADDRESS: 'tcp:10.0.0.1:2000 udp:10.0.0.2:2001', _X_AMZN_TRACE_ID: SAMPLED });
    await tracing.within(part('x'), async () => undefined);
    expect([...addressed]).toEqual(['10.0.0.2:2001']);
  });

  it('hands on what is thrown, and says so', async () => {
    const { tracing, sent } = tracer();
    const error = new VenueReadError('GET https://venue.example/?signature=c4n4ry');
    await expect(tracing.within(part('x'), async () => { throw error; })).rejects.toBe(error);
    expect(sent).toEqual([expect.objectContaining({ fault: true, annotations: { outcome: 'VenueReadError' } })]);
  });

  it('never undoes what was done because its end cannot be told', async () => {
    const { tracing, sent } = tracer();
    const unreadable = (): never => {
      throw new TypeError('no such outcome');
    };
    await expect(tracing.within(part('kraken'), async () => 'placed', unreadable)).resolves.toBe('placed');
    expect(sent).toEqual([]);
  });

  it('never throws of itself, whatever the socket does', async () => {
    const tracing = createXray({ environment: { AWS_XRAY_DAEMON_ADDRESS: DAEMON, _X_AMZN_TRACE_ID: SAMPLED }, now: () => 0, nextId: () => '1', send: () => { throw new Error('EMFILE'); } });
    expect(await tracing.within(part('x'), async () => 'done')).toBe('done');
  });

  it('holds no secret', async () => {
    hideSecret('canary-in-a-trace');
    const { tracing, sent } = tracer();
    await tracing.within(part('x', { correlation_id: 'canary-in-a-trace', call: `signature=${'ab'.repeat(40)}` }), async () => undefined);
    expect(JSON.stringify(sent)).not.toMatch(/canary|abab/);
  });
});

describe('SL-14 the calls of a venue in a trace', () => {
  it('are one part each, with what was asked and what came of it', async () => {
    const { tracing, sent } = tracer();
    const outcomes = { place: { kind: 'UNKNOWN', reason: 'lost' }, cancel: { kind: 'NOT_SENT', reason: 'busy', pause: null } } as const;
    const exchange: Exchange = { ...fakeExchange(), place: async () => outcomes.place, cancel: async () => outcomes.cancel, openOrders: async () => { throw new VenueReadError('503'); } };
    const traced = tracedExchange(exchange, tracing);
    const intent = { kind: 'AMEND', limit: null, stopPrice: null } as never;
    expect(await traced.place({ ...ORDER, intent })).toBe(outcomes.place);
    expect(await traced.cancel(ORDER)).toBe(outcomes.cancel);
    expect((await traced.amend({ ...ORDER, intent })).kind).toBe('REFUSED');
    expect(await traced.findOrder(ORDER)).toBeNull();
    await expect(traced.openOrders()).rejects.toThrow('503');
    const [place, cancel, amend, find, open] = sent;
    expect(place).toMatchObject({ name: 'paper', namespace: 'remote', fault: true, annotations: { call: 'PLACE', symbol: 'BTC/USD', client_order_id: 'E1-BTCUSD-a', outcome: 'UNKNOWN' } });
    expect(cancel).toMatchObject({ error: true, annotations: { call: 'CANCEL', outcome: 'NOT_SENT' } });
    expect(amend).toMatchObject({ error: true, annotations: { call: 'AMEND', outcome: 'REFUSED' } });
    expect(find).toMatchObject({ annotations: { call: 'FIND_ORDER', outcome: 'ANSWERED' } });
    expect(find).not.toHaveProperty('fault');
    expect(open).toMatchObject({ fault: true, annotations: { call: 'OPEN_ORDERS', outcome: 'VenueReadError' } });
  });

  it('EX-4 are one part for a batch, as bad as its worst', async () => {
    const { tracing, sent } = tracer();
    const batches = { mostPlaced: 5, mostCancelled: 5, place: async () => [{ kind: 'REFUSED', code: 'X' } as const, { kind: 'UNKNOWN', reason: 'lost' } as const], cancel: async () => [] };
    const traced = tracedExchange({ ...fakeExchange(), batches }, tracing);
    const intent = { kind: 'PLACE' } as never;
    expect(await traced.batches?.place([{ ...ORDER, intent }, { clientOrderId: 'E2-ETHUSD-b', symbol: 'ETH/USD', intent }])).toHaveLength(2);
    expect(sent).toEqual([expect.objectContaining({ fault: true, annotations: { call: 'PLACE', symbol: 'BTC/USD ETH/USD', client_order_id: 'E1-BTCUSD-a E2-ETHUSD-b', outcome: 'REFUSED UNKNOWN' } })]);
    expect(tracedExchange(fakeExchange(), tracing).batches).toBeNull();
  });
});

describe('SL-14 the messages of a batch in a trace', () => {
  const message = (id: string, symbol: string) => ({ schema: 1, kind: 'ACTION', account: 'paper-1', correlationId: `from-${id}`, actionId: `${id}:place`, symbol }) as const;

  it('are one part each, which names the trace that it was sent in; what is called for one of them has its id', async () => {
    const { tracing, sent, tree } = tracer();
    const messages = [message('E1-a', 'BTC/USD'), message('E2-b', 'ETH/USD')];
    const heard = batch(messages).Records.map((record, place) => ({
      record: { ...record, attributes: { ...record.attributes, AWSTraceHeader: `Root=1-0000000${place}-aaaaaaaaaaaaaaaaaaaaaaaa;Parent=1;Sampled=1` } } as never,
      message: messages[place] ?? message('x', 'x'),
    }));
    const traced = tracedExchange(fakeExchange(), tracing);
    const done = await drawTogether({ tracing }, heard, async () => {
      await traced.findOrder({ clientOrderId: 'E2-b', symbol: 'ETH/USD' });
      await traced.findOrder({ clientOrderId: 'S9-z', symbol: 'BTC/USD' });
      return 'done';
    });
    expect(done).toBe('done');
    expect(tree()).toEqual(['paper < batch', 'paper < batch', 'batch < 53995c3f42cd8ad8', 'ACTION < 53995c3f42cd8ad8', 'ACTION < 53995c3f42cd8ad8']);
    expect(sent.map(({ annotations }) => [annotations['correlation_id'], annotations['sent_in']])).toEqual([
      ['from-E2-b', undefined], ['from-E1-a', undefined], [undefined, undefined],
      ['from-E1-a', '1-00000000-aaaaaaaaaaaaaaaaaaaaaaaa'], ['from-E2-b', '1-00000001-aaaaaaaaaaaaaaaaaaaaaaaa'],
    ]);
  });

  it('fail as their work does', async () => {
    const { tracing, sent } = tracer();
    const heard = [{ record: batch([message('E1-a', 'X')]).Records[0] as never, message: message('E1-a', 'X') }];
    await expect(drawTogether({ tracing }, heard, async () => { throw new Error('away'); })).rejects.toThrow('away');
    expect(sent).toHaveLength(2);
  });

  it('and without a tracing there is only the work', async () => {
    expect(await draw({}, { name: 'x', annotations: {} }, async () => 1)).toBe(1);
    expect(await drawTogether({}, [], async () => 2)).toBe(2);
  });
});

describe('SL-14 the daemon beside a function', () => {
  const daemon = createSocket('udp4');
  const before = { ...process.env };
  afterEach(() => {
    process.env = before;
    daemon.close();
  });

  it('hears of each part in a datagram, sent by the process itself', async () => {
    const heard = new Promise<string>((resolve) => daemon.once('message', (datagram) => resolve(datagram.toString())));
    await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
    process.env = { ...before, AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`, _X_AMZN_TRACE_ID: SAMPLED };
    await createXray().within(part('webhook', { correlation_id: 'w-1' }), async () => undefined);
    expect(await heard).toMatch(/^\{"format": "json", "version": 1\}\n\{"type":"subsegment","id":"[0-9a-f]{16}",.*"correlation_id":"w-1"/);
  });
});
