// A stack in stepped time before a paper venue that a test moves; what it is like after each scene is checked the same way.
import { openAuditReader } from '../../infra/local/replay/audit-reader.ts';
import { urlOf } from '../../infra/local/replay/replay-world.ts';
import type { OtherRelease } from '../../infra/local/function-host.ts';
import { startLocalCloud } from '../../infra/local/local-cloud.ts';
import type { SteppedCloud } from '../../infra/local/stepped-cloud.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import { emptyTable } from './empty-table.ts';
import { defaultMarkets } from '../../shared/adapters/paper/paper-markets.ts';
import { startVenueServer } from '../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../shared/adapters/paper/venue-server.ts';
import { Decimal, ZERO } from '../../shared/domain/decimal.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { explainedIn } from '../../shared/domain/reconcile-positions.ts';
import type { Note } from '../../shared/domain/decision.ts';
import type { Store } from '../../shared/ports.ts';
import { addsUp } from '../../shared/reconcile-audit.ts';
import { openVenueDoor, sentTwice } from './venue-door.ts';
import type { VenueDoor } from './venue-door.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
/** A Friday in January, 10:00 in New York. */
export const FROM = Date.parse('2026-01-16T15:00:00Z');
export const SYMBOLS = ['BTC/USD', 'ETH/USD'] as const;
const SECRET = 'the-secret-of-this-test-and-no-other';
const CASH = new Decimal(1000);

export interface StageOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly otherRelease?: OtherRelease;
  readonly startAt?: number;
  /** A venue that is there already, with its door: it outlives the stack. */
  readonly outside?: Outside;
}

/** The world outside: it forgets nothing when the stack does. */
export interface Outside {
  readonly door: VenueDoor;
  venue: VenueServer;
  /** Puts a new venue behind the door. */
  renew(): Promise<void>;
  close(): Promise<void>;
  now: () => number;
}

export const openOutside = async (): Promise<Outside> => {
  const door = await openVenueDoor();
  const start = (): Promise<VenueServer> =>
    startVenueServer({
      account: 'main',
      clock: { now: () => outside.now() },
      config: { markets: defaultMarkets(SYMBOLS), startingCash: CASH, uniqueClientOrderIds: 'OPEN' },
      dataFolder: null,
    });
  const outside: Outside = {
    door,
    now: () => FROM,
    venue: undefined as unknown as VenueServer,
    renew: async () => {
      await outside.venue.close();
      outside.venue = await start();
      door.lead(outside.venue.url);
      door.placed.length = 0;
    },
    close: async () => {
      await outside.venue.close();
      await door.close();
    },
  };
  outside.venue = await start();
  door.lead(outside.venue.url);
  return outside;
};

export interface Stage {
  readonly cloud: SteppedCloud;
  readonly outside: Outside;
  readonly store: Store;
  readonly notes: Note[];
  prices(prices: Readonly<Record<string, string>>): Promise<void>;
  /** Posts a plan of buys; `null` keeps what the one before had. */
  plan(watches: readonly { symbol: string; limit: string; quantity: string; forecastPnl?: string }[]): Promise<void>;
  reconcile(): Promise<void>;
  pass(milliseconds: number): Promise<void>;
  tellVenue(): void;
  /** Forgets everything but the markets, here and at the venue. */
  beginAnew(): Promise<void>;
  close(): Promise<void>;
}

const SCHEDULER_TRIES = 3;
const SILENT = () => undefined;

