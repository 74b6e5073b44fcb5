// What Alpaca's answers look like: money and quantities are decimals out of text, times become milliseconds.
import * as z from 'zod';
import { DomainInputError, parseDecimal } from '../../domain/decimal.ts';

const decimal = z.string().transform((text, context) => {
  try {
    return parseDecimal(text, 'number');
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof DomainInputError ? error.message : 'expected a decimal' });
    return z.NEVER;
  }
});
const positive = decimal.refine((value) => value.greaterThan(0), 'expected a number above 0');
const notNegative = decimal.refine((value) => !value.isNegative(), 'expected a number of 0 or more');
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

// Nanoseconds come as well; the parser of dates takes three digits.
const instant = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isSafeInteger(at)) return at;
  context.addIssue({ code: 'custom', message: 'expected a time' });
  return z.NEVER;
});

/** An order; `type` and `status` in the broker's words. A chain of replacements is told by `replaces` and `replaced_by`. */
export const wireOrder = z.object({
  id: z.string().min(1),
  client_order_id: z.string().min(1),
  created_at: instant,
  updated_at: orNull(instant),
  filled_at: orNull(instant),
  replaced_by: orNull(z.string().min(1)),
  replaces: orNull(z.string().min(1)),
  symbol: orNull(z.string().min(1)),
  asset_class: orNull(z.string()),
  qty: orNull(positive),
  filled_qty: notNegative,
  filled_avg_price: orNull(positive),
  type: z.string(),
  side: orNull(z.string()),
  limit_price: orNull(positive),
  stop_price: orNull(positive),
  status: z.string().min(1),
});
export type WireOrder = z.infer<typeof wireOrder>;
export const wireOrders = z.array(wireOrder);

/** A fill among the account's activities. */
export const wireFill = z.object({
  id: z.string().min(1),
  order_id: z.string().min(1),
  symbol: z.string().min(1),
  side: z.string(),
  price: positive,
  qty: positive,
  transaction_time: instant,
});
export type WireFill = z.infer<typeof wireFill>;
export const wireFills = z.array(wireFill);

/** A position; its quantity is told above zero or below, and its side besides. */
export const wirePosition = z.object({
  symbol: z.string().min(1),
  asset_class: z.string(),
  side: z.enum(['long', 'short']),
  qty: decimal,
  avg_entry_price: orNull(positive),
});
export type WirePosition = z.infer<typeof wirePosition>;
export const wirePositions = z.array(wirePosition);

export const wireAccount = z.object({ equity: decimal });

export const wireAssets = z.array(
  z.object({ symbol: z.string().min(1), class: z.string(), tradable: z.boolean(), fractionable: z.boolean().default(false) }),
);
export type WireAsset = z.infer<typeof wireAssets>[number];

export const wireLatestTrades = z.object({ trades: z.record(z.string(), z.object({ p: positive, t: instant })) });

const clockTime = z.string().regex(/^\d{2}:\d{2}$/, 'expected a time of day');
export const wireDays = z.array(z.object({ date: z.iso.date(), open: clockTime, close: clockTime }));
