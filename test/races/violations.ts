// What a race has cost, read from the table and from the venue once everything under way has come to its end.
import { StoredItemError } from '../../shared/adapters/dynamo/item-reader.ts';
import type { Decimal } from '../../shared/domain/decimal.ts';
import { max, sum } from '../../shared/domain/decimal.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { NO_MOVE, addRoom, heldQuantity, usedBy } from '../../shared/domain/room.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { ordersIn } from '../../shared/domain/slot-orders.ts';
import { ACCOUNT, d } from '../support/builders.ts';
import type { VenueOrder } from '../support/memory-venue.ts';
import { filledOf } from '../support/memory-venue.ts';
import type { RaceWorld } from './race-world.ts';

const ZERO = d(0);

const restOf = (order: VenueOrder): Decimal => (isLive(order.status) ? order.quantity.minus(filledOf(order)) : ZERO);

interface Traded {
  readonly symbol: string;
  readonly slot: Slot | undefined;
  readonly orders: readonly VenueOrder[];
  /** Units at the venue, negative when short. */
  readonly held: Decimal;
}

const symbolsOf = ({ venue }: RaceWorld, slots: readonly Slot[]): readonly Traded[] =>
  slots.map((slot) => {
    const orders = [...venue.orders.values()].filter((order) => order.symbol === slot.symbol);
    return { symbol: slot.symbol, slot, orders, held: venue.held(slot.symbol) };
  });

/** Units that an account may buy of a symbol in a race, all its entries together. */
export type MostBought = Readonly<Record<string, number>>;

const entered = ({ symbol, orders }: Traded, most: MostBought): readonly string[] => {
  const bought = sum(orders.filter((order) => order.side === 'buy').map((order) => filledOf(order).plus(restOf(order))));
  const allowed = most[symbol] ?? 10;
  return bought.greaterThan(allowed) ? [`entered twice: ${bought.toFixed()} ${symbol} bought or on order where ${allowed} may be`] : [];
};

const short = ({ symbol, held }: Traded): readonly string[] => (held.isNegative() && !held.isZero() ? [`short: ${held.toFixed()} ${symbol}`] : []);

const miscounted = ({ symbol, slot, held }: Traded): readonly string[] => {
  const book = slot !== undefined && isHeld(slot.position) ? heldQuantity(slot.position.lots) : ZERO;
  return book.equals(held) ? [] : [`fill counted twice or not at all: ${held.toFixed()} ${symbol} at the venue, ${book.toFixed()} in the book`];
};

const sellsOf = ({ orders }: Traded): readonly VenueOrder[] => orders.filter((order) => order.side === 'sell' && isLive(order.status));

const naked = (at: Traded): readonly string[] => {
  const known = new Set(at.slot === undefined ? [] : ordersIn(at.slot).map(({ order }) => order.clientOrderId));
  const sells = sellsOf(at);
  const strays = sells.filter((order, place) => !known.has(order.clientOrderId) || sells.findIndex((other) => other.clientOrderId === order.clientOrderId) !== place);
  return strays.map((order) => `naked stop: nobody knows of the sale of ${restOf(order).toFixed()} ${at.symbol} that rests at ${order.stopPrice?.toFixed() ?? 'market'}`);
};

const uncovered = (at: Traded): readonly string[] => {
  const bare = max(ZERO, at.held.minus(sum(sellsOf(at).map(restOf))));
  return bare.isZero() ? [] : [`unprotected: ${bare.toFixed()} ${at.symbol}`];
};

/** What no venue should be sent: one id more than once. */
const sentTwice = ({ venue }: RaceWorld): readonly string[] =>
  [...new Set(venue.departed.filter((id, place) => venue.departed.indexOf(id) !== place))].map((id) => `sent twice: ${id}`);

/** Two commits that each wrote a part of one slot may leave what nobody can read: then nobody protects it either. */
const readTable = async (world: RaceWorld) => {
  try {
    return await world.deps.store.audit(ACCOUNT);
  } catch (error) {
    if (error instanceof StoredItemError) return `nobody's any more: ${error.message}`;
    throw error;
  }
};

/** Everything a race must not cost, in the words of who pays for it. */
export const violationsOf = async (world: RaceWorld, most: MostBought): Promise<readonly string[]> => {
  const audited = await readTable(world);
  if (typeof audited === 'string') return [...world.offences, ...sentTwice(world), audited];
  const { slots, after } = audited;
  if (after === null) return ['the ledger is gone'];
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE).total;
  const spent = after.cap.minus(after.free);
  const symbols = symbolsOf(world, slots);
  return [
    ...world.offences,
    ...sentTwice(world),
    ...symbols.flatMap((at) => [...entered(at, most), ...short(at), ...miscounted(at), ...naked(at), ...uncovered(at)]),
    ...(after.free.isNegative() && !after.free.isZero() ? [`above cap by ${after.free.negated().toFixed()}`] : []),
    ...(spent.equals(used) ? [] : [`room moved twice: ${spent.toFixed()} taken in the ledger, ${used.toFixed()} used by the slots`]),
  ];
};
