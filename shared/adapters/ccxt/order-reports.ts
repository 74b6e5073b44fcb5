// Orders and trades of ccxt in the words of this system.
import { type Decimal, ZERO, max, sum } from '../../domain/decimal.ts';
import type { Millis } from '../../domain/instant.ts';
import type { OrderStatus } from '../../domain/order-lifecycle.ts';
import type { Liquidity, OrderReport, Trade } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import type { Dialect } from './dialect.ts';
import type { UnifiedOrder, UnifiedTrade } from './unified.ts';

type Ended = Extract<OrderStatus, 'CANCELLED' | 'EXPIRED' | 'REJECTED'>;

const ENDED: ReadonlyMap<string, Ended> = new Map([
  ['canceled', 'CANCELLED'],
  ['expired', 'EXPIRED'],
  ['rejected', 'REJECTED'],
]);
/** The last four are words of Coinbase that ccxt leaves as they are. */
const LIVE: ReadonlySet<string> = new Set(['open', 'canceling', 'pending', 'PENDING', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED']);

/** Reports an order under our id and symbol. @throws VenueReadError where it says too little of how it stands */
export function reportOf(order: UnifiedOrder, ours: Ours): OrderReport {
  const at = timeOf(order) ?? ours.now;
  const trades = (order.trades ?? []).map((trade) => tradeOf(trade, at, ours));
  const filledQuantity = filledOf(order, trades);
  const crossed = ours.wouldHaveCrossed && !isSome(filledQuantity);
  const status = crossed ? 'REJECTED' : statusOf(order, filledQuantity);
  const stopPrice = stopPriceOf(order);
  return {
    clientOrderId: ours.clientOrderId,
    exchangeOrderId: order.id,
    symbol: ours.symbol,
    status,
    filledQuantity,
    averagePrice: isSome(filledQuantity) ? order.average : null,
    quantity: isSome(order.amount) ? order.amount : null,
    limit: stopPrice === null ? order.price : null,
    stopPrice,
    refusal: refusalOf(status, crossed),
    trades,
    at,
  };
}

/** What a trade of a symbol is called, given the venue's id of it. */
export type NameTrade = (id: string) => string;

/** Trades of a market whose ids are its own alone are named after it too: each counts once, in whatever market (SL-10). */
export const tradeWaysOf = ({ tradeIdsPerSymbol, tellsLiquidity }: Pick<Dialect, 'tradeIdsPerSymbol' | 'tellsLiquidity'>, symbol: string): TradeWays => ({
  nameTrade: tradeIdsPerSymbol ? (id) => `${symbol}:${id}` : (id) => id,
  tellsLiquidity,
});

function filledOf({ filled }: UnifiedOrder, trades: readonly Trade[]): Decimal | null {
  return filled === null ? null : max(filled, sum(trades.map((trade) => trade.quantity)));
}

function refusalOf(status: OrderStatus, crossed: boolean): string | null {
  if (crossed) return 'WOULD_CROSS';
  return status === 'REJECTED' ? 'REJECTED_BY_VENUE' : null;
}

/** How trades of a venue are read. */
export interface TradeWays {
  /** Makes the venue's id of a trade unique there. */
  readonly nameTrade: NameTrade;
  /** Whether what ccxt says of maker and taker is the venue's word (EX-6). */
  readonly tellsLiquidity: boolean;
}

interface Ours extends TradeWays {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** The present, for orders that bear no time. */
  readonly now: Millis;
  /** A post-only order that the venue ended because it would have taken (EX-1). */
  readonly wouldHaveCrossed: boolean;
}

function timeOf(order: UnifiedOrder): Millis | null {
  return order.lastUpdateTimestamp ?? order.lastTradeTimestamp ?? order.timestamp;
}

function isSome(value: Decimal | null): boolean {
  return value !== null && !value.isZero();
}

/** The price for which an order waits; null where it waits for none. */
export function stopPriceOf(order: UnifiedOrder): Decimal | null {
  return order.triggerPrice ?? order.stopLossPrice;
}

/** What of an order's fills is not among its trades yet. */
export function lacksTrades(order: UnifiedOrder): boolean {
  return order.filled !== null && order.filled.greaterThan(sum((order.trades ?? []).map((trade) => trade.amount ?? ZERO)));
}

/** Tells one trade. @throws VenueReadError where it says too little to be counted once */
export function tradeOf(trade: UnifiedTrade, at: Millis, { nameTrade, tellsLiquidity }: TradeWays): Trade {
  const { id, price, amount, fee, timestamp } = trade;
  if (id === null || price === null || amount === null) throw new VenueReadError('a trade without id, price or amount');
  return { tradeId: nameTrade(id), price, quantity: amount, fee: feeOf(fee), liquidity: tellsLiquidity ? liquidityOf(trade) : null, at: timestamp ?? at };
}

function liquidityOf({ takerOrMaker }: UnifiedTrade): Liquidity | null {
  if (takerOrMaker === 'maker') return 'MAKER';
  return takerOrMaker === 'taker' ? 'TAKER' : null;
}

function feeOf(fee: UnifiedTrade['fee']): Trade['fee'] {
  const { cost, currency } = fee ?? { cost: null, currency: null };
  return cost === null || cost.isZero() || currency === null ? null : { asset: currency, amount: cost };
}

function statusOf(order: UnifiedOrder, filled: Decimal | null): OrderStatus {
  const status = order.status ?? 'unsaid';
  if (LIVE.has(status)) return isSome(filled) ? 'PARTIALLY_FILLED' : 'OPEN';
  if (status === 'closed') return closedStatus(order, filled);
  const ended = ENDED.get(status);
  if (ended !== undefined) return ended;
  throw new VenueReadError(`an order whose status is ${status}`);
}

// What ccxt calls closed may be an order of which a part was filled and the rest cancelled.
function closedStatus({ amount }: UnifiedOrder, filled: Decimal | null): OrderStatus {
  if (amount === null || filled === null) throw new VenueReadError('a closed order that does not say what was filled');
  return filled.lessThan(amount) ? 'CANCELLED' : 'FILLED';
}
