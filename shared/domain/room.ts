// How much room each slot uses (WS-2). The ledger follows from the slots, so it cannot drift from them.
import { ZERO, max, sum } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { RoomMove } from './decision.ts';
import type { Amendment, Entry, Lot, Order, Position, Slot } from './slot.ts';
import type { AssetClass } from './watch.ts';

export const NO_MOVE: RoomMove = { total: ZERO, stock: ZERO, crypto: ZERO };

/** Quantity of an order that has not filled. */
export const remainingQuantity = (order: Order): Decimal => max(ZERO, order.quantity.minus(order.filledQuantity));

/** The price an order reserves room at: its limit or, of a stop entry, the price it waits for (WS-2); zero for a market order. */
export const priceOf = (order: Pick<Order, 'limit' | 'stopPrice'>): Decimal => order.limit ?? order.stopPrice ?? ZERO;

/** Remaining notional of an order at its price, quote currency; an order without one reserves nothing itself. */
export const remainingNotional = (order: Order): Decimal => remainingQuantity(order).times(priceOf(order));

/** Σ price × quantity of the open lots, never an average (WS-2). */
export const lotsNotional = (lots: readonly Lot[]): Decimal => sum(lots.map((lot) => lot.price.times(lot.quantity)));

/** Σ quantity of the open lots. */
export const heldQuantity = (lots: readonly Lot[]): Decimal => sum(lots.map((lot) => lot.quantity));

const workingRoom = (order: Order, amendment: Amendment | null): Decimal => {
  const now = remainingNotional(order);
  if (amendment === null) return now;
  return max(now, max(ZERO, amendment.quantity.minus(order.filledQuantity)).times(priceOf(amendment)));
};

/** Room an entry reserves, total and in its own class; they differ only while it waits for a steal (WS-8). */
export const roomOfEntry = (entry: Entry): { readonly total: Decimal; readonly ofClass: Decimal } => {
  const same = (room: Decimal) => ({ total: room, ofClass: room });
  switch (entry.status) {
    case 'NONE':
      return same(ZERO);
    case 'WAITING':
      return { total: entry.hold, ofClass: entry.classHold };
    case 'PLACING':
    case 'YIELDING':
      return same(remainingNotional(entry.order));
    case 'WORKING':
    case 'CANCELLING':
      return same(workingRoom(entry.order, entry.amendment));
    default:
      return unreachable(entry);
  }
};

const roomOfPosition = (position: Position): Decimal => {
  if (position.status === 'FLAT') return ZERO;
  if (position.status === 'FOREIGN') return position.quantity.abs().times(position.averagePrice);
  return lotsNotional(position.lots);
};

/** Everything a slot uses: its open lots and what its entry reserves (WS-2). */
export const usedBy = (slot: Slot): RoomMove => {
  const entry = roomOfEntry(slot.entry);
  const position = roomOfPosition(slot.position);
  return inClass(slot.assetClass, entry.total.plus(position), entry.ofClass.plus(position));
};

/** Room of one class with its total. */
export const inClass = (assetClass: AssetClass, total: Decimal, ofClass: Decimal): RoomMove =>
  assetClass === 'stock' ? { total, stock: ofClass, crypto: ZERO } : { total, stock: ZERO, crypto: ofClass };

/** Adds two moves of room. */
export const addRoom = (a: RoomMove, b: RoomMove): RoomMove => ({
  total: a.total.plus(b.total),
  stock: a.stock.plus(b.stock),
  crypto: a.crypto.plus(b.crypto),
});

/** The difference between what a slot used before and after. */
export const moveBetween = (before: Slot | null, after: Slot): RoomMove => {
  const used = usedBy(after);
  const was = before === null ? NO_MOVE : usedBy(before);
  return {
    total: used.total.minus(was.total),
    stock: used.stock.minus(was.stock),
    crypto: used.crypto.minus(was.crypto),
  };
};

/** Tells whether a move moves anything. */
export const isNoMove = (move: RoomMove): boolean => move.total.isZero() && move.stock.isZero() && move.crypto.isZero();

/** Marks a switch as complete: a new case without a branch does not compile. */
export const unreachable = (value: never): never => {
  throw new Error(`a case was not handled: ${JSON.stringify(value)}`);
};
