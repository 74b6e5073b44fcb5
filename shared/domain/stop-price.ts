// Where a position is protected and how much of it (SL-4); set once, at the first fill.
import { type ConstraintRefusal, type MarketRules, shapeOrder } from './constraints.ts';
import { Decimal, ZERO, max, roundDownTo, roundHalfUpTo } from './decimal.ts';
import type { Settings } from './settings.ts';
import type { Side } from './side.ts';

/** What decides about a stop: a `stop` entry's distance in ticks, or a `limit` watch's own price or else a ratio. */
export type StopPolicy =
  | { readonly kind: 'stop'; readonly takeProfitMultiple: Decimal | null }
  | { readonly kind: 'limit'; readonly ownStop: Decimal | null };

/** The first fill of an entry, or the price it is expected at; `side` is the entry's own. */
export interface StopBasis {
  readonly side: Side;
  readonly price: Decimal;
  readonly tickSize: Decimal;
}

/** Prices at which a position ends. */
export interface Protection {
  readonly stop: Decimal;
  readonly takeProfit: Decimal | null;
}

type StopSettings = Pick<Settings, 'initialStopTicks' | 'limitStopRatio'>;

const ONE = new Decimal(1);

/**
 * Works out stop and take-profit of a first fill (SL-4), each rounded half up to the tick. Null where the stop
 * would be at or below zero: such an entry is refused. A `limit` watch's take-profit is its own and not made here.
 */
export function protectionAt(basis: StopBasis, policy: StopPolicy, settings: StopSettings): Protection | null {
  const stop = roundHalfUpTo(rawStop(basis, policy, settings), basis.tickSize);
  if (stop.lessThanOrEqualTo(0)) return null;
  return { stop, takeProfit: policy.kind === 'stop' ? takeProfitOf(basis, stop, policy.takeProfitMultiple) : null };
}

/** What protects a holding: an order at the venue, or our own watch over what is too small for one. Quantities in units. */
export type Cover =
  | { readonly kind: 'NOTHING_HELD' }
  | { readonly kind: 'ORDER'; readonly quantity: Decimal }
  | { readonly kind: 'WATCHED'; readonly quantity: Decimal; readonly reason: ConstraintRefusal };

/** Works out what an entry's fills leave to protect (SL-4): filled minus fees taken in the base asset, down to the lot. */
export function heldQuantity(filledQuantity: Decimal, baseFees: Decimal, lotSize: Decimal): Decimal {
  return max(ZERO, roundDownTo(filledQuantity.minus(baseFees), lotSize));
}

/** Finds what covers a holding (SL-4): the protective order, unless the venue would refuse one of that size at the stop's price. */
export function coverOf(held: Decimal, holding: { readonly side: Side; readonly stop: Decimal }, rules: MarketRules): Cover {
  if (held.lessThanOrEqualTo(0)) return { kind: 'NOTHING_HELD' };
  const reason = stopRefusal(held, holding, rules);
  return reason === null ? { kind: 'ORDER', quantity: roundDownTo(held, rules.lotSize) } : { kind: 'WATCHED', quantity: held, reason };
}

/** Finds why a venue would refuse a stop (EX-10), and with it the entry it were to protect; null where it would take it. */
export function stopRefusal(
  quantity: Decimal,
  holding: { readonly side: Side; readonly stop: Decimal },
  rules: MarketRules,
): ConstraintRefusal | null {
  const shaped = shapeOrder({ side: holding.side === 'buy' ? 'sell' : 'buy', limit: holding.stop, quantity }, rules);
  return 'refused' in shaped ? shaped.refused : null;
}

function rawStop({ side, price, tickSize }: StopBasis, policy: StopPolicy, settings: StopSettings): Decimal {
  if (policy.kind === 'limit') {
    if (policy.ownStop !== null) return policy.ownStop;
    const { limitStopRatio } = settings;
    return price.times(side === 'buy' ? ONE.minus(limitStopRatio) : ONE.plus(limitStopRatio));
  }
  const risk = tickSize.times(settings.initialStopTicks);
  return side === 'buy' ? price.minus(risk) : price.plus(risk);
}

function takeProfitOf({ price, tickSize }: StopBasis, stop: Decimal, multiple: Decimal | null): Decimal | null {
  // For a short the risk is negative, and so the same sum mirrors.
  return multiple === null ? null : roundHalfUpTo(price.plus(multiple.times(price.minus(stop))), tickSize);
}
