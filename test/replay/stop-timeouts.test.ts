// EX-9 SL-7: calls that take effect and are never answered lead to no second order, and leave nobody uncovered for long.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CallFault } from '../../shared/adapters/paper/venue-faults.ts';
import type { RunResult } from './outcome.ts';
import { alarmsOf, differencesOf } from './outcome.ts';
import { MORNING, atTrueRate, calls } from './stop-runs.ts';

const LONG = 600_000;
const ORDERS = ['PLACE', 'CANCEL', 'AMEND'] as const;

/** A call that is hung up on is as unanswered as one that times out, and ten seconds sooner. */
const hungUp = (timing: CallFault['timing']): CallFault => ({ operations: ORDERS, only: null, timing, effect: { kind: 'RESET', when: 'AFTER' } });
const timedOut: CallFault = { operations: ORDERS, only: null, timing: { kind: 'LISTED', numbers: [2] }, effect: { kind: 'TIMEOUT', when: 'AFTER' } };

describe.each([
  { name: 'one call in ten, and the second', timing: { kind: 'EVERY', n: 10 }, felt: 1 },
  { name: 'one call in two', timing: { kind: 'CHANCE', ratio: 0.5 }, felt: 3 },
] as const)('EX-9 SL-7 a morning at a venue that takes effect and does not answer $name', ({ timing, felt }) => {
  let run: RunResult;
  beforeAll(async () => {
    run = await atTrueRate(MORNING, calls(timedOut, hungUp(timing)));
  }, LONG);

  it('was felt, and traded', () => {
    expect(run.notes['VENUE_CALL UNKNOWN']).toBeGreaterThanOrEqual(felt);
    expect(run.outcome.fills.length).toBeGreaterThanOrEqual(4);
  });

  it('sends no order twice, leaves no position uncovered beyond 65 s, and resolves everything', () => {
    expect(differencesOf(run.checks)).toEqual([]);
    expect(run.stops.uncovered?.seconds ?? 0).toBeLessThanOrEqual(65);
    expect(run.openActions).toEqual([]);
  });

  it('raises no alarm (SL-12, SL-13): an answer that is lost is no race and no anomaly', () => {
    expect(alarmsOf(run)).toEqual([]);
  });
});
