// What the relay needs of the outside; build-relay.ts builds it.
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Exchange } from '../../../shared/ports.ts';
import type { VenueStream } from '../../../shared/venue-stream.ts';
import type { Webhook } from './webhooks.ts';

export interface RelayClock {
  now(): Millis;
  /** Waits so long, or until it is stopped. */
  pause(milliseconds: Millis, stop: AbortSignal): Promise<void>;
  /** A fraction in [0, 1), for jitter. */
  fraction(): number;
}

/** One line of the log: names and numbers only, never a message of somebody else, which may hold a key. */
export type Log = (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface RelayDeps {
  readonly account: string;
  /** Whose prices are forwarded; none are where it is empty. */
  readonly symbols: readonly string[];
  /** The venue's reads; a relay sends it no order. */
  readonly venue: Pick<Exchange, 'findOrder' | 'openOrders' | 'conditionalOrders' | 'recentTrades' | 'quotes'>;
  readonly stream: VenueStream;
  /** Sends one webhook once; whether it was taken (2xx). */
  readonly deliver: (webhook: Webhook, stop: AbortSignal) => Promise<boolean>;
  readonly progress: ProgressStore;
  readonly clock: RelayClock;
  readonly log: Log;
  readonly pace: Pace;
}

/** How fast the relay goes, milliseconds and counts. */
export interface Pace {
  readonly firstPauseMs: Millis;
  readonly longestPauseMs: Millis;
  /** Between two webhooks of prices. */
  readonly pricesEveryMs: Millis;
  /** Older prices say nothing any more (WS-1). */
  readonly pricesLastMs: Millis;
  /** Between two catch-ups because somebody traded. */
  readonly tradesEveryMs: Millis;
  /** How long a trade may wait for the update of its order, which explains it. */
  readonly explainedWithinMs: Millis;
  /** Between two catch-ups without any cause. */
  readonly catchUpEveryMs: Millis;
  readonly saveEveryMs: Millis;
  /** Orders that are asked for at once. */
  readonly mostReads: number;
  /** Orders that may wait to be forwarded. */
  readonly mostWaiting: number;
}

export const USUAL_PACE: Pace = {
  firstPauseMs: 250,
  longestPauseMs: 30_000,
  pricesEveryMs: 1_000,
  pricesLastMs: 120_000,
  tradesEveryMs: 15_000,
  explainedWithinMs: 3_000,
  catchUpEveryMs: 300_000,
  saveEveryMs: 500,
  mostReads: 4,
  mostWaiting: 5_000,
};

/** What a relay must not forget: how far the trades were read, and which orders of ours may still change. */
export interface Progress {
  readonly cursor: string | null;
  /** Symbol by client order id. */
  readonly live: Readonly<Record<string, string>>;
}

export interface ProgressStore {
  load(): Progress;
  /** Keeps it so that a crash leaves the old or the new, never half. */
  save(progress: Progress): void;
}
