// Tries a call again while that can help: a bounded number of times, exponentially later, with jitter.
import { StoreUnavailableError } from '../../errors.ts';
import type { Clock, Ids } from '../../ports.ts';
import { classify } from './failures.ts';

export const MOST_TRIES = 8;
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 1000;

export interface Pacing {
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Waits before the try that follows the one given, counted from 0. */
export const pause = async ({ clock, ids }: Pacing, tried: number): Promise<void> => {
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tried);
  await clock.sleep(Math.ceil(most * (0.5 + ids.fraction() / 2)));
};

/** Makes a call that may be repeated at will. @throws StoreUnavailableError, or what the table refused it with */
export const callAgain = async <Answer>(operation: string, pacing: Pacing, call: () => Promise<Answer>): Promise<Answer> => {
  for (let tried = 0; ; tried += 1) {
    try {
      return await call();
    } catch (cause) {
      const { kind } = classify(cause);
      if (kind === 'FATAL' || kind === 'CONDITION') throw cause;
      if (tried + 1 >= MOST_TRIES) throw new StoreUnavailableError(operation, MOST_TRIES, { cause });
      await pause(pacing, tried);
    }
  }
};
