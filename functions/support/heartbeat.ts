// A schedule that does not run is noticed by what is missing: each run that was carried out counts under its schedule's name.
import * as z from 'zod';
import type { Telemetry } from '../../shared/ports.ts';

const words = 'the name of a schedule: small letters, digits and dashes';

/** Reads which schedule calls; null where a person does. */
export const scheduleField = z
  .string({ error: words })
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: words })
  .nullable()
  .default(null);

/** Counts a scheduled run that has been carried out (MH-3). */
export const tellRun = (telemetry: Pick<Telemetry, 'count'>, schedule: string | null): void => {
  if (schedule !== null) telemetry.count('schedule_runs_total', 1, { schedule });
};
