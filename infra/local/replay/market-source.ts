// What a strategy replays: which symbols at which times, and what is made of a part of them.
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Range, Step } from './price-steps.ts';

/** Writes the plan of a time as plan-intake reads it, from the rules of each symbol. */
export type PlanAt = (at: Millis, rulesOf: (symbol: string) => MarketRules) => object;

/** The part of the market that is replayed: the symbols with bars in it, its steps and its plans. */
export interface Course {
  readonly symbols: readonly string[];
  readonly steps: readonly Step[];
  readonly planAt: PlanAt;
}

export interface MarketSource {
  readonly symbols: ReadonlySet<string>;
  /** From the first bar to the end of the last. */
  readonly span: Range;
  /** The files as they were read. */
  readonly texts: readonly string[];
  /** Picks a range and symbols. @throws InputError where the files hold nothing to plan with */
  course(range: Range, isWanted: (symbol: string) => boolean): Course;
}

/** Names the symbols of the bars that begin in a range, sorted. */
export function symbolsIn<Bar extends { readonly symbol: string }>(bars: readonly Bar[], at: (bar: Bar) => Millis, { from, to }: Range): readonly string[] {
  return [...new Set(bars.filter((bar) => at(bar) >= from && at(bar) < to).map(({ symbol }) => symbol))].sort();
}
