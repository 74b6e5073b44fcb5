// Several orders at Bybit, whatever their symbols, stops among them. What was done is in one list, and how it went in another
// beside it. (Batch Place Order and Batch Cancel Order of its documentation.)
import * as z from 'zod';
import type { BatchPart, BatchWays } from '../dialect.ts';
import { orderArguments } from '../dialect-parts.ts';

const item = z.object({ orderId: z.string().default(''), orderLinkId: z.string().default('') });
const answer = z.object({
  retCode: z.literal(0),
  result: z.object({ list: z.array(item) }),
  retExtInfo: z.object({ list: z.array(z.object({ code: z.number().int(), msg: z.string().default('') })) }),
});

export const bybitBatches: BatchWays = {
  mostPlaced: 20,
  mostCancelled: 20,
  leavesOut: () => false,
  oneSymbol: { place: false, cancel: false },
  // "The structure of the two lists are completely consistent."
  inOrder: true,
  place: (orders) => ['createOrders', orders.map(orderArguments)],
  cancel: async (_ask, orders) => ({ call: ['cancelOrdersForSymbols', orders.map(({ id, symbol }) => ({ clientOrderId: id, symbol }))], names: null }),
  partsOf: (body) => {
    const { data } = answer.safeParse(body);
    if (data === undefined || data.result.list.length !== data.retExtInfo.list.length) return null;
    return data.result.list.map((one, index) => partOf(one, data.retExtInfo.list[index]));
  },
};

function partOf({ orderId, orderLinkId }: z.infer<typeof item>, went: { readonly code: number; readonly msg: string } | undefined): BatchPart {
  return {
    id: orderLinkId === '' ? null : orderLinkId,
    exchangeOrderId: orderId === '' ? null : orderId,
    body: { retCode: went?.code ?? 0, retMsg: went?.msg ?? '', result: { orderId, orderLinkId } },
    status: 200,
  };
}
