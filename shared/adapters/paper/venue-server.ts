// The door of the paper venue: HTTP on the loopback, and the controls of whoever runs it.
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { Clock } from '../../ports.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { Venue } from './venue.ts';
import { FaultableAnswer } from './venue-answer.ts';
import { type FaultPlan, NO_FAULTS } from './venue-faults.ts';
import { NO_JOURNAL, openJournal } from './venue-journal.ts';
import { DEFAULT_VENUE_CONFIG, type PriceStep, type VenueConfig, type VenueEvent, type VenueFill, type VenueHolding, type VenueOrder } from './venue-model.ts';
import type { OutboxOptions, PendingWebhooks } from './venue-outbox.ts';
import { callOf, problem } from './venue-routes.ts';
import type { WebhookTarget } from './venue-webhook.ts';

const LOOPBACK = '127.0.0.1';
const GREATEST_BODY_BYTES = 64 * 1024;

export interface VenueServerOptions {
  readonly account: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly config: Partial<VenueConfig>;
  /** Where the journal is kept; null forgets everything at the end. */
  readonly dataFolder: string | null;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly faults?: FaultPlan;
  readonly webhooks?: Partial<Pick<OutboxOptions, 'mode' | 'timeoutMs' | 'pauseMs' | 'maxRounds'>> & { readonly target?: WebhookTarget };
}

/** Everything that is true at the venue at one moment; sequence numbers tell what came before what. */
export interface VenueSnapshot {
  readonly sequence: number;
  readonly cash: Decimal;
  readonly equity: Decimal;
  readonly orders: readonly VenueOrder[];
  readonly fills: readonly VenueFill[];
  readonly positions: readonly VenueHolding[];
  /** Everything that became of its orders, in its order. */
  readonly history: readonly VenueEvent[];
  /** Calls that came while a ban lasted. */
  readonly bannedCalls: number;
}

export interface VenueServer {
  readonly url: string;
  readonly port: number;
  /** Moves prices and fills what they reach; a step that was taken before changes nothing. Returns whether it was new. */
  setPrices(step: PriceStep): boolean;
  configureFaults(plan: FaultPlan): void;
  setWebhookTarget(target: WebhookTarget | null): void;
  /** Sends every webhook that is due, in order; returns how many were taken. */
  flushWebhooks(): Promise<number>;
  pendingWebhooks(): PendingWebhooks;
  snapshot(): VenueSnapshot;
  /** Breaks every connection and ends everything that was started. */
  close(): Promise<void>;
}

/**
 * Starts a paper venue on 127.0.0.1, with what its journal remembers.
 * @throws VenueJournalError for a journal that cannot be read or does not fit
 */
export async function startVenueServer(options: VenueServerOptions): Promise<VenueServer> {
  const venue = openVenue(options);
  const server = createServer((request, response) => void serve(venue, request, new FaultableAnswer(response)));
  // An idle connection that the server closes looks to a client like an answer that was lost.
  server.keepAliveTimeout = 0;
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    setPrices: (step) => venue.execute({ kind: 'PRICES', ...step }).changed,
    configureFaults: (plan) => venue.configureFaults(plan),
    setWebhookTarget: (target) => venue.outbox.setTarget(target),
    flushWebhooks: () => venue.outbox.flush(),
    pendingWebhooks: () => venue.outbox.pending(),
    snapshot: () => snapshotOf(venue),
    close: async () => {
      await closeServer(server);
      await venue.close();
    },
  };
}

function openVenue({ account, clock, config, dataFolder, faults, webhooks }: VenueServerOptions): Venue {
  const { target, ...rest } = webhooks ?? {};
  const venue = new Venue({
    config: { ...DEFAULT_VENUE_CONFIG, ...config },
    clock,
    journal: dataFolder === null ? NO_JOURNAL : openJournal(dataFolder),
    faults: faults ?? NO_FAULTS,
    webhooks: { account, mode: 'MANUAL', timeoutMs: 10_000, pauseMs: 100, maxRounds: 10, ...rest },
  });
  if (target !== undefined) venue.outbox.setTarget(target);
  return venue;
}

async function serve(venue: Venue, request: IncomingMessage, answer: FaultableAnswer): Promise<void> {
  try {
    const body = await readBody(request);
    if (body === null) return answer.send(problem(413, 'TOO_LARGE', `expected at most ${GREATEST_BODY_BYTES} bytes`));
    const call = callOf(venue, { method: request.method ?? '', url: new URL(request.url ?? '/', `http://${LOOPBACK}`), body });
    if ('status' in call) return answer.send(call);
    answer.sendWith(venue.effectOf(call), call);
  } catch (error) {
    answer.send(problem(500, 'VENUE_BROKEN', error instanceof Error ? error.message : 'unknown'));
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size <= GREATEST_BODY_BYTES) chunks.push(bytes);
  }
  return size > GREATEST_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port }, () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? port : address.port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function snapshotOf({ engine, history, bannedCalls }: Venue): VenueSnapshot {
  return {
    sequence: engine.sequence(),
    cash: engine.cash(),
    equity: engine.equity(),
    orders: engine.allOrders(),
    fills: engine.fills(),
    positions: engine.holdings(),
    history: [...history],
    bannedCalls,
  };
}
