// A schedule that did not run is noticed by its missing heartbeat, after the longest pause that its own expression has.
import { DateTime } from 'luxon';
import { readSchedule } from '../schedule-expression.ts';
import { NEW_YORK } from '../constructs/pipeline-schedule.ts';
import type { ScheduledCall } from '../constructs/pipeline-schedule.ts';
import { SCHEDULES } from '../pipeline-schedules.ts';
import { FIVE_MINUTES, onMetric, own } from './alarm-spec.ts';
import type { AlarmSpec } from './alarm-spec.ts';

const MINUTE_MS = 60_000;
const HOUR = 3600;
/** CloudWatch looks back a week at most. */
const MOST_HOURS = 168;
/** Two weeks around a night that has an hour more in New York: no pause of a weekly schedule is longer. */
const FROM = DateTime.fromISO('2026-10-25T00:00', { zone: 'UTC' }).toMillis();
const TO = DateTime.fromISO('2026-11-09T00:00', { zone: 'UTC' }).toMillis();

/** The longest time between two calls, minutes. */
export const longestPauseMinutes = ({ expression, zone }: Pick<ScheduledCall, 'expression' | 'zone'>): number => {
  const times = readSchedule(expression, zone ?? NEW_YORK);
  let longest = 0;
  let at = times.nextAfter(FROM);
  while (at < TO) {
    const next = times.nextAfter(at);
    longest = Math.max(longest, next - at);
    at = next;
  }
  return longest / MINUTE_MS;
};

type Window = Pick<AlarmSpec, 'periodSeconds' | 'breaches' | 'ofPeriods'>;

const windowOf = (pauseMinutes: number): Window => {
  if (pauseMinutes <= 60) {
    // A schedule of the minute may miss a few, one of five minutes two.
    const periods = Math.max(1, Math.ceil((3 * pauseMinutes * 60) / FIVE_MINUTES));
    return { periodSeconds: FIVE_MINUTES, breaches: periods, ofPeriods: periods };
  }
  // The hour in which it ran last, and one in which it may come late.
  const periods = Math.min(MOST_HOURS, Math.ceil(pauseMinutes / 60) + 2);
  return { periodSeconds: HOUR, breaches: periods, ofPeriods: periods };
};

const heartbeat = (functionName: string, schedule: string, call: ScheduledCall): AlarmSpec =>
  onMetric(
    {
      id: `heartbeat-${schedule}`,
      meaning: `The schedule ${schedule} (${call.expression}, ${call.zone ?? NEW_YORK}) has brought no run of ${functionName} to its end in the time that it may pause.`,
      look: `Alarms \`errors-${functionName}\` and \`dead-letters-undelivered\`; query \`failures\` for ${functionName}; EventBridge Scheduler, whether the schedule is enabled.`,
      remedy: `Mend what fails, then call ${functionName} once with the schedule’s own input; each run makes up for those that were missed.`,
    },
    own('schedule_runs_total', 'Sum', { schedule }),
    { fires: 'BELOW', threshold: 1, ...windowOf(longestPauseMinutes(call)), missing: 'BREACH', standsUntil: `the first run of ${schedule}` },
  );

export const HEARTBEAT_ALARMS: readonly AlarmSpec[] = Object.entries(SCHEDULES).flatMap(([functionName, schedules]) =>
  Object.entries(schedules).map(([schedule, call]) => heartbeat(functionName, schedule, call)),
);
