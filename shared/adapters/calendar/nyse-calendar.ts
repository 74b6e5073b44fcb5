// NYSE's sessions: holidays from a library, early closes by rule, and what no rule foretells from a small table.
import { getHolidays } from 'nyse-holidays';
import type { MarketCalendar, Session } from '../../domain/market-hours.ts';
import { dateOf, newYorkDate, newYorkTime, parseDate } from './new-york-time.ts';

const THURSDAY = 4;
const SATURDAY = 6;
const SUNDAY = 0;
const DAY = 86_400_000;
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
    nextDate: (date) => dateOf(parseDate(date) + DAY),
  };
}

function findSession(date: string, holidaysOf: (year: number) => ReadonlySet<string>): Session | null {
  const day = new Date(parseDate(date));
  const weekday = day.getUTCDay();
  if (weekday === SATURDAY || weekday === SUNDAY || SPECIAL_CLOSURES.has(date) || holidaysOf(day.getUTCFullYear()).has(date)) return null;
  return { opensAt: newYorkTime(date, 9, 30), closesAt: newYorkTime(date, closesEarly(day) ? 13 : 16, 0) };
}

/** The eves of Independence Day and Christmas, where they are trading days, and the day after Thanksgiving. */
function closesEarly(day: Date): boolean {
  const month = day.getUTCMonth() + 1;
  if (month === 7) return day.getUTCDate() === 3;
  if (month === 12) return day.getUTCDate() === 24;
  const yesterday = new Date(day.getTime() - DAY);
  return yesterday.getUTCMonth() + 1 === 11 && yesterday.getUTCDay() === THURSDAY && Math.ceil(yesterday.getUTCDate() / 7) === 4;
}

function holidayDates(year: number): ReadonlySet<string> {
  return new Set(getHolidays(year).map((holiday) => holiday.dateString));
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
