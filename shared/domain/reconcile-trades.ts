// Turns trades of the account into reports of their orders (SL-10): a fill whose webhook was lost is found by them.
import type { Event } from './event.ts';
import type { OrderReport, Trade } from './order-report.ts';
import type { Side } from './side.ts';

/** A trade of the account; `clientOrderId` is null where the venue does not say whose order it was. */
export interface TradeOf extends Trade {
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
}

/** What trades of one order tell, and which way it trades, which no report says. */
export interface TradedOrder {
  readonly event: Extract<Event, { type: 'ORDER_REPORTED' }>;
  readonly side: Side;
}

// So many named trades are counted of one report; others would have to wait for the next.
const MOST_NAMED = 50;

const bareTrade = ({ tradeId, price, quantity, fee, liquidity, at }: TradeOf): Trade => ({ tradeId, price, quantity, fee, liquidity, at });

/** A trade says that its order was open and filled in part at least; what became of it since, the lifecycle keeps (EX-2). */
const reportOf = (clientOrderId: string, symbol: string, trades: readonly TradeOf[]): OrderReport => ({
  clientOrderId,
  exchangeOrderId: null,
  symbol,
  status: 'PARTIALLY_FILLED',
  filledQuantity: null,
  averagePrice: null,
  quantity: null,
  limit: null,
  stopPrice: null,
  refusal: null,
  trades: trades.map(bareTrade),
  at: Math.max(...trades.map((trade) => trade.at)),
});

const eventOf = (report: OrderReport): TradedOrder['event'] => {
  const [first] = report.trades;
  return {
    type: 'ORDER_REPORTED',
    report,
    webhookId: `rec:${report.clientOrderId}:TRADES:${first?.tradeId ?? ''}:${report.trades.at(-1)?.tradeId ?? ''}:${report.trades.length}`,
  };
};

const chunks = <Each>(list: readonly Each[], size: number): readonly (readonly Each[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, place) => list.slice(place * size, (place + 1) * size));

/** One report for each order of a page of trades, oldest trade first; trades of nobody we can name are left out. */
export const tradesAsReports = (trades: readonly TradeOf[]): readonly TradedOrder[] => {
  const byOrder = Map.groupBy(trades, (trade) => trade.clientOrderId);
  return [...byOrder].flatMap(([clientOrderId, own]) => {
    const [first] = own;
    if (clientOrderId === null || first === undefined) return [];
    return chunks(own, MOST_NAMED).map((part) => ({ event: eventOf(reportOf(clientOrderId, first.symbol, part)), side: first.side }));
  });
};
