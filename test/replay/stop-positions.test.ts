// SL-11: whatever a positions call answers, or does not, no position disappears, and none is traded away.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CallFault } from '../../shared/adapters/paper/venue-faults.ts';
import type { RunResult } from './outcome.ts';
import { alarmsOf, differencesOf } from './outcome.ts';
import { replay } from './runs.ts';
import { MORNING, calls } from './stop-runs.ts';

const LONG = 300_000;
/** So many that a call often fails at every try. */
const OFTEN = { kind: 'CHANCE', ratio: 0.8 } as const;

const SPOILT: readonly (readonly [string, CallFault['effect']])[] = [
  ['fails', { kind: 'ERROR', when: 'BEFORE', status: 500, retryAfterSeconds: null }],
  ['returns an error document', { kind: 'ERROR_DOCUMENT' }],
  ['has a different shape', { kind: 'OTHER_SHAPE' }],
  ['holds half the pages, and says so', { kind: 'HALF', counted: true }],
  ['holds half the pages, as if they were all', { kind: 'HALF', counted: false }],
];

describe('SL-11 a morning with two positions held at a time', () => {
  let clean: RunResult;
  beforeAll(async () => {
    clean = await replay(MORNING);
  }, LONG);

  it.each(SPOILT)('goes the same way where the positions call %s', async (_name, effect) => {
    const run = await replay(MORNING, calls({ operations: ['POSITIONS'], only: null, timing: OFTEN, effect }));
    expect(run.outcome).toEqual(clean.outcome);
    expect(run.stops.closed).toEqual(clean.stops.closed);
    expect(run.stops.uncovered).toBeNull();
    expect(differencesOf(run.checks)).toEqual([]);
    expect([alarmsOf(run), run.openActions]).toEqual([[], []]);
  }, LONG);
});
