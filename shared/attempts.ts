// Gives each part of a run its turn, whatever became of the parts before it.
import { VenueReadError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

export interface Attempts {
  /** Runs one part; a venue that gives no readable answer skips what the part would have covered and no more. */
  readonly run: (part: () => Promise<unknown>) => Promise<void>;
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
  const run = async (part: () => Promise<unknown>): Promise<void> => {
    if (clock.now() >= deadline) return;
    try {
      await part();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof VenueReadError) noteUnreadable(error);
      else failures.push(error);
    }
  };
  const noteUnreadable = ({ message }: VenueReadError): void => {
    telemetry.record({ name: 'VENUE_UNREADABLE', level: 'WARN', message, fields: { reason: message } }, trace);
  };
  const finish = (): void => {
    const [first] = failures;
    if (first !== undefined) throw first;
  };
  return { run, finish };
};
