import { describe, expect, it } from '@jest/globals';
import { hasAttemptsLeft } from '../../shared/domain/re-entry.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { type TriggerCheck, isTriggerTime, isTriggered, judgeTrigger } from '../../shared/domain/trigger.ts';
import { decimal } from '../shared/domain/book.ts';

const OPEN = Date.UTC(2025, 5, 11, 13, 30);
const session = { opensAt: OPEN, closesAt: OPEN + 390 * 60_000 };
const after = (minutes: number): number => OPEN + minutes * 60_000;
const check = (changes: Partial<TriggerCheck> = {}): TriggerCheck => ({
  side: 'buy',
  triggerPrice: decimal('100'),
  price: decimal('99.99'),
  at: after(10),
  session,
  ...changes,
});
const triggered = (changes: Partial<TriggerCheck>, settings: Partial<Settings> = {}): boolean =>
  isTriggered(check(changes), { ...DEFAULT_SETTINGS, ...settings });

describe('SL-1 trigger', () => {
  it('arms a long at its price or below, a short at its price or above', () => {
    expect(['99.99', '100', '100.0000000001'].map((price) => triggered({ price: decimal(price) }))).toEqual([true, true, false]);
    const short = (price: string) => triggered({ side: 'sell', price: decimal(price) });
    expect(['99.9999999999', '100', '250'].map(short)).toEqual([false, true, true]);
  });

  it('counts from the end of the ignored minutes to just before the end of the window', () => {
    const times = [-1 / 60_000, 0, 1 - 1 / 60_000, 1, 60 - 1 / 60_000, 60];
    expect(times.map((minutes) => triggered({ at: after(minutes) }))).toEqual([false, false, false, true, true, false]);
  });

  it('counts from the open on where nothing is ignored, and never where the window is empty', () => {
    expect(triggered({ at: OPEN }, { ignoreInitialMinutes: 0 })).toBe(true);
    expect(triggered({ at: OPEN - 1 }, { ignoreInitialMinutes: 0 })).toBe(false);
    expect(triggered({ at: OPEN }, { ignoreInitialMinutes: 0, triggerWindowMinutes: 0 })).toBe(false);
  });

  it('ends with the session, however long the window', () => {
    const settings = { ...DEFAULT_SETTINGS, triggerWindowMinutes: 1000 };
    expect(isTriggerTime(session.closesAt - 1, session, settings)).toBe(true);
    expect(isTriggerTime(session.closesAt, session, settings)).toBe(false);
    expect(isTriggerTime(session.closesAt, { ...session, closesAt: null }, settings)).toBe(true);
  });

  it('stays quiet without a session and for what is no price', () => {
    expect(triggered({ session: null })).toBe(false);
    for (const price of ['0', '-1', 'NaN', '-Infinity']) expect(triggered({ price: decimal(price) })).toBe(false);
    expect(triggered({ side: 'sell', price: decimal('Infinity') })).toBe(false);
  });

  it('arms and claims at once, and without attempts left arms and claims nothing', () => {
    expect(judgeTrigger(check(), hasAttemptsLeft(2, 3), DEFAULT_SETTINGS)).toBe('TRIGGER_AND_CLAIM');
    expect(judgeTrigger(check(), hasAttemptsLeft(3, 3), DEFAULT_SETTINGS)).toBe('TRIGGER');
    expect(judgeTrigger(check({ price: decimal('101') }), true, DEFAULT_SETTINGS)).toBe('NOTHING');
  });
});
