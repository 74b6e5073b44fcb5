// What is forwarded, as order-webhook reads it. An id is a function of what it names: the same said twice is one webhook.
import { createHash } from 'node:crypto';
import { toPlain } from '../../../shared/domain/decimal.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { OrderReport, Trade } from '../../../shared/domain/order-report.ts';
import type { StreamedPrice } from '../../../shared/venue-stream.ts';

export interface Webhook {
  readonly id: string;
  readonly body: string;
}

/** The door takes 64 KiB: what has more trades is told by its sum, and reconcile brings each (SL-10). */
const MOST_TRADES = 200;
const MOST_PRICES = 500;
const ID_LETTERS = 40;

/** Writes the webhook of one order's report. */
export function orderWebhook(account: string, report: OrderReport): Webhook {
  const { clientOrderId, exchangeOrderId, symbol, status, refusal, at } = report;
  const numbers = {
    filledQuantity: textOf(report.filledQuantity), averagePrice: textOf(report.averagePrice), quantity: textOf(report.quantity),
    limit: textOf(report.limit), stopPrice: textOf(report.stopPrice),
  };
  const trades = report.trades.slice(-MOST_TRADES).map(tradeOf);
  return webhookOf({ type: 'order', account, order: { clientOrderId, exchangeOrderId, symbol, status, ...numbers, refusal, trades, at } });
}

/** Writes prices, so many to a webhook. */
export function priceWebhooks(account: string, prices: readonly StreamedPrice[]): readonly Webhook[] {
  const told = prices.map(({ symbol, price, at }) => ({ symbol, price: toPlain(price), at }));
  const parts = Array.from({ length: Math.ceil(told.length / MOST_PRICES) }, (_, n) => told.slice(n * MOST_PRICES, (n + 1) * MOST_PRICES));
  return parts.map((part) => webhookOf({ type: 'prices', account, prices: part }));
}

function tradeOf({ tradeId, price, quantity, fee, liquidity, at }: Trade): unknown {
  const taken = fee === null ? null : { asset: fee.asset, amount: toPlain(fee.amount) };
  return { tradeId, price: toPlain(price), quantity: toPlain(quantity), fee: taken, liquidity, at };
}

function textOf(value: Decimal | null): string | null {
  return value === null ? null : toPlain(value);
}

function webhookOf(content: unknown): Webhook {
  const body = JSON.stringify(content);
  return { id: `relay-${createHash('sha256').update(body).digest('hex').slice(0, ID_LETTERS)}`, body };
}