export const openStage = async (options: StageOptions = {}): Promise<Stage> => {
  const outside = options.outside ?? (await openOutside());
  const notes: Note[] = [];
  const cloud = await startLocalCloud({
    clock: 'stepped',
    startAt: options.startAt ?? FROM,
    assemblyDirectory: await ensureSynth(),
    dataDirectory: null,
    venueUrl: outside.door.url,
    settings: { WRITE_SCHEMAS: 'OLDER', ...options.settings },
    overrides: {
      telemetry: { record: (note: Note) => void notes.push(note), count: SILENT },
      secrets: { webhookSecrets: async () => [SECRET] },
    },
    onFailure: SILENT,
    ...(options.otherRelease === undefined ? {} : { otherRelease: options.otherRelease }),
    venue: {
      pendingWebhooks: () => outside.venue.pendingWebhooks().due,
      flushWebhooks: async () => void (await outside.venue.flushWebhooks()),
    },
  });
  outside.now = () => cloud.clock.now();
  const reader = openAuditReader(cloud);
  let [version, step] = [Math.floor(cloud.clock.now() / SECOND), 0];
  // The scheduler calls again what failed, and gives it up at last: the next run comes.
  const call = async (name: string, event: unknown): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        await cloud.invoke(name, event);
        return;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'SchemaTooNewError') throw error;
        if (tries === SCHEDULER_TRIES) return;
      }
    }
  };
  const stage: Stage = {
    cloud,
    outside,
    store: reader.store,
    notes,
    prices: async (prices) => {
      step += 1;
      const at = cloud.clock.now();
      outside.venue.setPrices({
        stepId: `${at}-${step}`,
        at,
        prices: Object.entries(prices).map(([symbol, price]) => ({ symbol, price: new Decimal(price), sellable: true })),
      });
      await cloud.settle();
      await call('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
      await cloud.settle();
    },
    plan: async (watches) => {
      version += 1;
      const body = JSON.stringify({
        strategy: 'side',
        version,
        watches: watches.map((watch) => ({ assetClass: 'crypto', side: 'buy', forecastPnl: '1', ...watch })),
      });
      const answer = await fetch(urlOf(cloud, 'plan-intake'), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const text = await answer.text();
      if (!answer.ok || text.includes('REFUSED')) throw new Error(`plan: ${answer.status} ${text}`);
      await cloud.settle();
    },
    reconcile: async () => {
      await call('reconcile', { kind: 'RECONCILE', repeatSeconds: [] });
      await cloud.settle();
    },
    pass: async (milliseconds) => {
      await cloud.settle();
      await cloud.runDelayed(cloud.clock.now() + milliseconds);
    },
    tellVenue: () => outside.venue.setWebhookTarget({ url: urlOf(cloud, 'order-webhook'), secret: SECRET }),
    beginAnew: async () => {
      await stage.pass(5 * MINUTE);
      await emptyTable({ endpoint: cloud.endpoints.dynamodb, tableName: cloud.tableName }, (key) => !/^(MARKET|VENUE)#/.test(key));
      await outside.renew();
      stage.tellVenue();
      notes.length = 0;
    },
    close: async () => {
      reader.close();
      await cloud.close();
      if (options.outside === undefined) await outside.close();
    },
  };
  stage.tellVenue();
  return stage;
};

/** Everything that must never be so (EW-7, EX-9, WS-2, SL-4, SL-7), in words; nothing where all is well. */
export const violationsOf = async ({ store, cloud, outside }: Pick<Stage, 'store' | 'cloud' | 'outside'>): Promise<readonly string[]> => {
  const { before, slots, after } = await store.audit(cloud.account);
  const { orders, positions } = outside.venue.snapshot();
  const live = orders.filter(({ status }) => status === 'OPEN' || status === 'PARTIALLY_FILLED');
  const entries = (symbol: string) => live.filter((order) => order.symbol === symbol && order.clientOrderId.startsWith('E'));
  const stops = (symbol: string) => live.filter((order) => order.symbol === symbol && order.stopPrice !== null && order.side === 'sell');
  const covered = (symbol: string) => stops(symbol).reduce((sum, { quantity, filledQuantity }) => sum.plus(quantity).minus(filledQuantity), ZERO);
  const used = after === null ? ZERO : after.cap.minus(after.free);
  return [
    ...(addsUp(before, slots, after) === false ? ['the ledger does not add up'] : []),
    ...(after !== null && used.greaterThan(after.cap) ? [`used ${used.toFixed()} of ${after.cap.toFixed()}`] : []),
    ...SYMBOLS.filter((symbol) => entries(symbol).length > 1).map((symbol) => `${symbol}: two live entries`),
    ...sentTwice(outside.door).map((id) => `${id} was sent twice`),
    ...positions
      .filter(({ symbol, quantity }) => !covered(symbol).equals(quantity))
      .map(({ symbol, quantity }) => `${symbol}: ${quantity.toFixed()} held, ${covered(symbol).toFixed()} protected`),
    ...SYMBOLS.flatMap((symbol) => {
      const ours = slots.filter((slot) => slot.symbol === symbol).reduce((sum, slot) => sum.plus(explainedIn(slot)), ZERO);
      const theirs = positions.find((position) => position.symbol === symbol)?.quantity ?? ZERO;
      return ours.equals(theirs) ? [] : [`${symbol}: ${ours.toFixed()} in the table, ${theirs.toFixed()} at the venue`];
    }),
    ...slots.filter((slot) => isHeld(slot.position) && slot.position.unprotectedSince !== null).map(({ symbol }) => `${symbol}: unprotected`),
  ];
};
