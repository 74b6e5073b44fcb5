// The venue's budget as all functions share it: tokens are leased through the table and spent in memory.
import type { Outcome, VenuePause } from './domain/event.ts';
import { countedCost, spend } from './domain/rate-budget.ts';
import type { Lease, Priority } from './domain/rate-budget.ts';
import { newVenueState, withAccepted, withPause, withRefused } from './domain/venue-state.ts';
import type { VenueState } from './domain/venue-state.ts';
import { heldBy, isProbe, judgeTurn } from './domain/venue-turn.ts';
import type { Asking, Judged } from './domain/venue-turn.ts';
import type { Budget, Clock, Ids, Telemetry, Turn, VenueCall, VenueStates } from './ports.ts';
import type { VenueBudget } from './venue-budgets.ts';
import { createVenueView } from './venue-view.ts';
import type { VenueView } from './venue-view.ts';

export interface SharedBudgetParts {
  readonly venue: VenueBudget;
  readonly states: VenueStates;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'fraction'>;
  readonly telemetry: Telemetry;
}

/** A turn is waited for so long, in so many pieces; a clock that stands still in a wait ends it too. */
const MOST_WAIT_MS = 3_000;
const MOST_WAITS = 4;
/** When to come again where the table does not say how things stand. */
const TABLE_AWAY_MS = 5_000;
/** When to ask again where too many others asked at once. */
const CROWDED: Turn = { kind: 'LATER', reason: 'BUDGET', milliseconds: 250 };

interface Keeper extends SharedBudgetParts {
  readonly view: VenueView;
  /** Tokens in hand. */
  lease: Lease | null;
  /** What this process itself was told, for when the table cannot be reached. */
  own: VenueState;
}

/** Builds the budget of one venue for one process (EX-4, EX-9). */
export const createSharedBudget = (parts: SharedBudgetParts): Budget => {
  const { venue, telemetry } = parts;
  const keeper: Keeper = { ...parts, view: createVenueView(venue.venue, parts), lease: null, own: newVenueState() };
  return {
    ask: async (call, priority) => {
      const turn = await waitForTurn(keeper, call, priority);
      count(telemetry, venue.venue, turn, priority);
      return turn;
    },
    placed: (outcome) => notePlaced(keeper, outcome),
    paused: (pause) => notePause(keeper, pause),
  };
};

const count = (telemetry: Telemetry, venue: string, turn: Turn, priority: Priority): void => {
  if (turn.kind === 'LATER') telemetry.count('venue_waits_total', 1, { venue, reason: turn.reason, priority });
  if (turn.kind === 'LATER' && turn.reason === 'BANNED') telemetry.count('venue_banned', 1, { venue });
  if (turn.kind === 'SHED') telemetry.count('venue_sheds_total', 1, { venue });
  if (turn.kind === 'CIRCUIT_OPEN') telemetry.count('venue_circuit_open', 1, { venue });
};

// An entry is soon decided anew, and a change of one is given up: neither keeps what comes after it waiting.
const waits = (priority: Priority): boolean => priority === 'URGENT' || priority === 'READ';

const waitForTurn = async (keeper: Keeper, call: VenueCall, priority: Priority): Promise<Turn> => {
  let turn = await turnOf(keeper, call, priority);
  let left = MOST_WAIT_MS;
  for (let waited = 0; waited < MOST_WAITS; waited += 1) {
    if (turn.kind !== 'LATER' || !waits(priority) || turn.milliseconds > left) break;
    left -= turn.milliseconds;
    await keeper.clock.sleep(turn.milliseconds);
    turn = await turnOf(keeper, call, priority);
  }
  return turn;
};

const turnOf = async (keeper: Keeper, call: VenueCall, priority: Priority): Promise<Turn> => {
  const { venue, clock } = keeper;
  const asking: Asking = { cost: countedCost(venue.limits, venue.costs[call]), priority, isEntry: call === 'PLACE' && priority === 'ENTRY', now: clock.now() };
  const held = heldBy(keeper.own, asking);
  if (held !== null) return asTurn(held, priority);
  try {
    const judged = await judge(keeper, asking);
    if (judged !== null) return asTurn(judged, priority);
    return priority === 'REPRICE' ? { kind: 'SHED' } : CROWDED;
  } catch {
    return tableAway(priority);
  }
};

// What protects or ends a position goes even where nobody can say what is left; what would begin one does not.
const tableAway = (priority: Priority): Turn =>
  priority === 'URGENT' ? { kind: 'GO' } : { kind: 'LATER', reason: 'TABLE', milliseconds: TABLE_AWAY_MS };

const asTurn = (judged: Judged, priority: Priority): Turn => {
  if (judged.kind !== 'HELD') return { kind: judged.kind };
  return priority === 'REPRICE' ? { kind: 'SHED' } : { kind: 'LATER', reason: judged.reason, milliseconds: judged.milliseconds };
};

const judge = async (keeper: Keeper, asking: Asking): Promise<Judged | null> => {
  const state = await keeper.view.read();
  const held = heldBy(state, asking);
  if (held !== null) return held;
  const rest = keeper.lease === null ? null : spend(keeper.lease, asking.cost, asking.priority, asking.now);
  if (rest !== null && !isProbe(state, asking)) {
    keeper.lease = rest;
    return { kind: 'GO', after: state, lease: rest };
  }
  return takeTurn(keeper, asking);
};

const takeTurn = async (keeper: Keeper, asking: Asking): Promise<Judged | null> => {
  const { limits } = keeper.venue;
  const judged = await keeper.view.change((state): { after: VenueState; answer: Judged } => {
    const answer = judgeTurn(state, limits, asking);
    return { after: answer.kind === 'GO' ? answer.after : state, answer };
  });
  if (judged?.kind === 'GO' && limits.length > 0) keeper.lease = spend(judged.lease, asking.cost, asking.priority, asking.now);
  return judged;
};

/** Changes what is known of the venue; where the table does not take it, others learn it from the venue themselves. */
const change = async (keeper: Keeper, next: (state: VenueState) => VenueState): Promise<void> => {
  try {
    await keeper.view.change((state) => ({ after: next(state), answer: true }));
  } catch {
    keeper.telemetry.count('venue_state_lost_total', 1, { venue: keeper.venue.venue });
  }
};

const notePause = async (keeper: Keeper, pause: VenuePause): Promise<void> => {
  const { clock, telemetry, venue } = keeper;
  const now = clock.now();
  keeper.own = withPause(keeper.own, pause, now);
  telemetry.count('venue_pauses_total', 1, { venue: venue.venue, reason: pause.kind });
  if (pause.kind === 'BANNED') telemetry.count('venue_banned', 1, { venue: venue.venue });
  await change(keeper, (state) => withPause(state, pause, now));
};

const notePlaced = async (keeper: Keeper, outcome: Outcome): Promise<void> => {
  const { clock, telemetry, venue } = keeper;
  const now = clock.now();
  if (outcome.kind === 'REFUSED') await change(keeper, (state) => withRefused(state, outcome.code, now));
  if (outcome.kind !== 'ACCEPTED') return;
  let isClosed = false;
  await change(keeper, (state) => {
    const after = withAccepted(state);
    isClosed = after !== state && state.probeAt !== null;
    return after;
  });
  if (isClosed) telemetry.count('venue_circuit_open', 0, { venue: venue.venue });
};
