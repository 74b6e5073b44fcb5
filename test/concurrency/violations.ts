// What must hold of an account at rest, read from the table and from the venue, not from what the code reported.
import type { Capacity } from '../../shared/domain/account.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { NO_MOVE, addRoom, heldQuantity, usedBy } from '../../shared/domain/room.ts';
import type { Order, Slot } from '../../shared/domain/slot.ts';
import { orderOf, ordersIn } from '../../shared/domain/slot-orders.ts';
import type { VenueOrder } from './venue.ts';
import { isLive } from './venue.ts';
import type { World } from './world.ts';

const unlike = (name: string, found: Decimal, expected: Decimal): readonly string[] =>
  found.equals(expected) ? [] : [`${name}: ${found.toFixed()} used by the ledger, ${expected.toFixed()} by the slots`];

/** WS-2: cap − free = Σ used, to the last digit, in all and by class. */
const ledger = (capacity: Capacity, slots: readonly Slot[]): readonly string[] => {
  const used = slots.map(usedBy).reduce(addRoom, NO_MOVE);
  const { cap, free, capOfClass, freeOfClass } = capacity;
  return [
    ...unlike('capacity', cap.minus(free), used.total),
    ...unlike('capacity of stocks', capOfClass.stock.minus(freeOfClass.stock), used.stock),
    ...unlike('capacity of crypto', capOfClass.crypto.minus(freeOfClass.crypto), used.crypto),
  ];
};

/** No claim beyond the free room: cap and fills move it nowhere here, so only a claim can have brought it below 0. */
const beyondRoom = ({ free, freeOfClass }: Capacity): readonly string[] =>
  [free, freeOfClass.stock, freeOfClass.crypto]
    .filter((room) => room.lessThan(0))
    .map((room) => `claims beyond the free room: ${room.toFixed()}`);

/** WS-8: a thief waits for a victim that yields to it, and the other way round. */
const pairs = (slots: readonly Slot[]): readonly string[] =>
  slots.flatMap((slot) => {
    const { entry } = slot;
    if (entry.status === 'WAITING') {
      const victim = slots.find((other) => orderOf(other.entry)?.clientOrderId === entry.steal.victimClientOrderId);
      const isMutual = victim?.entry.status === 'YIELDING' && victim.entry.thief.symbol === slot.symbol;
      return isMutual ? [] : [`${slot.symbol} waits for a victim that does not yield to it`];
    }
    if (entry.status !== 'YIELDING') return [];
    const thief = slots.find((other) => other.symbol === entry.thief.symbol);
    return thief?.entry.status === 'WAITING' ? [] : [`${slot.symbol} yields to a thief that does not wait`];
  });

/** EW-6: a live entry stands at its watch's limit, unless a newer one waits for it. */
const leftLimits = (slots: readonly Slot[]): readonly string[] =>
  slots.flatMap(({ symbol, entry, watch, pending }) => {
    const isSettled = (entry.status === 'PLACING' || entry.status === 'WORKING') && pending === null;
    if (!isSettled || watch === null) return [];
    return entry.order.limit?.equals(watch.limit) === true ? [] : [`${symbol}: entry at a limit that its watch has left`];
  });

const bySymbol = (orders: Iterable<VenueOrder>): Map<string, readonly VenueOrder[]> => {
  const grouped = new Map<string, readonly VenueOrder[]>();
  for (const order of orders) grouped.set(order.symbol, [...(grouped.get(order.symbol) ?? []), order]);
  return grouped;
};

/** EW-6, SL-9: a slot whose entries were refused more often than they may be tried again rests until the next day. */
const restless = (world: World): readonly string[] =>
  [...bySymbol(world.venue.orders.values())].flatMap(([symbol, orders]) => {
    const { maxOrderRetries } = world.deps.settings;
    const entries = orders.filter((order) => order.isEntry);
    const before = (place: number): number => entries.slice(0, place).filter((order) => order.status === 'REJECTED').length;
    return entries.some((_, place) => before(place) > maxOrderRetries) ? [`${symbol}: entered although its refusals were used up`] : [];
  });

const venueKnows = (order: Order, world: World): boolean => world.venue.orders.has(order.clientOrderId);

/** Store and venue agree, order by order: what lives there lives in a slot, and what was bought is held. */
const agreement = (slots: readonly Slot[], world: World): readonly string[] => {
  const ours = slots.flatMap((slot) => ordersIn(slot).map(({ order }) => order)).filter((order) => venueKnows(order, world));
  const inSlots = new Set(ours.map((order) => order.clientOrderId));
  const strays = [...world.venue.orders.values()].filter((order) => isLive(order) && !inSlots.has(order.clientOrderId));
  const ended = ours.filter((order) => !isLive(world.venue.orders.get(order.clientOrderId) ?? never()));
  return [
    ...strays.map((order) => `${order.clientOrderId}: alive at the venue and in no slot`),
    ...ended.map((order) => `${order.clientOrderId}: in a slot and ended at the venue`),
    ...slots.flatMap((slot) => unlikeHeld(slot, world)),
  ];
};

const never = (): never => {
  throw new Error('looked for an order that is there');
};

const unlikeHeld = (slot: Slot, world: World): readonly string[] => {
  const bought = sum([...world.venue.orders.values()].filter((order) => order.isEntry && order.symbol === slot.symbol).map((order) => order.filled));
  const held = isHeld(slot.position) ? heldQuantity(slot.position.lots) : new Decimal(0);
  return held.equals(bought) ? [] : [`${slot.symbol}: ${bought.toFixed()} bought, ${held.toFixed()} held`];
};

/** Everything that is wrong while messages may still be waiting. */
export const violationsAtRest = async (world: World): Promise<readonly string[]> => {
  const { before, slots, after } = await world.deps.store.audit(world.deps.account);
  if (before === null || after === null) return ['the ledger is gone'];
  const moved = before.sequence === after.sequence ? [] : ['the ledger moved although nothing was under way'];
  return [
    ...moved,
    ...ledger(after, slots),
    ...beyondRoom(after),
    ...pairs(slots),
    ...leftLimits(slots),
    ...restless(world),
    ...world.venue.offences,
    ...world.offences,
  ];
};

/** Everything that is wrong once no message is waiting any more. */
export const violationsAtEnd = async (world: World): Promise<readonly string[]> => {
  const { slots } = await world.deps.store.audit(world.deps.account);
  const open = await world.deps.store.openActions(world.deps.account);
  const stuck = slots.filter(({ entry }) => entry.status !== 'NONE' && entry.status !== 'WORKING');
  return [
    ...(await violationsAtRest(world)),
    ...agreement(slots, world),
    ...open.map((action) => `${action.id}: never ended`),
    ...stuck.map((slot) => `${slot.symbol}: still ${slot.entry.status}`),
  ];
};
