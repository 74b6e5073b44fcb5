import { describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '../../../../shared/adapters/calendar/nyse-calendar.ts';

const HOUR = 3_600_000;

/** Every weekday without a session, as the exchange announced them. */
const CLOSED: Readonly<Record<number, readonly string[]>> = {
  2021: ['01-01', '01-18', '02-15', '04-02', '05-31', '07-05', '09-06', '11-25', '12-24'],
  2022: ['01-17', '02-21', '04-15', '05-30', '06-20', '07-04', '09-05', '11-24', '12-26'],
  2023: ['01-02', '01-16', '02-20', '04-07', '05-29', '06-19', '07-04', '09-04', '11-23', '12-25'],
  2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
  2025: ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
  2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
  2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
};

/** Every session that ends at 13:00. */
const HALF: Readonly<Record<number, readonly string[]>> = {
  2021: ['11-26'],
  2022: ['11-25'],
  2023: ['07-03', '11-24'],
  2024: ['07-03', '11-29', '12-24'],
  2025: ['07-03', '11-28', '12-24'],
  2026: ['11-27', '12-24'],
  2027: ['11-26'],
};

const calendar = nyseCalendar();

function datesOf(year: number): string[] {
  const dates: string[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 24 * HOUR) dates.push(new Date(day).toISOString().slice(0, 10));
  return dates;
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
const lengthOn = (date: string): number | null => {
  const session = calendar.sessionOn(date);
  return session === null ? null : (session.closesAt - session.opensAt) / HOUR;
};

describe.each(Object.keys(CLOSED).map(Number))('MH-1 the calendar of %i', (year) => {
  it('is closed on every weekend', () => {
    expect(datesOf(year).filter((date) => isWeekend(date) && calendar.sessionOn(date) !== null)).toEqual([]);
  });

  it('is closed on exactly the announced days', () => {
    const closed = datesOf(year).filter((date) => !isWeekend(date) && calendar.sessionOn(date) === null);
    expect(closed).toEqual(CLOSED[year]?.map((day) => `${year}-${day}`));
  });

  it('closes early on exactly the announced days, and is open six and a half hours on all others', () => {
    const sessions = datesOf(year).filter((date) => calendar.sessionOn(date) !== null);
    expect(sessions.filter((date) => lengthOn(date) === 3.5)).toEqual(HALF[year]?.map((day) => `${year}-${day}`));
    expect(sessions.filter((date) => lengthOn(date) !== 3.5 && lengthOn(date) !== 6.5)).toEqual([]);
  });

  it('opens at half past nine of New York’s clock on each of its days', () => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' });
    const opens = datesOf(year).flatMap((date) => calendar.sessionOn(date)?.opensAt ?? []);
    expect(new Set(opens.map((at) => clock.format(at)))).toEqual(new Set(['09:30']));
  });
});

describe('New York’s days', () => {
  it('turn at local midnight, in summer and in winter', () => {
    expect(calendar.newYorkDate(Date.parse('2025-07-15T03:59:59Z'))).toBe('2025-07-14');
    expect(calendar.newYorkDate(Date.parse('2025-07-15T04:00:00Z'))).toBe('2025-07-15');
    expect(calendar.newYorkDate(Date.parse('2025-01-15T04:59:59Z'))).toBe('2025-01-14');
  });

  it('follow one another over months, years, leap days and the clock’s changes', () => {
    const next = ['2024-02-28', '2024-02-29', '2025-12-31', '2025-03-09', '2025-11-02'].map((date) => calendar.nextDate(date));
    expect(next).toEqual(['2024-02-29', '2024-03-01', '2026-01-01', '2025-03-10', '2025-11-03']);
  });

  it('have their hours', () => {
    expect(new Date(calendar.newYorkTime('2025-11-02', 22, 0)).toISOString()).toBe('2025-11-03T03:00:00.000Z');
    expect(new Date(calendar.newYorkTime('2025-11-01', 22, 30)).toISOString()).toBe('2025-11-02T02:30:00.000Z');
  });

  it('have names of one form only', () => {
    for (const date of ['', '2025-1-5', '2025-02-30', 'today']) expect(() => calendar.sessionOn(date)).toThrow(RangeError);
  });

  it('are remembered without changing their answer', () => {
    expect(calendar.sessionOn('2025-01-15')).toBe(calendar.sessionOn('2025-01-15'));
    expect(nyseCalendar().sessionOn('2025-01-15')).toEqual(calendar.sessionOn('2025-01-15'));
  });
});
