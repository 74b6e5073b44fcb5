// The prices of a plan's watch on the venue's tick, each rounded so that nothing happens sooner or nearer than asked (EX-10).
import { shapeOrder } from './domain/constraints.ts';
import type { ConstraintRefusal, MarketRules, OrderShape } from './domain/constraints.ts';
import { roundDownTo, roundUpTo } from './domain/decimal.ts';
import type { Decimal } from './domain/decimal.ts';
import type { Settings } from './domain/settings.ts';
import type { Side } from './domain/side.ts';
import { protectionAt, stopRefusal } from './domain/stop-price.ts';
import type { StopPolicy } from './domain/stop-price.ts';
import type { EntryKind } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';

/**
 * How a plan's watch enters (SL-1): a limit order, with a stop price of its own or none; or a buy-stop at `limit` once
 * `trigger` was reached, whose take-profit is so many times its risk, as often as the settings say, or nowhere.
 */
export type PlanEntry =
  | { readonly kind: 'limit'; readonly stop: Decimal | null }
  | { readonly kind: 'stop'; readonly trigger: Decimal; readonly takeProfitMultiple: Decimal | 'AS_SET' | null };

/** Prices and quantity of one watch, as a plan gives them. */
export type PlanShape = PlanEntry & OrderShape & { readonly side: Side; readonly takeProfit: Decimal | null };

/** Why an entry is refused whose stop could not be placed (SL-4, EX-10). */
export type StopRefusal = 'STOP_NOT_POSITIVE' | `STOP_${ConstraintRefusal}`;

/** What a watch enters with, on the tick. */
export interface WatchShape extends OrderShape {
  readonly entry: EntryKind;
  readonly takeProfit: Decimal | null;
  readonly stop: StopPolicy;
}

const awayFrom = (side: Side): typeof roundUpTo => (side === 'buy' ? roundUpTo : roundDownTo);
const below = (side: Side): typeof roundUpTo => (side === 'buy' ? roundDownTo : roundUpTo);

/**
 * Rounds the price an entry waits at: a limit to the venue's side (a buy's down), a buy-stop's up, so that it never
 * fires below what was asked; and checks what comes out (EX-10). Sells mirror.
 */
const shapeEntry = (watch: PlanShape, rules: MarketRules): ReturnType<typeof shapeOrder> => {
  const limit = watch.kind === 'stop' ? awayFrom(watch.side)(watch.limit, rules.tickSize) : watch.limit;
  return shapeOrder({ side: watch.side, quantity: watch.quantity, limit }, rules);
};

const kindOf = (watch: PlanShape, { tickSize }: MarketRules, field: string): EntryKind => {
  if (watch.kind === 'limit') return { kind: 'limit' };
  const { side, limit } = watch;
  const isBeyond = side === 'buy' ? watch.trigger.greaterThan(limit) : watch.trigger.lessThan(limit);
  if (isBeyond) throw new InvalidInputError(`${field}.trigger`, `a price ${side === 'buy' ? 'at or below' : 'at or above'} the limit`);
  const trigger = below(side)(watch.trigger, tickSize);
  if (!trigger.greaterThan(0)) throw new InvalidInputError(`${field}.trigger`, 'a price of at least one tick');
  return { kind: 'stop', trigger };
};

const policyOf = (watch: PlanShape, limit: Decimal, given: { rules: MarketRules; settings: Settings; field: string }): StopPolicy => {
  const { side } = watch;
  if (watch.kind === 'stop') {
    // A take-profit of its own wins over a multiple of the risk.
    const multiple = watch.takeProfitMultiple === 'AS_SET' ? given.settings.takeProfitMultiple : watch.takeProfitMultiple;
    return { kind: 'stop', takeProfitMultiple: watch.takeProfit === null ? multiple : null };
  }
  if (watch.stop === null) return { kind: 'limit', ownStop: null };
  const ownStop = below(side)(watch.stop, given.rules.tickSize);
  const loses = side === 'buy' ? ownStop.lessThan(limit) : ownStop.greaterThan(limit);
  if (!loses) throw new InvalidInputError(`${given.field}.stop`, `a price a tick or more ${side === 'buy' ? 'below' : 'above'} the limit`);
  return { kind: 'limit', ownStop };
};

/**
 * Brings a watch onto the venue's steps: quantity down, a limit or a buy-stop's price so that it never fires early, its
 * trigger and its own stop on their losing side, its take-profit on the other (EX-10).
 * @throws InvalidInputError naming a trigger or a stop that lies on the wrong side of the limit
 */
export const shapeWatch = (
  watch: PlanShape,
  given: { readonly rules: MarketRules; readonly settings: Settings; readonly field: string },
): WatchShape | { readonly refused: ConstraintRefusal } => {
  const { rules, field } = given;
  const shaped = shapeEntry(watch, rules);
  const { limit, quantity } = 'refused' in shaped ? shaped.shape : shaped.accepted;
  const entry = kindOf(watch, rules, field);
  const stop = policyOf(watch, limit, given);
  if ('refused' in shaped) return { refused: shaped.refused };
  const takeProfit = watch.takeProfit === null ? null : awayFrom(watch.side)(watch.takeProfit, rules.tickSize);
  return { limit, quantity, entry, stop, takeProfit };
};

/**
 * Finds why an entry could not be protected at the venue (SL-4, EX-10): its stop is worked out from the price it waits
 * at, for the whole quantity. Null where the venue would take such an order.
 */
export const stopRefusalOf = (side: Side, shape: WatchShape, rules: MarketRules, settings: Settings): StopRefusal | null => {
  const protection = protectionAt({ side, price: shape.limit, tickSize: rules.tickSize }, shape.stop, settings);
  if (protection === null) return 'STOP_NOT_POSITIVE';
  const reason = stopRefusal(shape.quantity, { side, stop: protection.stop }, rules);
  return reason === null ? null : `STOP_${reason}`;
};
