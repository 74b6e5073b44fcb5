// What ccxt hands over, read at the door: its types are `any`, and its numbers have to be text (EX-9).
import * as z from 'zod';
import { type Decimal, parseDecimal } from '../../domain/decimal.ts';
import { redactText } from '../../redaction.ts';

const missing = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

/** A number as text; one that came as a float is no number. */
const decimalText = z.string().transform((text, context): Decimal => {
  try {
    return parseDecimal(text, 'number');
  } catch {
    context.addIssue({ code: 'custom', message: `expected a decimal number, found ${JSON.stringify(redactText(text).slice(0, 40))}` });
    return z.NEVER;
  }
});
const someDecimal = missing(decimalText);
/** ccxt leaves a price that is none as nothing or as zero. */
const price = someDecimal.transform((value) => (value === null || value.isZero() ? null : value));
const text = missing(z.string());
const millis = missing(z.number().int());

const fee = missing(z.object({ cost: someDecimal, currency: text }));

export const unifiedTrade = z.object({
  id: text,
  order: text,
  symbol: text,
  side: missing(z.enum(['buy', 'sell'])),
  price,
  amount: someDecimal,
  fee,
  takerOrMaker: text,
  timestamp: millis,
  info: z.unknown(),
});
export type UnifiedTrade = z.infer<typeof unifiedTrade>;
export const unifiedTrades = z.array(unifiedTrade);

export const unifiedOrder = z.object({
  id: text,
  clientOrderId: text,
  symbol: text,
  side: text,
  status: text,
  timestamp: millis,
  lastUpdateTimestamp: millis,
  lastTradeTimestamp: millis,
  price,
  triggerPrice: price,
  stopLossPrice: price,
  average: price,
  amount: someDecimal,
  filled: someDecimal,
  trades: missing(unifiedTrades),
  info: z.unknown(),
});
export type UnifiedOrder = z.infer<typeof unifiedOrder>;
export const unifiedOrders = z.array(unifiedOrder);

const range = z
  .object({ min: someDecimal, max: someDecimal })
  .nullish()
  .transform((value) => value ?? { min: null, max: null });

export const unifiedMarket = z.object({
  id: z.string(),
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  type: text,
  spot: missing(z.boolean()),
  swap: missing(z.boolean()),
  linear: missing(z.boolean()),
  active: missing(z.boolean()),
  precision: z.object({ amount: someDecimal, price: someDecimal }),
  limits: z.object({ amount: range, price: range, cost: range }),
});
export type UnifiedMarket = z.infer<typeof unifiedMarket>;
export const unifiedMarkets = z.record(z.string(), unifiedMarket);

export const unifiedTickers = z.record(z.string(), z.object({ symbol: z.string(), last: price, close: price, bid: price, ask: price, timestamp: millis }));

/** Balances by currency; ccxt keeps them beside other things of the answer. */
export const unifiedBalances = z.object({ total: z.record(z.string(), someDecimal) });

export const unifiedPositions = z.array(
  z.object({
    symbol: z.string(),
    side: text,
    contracts: someDecimal,
    contractSize: someDecimal,
    entryPrice: price,
  }),
);
