// What the stop strategy asks for in a day: one watch a stock, made of the first minutes of its session.
import { Decimal, max, min, roundDownTo, toPlain } from '../../../shared/domain/decimal.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { MarketCalendar } from '../../../shared/domain/market-hours.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { MinuteBar } from './minute-file.ts';
import { MINUTE } from './minute-steps.ts';
import { NOTIONAL, STRATEGY } from './plan-message.ts';

const OPENING: Millis = 15 * MINUTE;
const DAY: Millis = 1440 * MINUTE;
/** Share of the opening's range that an entry may lose before its stop. */
const RISK = new Decimal('0.5');

/** The first quarter of an hour of a stock's session: how low and how high it traded. */
export interface Opening {
  readonly symbol: string;
  readonly low: Decimal;
  readonly high: Decimal;
}

/** One watch as plan-intake reads it. */
export interface PlannedStop {
  readonly symbol: string;
  readonly assetClass: 'stock';
  readonly kind: 'stop';
  readonly side: 'buy';
  readonly trigger: string;
  readonly limit: string;
  readonly quantity: string;
  readonly settings: { readonly INITIAL_STOP_TICKS: string };
}

/** One plan as plan-intake reads it; the version is the day, counted from 1970. */
export interface StopPlanMessage {
  readonly strategy: string;
  readonly version: number;
  readonly watches: readonly PlannedStop[];
}

/** Finds the openings of each trading day by the time at which they are known; bars outside a session are left out. */
export function openingsOf(bars: readonly MinuteBar[], calendar: MarketCalendar): ReadonlyMap<Millis, readonly Opening[]> {
  const days = new Map<Millis, Map<string, Opening>>();
  for (const bar of bars) {
    const opensAt = calendar.sessionOn(calendar.newYorkDate(bar.at))?.opensAt ?? Number.POSITIVE_INFINITY;
    if (bar.at < opensAt || bar.at >= opensAt + OPENING) continue;
    const openings = days.get(opensAt + OPENING) ?? new Map<string, Opening>();
    days.set(opensAt + OPENING, openings.set(bar.symbol, widened(openings.get(bar.symbol) ?? bar, bar)));
  }
  return new Map([...days].map(([at, openings]) => [at, [...openings.values()].toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))]));
}

const widened = (one: Opening, other: Opening): Opening => ({
  symbol: one.symbol,
  low: min(one.low, other.low),
  high: max(one.high, other.high),
});

/** Writes the plan of a day from the openings of its stocks, each with its own rules. */
export function stopPlanOf(
  at: Millis,
  openings: readonly Opening[],
  rulesOf: (symbol: string) => MarketRules,
  { initialStopTicks }: Pick<Settings, 'initialStopTicks'>,
): StopPlanMessage {
  const watches = openings.map((opening) => watchOf(opening, rulesOf(opening.symbol), initialStopTicks));
  return { strategy: STRATEGY, version: Math.floor(at / DAY), watches };
}

function watchOf({ symbol, low, high }: Opening, { tickSize, lotSize }: MarketRules, leastTicks: number): PlannedStop {
  const trigger = roundDownTo(low, tickSize);
  const limit = trigger.plus(tickSize);
  const risk = high.minus(low).times(RISK).dividedBy(tickSize).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
  return {
    symbol,
    assetClass: 'stock',
    kind: 'stop',
    side: 'buy',
    trigger: toPlain(trigger),
    limit: toPlain(limit),
    quantity: toPlain(roundDownTo(NOTIONAL.dividedBy(limit), lotSize)),
    settings: { INITIAL_STOP_TICKS: toPlain(max(risk, new Decimal(leastTicks))) },
  };
}
