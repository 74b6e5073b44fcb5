// How a venue's report moves one of our orders: its status by the table (EX-2), its fills once (SL-10).
import { sizeFor } from './amendment.ts';
import { MONEY_PLACES, ZERO, max, sum } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { isFinal, nextStatus } from './order-lifecycle.ts';
import type { OrderStatus } from './order-lifecycle.ts';
import type { Fee, Liquidity, OrderReport, Trade } from './order-report.ts';
import type { Amendment, Order } from './slot.ts';

/** A part of an order that counts now; `counted` may be less than the trade where a cumulative report came first. */
export interface FillPart {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly counted: Decimal;
  readonly fee: Fee | null;
  readonly liquidity: Liquidity | null;
  readonly at: number;
}

/** A part with its commission in quote currency, its sign as the fee's; null where the asset of the fee has no rate (EX-6). */
export interface PricedPart extends FillPart {
  readonly commission: Decimal | null;
}

export type Progress =
  | { readonly kind: 'APPLIED'; readonly order: Order; readonly parts: readonly FillPart[] }
  | { readonly kind: 'UNCHANGED' }
  /** A part or an end without the filled quantity: what is held, or released, cannot be known, so the venue must be asked. */
  | { readonly kind: 'INCOMPLETE' };

// A price derived from an average may not terminate; venues quote none with more places than these.
const PRICE_PLACES = 12;
// Each named trade is an item of the commit, and a transaction holds a hundred.
const MOST_NAMED = 50;

/** Gives a price the places that the ledger can keep beside this quantity and the order's own. */
const pricedFor = (order: Order, quantity: Decimal, price: Decimal): Decimal => {
  const places = Math.max(order.quantity.decimalPlaces(), quantity.decimalPlaces(), MONEY_PLACES - PRICE_PLACES);
  return price.toDecimalPlaces(Math.max(0, MONEY_PLACES - places));
};

/**
 * Trades not counted yet, each once: a report may name one twice (SL-10). Of very many the first are named; the others
 * are in the cumulative quantity, or come again with the next report.
 */
const freshTrades = (order: Order, trades: readonly Trade[], countedTrades: ReadonlySet<string>): readonly Trade[] => {
  const byId = new Map(trades.map((trade) => [trade.tradeId, trade]));
  return [...byId.values()]
    .filter((trade) => !countedTrades.has(trade.tradeId) && trade.quantity.greaterThan(0))
    .slice(0, MOST_NAMED)
    .map((trade) => ({ ...trade, price: pricedFor(order, trade.quantity, trade.price) }));
};

const countedParts = (order: Order, trades: readonly Trade[], increase: Decimal): readonly FillPart[] => {
  let left = increase;
  return trades.map((trade) => {
    const counted = trade.quantity.lessThan(left) ? trade.quantity : left;
    left = left.minus(counted);
    return { ...trade, counted };
  });
};

/** Price of an increase that no trade explains: what the average says is missing, else the average, else the limit. */
const increasePrice = (order: Order, report: OrderReport, explained: Decimal, increase: Decimal): Decimal | null => {
  const { averagePrice, filledQuantity } = report;
  if (averagePrice === null || filledQuantity === null) return order.limit;
  const missing = averagePrice.times(filledQuantity).minus(order.filledNotional).minus(explained);
  const price = pricedFor(order, increase, missing.dividedBy(increase));
  return price.greaterThan(0) ? price : pricedFor(order, increase, averagePrice);
};

const unexplainedPart = (
  order: Order,
  report: OrderReport,
  parts: readonly FillPart[],
  target: Decimal,
): FillPart | null | 'NO_PRICE' => {
  const explainedQuantity = sum(parts.map((part) => part.counted));
  const rest = target.minus(order.filledQuantity).minus(explainedQuantity);
  if (rest.lessThanOrEqualTo(0)) return null;
  const explained = sum(parts.map((part) => part.counted.times(part.price)));
  const price = increasePrice(order, report, explained, rest);
  if (price === null) return 'NO_PRICE';
  const tradeId = `${order.clientOrderId}#${target.toFixed()}`;
  return { tradeId, price, quantity: rest, counted: rest, fee: null, liquidity: null, at: report.at };
};

