// MH-3: an hour in which every schedule runs as often as the template says, before and at the close of a stock day.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createAuditor } from '../../infra/local/replay/auditing-store.ts';
import { openAuditReader } from '../../infra/local/replay/audit-reader.ts';
import { readArguments } from '../../infra/local/replay/cli.ts';
import { collectFacts } from '../../infra/local/replay/collect-facts.ts';
import type { TableReading } from '../../infra/local/replay/ledger-mirror.ts';
import { prepareRun } from '../../infra/local/replay/prepare-run.ts';
import type { PreparedRun } from '../../infra/local/replay/prepare-run.ts';
import type { Step, StepPrice } from '../../infra/local/replay/price-steps.ts';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import type { ReplayWorld } from '../../infra/local/replay/replay-world.ts';
import { runStep } from '../../infra/local/replay/run-step.ts';
import type { RunFacts } from '../../infra/local/report/facts.ts';
import { startLocalCloud } from '../../infra/local/local-cloud.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import { defaultMarkets } from '../../shared/adapters/paper/paper-markets.ts';
import { startVenueServer } from '../../shared/adapters/paper/venue-server.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import { differencesOf } from './outcome.ts';

const LONG = 300_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The last hour of a New York session: 15:00 to 16:00 there. */
const FROM = Date.parse('2026-01-16T20:00:00Z');
const UNTIL = FROM + HOUR;
const SECRET = 'the-secret-of-this-test-and-no-other';

type PriceStepOf = Extract<Step, { kind: 'PRICES' }>;

/** Notes when each function read or wrote the table: clients are built in pairs, in the template's order. */
const createWatch = (now: () => number) => {
  const seen: Set<number>[] = [];
  return {
    seen,
    configureClient: (client: DynamoDBClient | SQSClient): void => {
      if (!(client instanceof DynamoDBClient)) return;
      const times = new Set<number>();
      seen.push(times);
      client.middlewareStack.add((next) => (args) => {
        times.add(now());
        return next(args);
      }, { step: 'initialize', name: 'watched' });
    },
  };
};

const prepared = (): PreparedRun => {
  const options = readArguments(['--from', '2026-01-16T18:00Z', '--to', '2026-01-16T21:00Z']);
  if (options === null) throw new Error('expected a run');
  return prepareRun({ ...options, folder: null, stopAfterStep: null, injections: NO_INJECTIONS });
};

const open = async (run: PreparedRun) => {
  let now = (): number => run.range.from;
  const watch = createWatch(() => now());
  const venue = await startVenueServer({
    account: 'main',
    clock: { now: () => now() },
    config: { markets: defaultMarkets(run.symbols), startingCash: new Decimal(10_000) },
    dataFolder: null,
  });
  let read = (): Promise<TableReading> => Promise.reject(new Error('not there yet'));
  const auditor = createAuditor(() => read());
  const cloud = await startLocalCloud({
    clock: 'stepped',
    startAt: run.range.from,
    schedulesRanAt: run.range.from - 5 * MINUTE,
    assemblyDirectory: await ensureSynth(),
    dataDirectory: null,
    venueUrl: venue.url,
    overrides: { telemetry: { record: () => undefined, count: () => undefined }, secrets: { webhookSecrets: async () => [SECRET] } },
    wrapStore: (store) => auditor.wrap(store),
    configureClient: watch.configureClient,
    venue: { pendingWebhooks: () => venue.pendingWebhooks().due, flushWebhooks: async () => void (await venue.flushWebhooks()) },
  });
  now = () => cloud.clock.now();
  const reader = openAuditReader(cloud);
  read = () => reader.store.audit(cloud.account);
  venue.setWebhookTarget({ url: cloud.urls['order-webhook'] ?? '', secret: SECRET });
  const close = async (): Promise<void> => {
    reader.close();
    await cloud.close();
    await venue.close();
  };
  const world: ReplayWorld = { cloud, venue, auditor, store: reader.store, close };
  const names = cloud.parts.functions.map(({ name }) => name);
  return { world, seen: (name: string) => [...(watch.seen[names.indexOf(name)] ?? [])] };
};

/** Prices that walk from one step to the next. */
const pricesAt = (time: number, steps: readonly PriceStepOf[]): readonly StepPrice[] => {
  const before = steps.findLast(({ at }) => at <= time);
  const after = steps.find(({ at }) => at > time);
  if (before === undefined) return [];
  if (after === undefined) return before.prices;
  const share = new Decimal(time - before.at).dividedBy(after.at - before.at);
  return before.prices.map((from) => {
    const to = after.prices.find(({ symbol }) => symbol === from.symbol) ?? from;
    return { ...from, sellable: true, price: from.price.plus(to.price.minus(from.price).times(share)).toDecimalPlaces(8) };
  });
};

const every = (milliseconds: number, from: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / milliseconds) + 1 }, (_, index) => from + index * milliseconds);

describe('MH-3 an hour with every schedule at its true rate', () => {
  const run = prepared();
  const steps = run.steps.filter((step) => step.kind === 'PRICES');
  let seen: (name: string) => readonly number[];
  let world: ReplayWorld;
  let facts: RunFacts;
  let pricesSet = 0;

  beforeAll(async () => {
    ({ world, seen } = await open(run));
    await world.auditor.rebuild();
    await world.cloud.settle();
    for (const step of run.steps.filter(({ at }) => at <= FROM)) await runStep(step, run, world);
    await world.cloud.runTrueRate(UNTIL - 1, async (at) => {
      pricesSet += 1;
      world.venue.setPrices({ stepId: `rate ${at}`, at, prices: pricesAt(at, steps) });
    });
    await world.cloud.settle();
    await world.auditor.compare('the end');
    facts = await collectFacts(run, world, { entries: [], isResumed: false }, { pipeline: null, engines: null });
  }, LONG);
  afterAll(async () => {
    await world.close();
  });

  const within = (name: string): readonly number[] => seen(name).filter((at) => at >= FROM).toSorted((a, b) => a - b);

  it('polls prices every ten seconds: six times in each of sixty minutes', () => {
    expect(within('quote-poll')).toEqual(every(10 * SECOND, FROM, UNTIL - 10 * SECOND));
    expect(within('quote-poll')).toHaveLength(360);
  });

  it('reconciles every thirty seconds', () => {
    expect(within('reconcile')).toEqual(every(30 * SECOND, FROM, UNTIL - 30 * SECOND));
    expect(within('reconcile')).toHaveLength(120);
  });

  it('runs its sessions every five minutes', () => {
    expect(within('session')).toEqual(every(5 * MINUTE, FROM, UNTIL - 5 * MINUTE));
  });

  it('reads every poll once as prices', () => {
    expect(within('entry-watch')).toEqual(within('quote-poll'));
    expect(pricesSet).toBe(360);
  });

  it('trades: orders are placed and filled, and SL-6 no stock is held after the close', async () => {
    expect(facts.fills.filter(({ at }) => at > FROM).length).toBeGreaterThan(3);
    const { slots } = await world.store.audit(world.cloud.account);
    expect(slots.filter(({ assetClass, position }) => assetClass === 'stock' && position.status !== 'FLAT')).toEqual([]);
  });

  it('checks itself and finds nothing, and no queue gave anything up', async () => {
    expect(differencesOf(facts.checks)).toEqual([]);
    expect(await world.cloud.deadLetters()).toEqual([]);
    expect(await world.store.openActions(world.cloud.account)).toEqual([]);
  });
});
