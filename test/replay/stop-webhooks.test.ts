// SL-10 SL-11: whoever loses every report, or hears it twice, late and in any order, trades as who hears it at once.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RunResult } from './outcome.ts';
import { alarmsOf, differencesOf } from './outcome.ts';
import { MORNING, atTrueRate, webhooks } from './stop-runs.ts';

const LONG = 600_000;
/** Sent again at the next ten-second poll after its time: a minute at the most. */
const LATE = 50_000;

const MISFORTUNES = [
  { name: 'every webhook is dropped', given: webhooks({ kind: 'DROP' }) },
  {
    name: 'every webhook comes twice, up to a minute late and in any order',
    given: webhooks({ kind: 'DUPLICATE' }, { kind: 'DELAY_UP_TO', milliseconds: LATE }, { kind: 'SHUFFLE' }),
  },
] as const;

describe('SL-10 SL-11 a morning with every schedule at its own time', () => {
  let clean: RunResult;
  beforeAll(async () => {
    clean = await atTrueRate(MORNING);
  }, LONG);

  it('is about something: two entries, their stops moved, both hit', () => {
    expect(clean.outcome.fills).toHaveLength(4);
    expect(clean.stops).toMatchObject({ hit: 2, uncovered: null });
    expect(clean.stops.moved).toBeGreaterThan(0);
    expect(differencesOf(clean.checks)).toEqual([]);
  });

  describe.each(MISFORTUNES)('on which $name', ({ given }) => {
    let run: RunResult;
    beforeAll(async () => {
      run = await atTrueRate(MORNING, given);
    }, LONG);

    it('ends with the same orders, fills, positions and PnL', () => {
      expect(run.outcome).toEqual(clean.outcome);
      expect(run.stops.closed).toEqual(clean.stops.closed);
    });

    it('checks itself and finds nothing: nobody uncovered for longer than 65 s, nothing left open', () => {
      expect(differencesOf(run.checks)).toEqual([]);
      expect(run.stops.uncoveredLimitSeconds).toBe(65);
      expect(run.openActions).toEqual([]);
    });

    it('raises no alarm (SL-12, SL-13): news that is lost or late is no race and no anomaly', () => {
      expect(alarmsOf(run)).toEqual([]);
    });

    it('was felt: something was without cover until a poll told of it', () => {
      expect(run.stops.uncovered?.seconds).toBeGreaterThan(0);
    });
  });
});
