// WS-8 and EX-9 over five whole days on a network that loses every fifth answer.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RunResult } from './outcome.ts';
import { differencesOf } from './outcome.ts';
import { cleanFiveDays, replay } from './runs.ts';

const LONG = 600_000;

describe('five days with one in five calls to table and queues failing after it took effect (EX-9, WS-2)', () => {
  let clean: RunResult;
  let faulty: RunResult;
  beforeAll(async () => {
    faulty = await replay([], { sdkFaultEvery: 5 });
    clean = await cleanFiveDays();
  }, LONG);

  it('end with the same orders, fills, steals and PnL, to the last digit', () => {
    expect(clean.outcome.orders.length).toBeGreaterThan(150);
    expect(faulty.outcome).toEqual(clean.outcome);
  });

  it('check themselves and find nothing', () => {
    expect(differencesOf(faulty.checks)).toEqual([]);
    expect(faulty.checks).toHaveLength(11);
  });
});
