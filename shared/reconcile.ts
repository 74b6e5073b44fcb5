// What the venue has against what we have (SL-11 in part), and everything that a lost message left undone.
import { applyEvent, ringAction } from './apply-event.ts';
import { createAttempts } from './attempts.ts';
import type { Attempts } from './attempts.ts';
import type { Capacity } from './domain/account.ts';
import type { Action } from './domain/action.ts';
import type { Snapshot } from './domain/decision.ts';
import { addRoom, NO_MOVE, usedBy } from './domain/room.ts';
import type { Slot } from './domain/slot.ts';
import type { TraceContext } from './ports.ts';
import { reconcileOrders } from './reconcile-orders.ts';
import { resolveAction } from './resolve-action.ts';
import type { VenueDeps } from './shell-deps.ts';
import { sweepExpiry, sweepHalted } from './sweep-slots.ts';

const MARKETS_EVERY_MS = 3_600_000;
/** Look-ups by message have ended by then, so that reconcile asks itself and rings nobody. */
const LAST_HOP = 10;

/** When this process last read each account's market list; a new process reads it once more. */
const marketsReadAt = new WeakMap<object, number>();

const readEquity = async (deps: VenueDeps, trace: TraceContext): Promise<void> => {
  const { equity, at } = await deps.exchange.equity();
  await applyEvent(deps, { type: 'EQUITY_READ', equity, at }, trace);
};

const readMarkets = async (deps: VenueDeps): Promise<void> => {
  const now = deps.clock.now();
  const last = marketsReadAt.get(deps);
  if (last !== undefined && now - last < MARKETS_EVERY_MS) return;
  await deps.store.saveMarkets(deps.account, await deps.exchange.markets());
  marketsReadAt.set(deps, now);
};

const ringOverdue = async (deps: VenueDeps, action: Action, trace: TraceContext): Promise<void> => {
  if (action.state === 'PLANNED') {
    // FIFO drops a repeat of a message silently for five minutes: each ring is one of its own.
    await ringAction(deps, action, trace, deps.ids.next());
    return;
  }
  await resolveAction(deps, { actionId: action.id, symbol: action.ref.symbol, hop: LAST_HOP }, trace);
};

/** Tells whether the room adds up (SL-13): cap − free is what the slots use, to the last digit; null when a commit fell between. */
export const addsUp = (before: Capacity | null, slots: readonly Slot[], after: Capacity | null): boolean | null => {
  if (before === null || after === null) return before === after && slots.length === 0;
  if (before.sequence !== after.sequence) return null;
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE);
  const isRight = (cap: Capacity['cap'], free: Capacity['cap'], spent: Capacity['cap']) => cap.minus(free).equals(spent);
  return (
    isRight(after.cap, after.free, used.total) &&
    isRight(after.capOfClass.stock, after.freeOfClass.stock, used.stock) &&
    isRight(after.capOfClass.crypto, after.freeOfClass.crypto, used.crypto)
  );
};

const audit = async (deps: VenueDeps, trace: TraceContext): Promise<void> => {
  const { before, slots, after } = await deps.store.audit(deps.account);
  if (addsUp(before, slots, after) !== false) return;
  const message = 'ANOMALY DETECTED: capacity does not add up';
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE);
  const fields = { cap: after?.cap.toFixed() ?? null, free: after?.free.toFixed() ?? null, used: used.total.toFixed() };
  deps.telemetry.record({ name: 'ANOMALY', level: 'ERROR', message, fields }, trace);
  deps.telemetry.count('anomaly_detected_total', 1, { kind: 'CAPACITY' });
};

type Step = (deps: VenueDeps, trace: TraceContext, attempts: Attempts) => Promise<unknown>;

const readBook = (deps: VenueDeps): Promise<Snapshot> => deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });

const resolveOverdue: Step = async (deps, trace, attempts) => {
  for (const action of await deps.store.openActions(deps.account)) {
    await attempts.run(() => ringOverdue(deps, action, trace));
  }
};

const sweepBook: Step = async (deps, trace) => {
  const book = await readBook(deps);
  await sweepHalted(deps, book, trace);
  await sweepExpiry(deps, book, trace);
};

/** What needs no venue comes first: a venue that hangs may use up the time of all that follows. */
const STEPS: readonly Step[] = [
  sweepBook,
  readEquity,
  readMarkets,
  resolveOverdue,
  reconcileOrders,
  audit,
];

/**
 * Reconciles an account: halts and expiries, equity and the cap, the venue's rules, overdue actions and unknown
 * outcomes, every live order, and the sum of the room. It stops before the deadline; the next run carries on.
 * @throws the first failure that is ours and not the venue's, once everything else has had its turn
 */
export const reconcile = async (
  deps: VenueDeps,
  trace: TraceContext,
  options: { readonly deadline?: number } = {},
): Promise<void> => {
  const attempts = createAttempts(deps, trace, options.deadline);
  for (const step of STEPS) await attempts.run(() => step(deps, trace, attempts));
  attempts.finish();
};

