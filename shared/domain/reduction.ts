// A position reduced in slices (EX-1): how much of it is due when, and how much the stop leaves to the slice in flight.
import { shapeOrder } from './constraints.ts';
import type { ConstraintRefusal, MarketRules } from './constraints.ts';
import type { Context } from './context.ts';
import { ZERO, max, min, roundDownTo } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import { settingsWith } from './market-time.ts';
import type { FillPart } from './order-progress.ts';
import type { Held } from './position-moves.ts';
import { tradableQuantity } from './position-moves.ts';
import { heldQuantity, remainingQuantity } from './room.ts';
import type { Holding, Reduction, ReductionTerms, SliceStep } from './slot.ts';
import { coverOf } from './stop-price.ts';
import type { Cover } from './stop-price.ts';
import { beyond } from './taker-limit.ts';

/** Units that the stop leaves uncovered, because a slice is about to sell them or sells them now (SL-6). */
export const slicedQuantity = ({ reduction }: Pick<Holding, 'reduction'>): Decimal => {
  const step = reduction?.step;
  if (step?.status === 'SHRINKING') return step.quantity;
  return step?.status === 'SELLING' ? remainingQuantity(step.order) : ZERO;
};

/** Units that nothing but a stop or another sale can sell: what a slice in flight may still take is not theirs (SL-6). */
export const besideSlice = (position: Held): Decimal => {
  const { reduction } = position;
  const inFlight = reduction?.step.status === 'SELLING' ? remainingQuantity(reduction.step.order) : ZERO;
  return max(ZERO, tradableQuantity(position).minus(inFlight));
};

/** What covers a position beside its slice (SL-4, EX-1). What is less than a lot no order could sell: it is watched until it goes (EX-7). */
export const coverFor = (position: Held): Cover => coverWithout(position, slicedQuantity(position));

/** What would cover a position that is so many units smaller. */
export const coverWithout = (position: Held, sliced: Decimal): Cover => {
  const { side, stopPrice: stop, rules } = position;
  const held = heldQuantity(position.lots);
  if (stop === null || held.isZero()) return { kind: 'NOTHING_HELD' };
  const left = tradableQuantity(position).minus(sliced);
  if (left.greaterThan(ZERO)) return coverOf(left, { side, stop }, rules.market);
  return sliced.isZero() ? { kind: 'WATCHED', quantity: held, reason: 'BELOW_MIN_QUANTITY' } : { kind: 'NOTHING_HELD' };
};

interface Schedule {
  readonly total: Decimal;
  readonly slices: number;
}

/** The least that a slice of a position may trade at, whatever becomes of the price meanwhile. */
const leastPrice = ({ stopPrice, lots, side }: Held, { settings }: Context): Decimal => {
  const paid = lots[0]?.price ?? stopPrice ?? ZERO;
  const low = stopPrice === null ? paid : min(stopPrice, paid);
  return beyond(side === 'buy' ? 'sell' : 'buy', low, side === 'buy' ? settings.takerSlippageRatio : ZERO);
};

const refusalOf = (quantity: Decimal, price: Decimal, market: MarketRules): ConstraintRefusal | null => {
  // The band is asked of each slice when its price is known.
  const shaped = shapeOrder({ side: 'sell', limit: price, quantity }, { ...market, priceBand: null });
  return 'refused' in shaped ? shaped.refused : null;
};

const baseOf = ({ total, slices }: Schedule, { lotSize }: MarketRules): Decimal => roundDownTo(total.dividedBy(slices), lotSize);

/** As many slices as are wanted, or as there can be with each at the venue's minimum; the remainder goes with the last (EX-1). */
const scheduleOf = (total: Decimal, wanted: number, position: Held, context: Context): Schedule | ConstraintRefusal => {
  const { market } = position.rules;
  const price = leastPrice(position, context);
  for (let slices = wanted; slices > 1; slices -= 1) {
    if (refusalOf(baseOf({ total, slices }, market), price, market) === null) return { total, slices };
  }
  return refusalOf(total, price, market) ?? { total, slices: 1 };
};

export interface Asked {
  readonly strategy: string;
  readonly terms: ReductionTerms;
}

/** Tells whether two wishes are the same. */
export const isSameWish = (a: ReductionTerms, b: ReductionTerms): boolean =>
  a.quantity.equals(b.quantity) && a.slices === b.slices && a.durationSeconds === b.durationSeconds;

