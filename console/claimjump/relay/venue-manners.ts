// One way to the venue for everything that asks it: whoever was told to come later speaks for all (EX-9).
import { MILLIS_PER_SECOND } from '../../../shared/domain/instant.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { saidLength } from '../../../shared/domain/venue-state.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import type { RelayDeps } from './relay-deps.ts';

const BAN_UNSAID_MS = 60 * MILLIS_PER_SECOND;
const LIMIT_UNSAID_MS = MILLIS_PER_SECOND;

export interface VenueManners {
  /** Asks once the venue wants to be asked. @throws VenueReadError */
  ask<Answer>(question: (venue: RelayDeps['venue']) => Promise<Answer>, stop: AbortSignal): Promise<Answer>;
}

/** Makes the one way to the venue. */
export function createManners({ venue, clock, log }: Pick<RelayDeps, 'venue' | 'clock' | 'log'>): VenueManners {
  let quietUntil: Millis = 0;
  return {
    ask: async (question, stop) => {
      while (clock.now() < quietUntil && !stop.aborted) await clock.pause(quietUntil - clock.now(), stop);
      try {
        return await question(venue);
      } catch (error) {
        const pause = pauseOf(error);
        if (pause !== null) log('venue_wants_quiet', { milliseconds: pause });
        quietUntil = Math.max(quietUntil, clock.now() + (pause ?? 0));
        throw error;
      }
    },
  };
}

function pauseOf(error: unknown): Millis | null {
  if (!(error instanceof VenueReadError) || error.pause === null) return null;
  return saidLength(error.pause) ?? (error.pause.kind === 'BANNED' ? BAN_UNSAID_MS : LIMIT_UNSAID_MS);
}
