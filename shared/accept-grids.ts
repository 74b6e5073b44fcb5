// Takes in the grids of a plan (EX-5): how many slots they may have, in which order their levels move, and what is answered.
import type { Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import type { LeftOutReason } from './domain/grid.ts';
import { resetGrid } from './domain/grid-reset.ts';
import { priceOf, remainingQuantity } from './domain/room.ts';
import type { LiveLevel } from './domain/router.ts';
import type { Slot } from './domain/slot.ts';
import type { Side } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import { readGrid, slotOfLevel, slotsOfGrid } from './plan-grid.ts';
import type { FillModelUsed, PlanGrid, ReadGrid, ReadLevel } from './plan-grid.ts';
import { findMarketOf } from './plan-watch.ts';
import type { PlanHead, ReadWatch } from './plan-watch.ts';
import type { ShellDeps } from './shell-deps.ts';

/** Slots that one symbol may have: all of them are written in one commit where a position of theirs is missed (SL-11). */
export const MOST_SLOTS_OF_SYMBOL = 60;

interface LevelAnswer {
  readonly level: string;
  readonly slot: string;
}

/** What became of a level: prices in quote currency, the profit of a round trip in basis points. */
export type LevelResult =
  | (LevelAnswer & {
      readonly outcome: 'ACCEPTED' | 'UNCHANGED' | 'REFUSED';
      readonly reason: string | null;
      readonly side: Side;
      readonly price: string;
      readonly quantity: string;
      readonly expectedProfitBps: string;
    })
  | (LevelAnswer & { readonly outcome: 'LEFT_OUT'; readonly reason: LeftOutReason });

/** What became of a grid; `reason` says why it wants nothing. */
export interface GridResult {
  readonly symbol: string;
  readonly name: string;
  readonly reason: ReadGrid['reason'];
  readonly fillModel: FillModelUsed;
  readonly levels: readonly LevelResult[];
}

type Verdict = Pick<Exclude<LevelResult, { outcome: 'LEFT_OUT' }>, 'outcome' | 'reason'>;

/** Slots stay where they are, also of plans that are gone: so those of the book count with what the plan adds. */
const refuseTooMany = (grids: readonly ReadGrid[], watches: readonly ReadWatch[], book: Snapshot): void => {
  const known = [...[...book.slots.values()], ...watches.map((read) => (read.kind === 'WATCH' ? read.watch : read))];
  const seen = new Map<string, Set<string>>();
  for (const { grid, field, symbol, reason } of grids) {
    // What stands down is never refused.
    if (reason !== null) continue;
    const slots = seen.get(symbol) ?? new Set(known.filter((each) => each.symbol === symbol).map(({ slot }) => slot));
    for (const slot of slotsOfGrid(grid)) slots.add(slot);
    seen.set(symbol, slots);
    if (slots.size <= MOST_SLOTS_OF_SYMBOL) continue;
    const counted = grid.levelsUp > 0 ? 'levelsUp' : 'levelsDown';
    throw new InvalidInputError(`${field}.${counted}`, `so few levels that the symbol has at most ${MOST_SLOTS_OF_SYMBOL} slots, those of earlier plans among them`);
  }
};

/**
 * Reads the grids of a plan against their markets and the book.
 * @throws InvalidInputError naming the field of a symbol nobody lists, of what contradicts itself, or of too many levels
 */
export const readGrids = async (
  deps: ShellDeps,
  plan: PlanHead & { readonly grids: readonly PlanGrid[] },
  watches: readonly ReadWatch[],
  book: Snapshot,
): Promise<readonly ReadGrid[]> => {
  const grids = await Promise.all(
    plan.grids.map(async (grid, index) => {
      const field = `grids[${index}]`;
      return readGrid(deps, plan, { grid, field, book, market: await findMarketOf(deps, grid, `${field}.symbol`) });
    }),
  );
  refuseTooMany(grids, watches, book);
  return grids;
};

const isOfGrid = ({ symbol, watch }: Slot, grid: ReadGrid, strategy: string): boolean =>
  symbol === grid.symbol && watch?.strategy === strategy && watch.level?.grid === grid.grid.name;

/** Lists the slots of the grids that are to stand down or to leave the market (EX-5): their entries go before anything else moves. */
export const stoodDown = (grids: readonly ReadGrid[], book: Snapshot, strategy: string): readonly Slot[] => {
  const stopped = grids.filter(({ reason }) => reason !== null);
  return [...book.slots.values()].filter((slot) => stopped.some((grid) => isOfGrid(slot, grid, strategy)));
};

const liveOf = ({ slot, entry }: Slot): readonly LiveLevel[] => {
  if (entry.status !== 'WORKING') return [];
  const { order } = entry;
  const { clientOrderId: id, side } = order;
  return [{ id, level: slot, side, price: priceOf(order), remainingQuantity: remainingQuantity(order) }];
};

/** Puts the levels of a grid in the order of the router's work (EX-3): those to be cancelled, then amended, then all others. */
export const inOrderOfWork = (deps: ShellDeps, { grid, symbol, levels }: ReadGrid, book: Snapshot): readonly ReadLevel[] => {
  const postOnly = grid.style.kind === 'MAKER';
  const wanted = levels.map(({ wanted: { level, side, price, quantity } }) => ({ level: slotOfLevel(grid, level), side, price, quantity, postOnly }));
  const named = new Set(wanted.map(({ level }) => level));
  const live = [...book.slots.values()].filter((slot) => slot.symbol === symbol && named.has(slot.slot)).flatMap(liveOf);
  const terms = { spread: { bid: null, ask: null }, amends: deps.traits.amends, amendThresholdBps: deps.settings.amendThresholdBps };
  const work = resetGrid(grid.reset, wanted, live, terms);
  const levelOf = new Map(live.map(({ id, level }) => [id, level]));
  const cancelled = new Set(work.cancel.map((id) => levelOf.get(id)));
  const amended = new Set(work.amend.map(({ level }) => level));
  const rank = ({ wanted: { level } }: ReadLevel): number => {
    const slot = slotOfLevel(grid, level);
    if (cancelled.has(slot)) return 0;
    return amended.has(slot) ? 1 : 2;
  };
  return levels.toSorted((a, b) => rank(a) - rank(b));
};

/** Answers for a grid, level by level from the centre outwards, those left out at the end. */
export const answerGrid = ({ grid, symbol, reason, fillModel, levels, leftOut }: ReadGrid, verdicts: ReadonlyMap<string, Verdict>): GridResult => ({
  symbol,
  name: grid.name,
  reason,
  fillModel,
  levels: [
    ...levels.flatMap(({ wanted }): readonly LevelResult[] => {
      const { level, side } = wanted;
      const slot = slotOfLevel(grid, level);
      const verdict = verdicts.get(slotKey({ symbol, slot }));
      if (verdict === undefined) return [];
      const { outcome, reason: why } = verdict;
      const figures = { price: wanted.price.toFixed(), quantity: wanted.quantity.toFixed(), expectedProfitBps: wanted.expectedProfitBps.toFixed() };
      return [{ level, slot, outcome, reason: why, side, ...figures }];
    }),
    ...leftOut.map(({ level, reason: why }) => ({ level, slot: slotOfLevel(grid, level), outcome: 'LEFT_OUT', reason: why }) as const),
  ],
});
