import { describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { newYorkDate, newYorkTime, parseDate } from '../../../../shared/adapters/calendar/new-york-time.ts';

const ZONE = 'America/New_York';
const HOUR = 3_600_000;

describe('MH-1 the time in New York', () => {
  it('is what a library for it says, at each hour of seven years and each quarter around the changes of clocks', () => {
    const from = Date.UTC(2021, 0, 1);
    const until = Date.UTC(2028, 0, 1);
    for (let at = from; at < until; at += HOUR) {
      const shown = DateTime.fromMillis(at, { zone: ZONE });
      const date = shown.toFormat('yyyy-MM-dd');
      if (newYorkDate(at) !== date) throw new Error(`${new Date(at).toISOString()} is ${date} in New York`);
    }
    for (let day = parseDate('2021-01-01'); day < until; day += 24 * HOUR) {
      const date = new Date(day).toISOString().slice(0, 10);
      for (const [hour, minute] of [[0, 0], [1, 30], [2, 0], [2, 30], [3, 0], [9, 30], [13, 0], [16, 0], [23, 45]] as const) {
        const wanted = DateTime.fromFormat(date, 'yyyy-MM-dd', { zone: ZONE }).set({ hour, minute }).toMillis();
        if (newYorkTime(date, hour, minute) !== wanted) throw new Error(`${date} ${hour}:${minute} is ${new Date(wanted).toISOString()}`);
      }
    }
    expect(newYorkTime('2025-03-09', 2, 30)).toBe(Date.UTC(2025, 2, 9, 7, 30));
    expect(newYorkTime('2025-11-02', 1, 30)).toBe(Date.UTC(2025, 10, 2, 5, 30));
  });

  it.each(['2025-02-30', '2025-1-1', 'today', '2025-01-31T00:00:00Z', ''])('refuses %j for a date', (text) => {
    expect(() => newYorkTime(text, 9, 30)).toThrow('expected a date like 2025-01-31');
  });
});
