// What differs between the places the pipeline is deployed to.
import type { StopMoves } from '../shared/domain/context.ts';
import type { VenueName } from '../shared/venue-names.ts';

/** PAPER trades with nothing, SANDBOX at an exchange with play money, LIVE with real money. */
export const STAGE_NAMES = ['paper', 'sandbox', 'live'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** Where orders go: to a paper venue at an address, or to an exchange with the keys of a secret, named and never held here. */
export type VenuePlace =
  | { readonly kind: 'PAPER'; readonly url: string }
  | {
      readonly kind: 'EXCHANGE';
      readonly venue: Exclude<VenueName, 'paper'>;
      readonly secretName: string;
      /** The customer's own key that the secret is encrypted with; null for Secrets Manager's. */
      readonly secretKeyArn: string | null;
      readonly sandbox: boolean;
      /** What only this exchange is told, by environment names. */
      readonly options: Readonly<Record<string, string>>;
    };

/** How much each endpoint takes, in requests a second, and whether functions have executions of their own. */
export interface StageLimits {
  readonly webhookPerSecond: number;
  /** Requests that may come at one moment. */
  readonly webhookBurst: number;
  readonly plansPerSecond: number;
  readonly operatorPerSecond: number;
  /** False where the account's Lambda quota is too small to reserve any: ten in a new account. */
  readonly reserveConcurrency: boolean;
}

/** From which addresses the venue is asked: ANY of the region's, or one FIXED address that a key can be tied to. */
export type Egress = 'ANY' | 'FIXED';

/** One place: whether its data outlives it, whose account it trades, at which venue, with which settings. */
export interface Stage {
  /** Ends the stack's name. */
  readonly name: string;
  /** Whether money is at stake. */
  readonly kind: StageName;
  readonly keepsData: boolean;
  readonly account: string;
  readonly place: VenuePlace;
  /** How stops are moved there (SL-5), in the place of the venue's own way; null for that. */
  readonly stopMoves: StopMoves | null;
  /** Settings by their environment names; what is not named has its default. */
  readonly settings: Readonly<Record<string, string>>;
  /** Who is told of alarms by mail; null for nobody yet. */
  readonly alarmEmail: string | null;
  /** Whole dollars a month; more than this is alarmed about. */
  readonly monthlySpendLimitUsd: number;
  readonly limits: StageLimits;
  /** Writes the newest shape of every item; false while older code may still read the table. */
  readonly writesNewest: boolean;
  /** A table that point-in-time recovery made, to run on in the place of the stack's own; null for that. */
  readonly restoredTable: string | null;
  readonly egress: Egress;
}

/** The name of a place's venue, as its functions know it. */
export const venueOf = (place: VenuePlace): VenueName => (place.kind === 'PAPER' ? 'paper' : place.venue);
