// What a venue says of one order, whatever way it came: the call's answer, a webhook or a poll.
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { OrderStatus } from './order-lifecycle.ts';

/** What a venue took for a trade; `asset` as it names it. */
export interface Fee {
  readonly asset: string;
  readonly amount: Decimal;
}

export type Liquidity = 'MAKER' | 'TAKER';

/** A trade of one of our orders; `tradeId` is the venue's and unique there. */
export interface Trade {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Fee | null;
  /** Whether our order made the price or took it; null where the venue does not say (EX-6). */
  readonly liquidity: Liquidity | null;
  readonly at: Millis;
}

/**
 * One report. `filledQuantity` is cumulative and null where the venue left it out; `quantity`, `limit` and `stopPrice`
 * are those the venue holds now and null where it does not say; `refusal` is why it rejected the order.
 */
export interface OrderReport {
  readonly clientOrderId: string;
  readonly exchangeOrderId: string | null;
  readonly symbol: string;
  readonly status: OrderStatus;
  readonly filledQuantity: Decimal | null;
  readonly averagePrice: Decimal | null;
  readonly quantity: Decimal | null;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly refusal: string | null;
  readonly trades: readonly Trade[];
  readonly at: Millis;
}

/**
 * How far a venue's clock may be behind ours before a report is taken for an older order's: well beyond the age at
 * which equity read by that clock stops every entry (WS-2), so that no order of ours is ever taken for another's.
 */
const CLOCK_SKEW_MS = 180_000;

/** Tells whether a report is older than the order planned under its id (EX-11): some venues check ids among open orders only. */
export const isOlderThan = (report: OrderReport, plannedAt: Millis): boolean => report.at < plannedAt - CLOCK_SKEW_MS;
