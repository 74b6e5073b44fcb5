// What was promised of every position (SL-4 to SL-13), asked of what the venue recorded; every difference is named.
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import type { VenueEvent } from '../../../shared/adapters/paper/venue-model.ts';
import { type Decimal, ZERO, toPlain } from '../../../shared/domain/decimal.ts';
import { type Millis, MILLIS_PER_SECOND } from '../../../shared/domain/instant.ts';
import { tradingDay } from '../../../shared/domain/market-hours.ts';
import type { CheckResult, StopFacts } from '../report/facts.ts';
import { type CoverEvent, type Stretch, heldBy } from './coverage.ts';
import { symbolOf } from './market-files.ts';

/** Checks that no position was without cover for longer than allowed; what we watch ourselves is named apart (SL-4, SL-7). */
export function coverCheck(stretches: readonly Stretch[], { uncovered, watched }: Pick<StopFacts, 'uncovered' | 'watched'>): CheckResult {
  const { limitSeconds } = uncovered;
  const tooLong = stretches.filter((stretch) => secondsOf(stretch) > limitSeconds);
  const apart = watched.length === 0 ? '' : `; too small for a stop at the venue and watched by ourselves: ${watched.join(', ')}`;
  return {
    name: 'every second of every position was covered by a stop at the venue or an exit in flight',
    looked: `at worst ${worstText(uncovered)}, held to ${limitSeconds} s${apart}`,
    differences: tooLong.map((stretch) => `${stretch.symbol}: ${toPlain(stretch.quantity)} without cover for ${secondsOf(stretch)} s from ${iso(stretch.from)}`),
  };
}

const worstText = ({ worst }: StopFacts['uncovered']): string =>
  worst === null ? '0 s without' : `${worst.seconds} s without (${worst.symbol}, ${toPlain(worst.quantity)})`;
const iso = (at: Millis): string => new Date(at).toISOString();

/** How long a stretch took, seconds. */
export const secondsOf = ({ from, to }: Stretch): number => (to - from) / MILLIS_PER_SECOND;

/** Checks that nothing was ever sold that was not held: every plan of a replay buys. */
export function shortCheck(history: readonly CoverEvent[]): CheckResult {
  const held = new Map<string, Decimal>();
  let fills = 0;
  const differences = history.flatMap(({ at, order, fill }) => {
    if (fill === null) return [];
    fills += 1;
    const now = (held.get(order.symbol) ?? ZERO).plus(heldBy(fill));
    held.set(order.symbol, now);
    return now.isNegative() ? [`${order.symbol}: ${toPlain(now)} held after ${order.clientOrderId} filled at ${iso(at)}`] : [];
  });
  return { name: 'no position was ever short', looked: `${fills} fills`, differences };
}

/** Checks that no symbol was entered more often in a trading day than it may be, counted at the first fills (SL-2, EW-6). */
export function entriesCheck(history: readonly VenueEvent[], most: number): CheckResult {
  const calendar = nyseCalendar();
  const entries = new Map<string, Set<string>>();
  const counted = new Set<string>();
  for (const { order, fill } of history) {
    if (fill === null || order.reduceOnly || counted.has(order.clientOrderId)) continue;
    counted.add(order.clientOrderId);
    const key = `${order.symbol} on ${tradingDay(symbolOf(order.symbol).assetClass, fill.at, calendar)}`;
    entries.set(key, (entries.get(key) ?? new Set()).add(order.clientOrderId));
  }
  const greatest = Math.max(0, ...[...entries.values()].map(({ size }) => size));
  return {
    name: 'no symbol was entered more often in a day than allowed',
    looked: `at most ${greatest} entries, held to ${most}`,
    differences: [...entries].flatMap(([key, { size }]) => (size > most ? [`${key}: ${size} entries`] : [])),
  };
}

/** An order and the price it waits for, if any. */
export type PricedOrder = Pick<CoverEvent['order'], 'clientOrderId' | 'symbol' | 'stopPrice'>;

/** Checks that every price at which an order waited is a whole number of ticks, to the last digit. */
export function tickCheck(orders: readonly PricedOrder[], tickOf: (symbol: string) => Decimal): CheckResult {
  const prices = new Map(orders.flatMap((order) => (order.stopPrice === null ? [] : [[`${order.clientOrderId} at ${toPlain(order.stopPrice)}`, order] as const])));
  return {
    name: 'every stop price is an exact multiple of the tick',
    looked: `${prices.size} stop prices`,
    differences: [...prices].flatMap(([name, { symbol, stopPrice }]) =>
      stopPrice === null || stopPrice.modulo(tickOf(symbol)).isZero() ? [] : [`${symbol}: ${name}`],
    ),
  };
}

/** Notes that tell of what must not be (SL-12, SL-13). */
const ALARMS = ['RACE', 'ANOMALY'] as const;

/** Checks that nothing raised an alarm; where faults were asked for, or the run was killed on its way, alarms are told and are no difference. */
export function alarmCheck(notes: Readonly<Record<string, number>>, isFaulty: boolean): CheckResult {
  const raised = ALARMS.flatMap((name) => (notes[name] === undefined ? [] : [`${name} DETECTED ${notes[name]} times`]));
  const looked = Object.values(notes).reduce((total, times) => total + times, 0);
  return {
    name: 'no race and no anomaly was detected',
    looked: isFaulty ? `${looked} notes; faults were asked for: ${raised.length === 0 ? 'none' : raised.join(', ')}` : `${looked} notes`,
    differences: isFaulty ? [] : raised,
  };
}
