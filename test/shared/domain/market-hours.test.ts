import { describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import { watchExpiry } from '../../../shared/domain/expiry.ts';
import { type MarketCalendar, isNyseOpen, nextClose, sessionAt, tradingDay } from '../../../shared/domain/market-hours.ts';
import { probePosition, modeAtIntake } from '../../../shared/domain/probe.ts';
import { decimal } from './book.ts';

const calendar = nyseCalendar();
const at = (text: string): number => Date.parse(text);
const iso = (millis: number): string => new Date(millis).toISOString().replace('.000Z', 'Z');
const open = (text: string): boolean => isNyseOpen(at(text), calendar);

describe('MH-1 New York’s session', () => {
  it('is open from 09:30 and closed from 16:00', () => {
    expect(open('2025-01-15T09:29:59.999-05:00')).toBe(false);
    expect(open('2025-01-15T09:30:00-05:00')).toBe(true);
    expect(open('2025-01-15T15:59:59.999-05:00')).toBe(true);
    expect(open('2025-01-15T16:00:00-05:00')).toBe(false);
  });

  it('closes at 13:00 on half days', () => {
    expect(open('2025-11-28T12:59:59-05:00')).toBe(true);
    expect(open('2025-11-28T13:00:00-05:00')).toBe(false);
  });

  it('is closed on weekends, holidays and days of mourning', () => {
    for (const date of ['2025-01-18', '2025-01-19', '2025-12-25', '2025-01-09']) expect(open(`${date}T11:00:00-05:00`)).toBe(false);
  });

  it('keeps New York’s time through both changes of the clock', () => {
    expect(open('2025-03-07T14:30:00Z')).toBe(true);
    expect(open('2025-03-07T14:29:59Z')).toBe(false);
    expect(open('2025-03-10T13:30:00Z')).toBe(true);
    expect(open('2025-11-03T14:29:59Z')).toBe(false);
    expect(open('2025-11-03T14:30:00Z')).toBe(true);
  });

  it('knows the session that runs', () => {
    const session = sessionAt(at('2025-07-03T15:00:00Z'), calendar);
    expect(session && [iso(session.opensAt), iso(session.closesAt)]).toEqual(['2025-07-03T13:30:00Z', '2025-07-03T17:00:00Z']);
    expect(sessionAt(at('2025-07-03T17:00:00Z'), calendar)).toBeNull();
  });

  it('finds the next close strictly after an instant', () => {
    expect(iso(nextClose(at('2025-10-30T19:59:59Z'), calendar))).toBe('2025-10-30T20:00:00Z');
    expect(iso(nextClose(at('2025-10-30T20:00:00Z'), calendar))).toBe('2025-10-31T20:00:00Z');
    expect(iso(nextClose(at('2025-12-24T18:00:00Z'), calendar))).toBe('2025-12-26T21:00:00Z');
  });

  it('says so when a calendar never opens', () => {
    const never: MarketCalendar = { ...calendar, sessionOn: () => null };
    expect(() => nextClose(at('2025-10-30T20:00:00Z'), never)).toThrow(RangeError);
  });
});

describe('MH-2 out of hours', () => {
  it('is for crypto whenever New York is shut, nights and weekends alike', () => {
    expect(['2025-01-15T03:00:00Z', '2025-01-18T16:00:00Z'].map(open)).toEqual([false, false]);
  });
});

describe('MH-3 trading days', () => {
  it('turn at New York’s midnight for stocks and at UTC’s for crypto', () => {
    expect(tradingDay('stock', at('2025-01-15T04:59:59Z'), calendar)).toBe('2025-01-14');
    expect(tradingDay('stock', at('2025-01-15T05:00:00Z'), calendar)).toBe('2025-01-15');
    expect(tradingDay('crypto', at('2025-01-14T23:59:59.999Z'), calendar)).toBe('2025-01-14');
    expect(tradingDay('crypto', at('2025-01-15T00:00:00Z'), calendar)).toBe('2025-01-15');
  });
});

describe('EW-5 expiry', () => {
  const expiry = (assetClass: 'stock' | 'crypto', taken: string, minimum: number | null = null, own: string | null = null): string =>
    iso(watchExpiry({ assetClass, at: at(taken), minimumDurationSeconds: minimum, expiresAt: own === null ? null : at(own) }, calendar));

  it('is the next close for stocks, also from exactly a close on', () => {
    expect(expiry('stock', '2025-10-31T14:00:00Z')).toBe('2025-10-31T20:00:00Z');
    expect(expiry('stock', '2025-10-31T20:00:00Z')).toBe('2025-11-03T21:00:00Z');
    expect(expiry('stock', '2024-11-28T15:00:00Z')).toBe('2024-11-29T18:00:00Z');
  });

  it('is an evening at least a day away for crypto', () => {
    expect(expiry('crypto', '2025-06-11T02:00:00Z')).toBe('2025-06-12T02:00:00Z');
    expect(expiry('crypto', '2025-06-11T02:00:01Z')).toBe('2025-06-13T02:00:00Z');
  });

  it('takes a day for 24 hours when the clocks change', () => {
    // From 22:00 to 22:00 is 23 hours in spring and 25 in autumn.
    expect(expiry('crypto', '2026-03-08T03:00:00Z')).toBe('2026-03-10T02:00:00Z');
    expect(expiry('crypto', '2025-11-02T02:00:00Z')).toBe('2025-11-03T03:00:00Z');
    expect(expiry('crypto', '2025-11-02T03:00:00Z')).toBe('2025-11-03T03:00:00Z');
  });

  it('is the watch’s own where it has one, and a minimum duration only ever extends it', () => {
    expect(expiry('stock', '2025-10-31T14:00:00Z', null, '2025-10-31T15:00:00Z')).toBe('2025-10-31T15:00:00Z');
    expect(expiry('stock', '2025-10-31T14:00:00Z', 7200, '2025-10-31T15:00:00Z')).toBe('2025-10-31T16:00:00Z');
    expect(expiry('stock', '2025-10-31T14:00:00Z', 60)).toBe('2025-10-31T20:00:00Z');
    expect(expiry('stock', '2025-10-31T19:59:00Z', 3600)).toBe('2025-10-31T20:59:00Z');
  });
});

describe('WS-12 probes', () => {
  const settings = { probeNotionalLimit: decimal('300') };
  const mode = (quantity: string, given: 'probe' | 'normal' = 'probe') =>
    modeAtIntake({ mode: given, quantity: decimal(quantity), limit: decimal('150') }, settings);
  const standing = (startedAt: string, now: string, promoted = false) => probePosition({ startedAt: at(startedAt), promoted }, at(now), calendar);

  it('stay probes up to the limit and are normal above it', () => {
    expect(mode('2')).toBe('probe');
    expect(mode('2.00000001')).toBe('normal');
    expect(mode('1', 'normal')).toBe('normal');
  });

  it('are ready once New York’s date has changed, and not before', () => {
    expect(standing('2025-10-14T20:00:00Z', '2025-10-15T03:59:59Z')).toMatchObject({ readyForPromotion: false, close: false });
    expect(standing('2025-10-14T20:00:00Z', '2025-10-15T04:00:00Z')).toMatchObject({ readyForPromotion: true, close: false });
    expect(standing('2025-10-15T04:00:00Z', '2025-10-15T03:59:59Z')).toMatchObject({ readyForPromotion: false });
  });

  it('expire after a day, not at it, and are then closed', () => {
    expect(standing('2025-10-14T16:00:00Z', '2025-10-15T16:00:00Z')).toMatchObject({ expired: false, close: false });
    expect(standing('2025-10-14T16:00:00Z', '2025-10-15T16:00:00.001Z')).toMatchObject({ expired: true, close: true });
  });

  it('are left alone once promoted', () => {
    expect(standing('2025-10-01T16:00:00Z', '2025-10-15T16:00:00Z', true)).toEqual({ promoted: true, close: false });
  });
});
