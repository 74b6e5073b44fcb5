// EX-9 over five whole days: what is told twice is done once.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RunResult } from './outcome.ts';
import { differencesOf } from './outcome.ts';
import { cleanFiveDays, replay } from './runs.ts';

const LONG = 600_000;

describe('five days with every queue message and every webhook delivered twice (EX-9, EW-7)', () => {
  let clean: RunResult;
  let twice: RunResult;
  beforeAll(async () => {
    clean = await cleanFiveDays();
    twice = await replay([], { duplicateDeliveries: true, duplicateWebhooks: true });
  }, LONG);

  it('are about something: hundreds of orders, and steals among them', () => {
    expect(clean.outcome.orders.length).toBeGreaterThan(150);
    expect(clean.outcome.fills.length).toBeGreaterThan(150);
    expect(clean.outcome.steals.length).toBeGreaterThan(0);
  });

  it('end with the same orders, fills, steals and PnL, to the last digit', () => {
    expect(twice.outcome).toEqual(clean.outcome);
  });

  it('check themselves and find nothing, as the clean run does', () => {
    expect(differencesOf(clean.checks)).toEqual([]);
    expect(differencesOf(twice.checks)).toEqual([]);
    expect(twice.checks).toHaveLength(11);
  });

  it('take less memory than the pipeline may, engines included', () => {
    for (const { memory } of [clean, twice]) {
      expect((memory.pipeline ?? 0) + (memory.engines ?? 0)).toBeLessThan(500 * 1024 * 1024);
    }
  });
});
