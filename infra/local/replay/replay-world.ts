// Everything a replay runs on: the stack in stepped time, and the paper venue, which is the world outside it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { FaultPlan } from '../../../shared/adapters/paper/venue-faults.ts';
import type { VenueConfig } from '../../../shared/adapters/paper/venue-model.ts';
import { startVenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Store } from '../../../shared/ports.ts';
import { startLocalCloud } from '../local-cloud.ts';
import type { SteppedCloud } from '../stepped-cloud.ts';
import { createAuditor } from './auditing-store.ts';
import type { Auditor } from './auditing-store.ts';
import { openAuditReader } from './audit-reader.ts';
import type { TableReading } from './ledger-mirror.ts';
import type { Injections } from './replay-options.ts';
import type { RunCounters } from './run-counters.ts';
import { losingAnswers } from './sdk-faults.ts';
import type { NamedSettings } from './settings-file.ts';

export interface WorldOptions {
  /** What `cdk synth` wrote. */
  readonly assemblyDirectory: string;
  readonly account: string;
  /** Where the run is kept; null for memory alone. */
  readonly folder: string | null;
  readonly symbols: readonly string[];
  readonly startCash: Decimal;
  /** What of each step's volume may fill, as a ratio; null for no limit. */
  readonly fillShareOfVolume: Decimal | null;
  readonly settings: NamedSettings;
  readonly injections: Injections;
  readonly counters: RunCounters;
  /** Time at which the clock stands, and until when schedules have run. */
  readonly startAt: Millis;
  readonly schedulesRanAt: Millis;
}

export interface ReplayWorld {
  readonly cloud: SteppedCloud;
  readonly venue: VenueServer;
  readonly auditor: Auditor;
  /** Reads the table past the functions and the auditor. */
  readonly store: Store;
  close(): Promise<void>;
}

/** Starts the venue and the stack; what was started is stopped again if something fails. */
export async function openWorld(options: WorldOptions): Promise<ReplayWorld> {
  const secret = randomBytes(24).toString('hex');
  let present = (): Millis => options.startAt;
  const venue = await startVenueServer({
    account: options.account,
    clock: { now: () => present() },
    config: venueConfigOf(options),
    dataFolder: below(options.folder, 'venue'),
    faults: faultsOf(options.injections),
  });
  try {
    let read = (): Promise<TableReading> => Promise.reject(new Error('the table is not there yet'));
    const auditor = createAuditor(() => read(), (changes) => options.counters.committed(changes));
    const cloud = await startCloud(options, { venue, secret, wrapStore: (store) => auditor.wrap(store) });
    const reader = openAuditReader(cloud);
    read = () => reader.store.audit(cloud.account);
    present = () => cloud.clock.now();
    venue.setWebhookTarget({ url: urlOf(cloud, 'order-webhook'), secret });
    const close = async (): Promise<void> => {
      reader.close();
      await cloud.close();
      await venue.close();
    };
    return { cloud, venue, auditor, store: reader.store, close };
  } catch (error) {
    await venue.close();
    throw error;
  }
}

// A venue that lets stops overlap or be amended would hide what is done where it does not.
const venueConfigOf = ({ symbols, startCash, fillShareOfVolume, injections: { stopMoves } }: WorldOptions): Partial<VenueConfig> => ({
  markets: defaultMarkets(symbols),
  startingCash: startCash,
  fillShareOfVolume,
  ...(stopMoves === null ? {} : { reduceOnlyOverlap: stopMoves === 'PLACE_FIRST', amendsStops: stopMoves === 'AMEND' }),
});

const below = (folder: string | null, name: string): string | null => (folder === null ? null : join(folder, name));

/** Address of a function's URL. @throws Error where the template has none */
export function urlOf(cloud: SteppedCloud, functionName: string): string {
  const url = cloud.urls[functionName];
  if (url === undefined) throw new Error(`the template gives ${functionName} no address`);
  return url;
}

interface CloudSurroundings {
  readonly venue: VenueServer;
  readonly secret: string;
  readonly wrapStore: (store: Store, watcher: Store) => Store;
}

function startCloud(options: WorldOptions, { venue, secret, wrapStore }: CloudSurroundings): Promise<SteppedCloud> {
  const { counters, injections } = options;
  return startLocalCloud({
    clock: 'stepped',
    startAt: options.startAt,
    schedulesRanAt: options.schedulesRanAt,
    assemblyDirectory: options.assemblyDirectory,
    dataDirectory: below(options.folder, 'cloud'),
    venueUrl: venue.url,
    settings: { ...options.settings, ...stopMovesOf(injections) },
    overrides: { telemetry: counters.telemetry, secrets: { webhookSecrets: () => Promise.resolve([secret]) } },
    wrapStore,
    duplicateDeliveries: injections.duplicateDeliveries,
    ...(injections.sdkFaultEvery === null ? {} : { configureClient: losingAnswers(injections.sdkFaultEvery) }),
    venue: {
      pendingWebhooks: () => venue.pendingWebhooks().due,
      flushWebhooks: async () => {
        await venue.flushWebhooks();
      },
    },
  });
}

const stopMovesOf = ({ stopMoves }: Injections): NamedSettings => (stopMoves === null ? {} : { VENUE_STOP_MOVES: stopMoves });

function faultsOf({ venueFaults, duplicateWebhooks }: Injections): FaultPlan {
  if (!duplicateWebhooks) return venueFaults;
  const twice = { types: [], only: null, timing: { kind: 'EVERY', n: 1 }, effect: { kind: 'DUPLICATE' } } as const;
  return { ...venueFaults, webhooks: [...venueFaults.webhooks, twice] };
}
