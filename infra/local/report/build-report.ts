// Counts what a run left behind.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { byDay, courseOf, dayOf, usedIn } from './capacity-course.ts';
import type { FillFact, RunFacts, StealFact, StealSideFact } from './facts.ts';
import type { DayLine, ReportModel, RoundTripLine, StealSideLine, SymbolLine } from './report-model.ts';
import type { Paired, RoundTrip } from './round-trips.ts';
import { markOpenLots, pairFills } from './round-trips.ts';

const AVERAGE_PLACES = 8;

/** Works out the report of a run. */
export function reportOf(facts: RunFacts): ReportModel {
  const paired = pairFills(facts.fills);
  return {
    run: {
      from: iso(facts.from),
      to: iso(facts.to),
      symbols: facts.symbols,
      stealing: facts.stealing,
      tolerance: toPlain(facts.tolerance),
      protection: toPlain(facts.protection),
      steps: facts.steps,
      wallSeconds: facts.wallSeconds,
    },
    capacity: capacityOf(facts),
    steals: stealsOf(facts),
    trading: tradingOf(facts, paired),
    stops: stopsOf(facts),
    notes: facts.notes,
    latency: facts.latency.map(({ mean, ...line }) => ({ ...line, mean: toPlain(mean) })),
    conflicts: facts.conflicts,
    units: facts.units,
    memory: facts.memory,
    checks: facts.checks,
  };
}

const iso = (at: Millis): string => new Date(at).toISOString();
const average = (value: Decimal): string => toPlain(value.toDecimalPlaces(AVERAGE_PLACES));

function capacityOf(facts: RunFacts): ReportModel['capacity'] {
  const course = courseOf(facts.samples, facts.to);
  return {
    averageUsed: average(course.averageUsed),
    averageCap: average(course.averageCap),
    maxUsed: toPlain(course.maxUsed),
    maxUsedAt: iso(course.maxUsedAt),
    idleHours: average(course.idleHours),
    idleWantedHours: average(course.idleWantedHours),
    days: byDay(facts.samples, facts.to).map(({ day, samples, end }): DayLine => {
      const ofDay = courseOf(samples, end);
      return {
        day,
        averageUsed: average(ofDay.averageUsed),
        maxUsed: toPlain(ofDay.maxUsed),
        steals: facts.steals.filter((steal) => dayOf(steal.at) === day).length,
        entriesFilled: filledEntries(facts.fills.filter((fill) => dayOf(fill.at) === day)).size,
      };
    }),
    samples: facts.samples.map((sample) => ({
      at: iso(sample.at),
      equity: toPlain(sample.equity),
      cap: toPlain(sample.cap),
      used: toPlain(usedIn(sample)),
    })),
  };
}

function stealsOf({ steals, refused }: RunFacts): ReportModel['steals'] {
  const mean = (side: (steal: StealFact) => StealSideFact): string | null =>
    steals.length === 0 ? null : average(sum(steals.map((steal) => side(steal).distance)).dividedBy(steals.length));
  return {
    count: steals.length,
    averageThiefDistance: mean((steal) => steal.thief),
    averageVictimDistance: mean((steal) => steal.victim),
    refused,
    list: steals.map((steal) => ({
      at: iso(steal.at),
      thief: sideLine(steal.thief),
      victim: sideLine(steal.victim),
      fight: steal.fight,
    })),
  };
}

function sideLine(side: StealSideFact): StealSideLine {
  return {
    symbol: side.symbol,
    distance: toPlain(side.distance),
    forecastPnl: side.forecastPnl === null ? null : toPlain(side.forecastPnl),
  };
}

function filledEntries(fills: readonly FillFact[]): ReadonlySet<string> {
  return new Set(fills.filter((fill) => fill.purpose === 'ENTRY').map((fill) => fill.clientOrderId));
}

function tradingOf(facts: RunFacts, { roundTrips, openLots }: Paired): ReportModel['trading'] {
  const orders = (purpose: string) => facts.orders.filter((order) => order.purpose === purpose);
  const endEquity = facts.samples.at(-1)?.equity ?? facts.startEquity;
  return {
    entries: orders('ENTRY').length,
    entriesFilled: filledEntries(facts.fills).size,
    exits: orders('EXIT').length,
    fills: facts.fills.length,
    roundTrips: roundTrips.map(tripLine),
    won: roundTrips.filter((trip) => trip.pnl.greaterThan(0)).length,
    lost: roundTrips.filter((trip) => trip.pnl.lessThan(0)).length,
    realisedPnl: toPlain(sum(roundTrips.map((trip) => trip.pnl))),
    openLots: openLots.length,
    unrealisedPnl: toPlain(markOpenLots(openLots, facts.lastPrices)),
    startEquity: toPlain(facts.startEquity),
    endEquity: toPlain(endEquity),
    symbols: facts.symbols.map((symbol) => symbolLine(symbol, facts, roundTrips)),
  };
}

function stopsOf({ stops: { uncovered, ...stops } }: RunFacts): ReportModel['stops'] {
  const { worst, limitSeconds } = uncovered;
  return {
    ...stops,
    uncovered: worst === null ? null : { ...worst, quantity: toPlain(worst.quantity) },
    uncoveredLimitSeconds: limitSeconds,
  };
}

function tripLine(trip: RoundTrip): RoundTripLine {
  return {
    symbol: trip.symbol,
    quantity: toPlain(trip.quantity),
    entryAt: iso(trip.entryAt),
    entryPrice: toPlain(trip.entryPrice),
    exitAt: iso(trip.exitAt),
    exitPrice: toPlain(trip.exitPrice),
    pnl: toPlain(trip.pnl),
  };
}

function symbolLine(symbol: string, facts: RunFacts, trips: readonly RoundTrip[]): SymbolLine {
  const ofSymbol = trips.filter((trip) => trip.symbol === symbol);
  return {
    symbol,
    entries: facts.orders.filter((order) => order.symbol === symbol && order.purpose === 'ENTRY').length,
    entriesFilled: filledEntries(facts.fills.filter((fill) => fill.symbol === symbol)).size,
    roundTrips: ofSymbol.length,
    pnl: toPlain(sum(ofSymbol.map((trip) => trip.pnl))),
    stole: facts.steals.filter((steal) => steal.thief.symbol === symbol).length,
    stolenFrom: facts.steals.filter((steal) => steal.victim.symbol === symbol).length,
  };
}

