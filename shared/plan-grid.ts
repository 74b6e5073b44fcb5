// Turns a grid of a plan into one watch for each of its levels (EX-5, FP-1).
import type { Decimal } from './domain/decimal.ts';
import { Decimal as Exact, ZERO } from './domain/decimal.ts';
import type { Snapshot } from './domain/decision.ts';
import { DEFAULT_HORIZON_SECONDS } from './domain/fill-probability.ts';
import { wantedGrid } from './domain/grid.ts';
import type { Grid, GridFillModel, GridLevel, GridMode, LeftOutLevel, WantedGrid } from './domain/grid.ts';
import type { GridReset } from './domain/grid-reset.ts';
import { natrSeen } from './domain/natr.ts';
import { flowZ } from './domain/order-flow.ts';
import { isUsableQuote } from './domain/quote.ts';
import { isThrough } from './domain/side.ts';
import type { EntryStyle } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import { isExact, readPlanWatch } from './plan-watch.ts';
import type { PlanHead, PlanTerms, PlanWatch, ReadWatch } from './plan-watch.ts';
import type { Market } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

/** What a level has of its grid as a watch has it of itself. */
type SharedTerms = Pick<
  PlanTerms,
  'symbol' | 'assetClass' | 'forecastPnl' | 'group' | 'tolerance' | 'expiresAt' | 'minimumDurationSeconds' | 'maxHold' | 'maxAttempts' | 'hours' | 'settings'
>;

/** Where the levels' positions are protected: so far from each level, a ratio of its price; or at one price for each side. */
export type GridStop =
  | { readonly kind: 'RATIO'; readonly ratio: Decimal }
  | { readonly kind: 'PRICES'; readonly buys: Decimal | null; readonly sells: Decimal | null };

/** What a strategy knows of the market, where it does not leave that to the prices seen. */
export interface GridFeatures {
  readonly mid: Decimal;
  readonly natr: Decimal;
  readonly orderFlowZ: Decimal | null;
  readonly horizonSeconds: number;
}

/** One grid as a strategy sends it; `name` is empty where it has none, a takeProfit of null is the skewed centre. */
export interface PlanGrid extends SharedTerms, Omit<Grid, 'tickSize' | 'fillModel'> {
  readonly name: string;
  readonly reset: GridReset;
  readonly mode: GridMode;
  readonly style: Extract<EntryStyle, { kind: 'MAKER' | 'PLAIN' }>;
  readonly takeProfit: Decimal | null;
  readonly stop: GridStop | null;
  readonly features: GridFeatures | null;
}

/** What levels were left out by: nothing, since MIN_FILL_PROBABILITY is 0; the plan's word; prices seen; or too few of them yet. */
export type FillModelUsed = 'OFF' | 'PLAN' | 'SEEN' | 'NO_HISTORY';

export interface ReadLevel {
  readonly wanted: GridLevel;
  readonly read: ReadWatch;
}

/** A grid read against its market, before anything of it is written. */
export interface ReadGrid {
  readonly grid: PlanGrid;
  readonly field: string;
  readonly symbol: string;
  readonly reason: WantedGrid['reason'];
  readonly fillModel: FillModelUsed;
  readonly levels: readonly ReadLevel[];
  readonly leftOut: readonly LeftOutLevel[];
}

const BPS = new Exact(10_000);

/** The slot of a level: its own name, after that of its grid. */
export const slotOfLevel = ({ name }: Pick<PlanGrid, 'name'>, level: string): string => (name === '' ? level : `${name}_${level}`);

/** Names every slot that a grid may come to use, whatever of it is left out now. */
export const slotsOfGrid = (grid: Pick<PlanGrid, 'name' | 'levelsUp' | 'levelsDown'>): readonly string[] =>
  [['SELL', grid.levelsUp] as const, ['BUY', grid.levelsDown] as const].flatMap(([side, count]) =>
    Array.from({ length: count }, (_, index) => slotOfLevel(grid, `${side}_${index + 1}`)),
  );

const skewedCentre = ({ centre, skewBps }: PlanGrid): Decimal => centre.times(BPS.plus(skewBps)).dividedBy(BPS);

const seenFeatures = (deps: ShellDeps, symbol: string, { board }: Snapshot): GridFeatures | null => {
  const quote = board.quotes[symbol] ?? null;
  const features = board.features[symbol];
  const natr = natrSeen(features?.range ?? null);
  if (features === undefined || natr === null || !isUsableQuote(quote, deps.clock.now(), deps.settings)) return null;
  return { mid: quote.price, natr, orderFlowZ: flowZ(features.flow), horizonSeconds: DEFAULT_HORIZON_SECONDS };
};

