import type { Bar } from './bar.ts';
import { type Decimal, roundDownTo, roundUpTo } from './decimal.ts';
import type { Settings } from './settings.ts';
import type { Side } from './side.ts';

/** What a stop follows: prices of one bar. */
export type BarPrices = Pick<Bar, 'open' | 'high' | 'low' | 'close'>;

/** A position's stop before a bar; `side` is the position's own, prices in quote currency. */
export interface TrailingStop {
  readonly side: Side;
  readonly stop: Decimal;
  readonly tickSize: Decimal;
}

/**
 * Works out where a completed bar moves a stop (SL-5): `TRAIL_TICKS` beyond the bar's far end, rounded away from
 * the price, and only where the bar went the position's way or stood still. Null while the stop stays.
 */
export function trailStop(trailing: TrailingStop, bar: BarPrices, settings: Pick<Settings, 'trailTicks'>): Decimal | null {
  return trailing.side === 'buy' ? trailLong(trailing, bar, settings.trailTicks) : trailShort(trailing, bar, settings.trailTicks);
}

function trailLong({ stop, tickSize }: TrailingStop, bar: BarPrices, ticks: number): Decimal | null {
  if (bar.open.greaterThan(bar.close)) return null;
  const candidate = roundDownTo(bar.low.minus(tickSize.times(ticks)), tickSize);
  return candidate.greaterThan(stop) ? candidate : null;
}

function trailShort({ stop, tickSize }: TrailingStop, bar: BarPrices, ticks: number): Decimal | null {
  if (bar.open.lessThan(bar.close)) return null;
  const candidate = roundUpTo(bar.high.plus(tickSize.times(ticks)), tickSize);
  return candidate.lessThan(stop) ? candidate : null;
}
