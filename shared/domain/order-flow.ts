// Which side presses, told from prices alone (FP-1). A price above the one before was a buyer's, one below a seller's; an equal
// one is whose the last change was: the tick rule of Lee and Ready, "Inferring Trade Direction from Intraday Data" (1991).
import { Decimal, ZERO } from './decimal.ts';

/** Prices counted by who made them, each new one taking its share from those before; `towards` is the last change's way. */
export interface OrderFlow {
  readonly buys: Decimal;
  readonly sells: Decimal;
  readonly towards: 'UP' | 'DOWN' | null;
}

/** Before the first change of price. */
export const NO_FLOW: OrderFlow = { buys: ZERO, sells: ZERO, towards: null };

// Half of a price's weight is gone after fourteen more; in the long run twenty count.
const KEPT = new Decimal('0.95');
// Rounded at every step, so that what is kept of a symbol does not grow.
const PLACES = 6;

const wayOf = (flow: OrderFlow, before: Decimal, price: Decimal): OrderFlow['towards'] => {
  if (price.equals(before)) return flow.towards;
  return price.greaterThan(before) ? 'UP' : 'DOWN';
};

/** Counts one price after the one `before` it (FP-1); the first change of all tells the first way. */
export const addPrice = (flow: OrderFlow, before: Decimal, price: Decimal): OrderFlow => {
  const towards = wayOf(flow, before, price);
  if (towards === null) return flow;
  const counted = (kept: Decimal, counts: boolean): Decimal => kept.times(KEPT).plus(counts ? 1 : 0).toDecimalPlaces(PLACES);
  return { buys: counted(flow.buys, towards === 'UP'), sells: counted(flow.sells, towards === 'DOWN'), towards };
};

/** The z-score of what was counted (FP-1), above 0 where buyers press: (b − s) ÷ √(b + s), 0 before anything was. */
export const flowZ = ({ buys, sells }: OrderFlow): Decimal => {
  const all = buys.plus(sells);
  return all.isZero() ? ZERO : buys.minus(sells).dividedBy(all.sqrt()).toDecimalPlaces(PLACES);
};
