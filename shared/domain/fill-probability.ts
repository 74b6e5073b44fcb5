// The one model that calculates in floats (FP-1). It ranks levels and leaves some out; it never touches money.
import { type Decimal, DomainInputError } from './decimal.ts';
import type { Side } from './side.ts';

/** What is known of a market; `natr` is a ratio, `flowZ` the z-score of signed volume, above 0 where buyers press. */
export interface FillFeatures {
  readonly mid: Decimal;
  readonly natr: Decimal;
  readonly horizonSeconds: number;
  readonly flowZ: Decimal;
}

/** A chance, 0 … 1, and what it was read from, in basis points of mid. */
export interface FillEstimate {
  readonly distanceBps: number;
  readonly expectedMoveBps: number;
  readonly probability: number;
}

/** The horizon where none is given. */
export const DEFAULT_HORIZON_SECONDS = 60;

const BPS = 10_000;
const BAR_SECONDS = 300;
const LEAST_PERCENT = 5;
const MOST_PERCENT = 95;

/**
 * Estimates how likely a limit order is to fill within the horizon (FP-1). Throws DomainInputError for a mid that is
 * not above 0, and for a range or a horizon below 0.
 */
export function estimateFill(order: { readonly side: Side; readonly price: Decimal }, features: FillFeatures): FillEstimate {
  refuseUnusable(features);
  const { mid, natr, horizonSeconds, flowZ } = features;
  const offset = order.side === 'buy' ? mid.minus(order.price) : order.price.minus(mid);
  // Exact up to here, so that a distance is the float nearest to it and not one of several close by.
  const distanceBps = offset.times(BPS).dividedBy(mid).toNumber();
  const expectedMoveBps = natr.times(BPS).toNumber() * Math.sqrt(horizonSeconds / BAR_SECONDS);
  const percent = baseTenths(distanceBps, expectedMoveBps) * flowTenths(order.side, flowZ);
  return { distanceBps, expectedMoveBps, probability: Math.min(MOST_PERCENT, Math.max(LEAST_PERCENT, percent)) / 100 };
}

function baseTenths(distance: number, move: number): number {
  if (distance <= 0) return 9;
  if (distance < move / 2) return 7;
  if (distance < move) return 5;
  return distance < 1.5 * move ? 3 : 1;
}

function flowTenths(side: Side, flowZ: Decimal): number {
  if (flowZ.abs().lessThanOrEqualTo(1)) return 10;
  const pressing: Side = flowZ.greaterThan(0) ? 'buy' : 'sell';
  return side === pressing ? 7 : 13;
}

function refuseUnusable({ mid, natr, horizonSeconds }: FillFeatures): void {
  if (!mid.greaterThan(0)) throw new DomainInputError('mid', 'a price above 0', mid.toFixed());
  if (natr.lessThan(0)) throw new DomainInputError('natr', 'a ratio of at least 0', natr.toFixed());
  if (!(horizonSeconds >= 0)) throw new DomainInputError('horizonSeconds', 'a duration of at least 0', String(horizonSeconds));
}
