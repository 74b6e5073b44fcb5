// What a run's stops came to, told from the venue's own record.
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { VenueEvent } from '../../../shared/adapters/paper/venue-model.ts';
import { Decimal, ZERO } from '../../../shared/domain/decimal.ts';
import type { OrderRecord } from '../../../shared/domain/decision.ts';
import type { CheckResult, StopFacts } from '../report/facts.ts';
import { type Stretch, heldBy } from './coverage.ts';
import type { PreparedRun } from './prepare-run.ts';
import { alarmCheck, coverCheck, entriesCheck, secondsOf, shortCheck, tickCheck } from './promises.ts';
import { hasVenueFaults } from './replay-options.ts';
import { added } from './run-counters.ts';
import type { RunJournal, StepEntry } from './run-journal.ts';

export interface StopCounts {
  readonly placed: number;
  readonly moved: number;
  readonly hit: number;
}

interface Watched {
  held: Decimal;
  /** Where the position's stop stands; null before its first. */
  price: Decimal | null;
}

/**
 * Counts stops that were taken, that filled, and how often one came to stand elsewhere while its position was held,
 * by an amendment or by another order.
 */
export function countStops(history: readonly VenueEvent[]): StopCounts {
  const symbols = new Map<string, Watched>();
  const stops = new Set(history.filter(({ order }) => order.reduceOnly && order.stopPrice !== null && order.status !== 'REJECTED'));
  let moved = 0;
  for (const event of history) {
    const watched = symbols.get(event.order.symbol) ?? { held: ZERO, price: null };
    symbols.set(event.order.symbol, watched);
    if (stops.has(event) && placesStop(event)) moved += moveTo(watched, event.order.stopPrice);
    if (event.fill !== null) watched.held = watched.held.plus(heldBy(event.fill));
    if (watched.held.isZero()) watched.price = null;
  }
  const ordersOf = (events: readonly VenueEvent[]): number => new Set(events.map(({ order }) => order.clientOrderId)).size;
  return { placed: ordersOf([...stops]), moved, hit: ordersOf([...stops].filter(({ fill }) => fill !== null)) };
}

const placesStop = ({ type }: VenueEvent): boolean => type === 'ACKNOWLEDGED' || type === 'AMENDED';

function moveTo(watched: Watched, price: Decimal | null): number {
  const moves = watched.price !== null && price !== null && !watched.price.equals(price);
  watched.price = price;
  return moves ? 1 : 0;
}

/**
 * How long a position may be without cover where calls or reports are lost, or a run was killed between the commit to a send
 * and the call: what reconcile and a look-up take, seconds.
 */
const FAULTY_SECONDS = 65;

/** Leaves out the stretches in which we watched a position ourselves, because no venue takes a stop so small (SL-4). */
export function withoutWatched(stretches: readonly Stretch[], entries: readonly StepEntry[]): readonly Stretch[] {
  return stretches.filter(({ symbol, from, to }) => !entries.some(({ at, watched }) => at >= from && at <= to && watched.includes(symbol)));
}

/** Leaves out the time in which nobody was at work: from the step before a kill to the one at which the run went on. */
export function withoutOutages(stretches: readonly Stretch[], entries: readonly Pick<StepEntry, 'at' | 'afterKill'>[]): readonly Stretch[] {
  const outages = entries.flatMap(({ at, afterKill }, index) => {
    const before = entries[index - 1];
    return afterKill && before !== undefined ? [{ from: before.at, to: at }] : [];
  });
  return stretches.flatMap((stretch) => {
    const outage = outages.find(({ from, to }) => stretch.from >= from && stretch.from < to);
    const from = outage === undefined ? stretch.from : Math.min(outage.to, stretch.to);
    return from < stretch.to ? [{ ...stretch, from }] : [];
  });
}

/** Tells which stretches count: those in which the pipeline was at work and did not itself watch the position. */
export const countedStretches = (stretches: readonly Stretch[], entries: readonly StepEntry[]): readonly Stretch[] =>
  withoutOutages(withoutWatched(stretches, entries), entries);

/** Puts together what a run tells of its stops. */
export function stopFacts(
  { options }: PreparedRun,
  { entries, isResumed }: Pick<RunJournal, 'entries' | 'isResumed'>,
  history: readonly VenueEvent[],
  stretches: readonly Stretch[],
): StopFacts {
  const [worst] = stretches.toSorted((a, b) => secondsOf(b) - secondsOf(a) || b.quantity.comparedTo(a.quantity));
  return {
    ...countStops(history),
    uncovered: {
      worst: worst === undefined ? null : { symbol: worst.symbol, seconds: secondsOf(worst), quantity: worst.quantity },
      limitSeconds: isResumed || hasVenueFaults(options.injections) ? FAULTY_SECONDS : 0,
    },
    watched: [...new Set(entries.flatMap(({ watched }) => watched))].sort(),
    closed: added(entries.map(({ closed }) => closed)),
  };
}

export interface PromiseFacts {
  readonly run: PreparedRun;
  readonly history: readonly VenueEvent[];
  readonly records: readonly OrderRecord[];
  readonly stretches: readonly Stretch[];
  readonly stops: StopFacts;
  readonly notes: Readonly<Record<string, number>>;
  /** Whether an earlier process was killed at it: that is a fault too. */
  readonly isResumed: boolean;
}

/** Checks what was promised of every position. */
export function promiseChecks({ run, history, records, stretches, stops, notes, isResumed }: PromiseFacts): readonly CheckResult[] {
  const { settings, options } = run;
  const ticks = new Map(defaultMarkets(run.symbols).map(({ symbol, rules }) => [symbol, rules.tickSize]));
  const priced = [
    ...history.map(({ order }) => order),
    ...records.map(({ order, ref }) => ({ clientOrderId: order.clientOrderId, symbol: ref.symbol, stopPrice: order.stopPrice })),
  ];
  return [
    coverCheck(stretches, stops),
    shortCheck(history),
    entriesCheck(history, settings.maxAttempts),
    tickCheck(priced, (symbol) => ticks.get(symbol) ?? new Decimal(1)),
    alarmCheck(notes, isResumed || hasVenueFaults(options.injections) || options.injections.sdkFaultEvery !== null),
  ];
}
