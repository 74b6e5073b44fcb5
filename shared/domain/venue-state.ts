// What all functions know of a venue together: its buckets, how long it wants no call, and whether its refusals repeat.
import type { VenuePause } from './event.ts';
import type { Millis } from './instant.ts';
import { fullBuckets } from './rate-budget.ts';
import type { Buckets } from './rate-budget.ts';

/** Calls are not made before `until`; `times` counts pauses one upon the other. */
export interface Pausing {
  readonly kind: VenuePause['kind'];
  readonly until: Millis;
  readonly times: number;
}

/** Refusals of placements with the same code, one after another. */
export interface RefusalStreak {
  readonly code: string;
  readonly count: number;
}

export interface VenueState {
  readonly revision: number;
  readonly buckets: Buckets;
  readonly pause: Pausing | null;
  readonly refusals: RefusalStreak | null;
  /** Since three refusals were alike: when the next entry may go to try whether it is over. */
  readonly probeAt: Millis | null;
}

/** A venue nobody has called yet. */
export const newVenueState = (): VenueState => ({ revision: 0, buckets: fullBuckets(), pause: null, refusals: null, probeAt: null });

const STREAK = 3;
const PROBE_MS = 60_000;
/** What a venue means that says no time: at first so long, doubled with each pause upon the last, up to an hour. */
const FIRST_PAUSE_MS: Readonly<Record<VenuePause['kind'], Millis>> = { RATE_LIMITED: 5_000, BANNED: 120_000 };
const LONGEST_PAUSE_MS = 3_600_000;
/** No venue documents a longer ban: what says more, or is no number, is taken as saying nothing. */
const LONGEST_SAID_MS = 259_200_000;
/** A rate limit that is over by its own word still had a call turned away: the next is not made at once. */
const LEAST_PAUSE_MS = 1_000;
/** A pause that begins within this time of the last one's end is one upon it. */
const UPON_MS = 60_000;

/** Refusals by what the market did meanwhile say nothing of us: the price is through a post-only limit, or a stop. */
const MARKETS_DOING: readonly string[] = ['WOULD_CROSS', 'WOULD_TRIGGER'];

/** An end that no pause of now could have was written by a wrong clock. */
const pauseOf = ({ pause }: VenueState, now: Millis): Pausing | null => (pause !== null && pause.until - now <= LONGEST_SAID_MS ? pause : null);

/** The pause that holds at a moment (EX-9), null where calls may be made. */
export const pauseAt = (state: VenueState, now: Millis): Pausing | null => {
  const pause = pauseOf(state, now);
  return pause !== null && now < pause.until ? pause : null;
};

/** How long a venue asks to be left alone, whole milliseconds (EX-9); null where it does not say, or cannot mean it. */
export const saidLength = ({ kind, milliseconds }: VenuePause): Millis | null => {
  if (milliseconds === null || Number.isNaN(milliseconds) || milliseconds > LONGEST_SAID_MS) return null;
  if (kind === 'BANNED' && milliseconds <= 0) return null;
  return Math.max(LEAST_PAUSE_MS, Math.ceil(milliseconds));
};

const lengthOf = (asked: VenuePause, times: number): Millis =>
  saidLength(asked) ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[asked.kind] * 2 ** Math.min(times - 1, 30));

/** Notes that a venue wants no call for a while (EX-9); a shorter pause never ends a longer one. */
export const withPause = (state: VenueState, asked: VenuePause, now: Millis): VenueState => {
  const before = pauseOf(state, now);
  const times = before === null || now >= before.until + UPON_MS ? 1 : before.times + (now < before.until ? 0 : 1);
  const until = now + lengthOf(asked, times);
  if (before !== null && before.until >= until) return state;
  return { ...state, pause: { kind: asked.kind, until, times } };
};

/** Notes an accepted placement: whatever was refused before it, the circuit is closed. */
export const withAccepted = (state: VenueState): VenueState =>
  state.refusals === null && state.probeAt === null ? state : { ...state, refusals: null, probeAt: null };

/** Notes a refused placement (EX-9): the third alike opens the circuit, which only an accepted one closes; what is refused meanwhile delays no try. */
export const withRefused = (state: VenueState, code: string, now: Millis): VenueState => {
  if (MARKETS_DOING.includes(code)) return state;
  const count = state.refusals?.code === code ? Math.min(STREAK, state.refusals.count + 1) : 1;
  return { ...state, refusals: { code, count }, probeAt: state.probeAt ?? (count >= STREAK ? now + PROBE_MS : null) };
};

/** Tells what an entry meets: a closed circuit, an open one, or its turn to try it, one a minute. */
export const circuitFor = ({ probeAt }: VenueState, now: Millis): 'CLOSED' | 'OPEN' | 'PROBE' => {
  if (probeAt === null) return 'CLOSED';
  // Further ahead than a try ever is, it was written by a wrong clock.
  return now < probeAt && probeAt - now <= PROBE_MS ? 'OPEN' : 'PROBE';
};

/** Notes that the one try of this minute is made. */
export const withProbe = (state: VenueState, now: Millis): VenueState => ({ ...state, probeAt: now + PROBE_MS });
