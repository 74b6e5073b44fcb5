// Rings again for what was planned and not done, and finds out what became of what was sent (EX-9).
import { ringAction } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import type { Millis } from './domain/instant.ts';
import { isYoung } from './domain/reconcile-state.ts';
import type { ReconcileRun } from './reconcile-run.ts';
import { resolveAction } from './resolve-action.ts';
import type { VenueDeps } from './shell-deps.ts';

const MILLIS = 1000;

/** Look-ups by message have ended by then, so that reconcile asks itself and rings nobody. */
const LAST_HOP = 10;

/** A look-up without an answer is no sighting of an absence (SL-11). */
const forgetUnheard = (run: ReconcileRun, key: string, wasHeard: boolean): void => {
  if (!wasHeard) run.forget(key);
};

const resolve = async (run: ReconcileRun, action: Action): Promise<void> => {
  const key = `ACTION ${action.id}`;
  const wasHeard = run.see(key);
  const target = { actionId: action.id, symbol: action.ref.symbol, hop: wasHeard ? LAST_HOP : 0 };
  const resolved = await resolveAction(run.deps, target, run.trace).catch((error: unknown) => {
    forgetUnheard(run, key, wasHeard);
    throw error;
  });
  if (resolved === 'HELD') forgetUnheard(run, key, wasHeard);
};

const seeTo = async (run: ReconcileRun, action: Action): Promise<void> => {
  const { deps, trace } = run;
  if (action.state === 'SENT') return resolve(run, action);
  // FIFO drops a repeat of a message silently for five minutes: each ring is one of its own.
  await ringAction(deps, action, trace, { nonce: deps.ids.next() });
};

const oldest = (times: readonly Millis[], now: Millis): number => Math.max(0, ...times.map((time) => now - time)) / MILLIS;

/** How long the oldest action waits to be sent, and how long the oldest that was sent waits for its outcome (EX-9, EX-12). */
const tellOldest = ({ telemetry, clock }: VenueDeps, actions: readonly Action[]): void => {
  const sent = actions.filter(({ state }) => state === 'SENT').map(({ sentAt, plannedAt }) => sentAt ?? plannedAt);
  const planned = actions.filter(({ state }) => state === 'PLANNED').map(({ plannedAt }) => plannedAt);
  telemetry.count('oldest_planned_seconds', oldest(planned, clock.now()));
  telemetry.count('oldest_unknown_seconds', oldest(sent, clock.now()));
};

/** Sees to every action that is overdue; a young one is on its way. */
export const resolveOverdue = async (run: ReconcileRun): Promise<void> => {
  const { deps, attempts } = run;
  const actions = await deps.store.openActions(deps.account);
  tellOldest(deps, actions);
  for (const action of actions) {
    if (!isYoung(action.sentAt ?? action.plannedAt, deps.clock.now())) await attempts.run(() => seeTo(run, action));
  }
  run.settle('ACTION');
};
