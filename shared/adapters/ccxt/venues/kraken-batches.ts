// Several orders at Kraken: placed pair by pair, two to fifteen; cancelled whatever their pairs, up to fifty, of which it says
// how many. One order that is not valid has the whole batch refused. (Add Order Batch and Cancel Order Batch of its documentation.)
import * as z from 'zod';
import type { BatchPart, BatchWays } from '../dialect.ts';
import { orderArguments } from '../dialect-parts.ts';

const placed = z.object({ result: z.object({ orders: z.array(z.object({ txid: z.string().optional(), error: z.string().optional() })) }) });

export const krakenBatches: BatchWays = {
  mostPlaced: 15,
  mostCancelled: 50,
  // ccxt drops what is not its own of a batch, and an iceberg with it.
  leavesOut: ({ intent }) => intent.shown !== null,
  oneSymbol: { place: true, cancel: false },
  // "The order of returned orders in the response array is the same as the order of the order list sent in request."
  inOrder: true,
  place: (orders) => ['createOrders', orders.map(orderArguments)],
  cancel: async (_ask, orders) => ({ call: ['privatePostCancelOrderBatch', { cl_ord_ids: orders.map(({ id }) => id) }], names: null }),
  partsOf: (body) => placed.safeParse(body).data?.result.orders.map(partOf) ?? null,
};

function partOf({ txid, error }: { readonly txid?: string | undefined; readonly error?: string | undefined }): BatchPart {
  const body = error === undefined ? { error: [], result: { txid: [txid] } } : { error: [error] };
  return { id: null, exchangeOrderId: txid ?? null, body, status: 200 };
}
