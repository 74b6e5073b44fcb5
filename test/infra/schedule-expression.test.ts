import { describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { readSchedule, ScheduleExpressionError } from '../../infra/schedule-expression.ts';

const ZONE = 'America/New_York';
const at = (text: string): number => DateTime.fromISO(text, { zone: ZONE }).toMillis();
const after = (expression: string, text: string): string | null =>
  DateTime.fromMillis(readSchedule(expression, ZONE).nextAfter(at(text)), { zone: ZONE }).toISO({ suppressMilliseconds: true });
const following = (expression: string, from: string, until: string): string[] => {
  const { nextAfter } = readSchedule(expression, ZONE);
  const times: string[] = [];
  for (let time = nextAfter(at(from)); time <= at(until); time = nextAfter(time)) {
    times.push(DateTime.fromMillis(time, { zone: ZONE }).toFormat('MM-dd HH:mm ZZ'));
  }
  return times;
};

describe('MH-3 rates', () => {
  it.each([
    ['rate(1 minute)', '2024-01-02T09:30:00', '2024-01-02T09:31:00-05:00'],
    ['rate(1 minute)', '2024-01-02T09:30:59.999', '2024-01-02T09:31:00-05:00'],
    ['rate(5 minutes)', '2024-01-02T09:31:00', '2024-01-02T09:35:00-05:00'],
    ['rate(1 hour)', '2024-01-02T09:31:00', '2024-01-02T10:00:00-05:00'],
  ])('%s after %s comes at %s', (expression, from, expected) => {
    expect(after(expression, from)).toBe(expected);
  });
});

describe('MH-3 cron times of other markets', () => {
  const utc = (expression: string, zone: string, from: string): string => new Date(readSchedule(expression, zone).nextAfter(Date.parse(from))).toISOString();

  it.each([
    ['cron(10 9 ? * MON-FRI *)', 'Asia/Kolkata', '2025-03-07T03:40:00Z', '2025-03-10T03:40:00.000Z'],
    ['cron(0/5 14-16 ? * MON-FRI *)', 'Asia/Kolkata', '2025-03-07T09:17:00Z', '2025-03-07T09:20:00.000Z'],
    ['cron(0/5 14-16 ? * MON-FRI *)', 'Asia/Kolkata', '2025-03-07T11:25:00Z', '2025-03-10T08:30:00.000Z'],
    ['cron(0 0 * * ? *)', 'UTC', '2025-03-08T23:59:59Z', '2025-03-09T00:00:00.000Z'],
    ['cron(0 0 * * ? *)', 'UTC', '2025-03-09T00:00:00Z', '2025-03-10T00:00:00.000Z'],
  ])('%s in %s after %s comes at %s', (expression, zone, from, expected) => {
    expect(utc(expression, zone, from)).toBe(expected);
  });
});

describe('MH-3 cron times in New York', () => {
  it.each([
    ['cron(25 9 ? * MON-FRI *)', '2024-01-05T09:25:00', '2024-01-08T09:25:00-05:00'],
    ['cron(25 9 ? * MON-FRI *)', '2024-01-05T09:24:59', '2024-01-05T09:25:00-05:00'],
    ['cron(0/5 12-16 ? * MON-FRI *)', '2024-01-05T16:55:00', '2024-01-08T12:00:00-05:00'],
    ['cron(0/5 12-16 ? * MON-FRI *)', '2024-01-05T12:01:00', '2024-01-05T12:05:00-05:00'],
    ['cron(0 0 1 JAN,JUL ? *)', '2024-01-02T00:00:00', '2024-07-01T00:00:00-04:00'],
    ['cron(15,45 8 29 2 ? *)', '2024-02-29T08:15:00', '2024-02-29T08:45:00-05:00'],
    ['cron(15,45 8 29 2 ? *)', '2024-02-29T08:45:00', '2028-02-29T08:15:00-05:00'],
    ['cron(0 12 ? * 1 *)', '2024-01-05T00:00:00', '2024-01-07T12:00:00-05:00'],
    ['cron(*/30 9 * * ? *)', '2024-01-05T09:00:00', '2024-01-05T09:30:00-05:00'],
  ])('%s after %s comes at %s', (expression, from, expected) => {
    expect(after(expression, from)).toBe(expected);
  });

  it('MH-1 keeps its New York time over both changes of the clock', () => {
    expect(following('cron(25 9 * * ? *)', '2024-03-09T00:00:00', '2024-03-11T00:00:00')).toEqual([
      '03-09 09:25 -05:00',
      '03-10 09:25 -04:00',
    ]);
    expect(following('cron(25 9 * * ? *)', '2024-11-02T00:00:00', '2024-11-04T00:00:00')).toEqual([
      '11-02 09:25 -04:00',
      '11-03 09:25 -05:00',
    ]);
  });

  it('leaves out a time that the clock jumps over', () => {
    expect(following('cron(30 2 * * ? *)', '2024-03-09T00:00:00', '2024-03-12T00:00:00')).toEqual([
      '03-09 02:30 -05:00',
      '03-11 02:30 -04:00',
    ]);
  });

  it('comes once at a time that the clock shows twice', () => {
    expect(following('cron(30 1 * * ? *)', '2024-11-02T12:00:00', '2024-11-04T12:00:00')).toEqual([
      '11-03 01:30 -04:00',
      '11-04 01:30 -05:00',
    ]);
  });

  it.each([
    'cron(0 12 * * MON-FRI)',
    'cron(60 12 ? * MON *)',
    'cron(0 12 L * ? *)',
    'cron(0 12 31 2 ? *)',
    'rate(0 minutes)',
    'rate(5 moons)',
    'at(2024-01-01T00:00:00)',
  ])('refuses %s, which it cannot follow', (expression) => {
    expect(() => readSchedule(expression, ZONE).nextAfter(at('2024-01-01T00:00:00'))).toThrow(ScheduleExpressionError);
  });

  it('refuses a time zone that is none', () => {
    expect(() => readSchedule('rate(1 minute)', 'New York')).toThrow(ScheduleExpressionError);
  });
});
