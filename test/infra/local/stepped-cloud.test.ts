import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { SteppedOptions } from '../../../infra/local/cloud-options.ts';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import type { SteppedCloud } from '../../../infra/local/stepped-cloud.ts';
import { ACTION_PREFIX, actionSortKey } from '../../../shared/adapters/dynamo/table-keys.ts';
import { makeDirectory, send, writeAssembly } from './assembly-fixture.ts';
import type { Behave, Deps, SmallEvent } from './assembly-fixture.ts';

const START = Date.UTC(2024, 0, 2, 15, 0, 0);
const SECOND = 1000;
const assembly = writeAssembly();
afterAll(() => {
  assembly.remove();
});

let open: SteppedCloud[] = [];
let folders: { remove(): void }[] = [];
afterEach(async () => {
  for (const cloud of open) await cloud.close();
  for (const folder of folders) folder.remove();
  [open, folders] = [[], []];
});

const start = async (behave: Behave, options: Partial<SteppedOptions> = {}): Promise<SteppedCloud> => {
  const cloud = await startLocalCloud({
    assemblyDirectory: assembly.path,
    dataDirectory: null,
    clock: 'stepped',
    startAt: START,
    overrides: { behave },
    ...options,
  });
  open.push(cloud);
  return cloud;
};
const stop = async (cloud: SteppedCloud): Promise<void> => {
  open = open.filter((each) => each !== cloud);
  await cloud.close();
};
const folder = (): string => {
  const made = makeDirectory();
  folders.push(made);
  return made.path;
};
const urlOf = (cloud: SteppedCloud, name: string): string => cloud.parts.queues.find((queue) => queue.name === name)?.url ?? '';
const bodiesIn = (event: SmallEvent): string[] => (event.Records ?? []).map(({ body }) => body);
const plainUrl = (deps: Deps): string => deps.environment['PLAIN_QUEUE_URL'] ?? '';

/** A worker that sends what it is told to, and writes down the messages that it gets, with the time. */
const recorder = () => {
  const got: [string, number][] = [];
  const behave: Behave = async (_name, event, deps) => {
    for (const body of bodiesIn(event)) got.push([body, (deps.clock.now() - START) / SECOND]);
    for (const { url, body, ...options } of event.sends ?? []) await send(deps, url ?? plainUrl(deps), body, options);
    return undefined;
  };
  return { got, behave };
};

