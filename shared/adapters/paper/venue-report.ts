// How the paper venue tells of an order; Decimals write themselves in full when the report becomes JSON.
import type { Fee, OrderReport, Trade } from '../../domain/order-report.ts';
import { averagePrice } from './venue-ledger.ts';
import type { VenueEvent, VenueFill, VenueOrder } from './venue-model.ts';

/** Reports an order with every trade it had (the answer of a call or a poll). */
export function reportOf(order: VenueOrder, fills: readonly VenueFill[] = order.fills): OrderReport {
  const filled = order.filledQuantity;
  return {
    clientOrderId: order.clientOrderId,
    exchangeOrderId: order.exchangeOrderId,
    symbol: order.symbol,
    status: order.status,
    filledQuantity: filled,
    averagePrice: filled.isZero() ? null : averagePrice(order.filledNotional, filled),
    quantity: order.quantity,
    limit: order.limit,
    stopPrice: order.stopPrice,
    refusal: order.refusal,
    trades: fills.map(tradeOf),
    at: order.at,
  };
}

/** Tells one fill as a trade. */
export function tradeOf(fill: VenueFill): Trade {
  const { tradeId, price, quantity, liquidity, at } = fill;
  return { tradeId, price, quantity, fee: feeOf(fill), liquidity, at };
}

const STOCK_CURRENCY = 'USD';

function feeOf({ symbol, fee, feeIn }: VenueFill): Fee | null {
  if (fee.isZero()) return null;
  const [base = symbol, quote = STOCK_CURRENCY] = symbol.split('/');
  return { asset: feeIn === 'BASE' ? base : quote, amount: fee };
}

/** Reports what happened to an order with the one trade that it is about, as venues push it. */
export function reportOfEvent({ order, fill }: VenueEvent): OrderReport {
  return reportOf(order, fill === null ? [] : [fill]);
}

/** Leaves out of a report how much is filled, as some venues do in their answers to cancels (SL-10, WS-8). */
export function withoutFilled(report: OrderReport): OrderReport {
  return { ...report, filledQuantity: null, averagePrice: null, trades: [] };
}
