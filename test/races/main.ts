// Runs the ten races of SL-15 both ways and says of each whether its guard closes it: `npm run races`.
import { openTable } from '../concurrency/table.ts';
import type { Judged } from './run-scene.ts';
import { isProved, judge } from './run-scene.ts';
import { SCENES } from './scenes.ts';

const SEED = 20_250_604;
const COUNT = Number(process.env['SCHEDULES'] ?? 20);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const wordsOf = (judged: readonly Judged[]): string => {
  const isGreen = judged.every(({ lostWith }) => lostWith.length === 0);
  const isRed = judged.every(({ exactWithout, scene }) => exactWithout.violations.some((violation) => scene.shows.test(violation)));
  return `${isGreen ? 'green' : 'RED'} with, ${isRed ? 'red' : 'GREEN'} without`;
};

const clausesOf = ({ scene: { clauses } }: Judged): string => `${clauses.length === 1 ? 'clause' : 'clauses'} ${clauses.map((clause) => `'${clause}'`).join(', ')}`;

const lineOf = (judged: readonly Judged[]): string => {
  const [first] = judged;
  if (first === undefined) return 'no race';
  const { race, name } = first.scene;
  const counts = judged.map(({ run, lostWith, lostWithout }) => `${run} schedules, ${lostWith.length} lost with, ${lostWithout.length} lost without`);
  return `${race} ${name}: ${wordsOf(judged)} (${judged.map((each, place) => `${clausesOf(each)}: ${counts[place]}`).join('; ')})`;
};

const tellMore = ({ scene, lostWith, exactWithout, idle }: Judged): void => {
  for (const { violations, failures, passed } of lostWith.slice(0, 1)) {
    say(`  with its guard, ${scene.story}: ${[...violations, ...failures].join('; ')}`);
    for (const turn of passed) say(`    ${turn}`);
  }
  if (!exactWithout.violations.some((violation) => scene.shows.test(violation))) {
    say(`  without its guard, ${scene.story}: expected ${scene.shows}, found ${[...exactWithout.violations, ...exactWithout.failures].join('; ') || 'nothing wrong'}`);
    for (const turn of exactWithout.passed) say(`    ${turn}`);
  }
  for (const clause of idle) say(`  ${scene.story}: goes wrong although ‘${clause}’ is there`);
};

const table = await openTable();
let isClean = true;
try {
  for (const race of new Set(SCENES.map((scene) => scene.race))) {
    const judged: Judged[] = [];
    for (const scene of SCENES.filter((each) => each.race === race)) judged.push(await judge(table, scene, { seed: SEED + race, count: COUNT, interrupted: true }));
    say(lineOf(judged));
    for (const each of judged) if (!isProved(each)) tellMore(each);
    isClean &&= judged.every(isProved);
  }
} finally {
  await table.stop();
}
process.exitCode = isClean ? 0 : 1;
