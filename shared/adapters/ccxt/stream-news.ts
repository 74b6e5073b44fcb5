// What ccxt's streaming classes hand over, read as news.
import * as z from 'zod';
import { parseDecimal } from '../../domain/decimal.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { StreamNews, StreamPart } from '../../venue-stream.ts';
import type { Dialect } from './dialect.ts';

const text = z.string().min(1).nullish().catch(null).transform((value) => value ?? null);
const number = z.union([z.string(), z.number()]).nullish().catch(null).transform(decimalOf);
const heardOrders = z.array(z.object({ id: text, clientOrderId: text, symbol: text, status: text, filled: number }));
const heardTrades = z.array(z.object({ order: text }));
const heardTicker = z.object({ symbol: z.string(), last: number, close: number, timestamp: z.number().int().nullish() });
const heardTickers = z.union([heardTicker.transform((ticker) => [ticker]), z.record(z.string(), heardTicker).transform((all) => Object.values(all))]);

const OVER: ReadonlySet<string> = new Set(['closed', 'canceled', 'expired', 'rejected']);

function decimalOf(value: string | number | null | undefined): Decimal | null {
  try {
    return value === null || value === undefined ? null : parseDecimal(String(value), 'number');
  } catch {
    return null;
  }
}

/** Reads what one call of the streaming class gave. @throws ZodError for what has another form */
export function newsOf(part: StreamPart, heard: unknown, { ids }: Dialect): readonly StreamNews[] {
  if (part === 'ORDERS') return heardOrders.parse(heard).map((order) => orderNews(order, ids));
  if (part === 'TRADES') return heardTrades.parse(heard).map(({ order }) => ({ kind: 'TRADED', exchangeOrderId: order }));
  const prices = heardTickers.parse(heard).flatMap(({ symbol, last, close, timestamp }) => {
    const price = last ?? close;
    return price === null || !price.greaterThan(0) ? [] : [{ symbol: oursOf(symbol), price, at: timestamp ?? Date.now() }];
  });
  return [{ kind: 'PRICES', prices }];
}

function orderNews({ id, clientOrderId, symbol, status, filled }: z.infer<typeof heardOrders>[number], ids: Dialect['ids']): StreamNews {
  if (clientOrderId === null || symbol === null) return { kind: 'TRADED', exchangeOrderId: null };
  const order = { clientOrderId: ids.fromVenue(clientOrderId), symbol: oursOf(symbol) };
  return { kind: 'ORDER', order, exchangeOrderId: id, filledQuantity: filled, isOver: OVER.has(status ?? '') };
}

/** Contracts have their settlement behind a colon there. */
function oursOf(symbol: string): string {
  return symbol.split(':')[0] ?? symbol;
}
