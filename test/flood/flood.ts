// A flood at the webhook while entries fill: what is throttled, how soon stops stand, and whether anything accepted is lost.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../infra/local/local-names.ts';
import { webhookId } from '../../shared/adapters/paper/venue-outbox.ts';
import { openScene, waitFor } from './scene.ts';
import type { Scene } from './scene.ts';
import { flood, openVenueDoor } from './senders.ts';
import type { Sent } from './senders.ts';

export interface FloodOptions {
  readonly seconds: number;
  /** Webhooks a second on a normal day, and how many times that the flood is. */
  readonly normalPerSecond: number;
  readonly times: number;
  readonly fillsPerSecond: number;
  readonly signed: boolean;
}

export interface FloodResult {
  readonly throttle: { readonly perSecond: number; readonly burst: number };
  /** What came to the webhook from the flood's first request to its last answer, from everybody. */
  readonly offered: number;
  readonly offeredSeconds: number;
  readonly throttled: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Most and fewest that the token bucket lets through. */
  readonly passedAtMost: number;
  readonly passedAtLeast: number;
  readonly acceptedUpdates: number;
  /** Ids of updates that were answered 200 and of which nothing is in the table. */
  readonly lostUpdates: readonly string[];
  readonly fills: number;
  /** Trades of the venue that are not in the table. */
  readonly lostFills: readonly string[];
  /** Milliseconds from a fill at the venue until its stop stands there. */
  readonly stopAfterFill: readonly number[];
  /** Milliseconds from the acceptance of a fill's webhook until its stop stands at the venue. */
  readonly stopAfterAcceptance: readonly number[];
  /** How often the venue was told to come again. */
  readonly venueThrottled: number;
  /** Milliseconds that the process under test came late to what was due (p99): what a busy machine adds to every figure. */
  readonly lateness: number;
  readonly failures: readonly string[];
  readonly deadLetters: readonly unknown[];
}

/** The value below which such a share of the samples lies. */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
};

const REST_WITHIN_MS = 120_000;

const fillAll = async (scene: Scene, perSecond: number): Promise<void> => {
  const began = performance.now();
  for (const [index, symbol] of scene.symbols.entries()) {
    await delay(Math.max(0, began + (index * 1000) / perSecond - performance.now()));
    scene.fill(symbol);
  }
};

