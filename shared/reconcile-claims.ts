// Gives back room that nothing else would (SL-11): claims that were never sent, steals that nobody yields to.
import { applyEvent } from './apply-event.ts';
import { expiredClaims, orphanedClaims } from './domain/reconcile-claims.ts';
import { healed } from './domain/reconcile-healing.ts';
import { readSlots } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';

/** Heals expired claims and orphaned reservations, each told with its reason and counted. */
export const healClaims = async ({ deps, trace, attempts }: ReconcileRun): Promise<void> => {
  for (const event of expiredClaims(await deps.store.openActions(deps.account), deps.clock.now())) {
    await attempts.run(async () => {
      const { kind, snapshot } = await applyEvent(deps, event, trace);
      const symbol = snapshot.orders.get(event.clientOrderId)?.ref.symbol ?? '';
      const told = healed('CLAIM_EXPIRED', symbol, 'an entry never sent is given up', { clientOrderId: event.clientOrderId });
      if (kind === 'COMMITTED') deps.telemetry.record(told, trace);
    });
  }
  const slots = await readSlots(deps);
  for (const event of orphanedClaims(slots)) await attempts.run(() => applyEvent(deps, event, trace));
};
