// What a day came to: a pure count over what the table keeps. A report's day ends at 17:00 in New York, as currency
// markets have it: NYSE's session lies in one day, and markets that never close have no gap between two.
import type { Capacity, KillSwitch, Passing } from './account.ts';
import { ZERO, type Decimal } from './decimal.ts';
import type { StealRecord } from './decision.ts';
import type { Millis } from './instant.ts';
import type { MarketCalendar } from './market-hours.ts';
import { isHeld } from './position-moves.ts';
import type { Lot, Slot } from './slot.ts';
import { compareText } from './text-order.ts';
import { resultOf } from './trip.ts';
import type { Trip, TripRecord } from './trip.ts';

const DAY = 86_400_000;
const ENDS_AT_HOUR = 17;
const MOST_STEALS = 20;

/** A report's day: its first instant, and the one at which it is over, epoch milliseconds. */
export interface ReportDay {
  readonly date: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** Sums of what was closed, quote currency, exact. `unknown` pairs have a commission that nobody knows: net is null then. */
export interface Sums {
  readonly pairs: number;
  readonly quantity: Decimal;
  readonly gross: Decimal;
  readonly commission: Decimal;
  readonly unknown: number;
  readonly net: Decimal | null;
}

export interface SymbolReport extends Sums {
  readonly symbol: string;
  /** Fills that opened or added to a position within the day. */
  readonly entryFills: number;
  /** Fills that closed something within the day. */
  readonly exitFills: number;
}

/** Who took whose room. */
export interface StealLine {
  readonly at: Millis;
  readonly thief: string;
  readonly victim: string;
}

/** How many dead letters wait in a queue. */
export interface DeadLettersWaiting {
  readonly queue: string;
  readonly waiting: number;
}

export interface DailyReport extends ReportDay {
  readonly writtenAt: Millis;
  /** The account as it stood when this was written; null before its equity was first read. */
  readonly account: AccountReport | null;
  readonly total: Sums;
  readonly symbols: readonly SymbolReport[];
  /** Lots that left without a fill, and exits that took more than was held: a person has to look at both. */
  readonly lostLots: number;
  readonly unpaired: number;
  readonly steals: number;
  /** The latest of them, oldest first. */
  readonly lastSteals: readonly StealLine[];
  /** Null where they could not be counted. */
  readonly deadLetters: readonly DeadLettersWaiting[] | null;
}

export interface AccountReport {
  readonly equity: Decimal;
  readonly equityAt: Millis;
  readonly cap: Decimal;
  readonly free: Decimal;
  readonly kill: KillSwitch;
  readonly passing: Passing | null;
  /** Symbols held, and Σ price × quantity of their lots (WS-2). */
  readonly held: readonly { readonly symbol: string; readonly notional: Decimal }[];
}

/** What a report is made of; trips may reach beyond its day, since they tell what was opened in it. */
export interface ReportFacts {
  readonly day: ReportDay;
  readonly now: Millis;
  readonly capacity: Capacity | null;
  readonly slots: readonly Slot[];
  readonly trips: readonly TripRecord[];
  readonly steals: readonly StealRecord[];
  readonly deadLetters: readonly DeadLettersWaiting[] | null;
}

const dayBefore = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - DAY).toISOString().slice(0, 10);

/** The day of a report (MH-3): from 17:00 of the date before to 17:00 of its date, New York. */
export const reportDay = (date: string, calendar: Pick<MarketCalendar, 'newYorkTime'>): ReportDay => ({
  date,
  from: calendar.newYorkTime(dayBefore(date), ENDS_AT_HOUR, 0),
  to: calendar.newYorkTime(date, ENDS_AT_HOUR, 0),
});

/** The last day that is over (MH-3), so that a run that is late writes the report of the one that was on time. */
export const lastReportDay = (now: Millis, calendar: Pick<MarketCalendar, 'newYorkTime' | 'newYorkDate'>): ReportDay => {
  const today = reportDay(calendar.newYorkDate(now), calendar);
  return today.to <= now ? today : reportDay(dayBefore(today.date), calendar);
};

const isWithin = (at: Millis, { from, to }: ReportDay): boolean => at >= from && at < to;

type Closed = Pick<TripRecord, 'trips' | 'late'>;

const NOTHING: Sums = { pairs: 0, quantity: ZERO, gross: ZERO, commission: ZERO, unknown: 0, net: ZERO };

