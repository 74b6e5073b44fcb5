// The relay's webhooks against the function that takes them, and its word on how it stands.
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createDelivery } from '../../../../console/claimjump/relay/delivery.ts';
import { logLateness, sendHeartbeats, serveHealth } from '../../../../console/claimjump/relay/watch-over.ts';
import type { RelayStatus } from '../../../../console/claimjump/relay/relay.ts';
import { orderWebhook, priceWebhooks } from '../../../../console/claimjump/relay/webhooks.ts';
import { createHandler } from '../../../../functions/order-webhook/handler.ts';
import { ACCOUNT, NOW, context, fakeDeps, request, snapshotWithOrder } from '../../../functions/fakes.ts';
import { benchClock, d, report, trade, until, wait } from './relay-bench.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
};

/** The real handler of order-webhook behind an address. */
export const serveHandler = (deps: ReturnType<typeof fakeDeps>['deps']): Promise<string> => {
  const handler = createHandler(deps);
  return serve((incoming, response) => void (async () => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const answer = await handler(request(body, { headers, method: incoming.method ?? '' }), context());
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  })());
};

const never = new AbortController().signal;
const deliveryTo = (url: string, given: { secret?: string; aheadMs?: number; lines?: unknown[]; timeoutMs?: number } = {}) =>
  createDelivery({
    url, secret: given.secret ?? 'first-secret-of-the-test', timeoutMs: given.timeoutMs ?? 2_000,
    clock: { ...benchClock, now: () => NOW + (given.aheadMs ?? 0) }, log: (event, facts = {}) => void given.lines?.push({ event, ...facts }),
  });
const filled = report('o1', { symbol: 'AAPL', status: 'PARTIALLY_FILLED', filledQuantity: d('1'), averagePrice: d('100'), trades: [{ ...trade('T1', '1'), fee: { asset: 'USD', amount: d('-0.01') } }] });

describe('SL-10 the relay and order-webhook', () => {
  it.each(['first-secret-of-the-test', 'second-secret-of-the-test'])('agree on a signature made with %s', async (secret) => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder() });
    const webhook = orderWebhook(ACCOUNT, filled);
    expect(await deliveryTo(await serveHandler(deps), { secret })(webhook, never)).toBe(true);
    expect(commits[0]).toContainEqual({ kind: 'WEBHOOK', id: webhook.id, at: NOW });
    expect(commits[0]?.some((change) => change.kind === 'FILL')).toBe(true);
  });

  it('agree that what was seen changes nothing, and is taken', async () => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder({ webhookSeen: true }) });
    expect(await deliveryTo(await serveHandler(deps))(orderWebhook(ACCOUNT, filled), never)).toBe(true);
    expect(commits).toEqual([]);
  });

  it('agree on prices', async () => {
    const { deps, sent } = fakeDeps();
    const [webhook] = priceWebhooks(ACCOUNT, [{ symbol: 'BTC/USD', price: d('50000.10'), at: NOW }]);
    if (webhook === undefined) throw new Error('no webhook');
    expect(await deliveryTo(await serveHandler(deps))(webhook, never)).toBe(true);
    expect(sent.map(({ message }) => message)).toMatchObject([{ kind: 'QUOTES', quotes: [{ symbol: 'BTC/USD', price: '50000.1', at: NOW }] }]);
  });

  it.each([
    ['another secret', { secret: 'a secret that nobody shares' }, 401],
    ['a clock that is ten minutes off', { aheadMs: 600_000 }, 401],
  ])('do not agree with %s, which is logged without it', async (_name, given, status) => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder() });
    const lines: unknown[] = [];
    expect(await deliveryTo(await serveHandler(deps), { ...given, lines })(orderWebhook(ACCOUNT, filled), never)).toBe(false);
    expect([commits, lines]).toEqual([[], [{ event: 'webhook_answered', status }]]);
  });

  it.each([
    ['is answered with a redirect', (_request: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(307, { location: 'http://127.0.0.1:9' }).end()],
    ['is not answered in time', () => undefined],
    ['loses its connection', (incoming: Parameters<RequestListener>[0]) => void incoming.destroy()],
  ] as const)('a webhook that %s was not taken', async (_name, listener) => {
    expect(await deliveryTo(await serve(listener as RequestListener), { timeoutMs: 100 })(orderWebhook(ACCOUNT, filled), never)).toBe(false);
  });
});

describe('what the relay says of itself', () => {
  const status: { now: RelayStatus } = { now: { behindMs: 0, cause: null, ordersWaiting: 0, silentMs: 3 } };
  const behind: RelayStatus = { behindMs: 20_000, cause: 'STREAM_DOWN', ordersWaiting: 2, silentMs: 20_000 };
  const fine: RelayStatus = { behindMs: 1_000, cause: 'ORDERS_UNTOLD', ordersWaiting: 1, silentMs: 3 };
  const relay = { status: () => status.now };
  const stop = (): AbortController => {
    const controller = new AbortController();
    closers.push(() => controller.abort());
    return controller;
  };

  it('is 200 while it keeps up and 503 while it is behind, on this machine alone', async () => {
    const port = await serveHealth({ relay, behindMs: 15_000 }, 0, stop().signal);
    const ask = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      return [answer.status, await answer.json()];
    };
    status.now = fine;
    expect(await ask()).toEqual([200, { isBehind: false, ...fine }]);
    status.now = behind;
    expect(await ask()).toEqual([503, { isBehind: true, ...behind }]);
  });

  it('is a line when it falls behind and one when it has caught up', async () => {
    const lines: string[] = [];
    const controller = stop();
    const clock = { ...benchClock, pause: (_ms: number, signal: AbortSignal) => benchClock.pause(2, signal) };
    status.now = fine;
    const logging = logLateness({ relay, clock, log: (event) => void lines.push(event), behindMs: 15_000 }, controller.signal);
    await wait(15);
    expect(lines).toEqual([]);
    status.now = behind;
    await until(() => lines.length === 1);
    await wait(15);
    status.now = fine;
    await until(() => lines.length === 2);
    expect(lines).toEqual(['relay_behind', 'relay_caught_up']);
    controller.abort();
    await logging;
  });

  it('is a heartbeat only while it keeps up', async () => {
    let beats = 0;
    const url = await serve((_request, response) => {
      beats += 1;
      response.writeHead(204).end();
    });
    const controller = stop();
    status.now = behind;
    const beating = sendHeartbeats({ relay, clock: benchClock, log: () => undefined, behindMs: 15_000 }, url, 10, controller.signal);
    await wait(60);
    expect(beats).toBe(0);
    status.now = fine;
    await until(() => beats >= 2);
    controller.abort();
    await beating;
  });
});
