// What a live run stands on: the stack on the machine's own clock, and the paper venue that lists the exchange's markets.
import { randomBytes } from 'node:crypto';
import { startVenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { Note } from '../../../shared/domain/decision.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import type { Market } from '../../../shared/ports.ts';
import type { LocalCloud } from '../cloud-face.ts';
import { startLocalCloud } from '../local-cloud.ts';
import type { NamedSettings } from '../replay/settings-file.ts';
import { ensureSynth } from '../synth.ts';

export interface LiveWorldOptions {
  readonly markets: readonly Market[];
  readonly settings: NamedSettings;
  readonly onNote: (note: Note) => void;
  readonly onFailure: (words: string) => void;
}

export interface LiveWorld {
  readonly cloud: LocalCloud;
  readonly venue: VenueServer;
  /** Moves the paper venue to prices, and has the pipeline read them. */
  tick(prices: Readonly<Record<string, Quote>>): Promise<void>;
  /** Finishes what is at work and stops everything. */
  close(): Promise<void>;
}

/** Account that the paper stage of the stack trades. */
const ACCOUNT = 'main';

/** Starts venue and stack; what was started is stopped again if something fails. */
export async function openLiveWorld(options: LiveWorldOptions): Promise<LiveWorld> {
  const venue = await startVenueServer({
    account: ACCOUNT, clock: { now: Date.now }, config: { markets: options.markets }, dataFolder: null, webhooks: { mode: 'AUTO' },
  });
  try {
    const cloud = await startCloud(options, venue);
    let ticks = 0;
    return {
      cloud,
      venue,
      tick: async (quotes) => {
        ticks += 1;
        const prices = Object.entries(quotes).map(([symbol, { price }]) => ({ symbol, price, volume: null, sellable: true }));
        venue.setPrices({ stepId: `tick-${ticks}`, at: Date.now(), prices });
        await cloud.invoke('quote-poll', { kind: 'QUOTE_POLL', repeatSeconds: [] });
      },
      close: async () => {
        await cloud.close();
        await venue.close();
      },
    };
  } catch (error) {
    await venue.close();
    throw error;
  }
}

async function startCloud({ settings, onNote, onFailure }: LiveWorldOptions, venue: VenueServer): Promise<LocalCloud> {
  const secret = randomBytes(24).toString('hex');
  const cloud = await startLocalCloud({
    clock: 'running',
    assemblyDirectory: await ensureSynth(),
    dataDirectory: null,
    venueUrl: venue.url,
    settings,
    overrides: { telemetry: { record: onNote, count: () => undefined }, secrets: { webhookSecrets: () => Promise.resolve([secret]) } },
    onFailure: ({ functionName, error }) => onFailure(`${functionName} failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  const url = cloud.urls['order-webhook'];
  if (url !== undefined) venue.setWebhookTarget({ url, secret });
  return cloud;
}
