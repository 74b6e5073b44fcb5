// Finds out what became of an action whose answer was lost, by asking the venue for the order (EX-9, EX-11).
import { applyEvent, ringAction, ringLookup } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import { showsTerms } from './domain/amendment.ts';
import type { Event } from './domain/event.ts';
import { isFinal } from './domain/order-lifecycle.ts';
import { isOlderThan } from './domain/order-report.ts';
import type { OrderReport } from './domain/order-report.ts';
import { VenueHeldError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

/** Delayed messages end before Lambda's 16-hop loop detection; reconcile carries on where they end. */
const MAX_HOPS = 10;
const NEXT_LOOKUP_SECONDS = 5;
const MILLIS = 1000;

/** HELD: the venue was not asked at all, so that nothing was heard. */
export type Resolved = 'RESOLVED' | 'NOT_YET' | 'DONE_BEFORE' | 'HELD';

const clientOrderIdOf = (actionId: string): string => actionId.split(':')[0] ?? actionId;

/** An answer about an action already ended still counts as a report (an incomplete webhook asked for it). */
const eventOf = (actionId: string, action: Action | null, report: OrderReport): Event => {
  const { clientOrderId } = report;
  if (action === null) return { type: 'ORDER_REPORTED', report, webhookId: null };
  if (isFinal(report.status)) return { type: 'ACTION_ANSWERED', actionId, clientOrderId, outcome: { kind: 'ACCEPTED', report } };
  return { type: 'ACTION_SEEN_LIVE', actionId, clientOrderId, report };
};

/** An order found by an id must be younger than its send (EX-11). */
const isOlder = (report: OrderReport, action: Action | null): boolean =>
  action?.intent.kind === 'PLACE' && isOlderThan(report, action.plannedAt);

/** A lost amendment may still take effect, so the order's old terms are believed only once the quiet time is over. */
const isUndecided = (deps: VenueDeps, action: Action | null, report: OrderReport): action is Action =>
  action?.intent.kind === 'AMEND' && !isFinal(report.status) && !showsTerms(report, action.intent) && !isQuietOver(deps, action);

const isQuietOver = (deps: VenueDeps, action: Action): boolean =>
  action.sentAt !== null && deps.clock.now() - action.sentAt >= deps.traits.quietSeconds * 1000;

const onAbsent = async (
  deps: VenueDeps,
  action: Action,
  hop: number,
  trace: TraceContext,
): Promise<Resolved> => {
  // An absence counts once it was heard twice: the first look-up of an action only ever asks for the next (SL-11).
  if (hop === 0 || !isQuietOver(deps, action)) return askAgain(deps, action, hop, trace);
  const { id: actionId, clientOrderId } = action;
  await applyEvent(deps, { type: 'ORDER_ABSENT', actionId, clientOrderId }, trace);
  return 'RESOLVED';
};

const askAgain = async (deps: VenueDeps, action: Action, hop: number, trace: TraceContext): Promise<Resolved> => {
  if (hop < MAX_HOPS) {
    const target = { actionId: action.id, symbol: action.ref.symbol, hop: hop + 1 };
    await ringLookup(deps, target, trace, NEXT_LOOKUP_SECONDS);
  }
  return 'NOT_YET';
};

type Target = Parameters<typeof ringLookup>[1];

const onMissing = async (deps: VenueDeps, action: Action | null, target: Target, trace: TraceContext): Promise<Resolved> =>
  action === null ? 'DONE_BEFORE' : onAbsent(deps, action, target.hop, trace);

/** A PLANNED action is nobody's answer yet: it is rung where it waited for its turn, and else left to its own ring. */
const onPlanned = async (deps: VenueDeps, action: Action, { rings, hop }: Target, trace: TraceContext): Promise<Resolved> => {
  // FIFO drops a repeat of a message silently for five minutes: each ring is one of its own.
  if (rings === true) await ringAction(deps, action, trace, { nonce: deps.ids.next(), hop });
  return 'NOT_YET';
};

/** A venue that is not to be asked now has said nothing: the same look-up is made once it may be. */
const onHeld = async (deps: VenueDeps, target: Target, { milliseconds }: VenueHeldError, trace: TraceContext): Promise<Resolved> => {
  if (target.hop < MAX_HOPS) await ringLookup(deps, target, trace, Math.max(1, Math.ceil(milliseconds / MILLIS)));
  return 'HELD';
};

const lookUp = async (deps: VenueDeps, action: Action | null, target: Target, trace: TraceContext): Promise<Resolved> => {
  const clientOrderId = action?.clientOrderId ?? clientOrderIdOf(target.actionId);
  const report = await deps.exchange.findOrder({ clientOrderId, symbol: target.symbol });
  if (report === null || isOlder(report, action)) return onMissing(deps, action, target, trace);
  if (isUndecided(deps, action, report)) return askAgain(deps, action, target.hop, trace);
  await applyEvent(deps, eventOf(target.actionId, action, report), trace);
  return 'RESOLVED';
};

/**
 * Looks one action up (EX-9). Found: its report decides. Not found: believed only at the second look-up and once the
 * quiet time since the send is over, before that it is asked again later.
 * @throws VenueReadError when the venue gives no answer that can be read
 */
export const resolveAction = async (deps: VenueDeps, target: Target, trace: TraceContext): Promise<Resolved> => {
  const action = await deps.store.findAction(deps.account, target.actionId);
  if (action?.state === 'PLANNED') return onPlanned(deps, action, target, trace);
  if (action === null && target.rings === true) return 'DONE_BEFORE';
  // The hops of a ring are no look-ups: this is the first.
  const asked = target.rings === true ? { ...target, hop: 0 } : target;
  try {
    return await lookUp(deps, action, asked, trace);
  } catch (error) {
    if (!(error instanceof VenueHeldError)) throw error;
    return onHeld(deps, asked, error, trace);
  }
};
