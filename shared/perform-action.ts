// One send, then look-ups. A redelivery that finds an action SENT never sends again: it asks the venue (EX-9).
import { applyEvent, ringLater, ringLookup } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import type { Change } from './domain/decision.ts';
import type { Outcome, StopReason } from './domain/event.ts';
import type { Priority } from './domain/rate-budget.ts';
import { unreachable } from './domain/room.ts';
import { ConflictError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

const LOOKUP_AFTER_SECONDS = 2;

/** A call held back for longer is rung by reconcile once it may go; whatever rings it meanwhile finds it held. */
const LONGEST_RING_SECONDS = 60;
/** Each ring is two hops, a delayed look-up and the action; Lambda ends a loop at sixteen. From there on reconcile rings. */
const MOST_RINGS = 6;
const MILLIS = 1000;

/** WAITS: it is not its turn at the venue, so it stays planned and is rung again. */
export type Performed = 'SENT' | 'STOPPED' | 'DONE_BEFORE' | 'LOOKED_UP_LATER' | 'WAITS';

const isEntry = (action: Action): boolean => action.purpose === 'ENTRY' && action.intent.kind === 'PLACE';

/** The commit before the send: PLANNED → SENT, and for an entry the kill switch once more (KS-1). */
const sendChanges = (action: Action, sent: Action): readonly Change[] => {
  const change: Change = { kind: 'ACTION', before: action, after: sent };
  if (!isEntry(action)) return [change];
  return [change, { kind: 'ENTRIES_ALLOWED', symbol: action.ref.symbol, assetClass: action.assetClass }];
};

/** Who goes before whom at the venue (EX-4): only what begins a position, or moves its price, ever gives way. */
export const priorityOf = ({ purpose, intent }: Action): Priority => {
  if (purpose !== 'ENTRY' || intent.kind === 'CANCEL') return 'URGENT';
  return intent.kind === 'PLACE' ? 'ENTRY' : 'REPRICE';
};

/** Makes the one call; the adapter never throws, and what it cannot be sure of it calls UNKNOWN. */
export const callVenue = async (deps: VenueDeps, action: Action): Promise<Outcome> => {
  const { clientOrderId, intent } = action;
  const { symbol } = action.ref;
  switch (intent.kind) {
    case 'PLACE':
      return deps.exchange.place({ clientOrderId, symbol, intent });
    case 'CANCEL':
      return deps.exchange.cancel({ clientOrderId, symbol });
    case 'AMEND':
      return deps.exchange.amend({ clientOrderId, symbol, intent });
    default:
      return unreachable(intent);
  }
};

/** Tells what became of the one call, and brings it in as the event it is. */
export const concludeAction = async (
  deps: VenueDeps,
  action: Action,
  outcome: Outcome,
  trace: TraceContext,
): Promise<Performed> => {
  const fields = { symbol: action.ref.symbol, actionId: action.id, outcome: outcome.kind };
  const level = outcome.kind === 'ACCEPTED' ? 'INFO' : 'WARN';
  deps.telemetry.record({ name: 'VENUE_CALL', level, message: `${action.id}: ${outcome.kind.toLowerCase()}`, fields }, trace);
  await applyEvent(
    deps,
    { type: 'ACTION_ANSWERED', actionId: action.id, clientOrderId: action.clientOrderId, outcome },
    trace,
  );
  return 'SENT';
};

const send = async (deps: VenueDeps, action: Action, trace: TraceContext): Promise<Performed> =>
  concludeAction(deps, action, await callVenue(deps, action), trace);

const stop = async (deps: VenueDeps, action: Action, reason: StopReason, trace: TraceContext): Promise<Performed> => {
  const { id: actionId, clientOrderId } = action;
  await applyEvent(deps, { type: 'ACTION_STOPPED', actionId, clientOrderId, reason }, trace);
  return 'STOPPED';
};

const lookUpLater = async (deps: VenueDeps, action: Action, trace: TraceContext): Promise<Performed> => {
  await ringLookup(deps, { actionId: action.id, symbol: action.ref.symbol, hop: 0 }, trace, LOOKUP_AFTER_SECONDS);
  return 'LOOKED_UP_LATER';
};

/** Commits to the one send. False where something else moved first: another worker, a halt, a taken-back entry. */
const commitToSend = async (deps: VenueDeps, action: Action): Promise<'OURS' | 'MOVED' | 'KILLED'> => {
  const sent: Action = { ...action, state: 'SENT', sentAt: deps.clock.now() };
  try {
    await deps.store.commit(deps.account, sendChanges(action, sent), deps.ids.next());
    return 'OURS';
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return error.item.includes('CAPACITY') ? 'KILLED' : 'MOVED';
  }
};

/** The message that an action is carried out for; `hop`: how often it was rung because its turn had not come. */
export interface Rung {
  readonly trace: TraceContext;
  readonly hop?: number | undefined;
}

const wait = async (deps: VenueDeps, action: Action, milliseconds: number, { trace, hop = 0 }: Rung): Promise<Performed> => {
  // What protects or ends a position comes as soon as it may; anything else a little later each time.
  const least = priorityOf(action) === 'URGENT' ? 1 : 2 ** hop;
  const delaySeconds = Math.max(least, Math.ceil(milliseconds / MILLIS));
  if (hop < MOST_RINGS && delaySeconds <= LONGEST_RING_SECONDS) await ringLater(deps, action, trace, { delaySeconds, hop: hop + 1 });
  return 'WAITS';
};

/** Asks for the action's turn at the venue, before anything says that it is being sent; null where it has come. */
const awaitTurn = async (deps: VenueDeps, action: Action, rung: Rung): Promise<Performed | null> => {
  const turn = await deps.budget.ask(action.intent.kind, priorityOf(action));
  switch (turn.kind) {
    case 'GO':
      return null;
    case 'LATER':
      return wait(deps, action, turn.milliseconds, rung);
    case 'SHED':
    case 'CIRCUIT_OPEN':
      return stop(deps, action, turn.kind, rung.trace);
    default:
      return unreachable(turn);
  }
};

const isExpired = (deps: VenueDeps, { validUntil }: Action): boolean => validUntil !== null && deps.clock.now() > validUntil;

/**
 * Asks whether an action may be sent now (EX-4, EX-9): its validity is checked and its turn at the venue awaited. Null where
 * it may; one that is SENT already is looked up instead.
 */
export const clearAction = async (deps: VenueDeps, action: Action, rung: Rung): Promise<Performed | null> => {
  if (action.state === 'SENT') return lookUpLater(deps, action, rung.trace);
  return isExpired(deps, action) ? stop(deps, action, 'ACTION_EXPIRED', rung.trace) : awaitTurn(deps, action, rung);
};

/** Commits to the one send of an action that may be sent (EX-9). Null where the call is now ours to make, and at once. */
export const claimAction = async (deps: VenueDeps, action: Action, { trace }: Rung): Promise<Performed | null> => {
  // Its turn, or those of others, may have been waited for.
  if (isExpired(deps, action)) return stop(deps, action, 'ACTION_EXPIRED', trace);
  const committed = await commitToSend(deps, action);
  switch (committed) {
    case 'OURS':
      return null;
    case 'KILLED':
      return stop(deps, action, 'KILL_SWITCH', trace);
    case 'MOVED':
      // Whoever moved it has seen to it, or this message comes again and finds it as it then stands.
      return 'DONE_BEFORE';
    default:
      return unreachable(committed);
  }
};

/** Carries out an action as it was read: prepared, then sent once (EX-9). */
export const carryOutAction = async (deps: VenueDeps, action: Action, rung: Rung): Promise<Performed> =>
  (await clearAction(deps, action, rung)) ?? (await claimAction(deps, action, rung)) ?? send(deps, action, rung.trace);

/** Performs one action by its id (EX-9). An action whose row is gone is done. */
export const performAction = async (deps: VenueDeps, actionId: string, trace: TraceContext): Promise<Performed> => {
  const action = await deps.store.findAction(deps.account, actionId);
  return action === null ? 'DONE_BEFORE' : carryOutAction(deps, action, { trace });
};
