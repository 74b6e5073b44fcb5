import { describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { ALWAYS_OPEN, type MarketHours, indianHours, isInSession, localDate, sessionOfDay } from '../../shared/domain/session-window.ts';

const NYSE: MarketHours = { kind: 'CALENDAR', calendar: nyseCalendar() };
const INDIA = indianHours(new Set(['2025-08-15']));
const at = (text: string): number => Date.parse(text);
const iso = (millis: number): string => new Date(millis).toISOString();
const shown = (text: string, hours: MarketHours) => {
  const session = sessionOfDay(at(text), hours);
  return session && [iso(session.opensAt), session.closesAt === null ? null : iso(session.closesAt)];
};
const open = (text: string, hours: MarketHours): boolean => isInSession(at(text), sessionOfDay(at(text), hours));

describe('MH-1 sessions of every market', () => {
  it('takes New York’s from the calendar, half days and both clocks included', () => {
    expect(shown('2025-06-11T12:00:00-04:00', NYSE)).toEqual(['2025-06-11T13:30:00.000Z', '2025-06-11T20:00:00.000Z']);
    expect(shown('2025-11-28T12:00:00-05:00', NYSE)).toEqual(['2025-11-28T14:30:00.000Z', '2025-11-28T18:00:00.000Z']);
    expect(shown('2025-12-25T12:00:00-05:00', NYSE)).toBeNull();
  });

  it('runs in India from 09:15 to just before 15:30, summer and winter', () => {
    expect(shown('2025-06-11T00:00:00+05:30', INDIA)).toEqual(['2025-06-11T03:45:00.000Z', '2025-06-11T10:00:00.000Z']);
    expect(shown('2025-01-15T23:59:59+05:30', INDIA)).toEqual(['2025-01-15T03:45:00.000Z', '2025-01-15T10:00:00.000Z']);
    expect(open('2025-06-11T09:14:59.999+05:30', INDIA)).toBe(false);
    expect(open('2025-06-11T09:15:00+05:30', INDIA)).toBe(true);
    expect(open('2025-06-11T15:29:59.999+05:30', INDIA)).toBe(true);
    expect(open('2025-06-11T15:30:00+05:30', INDIA)).toBe(false);
  });

  it('has no session in India on weekends and on the holidays it is given', () => {
    expect(shown('2025-06-14T11:00:00+05:30', INDIA)).toBeNull();
    expect(shown('2025-06-15T11:00:00+05:30', INDIA)).toBeNull();
    expect(shown('2025-08-15T11:00:00+05:30', INDIA)).toBeNull();
    expect(open('2025-08-15T11:00:00+05:30', indianHours())).toBe(true);
  });

  it('judges weekends by the local date: Monday morning in India is still Sunday in UTC', () => {
    expect(shown('2025-06-16T02:00:00+05:30', INDIA)).toEqual(['2025-06-16T03:45:00.000Z', '2025-06-16T10:00:00.000Z']);
    expect(shown('2025-06-14T02:00:00+05:30', INDIA)).toBeNull();
  });
});

describe('MH-3 days', () => {
  it('turn at midnight UTC in a market without nights, which never closes', () => {
    expect(shown('2025-06-14T23:59:59.999Z', ALWAYS_OPEN)).toEqual(['2025-06-14T00:00:00.000Z', null]);
    expect(shown('2025-06-15T00:00:00Z', ALWAYS_OPEN)).toEqual(['2025-06-15T00:00:00.000Z', null]);
    expect(open('2025-06-15T03:00:00Z', ALWAYS_OPEN)).toBe(true);
  });

  it('are named by the market’s own date', () => {
    const instant = at('2025-06-11T20:00:00Z');
    expect([NYSE, INDIA, ALWAYS_OPEN].map((hours) => localDate(instant, hours))).toEqual(['2025-06-11', '2025-06-12', '2025-06-11']);
    expect(localDate(at('2025-06-11T03:00:00Z'), NYSE)).toBe('2025-06-10');
  });

  it('has no session where there is none', () => {
    expect(isInSession(0, null)).toBe(false);
  });
});
