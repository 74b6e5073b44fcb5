// Orders as the venue has them, with the trades that belong to them.
import type { OrderReport } from '../../domain/order-report.ts';
import type { OrderRef } from '../../ports.ts';
import * as z from 'zod';
import type { Ask, Dialect, WireRef } from './dialect.ts';
import type { MarketDirectory } from './market-directory.ts';
import { lacksTrades, reportOf, tradeWaysOf } from './order-reports.ts';
import { type UnifiedOrder, type UnifiedTrade, unifiedOrder } from './unified.ts';

export interface OrderReads {
  /** Asks for one order; null only where the venue says it has none. @throws VenueReadError */
  find(order: OrderRef, wire: WireRef): Promise<OrderReport | null>;
  /** The order that an order call was about, from its answer or, where that says too little, asked for; null if it cannot be had. */
  afterTaken(value: unknown, order: OrderRef, wire: WireRef): Promise<OrderReport | null>;
  /** Orders of a list that are traded here, under our symbols and ids. */
  listed(orders: readonly UnifiedOrder[]): readonly OrderReport[];
  /** The venue's own id in the answer to an order call. */
  idOf(value: unknown): string | null;
}

interface Parts {
  readonly dialect: Dialect;
  readonly directory: MarketDirectory;
  readonly ask: Ask;
  readonly now: () => number;
}

const withId = z.object({ id: z.string().min(1) });

const idOf = (value: unknown): string | null => withId.safeParse(value).data?.id ?? null;

/** Makes the reads of single orders over an asker. */
export function createOrderReads(parts: Parts): OrderReads {
  const { dialect, directory, ask, now } = parts;
  const report = (order: UnifiedOrder, { clientOrderId, symbol }: OrderRef): OrderReport =>
    reportOf(order, { clientOrderId, symbol, now: now(), wouldHaveCrossed: dialect.wouldHaveCrossed(order), ...tradeWaysOf(dialect, symbol) });
  const find = async (order: OrderRef, wire: WireRef): Promise<OrderReport | null> => {
    const found = await dialect.find(ask, wire);
    return found === null ? null : report(await withTrades(parts, found, wire), order);
  };
  const readBack = async (value: unknown, order: OrderRef, wire: WireRef): Promise<OrderReport | null> => {
    const id = idOf(value);
    if (dialect.findByVenueId === null || id === null) return find(order, wire);
    const found = await dialect.findByVenueId(ask, id, wire.symbol);
    return found === null ? find(order, wire) : report(await withTrades(parts, found, wire), order);
  };
  const known = async (value: unknown, order: OrderRef, wire: WireRef): Promise<OrderReport | null> => {
    const answer = unifiedOrder.safeParse(value);
    if (dialect.answersWith === 'ID' || !answer.success) return readBack(value, order, wire);
    if (answer.data.clientOrderId !== null && answer.data.clientOrderId !== wire.id) return find(order, wire);
    // The order is known without its trades; those come by their own way where they cannot be had now.
    const taken = { ...answer.data, trades: answer.data.trades?.map(tookAtOnce) ?? null };
    return report(await withTrades(parts, taken, wire).catch(() => taken), order);
  };
  return {
    find,
    afterTaken: async (value, order, wire) => known(value, order, wire).catch(() => find(order, wire).catch(() => null)),
    listed: (orders) => orders.flatMap((order) => {
      const symbol = order.symbol === null ? null : directory.fromCcxt(order.symbol);
      const id = order.clientOrderId ?? order.id;
      return symbol === null || id === null ? [] : [report(order, { clientOrderId: dialect.ids.fromVenue(id), symbol })];
    }),
    idOf,
  };
}

/** What fills within the answer to its own placement has taken, though the answer does not say so (EX-6). */
function tookAtOnce(trade: UnifiedTrade): UnifiedTrade {
  return { ...trade, takerOrMaker: trade.takerOrMaker ?? 'taker' };
}

async function withTrades({ dialect, ask }: Parts, order: UnifiedOrder, wire: WireRef): Promise<UnifiedOrder> {
  if (!lacksTrades(order)) return order;
  return { ...order, trades: [...(await dialect.tradesOf(ask, order, wire.symbol))] };
}
