// What the shell is given. Functions that talk to the venue get it as well; the others cannot.
import type { MarketCalendar } from './domain/market-hours.ts';
import type { Settings } from './domain/settings.ts';
import type { Budget, Clock, Exchange, Ids, Queues, Store, Telemetry, Tracing, VenueTraits } from './ports.ts';

export interface ShellDeps {
  readonly account: string;
  readonly settings: Settings;
  readonly calendar: MarketCalendar;
  readonly store: Store;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly traits: VenueTraits;
  /** Absent where nobody draws traces. */
  readonly tracing?: Tracing;
}

export interface VenueDeps extends ShellDeps {
  readonly exchange: Exchange;
  readonly budget: Budget;
}
