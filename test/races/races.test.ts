import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { openTable } from '../concurrency/table.ts';
import type { TestTable } from '../concurrency/table.ts';
import { judge } from './run-scene.ts';
import { SCENES } from './scenes.ts';

const SEED = 20_250_604;
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 8);
const PATIENCE = 60_000;

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => {
  await table.stop();
});

describe('SL-15 the ten races', () => {
  it('are ten, each told on its page', () => {
    expect([...new Set(SCENES.map((scene) => scene.race))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  describe.each(SCENES)('$race $name: $story', (scene) => {
    it(
      'costs nothing in any schedule, and shows what it costs without its guard alone',
      async () => {
        const judged = await judge(table, scene, { seed: SEED + scene.race, count: SCHEDULES, interrupted: false });
        expect(judged.lostWith).toEqual([]);
        expect(judged.exactWithout.violations).toContainEqual(expect.stringMatching(scene.shows));
        // Each clause that was left out closes the race by itself: none was left out for nothing.
        expect(judged.idle).toEqual([]);
      },
      PATIENCE,
    );

    it('is on its page with its clauses', () => {
      const page = readFileSync(new URL('../../docs/races.md', import.meta.url), 'utf8');
      const rows = page.split('\n').filter((row) => row.startsWith(`| ${scene.race} `) && row.includes(scene.story));
      expect(rows).toHaveLength(1);
      for (const clause of scene.clauses) expect(rows[0]).toContain(`‘${clause}’`);
    });
  });
});