const sortKeys = async ({ cloud }: Scene): Promise<ReadonlySet<string>> => {
  const client = new DynamoDBClient({ endpoint: cloud.endpoints.dynamodb, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  const keys = new Set<string>();
  const scan = { TableName: cloud.tableName, ConsistentRead: true, ProjectionExpression: 'sk' };
  for await (const { Items } of paginateScan({ client }, scan)) for (const item of Items ?? []) keys.add(item['sk']?.S ?? '');
  client.destroy();
  return keys;
};

/** When each symbol's entry filled and when its stop first stood, by the venue's clock. */
const stopsOf = ({ venue, symbols }: Scene) => {
  const { history, orders } = venue.snapshot();
  return symbols.map((symbol) => {
    const filled = history.find(({ order, fill }) => order.symbol === symbol && fill !== null && order.clientOrderId.startsWith('E'));
    const stop = history.find(({ order }) => order.symbol === symbol && order.clientOrderId.startsWith('S') && order.status === 'OPEN');
    const live = orders.some((order) => order.symbol === symbol && order.clientOrderId.startsWith('S') && order.status === 'OPEN');
    return { symbol, filledAt: filled?.fill?.at ?? NaN, stopAt: live ? (stop?.order.at ?? NaN) : NaN, fill: filled?.fill ?? null, sequence: filled?.sequence ?? NaN };
  });
};

const acceptedAt = (sent: readonly Sent[], sequence: number): number =>
  sent.find(({ id, status }) => status === 200 && id.endsWith(`-${sequence}`))?.answeredAt ?? NaN;

/** Updates that were taken, of which the table does not hold what they told: the trade, or at least the order. */
const lost = ({ venue }: Scene, accepted: readonly Sent[], keys: ReadonlySet<string>): readonly string[] => {
  const told = new Map(venue.snapshot().history.map((event) => [webhookId(event), event]));
  return [...new Set(accepted.map(({ id }) => id))].filter((id) => {
    const event = told.get(id);
    if (event === undefined) return true;
    const { fill, order } = event;
    return !keys.has(fill === null ? `ORDER#${order.clientOrderId}` : `FILL#${order.clientOrderId}#${fill.tradeId}`);
  });
};

const tally = (sent: readonly Sent[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status } of sent) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const run = async (scene: Scene, options: FloodOptions): Promise<FloodResult> => {
  const door = await openVenueDoor(scene);
  try {
    scene.venue.setWebhookTarget({ url: door.url, secret: scene.secret });
    // What the entries themselves told comes before the flood; then the bucket fills again.
    await waitFor('the webhooks of the entries', () => scene.venue.pendingWebhooks().due === 0);
    const throttle = scene.cloud.parts.routes.find(({ path }) => path === '/webhook')?.throttle ?? { perSecond: 0, burst: 0 };
    await delay((throttle.burst / throttle.perSecond) * 1000);
    const before = door.sent.length;
    const lateness = monitorEventLoopDelay({ resolution: 10 });
    lateness.enable();
    const began = performance.now();
    const [flooded] = await Promise.all([
      flood(scene, { perSecond: options.normalPerSecond * options.times, seconds: options.seconds, signed: options.signed }),
      fillAll(scene, options.fillsPerSecond),
    ]);
    const offeredSeconds = (performance.now() - began) / 1000;
    lateness.disable();
    const during = [...flooded, ...door.sent.slice(before)];
    const covered = (): boolean => stopsOf(scene).every(({ stopAt }) => !Number.isNaN(stopAt));
    await waitFor('every fill with its stop, and every webhook taken', () => scene.venue.pendingWebhooks().due === 0 && covered(), REST_WITHIN_MS);
    const keys = await sortKeys(scene);
    const stops = stopsOf(scene);
    const accepted = [...flooded, ...door.sent].filter(({ kind, status }) => status === 200 && kind !== 'PRICES');
    return {
      throttle,
      offered: during.length,
      offeredSeconds,
      throttled: during.filter(({ status }) => status === 429).length,
      statuses: tally(during),
      passedAtMost: Math.floor(throttle.burst + throttle.perSecond * offeredSeconds) + 1,
      passedAtLeast: Math.min(during.length, Math.floor(throttle.burst + throttle.perSecond * options.seconds * 0.98) - 2),
      acceptedUpdates: new Set(accepted.map(({ id }) => id)).size,
      lostUpdates: lost(scene, accepted, keys),
      fills: stops.length,
      lostFills: stops.filter(({ fill }) => fill === null || !keys.has(`FILL#${fill.clientOrderId}#${fill.tradeId}`)).map(({ symbol }) => symbol),
      stopAfterFill: stops.map(({ filledAt, stopAt }) => stopAt - filledAt),
      stopAfterAcceptance: stops.map(({ sequence, stopAt }) => stopAt - acceptedAt(door.sent, sequence)).filter((each) => !Number.isNaN(each)),
      venueThrottled: door.sent.slice(before).filter(({ status }) => status === 429).length,
      lateness: lateness.percentile(99) / 1_000_000,
      failures: [...scene.failures],
      deadLetters: await scene.cloud.deadLetters(),
    };
  } finally {
    scene.venue.setWebhookTarget(null);
    await door.close();
  }
};

/** Runs one flood on a new account. */
export const runFlood = async (options: FloodOptions): Promise<FloodResult> => {
  const scene = await openScene(Math.ceil(options.fillsPerSecond * options.seconds));
  try {
    return await run(scene, options);
  } finally {
    await scene.close();
  }
};
