// What a fill paid, in the quote currency of its symbol (EX-6).
import type { Context } from './context.ts';
import { MAX_DIGITS, ZERO } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { QuoteBoard } from './decision.ts';
import type { FillPart, PricedPart } from './order-progress.ts';
import { isUsableQuote } from './quote.ts';

const MONEY_OF_STOCKS = 'USD';

/** Base asset of a pair; a stock has none that a fee could be taken in. */
export const baseOf = (symbol: string): string | null => (symbol.includes('/') ? (symbol.split('/')[0] ?? null) : null);

/** The currency that a symbol's prices are in. */
export const quoteOf = (symbol: string): string => symbol.split('/')[1]?.split(':')[0] ?? MONEY_OF_STOCKS;

/** What commissions are converted with. */
export interface Rates {
  readonly symbol: string;
  readonly board: QuoteBoard;
  readonly context: Pick<Context, 'now' | 'settings'>;
}

/** The price of an asset in quote currency: of the base the fill's own, of another the board's; null where that is unknown or stale. */
const rateOf = (asset: string, price: Decimal, { symbol, board, context }: Rates): Decimal | null => {
  if (asset === baseOf(symbol)) return price;
  const quote = board.quotes[`${asset}/${quoteOf(symbol)}`] ?? null;
  return isUsableQuote(quote, context.now, context.settings) ? quote.price : null;
};

/** Cuts an amount to what the table can keep of one number. */
export const storable = (value: Decimal): Decimal => value.toSignificantDigits(MAX_DIGITS);

/** Converts a fee into quote currency (EX-6); null rather than wrong where nobody knows the rate. A venue that names no fee took none. */
export const commissionOf = ({ fee, price }: Pick<FillPart, 'fee' | 'price'>, rates: Rates): Decimal | null => {
  if (fee === null) return ZERO;
  if (fee.asset === quoteOf(rates.symbol)) return storable(fee.amount);
  const rate = rateOf(fee.asset, price, rates);
  return rate === null ? null : storable(fee.amount.times(rate));
};

/** Prices the fees of an order's parts. */
export const pricedParts = (parts: readonly FillPart[], rates: Rates): readonly PricedPart[] =>
  parts.map((part) => ({ ...part, commission: commissionOf(part, rates) }));

/** Tells whether a fee was taken out of what was traded. */
export const isBaseFee = (symbol: string, { fee }: Pick<FillPart, 'fee'>): boolean => fee !== null && fee.asset === baseOf(symbol);

/** Adds commissions up; one that is not known leaves the sum unknown. */
export const addCommissions = (commissions: readonly (Decimal | null)[]): Decimal | null =>
  commissions.reduce<Decimal | null>((total, each) => (total === null || each === null ? null : storable(total.plus(each))), ZERO);
