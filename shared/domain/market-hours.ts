import type { Millis } from './instant.ts';
import type { AssetClass } from './symbols.ts';

/** One regular session of NYSE: open at its first instant, closed at its last. */
export interface Session {
  readonly opensAt: Millis;
  readonly closesAt: Millis;
}

/** What the domain has to know of days and sessions; dates are `YYYY-MM-DD` in New York. */
export interface MarketCalendar {
  sessionOn(newYorkDate: string): Session | null;
  newYorkDate(at: Millis): string;
  newYorkTime(date: string, hour: number, minute: number): Millis;
  nextDate(date: string): string;
}

// The longest closure of the exchange since 1914 was four trading days; a year without a session is a broken calendar.
const DAYS_TO_LOOK_AHEAD = 366;

/** Finds the session that runs at an instant (MH-1); null while NYSE is closed. */
export function sessionAt(at: Millis, calendar: MarketCalendar): Session | null {
  const session = calendar.sessionOn(calendar.newYorkDate(at));
  return session !== null && at >= session.opensAt && at < session.closesAt ? session : null;
}

/** Tells whether NYSE is open at an instant (MH-1); crypto is out of hours exactly when it is not (MH-2). */
export function isNyseOpen(at: Millis, calendar: MarketCalendar): boolean {
  return sessionAt(at, calendar) !== null;
}

/** Finds the next close of NYSE strictly after an instant (EW-5). Throws RangeError when the calendar holds no session for a year. */
export function nextClose(at: Millis, calendar: MarketCalendar): Millis {
  let date = calendar.newYorkDate(at);
  for (let day = 0; day <= DAYS_TO_LOOK_AHEAD; day += 1) {
    const session = calendar.sessionOn(date);
    if (session !== null && session.closesAt > at) return session.closesAt;
    date = calendar.nextDate(date);
  }
  throw new RangeError(`no NYSE session within a year of ${new Date(at).toISOString()}`);
}

/** Names the trading day of an instant (MH-3): New York's date for stocks, the UTC date for crypto, as `YYYY-MM-DD`. */
export function tradingDay(assetClass: AssetClass, at: Millis, calendar: MarketCalendar): string {
  return assetClass === 'stock' ? calendar.newYorkDate(at) : new Date(at).toISOString().slice(0, 10);
}
