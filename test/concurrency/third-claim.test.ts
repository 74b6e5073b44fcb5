import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTable } from './table.ts';
import type { TestTable } from './table.ts';
import { runThirdClaim, withoutHold } from './third-claim.ts';
import type { RoundTerms } from './round.ts';

// Each takes two seconds and rounds.test.ts runs its two hundred: ROUNDS=200 runs as many here.
const ROUNDS = Number(process.env['ROUNDS'] ?? 100);
const ROUNDS_TO_RED = 20;
const PATIENCE = 60_000 + ROUNDS * 3000;

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => {
  await table.stop();
});

const firstRed = async (terms: Omit<RoundTerms, 'table' | 'seed'>): Promise<readonly string[] | null> => {
  for (let seed = 1; seed <= ROUNDS_TO_RED; seed += 1) {
    const { violations } = await runThirdClaim({ ...terms, table, seed });
    if (violations.length > 0) return violations;
  }
  return null;
};

describe(`WS-8 claims on all of the free room between the two phases of a steal, 64 invocations at once, ${ROUNDS} rounds`, () => {
  it(
    'never take what was held for the thief: it is placed in every round, and the capacity adds up',
    async () => {
      let claims = 0;
      let conflicts = 0;
      for (let seed = 1; seed <= ROUNDS; seed += 1) {
        const report = await runThirdClaim({ table, name: 'third', seed });
        expect({ seed, violations: report.violations, steals: report.steals }).toEqual({ seed, violations: [], steals: 1 });
        claims += report.claims;
        conflicts += report.conflicts;
      }
      expect(claims).toBeGreaterThanOrEqual(ROUNDS / 2);
      expect(conflicts).toBeGreaterThan(ROUNDS * 3);
    },
    PATIENCE,
  );

  it(
    'rob the thief where step 1 holds nothing',
    async () => {
      expect(await firstRed({ name: 'no-hold', alter: withoutHold })).not.toBeNull();
    },
    PATIENCE,
  );

  it(
    'take more than there is where the capacity condition is left out',
    async () => {
      expect(await firstRed({ name: 'no-room', without: ['free room'] })).not.toBeNull();
    },
    PATIENCE,
  );
});
