// Asks whether the room adds up (WS-2, SL-13).
import { anomaly } from './domain/anomaly.ts';
import type { Capacity } from './domain/account.ts';
import { addRoom, NO_MOVE, usedBy } from './domain/room.ts';
import type { Slot } from './domain/slot.ts';
import type { ReconcileRun } from './reconcile-run.ts';

const RATIO_PLACES = 6;

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

/** What of the cap is in use (EX-12), once a run; more than all of it where fills or a lower equity have it so. */
const tellUsed = ({ telemetry }: ReconcileRun['deps'], capacity: Capacity | null): void => {
  if (capacity === null || !capacity.cap.greaterThan(0)) return;
  const ratio = capacity.cap.minus(capacity.free).dividedBy(capacity.cap).toDecimalPlaces(RATIO_PLACES);
  telemetry.count('capacity_used_ratio', ratio.toNumber());
};

/** Audits the ledger against the slots, and raises an anomaly where it does not add up. */
export const auditCapacity = async ({ deps, trace }: ReconcileRun): Promise<void> => {
  const { before, slots, after } = await deps.store.audit(deps.account);
  tellUsed(deps, after);
  if (addsUp(before, slots, after) !== false) return;
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE);
  const fields = { cap: after?.cap.toFixed() ?? null, free: after?.free.toFixed() ?? null, used: used.total.toFixed() };
  const { notes } = anomaly({ kind: 'CAPACITY', at: null, message: 'capacity does not add up', fields }, { capacity: after });
  for (const told of notes) deps.telemetry.record(told, trace);
};