describe('settling', () => {
  it('ends when what was sent while settling has been worked as well', async () => {
    const got: string[] = [];
    const cloud = await start(async (_name, event, deps) => {
      for (const body of bodiesIn(event)) {
        got.push(body);
        if (body.length < 4) await send(deps, plainUrl(deps), `${body}x`);
      }
      return event.sends === undefined ? undefined : send(deps, plainUrl(deps), 'x');
    });
    await cloud.invoke('worker', { sends: [] });
    expect(got).toEqual([]);
    await cloud.settle();
    expect(got).toEqual(['x', 'xx', 'xxx', 'xxxx']);
  });

  it('keeps the order of each group of a FIFO queue, also past a message that failed once', async () => {
    const got: string[] = [];
    let failures = 1;
    const cloud = await start(async (name, event, deps) => {
      const batchItemFailures: { itemIdentifier: string }[] = [];
      for (const { body, messageId } of event.Records ?? []) {
        if (body === 'a1' && failures-- > 0) batchItemFailures.push({ itemIdentifier: messageId });
        else got.push(body);
      }
      for (const body of event.bodies ?? []) await send(deps, event.url ?? '', body, { group: body.slice(0, 1) });
      return name === 'sorter' ? { batchItemFailures } : undefined;
    });
    await cloud.invoke('worker', { url: urlOf(cloud, 'ordered.fifo'), bodies: ['a1', 'b1', 'a2', 'b2', 'a3'] });
    await cloud.settle();
    expect(got.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(got.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
  });

  it('puts a message aside after as many tries as the template says', async () => {
    let tries = 0;
    const failures: string[] = [];
    const cloud = await start(
      async (_name, event, deps) => {
        if (event.Records !== undefined) {
          tries += 1;
          throw new Error('never');
        }
        return send(deps, plainUrl(deps), 'poison');
      },
      { onFailure: ({ functionName }) => failures.push(functionName) },
    );
    await cloud.invoke('worker', {});
    expect(await cloud.deadLetters()).toEqual([]);
    await cloud.settle();
    expect(tries).toBe(3);
    expect(failures).toEqual(['worker', 'worker', 'worker']);
    expect(await cloud.deadLetters()).toEqual([{ queue: 'plain-dead-letters', count: 1 }]);
  });

  it('delivers every message twice where that is asked for, the second time after others', async () => {
    const { got, behave } = recorder();
    const cloud = await start(behave, { duplicateDeliveries: true });
    const url = urlOf(cloud, 'plain');
    await cloud.invoke('worker', { sends: [{ url, body: 'a' }, { url, body: 'b' }] });
    await cloud.settle();
    expect(got.map(([body]) => body).sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('has the venue deliver its webhooks, and works what comes of them', async () => {
    const { got, behave } = recorder();
    let pending = 2;
    const venue = {
      pendingWebhooks: () => pending,
      flushWebhooks: async () => {
        pending -= 1;
        await cloud.invoke('worker', { sends: [{ url: urlOf(cloud, 'plain'), body: `webhook ${pending}` }] });
      },
    };
    const cloud = await start(behave, { venue });
    await cloud.settle();
    expect(got.map(([body]) => body)).toEqual(['webhook 1', 'webhook 0']);
  });

  it('has reconcile ring again for planned actions, and names those that are left', async () => {
    const rung: unknown[] = [];
    const cloud = await start(async (name, event) => {
      rung.push([name, event]);
      return undefined;
    });
    const client = new DynamoDBClient({
      endpoint: cloud.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    expect(actionSortKey('one')).toBe(`${ACTION_PREFIX}one`);
    const put = (id: string, state: string) =>
      client.send(
        new PutItemCommand({
          TableName: cloud.tableName,
          Item: { pk: { S: 'main' }, sk: { S: actionSortKey(id) }, state: { S: state } },
        }),
      );
    await put('sent', 'SENT');
    await cloud.settle();
    expect(rung).toEqual([]);
    await put('one', 'PLANNED');
    await cloud.invoke('worker', {});
    await expect(cloud.settle()).rejects.toThrow('planned actions are left: ACTION#one');
    expect(rung[1]).toEqual(['reconcile', { kind: 'RECONCILE', repeatSeconds: [] }]);
    client.destroy();
  });
});

describe('stepped time', () => {
  it('stands still', async () => {
    const times: number[] = [];
    const cloud = await start(async (_name, _event, deps) => {
      await (deps.clock as unknown as { sleep(milliseconds: number): Promise<void> }).sleep(60_000);
      times.push(deps.clock.now());
    });
    await cloud.invoke('worker', {});
    expect(times).toEqual([START]);
  });

  it('moves only when all is at rest, and never back', async () => {
    const { behave } = recorder();
    const cloud = await start(behave);
    await expect(cloud.advanceTo(START + SECOND)).rejects.toThrow('not settled');
    await cloud.settle();
    await cloud.advanceTo(START + SECOND);
    await cloud.settle();
    await expect(cloud.advanceTo(START)).rejects.toThrow(RangeError);
    await cloud.invoke('worker', { sends: [{ url: urlOf(cloud, 'plain'), body: 'a' }] });
    await expect(cloud.advanceTo(START + 2 * SECOND)).rejects.toThrow('not settled');
    expect(cloud.clock.now()).toBe(START + SECOND);
  });

  it('lets go of a delayed message when its time has come, and not before', async () => {
    const { got, behave } = recorder();
    const cloud = await start(behave);
    await cloud.invoke('worker', { sends: [{ url: urlOf(cloud, 'plain'), body: 'later', delaySeconds: 30 }] });
    await cloud.settle();
    await cloud.advanceTo(START + 29 * SECOND);
    await cloud.settle();
    expect(got).toEqual([]);
    await cloud.advanceTo(START + 45 * SECOND);
    await cloud.settle();
    expect(got).toEqual([['later', 45]]);
  });

  it('runs each schedule that was due once, in the template’s order and without its repeats', async () => {
    const runs: unknown[] = [];
    const cloud = await start(async (_name, event) => {
      runs.push(event);
    });
    await cloud.settle();
    await cloud.advanceTo(START + 30 * SECOND);
    await cloud.runSchedulesOnce();
    expect(runs).toEqual([]);
    await cloud.advanceTo(START + 3 * 3600 * SECOND);
    await cloud.runSchedulesOnce();
    expect(runs).toEqual([{ kind: 'MINUTE', repeatSeconds: [] }, { kind: 'NOON' }]);
    await cloud.runSchedulesOnce();
    expect(runs).toHaveLength(2);
  });

  it('at true rate stops at each due schedule and each due message', async () => {
    const got: [string, number][] = [];
    const heard: number[] = [];
    const cloud = await start(async (_name, event, deps) => {
      const seconds = (deps.clock.now() - START) / SECOND;
      for (const body of bodiesIn(event)) got.push([body, seconds]);
      if (event.kind === undefined) return;
      got.push([event.kind, seconds]);
      for (const delaySeconds of event.repeatSeconds ?? []) await send(deps, plainUrl(deps), 'tick', { delaySeconds });
    });
    await cloud.runTrueRate(START + 130 * SECOND, async (time) => {
      heard.push((time - START) / SECOND);
    });
    expect(got).toEqual([
      ['MINUTE', 60],
      ['tick', 80],
      ['tick', 100],
      ['MINUTE', 120],
    ]);
    expect(heard).toEqual([60, 80, 100, 120]);
    expect(cloud.clock.now()).toBe(START + 130 * SECOND);
  });

  it('tries a schedule’s function again, and says which one never worked', async () => {
    let calls = 0;
    const cloud = await start(async (_name, event) => {
      if (event.kind !== 'MINUTE') return;
      calls += 1;
      throw new Error('no');
    });
    await cloud.settle();
    await cloud.advanceTo(START + 60 * SECOND);
    await expect(cloud.runSchedulesOnce()).rejects.toThrow('schedule minute');
    expect(calls).toBe(3);
  });
});

describe('a cloud on a data folder', () => {
  it('goes on with what it held when it was stopped: messages, delays and the table', async () => {
    const dataDirectory = folder();
    const first = recorder();
    const before = await start(first.behave, { dataDirectory });
    const url = urlOf(before, 'plain');
    await before.invoke('worker', { sends: [{ url, body: 'now' }, { url, body: 'later', delaySeconds: 30 }] });
    await stop(before);

    const second = recorder();
    const after = await start(second.behave, { dataDirectory, startAt: START + 10 * SECOND });
    await expect(after.advanceTo(START + 30 * SECOND)).rejects.toThrow('not settled');
    await after.settle();
    await after.advanceTo(START + 30 * SECOND);
    await after.settle();
    expect(first.got).toEqual([]);
    expect(second.got).toEqual([['now', 10], ['later', 30]]);
  });

  it('gets back what a killed function held', async () => {
    const dataDirectory = folder();
    let arrived = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const before = await start(
      async (_name, event, deps) => {
        if (event.Records === undefined) return send(deps, plainUrl(deps), 'held');
        arrived();
        return new Promise(() => undefined);
      },
      { dataDirectory },
    );
    await before.invoke('worker', {});
    before.settle().catch(() => undefined);
    await held;
    await stop(before);

    const { got, behave } = recorder();
    const after = await start(behave, { dataDirectory });
    await after.settle();
    expect(got.map(([body]) => body)).toEqual(['held']);
  }, 60_000);
});

describe('the functions of a local cloud', () => {
  it('get the template’s environment, with the engines and the venue that run here', async () => {
    let seen: Deps | undefined;
    const cloud = await start(
      async (_name, _event, deps) => {
        seen = deps;
      },
      { venueUrl: 'http://127.0.0.1:5', settings: { MAX_LEVERAGE: '3' } },
    );
    await cloud.invoke('worker', {});
    expect(seen?.environment).toMatchObject({
      ACCOUNT: 'main',
      TABLE_NAME: 'small-table',
      VENUE_URL: 'http://127.0.0.1:5',
      MAX_LEVERAGE: '3',
      AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: cloud.endpoints.sqs,
    });
    await cloud.invoke('sorter', {});
    expect(seen?.environment).not.toHaveProperty('VENUE_URL');
  });

  it('know their name, their request and the time that is left', async () => {
    let remaining = 0;
    const cloud = await start(async (_name, _event, _deps, context) => {
      remaining = context.getRemainingTimeInMillis();
      return [context.functionName, context.awsRequestId.length, context.memoryLimitInMB];
    });
    expect(await cloud.invoke('worker', {})).toEqual(['worker', 36, '256']);
    expect(remaining).toBeGreaterThan(4000);
    expect(remaining).toBeLessThanOrEqual(5000);
  });

  it('are called by name alone', async () => {
    const cloud = await start(async () => undefined);
    await expect(cloud.invoke('nobody', {})).rejects.toThrow('expected one of worker, sorter, reconcile');
  });
});

describe('least privilege on one machine', () => {
  const key = { pk: { S: 'main' }, sk: { S: 'x' } };
  const item = (name: string) => ({ TableName: 'small-table', Item: { ...key, sk: { S: name } } });

  it('lets a function do what its policies in the template allow', async () => {
    const { got, behave } = recorder();
    const cloud = await start(async (name, event, deps, context) => {
      if (name === 'worker') await deps.dynamoClient.send(new PutItemCommand(item('put')));
      await deps.dynamoClient.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: item('transaction') }] }));
      return behave(name, event, deps, context);
    });
    await cloud.invoke('worker', { sends: [{ body: 'a' }] });
    await cloud.settle();
    expect(got).toEqual([['a', 0]]);
  });

  it('refuses another action, each part of a transaction counted by itself', async () => {
    const cloud = await start(async (_name, _event, deps) =>
      deps.dynamoClient.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: item('y') }, { Delete: { TableName: 'small-table', Key: key } }] }),
      ),
    );
    await expect(cloud.invoke('worker', {})).rejects.toThrow('worker is not authorized to perform: dynamodb:DeleteItem');
  });

  it('refuses a queue that is not granted, and everything to a function without a policy', async () => {
    const cloud = await start(async (_name, event, deps) => send(deps, event.url ?? '', 'x'));
    const dead = urlOf(cloud, 'plain-dead-letters');
    await expect(cloud.invoke('worker', { url: dead })).rejects.toThrow('worker is not authorized to perform: sqs:SendMessage');
    await expect(cloud.invoke('sorter', { url: urlOf(cloud, 'plain') })).rejects.toThrow('sorter is not authorized');
  });
});