const targetOf = (order: Order, report: OrderReport, traded: Decimal, size: Decimal): Decimal => {
  // Of an order that is filled already the word alone says nothing new: its size may have been amended.
  const whole = report.status === 'FILLED' && order.status !== 'FILLED' ? size : ZERO;
  const reported = report.filledQuantity ?? (report.trades.length === 0 ? whole : ZERO);
  return max(max(order.filledQuantity, traded), reported);
};

const fillStatus = (order: Order, filled: Decimal, size: Decimal): OrderStatus => {
  if (filled.lessThanOrEqualTo(order.filledQuantity)) return order.status;
  const reached = filled.greaterThanOrEqualTo(size) ? 'FILLED' : 'PARTIALLY_FILLED';
  return nextStatus(order.status, reached) ?? order.status;
};

/** A fill is what quantities say; the venue's word alone neither fills an order nor part of it. */
const wordOf = (report: OrderReport, filled: Decimal, size: Decimal): OrderStatus => {
  if (report.status === 'FILLED' && filled.lessThan(size)) return 'PARTIALLY_FILLED';
  return report.status === 'PARTIALLY_FILLED' && filled.isZero() ? 'OPEN' : report.status;
};

const statusAfter = (order: Order, report: OrderReport, filled: Decimal, size: Decimal): OrderStatus => {
  const afterFill = fillStatus(order, filled, size);
  return nextStatus(afterFill, wordOf(report, filled, size)) ?? afterFill;
};

const isSame = (a: Order, b: Order): boolean =>
  a.status === b.status &&
  a.filledQuantity.equals(b.filledQuantity) &&
  a.tradedQuantity.equals(b.tradedQuantity) &&
  a.exchangeOrderId === b.exchangeOrderId;

/** A filled order tells its quantity itself, unless an amendment is under way and the report does not say which. */
const saysHowMuch = (report: OrderReport, amendment: Amendment | null): boolean => {
  if (report.filledQuantity !== null || report.status === 'REJECTED') return true;
  return report.status === 'FILLED' && (amendment === null || report.quantity !== null);
};

/** What is filled has to be covered at once (SL-4): a part whose size is not told is asked for, not waited for. */
const isUntoldPart = ({ status, filledQuantity, trades }: OrderReport): boolean =>
  status === 'PARTIALLY_FILLED' && filledQuantity === null && trades.length === 0;

const lacksFilled = (order: Order, report: OrderReport, amendment: Amendment | null): boolean =>
  !isFinal(order.status) && (isUntoldPart(report) || (isFinal(report.status) && !saysHowMuch(report, amendment)));

/**
 * Applies a report (EX-2, SL-10). Trades already counted are left out; a cumulative quantity without trades counts
 * its increase under the id `order#cumulative`, and trades that come later are matched against it, never added.
 * While an amendment is under way, what fills is measured against the larger size.
 */
export const absorbReport = (
  order: Order,
  report: OrderReport,
  countedTrades: ReadonlySet<string>,
  amendment: Amendment | null,
): Progress => {
  if (lacksFilled(order, report, amendment)) return { kind: 'INCOMPLETE' };
  const size = sizeFor(order, report, amendment);
  const fresh = freshTrades(order, report.trades, countedTrades);
  const traded = order.tradedQuantity.plus(sum(fresh.map((trade) => trade.quantity)));
  const target = targetOf(order, report, traded, size);
  const named = countedParts(order, fresh, target.minus(order.filledQuantity));
  const rest = unexplainedPart(order, report, named, target);
  if (rest === 'NO_PRICE') return { kind: 'INCOMPLETE' };
  const parts = rest === null ? named : [...named, rest];
  const next: Order = {
    ...order,
    exchangeOrderId: order.exchangeOrderId ?? report.exchangeOrderId,
    status: statusAfter(order, report, target, size),
    filledQuantity: target,
    filledNotional: order.filledNotional.plus(sum(parts.map((part) => part.counted.times(part.price)))),
    tradedQuantity: traded,
  };
  return isSame(order, next) && parts.length === 0 ? { kind: 'UNCHANGED' } : { kind: 'APPLIED', order: next, parts };
};

/** Tells whether the venue has confirmed an order (WS-3): it is open there, in whole or in part. */
export const isAcknowledged = (status: OrderStatus): boolean => status === 'OPEN' || status === 'PARTIALLY_FILLED';

