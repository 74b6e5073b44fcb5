// A stage with an exchange, as it would be deployed: its bundles, its table and its queues on this machine, and the exchange's
// own REST on the loopback.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import type { SteppedCloud } from '../../../infra/local/stepped-cloud.ts';
import { PipelineStack } from '../../../infra/pipeline-stack.ts';
import { toPlain } from '../../../shared/domain/decimal.ts';
import { krakenStage } from '../stage-builder.ts';
import { KRAKEN } from '../../venues/venues.ts';
import { LoopbackVenue, SECRET, pairMarket } from '../../venues/loopback-venue.ts';
import type { RunningVenue } from '../../venues/loopback-venue.ts';

const PLAN = {
  strategy: 'test',
  version: 1,
  watches: [{ symbol: 'BTC/USD', assetClass: 'crypto', side: 'buy', limit: '99', quantity: '2', stop: '90', takeProfit: '150' }],
};
// A Wednesday on which NYSE is open: crypto waits for its price.
const START = Date.parse('2026-03-04T15:00:00Z');
const MINUTE = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'claimjump-exchange-'));
const outdir = join(folder, 'cdk.out');
let exchange: RunningVenue;
let cloud: SteppedCloud | undefined;

const synthesize = (): void => {
  // What the command line adds: where in the template each bundle is named.
  const context = { ...JSON.parse(readFileSync('cdk.json', 'utf8')).context, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ context, outdir });
  new PipelineStack(app, 'claimjump-live', { stage: krakenStage() });
  app.synth();
};

beforeAll(async () => {
  synthesize();
  const venue = new LoopbackVenue({ markets: [pairMarket('BTC/USD'), pairMarket('ETH/USD')], config: KRAKEN.core, holdsCoins: true, now: () => cloud?.clock.now() ?? START });
  exchange = await KRAKEN.start(venue);
  cloud = await startLocalCloud({
    clock: 'stepped',
    startAt: START,
    schedulesRanAt: START - 5 * MINUTE,
    assemblyDirectory: outdir,
    dataDirectory: null,
    overrides: {
      loopbackVenue: KRAKEN.urls(exchange.url),
      venueKeyring: { read: async () => [KRAKEN.credentials], doubt: () => undefined },
      secrets: { webhookSecrets: async () => ['s'] },
      telemetry: { record: () => undefined, count: () => undefined },
    },
  });
}, 300_000);
afterAll(async () => {
  await cloud?.close();
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

const started = (): SteppedCloud => {
  if (cloud === undefined) throw new Error('the cloud has not started');
  return cloud;
};

const minuteLater = async (price: string): Promise<void> => {
  const running = started();
  exchange.venue.price('BTC/USD', price);
  exchange.venue.price('ETH/USD', '10');
  await running.settle();
  await running.advanceTo(running.clock.now() + MINUTE);
  await running.runSchedulesOnce();
};

describe('EX-9 a stage with an exchange', () => {
  it('SL-4 places an order there, sees that it has filled, and protects what was bought', async () => {
    const { engine } = exchange.venue;
    await minuteLater('120');
    await started().invoke('plan-intake', PLAN);
    await started().settle();
    expect(engine.allOrders()).toEqual([]);
    await minuteLater('99.1');
    expect(engine.openOrders().map(({ symbol, side, quantity, limit }) => [symbol, side, toPlain(quantity), limit === null ? null : toPlain(limit)])).toEqual([
      ['BTC/USD', 'buy', '2', '99'],
    ]);
    await minuteLater('98.9');
    await minuteLater('99');
    const [stop, ...more] = engine.conditionalOrders();
    expect([stop?.side, toPlain(stop?.quantity ?? engine.cash()), toPlain(stop?.stopPrice ?? engine.cash()), more]).toEqual(['sell', '2', '90', []]);
    expect(await started().deadLetters()).toEqual([]);
  }, 60_000);

  it('has no key of the exchange in anything that is deployed, and no other exchange', () => {
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && /\.(mjs|json)$/.test(file.name));
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
    const bundles = texts.filter((text) => text.includes('api.kraken.com'));
    expect(bundles).toHaveLength(3);
    for (const text of texts) {
      expect(text.includes(SECRET)).toBe(false);
      expect(/api\.binance\.com|api\.bybit\.com|api\.coinbase\.com/.test(text)).toBe(false);
    }
  });
});
