// Looks at every slot of a book for what is due by time or by order of a person, and applies just that.
import { applyEvent, contextOf } from './apply-event.ts';
import { createAttempts } from './attempts.ts';
import { isHalted } from './domain/account.ts';
import { decide } from './domain/decide.ts';
import type { Snapshot } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
import { isHardLevel } from './domain/grid-gate.ts';
import { refOf } from './domain/new-order.ts';
import type { Slot } from './domain/slot.ts';
import { nettedIn } from './netted-symbols.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

// An unsent placement's action is not in a book, so only a read of its slot can tell whether it may be taken back.
const isWorthTrying = (deps: ShellDeps, slot: Slot, snapshot: Snapshot, event: Event): boolean =>
  slot.entry.status === 'PLACING' || decide(snapshot, event, contextOf(deps)).kind === 'COMMIT';

/** Applies an event to each slot for which it would change anything now; a slot that fails costs no other its turn. */
const sweep = async (
  deps: ShellDeps,
  snapshot: Snapshot,
  trace: TraceContext,
  eventOf: (slot: Slot) => Event | null,
): Promise<number> => {
  const attempts = createAttempts(deps, trace);
  let applied = 0;
  const apply = async (event: Event): Promise<void> => {
    const result = await applyEvent(deps, event, trace);
    if (result.kind === 'COMMITTED') applied += 1;
  };
  for (const slot of snapshot.slots.values()) {
    const event = eventOf(slot);
    if (event !== null && isWorthTrying(deps, slot, snapshot, event)) await attempts.run(() => apply(event));
  }
  attempts.finish();
  return applied;
};

/** Sees to everything that is due by time or price (EW-6, SL-3 to SL-7, WS-12). Returns for how many slots something was. */
export const sweepDue = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<number> =>
  sweep(deps, snapshot, trace, (slot) =>
    slot.entry.status === 'PLACING' && slot.position.status === 'FLAT' ? null : { type: 'SLOT_CHECKED', ref: refOf(slot) },
  );

/** Lets the parts of entries ask for room as they come due (EX-1), should no price have. Returns how many got it. */
export const sweepParts = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<number> =>
  sweep(deps, snapshot, trace, (slot) =>
    slot.parts !== null && slot.entry.status === 'NONE' && !isHardLevel(slot.watch) ? { type: 'ENTRY_WANTED', ref: refOf(slot), maySteal: false } : null,
  );

/** Has every position be closed without reduce-only whose symbol is traded on both sides (EX-5). Returns how many were not. */
export const sweepNetted = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext, netted = nettedIn(snapshot)): Promise<number> =>
  sweep(deps, snapshot, trace, (slot) => (netted.has(slot.symbol) ? { type: 'SLOT_NETTED', ref: refOf(slot) } : null));

/** Lets go of what counted for the last trading day (SL-1, SL-9). Returns for how many slots something did. */
export const sweepReset = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<number> =>
  sweep(deps, snapshot, trace, (slot) => ({ type: 'SLOT_RESET', ref: refOf(slot) }));

/** Ends watches whose time is over (EW-5); the table's TTL never does. Returns how many ended. */
export const sweepExpiry = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<number> =>
  sweep(deps, snapshot, trace, (slot) => (isExpired(slot, deps) ? { type: 'WATCH_EXPIRED', ref: refOf(slot) } : null));

/** Cancels entries of whatever is halted, symbol by symbol (KS-1). Returns how many cancels were planned. */
export const sweepHalted = (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<number> => {
  const { capacity } = snapshot;
  if (capacity === null) return Promise.resolve(0);
  return sweep(deps, snapshot, trace, (slot) =>
    isHalted(capacity.kill, slot.assetClass, slot.symbol) && (slot.entry.status === 'WORKING' || slot.entry.status === 'PLACING')
      ? { type: 'ENTRY_HALTED', ref: refOf(slot) }
      : null,
  );
};

const isExpired = (slot: Slot, deps: ShellDeps): boolean => slot.watch !== null && slot.watch.expiresAt <= deps.clock.now();
