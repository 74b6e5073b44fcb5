// Asks whether the room adds up (WS-2, SL-13).
import { anomaly } from './domain/anomaly.ts';
import type { Capacity, KillState, KillSwitch } from './domain/account.ts';
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

const KILL_LEVELS: Readonly<Record<KillState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

const strongestKill = ({ account, stock, crypto, symbols }: KillSwitch): number =>
  Math.max(...[account, stock, crypto, ...Object.values(symbols)].map((state) => KILL_LEVELS[state]));

/** How the account stands (EX-12), once a run: what of the cap is in use, its kill switch, its equity and what the day has made of it. */
const tellAccount = ({ telemetry }: ReconcileRun['deps'], capacity: Capacity | null): void => {
  if (capacity === null) return;
  const { cap, free, equity, day, kill } = capacity;
  // More than all of the cap is in use where fills or a lower equity have it so.
  if (cap.greaterThan(0)) telemetry.count('capacity_used_ratio', cap.minus(free).dividedBy(cap).toDecimalPlaces(RATIO_PLACES).toNumber());
  telemetry.count('kill_switch_state', strongestKill(kill));
  telemetry.count('equity', equity.toNumber());
  if (day !== null) telemetry.count('pnl_day', equity.minus(day.equity).toNumber());
};

/** Audits the ledger against the slots, and raises an anomaly where it does not add up. */
export const auditCapacity = async ({ deps, trace }: ReconcileRun): Promise<void> => {
  const { before, slots, after } = await deps.store.audit(deps.account);
  tellAccount(deps, after);
  if (addsUp(before, slots, after) !== false) return;
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE);
  const fields = { cap: after?.cap.toFixed() ?? null, free: after?.free.toFixed() ?? null, used: used.total.toFixed() };
  const { notes } = anomaly({ kind: 'CAPACITY', at: null, message: 'capacity does not add up', fields }, { capacity: after });
  for (const told of notes) deps.telemetry.record(told, trace);
};
