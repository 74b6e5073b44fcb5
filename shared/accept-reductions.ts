// Takes in what a plan asks to reduce (EX-1, EW-6), position by position; what it leaves out is not reduced any more.
import { applyEvent } from './apply-event.ts';
import type { Decimal } from './domain/decimal.ts';
import type { Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import { refOf } from './domain/new-order.ts';
import type { Slot, SlotRef } from './domain/slot.ts';
import type { AssetClass } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import { findMarketOf } from './plan-watch.ts';
import type { PlanHead } from './plan-watch.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

/** One position to be reduced: by so many units, in so many slices over so long; by none ends it. */
export interface PlanReduction {
  readonly symbol: string;
  readonly assetClass: AssetClass | null;
  readonly slot: string;
  readonly quantity: Decimal;
  readonly slices: number;
  readonly durationSeconds: number;
}

export interface ReductionResult {
  readonly symbol: string;
  readonly slot: string;
  readonly outcome: 'ACCEPTED' | 'UNCHANGED' | 'REFUSED';
  readonly reason: string | null;
}

/** A reduction whose symbol the venue lists. */
export interface ReadReduction {
  readonly ref: SlotRef;
  readonly wanted: PlanReduction;
}

const UNCHANGED: ReadonlySet<string> = new Set(['OLD_VERSION', 'NOT_REDUCING']);

/**
 * Reads what a plan asks to reduce (EW-4).
 * @throws InvalidInputError naming the field of a symbol that is unknown, ambiguous or there twice
 */
export const readReductions = async (deps: ShellDeps, reductions: readonly PlanReduction[]): Promise<readonly ReadReduction[]> => {
  const reads = await Promise.all(
    reductions.map(async (wanted, index): Promise<ReadReduction> => {
      const { symbol } = await findMarketOf(deps, wanted, `reductions[${index}].symbol`);
      return { ref: { symbol, slot: wanted.slot }, wanted };
    }),
  );
  for (const [index, { ref }] of reads.entries()) {
    const first = reads.findIndex((other) => slotKey(other.ref) === slotKey(ref));
    if (first !== index) throw new InvalidInputError(`reductions[${index}].symbol`, `another symbol or slot than reductions[${first}] has`);
  }
  return reads;
};

const outcomeOf = (reason: string | null): ReductionResult['outcome'] => {
  if (reason === null) return 'ACCEPTED';
  return UNCHANGED.has(reason) ? 'UNCHANGED' : 'REFUSED';
};

const isReducedBy = ({ position }: Slot, strategy: string): boolean =>
  position.status !== 'FLAT' && position.status !== 'FOREIGN' && position.reduction?.strategy === strategy;

const endRest = async (deps: ShellDeps, plan: PlanHead, left: readonly Slot[], trace: TraceContext): Promise<void> => {
  for (const slot of left) {
    await applyEvent(deps, { type: 'REDUCTION_PLANNED', ref: refOf(slot), strategy: plan.strategy, planVersion: plan.version, wanted: null }, trace);
  }
};

/** What a plan asks to reduce, in the book as it was found. */
export interface Reductions {
  readonly reads: readonly ReadReduction[];
  readonly book: Pick<Snapshot, 'slots'>;
}

/** Applies what a plan asks to reduce (EX-1): an older or equal version changes nothing, so that it may be sent again. */
export const applyReductions = async (
  deps: ShellDeps,
  plan: PlanHead,
  { reads, book }: Reductions,
  trace: TraceContext,
): Promise<readonly ReductionResult[]> => {
  const results: ReductionResult[] = [];
  for (const { ref, wanted } of reads) {
    const { quantity, slices, durationSeconds } = wanted;
    const { strategy, version: planVersion } = plan;
    const { reason } = await applyEvent(deps, { type: 'REDUCTION_PLANNED', ref, strategy, planVersion, wanted: { quantity, slices, durationSeconds } }, trace);
    results.push({ ...ref, outcome: outcomeOf(reason), reason });
  }
  const kept = new Set(reads.map(({ ref }) => slotKey(ref)));
  const left = [...book.slots].filter(([key, slot]) => !kept.has(key) && isReducedBy(slot, plan.strategy));
  await endRest(deps, plan, left.map(([, slot]) => slot), trace);
  return results;
};
