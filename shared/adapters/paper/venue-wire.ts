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

/** Longest client order id that the venue takes. */
export const MAX_CLIENT_ORDER_ID_LENGTH = 36;
const clientOrderId = z.string().regex(/^[A-Za-z0-9._:-]{1,36}$/, 'expected up to 36 letters, digits or . _ : -');

export const placeBody = z.strictObject({
  clientOrderId,
  symbol: z.string().min(1).max(32),
  side: z.enum(['buy', 'sell']),
  quantity: positiveDecimal,
  limit: positiveDecimal.nullable(),
  timeInForce: z.enum(['GTC', 'IOC']),
  reduceOnly: z.boolean(),
});
export const amendBody = z.strictObject({ quantity: positiveDecimal, limit: positiveDecimal });

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
  trades: z.array(z.object({ tradeId: z.string().min(1), price: positiveDecimal, quantity: positiveDecimal, at: millis })),
  at: millis,
});
export const orderAnswer = z.object({ order: orderReport });
export const ordersAnswer = z.object({ orders: z.array(orderReport) });
export const positionsAnswer = z.object({
  positions: z.array(z.object({ symbol: z.string().min(1), quantity: anyDecimal, averagePrice: positiveDecimal.nullable() })),
});
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
