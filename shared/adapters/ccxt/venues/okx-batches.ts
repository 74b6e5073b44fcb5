// Several orders at OKX, whatever their symbols; each part of the answer has our id. Stops are in another service, of which
// the call knows nothing. (Place multiple orders and Cancel multiple orders of its documentation.)
import * as z from 'zod';
import type { BatchPart, BatchWays } from '../dialect.ts';
import { orderArguments } from '../dialect-parts.ts';

const item = z.object({ clOrdId: z.string().default(''), ordId: z.string().default(''), sCode: z.string(), sMsg: z.string().default('') });
const answer = z.object({ data: z.array(item).min(1) });

export const okxBatches: BatchWays = {
  mostPlaced: 20,
  mostCancelled: 20,
  leavesOut: ({ intent }) => intent.stopPrice !== null,
  oneSymbol: { place: false, cancel: false },
  inOrder: false,
  place: (orders) => ['createOrders', orders.map(orderArguments)],
  cancel: async (_ask, orders) => ({ call: ['cancelOrdersForSymbols', orders.map(({ id, symbol }) => ({ clientOrderId: id, symbol }))], names: null }),
  partsOf: (body) => answer.safeParse(body).data?.data.map(partOf) ?? null,
};

function partOf(one: z.infer<typeof item>): BatchPart {
  return {
    id: one.clOrdId === '' ? null : one.clOrdId,
    exchangeOrderId: one.ordId === '' ? null : one.ordId,
    body: { code: one.sCode === '0' ? '0' : '1', msg: '', data: [one] },
    status: 200,
  };
}
