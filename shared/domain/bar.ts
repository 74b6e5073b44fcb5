import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { Quote } from './quote.ts';
import { minutes } from './session-window.ts';

/** The prices of one stretch of time; `lastAt` is when its last price was true. */
export interface Bar {
  readonly startsAt: Millis;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly lastAt: Millis;
}

/** How bars lie on the clock: they begin at `opensAt`, the session's own start, and every `barMinutes` after it. */
export interface BarGrid {
  readonly opensAt: Millis;
  readonly barMinutes: number;
}

/** The bar that is being built, and the one that this quote has completed. */
export interface BarStep {
  readonly building: Bar | null;
  readonly completed: Bar | null;
}

/** Finds when the bar of an instant begins (SL-5): half-open stretches counted from the session's start. */
export function barStart(at: Millis, { opensAt, barMinutes }: BarGrid): Millis {
  const length = minutes(barMinutes);
  return opensAt + Math.floor((at - opensAt) / length) * length;
}

/**
 * Adds a quote to the bar being built (SL-5): a quote of a later bar completes it. Prices only move forward in
 * time, so one that is not newer than the last changes nothing; neither does one that is no price.
 */
export function addQuote(building: Bar | null, quote: Quote, grid: BarGrid): BarStep {
  const unusable = !quote.price.isFinite() || quote.price.lessThanOrEqualTo(0);
  if (unusable || (building !== null && quote.at <= building.lastAt)) return { building, completed: null };
  const startsAt = barStart(quote.at, grid);
  if (building === null || startsAt > building.startsAt) return { building: openBar(startsAt, quote), completed: building };
  return { building: extendBar(building, quote), completed: null };
}

function openBar(startsAt: Millis, { price, at }: Quote): Bar {
  return { startsAt, open: price, high: price, low: price, close: price, lastAt: at };
}

function extendBar(bar: Bar, { price, at }: Quote): Bar {
  return {
    ...bar,
    high: price.greaterThan(bar.high) ? price : bar.high,
    low: price.lessThan(bar.low) ? price : bar.low,
    close: price,
    lastAt: at,
  };
}
