// The sessions of a market, whichever it is; what follows the market's time asks here and nowhere else.
import { type Millis, seconds } from './instant.ts';
import type { MarketCalendar } from './market-hours.ts';

/** One session of a market: open at its first instant, closed at its last; null where it never closes. */
export interface SessionWindow {
  readonly opensAt: Millis;
  readonly closesAt: Millis | null;
}

/**
 * When a market is open: by a calendar of its own (NYSE, filled by the calendar adapter), at the same local
 * time from Monday to Friday where the zone knows no daylight saving, or always.
 */
export type MarketHours =
  | { readonly kind: 'CALENDAR'; readonly calendar: Pick<MarketCalendar, 'newYorkDate' | 'sessionOn'> }
  | {
      readonly kind: 'WEEKDAYS';
      readonly utcOffsetMinutes: number;
      readonly opensAtMinute: number;
      readonly closesAtMinute: number;
      readonly closedDates: ReadonlySet<string>;
    }
  | { readonly kind: 'ALWAYS' };

/** The markets by name: a calendar of its own, India's weekdays, or one that never closes. */
export type HoursName = 'NYSE' | 'NSE' | 'ALWAYS';

type Weekdays = Extract<MarketHours, { readonly kind: 'WEEKDAYS' }>;

/** Turns whole minutes into milliseconds. */
export const minutes = (count: number): Millis => seconds(count * 60);

const DAY: Millis = minutes(1440);
const SUNDAY = 0;
const SATURDAY = 6;

/** The hours of India's exchanges (MH-1 mirrored): 09:15 to 15:30 Asia/Kolkata, which is UTC+05:30 all year; holidays are given. */
export const indianHours = (closedDates: ReadonlySet<string> = new Set()): MarketHours => ({
  kind: 'WEEKDAYS',
  utcOffsetMinutes: 330,
  opensAtMinute: 9 * 60 + 15,
  closesAtMinute: 15 * 60 + 30,
  closedDates,
});

/** The hours of a market without nights (MH-3): its day begins at midnight UTC and nothing closes. */
export const ALWAYS_OPEN: MarketHours = { kind: 'ALWAYS' };

/** Tells whether an instant lies in a session (MH-1): from its first instant on, no longer at its last. */
export function isInSession(at: Millis, session: SessionWindow | null): session is SessionWindow {
  return session !== null && at >= session.opensAt && (session.closesAt === null || at < session.closesAt);
}

/** Names the trading day of an instant by its local date (MH-3), as `YYYY-MM-DD`. */
export function localDate(at: Millis, hours: MarketHours): string {
  switch (hours.kind) {
    case 'CALENDAR':
      return hours.calendar.newYorkDate(at);
    case 'WEEKDAYS':
      return isoDate(at + minutes(hours.utcOffsetMinutes));
    case 'ALWAYS':
      return isoDate(at);
    default:
      return hours satisfies never;
  }
}

/** Finds the session of the local day an instant lies in (MH-1, MH-3), running or not; null on a day without one. */
export function sessionOfDay(at: Millis, hours: MarketHours): SessionWindow | null {
  switch (hours.kind) {
    case 'CALENDAR':
      return hours.calendar.sessionOn(hours.calendar.newYorkDate(at));
    case 'WEEKDAYS':
      return weekdaySession(at, hours);
    case 'ALWAYS':
      return { opensAt: Math.floor(at / DAY) * DAY, closesAt: null };
    default:
      return hours satisfies never;
  }
}

function weekdaySession(at: Millis, hours: Weekdays): SessionWindow | null {
  const offset = minutes(hours.utcOffsetMinutes);
  const localMidnight = Math.floor((at + offset) / DAY) * DAY;
  const weekday = new Date(localMidnight).getUTCDay();
  if (weekday === SATURDAY || weekday === SUNDAY || hours.closedDates.has(isoDate(localMidnight))) return null;
  const midnight = localMidnight - offset;
  return { opensAt: midnight + minutes(hours.opensAtMinute), closesAt: midnight + minutes(hours.closesAtMinute) };
}

function isoDate(at: Millis): string {
  return new Date(at).toISOString().slice(0, 10);
}
