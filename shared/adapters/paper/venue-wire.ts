// What goes over the wire between the paper venue and those who speak to it: decimals as text, times as milliseconds.
import * as z from 'zod';
import { DomainInputError, parseDecimal } from '../../domain/decimal.ts';
import { ORDER_STATUSES } from '../../domain/order-lifecycle.ts';

const anyDecimal = z.string().transform((text, context) => {
  try {
    return parseDecimal(text, 'number');
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof DomainInputError ? error.message : 'expected a decimal' });
    return z.NEVER;
  }
});
export const positiveDecimal = anyDecimal.refine((value) => value.greaterThan(0), 'expected a number above 0');
export const notNegative = anyDecimal.refine((value) => !value.isNegative(), 'expected a number of 0 or more');
export const millis = z.int().nonnegative();

const clientOrderId = z.string().regex(/^[A-Za-z0-9._:-]{1,36}$/, 'expected up to 36 letters, digits or . _ : -');

export const placeBody = z
  .strictObject({
    clientOrderId,
    symbol: z.string().min(1).max(32),
    side: z.enum(['buy', 'sell']),
    quantity: positiveDecimal,
    limit: positiveDecimal.nullable(),
    stopPrice: positiveDecimal.nullable().default(null),
    timeInForce: z.enum(['GTC', 'IOC', 'POST_ONLY']),
    shown: positiveDecimal.nullable().default(null),
    reduceOnly: z.boolean(),
  })
  .refine(({ limit, stopPrice }) => limit === null || stopPrice === null, 'expected a limit or a stop price, not both')
  .refine(({ limit, timeInForce }) => limit !== null || timeInForce !== 'POST_ONLY', 'expected a limit of an order that only rests')
  .refine(({ limit, shown, timeInForce }) => shown === null || (limit !== null && timeInForce !== 'IOC'), 'expected an iceberg to rest at a limit')
  .refine(({ quantity, shown }) => shown === null || shown.lessThanOrEqualTo(quantity), 'expected to show no more than the quantity');
/** The batch endpoint looks at each order by itself. */
export const placeBatchBody = z.strictObject({ orders: z.array(z.unknown()).min(1) });
export const cancelBatchBody = z.strictObject({ clientOrderIds: z.array(clientOrderId).min(1) });
export const amendBody = z
  .strictObject({ quantity: positiveDecimal, limit: positiveDecimal.nullable(), stopPrice: positiveDecimal.nullable().default(null) })
  .refine(({ limit, stopPrice }) => (limit === null) !== (stopPrice === null), 'expected a limit or a stop price, one of them');

const trade = z.object({
  tradeId: z.string().min(1),
  price: positiveDecimal,
  quantity: positiveDecimal,
  fee: z.object({ asset: z.string().min(1), amount: anyDecimal }).nullable(),
  liquidity: z.enum(['MAKER', 'TAKER']).nullable().default(null),
  at: millis,
});

/** An order as the venue reports it, in answers and in webhooks alike. */
export const orderReport = z.object({
  clientOrderId: z.string().min(1),
  exchangeOrderId: z.string().min(1).nullable(),
  symbol: z.string().min(1),
  status: z.enum(ORDER_STATUSES),
  filledQuantity: notNegative.nullable(),
  averagePrice: positiveDecimal.nullable(),
  quantity: positiveDecimal.nullable(),
  limit: positiveDecimal.nullable(),
  stopPrice: positiveDecimal.nullable(),
  refusal: z.string().min(1).nullable(),
  trades: z.array(trade),
  at: millis,
});
export const orderAnswer = z.object({ order: orderReport });

/** What a batch call came to: for each order, in their order, what a call of its own would have been answered. */
export const batchAnswer = z.object({ answers: z.array(z.object({ status: z.int(), body: z.unknown() })) });

/** A list that says how long it is: one that was cut on its way is not taken for a whole one. */
const CUT = 'expected as many as are counted';
const count = z.int().nonnegative();
export const ordersAnswer = z.object({ orders: z.array(orderReport), count }).refine(({ orders, count: all }) => orders.length === all, CUT);
const heldPosition = z.object({ symbol: z.string().min(1), quantity: anyDecimal, averagePrice: positiveDecimal.nullable() });
export const positionAnswer = z.object({ position: heldPosition.nullable() });
export const positionsAnswer = z
  .object({
    positions: z.array(heldPosition),
    count,
  })
  .refine(({ positions, count: all }) => positions.length === all, CUT);

const accountFill = trade.extend({
  sequence: z.int().positive(),
  clientOrderId: z.string().min(1),
  symbol: z.string().min(1),
  side: z.enum(['buy', 'sell']),
});
/** One page of fills; a page without any has nothing after it. */
export const fillsAnswer = z
  .object({ fills: z.array(accountFill), count, more: z.boolean() })
  .refine(({ fills, count: all }) => fills.length === all, CUT)
  .refine(({ fills, more }) => fills.length > 0 || !more, 'expected fills where more are to come');
export const marketsAnswer = z.object({
  markets: z.array(
    z.object({
      symbol: z.string().min(1),
      assetClass: z.enum(['stock', 'crypto']),
      rules: z.object({
        tickSize: notNegative,
        lotSize: notNegative,
        minQuantity: notNegative,
        minNotional: notNegative,
        priceBand: z.object({ low: notNegative.nullable(), high: notNegative.nullable() }).nullable(),
      }),
    }),
  ),
});
export const quotesAnswer = z.object({ quotes: z.record(z.string(), z.object({ price: positiveDecimal, at: millis })) });
export const accountAnswer = z.object({ equity: anyDecimal, cash: anyDecimal, at: millis });
export const refusalAnswer = z.object({ code: z.string().min(1), message: z.string() });
