// Load, decide, commit, ring. The one place that catches a conflict: it loads and decides again.
import type { Action } from './domain/action.ts';
import { cancelActionId, placeActionId } from './domain/action.ts';
import type { Context } from './domain/context.ts';
import { decide } from './domain/decide.ts';
import type { Decision, Note, Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
import { nextParts } from './domain/next-part.ts';
import { ConflictError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import { scopeOf } from './scope-of.ts';
import type { Slot, SlotRef } from './domain/slot.ts';
import type { ShellDeps } from './shell-deps.ts';
import { tellLatency } from './tell-latency.ts';
import { WATCHDOG_SECONDS, ringWatchdog } from './watchdog.ts';

const MAX_TRIES = 8;
const JITTER_MS = 40;
const AN_HOUR_SECONDS = 3600;
/** How long after an unknown answer the order is looked up for the first time. */
const FIRST_LOOKUP_SECONDS = 2;

export interface Applied {
  readonly kind: 'COMMITTED' | 'IGNORED';
  readonly reason: string | null;
  readonly decision: Decision;
  readonly snapshot: Snapshot;
}

/** What the domain is given beside a snapshot, at this moment. */
export const contextOf = (deps: ShellDeps): Context => ({
  account: deps.account,
  now: deps.clock.now(),
  settings: deps.settings,
  calendar: deps.calendar,
  amends: deps.traits.amends,
  stopMoves: deps.traits.stopMoves,
  icebergs: deps.traits.icebergs,
  maxClientOrderIdLength: deps.traits.maxClientOrderIdLength,
  fenceFloor: 0,
});

/** Since when past steals matter to a decision (WS-7, WS-10). */
export const stealsSince = (deps: ShellDeps): number =>
  deps.clock.now() - Math.max(deps.settings.workStealingFightWindowSeconds, AN_HOUR_SECONDS) * 1000;

const plannedActions = (decision: Decision): readonly Action[] =>
  decision.kind === 'IGNORE'
    ? []
    : decision.changes.flatMap((change) =>
        change.kind === 'ACTION' && change.after?.state === 'PLANNED' ? [change.after] : [],
      );

/** `nonce` tells a repeat apart, which a FIFO queue would drop; `hop` counts the rings of an action that waits for its turn. */
export interface Ringing {
  readonly nonce?: string;
  readonly hop?: number;
}

/** Rings order-action for an action; the row is the truth, so a lost ring is rung again by reconcile. Stops have a queue of their own. */
export const ringAction = async (deps: ShellDeps, action: Action, trace: TraceContext, { nonce, hop = 0 }: Ringing = {}): Promise<void> => {
  const message = {
    schema: 1,
    kind: action.purpose === 'STOP' ? 'STOP_ACTION' : 'ACTION',
    account: deps.account,
    correlationId: trace.correlationId,
    actionId: action.id,
    symbol: action.ref.symbol,
    ...(hop === 0 ? {} : { hop }),
  } as const;
  await deps.queues.send(message, nonce === undefined ? {} : { nonce });
};

const ringAll = async (deps: ShellDeps, decision: Decision, trace: TraceContext): Promise<void> => {
  for (const action of plannedActions(decision)) {
    // A venue that cannot be reached is not called in a tight loop: from here on reconcile rings (EX-9).
    if (action.notSent >= deps.settings.retryAttempts) continue;
    // An action that was not sent keeps its id, and a FIFO queue drops a repeat: it is told apart by its count.
    await ringAction(deps, action, trace, action.notSent === 0 ? {} : { nonce: `again-${action.notSent}` });
  }
};

/** Slots that an entry has just filled in: each is looked at again some seconds later (SL-7). */
const filledSlots = (decision: Decision): readonly SlotRef[] => {
  if (decision.kind === 'IGNORE') return [];
  const refs = decision.changes.flatMap((change) =>
    change.kind === 'FILL' && change.fill.purpose === 'ENTRY' ? [change.fill.ref] : [],
  );
  return [...new Map(refs.map((ref) => [slotKey(ref), ref])).values()];
};

const watchFills = async (deps: ShellDeps, decision: Decision, trace: TraceContext): Promise<void> => {
  for (const ref of filledSlots(decision)) await ringWatchdog(deps, { ...ref, hop: 0 }, trace, WATCHDOG_SECONDS);
};

/** Asks for an order whose fate is not certain to be looked up, a little later (EX-9). */
export const ringLookup = async (
  deps: ShellDeps,
  target: { readonly actionId: string; readonly symbol: string; readonly hop: number; readonly rings?: boolean | undefined },
  trace: TraceContext,
  delaySeconds: number,
): Promise<void> => {
  const message = {
    schema: 1,
    kind: 'LOOKUP',
    account: deps.account,
    correlationId: trace.correlationId,
    ...target,
  } as const;
  await deps.queues.send(message, { delaySeconds });
};

/** Has an action rung again after a while: only a standard queue delays a message, so a look-up carries it. */
export const ringLater = async (deps: ShellDeps, action: Action, trace: TraceContext, { delaySeconds, hop }: { readonly delaySeconds: number; readonly hop: number }): Promise<void> =>
  ringLookup(deps, { actionId: action.id, symbol: action.ref.symbol, hop, rings: true }, trace, delaySeconds);

const lookupTarget = (event: Event, snapshot: Snapshot): { actionId: string; symbol: string; hop: number } | null => {
  if (event.type === 'ACTION_ANSWERED') {
    const record = snapshot.orders.get(event.clientOrderId);
    return record === undefined ? null : { actionId: event.actionId, symbol: record.ref.symbol, hop: 0 };
  }
  if (event.type !== 'ORDER_REPORTED') return null;
  const { clientOrderId, symbol } = event.report;
  const cancel = cancelActionId(clientOrderId, 1);
  return { actionId: snapshot.actions.has(cancel) ? cancel : placeActionId(clientOrderId), symbol, hop: 0 };
};

const report = (deps: ShellDeps, notes: readonly Note[], trace: TraceContext): void => {
  for (const fact of notes) deps.telemetry.record(fact, trace);
};

/** The slots that a decision moved or, where it moved none, those that it looked at. */
const slotsOf = ({ decision, snapshot }: Applied): readonly Slot[] => {
  const moved = decision.kind === 'IGNORE' ? [] : decision.changes.flatMap((change) => (change.kind === 'SLOT' ? [change.after] : []));
  return moved.length > 0 ? moved : [...snapshot.slots.values()];
};

/** Says of each fact which state of its slot it belongs to (SL-14); a fact of no single symbol has none. */
const versioned = (applied: Applied): readonly Note[] => {
  const slots = slotsOf(applied);
  return applied.decision.notes.map((fact) => {
    const slot = slots.find(({ symbol }) => symbol === fact.fields['symbol']);
    return slot === undefined ? fact : { ...fact, fields: { ...fact.fields, stateVersion: slot.revision } };
  });
};

const onConflict = async (deps: ShellDeps, error: ConflictError, tried: number, trace: TraceContext): Promise<void> => {
  report(deps, [{ name: 'CONFLICT', level: 'DEBUG', message: error.message, fields: { item: error.item, tried } }], trace);
  if (tried >= MAX_TRIES) throw error;
  await deps.clock.sleep(Math.ceil(deps.ids.fraction() * JITTER_MS * tried));
};

const decideOnce = async (
  deps: ShellDeps,
  event: Event,
  first: Snapshot | null,
): Promise<Applied> => {
  const snapshot = first ?? (await deps.store.load(deps.account, scopeOf(event, stealsSince(deps))));
  const decision = decide(snapshot, event, contextOf(deps));
  if (decision.kind === 'IGNORE') return { kind: 'IGNORED', reason: decision.reason, decision, snapshot };
  await deps.store.commit(deps.account, decision.changes, deps.ids.next());
  return { kind: 'COMMITTED', reason: null, decision, snapshot };
};

const settle = async (deps: ShellDeps, event: Event, applied: Applied, trace: TraceContext): Promise<Applied> => {
  report(deps, versioned(applied), trace);
  tellLatency(deps, event, applied.decision, trace);
  if (applied.reason === 'LOOK_UP') {
    const target = lookupTarget(event, applied.snapshot);
    if (target !== null) await ringLookup(deps, target, trace, FIRST_LOOKUP_SECONDS);
  }
  await ringAll(deps, applied.decision, trace);
  await watchFills(deps, applied.decision, trace);
  // What no longer follows because of a crash here, the next price or reconcile asks for.
  for (const ref of nextParts(applied.decision)) await applyEvent(deps, { type: 'ENTRY_WANTED', ref, maySteal: false }, trace);
  return applied;
};

/**
 * Applies one event: decides on what was loaded, commits all of it or nothing, and rings what it planned. A conflict
 * decides again on what is there now, a bounded number of times with jitter.
 * @param first a snapshot already read, for the first try alone
 * @throws ConflictError when it lost every time; the event goes back to whoever brought it
 */
export const applyEvent = async (
  deps: ShellDeps,
  event: Event,
  trace: TraceContext,
  first: Snapshot | null = null,
): Promise<Applied> => {
  for (let tried = 1; ; tried += 1) {
    try {
      const applied = await decideOnce(deps, event, tried === 1 ? first : null);
      return await settle(deps, event, applied, trace);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await onConflict(deps, error, tried, trace);
    }
  }
};
