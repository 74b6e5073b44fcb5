import { describe, expect, it } from '@jest/globals';
import { type EntryStanding, type ReentryCheck, hasAttemptsLeft, mayReenter } from '../../shared/domain/re-entry.ts';
import { decimal } from '../shared/domain/book.ts';

const OPEN = Date.UTC(2025, 5, 11, 13, 30);
const CLOSE = Date.UTC(2025, 5, 11, 20);
const enters = (check: Partial<ReentryCheck>, standing: Partial<EntryStanding> = {}, most: number | null = 3): boolean =>
  mayReenter(
    { side: 'buy', entryPrice: decimal('100'), price: decimal('99'), at: OPEN + 1, session: { opensAt: OPEN, closesAt: CLOSE }, ...check },
    { triggered: true, position: decimal('0'), liveEntry: false, entriesToday: 0, ...standing },
    most,
  );

describe('SL-2 re-entry', () => {
  it('enters when everything holds', () => {
    expect(enters({})).toBe(true);
  });

  it.each<[string, Partial<EntryStanding>]>([
    ['not armed', { triggered: false }],
    ['an entry that could still fill', { liveEntry: true }],
    ['a holding, however small', { position: decimal('0.00000001') }],
    ['a holding on the other side', { position: decimal('-5') }],
    ['no attempt left', { entriesToday: 3 }],
    ['more entries than there should be', { entriesToday: 4 }],
  ])('stays out with %s', (_name, standing) => {
    expect(enters({}, standing)).toBe(false);
  });

  it.each<[string, Partial<ReentryCheck>, boolean]>([
    ['at the entry price', { price: decimal('100') }, true],
    ['the smallest amount above', { price: decimal('100.0000000001') }, false],
    ['no price', { price: decimal('NaN') }, false],
    ['a price of zero', { price: decimal('0') }, false],
    ['short: at the entry price', { side: 'sell', price: decimal('100') }, true],
    ['short: above', { side: 'sell', price: decimal('101') }, true],
    ['short: below', { side: 'sell', price: decimal('99.99') }, false],
    ['short: a price without end', { side: 'sell', price: decimal('Infinity') }, false],
    ['at the open', { at: OPEN }, true],
    ['before the open', { at: OPEN - 1 }, false],
    ['in the last moment', { at: CLOSE - 1 }, true],
    ['at the close', { at: CLOSE }, false],
    ['without a session', { session: null }, false],
    ['in a market that never closes', { at: CLOSE, session: { opensAt: OPEN, closesAt: null } }, true],
  ])('judges price and time: %s', (_name, check, expected) => {
    expect(enters(check)).toBe(expected);
  });

  it('counts attempts up to the most, and without end where there is none', () => {
    expect([0, 2, 3].map((count) => hasAttemptsLeft(count, 3))).toEqual([true, true, false]);
    expect(hasAttemptsLeft(0, 0)).toBe(false);
    expect(enters({}, { entriesToday: 1000 }, null)).toBe(true);
  });
});
