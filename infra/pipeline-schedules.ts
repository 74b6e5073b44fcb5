// When the pipeline is called, in the markets' own time (MH-3).
import type { Construct } from 'constructs';
import type { GuardedQueue } from './constructs/guarded-queue.ts';
import { PipelineSchedule } from './constructs/pipeline-schedule.ts';
import type { ScheduledCall } from './constructs/pipeline-schedule.ts';
import type { FunctionName } from './access.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';

type Schedules = Readonly<Record<string, ScheduledCall>>;

const RECONCILE: Schedules = {
  reconcile: { expression: 'rate(1 minute)', input: { kind: 'RECONCILE', repeatSeconds: [30] } },
};

// Every day, also where a market has no session: the calendar decides at run time, and a run that is missing shows within
// a day and not after a weekend.
const SESSION: Schedules = {
  'pre-open-reset': { expression: 'cron(25 9 * * ? *)', input: { kind: 'PRE_OPEN_RESET', hours: 'NYSE' } },
  'pre-open-reset-india': { expression: 'cron(10 9 * * ? *)', zone: 'Asia/Kolkata', input: { kind: 'PRE_OPEN_RESET', hours: 'NSE' } },
  'day-reset': { expression: 'cron(0 0 * * ? *)', zone: 'UTC', input: { kind: 'PRE_OPEN_RESET', hours: 'ALWAYS' } },
  expiry: { expression: 'rate(5 minutes)', input: { kind: 'EXPIRY' } },
  'auto-exit': { expression: 'cron(0/5 12-16 * * ? *)', input: { kind: 'AUTO_EXIT' } },
  'auto-exit-india': { expression: 'cron(0/5 14-16 * * ? *)', zone: 'Asia/Kolkata', input: { kind: 'AUTO_EXIT' } },
  'crypto-run': { expression: 'rate(5 minutes)', input: { kind: 'CRYPTO_RUN' } },
  // The day ends at 17:00; what was decided just before has been committed by then.
  'daily-report': { expression: 'cron(5 17 * * ? *)', input: { kind: 'DAILY_REPORT' } },
};

const QUOTES: Schedules = {
  'quote-poll': { expression: 'rate(1 minute)', input: { kind: 'QUOTE_POLL', repeatSeconds: [10, 20, 30, 40, 50] } },
};

/** Every schedule by its name, under the function that it calls. */
export const SCHEDULES = { reconcile: RECONCILE, session: SESSION, 'quote-poll': QUOTES } as const satisfies Partial<
  Readonly<Record<FunctionName, Schedules>>
>;

/** Makes the schedules. Reconcile comes first: what happens at one moment is decided on the account's equity of that moment. */
export const pipelineSchedules = (scope: Construct, functions: PipelineFunctions, deadLetters: GuardedQueue): void => {
  new PipelineSchedule(scope, 'reconcile-schedule', { target: functions.reconcile.handler, deadLetters, schedules: SCHEDULES.reconcile });
  new PipelineSchedule(scope, 'session-schedule', { target: functions.session.handler, deadLetters, schedules: SCHEDULES.session });
  new PipelineSchedule(scope, 'quote-schedule', { target: functions['quote-poll'].handler, deadLetters, schedules: SCHEDULES['quote-poll'] });
};
