// What two runs of the same plans on the same prices have to agree in, as plain text so that it can cross a process.
import { ZERO, sum, toPlain } from '../../shared/domain/decimal.ts';
import type { CheckResult, FillFact, MemoryPeak, OrderFact, RunFacts } from '../../infra/local/report/facts.ts';
import { reportOf } from '../../infra/local/report/build-report.ts';
import type { ReportModel } from '../../infra/local/report/report-model.ts';
import { pairFills } from '../../infra/local/report/round-trips.ts';

export interface Outcome {
  /** `clientOrderId status filledQuantity`, sorted. */
  readonly orders: readonly string[];
  /** `clientOrderId symbol side quantity@price`, sorted. */
  readonly fills: readonly string[];
  readonly realisedPnl: string;
  readonly endEquity: string;
  /** `time thief victim`, in their order. */
  readonly steals: readonly string[];
}

export interface RunResult {
  readonly outcome: Outcome;
  readonly checks: readonly CheckResult[];
  readonly conflicts: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, number>>;
  readonly stops: ReportModel['stops'];
  readonly openActions: readonly string[];
  readonly memory: MemoryPeak;
  readonly seconds: number;
}

/** Reads off a run what does not depend on how often or how late it was told anything. */
export function resultOf(facts: RunFacts): RunResult {
  const { checks, conflicts, notes, openActions, memory, wallSeconds } = facts;
  return { outcome: outcomeOf(facts), checks, conflicts, notes, stops: reportOf(facts).stops, openActions, memory, seconds: wallSeconds };
}

export function outcomeOf(facts: RunFacts): Outcome {
  const { roundTrips } = pairFills(facts.fills);
  return {
    orders: facts.orders.map(orderLine).toSorted(),
    fills: facts.fills.map(fillLine).toSorted(),
    realisedPnl: toPlain(sum(roundTrips.map(({ pnl }) => pnl))),
    endEquity: toPlain(facts.samples.at(-1)?.equity ?? ZERO),
    steals: facts.steals.map(({ at, thief, victim }) => `${new Date(at).toISOString()} ${thief.symbol} ${victim.symbol}`),
  };
}

const orderLine = ({ clientOrderId, status, filledQuantity }: OrderFact): string =>
  `${clientOrderId} ${status} ${toPlain(filledQuantity)}`;

const fillLine = ({ clientOrderId, symbol, side, quantity, price }: FillFact): string =>
  `${clientOrderId} ${symbol} ${side} ${toPlain(quantity)}@${toPlain(price)}`;

/** Every difference that the run found in itself. */
export const differencesOf = (checks: readonly CheckResult[]): readonly string[] =>
  checks.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`));

/** What of a run raised an alarm (SL-12, SL-13): where none did, none is left to be explained by what was to go wrong. */
export const alarmsOf = ({ notes }: Pick<RunResult, 'notes'>): readonly string[] =>
  ['RACE', 'ANOMALY'].flatMap((name) => (notes[name] === undefined ? [] : [`${name} ${notes[name]} times`]));
