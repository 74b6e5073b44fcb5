// Gives each part of a run its turn, whatever became of the parts before it.
import { VenueHeldError, VenueReadError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

export interface Attempts {
  /**
   * Runs one part and tells whether it was done; a venue that gives no readable answer skips what the part would have
   * covered and no more.
   */
  readonly run: (part: () => Promise<unknown>) => Promise<boolean>;
  /** Reads something for later parts; null where it could not be read, which says nothing of what it would have been. */
  readonly read: <Answer>(part: () => Promise<Answer>) => Promise<Answer | null>;
  /** Parts that were not begun because the deadline had come, and parts that failed. */
  readonly left: () => { readonly skipped: number; readonly failed: number };
  /** Ends the run. @throws the first failure that was not the venue's */
  readonly finish: () => void;
}

/** Begins a run whose parts do not depend on one another (SL-11); none begins once the deadline has come. */
export const createAttempts = (
  { clock, telemetry }: Pick<ShellDeps, 'clock' | 'telemetry'>,
  trace: TraceContext,
  deadline = Number.POSITIVE_INFINITY,
): Attempts => {
  const failures: Error[] = [];
  let skipped = 0;
  let failed = 0;
  const noteUnreadable = ({ message }: VenueReadError): void => {
    telemetry.record({ name: 'VENUE_UNREADABLE', level: 'WARN', message, fields: { reason: message } }, trace);
  };
  const keep = (error: Error): void => {
    failed += 1;
    // Nobody was asked: that was counted where it was decided, and is no fault to be told of each time.
    if (error instanceof VenueHeldError) return;
    if (error instanceof VenueReadError) noteUnreadable(error);
    else failures.push(error);
  };
  const read = async <Answer>(part: () => Promise<Answer>): Promise<Answer | null> => {
    if (clock.now() >= deadline) {
      skipped += 1;
      return null;
    }
    try {
      return await part();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      keep(error);
      return null;
    }
  };
  const run = async (part: () => Promise<unknown>): Promise<boolean> => (await read(async () => ({ done: await part() }))) !== null;
  const finish = (): void => {
    const [first] = failures;
    if (first !== undefined) throw first;
  };
  return { run, read, left: () => ({ skipped, failed }), finish };
};
