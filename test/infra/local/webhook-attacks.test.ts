// Every attack on the webhook through the door of the local cloud, on the table and the queues of the engines.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../infra/local/local-names.ts';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import type { SteppedCloud } from '../../../infra/local/stepped-cloud.ts';
import { ensureSynth } from '../../../infra/local/synth.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import { startVenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { attacksOn, bodyOf, flippedBits, paddedBody, signedWire } from '../../functions/order-webhook/attacks.ts';
import type { Target } from '../../functions/order-webhook/attacks.ts';
import { postRaw } from './raw-http.ts';

const LONG = 120_000;
const AT = Date.parse('2026-01-16T19:00:00Z');
const SECRETS = ['the-present-secret-of-the-test', 'the-former-secret-of-the-test'] as const;
const SYMBOL = 'BTC/USD';
const ENGINE = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };

let cloud: SteppedCloud;
let venue: VenueServer;
let dynamo: DynamoDBClient;
let sqs: SQSClient;
let target: Target;

const post = async (name: string, body: unknown): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(cloud.urls[name] ?? '', { method: 'POST', headers, body: JSON.stringify(body) })).status;
};

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;

/** Everything that a request could have changed. */
const everything = async () => {
  const items: Record<string, unknown> = {};
  for await (const { Items } of paginateScan({ client: dynamo }, { TableName: cloud.tableName, ConsistentRead: true })) {
    for (const item of Items ?? []) items[item['sk']?.S ?? ''] = item;
  }
  const queues = cloud.parts.queues.map(async ({ name, url }) => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTS] }));
    return [name, Attributes];
  });
  return { items, queues: await Promise.all(queues), atTheVenue: venue.snapshot().sequence };
};

/** A watch whose order rests at the venue. */
const rest = async (): Promise<string> => {
  venue.setPrices({ stepId: 'one', at: AT, prices: [{ symbol: SYMBOL, price: new Decimal('100.2'), volume: null, sellable: true }] });
  await cloud.runSchedulesOnce();
  const watch = { symbol: SYMBOL, assetClass: 'crypto', side: 'buy', limit: '100', quantity: '2', forecastPnl: '1' };
  expect(await post('plan-intake', { strategy: 'test', version: 1, watches: [watch] })).toBe(200);
  await cloud.settle();
  await cloud.invoke('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
  await cloud.settle();
  const [order, ...others] = venue.snapshot().orders;
  expect(others).toEqual([]);
  return order?.clientOrderId ?? '';
};

beforeAll(async () => {
  venue = await startVenueServer({ account: 'main', clock: { now: () => AT }, config: { markets: defaultMarkets([SYMBOL, 'ETH/USD']) }, dataFolder: null });
  cloud = await startLocalCloud({
    clock: 'stepped',
    startAt: AT,
    schedulesRanAt: AT - 300_000,
    assemblyDirectory: await ensureSynth(),
    dataDirectory: null,
    venueUrl: venue.url,
    overrides: { telemetry: { record: () => undefined, count: () => undefined }, secrets: { webhookSecrets: async () => [...SECRETS] } },
  });
  dynamo = new DynamoDBClient({ endpoint: cloud.endpoints.dynamodb, ...ENGINE });
  sqs = new SQSClient({ endpoint: cloud.endpoints.sqs, ...ENGINE });
  const clientOrderId = await rest();
  target = { account: 'main', now: AT, secrets: SECRETS, forgottenSecret: 'the-secret-before-the-former', clientOrderId, symbol: SYMBOL, otherSymbol: 'ETH/USD' };
}, LONG);

afterAll(async () => {
  dynamo.destroy();
  sqs.destroy();
  await cloud.close();
  await venue.close();
});

const webhook = (): string => cloud.urls['order-webhook'] ?? '';

describe('SL-10 an attack on the webhook is refused and changes neither table nor queues', () => {
  it('by name, each of the table', async () => {
    const before = await everything();
    for (const { name, wire, status } of attacksOn(target)) {
      expect([name, await postRaw(webhook(), wire)]).toEqual([name, status]);
      expect([name, await everything()]).toEqual([name, before]);
    }
  }, LONG);

  it.each(['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)('by each single bit flipped in its %s', async (part) => {
    const before = await everything();
    const statuses = new Set<number>();
    for (const wire of flippedBits(target, part)) statuses.add(await postRaw(webhook(), wire));
    // A header that is none any more is refused by the door itself.
    expect([...statuses].filter((status) => status !== 401 && status !== 400)).toEqual([]);
    expect(statuses).toContain(401);
    expect(part === 'body' ? [...statuses] : []).toEqual(part === 'body' ? [401] : []);
    expect(await everything()).toEqual(before);
  }, LONG);

  it('by prices of symbols that are none of this account’s: nobody watches them, so they stand nowhere', async () => {
    const before = await everything();
    const prices = [{ symbol: 'DOGE/USD', price: '1', at: AT }];
    const body = JSON.stringify({ type: 'prices', account: 'main', prices });
    expect(await postRaw(webhook(), signedWire(target, body, { id: 'prices' }))).toBe(200);
    await cloud.runSchedulesOnce();
    expect(await everything()).toEqual(before);
  });

  it('in a door where a good one is taken, and its repeat changes nothing (SL-10)', async () => {
    const before = await everything();
    const wire = signedWire(target, paddedBody(target, 65_536), { secret: SECRETS[1] });
    expect(await postRaw(webhook(), wire)).toBe(200);
    await cloud.settle();
    const after = await everything();
    expect(after).not.toEqual(before);
    expect(Object.keys(after.items)).toContain(`FILL#${target.clientOrderId}#t1`);
    expect(await postRaw(webhook(), wire)).toBe(200);
    const again = signedWire(target, bodyOf(target), { offsetSeconds: 1 });
    expect(await postRaw(webhook(), again)).toBe(200);
    await cloud.settle();
    expect(await everything()).toEqual(after);
  });
});
