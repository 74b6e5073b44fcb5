// What the venue has against what we have (SL-11), and everything that a lost message left undone.
import { applyEvent } from './apply-event.ts';
import type { Snapshot } from './domain/decision.ts';
import type { TraceContext } from './ports.ts';
import { resolveOverdue } from './reconcile-actions.ts';
import { auditCapacity } from './reconcile-audit.ts';
import { healClaims } from './reconcile-claims.ts';
import { reconcileOrders } from './reconcile-orders.ts';
import { reconcilePositions } from './reconcile-positions.ts';
import { beginRun } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';
import { reconcileTrades } from './reconcile-trades.ts';
import type { VenueDeps } from './shell-deps.ts';
import { settleRestore } from './restore.ts';
import { sweepDue, sweepExpiry, sweepHalted, sweepNetted, sweepParts } from './sweep-slots.ts';

const MARKETS_EVERY_MS = 3_600_000;
const MILLIS = 1000;

/** When this process last read each account's market list; a new process reads it once more. */
const marketsReadAt = new WeakMap<object, number>();

const readEquity = async ({ deps, trace }: ReconcileRun): Promise<void> => {
  const { equity, at } = await deps.exchange.equity();
  await applyEvent(deps, { type: 'EQUITY_READ', equity, at }, trace);
};

const readMarkets = async ({ deps }: ReconcileRun): Promise<void> => {
  const now = deps.clock.now();
  const last = marketsReadAt.get(deps);
  if (last !== undefined && now - last < MARKETS_EVERY_MS) return;
  await deps.store.saveMarkets(deps.account, await deps.exchange.markets());
  marketsReadAt.set(deps, now);
};

const readBook = ({ deps }: ReconcileRun): Promise<Snapshot> => deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });

const sweepBook = async (run: ReconcileRun): Promise<void> => {
  const { deps, trace, attempts } = run;
  const book = await readBook(run);
  for (const sweep of [sweepNetted, sweepHalted, sweepExpiry, sweepDue, sweepParts]) await attempts.run(() => sweep(deps, book, trace));
};

interface Step {
  readonly name: string;
  /** Where to begin again for it: itself, or what it rests on. */
  readonly resumeAt: string;
  readonly run: (run: ReconcileRun) => Promise<void>;
}

const step = (name: string, run: Step['run'], resumeAt = name): Step => ({ name, resumeAt, run });

/** What needs no venue comes first: a venue that hangs may use up the time of all that follows. */
const STEPS: readonly Step[] = [
  step('SWEEP', sweepBook),
  step('EQUITY', readEquity),
  step('MARKETS', readMarkets),
  step('ACTIONS', resolveOverdue),
  step('ORDERS', reconcileOrders),
  step('TRADES', reconcileTrades),
  // What orders and trades tell explains positions, and only what this very run has read of them counts.
  step('POSITIONS', reconcilePositions, 'ORDERS'),
  step('CLAIMS', healClaims),
  step('AUDIT', auditCapacity),
];

const stepsFrom = (name: string | null): readonly Step[] => {
  const place = Math.max(0, STEPS.findIndex((each) => each.name === name));
  return [...STEPS.slice(place), ...STEPS.slice(0, place)];
};

/** Runs step after step; returns the one to begin with next time, null when all had their turn. */
const runSteps = async (run: ReconcileRun): Promise<string | null> => {
  const steps = stepsFrom(run.before.resumeAt);
  for (const [place, { run: take, resumeAt }] of steps.entries()) {
    await run.attempts.run(() => take(run));
    if (run.attempts.left().skipped === 0) continue;
    // A step that had the time of a whole run and needs more gives way to the others.
    return resumeAt === run.before.resumeAt ? (steps[place + 1]?.name ?? null) : resumeAt;
  }
  return null;
};

const isWhole = (run: ReconcileRun): boolean => {
  const { skipped, failed } = run.attempts.left();
  return skipped + failed === 0 && run.hasRead('ORDERS') && run.hasRead('TRADES');
};

const tellAge = ({ deps, before, startedAt }: ReconcileRun): void => {
  if (before.at !== null) deps.telemetry.count('reconcile_age_seconds', (startedAt - before.at) / MILLIS);
};

/**
 * Reconciles an account: what is due, halts and expiries, equity and the cap, the venue's rules, overdue actions and
 * unknown outcomes, orders, trades, positions, claims left behind and the sum of the room. It stops before the deadline;
 * the next run begins where this one stopped.
 * @throws the first failure that is ours and not the venue's, once everything else has had its turn
 */
export const reconcile = async (
  deps: VenueDeps,
  trace: TraceContext,
  options: { readonly deadline?: number } = {},
): Promise<void> => {
  const run = await beginRun(deps, trace, options.deadline);
  tellAge(run);
  const resumeAt = await runSteps(run);
  await run.save({ resumeAt, at: isWhole(run) ? run.startedAt : run.before.at });
  await run.attempts.run(() => settleRestore(deps, run.restore, trace));
  run.attempts.finish();
};
