// What a decision knows beside the snapshot: the time, the settings, the calendar and what the venue can do.
import type { Millis } from './instant.ts';
import type { MarketCalendar } from './market-hours.ts';
import type { Settings } from './settings.ts';

export interface Context {
  readonly account: string;
  readonly now: Millis;
  readonly settings: Settings;
  readonly calendar: MarketCalendar;
  readonly amends: boolean;
  readonly maxClientOrderIdLength: number;
}

/** How long a planned entry may wait for its one send (EX-9), seconds. */
export const ENTRY_VALIDITY_SECONDS = 60;
