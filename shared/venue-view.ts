// One process's view of a venue's shared state: read now and then, changed only under its revision.
import { newVenueState } from './domain/venue-state.ts';
import type { VenueState } from './domain/venue-state.ts';
import type { Clock, Ids, VenueStates } from './ports.ts';

/** How long what was read is believed: a pause that another function met is heeded here after so long at the latest. */
const BELIEVED_MS = 5_000;
const MOST_TRIES = 12;
const JITTER_MS = 20;

/** What a state becomes, the very same where nothing changes, with what that means to whoever asked. */
export interface Change<Answer> {
  readonly after: VenueState;
  readonly answer: Answer;
}

export interface VenueView {
  /** Gives the state as it was seen some seconds ago at most. */
  read(): Promise<VenueState>;
  /** Changes the state, deciding again on what is there where another was first; null where that never ends. */
  change<Answer>(decide: (state: VenueState) => Change<Answer>): Promise<Answer | null>;
}

export interface VenueViewParts {
  readonly states: VenueStates;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'fraction'>;
}

/** Builds a view; its changes are made one after another, so that a process is never in its own way. */
export const createVenueView = (venue: string, { states, clock, ids }: VenueViewParts): VenueView => {
  let seen: VenueState | null = null;
  let seenAt = 0;
  let last: Promise<unknown> = Promise.resolve();
  const keep = (state: VenueState): VenueState => {
    seen = state;
    seenAt = clock.now();
    return state;
  };
  const find = async (): Promise<VenueState> => keep((await states.find(venue)) ?? newVenueState());
  // A clock that went back says nothing of the age of what was read.
  const isFresh = (age: number): boolean => age >= 0 && age < BELIEVED_MS;
  const read = async (): Promise<VenueState> => (seen !== null && isFresh(clock.now() - seenAt) ? seen : find());
  const changeNow = async <Answer>(decide: (state: VenueState) => Change<Answer>): Promise<Answer | null> => {
    let state = seen ?? (await find());
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const { after, answer } = decide(state);
      if (after === state) return answer;
      const { written, found } = await states.swap(venue, { ...after, revision: state.revision + 1 });
      state = keep(found);
      if (written) return answer;
      await clock.sleep(Math.ceil(ids.fraction() * JITTER_MS * (tried + 1)));
    }
    return null;
  };
  return {
    read,
    change: (decide) => {
      const turn = last.then(() => changeNow(decide));
      last = turn.catch(() => null);
      return turn;
    },
  };
};
