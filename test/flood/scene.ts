// An account with many entries at rest at the paper venue, on the stack in running time.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalCloud } from '../../infra/local/cloud-face.ts';
import { startLocalCloud } from '../../infra/local/local-cloud.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import { defaultMarkets } from '../../shared/adapters/paper/paper-markets.ts';
import { startVenueServer } from '../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../shared/adapters/paper/venue-server.ts';
import { Decimal } from '../../shared/domain/decimal.ts';

const ACCOUNT = 'main';
const PRICE = '100';
const LIMIT = '99.5';
const BELOW_LIMIT = '99';
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** The venue does not give up: a webhook that was not taken comes again after 100 ms at first, then after twice as long. */
const MOST_ROUNDS = 10_000;

export interface Scene {
  readonly cloud: LocalCloud;
  readonly venue: VenueServer;
  readonly secret: string;
  readonly symbols: readonly string[];
  /** Failures of whole batches, by what was said. */
  readonly failures: string[];
  /** Moves a symbol's price through its limit: its entry fills. */
  fill(symbol: string): void;
  close(): Promise<void>;
}

/** Waits until something holds. @throws Error naming what did not within the time */
export const waitFor = async (what: string, holds: () => boolean, withinMs = READY_WITHIN_MS): Promise<void> => {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await delay(LOOK_EVERY_MS);
  }
};

const price = (symbol: string, at: string) => ({ symbol, price: new Decimal(at), volume: null, sellable: true });

const plan = (symbols: readonly string[]) => ({
  strategy: 'flood',
  version: 1,
  watches: symbols.map((symbol) => ({ symbol, assetClass: 'crypto', side: 'buy', limit: LIMIT, quantity: '1', forecastPnl: '1' })),
});

const layOut = async ({ cloud, venue, symbols }: Pick<Scene, 'cloud' | 'venue' | 'symbols'>): Promise<void> => {
  venue.setPrices({ stepId: 'start', at: Date.now(), prices: symbols.map((symbol) => price(symbol, PRICE)) });
  await cloud.invoke('reconcile', { kind: 'RECONCILE', repeatSeconds: [] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(cloud.urls['plan-intake'] ?? '', { method: 'POST', headers, body: JSON.stringify(plan(symbols)) });
  if (!answer.ok) throw new Error(`the plan was answered ${answer.status}: ${await answer.text()}`);
  await cloud.invoke('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
  const resting = (): number => venue.snapshot().orders.filter(({ status }) => status === 'OPEN').length;
  await waitFor(`${symbols.length} entries at rest`, () => resting() === symbols.length);
};

/** Opens the scene with as many entries as there are to be fills. */
export const openScene = async (entries: number): Promise<Scene> => {
  const symbols = Array.from({ length: entries }, (_, index) => `F${String(index).padStart(3, '0')}/USD`);
  const venue = await startVenueServer({
    account: ACCOUNT,
    clock: { now: Date.now },
    config: { markets: defaultMarkets(symbols), startingCash: new Decimal(1_000_000) },
    dataFolder: null,
    webhooks: { mode: 'AUTO', maxRounds: MOST_ROUNDS },
  });
  const secret = randomBytes(24).toString('hex');
  const failures: string[] = [];
  const cloud = await startLocalCloud({
    clock: 'running',
    assemblyDirectory: await ensureSynth(),
    dataDirectory: null,
    venueUrl: venue.url,
    overrides: { telemetry: { record: () => undefined, count: () => undefined }, secrets: { webhookSecrets: async () => [secret] } },
    onFailure: ({ functionName, error }) => failures.push(`${functionName}: ${String(error)}`),
  });
  const close = async (): Promise<void> => {
    await cloud.close();
    await venue.close();
  };
  try {
    await layOut({ cloud, venue, symbols });
  } catch (error) {
    await close();
    throw error;
  }
  const fill = (symbol: string): void => {
    venue.setPrices({ stepId: `fill ${symbol}`, at: Date.now(), prices: [price(symbol, BELOW_LIMIT)] });
  };
  return { cloud, venue, secret, symbols, failures, fill, close };
};