interface Model {
  readonly used: FillModelUsed;
  readonly model: GridFillModel | null;
}

const modelOf = (deps: ShellDeps, grid: PlanGrid, symbol: string, book: Snapshot): Model => {
  const minimum = deps.settings.minFillProbability;
  if (minimum.isZero()) return { used: 'OFF', model: null };
  const seen = seenFeatures(deps, symbol, book);
  const features = grid.features ?? seen;
  if (features === null) return { used: 'NO_HISTORY', model: null };
  const z = features.orderFlowZ ?? seen?.orderFlowZ ?? ZERO;
  return { used: grid.features === null ? 'SEEN' : 'PLAN', model: { ...features, flowZ: z, minimum } };
};

const stopOf = ({ stop }: PlanGrid, { side, price }: GridLevel): Decimal | null => {
  if (stop === null) return null;
  if (stop.kind === 'PRICES') return side === 'buy' ? stop.buys : stop.sells;
  return price.times(side === 'buy' ? new Exact(1).minus(stop.ratio) : new Exact(1).plus(stop.ratio));
};

const watchOf = (grid: PlanGrid, level: GridLevel): PlanWatch => ({
  kind: 'limit',
  stop: stopOf(grid, level),
  symbol: grid.symbol,
  assetClass: grid.assetClass,
  slot: slotOfLevel(grid, level.level),
  side: level.side,
  limit: level.price,
  quantity: level.quantity,
  forecastPnl: grid.forecastPnl,
  mode: 'normal',
  group: grid.group,
  // Ranked, every level of one grid would be forced through its limit at once (EW-3).
  rank: null,
  tolerance: grid.tolerance,
  expiresAt: grid.expiresAt,
  minimumDurationSeconds: grid.minimumDurationSeconds,
  takeProfit: grid.takeProfit ?? skewedCentre(grid),
  maxHold: grid.maxHold,
  maxAttempts: grid.maxAttempts,
  style: grid.style,
  hours: grid.hours,
  settings: grid.settings,
});

const refuseUnusable = (grid: PlanGrid, levels: readonly GridLevel[], field: string): void => {
  const inexact = levels.find(({ price, quantity }) => !isExact(price.times(quantity)));
  if (inexact !== undefined) {
    const index = grid.sizes.findIndex((size) => size.equals(inexact.quantity));
    throw new InvalidInputError(`${field}.sizes[${index}]`, 'a size whose notional at its level can be kept exactly');
  }
  const { takeProfit } = grid;
  const isBeyond = ({ side, price }: GridLevel): boolean => takeProfit !== null && isThrough(side, price, takeProfit);
  if (levels.some(isBeyond)) throw new InvalidInputError(`${field}.takeProfit`, 'a price between the nearest buy and the nearest sell');
};

/** A grid with the market of its symbol, its place in the plan, and the book that was read. */
export interface GridSource {
  readonly grid: PlanGrid;
  readonly market: Market;
  readonly field: string;
  readonly book: Snapshot;
}

const readLevel = (deps: ShellDeps, plan: PlanHead, { grid, market, field }: GridSource, wanted: GridLevel): ReadLevel => {
  const read = readPlanWatch(deps, plan, { watch: watchOf(grid, wanted), market, rank: null, field });
  if (read.kind === 'REFUSED') return { wanted, read };
  const level = { grid: grid.name, reset: grid.reset };
  const netted = grid.levelsUp > 0 && grid.levelsDown > 0;
  return { wanted, read: { ...read, watch: { ...read.watch, level, exit: { ...read.watch.exit, netted } } } };
};

/**
 * Reads one grid against its market: its levels as watches, those that are left out and by what.
 * @throws InvalidInputError naming the field that contradicts another, or whose sizes the ledger could not keep exactly
 */
export const readGrid = (deps: ShellDeps, plan: PlanHead, source: GridSource): ReadGrid => {
  const { grid, field, book } = source;
  const { symbol, rules } = source.market;
  const { used, model } = modelOf(deps, grid, symbol, book);
  const wanted = wantedGrid({ ...grid, tickSize: rules.tickSize, fillModel: model }, grid.mode, []);
  const all = [...wanted.sells, ...wanted.buys];
  refuseUnusable(grid, all, field);
  const levels = all.map((level) => readLevel(deps, plan, source, level));
  return { grid, field, symbol, reason: wanted.reason, fillModel: used, levels, leftOut: wanted.leftOut };
};
