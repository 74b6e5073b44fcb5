import { Decimal, DomainInputError, roundDownTo, roundUpTo } from './decimal.ts';
import { type FillFeatures, estimateFill } from './fill-probability.ts';
import type { Side } from './side.ts';
import { compareText } from './text-order.ts';

/** What a grid is meant to do: stand, stand down, or get out of the market at once. */
export type GridMode = 'normal' | 'pause' | 'emergency';

/** The market as the fill model sees it, and the chance (0 … 1) below which a level is left out. */
export interface GridFillModel extends FillFeatures {
  readonly minimum: Decimal;
}

/** An arithmetic grid; `sizes` are units from level 1 outwards and the last repeats, `makerFeeRate` is a ratio. */
export interface Grid {
  readonly centre: Decimal;
  readonly skewBps: Decimal;
  readonly spacingBps: Decimal;
  readonly levelsUp: number;
  readonly levelsDown: number;
  readonly sizes: readonly Decimal[];
  readonly tickSize: Decimal;
  readonly makerFeeRate: Decimal;
  readonly fillModel: GridFillModel | null;
}

/** One wanted order of a grid; the profit is what a round trip to the centre leaves after two maker fees. */
export interface GridLevel {
  readonly level: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly expectedProfitBps: Decimal;
}

/** Why a level of a grid is not wanted. */
export type LeftOutReason = 'PRICE_NOT_POSITIVE' | 'FILL_UNLIKELY';

/** A level that is not wanted; it keeps its number, so that the others keep theirs. */
export interface LeftOutLevel {
  readonly level: string;
  readonly reason: LeftOutReason;
}

/** What a grid wants now; levels from the centre outwards, `cancel` sorted, with the reason for it. */
export interface WantedGrid {
  readonly sells: readonly GridLevel[];
  readonly buys: readonly GridLevel[];
  readonly leftOut: readonly LeftOutLevel[];
  readonly cancel: readonly string[];
  readonly reason: 'GRID_PAUSED' | 'GRID_EMERGENCY' | null;
}

/** Levels a side may have: each is a slot of its own. */
export const MOST_GRID_LEVELS = 1000;

const BPS = new Decimal(10_000);

/**
 * Works out what a grid wants (EX-5): its levels, or in `pause` and `emergency` nothing but to cancel the live orders
 * named. Throws DomainInputError for a spacing or size not above 0, and for a count of levels that is none.
 */
export function wantedGrid(grid: Grid, mode: GridMode, live: readonly string[]): WantedGrid {
  if (mode !== 'normal') {
    const reason = mode === 'pause' ? 'GRID_PAUSED' : 'GRID_EMERGENCY';
    return { sells: [], buys: [], leftOut: [], cancel: live.toSorted(compareText), reason };
  }
  refuseUnusable(grid);
  const sells = levelsOf(grid, 'sell', grid.levelsUp);
  const buys = levelsOf(grid, 'buy', grid.levelsDown);
  return { sells: sells.wanted, buys: buys.wanted, leftOut: [...sells.leftOut, ...buys.leftOut], cancel: [], reason: null };
}

function levelsOf(grid: Grid, side: Side, count: number): { readonly wanted: readonly GridLevel[]; readonly leftOut: readonly LeftOutLevel[] } {
  const wanted: GridLevel[] = [];
  const leftOut: LeftOutLevel[] = [];
  for (let index = 1; index <= count; index += 1) {
    const level = levelAt(grid, side, index);
    const reason = leftOutReason(level, grid.fillModel);
    if (reason === null) wanted.push(level);
    else leftOut.push({ level: level.level, reason });
  }
  return { wanted, leftOut };
}

function levelAt({ centre, skewBps, spacingBps, sizes, tickSize, makerFeeRate }: Grid, side: Side, index: number): GridLevel {
  const away = spacingBps.times(index);
  const factor = side === 'sell' ? BPS.plus(away) : BPS.minus(away);
  const skewed = centre.times(BPS.plus(skewBps));
  // A centre that is skewed below zero must not come back above it through a second negative factor.
  const exact = skewed.greaterThan(0) ? skewed.times(factor).dividedBy(BPS).dividedBy(BPS) : skewed;
  const quantity = sizes[Math.min(index, sizes.length) - 1];
  if (quantity === undefined) throw new DomainInputError('sizes', 'at least one size', 'none');
  return {
    level: `${side.toUpperCase()}_${index}`,
    side,
    price: side === 'sell' ? roundUpTo(exact, tickSize) : roundDownTo(exact, tickSize),
    quantity,
    expectedProfitBps: away.minus(makerFeeRate.times(BPS).times(2)),
  };
}

function leftOutReason(level: GridLevel, fillModel: GridFillModel | null): LeftOutReason | null {
  if (!level.price.greaterThan(0)) return 'PRICE_NOT_POSITIVE';
  if (fillModel === null) return null;
  return new Decimal(estimateFill(level, fillModel).probability).lessThan(fillModel.minimum) ? 'FILL_UNLIKELY' : null;
}

function refuseUnusable({ spacingBps, levelsUp, levelsDown, sizes }: Grid): void {
  if (!spacingBps.greaterThan(0)) throw new DomainInputError('spacingBps', 'basis points above 0', spacingBps.toFixed());
  for (const [field, count] of [['levelsUp', levelsUp], ['levelsDown', levelsDown]] as const) {
    if (count < 0 || count > MOST_GRID_LEVELS) throw new DomainInputError(field, `a count up to ${MOST_GRID_LEVELS}`, String(count));
  }
  const unusable = sizes.find((size) => !size.greaterThan(0));
  if (unusable !== undefined) throw new DomainInputError('sizes', 'quantities above 0', unusable.toFixed());
}
