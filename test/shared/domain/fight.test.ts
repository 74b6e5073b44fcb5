import { describe, expect, it } from '@jest/globals';
import { type PastSteal, judgeFight } from '../../../shared/domain/fight.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { NOW, decimal } from './book.ts';

const steal = (thief: string, victim: string, secondsAgo: number): PastSteal => ({ thief, victim, at: NOW - secondsAgo * 1000 });
const twice = [steal('MSFT', 'AAPL', 60), steal('AAPL', 'MSFT', 120)];
const judge = (thiefPnl: string | null, victimPnl: string | null, history: readonly PastSteal[], threshold = 3) =>
  judgeFight({
    thief: { symbol: 'MSFT', forecastPnl: thiefPnl === null ? null : decimal(thiefPnl) },
    victim: { symbol: 'AAPL', forecastPnl: victimPnl === null ? null : decimal(victimPnl) },
    history,
    settings: { ...DEFAULT_SETTINGS, workStealingFightThreshold: threshold },
    now: NOW,
  });

describe('WS-7 fight', () => {
  it('stays quiet below the threshold, whatever is forecast', () => {
    expect(judge('1', '5', [])).toEqual({ recent: 0, fight: false, allowed: true, reason: null, cooldownSeconds: 300 });
    expect(judge('1', '5', twice.slice(1))).toMatchObject({ recent: 1, fight: false, allowed: true });
  });

  it('is one when this attempt reaches the threshold, in either direction', () => {
    expect(judge('6', '5', twice)).toEqual({ recent: 2, fight: true, allowed: true, reason: null, cooldownSeconds: 1800 });
    expect(judge('1', '5', [], 1)).toMatchObject({ fight: true, allowed: false });
  });

  it('is lost without a strictly greater forecast', () => {
    const lost = { recent: 2, fight: true, allowed: false, reason: 'FIGHT_LOST', cooldownSeconds: null };
    expect(judge('4', '5', twice)).toEqual(lost);
    expect(judge('5.00', '5', twice)).toEqual(lost);
    expect(judge('5.000000000000000001', '5', twice).allowed).toBe(true);
  });

  it('counts an unknown forecast as zero', () => {
    expect(judge(null, null, twice).allowed).toBe(false);
    expect(judge(null, '-1', twice).allowed).toBe(true);
    expect(judge('0.1', null, twice).allowed).toBe(true);
  });

  it('counts steals up to the window and not a millisecond past it', () => {
    expect(judge('1', '5', [steal('MSFT', 'AAPL', 1800), steal('MSFT', 'AAPL', 1)]).recent).toBe(2);
    expect(judge('1', '5', [steal('MSFT', 'AAPL', 1800.001), steal('MSFT', 'AAPL', 1)]).recent).toBe(1);
  });

  it('does not count other pairs, even where one of the two takes part', () => {
    const others = [steal('MSFT', 'NVDA', 1), steal('NVDA', 'AAPL', 1), steal('MSFT', 'MSFT', 1), steal('AAPL', 'AAPL', 1)];
    expect(judge('1', '5', others).recent).toBe(0);
  });
});
