import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { CLAUSES } from '../../shared/adapters/dynamo/conditions.ts';
import { writeBook } from './book.ts';
import type { Scenario } from './scenarios.ts';
import { SCENARIOS, SECOND_LOCKS } from './scenarios.ts';
import { openTable } from './table.ts';
import type { TestTable } from './table.ts';
import { violationsAtEnd, violationsAtRest } from './violations.ts';
import { createWorld } from './world.ts';

let table: TestTable;
let runs = 0;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => {
  await table.stop();
});

/** Runs a race with some clauses left out, lets everything that is waiting come, and says what is wrong. */
const violationsOf = async (scenario: Scenario, without: readonly ClauseName[]): Promise<readonly string[]> => {
  const { book, settings = {}, script = {} } = scenario;
  const world = createWorld({ table, account: `guard-${(runs += 1)}`, without, settings, script });
  if (book !== null) await writeBook(world.deps.store, world.venue, book, world.context());
  const found = await scenario.run(world);
  const atRest = await violationsAtRest(world);
  await world.drain();
  return [...new Set([...found, ...atRest, ...(await violationsAtEnd(world))])];
};

describe.each(SCENARIOS)('$rule $race', (scenario) => {
  const { clause, given = [] } = scenario;

  it(`changes nothing for the worse: ‘${clause}’ closes it`, async () => {
    expect(await violationsOf(scenario, given)).toEqual([]);
  });

  it(`goes wrong without ‘${clause}’`, async () => {
    expect(await violationsOf(scenario, [...given, clause])).toContainEqual(expect.stringMatching(scenario.shows));
  });
});

describe('the list of races', () => {
  const page = readFileSync(new URL('../../docs/races-of-capacity.md', import.meta.url), 'utf8');
  const raced = new Set(SCENARIOS.map((scenario) => scenario.clause));

  it.each(Object.keys(CLAUSES))('knows what ‘%s’ is for', (clause) => {
    expect([...raced, ...Object.keys(SECOND_LOCKS)].filter((name) => name === clause)).toHaveLength(1);
    expect(page).toContain(`‘${clause}’`);
  });

  it.each(SCENARIOS.map(({ race }) => race))('is on its page with ‘%s’', (race) => {
    expect(page.toLowerCase()).toContain(race.toLowerCase());
  });
});
