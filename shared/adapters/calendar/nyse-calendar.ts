// NYSE's sessions: holidays from a library, early closes by rule, and what no rule foretells from a small table.
import { DateTime } from 'luxon';
import { getHolidays } from 'nyse-holidays';
import type { MarketCalendar, Session } from '../../domain/market-hours.ts';

const ZONE = 'America/New_York';
const THURSDAY = 4;
const SATURDAY = 6;
const REMEMBERED_DAYS = 4096;

// Days of mourning and other closures that the exchange announced shortly before.
const SPECIAL_CLOSURES: ReadonlySet<string> = new Set(['2025-01-09']);

/** Builds the calendar of NYSE (MH-1), right for 2021 to 2027 and by the same rules for the years around. Memoised: one per process is enough. */
export function nyseCalendar(): MarketCalendar {
  const sessions = new Map<string, Session | null>();
  const holidays = new Map<number, ReadonlySet<string>>();
  const holidaysOf = (year: number): ReadonlySet<string> => remember(holidays, year, () => holidayDates(year));
  return {
    sessionOn: (date) => remember(sessions, date, () => findSession(date, holidaysOf)),
    newYorkDate,
    newYorkTime,
    nextDate: (date) => parseDate(date).plus({ days: 1 }).toFormat('yyyy-MM-dd'),
  };
}

function findSession(date: string, holidaysOf: (year: number) => ReadonlySet<string>): Session | null {
  const day = parseDate(date);
  if (day.weekday >= SATURDAY || SPECIAL_CLOSURES.has(date) || holidaysOf(day.year).has(date)) return null;
  return { opensAt: newYorkTime(date, 9, 30), closesAt: newYorkTime(date, closesEarly(day) ? 13 : 16, 0) };
}

/** The eves of Independence Day and Christmas, where they are trading days, and the day after Thanksgiving. */
function closesEarly(day: DateTime): boolean {
  if (day.month === 7) return day.day === 3;
  if (day.month === 12) return day.day === 24;
  const yesterday = day.minus({ days: 1 });
  return yesterday.month === 11 && yesterday.weekday === THURSDAY && Math.ceil(yesterday.day / 7) === 4;
}

function holidayDates(year: number): ReadonlySet<string> {
  return new Set(getHolidays(year).map((holiday) => holiday.dateString));
}

function newYorkDate(at: number): string {
  return DateTime.fromMillis(at, { zone: ZONE }).toFormat('yyyy-MM-dd');
}

function newYorkTime(date: string, hour: number, minute: number): number {
  return parseDate(date).set({ hour, minute }).toMillis();
}

function parseDate(date: string): DateTime {
  const day = DateTime.fromFormat(date, 'yyyy-MM-dd', { zone: ZONE });
  if (!day.isValid) throw new RangeError(`expected a date like 2025-01-31, found ${JSON.stringify(date)}`);
  return day;
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = find();
  // A replay walks over years; what was seen first is needed least.
  if (known.size >= REMEMBERED_DAYS) known.clear();
  known.set(key, value);
  return value;
}
