// What a venue, a broker or a relay reports: one order, or prices.
import * as z from 'zod';
import { normaliseStatus } from '../../shared/domain/order-lifecycle.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import { choiceField, decimalField, recentField, symbolField } from '../support/fields.ts';
import { readWith } from '../support/input-error.ts';

const MOST_TRADES = 500;
const MOST_PRICES = 1000;

const idWords = '1 to 128 visible characters without #';
const idField = z.string({ error: idWords }).regex(/^[\x21\x22\x24-\x7e]{1,128}$/, { error: idWords });

const statusWords = 'an order status';
const statusField = z.string({ error: statusWords }).transform((text, context) => {
  const status = normaliseStatus(text);
  if (status !== null) return status;
  context.issues.push({ code: 'custom', input: text, message: statusWords });
  return z.NEVER;
});

const assetWords = 'the name of what the fee was taken in, 1 to 32 letters and digits';
const fee = z.strictObject(
  { asset: z.string({ error: assetWords }).regex(/^[A-Za-z0-9._-]{1,32}$/, { error: assetWords }), amount: decimalField('ANY') },
  { error: 'a fee: an object with asset and amount' },
);

const trade = z.strictObject(
  {
    tradeId: idField,
    price: decimalField('POSITIVE'),
    quantity: decimalField('POSITIVE'),
    fee: fee.nullable().default(null),
    liquidity: choiceField(['MAKER', 'TAKER']).nullable().default(null),
    at: recentField,
  },
  { error: 'a trade: an object with tradeId, price, quantity and at' },
);
const tradesWords = `a list of at most ${MOST_TRADES} trades`;

const order = z.strictObject(
  {
    clientOrderId: idField,
    exchangeOrderId: idField.nullable().default(null),
    symbol: symbolField,
    status: statusField,
    filledQuantity: decimalField('NOT_NEGATIVE').nullable().default(null),
    averagePrice: decimalField('POSITIVE').nullable().default(null),
    quantity: decimalField('POSITIVE').nullable().default(null),
    limit: decimalField('POSITIVE').nullable().default(null),
    stopPrice: decimalField('POSITIVE').nullable().default(null),
    refusal: idField.nullable().default(null),
    trades: z.array(trade, { error: tradesWords }).max(MOST_TRADES, { error: tradesWords }).default([]),
    at: recentField,
  },
  { error: 'an order: an object with clientOrderId, symbol, status and at' },
);

const price = z.strictObject(
  { symbol: symbolField, price: decimalField('POSITIVE'), at: recentField },
  { error: 'a price: an object with symbol, price and at' },
);
const pricesWords = `a list of 1 to ${MOST_PRICES} prices`;

const accountField = z.string({ error: 'the account id' });
const body = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('order'), account: accountField, order }),
    z.strictObject({
      type: z.literal('prices'),
      account: accountField,
      prices: z.array(price, { error: pricesWords }).min(1, { error: pricesWords }).max(MOST_PRICES, { error: pricesWords }),
    }),
  ],
  { error: 'an object of type order or prices' },
);

export type WebhookBody =
  | { readonly type: 'order'; readonly account: string; readonly order: OrderReport }
  | { readonly type: 'prices'; readonly account: string; readonly prices: readonly z.infer<typeof price>[] };

/** Reads a webhook's body. @throws InputError (400) naming the first field that is wrong */
export const readWebhookBody = (value: unknown): WebhookBody => readWith(body, value, 'body');
