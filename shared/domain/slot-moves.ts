// The moves a slot makes, each a pure function; decisions put them together.
import type { Context } from './context.ts';
import { ZERO } from './decimal.ts';
import type { Change } from './decision.ts';
import { hoursOfSlot, marketDay } from './market-time.ts';
import { planCancel } from './new-order.ts';
import type { Amendment, CancelReason, Order, PendingPlan, Slot, SlotRef, Stop } from './slot.ts';
import type { AssetClass, Watch } from './watch.ts';

/** A slot that nothing has happened to. */
export const newSlot = (ref: SlotRef, assetClass: AssetClass): Slot => ({
  symbol: ref.symbol,
  slot: ref.slot,
  assetClass,
  revision: 0,
  fence: 0,
  watchVersion: 0,
  planVersions: {},
  watch: null,
  pending: null,
  entry: { status: 'NONE' },
  position: { status: 'FLAT' },
  parts: null,
  attempts: { day: '', count: 0, refused: 0 },
  lastStolen: null,
  dust: ZERO,
  triggered: null,
});

const triggerOf = (watch: Watch | null): string => (watch?.kind === 'stop' ? `${watch.side} ${watch.trigger.toFixed()}` : '');

/** Gives a slot another watch; what triggered the last one counts only where the trigger is the same (SL-1). */
export const watching = (slot: Slot, watch: Watch | null): Slot => ({
  ...slot,
  watch,
  triggered: triggerOf(slot.watch) === triggerOf(watch) ? slot.triggered : null,
});

/** Ends the entry of a slot; a plan that came meanwhile is applied now (WS-8), and its room is nobody's any more. */
export const endEntry = (slot: Slot): Slot => {
  const free: Slot = { ...slot, entry: { status: 'NONE' }, pending: null };
  if (slot.pending === null) return free;
  const watch = slot.pending.kind === 'WATCH' ? slot.pending.watch : null;
  return { ...watching(free, watch), watchVersion: slot.watchVersion + 1 };
};

export interface CancelTerms {
  readonly order: Order;
  readonly reason: CancelReason;
  readonly amendment: Amendment | null;
  readonly pending: PendingPlan | null;
}

/** Starts the cancel of a slot's live entry; its room returns only on the confirmation (EW-5). */
export const startCancel = (
  slot: Slot,
  terms: CancelTerms,
  context: Context,
): { readonly slot: Slot; readonly change: Change } => ({
  slot: {
    ...slot,
    pending: terms.pending ?? slot.pending,
    entry: { status: 'CANCELLING', order: terms.order, reason: terms.reason, amendment: terms.amendment, attempts: 1 },
  },
  change: planCancel(slot, terms.order, 1, context),
});

/** How many cancels were asked for an order that is on its way out; null where none is under way. */
export const cancelsAsked = ({ entry, position }: Slot, clientOrderId: string): number | null => {
  if (entry.status === 'YIELDING' || entry.status === 'CANCELLING') {
    if (entry.order.clientOrderId === clientOrderId) return entry.attempts;
  }
  const stop = position.status === 'FLAT' || position.status === 'FOREIGN' ? null : position.stop;
  const asked = stop === null ? 0 : cancelsOfStop(stop, clientOrderId);
  return asked === 0 ? null : asked;
};

const cancelsOfStop = (stop: Stop, clientOrderId: string): number => {
  if (stop.status !== 'PLACED' && stop.status !== 'CANCELLING') return 0;
  if (stop.status === 'CANCELLING' && stop.order.clientOrderId === clientOrderId) return stop.attempts;
  return stop.former?.order.clientOrderId === clientOrderId ? stop.former.attempts : 0;
};

/**
 * Counts one more cancel of an order that is being cancelled; null where its cancel is not wanted, or the slot has
 * another order by now, whose cancel it is not (SL-12).
 */
export const cancelledAgain = (slot: Slot, clientOrderId: string): { readonly slot: Slot; readonly attempt: number } | null => {
  const { entry, position } = slot;
  if ((entry.status === 'YIELDING' || entry.status === 'CANCELLING') && entry.order.clientOrderId === clientOrderId) {
    const attempt = entry.attempts + 1;
    return { slot: { ...slot, entry: { ...entry, attempts: attempt } }, attempt };
  }
  if (position.status === 'FLAT' || position.status === 'FOREIGN') return null;
  const counted = countedCancel(position.stop, clientOrderId);
  return counted === null ? null : { slot: { ...slot, position: { ...position, stop: counted.stop } }, attempt: counted.attempt };
};

const countedCancel = (stop: Stop, clientOrderId: string): { readonly stop: Stop; readonly attempt: number } | null => {
  if (stop.status === 'CANCELLING' && stop.order.clientOrderId === clientOrderId) {
    const attempt = stop.attempts + 1;
    return { stop: { ...stop, attempts: attempt }, attempt };
  }
  if (stop.status !== 'PLACED' && stop.status !== 'CANCELLING') return null;
  const { former } = stop;
  if (former === null || former.order.clientOrderId !== clientOrderId) return null;
  const attempt = former.attempts + 1;
  return { stop: { ...stop, former: { ...former, attempts: attempt } }, attempt };
};

/** The trading day of a slot's market (MH-3). */
export const dayOf = (slot: Slot, context: Context): string =>
  marketDay(hoursOfSlot(slot), context.now, context);

/** The counters of a slot's trading day, begun anew when the day has changed (EW-6). */
export const attemptsOn = (slot: Slot, context: Context): Slot['attempts'] => {
  const day = dayOf(slot, context);
  return slot.attempts.day === day ? slot.attempts : { day, count: 0, refused: 0 };
};