const addTrip = (sums: Sums, trip: Trip): Sums => {
  const { gross } = resultOf(trip);
  return {
    pairs: sums.pairs + 1,
    quantity: sums.quantity.plus(trip.quantity),
    gross: sums.gross.plus(gross),
    commission: sums.commission.plus(trip.commission ?? ZERO),
    unknown: sums.unknown + (trip.commission === null ? 1 : 0),
    net: null,
  };
};

const addRecord = (sums: Sums, { trips, late }: Closed): Sums => {
  const added = trips.reduce(addTrip, sums);
  return { ...added, commission: added.commission.plus(late ?? ZERO), unknown: added.unknown + (late === null ? 1 : 0) };
};

/** What was gained after what it cost; null while a commission is not known. */
export const netOf = ({ gross, commission, unknown }: Pick<Sums, 'gross' | 'commission' | 'unknown'>): Decimal | null =>
  unknown > 0 ? null : gross.minus(commission);

const sumsOf = (records: readonly Closed[]): Sums => {
  const sums = records.reduce(addRecord, NOTHING);
  return { ...sums, net: netOf(sums) };
};

interface Opened {
  readonly symbol: string;
  readonly tradeId: string;
  readonly at: Millis;
}

const lotsOf = ({ position }: Slot): readonly Lot[] => (isHeld(position) ? position.lots : []);

/** Every fill that opened something, from the pairs that it went into and the lots that it left. */
const openings = ({ trips, slots }: ReportFacts): readonly Opened[] => [
  ...trips.flatMap(({ ref, trips: pairs }) => pairs.map(({ entryTradeId, openedAt }) => ({ symbol: ref.symbol, tradeId: entryTradeId, at: openedAt }))),
  ...trips.flatMap(({ ref, lost }) => lost.map(({ tradeId, at }) => ({ symbol: ref.symbol, tradeId, at }))),
  ...slots.flatMap((slot) => lotsOf(slot).map(({ tradeId, at }) => ({ symbol: slot.symbol, tradeId, at }))),
];

const symbolReport = (symbol: string, closed: readonly TripRecord[], opened: readonly Opened[]): SymbolReport => {
  const own = closed.filter(({ ref }) => ref.symbol === symbol);
  const entries = new Set(opened.filter((each) => each.symbol === symbol).map(({ tradeId }) => tradeId));
  const exits = new Set(own.flatMap(({ trips }) => trips.map(({ exitTradeId }) => exitTradeId)));
  return { symbol, entryFills: entries.size, exitFills: exits.size, ...sumsOf(own) };
};

const accountReport = (capacity: Capacity | null, slots: readonly Slot[]): AccountReport | null => {
  if (capacity === null) return null;
  const { equity, equityAt, cap, free, kill, passing } = capacity;
  const held = new Map<string, Decimal>();
  for (const slot of slots) {
    for (const { price, quantity } of lotsOf(slot)) held.set(slot.symbol, (held.get(slot.symbol) ?? ZERO).plus(price.times(quantity)));
  }
  const sorted = [...held].map(([symbol, notional]) => ({ symbol, notional })).sort((a, b) => compareText(a.symbol, b.symbol));
  return { equity, equityAt, cap, free, kill, passing, held: sorted };
};

/** Tells what a day came to (EX-6, WS-10, KS-1): each closing belongs to one day, by the time of its commit; sums are exact. */
export const reportOf = (facts: ReportFacts): DailyReport => {
  const { day, now, capacity, slots, deadLetters } = facts;
  const closed = facts.trips.filter(({ at }) => isWithin(at, day));
  const steals = facts.steals.filter(({ at }) => isWithin(at, day));
  const opened = openings(facts).filter(({ at }) => isWithin(at, day));
  const symbols = [...new Set([...closed.map(({ ref }) => ref.symbol), ...opened.map(({ symbol }) => symbol)])].sort(compareText);
  return {
    ...day,
    writtenAt: now,
    account: accountReport(capacity, slots),
    total: sumsOf(closed),
    symbols: symbols.map((symbol) => symbolReport(symbol, closed, opened)),
    lostLots: closed.reduce((count, { lost }) => count + lost.length, 0),
    unpaired: closed.filter(({ unpaired }) => !unpaired.isZero()).length,
    steals: steals.length,
    lastSteals: steals.slice(-MOST_STEALS).map(({ at, thief, victim }) => ({ at, thief: thief.symbol, victim: victim.symbol })),
    deadLetters,
  };
};
