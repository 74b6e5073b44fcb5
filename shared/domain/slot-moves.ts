// The moves a slot makes, each a pure function; decisions put them together.
import type { Context } from './context.ts';
import { ZERO, sum } from './decimal.ts';
import type { Change, OrderRecord } from './decision.ts';
import { tradingDay } from './market-hours.ts';
import { planCancel } from './new-order.ts';
import type { FillPart } from './order-progress.ts';
import type { Reported } from './reported.ts';
import type { Amendment, CancelReason, Entry, Lot, Order, PendingPlan, Position, Slot, SlotRef } from './slot.ts';
import type { AssetClass } from './watch.ts';

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
  attempts: { day: '', count: 0, refused: 0 },
  lastStolen: null,
});

/** Ends the entry of a slot; a plan that came meanwhile is applied now (WS-8), and its room is nobody's any more. */
export const endEntry = (slot: Slot): Slot => {
  const free: Slot = { ...slot, entry: { status: 'NONE' }, pending: null };
  if (slot.pending === null) return free;
  const watch = slot.pending.kind === 'WATCH' ? slot.pending.watch : null;
  return { ...free, watch, watchVersion: slot.watchVersion + 1 };
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

/** The counters of a slot's trading day, begun anew when the day has changed (EW-6). */
export const attemptsOn = (slot: Slot, context: Context): Slot['attempts'] => {
  const day = tradingDay(slot.assetClass, context.now, context.calendar);
  return slot.attempts.day === day ? slot.attempts : { day, count: 0, refused: 0 };
};

const lotOf = (part: FillPart): Lot => ({
  tradeId: part.tradeId,
  price: part.price,
  quantity: part.counted,
  at: part.at,
});

/** When a position began: at its first fill, told however late, within what we know of its order and our clock. */
const filledAt = (record: OrderRecord, lots: readonly Lot[], context: Context): number => {
  const told = Math.min(context.now, ...lots.map((lot) => lot.at));
  return Math.max(told, Math.min(record.order.createdAt, context.now));
};

const grownPosition = (slot: Slot, record: OrderRecord, lots: readonly Lot[], context: Context): Position => {
  const { position, watch } = slot;
  if (position.status !== 'FLAT') return { ...position, lots: [...position.lots, ...lots] };
  return {
    status: 'OPEN',
    side: record.order.side,
    lots,
    openedAt: filledAt(record, lots, context),
    mode: watch?.mode ?? record.mode,
    rules: watch?.exit ?? record.rules,
    stop: { status: 'NONE' },
    exitFailures: 0,
  };
};

/** An order's new fills, with the order as it was before them. */
export type Filled = Pick<Reported, 'record' | 'before' | 'parts'>;

/** Adds an entry's fills to the position; an entry counts as an attempt at its first fill (SL-2, EW-6). */
export const addFills = (slot: Slot, filled: Filled, context: Context): Slot => {
  const { record, before, parts } = filled;
  const lots = parts.filter((part) => part.counted.greaterThan(0)).map(lotOf);
  if (lots.length === 0) return slot;
  const attempts = attemptsOn(slot, context);
  const count = before.filledQuantity.isZero() ? attempts.count + 1 : attempts.count;
  return {
    ...slot,
    attempts: { ...attempts, count },
    position: grownPosition(slot, record, lots, context),
  };
};

const takeFromLots = (lots: readonly Lot[], quantity: FillPart['counted']): readonly Lot[] => {
  let left = quantity;
  return lots.flatMap((lot) => {
    const taken = lot.quantity.lessThan(left) ? lot.quantity : left;
    left = left.minus(taken);
    const rest = lot.quantity.minus(taken);
    return rest.isZero() ? [] : [{ ...lot, quantity: rest }];
  });
};

/** Takes an exit's fills out of the position, first in, first out; a position without lots is flat. */
export const takeFills = (slot: Slot, parts: readonly FillPart[]): Slot => {
  const { position } = slot;
  const sold = sum(parts.map((part) => part.counted));
  if (position.status === 'FLAT' || sold.lessThanOrEqualTo(ZERO)) return slot;
  return { ...slot, position: { ...position, lots: takeFromLots(position.lots, sold) } };
};

/** The order of an entry, null where it has none at the venue. */
export const orderOf = (entry: Entry): Order | null =>
  entry.status === 'NONE' || entry.status === 'WAITING' ? null : entry.order;