const DONE: SliceStep = { status: 'DONE' };

/** A slice that is out stays out, whatever is wanted now. */
const withStep = (next: Reduction, known: Reduction, step: SliceStep): Reduction => ({
  ...next,
  step: known.step.status === 'SELLING' ? known.step : step,
});

const leftOf = (position: Held, { quantity }: ReductionTerms, sold: Decimal): Decimal =>
  min(roundDownTo(quantity.minus(sold), position.rules.market.lotSize), tradableQuantity(position));

const scheduled = ({ total, slices }: Schedule, { strategy, terms }: Asked, sold: Decimal, now: Millis): Reduction => ({
  strategy,
  wanted: terms,
  total,
  slices,
  begun: 0,
  startedAt: now,
  soldBefore: sold,
  sold,
  failures: 0,
  step: { status: 'WAITING', nextAt: now },
});

/**
 * Schedules a reduction (EX-1), at most of what is held. Other terms of one under way are of the same wish: what it has
 * sold counts, a slice that is out goes on. Refused where not even one slice is what the venue takes (EX-10).
 */
export const reductionOf = (position: Held, asked: Asked, context: Context): Reduction | ConstraintRefusal => {
  const { reduction: known } = position;
  const sold = known?.sold ?? ZERO;
  const schedule = scheduleOf(leftOf(position, asked.terms, sold), asked.terms.slices, position, context);
  if (typeof schedule === 'string') return known === null ? schedule : withStep(scheduled({ total: sold, slices: 1 }, asked, sold, context.now), known, DONE);
  const next = scheduled({ ...schedule, total: sold.plus(schedule.total) }, asked, sold, context.now);
  return known === null ? next : withStep(next, known, next.step);
};

/** When the slice of a place is due; slices are counted from 0. */
const dueAt = ({ startedAt, wanted, slices }: Reduction, place: number): Millis =>
  startedAt + Math.ceil((place * wanted.durationSeconds * 1000) / slices);

/** Place of the last slice that is due by now. */
const placeAt = (reduction: Reduction, now: Millis): number => {
  const { startedAt, wanted, slices } = reduction;
  const passed = Math.floor(((now - startedAt) * slices) / (wanted.durationSeconds * 1000));
  return Math.max(0, Math.min(slices - 1, passed));
};

export interface DueSlice {
  readonly place: number;
  readonly isLast: boolean;
  readonly quantity: Decimal;
}

/** Works out what is due by now (EX-1): the schedule's sum less what was sold, so that what a slice has left over is caught up. */
export const dueSlice = (reduction: Reduction, market: MarketRules, now: Millis): DueSlice => {
  const { total, soldBefore, sold, slices } = reduction;
  const place = placeAt(reduction, now);
  const isLast = place === slices - 1;
  const base = baseOf({ total: total.minus(soldBefore), slices }, market);
  const target = isLast ? total : soldBefore.plus(base.times(place + 1));
  return { place, isLast, quantity: max(ZERO, target.minus(sold)) };
};

/** A slice that is over: the next waits for its time, or for the next event where the last one was, or this one was refused. */
export const waiting = (reduction: Reduction, from: Millis): Reduction => {
  const nextAt = reduction.begun < reduction.slices ? Math.max(from, dueAt(reduction, reduction.begun)) : from;
  return { ...reduction, step: { status: 'WAITING', nextAt } };
};

/** A reduction while its position is left: the stop shrinks for nobody any more, and a slice that is out goes on (SL-6). */
export const paused = (reduction: Reduction | null, now: Millis): Reduction | null =>
  reduction?.step.status === 'SHRINKING' ? { ...reduction, step: { status: 'WAITING', nextAt: now } } : reduction;

/** Counts what was sold for a reduction; quantities in units. */
export const withSold = (reduction: Reduction, parts: readonly Pick<FillPart, 'counted'>[]): Reduction => ({
  ...reduction,
  sold: parts.reduce((sold, part) => sold.plus(part.counted), reduction.sold),
});

/** Tells whether slices that sell nothing may still be tried (EX-1, SL-6). */
export const mayReduce = ({ rules }: Held, { failures }: Reduction, { settings }: Context): boolean =>
  failures <= settingsWith(rules.own, settings).maxOrderRetries;
