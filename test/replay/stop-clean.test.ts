// SL-1 to SL-8 in whole replays of real minutes: entered at the opening's low, protected at once, trailed, stopped, sold before the close.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { RunResult } from './outcome.ts';
import { differencesOf } from './outcome.ts';
import { replay } from './runs.ts';
import { AFTERNOON, EARLY_CLOSE, MORNING } from './stop-runs.ts';

const LONG = 300_000;

describe('SL-1 SL-4 SL-5 a morning of two stocks with stop entries', () => {
  let clean: RunResult;
  beforeAll(async () => {
    clean = await replay(MORNING);
  }, LONG);

  it('enters each at the first price above its opening\'s low, and leaves it at its stop', () => {
    expect(clean.outcome.fills.map((line) => line.split(' ').slice(1).join(' ')).toSorted()).toEqual([
      'AZO buy 0.739084643@2710.0825',
      'AZO sell 0.739084643@2714.92',
      'BKNG buy 0.537433593@3721.61',
      'BKNG sell 0.537433593@3719.42',
    ]);
    expect(clean.stops).toMatchObject({ placed: 2, moved: 3, hit: 2, closed: { STOP: 2 } });
  });

  it('never holds anything without cover, at any instant', () => {
    expect(clean.stops).toMatchObject({ uncovered: null, uncoveredLimitSeconds: 0, watched: [] });
  });

  it('checks itself and finds nothing; SL-12 SL-13 no race and no anomaly was detected', () => {
    expect(differencesOf(clean.checks)).toEqual([]);
    expect(clean.checks).toHaveLength(11);
    expect([clean.notes['RACE'], clean.notes['ANOMALY']]).toEqual([undefined, undefined]);
    expect(clean.openActions).toEqual([]);
  });
});

describe('SL-6 a day that ends before the close', () => {
  it('sells what it holds 45 minutes before it, and holds nothing after', async () => {
    const { outcome, stops, checks } = await replay(AFTERNOON);
    expect(stops.closed).toMatchObject({ AUTO_EXIT: 1 });
    expect(net(outcome.fills)).toBe('0');
    expect(differencesOf(checks)).toEqual([]);
  }, LONG);

  it('sells at 12:15 where NYSE closes at 13:00', async () => {
    const { outcome, stops, checks } = await replay(EARLY_CLOSE);
    expect(Object.keys(stops.closed).length).toBeGreaterThan(0);
    expect(net(outcome.fills)).toBe('0');
    expect(differencesOf(checks)).toEqual([]);
  }, LONG);
});

const net = (fills: readonly string[]): string =>
  fills.reduce((total, line) => {
    const [, , side = '', deal = ''] = line.split(' ');
    const [quantity = '0'] = deal.split('@');
    return side === 'buy' ? total.plus(quantity) : total.minus(quantity);
  }, new Decimal(0)).toFixed();
