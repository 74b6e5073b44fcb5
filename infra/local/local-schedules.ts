// The template's schedules, each with the time it last ran.
import { z } from 'zod';
import type { Millis } from '../../shared/domain/instant.ts';
import { functionNameOf } from './cloud-base.ts';
import type { CloudParts, SchedulePart } from './cloud-parts.ts';
import { readSchedule } from '../schedule-expression.ts';
import type { ScheduleTimes } from '../schedule-expression.ts';

/** Lambda tries an asynchronous call this often before it puts it aside. */
const MOST_ATTEMPTS = 3;

/** Says that a schedule's function failed at every attempt. */
export class ScheduleFailedError extends Error {
  constructor(name: string, options: ErrorOptions) {
    super(`schedule ${name}: its function failed ${MOST_ATTEMPTS} times`, options);
    this.name = 'ScheduleFailedError';
  }
}

export interface LocalSchedule {
  readonly name: string;
  readonly functionName: string;
  readonly times: ScheduleTimes;
  readonly input: unknown;
  /** The input without the repeats between two times. */
  readonly inputOnce: unknown;
}

const repeating = z.looseObject({ repeatSeconds: z.array(z.number()) });

const once = (input: unknown): unknown => {
  const parsed = repeating.safeParse(input);
  return parsed.success ? { ...parsed.data, repeatSeconds: [] } : input;
};

const localSchedule = (part: SchedulePart, parts: CloudParts): LocalSchedule => {
  const input: unknown = JSON.parse(part.Target.Input);
  return {
    name: part.name,
    functionName: functionNameOf(parts, part.Target.Arn),
    times: readSchedule(part.ScheduleExpression, part.ScheduleExpressionTimezone),
    input,
    inputOnce: once(input),
  };
};

/** Reads the schedules in the template's order. @throws ScheduleExpressionError for one that cannot be followed */
export const localSchedules = (parts: CloudParts): readonly LocalSchedule[] =>
  parts.schedules.map((part) => localSchedule(part, parts));

/** Tells whether a schedule runs at least once after one time and up to another. */
export const runsWithin = (schedule: LocalSchedule, after: Millis, until: Millis): boolean =>
  schedule.times.nextAfter(after) <= until;

type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Calls a schedule's function, again when it fails. @throws ScheduleFailedError */
export const runSchedule = async (schedule: LocalSchedule, event: unknown, invoke: Invoke): Promise<void> => {
  let failure: unknown;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    try {
      await invoke(schedule.functionName, event);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw new ScheduleFailedError(schedule.name, { cause: failure });
};
