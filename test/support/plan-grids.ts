// Grids as a strategy sends them, and a world that takes them in.
import { acceptPlan } from '../../shared/accept-plan.ts';
import type { PlanResult } from '../../shared/accept-plan.ts';
import type { GridStop, PlanGrid } from '../../shared/plan-grid.ts';
import { ACCOUNT, d, planWatch } from './builders.ts';
import type { WatchInput } from './builders.ts';
import type { World } from './world.ts';

export interface GridInput {
  readonly symbol?: string;
  readonly name?: string;
  readonly centre?: string;
  readonly skew?: string;
  readonly spacing?: string;
  readonly up?: number;
  readonly down?: number;
  readonly sizes?: readonly string[];
  readonly fee?: string;
  readonly reset?: PlanGrid['reset'];
  readonly mode?: PlanGrid['mode'];
  readonly plain?: boolean;
  readonly tolerance?: string | null;
  readonly maxAttempts?: number;
  readonly takeProfit?: string;
  readonly stop?: GridStop;
  readonly pnl?: string;
  readonly features?: PlanGrid['features'];
}

/** Two levels each way, a percent apart around 1000, one unit each, all of them within their tolerance. */
export const planGrid = (input: GridInput = {}): PlanGrid => ({
  symbol: input.symbol ?? 'BTC/USD',
  assetClass: null,
  name: input.name ?? '',
  centre: d(input.centre ?? '1000'),
  skewBps: d(input.skew ?? '0'),
  spacingBps: d(input.spacing ?? '100'),
  levelsUp: input.up ?? 2,
  levelsDown: input.down ?? 2,
  sizes: (input.sizes ?? ['1']).map(d),
  makerFeeRate: d(input.fee ?? '0.001'),
  reset: input.reset ?? 'soft',
  mode: input.mode ?? 'normal',
  style: { kind: input.plain === true ? 'PLAIN' : 'MAKER' },
  takeProfit: input.takeProfit === undefined ? null : d(input.takeProfit),
  stop: input.stop ?? null,
  forecastPnl: d(input.pnl ?? '1'),
  group: null,
  tolerance: input.tolerance === null ? null : d(input.tolerance ?? '0.2'),
  expiresAt: null,
  minimumDurationSeconds: null,
  maxHold: null,
  maxAttempts: input.maxAttempts ?? null,
  hours: null,
  settings: {},
  features: input.features ?? null,
});

/** Sends a plan of grids, and of watches beside them. */
export const planGrids = (world: World, version: number, grids: readonly GridInput[], watches: readonly WatchInput[] = []): Promise<PlanResult> =>
  acceptPlan(
    world.deps,
    { strategy: 'alpha', version, settings: {}, watches: watches.map(planWatch), grids: grids.map(planGrid), reductions: [] },
    { account: ACCOUNT, source: 'plan', requestId: 'r', correlationId: 'c' },
  );

/** Slots of a symbol that have an entry at the venue, with its price, by name. */
export const resting = (world: World, symbol = 'BTC/USD'): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...world.account.slots.values()].flatMap((slot) =>
      slot.symbol === symbol && 'order' in slot.entry ? [[slot.slot, slot.entry.order.limit?.toFixed() ?? '']] : [],
    ).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );

/** `slot side quantity` of what is held of a symbol, by name. */
export const holding = (world: World, symbol = 'BTC/USD'): readonly string[] =>
  [...world.account.slots.values()]
    .flatMap((slot) => (slot.symbol === symbol && 'lots' in slot.position ? [`${slot.slot} ${slot.position.side} ${slot.position.lots.map(({ quantity }) => quantity.toFixed()).join('+')}`] : []))
    .toSorted();
