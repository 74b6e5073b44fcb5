// How far a taker limit goes (EX-1): at once like a market order, and never at any price like one.
import type { MarketRules } from './constraints.ts';
import { shapeOrder } from './constraints.ts';
import type { Context } from './context.ts';
import { Decimal } from './decimal.ts';
import type { Quote } from './quote.ts';
import { isUsableQuote } from './quote.ts';
import type { Side } from './side.ts';

/** An order that is to trade at once. */
export interface Taker {
  readonly side: Side;
  readonly quantity: Decimal;
  readonly market: MarketRules;
}

const ONE = new Decimal(1);

/** The price so far beyond another that an order still takes what is there (EX-1), before it is brought to the tick. */
export const beyond = (side: Side, price: Decimal, ratio: Decimal): Decimal =>
  price.times(side === 'buy' ? ONE.plus(ratio) : ONE.minus(ratio));

/**
 * Finds the limit of a taker order (EX-1): `TAKER_SLIPPAGE_RATIO` beyond the last price. Null where no price can be relied
 * on, or where the venue would refuse such an order (EX-10).
 */
export const takerLimit = ({ side, quantity, market }: Taker, quote: Quote | null, { now, settings }: Context): Decimal | null => {
  if (!isUsableQuote(quote, now, settings)) return null;
  const shaped = shapeOrder({ side, limit: beyond(side, quote.price, settings.takerSlippageRatio), quantity }, market);
  return 'accepted' in shaped ? shaped.accepted.limit : null;
};
