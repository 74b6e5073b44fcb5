// Every order that lives, with what it keeps and whether its room may be taken.
import type { OrdersAnswer } from './answers.ts';
import { readBook, secondsSince } from './read-book.ts';
import { toPlain } from '../domain/decimal.ts';
import { distanceOf } from '../domain/distance.ts';
import type { Known } from '../domain/explain-words.ts';
import { isFinal } from '../domain/order-lifecycle.ts';
import { protectionOf } from '../domain/protection.ts';
import { remainingNotional } from '../domain/room.ts';
import type { Order, Slot } from '../domain/slot.ts';
import { ordersIn } from '../domain/slot-orders.ts';
import { stealCandidates } from '../domain/steal-candidates.ts';
import type { ShellDeps } from '../shell-deps.ts';

const NOBODY = '';

// An order is protected from whoever comes: only that it is the thief's own symbol depends on the thief.
const protectionsIn = ({ snapshot, context }: Known): ReadonlyMap<string, string | null> =>
  new Map(stealCandidates(snapshot).map((order) => [order.clientOrderId, protectionOf(NOBODY, order, context.settings, context.now)]));

const rowOf = (slot: Slot, order: Order, { known, protections }: { known: Known; protections: ReadonlyMap<string, string | null> }): OrdersAnswer['orders'][number] => {
  const { snapshot, context } = known;
  const price = order.limit ?? order.stopPrice;
  const away = distanceOf(price, snapshot.board.quotes[slot.symbol] ?? null, context.now, context.settings);
  const protectedBy = protections.get(order.clientOrderId);
  return {
    symbol: slot.symbol,
    slot: slot.slot,
    purpose: order.purpose,
    side: order.side,
    quantity: toPlain(order.quantity),
    filled: toPlain(order.filledQuantity),
    price: price === null ? null : toPlain(price),
    notional: toPlain(remainingNotional(order)),
    distance: away === null ? null : toPlain(away.toSignificantDigits(12)),
    ageSeconds: secondsSince(order.createdAt, context.now),
    status: order.status,
    clientOrderId: order.clientOrderId,
    protectedBy: protectedBy === undefined ? 'EXIT' : protectedBy,
  };
};

/** Tells the orders that are planned or live; WS-3 says what protects an entry. */
export const tellOrders = async (deps: ShellDeps): Promise<OrdersAnswer> => {
  const known = await readBook(deps);
  const protections = protectionsIn(known);
  const orders = [...known.snapshot.slots.values()].flatMap((slot) =>
    ordersIn(slot).filter(({ order }) => !isFinal(order.status)).map(({ order }) => rowOf(slot, order, { known, protections })),
  );
  return { kind: 'ORDERS', at: known.context.now, orders };
};
