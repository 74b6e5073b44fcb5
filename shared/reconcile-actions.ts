// Rings again for what was planned and not done, and finds out what became of what was sent (EX-9).
import { ringAction } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import { isYoung } from './domain/reconcile-state.ts';
import type { ReconcileRun } from './reconcile-run.ts';
import { resolveAction } from './resolve-action.ts';

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

/** Sees to every action that is overdue; a young one is on its way. */
export const resolveOverdue = async (run: ReconcileRun): Promise<void> => {
  const { deps, attempts } = run;
  for (const action of await deps.store.openActions(deps.account)) {
    if (!isYoung(action.sentAt ?? action.plannedAt, deps.clock.now())) await attempts.run(() => seeTo(run, action));
  }
  run.settle('ACTION');
};
