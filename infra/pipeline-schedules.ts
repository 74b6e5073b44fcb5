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

const SESSION: Schedules = {
  'pre-open-reset': { expression: 'cron(25 9 ? * MON-FRI *)', input: { kind: 'PRE_OPEN_RESET', hours: 'NYSE' } },
  'pre-open-reset-india': { expression: 'cron(10 9 ? * MON-FRI *)', zone: 'Asia/Kolkata', input: { kind: 'PRE_OPEN_RESET', hours: 'NSE' } },
  'day-reset': { expression: 'cron(0 0 * * ? *)', zone: 'UTC', input: { kind: 'PRE_OPEN_RESET', hours: 'ALWAYS' } },
  expiry: { expression: 'rate(5 minutes)', input: { kind: 'EXPIRY' } },
  'auto-exit': { expression: 'cron(0/5 12-16 ? * MON-FRI *)', input: { kind: 'AUTO_EXIT' } },
  'auto-exit-india': { expression: 'cron(0/5 14-16 ? * MON-FRI *)', zone: 'Asia/Kolkata', input: { kind: 'AUTO_EXIT' } },
  'crypto-run': { expression: 'rate(5 minutes)', input: { kind: 'CRYPTO_RUN' } },
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
