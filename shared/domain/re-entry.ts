import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import { type SessionWindow, isInSession } from './session-window.ts';
import { type Side, isThrough } from './side.ts';

/** Where a symbol stands: `position` in units, negative when short; `liveEntry` is an entry order that could still fill. */
export interface EntryStanding {
  readonly triggered: boolean;
  readonly position: Decimal;
  readonly liveEntry: boolean;
  readonly entriesToday: number;
}

/** The price an entry waits at, and the price that has come. */
export interface ReentryCheck {
  readonly side: Side;
  readonly entryPrice: Decimal;
  readonly price: Decimal;
  readonly at: Millis;
  readonly session: SessionWindow | null;
}

/** Tells whether another entry is allowed today (SL-2): fewer than the most, which null leaves open; an entry counts from its first fill. */
export function hasAttemptsLeft(entriesToday: number, maxAttempts: number | null): boolean {
  return maxAttempts === null || entriesToday < maxAttempts;
}

/** Tells whether a symbol places its entry now (SL-2): everything in one check; any holding, on either side, is not flat. */
export function mayReenter(check: ReentryCheck, standing: EntryStanding, maxAttempts: number | null): boolean {
  if (!standing.triggered || standing.liveEntry || !standing.position.isZero()) return false;
  return hasAttemptsLeft(standing.entriesToday, maxAttempts) && isInSession(check.at, check.session) && isPriced(check);
}

function isPriced({ side, entryPrice, price }: ReentryCheck): boolean {
  // Beyond the entry price a buy-stop would trigger the moment it is placed.
  return price.isFinite() && price.greaterThan(0) && isThrough(side, entryPrice, price);
}
