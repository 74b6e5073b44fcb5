// Canaries in everything that comes in, and none in anything that is told: what a log keeps, others read.
import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { createHmac } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHandler as entryWatch } from '../../functions/entry-watch/handler.ts';
import { createHandler as operator } from '../../functions/operator/handler.ts';
import { createHandler as orderAction } from '../../functions/order-action/handler.ts';
import { createHandler as orderWebhook } from '../../functions/order-webhook/handler.ts';
import { createHandler as planIntake } from '../../functions/plan-intake/handler.ts';
import { createHandler as quotePoll } from '../../functions/quote-poll/handler.ts';
import { createHandler as reconcile } from '../../functions/reconcile/handler.ts';
import { createHandler as session } from '../../functions/session/handler.ts';
import { createHandler as stealAttempt } from '../../functions/steal-attempt/handler.ts';
import { createShellDeps } from '../../functions/support/deps.ts';
import { failureNote } from '../../functions/support/failure-note.ts';
import { keyedExchange } from '../../functions/support/keyed-exchange.ts';
import { lineLog } from '../../console/claimjump/relay/log.ts';
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import { createManagerSecrets } from '../../shared/adapters/secrets/manager-secrets.ts';
import { createVenueKeyring } from '../../shared/adapters/secrets/venue-keys.ts';
import { createLambdaTelemetry } from '../../shared/adapters/telemetry/lambda-telemetry.ts';
import { guardOutput } from '../../shared/adapters/telemetry/output-guard.ts';
import type { Exchange, Telemetry } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { batch, context, fakeDeps, request, ACCOUNT, AAPL, NOW } from './fakes.ts';
import { LoopbackVenue, pairMarket } from '../venues/loopback-venue.ts';
import type { WireFault } from '../venues/loopback-venue.ts';
import { order } from '../venues/venue-bench.ts';
import { VENUES } from '../venues/venues.ts';

const PEM = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIcanaryPEMbodyAAAAA\nAAAAAcanaryPEMtail1234==\n-----END EC PRIVATE KEY-----\n';
/** What the service of secrets, or the environment, holds: known by its value, wherever it turns up. */
const KNOWN = {
  webhook: 'canary-webhook/secret+1234567890=',
  before: 'canary-webhook-before-0987654321',
  apiKey: 'canary-api-key-1234',
  secret: 'canary/api+secret==5678',
  password: 'canary passphrase & more',
  pem: 'MHcCAQEEIcanaryPEMbodyAAAAA',
  aws: 'canary-aws-secret-access-key',
  session: 'canary-aws-session-token',
} as const;
const AWS = { AWS_SECRET_ACCESS_KEY: KNOWN.aws, AWS_SESSION_TOKEN: KNOWN.session };
/** What nobody registered: known by its look alone. */
const LOOKS = [
  'https://venue.example/api/v3/order?symbol=BTCUSDT&timestamp=1&signature=c4n4ry-query',
  'https://user:c4n4ry-login@venue.example/x',
  '{"X-MBX-APIKEY":"c4n4ry-header","OK-ACCESS-SIGN":"c4n4ry-sign=","ok-access-passphrase":"c4n4ry pass"}',
  "{ 'API-Sign': 'c4n4ry-kraken==', authorization: 'Bearer c4n4ry.jwt' }",
  'symbol=BTC&timestamp=1&recvWindow=5000&signature=c4n4ry-body',
  `v1,${'c4'.repeat(32)}`,
  `-----BEGIN PRIVATE KEY-----\nc4n4ryPEM\n-----END PRIVATE KEY-----`,
];
const forms = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
};
const EVERYTHING = [...Object.values(KNOWN).flatMap(forms), JSON.stringify(PEM), PEM, ...LOOKS].join(' | ');
const SIGHTINGS = [...new Set([...Object.values(KNOWN).flatMap(forms), 'c4n4ry', 'c4c4c4c4', 'canary/api'])];

/** As bad as errors get: words, causes, a list of errors, and what libraries hang on them. */
const poison = (): Error => {
  const inner = Object.assign(new Error(`inner ${EVERYTHING}`, { cause: { body: EVERYTHING } }), { request: { headers: { 'X-MBX-APIKEY': KNOWN.apiKey }, url: LOOKS[0] } });
  const error = new AggregateError([new Error(`one of them ${EVERYTHING}`)], `outer ${EVERYTHING}`, { cause: inner });
  return Object.assign(error, { config: { headers: { Authorization: 'Bearer c4n4ry' }, data: EVERYTHING }, $metadata: { requestId: EVERYTHING }, apiKey: KNOWN.apiKey, code: EVERYTHING });
};

