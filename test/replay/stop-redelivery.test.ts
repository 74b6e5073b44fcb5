// SL-10 EX-9: stops through queues that deliver twice and a network that loses every fifth answer of table and queues.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RunResult } from './outcome.ts';
import { alarmsOf, differencesOf } from './outcome.ts';
import { replay } from './runs.ts';
import { MORNING } from './stop-runs.ts';

const LONG = 300_000;

describe('SL-10 EX-9 a morning with stop entries', () => {
  let clean: RunResult;
  beforeAll(async () => {
    clean = await replay(MORNING);
  }, LONG);

  it.each([
    ['every message delivered twice, and every webhook', { duplicateDeliveries: true, duplicateWebhooks: true }],
    ['one in five calls to table and queues failing after it took effect', { sdkFaultEvery: 5 }],
  ])('with %s ends the same, covered at every instant and without an alarm', async (_name, injections) => {
    const run = await replay(MORNING, injections);
    expect(run.outcome).toEqual(clean.outcome);
    expect(run.stops).toEqual(clean.stops);
    expect(clean.stops).toMatchObject({ placed: 2, hit: 2, uncovered: null });
    expect(differencesOf(run.checks)).toEqual([]);
    expect([alarmsOf(run), run.openActions]).toEqual([[], []]);
  }, LONG);
});
