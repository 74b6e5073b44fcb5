// Builders of orders and thieves; what a test does not name is unremarkable.
import type { CandidateOrder } from '../../../shared/domain/candidates.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import type { Thief } from '../../../shared/domain/steal-choice.ts';

export const NOW = Date.UTC(2025, 0, 15, 15);

export const decimal = (text: string): Decimal => new Decimal(text);

export const quote = (price: string, ageSeconds = 1): Quote => ({ price: decimal(price), at: NOW - ageSeconds * 1000 });

/** An acknowledged buy of 10 at 100, 10 % away from the market. */
export const anOrder = (changes: Partial<CandidateOrder> = {}): CandidateOrder => ({
  clientOrderId: 'order',
  symbol: 'AAPL',
  assetClass: 'stock',
  side: 'buy',
  intent: 'entry',
  mode: 'normal',
  group: null,
  acknowledged: true,
  yielding: false,
  limit: decimal('100'),
  quote: quote('110'),
  lastStolen: null,
  forecastPnl: decimal('1'),
  createdAt: NOW - 3_600_000,
  quantity: decimal('10'),
  filledQuantity: decimal('0'),
  ...changes,
});

/** A buy of 5 at 100 with the market 0.1 % away. */
export const aThief = (changes: Partial<Thief> = {}): Thief => ({
  symbol: 'MSFT',
  assetClass: 'stock',
  side: 'buy',
  mode: 'normal',
  limit: decimal('100'),
  quote: quote('100.1'),
  quantity: decimal('5'),
  forecastPnl: decimal('3'),
  ...changes,
});
