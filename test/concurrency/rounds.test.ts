import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import type { RoundReport } from './round.ts';
import { runRound } from './round.ts';
import { openTable } from './table.ts';
import type { TestTable } from './table.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 200);
const ROUNDS_TO_RED = 60;
const PATIENCE = 60_000 + ROUNDS * 3000;

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => {
  await table.stop();
});

const total = (reports: readonly RoundReport[], of: (report: RoundReport) => number): number =>
  reports.reduce((sum, report) => sum + of(report), 0);

/** The first round that goes wrong without these clauses; null where none does. */
const firstRed = async (name: string, without: readonly ClauseName[]): Promise<readonly string[] | null> => {
  for (let seed = 1; seed <= ROUNDS_TO_RED; seed += 1) {
    const { violations } = await runRound({ table, name, seed, without });
    if (violations.length > 0) return violations;
  }
  return null;
};

describe(`WS-2, WS-8, EW-7 64 entry-watch and steal-attempt invocations at once, ${ROUNDS} rounds, duplicates included`, () => {
  it(
    'never claim beyond the free room, never put two live entries in a slot, and keep the capacity adding up',
    async () => {
      const reports: RoundReport[] = [];
      for (let seed = 1; seed <= ROUNDS; seed += 1) {
        const report = await runRound({ table, name: 'all', seed });
        expect({ seed, violations: report.violations }).toEqual({ seed, violations: [] });
        reports.push(report);
      }
      // A race that nobody loses proves nothing.
      expect(total(reports, (report) => report.claims)).toBeGreaterThan(ROUNDS / 2);
      expect(total(reports, (report) => report.steals)).toBeGreaterThan(ROUNDS / 5);
      expect(total(reports, (report) => report.refusals)).toBeGreaterThan(ROUNDS / 5);
      expect(total(reports, (report) => report.slowEntries)).toBeGreaterThan(ROUNDS);
      expect(total(reports, (report) => report.conflicts)).toBeGreaterThan(ROUNDS * 3);
    },
    PATIENCE,
  );

  it.each<[string, readonly ClauseName[]]>([
    ['the capacity condition', ['free room']],
    ["the class's capacity condition", ['free room of class']],
    ['the symbol condition', ['slot state', 'slot watch version']],
    ['the fence', ['slot fence']],
  ])(
    'go wrong without %s',
    async (name, without) => {
      expect(await firstRed(name, without)).not.toBeNull();
    },
    PATIENCE,
  );
});
