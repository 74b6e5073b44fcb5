// One send, then look-ups. A redelivery that finds an action SENT never sends again: it asks the venue (EX-9).
import { applyEvent, ringLookup } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import type { Change } from './domain/decision.ts';
import type { Outcome, StopReason } from './domain/event.ts';
import { unreachable } from './domain/room.ts';
import { ConflictError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

const LOOKUP_AFTER_SECONDS = 2;

export type Performed = 'SENT' | 'STOPPED' | 'DONE_BEFORE' | 'LOOKED_UP_LATER';

const isEntry = (action: Action): boolean => action.purpose === 'ENTRY' && action.intent.kind === 'PLACE';

/** The commit before the send: PLANNED → SENT, and for an entry the kill switch once more (KS-1). */
const sendChanges = (action: Action, sent: Action): readonly Change[] => {
  const change: Change = { kind: 'ACTION', before: action, after: sent };
  if (!isEntry(action)) return [change];
  return [change, { kind: 'ENTRIES_ALLOWED', symbol: action.ref.symbol, assetClass: action.assetClass }];
};

/** Makes the one call; the adapter never throws, and what it cannot be sure of it calls UNKNOWN. */
const callVenue = async (deps: VenueDeps, action: Action): Promise<Outcome> => {
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

const send = async (deps: VenueDeps, action: Action, trace: TraceContext): Promise<Performed> => {
  const startedAt = deps.clock.now();
  const outcome = await callVenue(deps, action);
  const fields = { symbol: action.ref.symbol, actionId: action.id, outcome: outcome.kind };
  const level = outcome.kind === 'ACCEPTED' ? 'INFO' : 'WARN';
  deps.telemetry.record({ name: 'VENUE_CALL', level, message: `${action.id}: ${outcome.kind.toLowerCase()}`, fields }, trace);
  deps.telemetry.count('order_latency_ms', deps.clock.now() - startedAt, { kind: action.intent.kind });
  await applyEvent(
    deps,
    { type: 'ACTION_ANSWERED', actionId: action.id, clientOrderId: action.clientOrderId, outcome },
    trace,
  );
  return 'SENT';
};

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
    deps.telemetry.count('commit_conflicts_total', 1, { item: 'ACTION' });
    return error.item.includes('CAPACITY') ? 'KILLED' : 'MOVED';
  }
};

/**
 * Performs one action (EX-9): its validity is checked, the send is committed to, and the venue is called once. An
 * action whose row is gone is done; one that is SENT already is looked up instead.
 */
export const performAction = async (deps: VenueDeps, actionId: string, trace: TraceContext): Promise<Performed> => {
  const action = await deps.store.findAction(deps.account, actionId);
  if (action === null) return 'DONE_BEFORE';
  if (action.state === 'SENT') return lookUpLater(deps, action, trace);
  if (action.validUntil !== null && deps.clock.now() > action.validUntil) return stop(deps, action, 'ACTION_EXPIRED', trace);
  const committed = await commitToSend(deps, action);
  switch (committed) {
    case 'OURS':
      return send(deps, action, trace);
    case 'KILLED':
      return stop(deps, action, 'KILL_SWITCH', trace);
    case 'MOVED':
      // Whoever moved it has seen to it, or this message comes again and finds it as it then stands.
      return 'DONE_BEFORE';
    default:
      return unreachable(committed);
  }
};
