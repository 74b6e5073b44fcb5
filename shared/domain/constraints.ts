import { type Decimal, roundDownTo, roundUpTo } from './decimal.ts';
import { notional } from './capacity-room.ts';
import type { Side } from './side.ts';

/** What a venue asks of an order for one symbol; bounds themselves are allowed. */
export interface MarketRules {
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
  readonly minQuantity: Decimal;
  readonly minNotional: Decimal;
  readonly priceBand: { readonly low: Decimal | null; readonly high: Decimal | null } | null;
}

/** An order before or after it was shaped; units and price. */
export interface OrderShape {
  readonly limit: Decimal;
  readonly quantity: Decimal;
}

/** Why a venue would refuse an order (EX-10). */
export type ConstraintRefusal = 'BELOW_MIN_QUANTITY' | 'BELOW_MIN_NOTIONAL' | 'PRICE_OUT_OF_BAND';

/** An order as the venue would take it, or the first reason why it would not. */
export type ShapedOrder =
  | { readonly accepted: OrderShape }
  | { readonly refused: ConstraintRefusal; readonly shape: OrderShape };

/** Rounds an order to the venue's steps and checks it (EX-10): quantity down, a buy's price down, a sell's up. */
export function shapeOrder(order: OrderShape & { readonly side: Side }, rules: MarketRules): ShapedOrder {
  const roundPrice = order.side === 'buy' ? roundDownTo : roundUpTo;
  const shape = {
    limit: roundPrice(order.limit, rules.tickSize),
    quantity: roundDownTo(order.quantity, rules.lotSize),
  };
  const refused = refusalOf(shape, rules);
  return refused === null ? { accepted: shape } : { refused, shape };
}

function refusalOf({ limit, quantity }: OrderShape, rules: MarketRules): ConstraintRefusal | null {
  if (!quantity.greaterThan(0) || quantity.lessThan(rules.minQuantity)) return 'BELOW_MIN_QUANTITY';
  if (notional(quantity, limit).lessThan(rules.minNotional)) return 'BELOW_MIN_NOTIONAL';
  return isInBand(limit, rules.priceBand) ? null : 'PRICE_OUT_OF_BAND';
}

function isInBand(limit: Decimal, band: MarketRules['priceBand']): boolean {
  if (!limit.greaterThan(0)) return false;
  if (band === null) return true;
  if (band.low !== null && limit.lessThan(band.low)) return false;
  return band.high === null || limit.lessThanOrEqualTo(band.high);
}
