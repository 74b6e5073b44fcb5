// Takes in a plan (EW-6): everything is read before anything is written, then watch by watch, withdrawals last.
import { applyEvent } from './apply-event.ts';
import type { Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import { refOf } from './domain/new-order.ts';
import { rankCrypto } from './domain/rank.ts';
import type { Slot } from './domain/slot.ts';
import { promotedLine } from './domain/steal-lines.ts';
import type { Watch } from './domain/watch.ts';
import { findMarketOf, readPlanWatch } from './plan-watch.ts';
import type { PlanHead, PlanWatch, ReadWatch } from './plan-watch.ts';
import type { Market, TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

export type { PlanWatch } from './plan-watch.ts';

/** A strategy's whole wish; watches of an earlier version that are left out are withdrawn. */
export interface Plan extends PlanHead {
  readonly watches: readonly PlanWatch[];
}

export interface WatchResult {
  readonly symbol: string;
  readonly slot: string;
  readonly outcome: 'ACCEPTED' | 'UNCHANGED' | 'REFUSED';
  readonly reason: string | null;
}

export interface PlanResult {
  readonly results: readonly WatchResult[];
  readonly withdrawn: readonly string[];
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

const applyWatch = async (deps: ShellDeps, read: ReadWatch, book: Snapshot, trace: TraceContext): Promise<WatchResult> => {
  if (read.kind === 'REFUSED') {
    return { symbol: read.symbol, slot: read.slot, outcome: 'REFUSED', reason: read.reason };
  }
  const { watch, promoted } = read;
  const { symbol, slot } = watch;
  const applied = await applyEvent(deps, { type: 'WATCH_PLANNED', watch }, trace, firstRead(book, slotKey(watch)));
  if (applied.kind === 'COMMITTED') {
    if (promoted) notePromotion(deps, watch, trace);
    return { symbol, slot, outcome: 'ACCEPTED', reason: null };
  }
  return { symbol, slot, outcome: applied.reason === 'SYMBOL_TAKEN' ? 'REFUSED' : 'UNCHANGED', reason: applied.reason };
};

const isWatchedBy = (slot: Slot, strategy: string): boolean =>
  slot.watch?.strategy === strategy || (slot.pending?.kind === 'WATCH' && slot.pending.watch.strategy === strategy);

const keyOf = (read: ReadWatch): string => (read.kind === 'WATCH' ? slotKey(read.watch) : slotKey(read));

const withdrawRest = async (
  deps: ShellDeps,
  plan: Plan,
  kept: ReadonlySet<string>,
  trace: TraceContext,
): Promise<readonly string[]> => {
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const left = [...book.slots].filter(([key, slot]) => isWatchedBy(slot, plan.strategy) && !kept.has(key));
  const withdrawn: string[] = [];
  for (const [, slot] of left) {
    const event = { type: 'WATCH_WITHDRAWN', ref: refOf(slot), strategy: plan.strategy, planVersion: plan.version } as const;
    const applied = await applyEvent(deps, event, trace);
    if (applied.kind === 'COMMITTED') withdrawn.push(slot.symbol);
  }
  return withdrawn;
};

/**
 * Takes in a plan (EW-6): older or equal versions change nothing watch by watch, so a plan applied by half can be sent
 * again; a watch the venue would refuse (EX-10) is answered REFUSED and an earlier version of it is withdrawn.
 * @throws InvalidInputError naming the field, before anything is written
 */
export const acceptPlan = async (deps: ShellDeps, plan: Plan, trace: TraceContext): Promise<PlanResult> => {
  const reads = await readAll(deps, plan);
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const results: WatchResult[] = [];
  for (const read of reads) results.push(await applyWatch(deps, read, book, trace));
  const kept = new Set(reads.filter((read) => read.kind === 'WATCH').map(keyOf));
  return { results, withdrawn: await withdrawRest(deps, plan, kept, trace) };
};
