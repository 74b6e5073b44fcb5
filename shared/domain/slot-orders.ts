// The orders that a slot holds, each with the place it stands in.
import type { Entry, Order, Position, Slot, Stop } from './slot.ts';

export type OrderPlace = 'ENTRY' | 'EXIT' | 'SLICE' | 'STOP' | 'FORMER_STOP';

/** An order that a slot holds, and where. */
export interface PlacedOrder {
  readonly place: OrderPlace;
  readonly order: Order;
}

/** The order of an entry, null where it has none at the venue. */
export const orderOf = (entry: Entry): Order | null =>
  entry.status === 'NONE' || entry.status === 'WAITING' ? null : entry.order;

/** The stop of a position; null where nothing of ours is held. */
export const stopOf = (position: Position): Stop | null =>
  position.status === 'FLAT' || position.status === 'FOREIGN' ? null : position.stop;

/** The slice of a reduction that is out (EX-1); null where none is. */
export const sliceOf = (position: Position): Order | null => {
  if (position.status === 'FLAT' || position.status === 'FOREIGN') return null;
  const step = position.reduction?.step;
  return step?.status === 'SELLING' ? step.order : null;
};

const ordersOfStop = (stop: Stop | null): readonly PlacedOrder[] => {
  if (stop === null || stop.status === 'NONE' || stop.status === 'WATCHED') return [];
  const former: readonly PlacedOrder[] = stop.former === null ? [] : [{ place: 'FORMER_STOP', order: stop.former.order }];
  return [{ place: 'STOP', order: stop.order }, ...former];
};

/** Every order that a slot holds (SL-15: at most one in each place). */
export const ordersIn = ({ entry, position }: Slot): readonly PlacedOrder[] => {
  const order = orderOf(entry);
  const slice = sliceOf(position);
  return [
    ...(order === null ? [] : [{ place: 'ENTRY', order } as const]),
    ...(position.status === 'EXITING' ? [{ place: 'EXIT', order: position.exit } as const] : []),
    ...(slice === null ? [] : [{ place: 'SLICE', order: slice } as const]),
    ...ordersOfStop(stopOf(position)),
  ];
};

/** Where an order stands in its slot; null once it has left it. */
export const placeIn = (slot: Slot, clientOrderId: string): OrderPlace | null =>
  ordersIn(slot).find(({ order }) => order.clientOrderId === clientOrderId)?.place ?? null;
