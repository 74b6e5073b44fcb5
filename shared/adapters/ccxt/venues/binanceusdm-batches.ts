// Several orders at Binance's USD-margined futures: placed whatever their symbols, cancelled symbol by symbol. Stops are in
// another service, which has no such calls. (Place Multiple Orders and Cancel Multiple Orders of the venue's documentation.)
import * as z from 'zod';
import type { BatchWays } from '../dialect.ts';
import { orderArguments } from '../dialect-parts.ts';

const parts = z.array(z.looseObject({ clientOrderId: z.string().optional(), code: z.number().int().optional(), orderId: z.union([z.string(), z.int()]).transform(String).optional() }));

export const binanceusdmBatches: BatchWays = {
  mostPlaced: 5,
  mostCancelled: 10,
  leavesOut: ({ intent }) => intent.stopPrice !== null,
  oneSymbol: { place: false, cancel: true },
  // "The order of returned contents for batch orders is the same as the order of the order list." Errors name nobody.
  inOrder: true,
  place: (orders) => ['createOrders', orders.map(orderArguments)],
  cancel: async (_ask, orders) => ({ call: ['cancelOrders', [], orders[0]?.symbol, { clientOrderIds: orders.map(({ id }) => id) }], names: null }),
  partsOf: (body) => parts.safeParse(body).data?.map((part) => ({ id: part.clientOrderId ?? null, exchangeOrderId: part.orderId ?? null, body: part, status: part.code === undefined ? 200 : 400 })) ?? null,
};
