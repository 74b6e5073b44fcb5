// What a person or a test may ask of a replay.
import type { Millis } from '../../../shared/domain/instant.ts';
import type { StopMoves } from '../../../shared/domain/context.ts';
import type { FaultPlan } from '../../../shared/adapters/paper/venue-faults.ts';
import type { NamedSettings } from './settings-file.ts';

/** What goes wrong on purpose; nothing of it may change the outcome. */
export interface Injections {
  /** Every queue message is delivered twice. */
  readonly duplicateDeliveries: boolean;
  /** Every webhook is sent twice. */
  readonly duplicateWebhooks: boolean;
  /** One in so many SDK calls fails after it took effect; null for none. */
  readonly sdkFaultEvery: number | null;
  /** What the paper venue does wrong beside. */
  readonly venueFaults: FaultPlan;
  /** How stops are moved, at a venue that lets them be moved so; null for the default. */
  readonly stopMoves: StopMoves | null;
  /** Whether every schedule runs at its own time between the steps, instead of once at each. */
  readonly trueRate: boolean;
}

export const NO_INJECTIONS: Injections = {
  duplicateDeliveries: false,
  duplicateWebhooks: false,
  sdkFaultEvery: null,
  venueFaults: { seed: 0, calls: [], webhooks: [] },
  stopMoves: null,
  trueRate: false,
};

/** Tells whether the venue's calls or reports are lost, late or spoilt, so that it takes time to mend what came of it. */
export const hasVenueFaults = ({ venueFaults: { calls, webhooks } }: Injections): boolean => calls.length > 0 || webhooks.length > 0;

/** Where a run's plans come from: a file of limit plans, or what the stop strategy makes of the bars. */
export type Plans = { readonly strategy: 'limit'; readonly file: string } | { readonly strategy: 'stop' };

export interface ReplayOptions {
  readonly barsFile: string;
  readonly plans: Plans;
  /** First instant, inclusive; null for the first bar. */
  readonly from: Millis | null;
  /** Last instant, exclusive; null for the end of the last bar. */
  readonly to: Millis | null;
  /** Null for every symbol of the bars. */
  readonly symbols: readonly string[] | null;
  readonly settings: NamedSettings;
  /** Price steps a second; 0 for as fast as it goes. */
  readonly speed: number;
  /** Where the run is kept, and goes on from what it finds there; null for memory alone. */
  readonly folder: string | null;
  /** Stops after so many steps, as a Ctrl-C does; null for none. */
  readonly stopAfterStep: number | null;
  readonly injections: Injections;
}
