// Several cancels at Coinbase, whatever their products, by its own ids, which the list of open orders tells for all of them
// at once. There is no call that places several. (Cancel Orders of its documentation.)
import * as z from 'zod';
import type { Ask, BatchWays, WireRef } from '../dialect.ts';
import type { UnifiedOrder } from '../unified.ts';

const answer = z.object({ results: z.array(z.looseObject({ order_id: z.string() })).min(1) });

/** Makes the batch calls over the list of open orders. */
export const coinbaseBatches = (listOpen: (ask: Ask) => Promise<readonly UnifiedOrder[]>): BatchWays => ({
  mostPlaced: 1,
  mostCancelled: 100,
  leavesOut: () => false,
  oneSymbol: { place: false, cancel: false },
  inOrder: false,
  place: null,
  cancel: async (ask, orders) => {
    const names = namesOf(await listOpen(ask), orders);
    return { call: ['cancelOrders', [...names.values()]], names };
  },
  partsOf: (body) => answer.safeParse(body).data?.results.map((part) => ({ id: part.order_id, exchangeOrderId: part.order_id, body: { results: [part] }, status: 200 })) ?? null,
});

function namesOf(open: readonly UnifiedOrder[], orders: readonly WireRef[]): ReadonlyMap<string, string> {
  const found = orders.flatMap(({ id, symbol }): (readonly [string, string])[] => {
    const order = open.find((one) => one.clientOrderId === id && one.symbol === symbol);
    return order === undefined || order.id === null ? [] : [[id, order.id]];
  });
  return new Map(found);
}
