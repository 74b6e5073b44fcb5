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
/** A pause that begins within this time of the last one's end is one upon it. */
const UPON_MS = 60_000;

/** Refusals by what the market did meanwhile say nothing of us: the price is through a post-only limit, or a stop. */
const MARKETS_DOING: readonly string[] = ['WOULD_CROSS', 'WOULD_TRIGGER'];

/** The pause that holds at a moment (EX-9), null where calls may be made. */
export const pauseAt = ({ pause }: VenueState, now: Millis): Pausing | null => (pause !== null && now < pause.until ? pause : null);

const lengthOf = ({ kind, milliseconds }: VenuePause, times: number): Millis =>
  milliseconds ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[kind] * 2 ** Math.min(times - 1, 30));

/** Notes that a venue wants no call for a while (EX-9); a shorter pause never ends a longer one. */
export const withPause = (state: VenueState, asked: VenuePause, now: Millis): VenueState => {
  const before = state.pause;
  const times = before === null || now >= before.until + UPON_MS ? 1 : before.times + (now < before.until ? 0 : 1);
  const until = now + lengthOf(asked, times);
  if (before !== null && before.until >= until) return state;
  return { ...state, pause: { kind: asked.kind, until, times } };
};

/** Notes an accepted placement: whatever was refused before it, the circuit is closed. */
export const withAccepted = (state: VenueState): VenueState =>
  state.refusals === null && state.probeAt === null ? state : { ...state, refusals: null, probeAt: null };

/** Notes a refused placement (EX-9): the third alike opens the circuit, and each one while it is open keeps it so. */
export const withRefused = (state: VenueState, code: string, now: Millis): VenueState => {
  if (MARKETS_DOING.includes(code)) return state;
  const count = state.refusals?.code === code ? Math.min(STREAK, state.refusals.count + 1) : 1;
  const isOpen = state.probeAt !== null || count >= STREAK;
  return { ...state, refusals: { code, count }, probeAt: isOpen ? now + PROBE_MS : null };
};

/** Tells what an entry meets: a closed circuit, an open one, or its turn to try it, one a minute. */
export const circuitFor = ({ probeAt }: VenueState, now: Millis): 'CLOSED' | 'OPEN' | 'PROBE' => {
  if (probeAt === null) return 'CLOSED';
  return now < probeAt ? 'OPEN' : 'PROBE';
};

/** Notes that the one try of this minute is made. */
export const withProbe = (state: VenueState, now: Millis): VenueState => ({ ...state, probeAt: now + PROBE_MS });
