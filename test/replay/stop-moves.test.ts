// SL-5 EX-3: a stop is moved as the venue lets it be moved, and covers all the while.
import { describe, expect, it } from '@jest/globals';
import { differencesOf } from './outcome.ts';
import { replay } from './runs.ts';
import { MORNING } from './stop-runs.ts';

const LONG = 300_000;

describe('SL-5 a morning of trailed stops', () => {
  it.each(['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const)('where stops are moved by %s goes the same way, covered at every instant', async (stopMoves) => {
    const { outcome, stops, checks, notes } = await replay(MORNING, { stopMoves });
    expect(outcome.fills.map((line) => line.split(' ').slice(1).join(' ')).toSorted()).toEqual([
      'AZO buy 0.739084643@2710.0825',
      'AZO sell 0.739084643@2714.92',
      'BKNG buy 0.537433593@3721.61',
      'BKNG sell 0.537433593@3719.42',
    ]);
    expect(stops).toMatchObject({ moved: 3, hit: 2, uncovered: null });
    // An order for each place, where it cannot be amended.
    expect(stops.placed).toBe(stopMoves === 'AMEND' ? 2 : 5);
    expect(differencesOf(checks)).toEqual([]);
    expect([notes['RACE'], notes['ANOMALY']]).toEqual([undefined, undefined]);
  }, LONG);
});
