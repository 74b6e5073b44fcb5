// What a decision knows beside the snapshot: the time, the settings, the calendar and what the venue can do.
import type { Millis } from './instant.ts';
import type { MarketCalendar } from './market-hours.ts';
import type { Settings } from './settings.ts';

/**
 * How a stop is moved (SL-5, EX-3): amended in its place; by a second one before the first is cancelled, where the venue
 * lets reduce-only orders overlap; or by a second one as soon as the first has ended.
 */
export type StopMoves = 'AMEND' | 'PLACE_FIRST' | 'CANCEL_FIRST';

export interface Context {
  readonly account: string;
  readonly now: Millis;
  readonly settings: Settings;
  readonly calendar: MarketCalendar;
  readonly amends: boolean;
  readonly stopMoves: StopMoves;
  /** Whether the venue keeps icebergs itself; where not, their parts are placed one by one (EX-1). */
  readonly icebergs: boolean;
  readonly maxClientOrderIdLength: number;
  /** Fences of orders planned now are above it (EX-11); `decide` takes it from the ledger. */
  readonly fenceFloor: number;
}

/** How long a planned entry may wait for its one send (EX-9), seconds. */
export const ENTRY_VALIDITY_SECONDS = 60;