describe('the HTTP API', () => {
  const post = async (cloud: SteppedCloud, headers: Record<string, string>, body: string | Uint8Array, query = '', name = 'worker') => {
    const response = await fetch(`${cloud.urls[name]}${query}`, { method: 'POST', headers, body: Buffer.from(body) });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  it('hands over the raw body and the headers as payload 2.0', async () => {
    const events: SmallEvent[] = [];
    const cloud = await start(async (_name, event) => {
      events.push(event);
      return { statusCode: 201, headers: { 'x-answer': 'yes' }, body: 'made' };
    });
    const body = '{ "a" : 1.10 }\n';
    const answer = await post(cloud, { 'content-type': 'application/json', 'Webhook-Id': 'w1', cookie: 'a=1; b=2' }, body, '?b=2&b=3');
    expect(answer).toMatchObject({ status: 201, body: 'made' });
    expect(answer.headers.get('x-answer')).toBe('yes');
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /work',
      rawPath: '/work',
      rawQueryString: 'b=2&b=3',
      queryStringParameters: { b: '2,3' },
      cookies: ['a=1', 'b=2'],
      headers: { 'webhook-id': 'w1', 'content-type': 'application/json', 'x-forwarded-for': '127.0.0.1' },
      requestContext: { routeKey: 'POST /work', stage: '$default', http: { method: 'POST', path: '/work', sourceIp: '127.0.0.1' } },
      body,
      isBase64Encoded: false,
    });
    expect(events[0]).not.toHaveProperty('requestContext.authorizer');
    await post(cloud, { 'content-type': 'application/octet-stream' }, new Uint8Array([0, 255]));
    expect(events[1]).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
    await post(cloud, { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1');
    expect(events[2]).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
  });

  it('joins what comes several times with a comma, also where a server would keep the first alone', async () => {
    const events: SmallEvent[] = [];
    const cloud = await start(async (_name, event) => {
      events.push(event);
    });
    const url = new URL(cloud.urls['worker'] ?? '');
    const { connect } = await import('node:net');
    const head = ['POST /work HTTP/1.1', `Host: ${url.host}`, 'Webhook-Id: a', 'webhook-id: b', 'Authorization: c', 'Authorization: d', 'Content-Length: 1', 'Connection: close'];
    await new Promise((resolve) => {
      const socket = connect(Number(url.port), url.hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\nx`));
      socket.resume().once('close', resolve);
    });
    expect(events).toMatchObject([{ headers: { 'webhook-id': 'a,b', authorization: 'c,d' } }]);
  });

  it('gives a route that asks for an AWS signature the one caller there is', async () => {
    const events: SmallEvent[] = [];
    const cloud = await start(async (_name, event) => {
      events.push(event);
    });
    expect((await post(cloud, {}, 'x', '', 'reconcile')).status).toBe(200);
    expect(events).toMatchObject([{ requestContext: { authorizer: { iam: { userId: 'local' } } } }]);
  });

  it('answers 404 for what is no route, another method and a longer path included', async () => {
    const cloud = await start(async () => undefined);
    const url = cloud.urls['worker'] ?? '';
    expect((await fetch(`${new URL(url).origin}/sorter`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${url}/more`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
    expect(await (await fetch(url)).json()).toEqual({ message: 'Not Found' });
  });

  it('answers 413 above what Lambda takes and above what the API takes, 500 when the function throws', async () => {
    const cloud = await start(async () => {
      throw new Error('secret reason');
    });
    expect((await post(cloud, {}, 'x'.repeat(6 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await post(cloud, {}, 'x'.repeat(10 * 1024 * 1024 + 1))).status).toBe(413);
    const broken = await post(cloud, {}, 'x');
    expect(broken.status).toBe(500);
    expect(broken.body).not.toContain('secret reason');
  });

  it('throttles nothing while time stands still', async () => {
    const cloud = await start(async () => undefined);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => post(cloud, {}, 'x')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('refuses a page in a browser', async () => {
    let calls = 0;
    const cloud = await start(async () => {
      calls += 1;
    });
    expect((await post(cloud, { origin: 'https://example.com' }, 'x')).status).toBe(403);
    expect(calls).toBe(0);
  });
});

describe('what a local cloud listens on', () => {
  const canConnect = async (host: string, port: number): Promise<boolean> => {
    const { connect } = await import('node:net');
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
  };
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  // Another address of the loopback net is refused too by what listens on 127.0.0.1 alone.
  const other = outside ?? '127.0.0.2';

  it('is loopback alone, and nothing once it is closed', async () => {
    const listening = createServer().listen(0);
    const open = listening.address();
    expect(await canConnect(other, typeof open === 'object' && open !== null ? open.port : 0)).toBe(true);
    listening.close();
    const cloud = await start(async () => undefined);
    const ports = [cloud.urls['worker'] ?? '', cloud.endpoints.dynamodb, cloud.endpoints.sqs].map((url) => Number(new URL(url).port));
    for (const port of ports) {
      expect(await canConnect('127.0.0.1', port)).toBe(true);
      expect(await canConnect(other, port)).toBe(false);
    }
    await stop(cloud);
    for (const port of ports) expect(await canConnect('127.0.0.1', port)).toBe(false);
  });
});
