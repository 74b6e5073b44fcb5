// Takes in a plan (EW-6): everything is read before anything is written, then watch by watch, withdrawals last.
import { applyReductions, readReductions } from './accept-reductions.ts';
import type { PlanReduction, ReductionResult } from './accept-reductions.ts';
import { answerGrid, inOrderOfWork, readGrids, stoodDown } from './accept-grids.ts';
import type { GridResult } from './accept-grids.ts';
import { applyEvent } from './apply-event.ts';
import type { Decision, Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import { WOULD_CROSS_SPREAD } from './domain/move-watch.ts';
import { refOf } from './domain/new-order.ts';
import { rankCrypto } from './domain/rank.ts';
import type { Slot } from './domain/slot.ts';
import { promotedLine } from './domain/steal-lines.ts';
import type { Watch } from './domain/watch.ts';
import type { PlanGrid, ReadGrid } from './plan-grid.ts';
import { nettedBy, withNetting } from './netted-symbols.ts';
import { findMarketOf, readPlanWatch } from './plan-watch.ts';
import type { PlanHead, PlanWatch, ReadWatch } from './plan-watch.ts';
import type { Market, TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';
import { sweepNetted } from './sweep-slots.ts';

export type { PlanWatch } from './plan-watch.ts';

/** A strategy's whole wish; watches of an earlier version that are left out are withdrawn. */
export interface Plan extends PlanHead {
  readonly watches: readonly PlanWatch[];
  readonly grids: readonly PlanGrid[];
  readonly reductions: readonly PlanReduction[];
}

export interface WatchResult {
  readonly symbol: string;
  readonly slot: string;
  readonly outcome: 'ACCEPTED' | 'UNCHANGED' | 'REFUSED';
  readonly reason: string | null;
}

export interface PlanResult {
  readonly results: readonly WatchResult[];
  readonly grids: readonly GridResult[];
  readonly withdrawn: readonly string[];
  readonly reductions: readonly ReductionResult[];
}

interface Sourced {
  readonly watch: PlanWatch;
  readonly market: Market;
  readonly field: string;
}

const sourceAll = (deps: ShellDeps, plan: Plan): Promise<readonly Sourced[]> =>
  Promise.all(
    plan.watches.map(async (watch, index) => {
      const field = `watches[${index}]`;
      return { watch, market: await findMarketOf(deps, watch, `${field}.symbol`), field };
    }),
  );

const readAll = async (deps: ShellDeps, plan: Plan): Promise<readonly ReadWatch[]> => {
  const sourced = await sourceAll(deps, plan);
  const ranks = rankCrypto(
    sourced.map(({ watch, market }) => ({ ...market, forecastPnl: watch.forecastPnl })),
  );
  return sourced.map((source) =>
    readPlanWatch(deps, plan, { ...source, rank: source.watch.rank ?? ranks.get(source.market.symbol) ?? null }),
  );
};

const notePromotion = (deps: ShellDeps, watch: Watch, trace: TraceContext): void => {
  const message = promotedLine(watch.symbol, watch.quantity.times(watch.limit), deps.settings.probeNotionalLimit);
  deps.telemetry.record({ name: 'PROBE_PROMOTED', level: 'INFO', message, fields: { symbol: watch.symbol } }, trace);
};

/** A placement that was not sent yet has rows that a book does not hold; its slot is read by itself. */
const firstRead = (book: Snapshot, key: string): Snapshot | null =>
  book.slots.get(key)?.entry.status === 'PLACING' ? null : book;

/** A live order that was left where it stands, since its new price would cross the spread (EX-3). */
const isBlocked = ({ notes }: Decision): boolean => notes.some(({ name }) => name === WOULD_CROSS_SPREAD);

const applyWatch = async (deps: ShellDeps, read: ReadWatch, book: Snapshot, trace: TraceContext): Promise<WatchResult> => {
  if (read.kind === 'REFUSED') {
    return { symbol: read.symbol, slot: read.slot, outcome: 'REFUSED', reason: read.reason };
  }
  const { watch, promoted } = read;
  const { symbol, slot } = watch;
  const applied = await applyEvent(deps, { type: 'WATCH_PLANNED', watch }, trace, firstRead(book, slotKey(watch)));
  if (applied.kind === 'COMMITTED') {
    if (promoted) notePromotion(deps, watch, trace);
    return { symbol, slot, outcome: 'ACCEPTED', reason: isBlocked(applied.decision) ? WOULD_CROSS_SPREAD : null };
  }
  return { symbol, slot, outcome: applied.reason === 'SYMBOL_TAKEN' ? 'REFUSED' : 'UNCHANGED', reason: applied.reason };
};

const isWatchedBy = (slot: Slot, strategy: string): boolean =>
  slot.watch?.strategy === strategy || (slot.pending?.kind === 'WATCH' && slot.pending.watch.strategy === strategy);

const keyOf = (read: ReadWatch): string => (read.kind === 'WATCH' ? slotKey(read.watch) : slotKey(read));

const withdraw = async (deps: ShellDeps, plan: Plan, slots: readonly Slot[], trace: TraceContext): Promise<readonly string[]> => {
  const withdrawn: string[] = [];
  for (const slot of slots) {
    const event = { type: 'WATCH_WITHDRAWN', ref: refOf(slot), strategy: plan.strategy, planVersion: plan.version } as const;
    const applied = await applyEvent(deps, event, trace);
    if (applied.kind === 'COMMITTED') withdrawn.push(slot.symbol);
  }
  return withdrawn;
};

const readBook = (deps: ShellDeps): Promise<Snapshot> => deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });

