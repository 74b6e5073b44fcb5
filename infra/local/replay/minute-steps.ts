// Up to two prices a minute: how low it fell, where that is news, and where it ended.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { MinuteBar } from './minute-file.ts';
import type { Range, Step, StepPrice } from './price-steps.ts';

/** Milliseconds in a minute. */
export const MINUTE: Millis = 60_000;
/** When in its minute each price comes: apart from every poll, and a reconcile between any two. */
const LOW_AFTER: Millis = 5_000;
const CLOSE_AFTER: Millis = 35_000;

/** A bar, and whether it fell below its close and the last price before it. */
interface Judged {
  readonly bar: MinuteBar;
  readonly falls: boolean;
}

/**
 * Turns bars into steps: a start a minute before the first of them, each plan at its time, and for each minute with bars
 * the lows that neither its closes nor the prices before them tell, then the closes.
 */
export function minuteStepsOf(bars: readonly MinuteBar[], range: Range, planTimes: readonly Millis[]): readonly Step[] {
  const prices = pricesOf(bars).filter(({ at }) => at >= range.from && at < range.to);
  const plans = planTimes.filter((at) => at >= range.from && at < range.to).map(planStep);
  const steps = [...plans, ...prices].toSorted((a, b) => a.at - b.at);
  const first = steps[0];
  // The schedules of the full minute between them read prices and equity for the first time.
  return first === undefined ? [] : [{ kind: 'START', id: 'START', at: minuteOf(first.at) - MINUTE }, ...steps];
}

const minuteOf = (at: Millis): Millis => Math.floor(at / MINUTE) * MINUTE;
const planStep = (at: Millis): Step => ({ kind: 'PLAN', id: `PLAN ${new Date(at).toISOString()}`, at });

function pricesOf(bars: readonly MinuteBar[]): readonly Step[] {
  const last = new Map<string, Decimal>();
  const judged = bars.map((bar): Judged => {
    const before = last.get(bar.symbol) ?? bar.open;
    last.set(bar.symbol, bar.close);
    return { bar, falls: bar.low.lessThan(bar.close) && bar.low.lessThan(before) };
  });
  return byMinute(judged).flatMap(([at, ofMinute]) => stepsOfMinute(at, ofMinute));
}

function byMinute(judged: readonly Judged[]): readonly (readonly [Millis, readonly Judged[]])[] {
  const minutes = new Map<Millis, Judged[]>();
  for (const one of judged) {
    const known = minutes.get(one.bar.at);
    if (known === undefined) minutes.set(one.bar.at, [one]);
    else known.push(one);
  }
  return [...minutes];
}

function stepsOfMinute(minute: Millis, judged: readonly Judged[]): readonly Step[] {
  const lows = judged.filter(({ falls }) => falls).map(({ bar }) => priceOf(bar, bar.low, 2));
  const closes = judged.map(({ bar, falls }) => priceOf(bar, bar.close, falls ? 2 : 1));
  const low: Step = { kind: 'PRICES', id: idOf(minute + LOW_AFTER), at: minute + LOW_AFTER, prices: lows, betweenSchedules: false };
  const close: Step = { ...low, id: idOf(minute + CLOSE_AFTER), at: minute + CLOSE_AFTER, prices: closes, betweenSchedules: lows.length > 0 };
  return lows.length > 0 ? [low, close] : [close];
}

const idOf = (at: Millis): string => new Date(at).toISOString();

/** A stop that the low reaches is sold there: what was sold at is no better than what the bar tells. */
function priceOf({ symbol, volume }: MinuteBar, price: Decimal, prices: number): StepPrice {
  return { symbol, price, sellable: true, volume: volume.dividedBy(prices) };
}
