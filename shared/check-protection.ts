// Looks some seconds after a fill whether its position is protected, and asks the venue at once where it is not (SL-7).
import { applyEvent } from './apply-event.ts';
import { placeActionId } from './domain/action.ts';
import { slotKey } from './domain/decision.ts';
import { isAcknowledged } from './domain/order-progress.ts';
import type { Order, Slot } from './domain/slot.ts';
import { performAction } from './perform-action.ts';
import type { TraceContext } from './ports.ts';
import { resolveAction } from './resolve-action.ts';
import type { VenueDeps } from './shell-deps.ts';
import { WATCHDOG_SECONDS, ringWatchdog } from './watchdog.ts';

/** Together with the first look this is past the longest time that a position may be without a stop (SL-13). */
const MOST_LOOKS = 7;
/** What a look-up sends for later is this look's own to see to. */
const LAST_HOP = 10;

export interface ProtectionTarget {
  readonly symbol: string;
  readonly slot: string;
  readonly hop: number;
}

/** The stop that has yet to be confirmed; null where all is well or nothing can be asked. */
const unconfirmed = (slot: Slot | undefined): Order | null => {
  if (slot?.position.status !== 'OPEN' || slot.position.stop.status !== 'PLACED') return null;
  const { order } = slot.position.stop;
  return isAcknowledged(order.status) ? null : order;
};

const isUncovered = (slot: Slot | undefined): boolean =>
  slot?.position.status === 'OPEN' && (slot.position.unprotectedSince !== null || slot.position.stop.status === 'NONE');

const see = async (deps: VenueDeps, target: ProtectionTarget): Promise<Slot | undefined> => {
  const ref = { symbol: target.symbol, slot: target.slot };
  const snapshot = await deps.store.load(deps.account, { kind: 'SLOT', ref });
  return snapshot.slots.get(slotKey(ref));
};

/** An action whose ring was lost is carried out now; one whose answer was lost is looked up. */
const pursue = async (deps: VenueDeps, order: Order, symbol: string, trace: TraceContext): Promise<void> => {
  const actionId = placeActionId(order.clientOrderId);
  const action = await deps.store.findAction(deps.account, actionId);
  if (action?.state === 'PLANNED') await performAction(deps, actionId, trace);
  else await resolveAction(deps, { actionId, symbol, hop: LAST_HOP }, trace);
};

/**
 * Checks one position (SL-7): plans a stop where there is none, pursues one that is not confirmed, and looks again until
 * it is covered or a person was told.
 * @throws VenueReadError when the venue gives no answer that can be read
 */
export const checkProtection = async (deps: VenueDeps, target: ProtectionTarget, trace: TraceContext): Promise<void> => {
  const ref = { symbol: target.symbol, slot: target.slot };
  await applyEvent(deps, { type: 'SLOT_CHECKED', ref }, trace);
  const order = unconfirmed(await see(deps, target));
  if (order !== null) await pursue(deps, order, target.symbol, trace);
  if (target.hop >= MOST_LOOKS || !isUncovered(await see(deps, target))) return;
  await ringWatchdog(deps, { ...target, hop: target.hop + 1 }, trace, WATCHDOG_SECONDS);
};
