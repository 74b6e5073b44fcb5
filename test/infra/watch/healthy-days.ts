// Days on which nothing is wrong and nothing much happens: each schedule's run at its own times, as the real functions tell it.
import { createHandler as createQuotePoll } from '../../../functions/quote-poll/handler.ts';
import { createHandler as createReconcile } from '../../../functions/reconcile/handler.ts';
import { tellRun } from '../../../functions/support/heartbeat.ts';
import { readSchedule } from '../../../infra/schedule-expression.ts';
import { SCHEDULES } from '../../../infra/pipeline-schedules.ts';
import { World } from '../../support/world.ts';
import { context } from '../../functions/fakes.ts';
import type { MetricStore, Point } from './metric-store.ts';
import { Probe } from './probe.ts';

type Measured = ReadonlyMap<string, readonly Point[]>;

/** What one run of a schedule measures where all is well: a plan that waits, an account whose equity was read, nothing open. */
const measuredBy = async (functionName: string, schedule: string): Promise<Measured> => {
  const probe = new Probe();
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', limit: '90', quantity: '1' }]);
  await world.tick({ AAPL: '100' });
  // The first whole run of a process reads more than the next ones, and measures no age.
  await world.reconcile();
  world.now += 30_000;
  probe.watch(world);
  if (functionName === 'reconcile') await createReconcile(world.deps)({ kind: 'RECONCILE', schedule }, context());
  else if (functionName === 'quote-poll') await createQuotePoll(world.deps)({ kind: 'QUOTE_POLL', schedule }, context());
  else tellRun(probe.telemetry({ now: () => world.now }), schedule);
  return probe.store.series;
};

const timesOf = (expression: string, zone: string, from: number, to: number): readonly number[] => {
  const times: number[] = [];
  const schedule = readSchedule(expression, zone);
  for (let at = schedule.nextAfter(from - 1); at < to; at = schedule.nextAfter(at)) times.push(at);
  return times;
};

/** A second after each call its run has measured what it measures. */
const repeated = (measured: Measured, times: readonly number[]): Measured =>
  new Map([...measured].map(([key, points]) => [key, times.flatMap((at) => points.map(({ value }) => ({ at: at + 1_000, value })))]));

interface Run {
  readonly schedule: string;
  readonly measured: Measured;
  readonly times: readonly number[];
}

/** Every run that the schedules bring in [from, to). */
export const runsBetween = async (from: number, to: number): Promise<readonly Run[]> => {
  const calls = Object.entries(SCHEDULES).flatMap(([functionName, schedules]) =>
    Object.entries(schedules).map(([schedule, call]) => ({ functionName, schedule, expression: call.expression, zone: 'zone' in call ? String(call.zone) : 'America/New_York' })),
  );
  return Promise.all(
    calls.map(async ({ functionName, schedule, expression, zone }) => ({
      schedule,
      measured: await measuredBy(functionName, schedule),
      times: timesOf(expression, zone, from, to),
    })),
  );
};

/** Lays runs out, but for those that did not come. */
export const layOut = (store: MetricStore, runs: readonly Run[], came: (schedule: string, at: number) => boolean = () => true): void => {
  for (const { schedule, measured, times } of runs) store.add(repeated(measured, times.filter((at) => came(schedule, at))));
};
