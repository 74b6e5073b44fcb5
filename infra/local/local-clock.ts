import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../../shared/domain/instant.ts';
import type { Clock } from '../../shared/ports.ts';

export interface SteppedClock extends Clock {
  /** Moves to a later time. @throws RangeError for an earlier one */
  moveTo(time: Millis): void;
}

/** The machine's own clock. */
export const runningClock = (): Clock => ({
  now: () => Date.now(),
  sleep: async (milliseconds) => {
    await delay(milliseconds);
  },
});

/** A clock that stands still until it is moved; a wait on it lets others go first and takes no time. */
export const steppedClock = (startAt: Millis): SteppedClock => {
  let present = startAt;
  return {
    now: () => present,
    sleep: async () => {
      await nextTurn();
    },
    moveTo: (time) => {
      if (time < present) throw new RangeError(`clock: expected a time from ${present} on, found ${time}`);
      present = time;
    },
  };
};