/** A port whose every call fails so. */
const failing = (): never => new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : async () => { throw poison(); }) }) as never;

const secretsClient = (texts: Readonly<Record<string, string>>): SecretsManagerClient => {
  const client = new SecretsManagerClient({ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  client.middlewareStack.add(
    () => async (args) => {
      const stage = 'VersionStage' in args.input ? String(args.input.VersionStage) : '';
      return { output: { SecretString: texts[stage], $metadata: {} }, response: {} };
    },
    { step: 'initialize' },
  );
  return client;
};

const clock = { now: () => NOW };
const keyring = createVenueKeyring({
  client: secretsClient({ AWSCURRENT: JSON.stringify({ apiKey: KNOWN.apiKey, secret: KNOWN.secret, password: KNOWN.password }), AWSPREVIOUS: JSON.stringify({ apiKey: KNOWN.apiKey, secret: PEM }) }),
  secretName: 'fund/kraken', clock,
});
const secrets = createManagerSecrets({ client: secretsClient({ AWSCURRENT: KNOWN.webhook, AWSPREVIOUS: KNOWN.before }), webhookSecretName: 'hook', clock });

describe('SL-14 no secret is told, whatever comes in', () => {
  let told = '';
  const out = process.stdout.write.bind(process.stdout);
  const err = process.stderr.write.bind(process.stderr);
  const keep = (chunk: string | Uint8Array): boolean => {
    told += String(chunk);
    return true;
  };
  beforeAll(async () => {
    await keyring.read();
    await secrets.webhookSecrets();
    createShellDeps({ ...AWS, ACCOUNT, TABLE_NAME: 't', VENUE: 'paper', AWS_REGION: 'us-east-1' }, fakeDeps().deps);
    process.env['POWERTOOLS_LOG_LEVEL'] = 'DEBUG';
    process.stdout.write = keep;
    process.stderr.write = keep;
  });
  beforeEach(() => {
    told = '';
  });
  afterAll(() => {
    process.stdout.write = out;
    process.stderr.write = err;
    delete process.env['POWERTOOLS_LOG_LEVEL'];
  });
  const telemetry = (): Telemetry => createLambdaTelemetry({ serviceName: 'f', pipeline: 'p', namespace: 'claimjump' });
  const clean = (least = 1): void => {
    expect(told.split('\n').filter((line) => line.startsWith('{')).length).toBeGreaterThanOrEqual(least);
    expect(SIGHTINGS.filter((sighting) => told.toLowerCase().includes(sighting.toLowerCase()))).toEqual([]);
  };
  /** What a runtime prints of what a function throws. */
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
      told += `${inspect(error, { depth: 8 })} ${JSON.stringify({ ...(error as object), message, stack })} ${inspect(cause)}\n`;
    }
  };

  const depsOf = (given: Partial<Record<'store' | 'queues' | 'exchange' | 'secrets' | 'budget', never>> = {}) => {
    const { deps } = fakeDeps({ markets: [AAPL] });
    return { ...deps, telemetry: telemetry(), secrets, exchange: failing(), journal: failing(), deadLetters: failing(), reports: failing(), venueStates: failing(), ...given } as never;
  };
  const signed = (body: string, secret: string = KNOWN.webhook, headers: Readonly<Record<string, string>> = {}) => {
    const [id, timestamp] = ['w-1', String(NOW / 1000)];
    const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('hex');
    return request(body, { headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}`, authorization: `Bearer ${KNOWN.aws}`, cookie: EVERYTHING.replaceAll('\n', ' '), ...headers } });
  };
  const message = (kind: string, more: object = {}) => ({ schema: 1, kind, account: ACCOUNT, correlationId: 'c', symbol: 'AAPL', slot: 'main', actionId: 'E1-AAPL-a:place', hop: 0, quotes: [{ symbol: 'AAPL', price: '1', at: NOW }], ...more });
  const report = { type: 'order', account: ACCOUNT, order: { clientOrderId: 'E1-AAPL-a', symbol: 'AAPL', status: 'OPEN', at: NOW } };
  const caller = { requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/me', userId: 'me', accountId: '000000000000' } } } };

  const all = { store: failing(), queues: failing(), budget: failing() };
  const DOORS: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['plan-intake', () => planIntake(depsOf(all))(request(JSON.stringify({ strategy: 'a', version: 1, watches: [{ symbol: 'AAPL', side: 'buy', limit: '1', quantity: '1' }] })), context())],
    ['plan-intake, called directly', () => planIntake(depsOf(all))({ strategy: 'a', version: 1, watches: [{ symbol: 'AAPL', side: 'buy', limit: '1', quantity: '1' }] }, context())],
    ['order-webhook', () => orderWebhook(depsOf(all))(signed(JSON.stringify(report)), context())],
    ['order-webhook whose secrets cannot be read', () => orderWebhook(depsOf({ secrets: failing() }))(signed(JSON.stringify(report)), context())],
    ['entry-watch', () => entryWatch(depsOf(all))(batch([message('QUOTES', { correlationId: KNOWN.apiKey }), message('QUOTES')]), context())],
    ['steal-attempt', () => stealAttempt(depsOf(all))(batch([message('STEAL')], { fifo: true }), context())],
    ['order-action', () => orderAction(depsOf(all))(batch([message('ACTION'), message('STOP_ACTION', { symbol: 'MSFT' })], { fifo: true }), context())],
    ['order-action, looking up', () => orderAction(depsOf(all))(batch([message('LOOKUP'), message('WATCHDOG')]), context())],
    ['quote-poll', () => quotePoll(depsOf(all))({ kind: 'QUOTE_POLL' }, context())],
    ['reconcile', () => reconcile(depsOf(all))({ kind: 'RECONCILE' }, context())],
    ['session', () => session(depsOf(all))({ kind: 'EXPIRY' }, context())],
    ['operator', () => operator(depsOf(all))({ ...request('{"kind":"STATUS"}'), ...caller }, context())],
  ];

  it.each(DOORS)('by %s whose table, queues and venue fail with all of it', async (_name, door) => {
    await run(door);
    clean();
  });

  const canaries = { apiKey: KNOWN.apiKey, [KNOWN.secret]: 1, note: EVERYTHING };
  const BODIES: readonly (readonly [string, string])[] = [
    ['as a field that nobody knows', JSON.stringify({ kind: 'STATUS', strategy: 'a', version: 1, watches: [], type: 'order', account: ACCOUNT, order: report.order, ...canaries })],
    ['as a name', JSON.stringify({ strategy: KNOWN.apiKey, version: 1, watches: [{ symbol: KNOWN.apiKey, side: 'buy', limit: '1', quantity: '1' }], kind: KNOWN.apiKey, type: KNOWN.apiKey, account: KNOWN.secret })],
    ['as no JSON at all', EVERYTHING],
  ];
  const HTTP: readonly (readonly [string, (body: string) => Promise<unknown>])[] = [
    ['plan-intake', (body) => planIntake(depsOf())(request(body), context())],
    ['plan-intake, called directly', (body) => planIntake(depsOf())(body.startsWith('{') ? (JSON.parse(body) as object) : body, context())],
    ['order-webhook', (body) => orderWebhook(depsOf())(signed(body), context())],
    ['order-webhook, signed with another secret', (body) => orderWebhook(depsOf())(signed(body, 'wrong', { 'webhook-signature': `v1,${'c4'.repeat(32)} ${EVERYTHING.replaceAll('\n', ' ')}` }), context())],
    ['order-webhook under such an id', (body) => orderWebhook(depsOf())(signed(body, KNOWN.webhook, { 'webhook-id': KNOWN.apiKey, 'webhook-timestamp': KNOWN.secret }), context())],
    ['operator', (body) => operator(depsOf())({ ...request(body), ...caller }, context())],
    ['session', (body) => session(depsOf())({ kind: body }, context())],
    ['order-action', (body) => orderAction(depsOf())(batch([body, message('ACTION', { symbol: KNOWN.apiKey, correlationId: KNOWN.secret })], { fifo: true }), context())],
    ['entry-watch', (body) => entryWatch(depsOf())(batch([body, message('QUOTES', { account: KNOWN.secret })]), context())],
  ];
  it.each(HTTP.flatMap(([name, door]) => BODIES.map(([how, body]) => [name, how, () => door(body)] as const)))('by %s that is sent it %s', async (_name, _how, door) => {
    await run(door);
    clean();
  });

  describe('by a venue', () => {
    const REPLY = JSON.stringify({ code: -1, msg: EVERYTHING, error: [EVERYTHING], message: EVERYTHING, retCode: 1, retMsg: EVERYTHING, error_response: { error: EVERYTHING } });
    /** So long that a log keeps no more than half of the secret at its end. */
    const long = (length: number): string => {
      const words = `${'x'.repeat(length)}${KNOWN.secret}`;
      return JSON.stringify({ code: -1, msg: words, error: [words], message: words, retCode: 1, retMsg: words, error_response: { error: words } });
    };
    const replies: readonly WireFault[] = [
      ...[150, 160, 170, 180].map((length): WireFault => ({ kind: 'REPLY', when: 'BEFORE', reply: { status: 400, body: long(length) } })),
      ...[200, 400, 401, 503].map((status): WireFault => ({ kind: 'REPLY', when: 'BEFORE', reply: { status, body: REPLY } })),
      { kind: 'REPLY', when: 'BEFORE', reply: { status: 502, body: EVERYTHING } },
      { kind: 'LOST', when: 'BEFORE' },
    ];
    it.each(VENUES.map((under) => [under.dialect.venue, under] as const))('%s that says all of it, in answers and errors of ccxt', async (_name, under) => {
      const venue = new LoopbackVenue({ markets: [pairMarket(under.symbol)], holdsCoins: under.holdsCoins });
      const running = await under.start(venue);
      const traits = findVenueTraits(under.dialect.venue);
      if (traits === null) throw new Error('no traits');
      const trace = { account: ACCOUNT, source: 'action', requestId: 'r', correlationId: 'c' } as const;
      const log = telemetry();
      const connect = () => createCcxtExchange({ dialect: under.dialect, traits, credentials: under.credentials, urls: under.urls(running.url), timeoutMs: 2_000, pauseMs: 1, fraction: () => 0 });
      const exchange: Exchange = keyedExchange({ keyring, blank: { apiKey: 'none', secret: 'none' }, connect, checking: { clock, tell: (note) => log.record(note, trace), count: log.count } });
      const tell = async (work: Promise<unknown>): Promise<void> => {
        const end = await work.then((outcome) => ({ name: 'VENUE_CALL', level: 'WARN', message: `came to ${JSON.stringify(outcome)}`, fields: { outcome: JSON.stringify(outcome), code: inspect(outcome) } }) as const,
          (error: unknown) => failureNote('read_failed', error, { reason: String(error) }));
        log.record(end, trace);
        log.count('stops_refused_total', 1, { code: JSON.stringify(end.fields) });
      };
      await exchange.markets();
      for (const fault of replies) {
        venue.strike(['place', 'read'], fault, 2);
        await tell(exchange.place(order(under.symbol, 'S1-x-a', { reduceOnly: true })));
        await tell(exchange.openOrders());
        await tell(exchange.place(order(under.symbol, 'E1-x-a')));
      }
      await running.stop();
      await tell(exchange.openOrders());
      clean(12);
    }, 20_000);
  });

  it('by what libraries print, and what is thrown where nobody catches', () => {
    const lines: string[] = [];
    const output = Object.fromEntries(['log', 'info', 'warn', 'error', 'debug', 'trace'].map((name) => [name, (...words: unknown[]) => void lines.push(inspect(words, { depth: 8 }))])) as never;
    const source = new EventEmitter();
    source.on('unhandledRejection', (reason) => void lines.push(inspect(reason, { depth: 8 })));
    guardOutput(output, source);
    guardOutput(output, source);
    const printed = output as Console;
    for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) printed[method]('request %s failed', EVERYTHING, poison(), { apiKey: KNOWN.apiKey, deep: { list: [EVERYTHING] } });
    source.emit('unhandledRejection', poison());
    const uncaught = poison();
    source.emit('uncaughtExceptionMonitor', uncaught);
    told = `${lines.join('\n')} ${inspect(uncaught, { depth: 8 })}`;
    expect([lines.length, source.listenerCount('unhandledRejection')]).toEqual([7, 2]);
    clean(0);
  });

  it('nor does a guard take from the runtime what it does with a rejection that nobody catches', () => {
    const source = new EventEmitter();
    guardOutput(new console.Console(process.stdout), source);
    expect([source.listenerCount('unhandledRejection'), source.listenerCount('uncaughtException')]).toEqual([0, 0]);
  });

  it('by the relay', () => {
    const lines: string[] = [];
    lineLog(() => NOW, (line) => void lines.push(line))('webhook_answered', { words: EVERYTHING, error: KNOWN.apiKey });
    told = lines.join('\n');
    clean();
  });
});