const withdrawRest = async (deps: ShellDeps, plan: Plan, reads: readonly ReadWatch[], trace: TraceContext): Promise<readonly string[]> => {
  const kept = new Set(reads.filter((read) => read.kind === 'WATCH').map(keyOf));
  const book = await readBook(deps);
  const left = [...book.slots].filter(([key, slot]) => isWatchedBy(slot, plan.strategy) && !kept.has(key));
  return withdraw(deps, plan, left.map(([, slot]) => slot), trace);
};

const applyAll = async (deps: ShellDeps, reads: readonly ReadWatch[], book: Snapshot, trace: TraceContext): Promise<readonly WatchResult[]> => {
  const results: WatchResult[] = [];
  for (const read of reads) results.push(await applyWatch(deps, read, book, trace));
  return results;
};

const levelsOf = (deps: ShellDeps, grids: readonly ReadGrid[], book: Snapshot): readonly ReadWatch[] =>
  grids.flatMap((grid) => inOrderOfWork(deps, grid, book).map(({ read }) => read));

/**
 * Takes in a plan (EW-6): older or equal versions change nothing watch by watch, so a plan applied by half can be sent
 * again; a watch the venue would refuse (EX-10) is answered REFUSED and an earlier version of it is withdrawn.
 * @throws InvalidInputError naming the field, before anything is written
 */
export const acceptPlan = async (deps: ShellDeps, plan: Plan, trace: TraceContext): Promise<PlanResult> => {
  const book = await readBook(deps);
  const watches = await readAll(deps, plan);
  const grids = await readGrids(deps, plan, watches, book);
  const reductions = await readReductions(deps, plan.reductions);
  const stopped = await withdraw(deps, plan, stoodDown(grids, book, plan.strategy), trace);
  const levels = levelsOf(deps, grids, book);
  const all = [...watches, ...levels];
  const netted = nettedBy(plan, all, book);
  const readyFor = (reads: readonly ReadWatch[]): readonly ReadWatch[] => reads.map((read) => withNetting(read, netted));
  // What is held learns it before anything of the other side may enter.
  await sweepNetted(deps, book, trace, netted);
  const results = await applyAll(deps, readyFor(watches), book, trace);
  const verdicts = new Map((await applyAll(deps, readyFor(levels), book, trace)).map((result) => [slotKey(result), result]));
  const withdrawn = [...stopped, ...(await withdrawRest(deps, plan, all, trace))];
  const answers = grids.map((grid) => answerGrid(grid, verdicts));
  return { results, grids: answers, withdrawn, reductions: await applyReductions(deps, plan, { reads: reductions, book }, trace) };
};
