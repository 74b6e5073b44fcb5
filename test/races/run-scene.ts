// Runs one race under the same schedules with its guard and without it, and counts who lost.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import type { TestTable } from '../concurrency/table.ts';
import { Gates } from './gates.ts';
import type { HeldBack } from './gates.ts';
import { RaceWorld } from './race-world.ts';
import type { Delivery, Scene } from './scenes.ts';
import type { Stage, Turns } from './turns.ts';
import { exactTurns, randomTurns } from './turns.ts';
import { violationsOf } from './violations.ts';

/** Which schedules are run, the same ones with and without the guard. */
export interface Schedules {
  /** So many by chance, by this seed. */
  readonly seed: number;
  readonly count: number;
  /** And every one in which an actor is interrupted once, before any of its calls, by the whole of another. */
  readonly interrupted: boolean;
}

interface Schedule {
  readonly turns: Turns;
  readonly heldBack: HeldBack | null;
  readonly delivery: Delivery;
}

export interface Ended {
  /** What it cost. */
  readonly violations: readonly string[];
  /** Invocations that fell over; their messages come again, which costs nothing. */
  readonly failures: readonly string[];
  /** The turns in the order in which they were taken. */
  readonly passed: readonly string[];
}

const MOST_GATES = 14;

/** The actor and the gate at which it is held back, or none: chance alone seldom keeps one waiting for all of another's calls. */
const heldBack = fc.option(fc.record({ actor: fc.nat(2), gate: fc.nat(MOST_GATES) }), { freq: 2 });
const schedule = fc.record({ scheduler: fc.scheduler(), heldBack, delivery: fc.constantFrom<Delivery>('BY_CALL', 'IN_ONE_GO') });

const randomSchedules = ({ seed, count }: Schedules): readonly Schedule[] =>
  fc.sample(schedule, { seed, numRuns: count }).map(({ scheduler, ...rest }) => ({ ...rest, turns: randomTurns(scheduler) }));

const staged = (stages: readonly Stage[], delivery: Delivery): Schedule => ({ turns: exactTurns(stages), heldBack: null, delivery });

const exactSchedule = ({ exact }: Scene): Schedule => staged(exact, 'IN_ONE_GO');

/** What the actors of a scene call when each runs to its end before the next begins. */
const callsOf = async (table: TestTable, scene: Scene): Promise<ReadonlyMap<string, number>> => {
  const world = new RaceWorld(scene.terms ?? {});
  await scene.prepare(world);
  const names = scene.actors(world, 'BY_CALL').map(([name]) => name);
  const calls = new Map<string, number>();
  for (const first of names) {
    const { passed } = await runOnce(table, scene, [], staged([{ actor: first }], 'BY_CALL'));
    calls.set(first, passed.filter((turn) => turn.startsWith(`${first} before `)).length);
  }
  return calls;
};

const interruptedSchedules = (calls: ReadonlyMap<string, number>): readonly Schedule[] =>
  [...calls].flatMap(([actor, most]) =>
    [...calls.keys()]
      .filter((other) => other !== actor)
      .flatMap((other) => Array.from({ length: most }, (_, made) => staged([{ actor, calls: made }, { actor: other }, { actor }], 'BY_CALL'))),
  );

/** Lets everything that is under way come to its end. */
const comeToRest = async (world: RaceWorld, failures: string[]): Promise<void> => {
  try {
    await world.deliverAll();
    await world.lookUp();
  } catch (error) {
    failures.push(`afterwards: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const runOnce = async (table: TestTable, scene: Scene, without: readonly ClauseName[], { turns, ...rest }: Schedule): Promise<Ended> => {
  const world = new RaceWorld(scene.terms ?? {});
  await scene.prepare(world);
  await world.moveTo(table, `race-${randomUUID()}`, without);
  const gates = new Gates(turns, rest.heldBack);
  const failures = [...(await world.race(gates, scene.actors(world, rest.delivery)))];
  await comeToRest(world, failures);
  const most = scene.most ?? {};
  const found = await violationsOf(world, most);
  if (scene.afterwards === undefined) return { violations: found, failures, passed: gates.passed };
  scene.afterwards(world);
  await comeToRest(world, failures);
  return { violations: [...new Set([...found, ...(await violationsOf(world, most))])], failures, passed: gates.passed };
};

export interface Judged {
  readonly scene: Scene;
  /** Schedules, the exact one included, that cost something, with the guard and without it. */
  readonly lostWith: readonly Ended[];
  readonly lostWithout: readonly Ended[];
  readonly run: number;
  readonly exactWithout: Ended;
  /** Clauses that are not needed to open the race, because it stays open with them. */
  readonly idle: readonly ClauseName[];
}

/** Tells whether a race is closed by its guard and by nothing else. */
export const isProved = ({ lostWith, exactWithout, scene, idle }: Judged): boolean =>
  lostWith.length === 0 && exactWithout.violations.some((violation) => scene.shows.test(violation)) && idle.length === 0;

/** Runs a race both ways under the same schedules, and with each of its clauses alone. */
export const judge = async (table: TestTable, scene: Scene, schedules: Schedules): Promise<Judged> => {
  const calls = schedules.interrupted ? await callsOf(table, scene) : new Map<string, number>();
  const runs = async (without: readonly ClauseName[]): Promise<readonly Ended[]> => {
    const ended: Ended[] = [];
    for (const each of [exactSchedule(scene), ...interruptedSchedules(calls), ...randomSchedules(schedules)]) ended.push(await runOnce(table, scene, without, each));
    return ended;
  };
  const guarded = await runs([]);
  const open = await runs(scene.clauses);
  const idle: ClauseName[] = [];
  for (const clause of scene.clauses.length === 1 ? [] : scene.clauses) {
    const { violations } = await runOnce(table, scene, scene.clauses.filter((other) => other !== clause), exactSchedule(scene));
    if (violations.length > 0) idle.push(clause);
  }
  const [exactWithout] = open;
  if (exactWithout === undefined) throw new Error('no schedule was run');
  return {
    scene,
    lostWith: guarded.filter(({ violations, failures }) => violations.length + failures.length > 0),
    lostWithout: open.filter(({ violations }) => violations.length > 0),
    run: guarded.length,
    exactWithout,
    idle,
  };
};
