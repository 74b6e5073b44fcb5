// Four prices an hour: a bar without an open tells how low it went and where it ended, and no more.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Bar } from './market-files.ts';

/** Milliseconds in an hour. */
export const HOUR: Millis = 3_600_000;
const MINUTE: Millis = 60_000;
const HALF_MINUTE: Millis = 30_000;
const PRICES_AN_HOUR = 4;
const MINUTES_APART = 15;

/** A price of one symbol; a sale never fills where `sellable` is false. Volume in units, null where unknown. */
export interface StepPrice {
  readonly symbol: string;
  readonly price: Decimal;
  readonly sellable: boolean;
  readonly volume: Decimal | null;
}

/** Everything that happens at one instant of a replay, in the order of `at`. */
export type Step =
  | { readonly kind: 'START'; readonly id: string; readonly at: Millis }
  | { readonly kind: 'PLAN'; readonly id: string; readonly at: Millis }
  | {
      readonly kind: 'PRICES';
      readonly id: string;
      readonly at: Millis;
      readonly prices: readonly StepPrice[];
      /** Whether no schedule is due between the step before and this one: then only their repeats are. */
      readonly betweenSchedules: boolean;
    };

/** What of the bars is replayed: from the first instant (inclusive) to the last (exclusive). */
export interface Range {
  readonly from: Millis;
  readonly to: Millis;
}

/**
 * Turns bars into steps: a start that reads the account, then for each hour with bars its plan, and four prices at
 * :14:30, :29:30, :44:30 and :59:30. A symbol's first bar of all has no last price and starts from its own low.
 */
export function stepsOf(bars: readonly Bar[], range: Range): readonly Step[] {
  const lastPrices = new Map<string, Decimal>();
  const steps: Step[] = [];
  for (const [hour, ofHour] of byHour(bars)) {
    const priced = ofHour.map((bar) => ({ bar, last: lastPrices.get(bar.symbol) ?? bar.low }));
    for (const bar of ofHour) lastPrices.set(bar.symbol, bar.close);
    if (hour >= range.from && hour < range.to) steps.push(...stepsOfHour(hour, priced));
  }
  const first = steps[0];
  return first === undefined ? [] : [{ kind: 'START', id: 'START', at: first.at }, ...steps];
}

interface PricedBar {
  readonly bar: Bar;
  readonly last: Decimal;
}

function byHour(bars: readonly Bar[]): ReadonlyMap<Millis, readonly Bar[]> {
  const hours = new Map<Millis, Bar[]>();
  for (const bar of bars) {
    const known = hours.get(bar.hour);
    if (known === undefined) hours.set(bar.hour, [bar]);
    else known.push(bar);
  }
  return hours;
}

function stepsOfHour(hour: Millis, bars: readonly PricedBar[]): readonly Step[] {
  const prices = Array.from({ length: PRICES_AN_HOUR }, (_, quarter): Step => {
    const at = hour + (quarter + 1) * MINUTES_APART * MINUTE - HALF_MINUTE;
    return { kind: 'PRICES', id: new Date(at).toISOString(), at, prices: bars.map((bar) => priceOf(bar, quarter)), betweenSchedules: false };
  });
  return [{ kind: 'PLAN', id: new Date(hour).toISOString(), at: hour }, ...prices];
}

function priceOf({ bar, last }: PricedBar, quarter: number): StepPrice {
  const path = [midway(last, bar.low), bar.low, midway(bar.low, bar.close), bar.close];
  return {
    symbol: bar.symbol,
    price: path[quarter] ?? bar.close,
    // Only the low may be a price at which nobody could have sold.
    sellable: quarter !== 1,
    volume: bar.volume === null ? null : bar.volume.dividedBy(PRICES_AN_HOUR),
  };
}

function midway(one: Decimal, other: Decimal): Decimal {
  return one.plus(other).dividedBy(2);
}
