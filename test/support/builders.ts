// Builders of what a test gives; everything goes through the constructors that production uses.
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import type { Capacity } from '../../shared/domain/account.ts';
import type { MarketRules } from '../../shared/domain/constraints.ts';
import type { Context } from '../../shared/domain/context.ts';
import { decide } from '../../shared/domain/decide.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Change, Snapshot } from '../../shared/domain/decision.ts';
import type { MarketCalendar } from '../../shared/domain/market-hours.ts';
import { usualHours } from '../../shared/domain/market-time.ts';
import { NEVER_RECONCILED } from '../../shared/domain/reconcile-state.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { PLAIN } from '../../shared/domain/watch.ts';
import type { Watch, WatchTerms } from '../../shared/domain/watch.ts';
import type { PlanWatch } from '../../shared/plan-watch.ts';
import type { Market, VenueTraits } from '../../shared/ports.ts';
import { shapeWatch } from '../../shared/watch-shape.ts';
import type { PlanEntry } from '../../shared/watch-shape.ts';
import { deepFreeze } from './deep-freeze.ts';

export const ACCOUNT = 'paper-1';
/** A Wednesday, 11:00 in New York: NYSE is open until 16:00. */
export const NOON = Date.UTC(2025, 5, 4, 15, 0, 0);
/** A Saturday, 11:00 in New York. */
export const SATURDAY = Date.UTC(2025, 5, 7, 15, 0, 0);

const NYSE = nyseCalendar();
const dates = new Map<number, string>();

/** NYSE's calendar; dates are remembered by the minute, since tests ask for the same ones a million times. */
export const calendar: MarketCalendar = {
  ...NYSE,
  newYorkDate: (at) => {
    const minute = Math.floor(at / 60_000);
    const known = dates.get(minute) ?? NYSE.newYorkDate(at);
    dates.set(minute, known);
    return known;
  },
};
export const d = (value: string | number): Decimal => new Decimal(value);

export const PAPER_TRAITS: VenueTraits = { venue: 'paper', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 };

/** Cents for stocks, fractions of a share allowed; crypto to eight decimals. */
export const marketRules = (changes: Partial<MarketRules> = {}): MarketRules => ({
  tickSize: d('0.01'),
  lotSize: d('0.00000001'),
  minQuantity: d('0'),
  minNotional: d('1'),
  priceBand: null,
  ...changes,
});

export const market = (symbol: string, changes: Partial<MarketRules> = {}): Market => ({
  symbol,
  assetClass: symbol.includes('/') ? 'crypto' : 'stock',
  rules: marketRules(changes),
});

export interface WatchInput {
  readonly symbol: string;
  readonly slot?: string;
  readonly side?: PlanWatch['side'];
  readonly limit?: string;
  readonly quantity?: string;
  readonly pnl?: string | null;
  readonly mode?: PlanWatch['mode'];
  readonly group?: string | null;
  readonly rank?: number | null;
  readonly tolerance?: string | null;
  readonly expiresAt?: number | null;
  readonly takeProfit?: string | null;
  readonly maxHold?: PlanWatch['maxHold'];
  readonly maxAttempts?: number | null;
  readonly style?: PlanWatch['style'];
  /** With a trigger it is a watch of kind `stop`. */
  readonly trigger?: string;
  readonly takeProfitMultiple?: string | null;
  /** Stop price of its own of a `limit` watch. */
  readonly stop?: string | null;
  readonly hours?: PlanWatch['hours'];
  readonly settings?: PlanWatch['settings'];
}

const maybe = (text: string | null | undefined): Decimal | null => (text === null || text === undefined ? null : d(text));

const takeProfitOf = ({ takeProfit, trigger }: WatchInput): Decimal | null =>
  takeProfit === undefined ? (trigger === undefined ? d('110') : null) : maybe(takeProfit);

const planEntry = ({ trigger, takeProfitMultiple, stop }: WatchInput): PlanEntry =>
  trigger === undefined
    ? { kind: 'limit', stop: maybe(stop) }
    : { kind: 'stop', trigger: d(trigger), takeProfitMultiple: takeProfitMultiple === undefined ? 'AS_SET' : maybe(takeProfitMultiple) };

/** A watch as a strategy sends it: a buy of 10 at 100 that takes its profit at 110; a buy-stop takes it by its risk. */
export const planWatch = (input: WatchInput): PlanWatch => ({
  ...planEntry(input),
  symbol: input.symbol,
  assetClass: null,
  slot: input.slot ?? 'main',
  side: input.side ?? 'buy',
  limit: d(input.limit ?? '100'),
  quantity: d(input.quantity ?? '10'),
  forecastPnl: input.pnl === null ? null : d(input.pnl ?? '1'),
  mode: input.mode ?? 'normal',
  group: input.group ?? null,
  rank: input.rank ?? null,
  tolerance: maybe(input.tolerance),
  expiresAt: input.expiresAt ?? null,
  minimumDurationSeconds: null,
  takeProfit: takeProfitOf(input),
  maxHold: input.maxHold ?? null,
  maxAttempts: input.maxAttempts ?? null,
  style: input.style ?? PLAIN,
  hours: input.hours ?? null,
  settings: input.settings ?? {},
});

/** What a decision knows beside the snapshot, on that Wednesday unless told otherwise. */
export const context = (changes: Partial<Context> = {}): Context => ({
  account: ACCOUNT,
  now: NOON,
  settings: DEFAULT_SETTINGS,
  calendar,
  amends: true,
  stopMoves: 'AMEND',
  icebergs: false,
  maxClientOrderIdLength: 36,
  fenceFloor: 0,
  ...changes,
});

export const settings = (changes: Partial<Settings> = {}): Settings => ({ ...DEFAULT_SETTINGS, ...changes });

/** A snapshot that holds nothing but what a test names, frozen. */
export const snapshot = (changes: Partial<Snapshot> = {}): Snapshot =>
  deepFreeze({
    account: ACCOUNT,
    capacity: null,
    board: { revision: 0, quotes: {}, bars: {}, features: {} },
    slots: new Map(),
    steals: [],
    orders: new Map(),
    actions: new Map(),
    countedTrades: new Set<string>(),
    webhookSeen: false,
    reconcile: NEVER_RECONCILED,
    ...changes,
  });

const changesOf = (given: Snapshot, event: Parameters<typeof decide>[1], with_: Context): readonly Change[] => {
  const decision = decide(given, event, with_);
  if (decision.kind === 'IGNORE') throw new Error(`expected a commit, found ${decision.reason}`);
  return decision.changes;
};

/** The ledger after a first reading of this equity. */
export const capacity = (equity: string, with_: Context = context()): Capacity => {
  const [change] = changesOf(snapshot(), { type: 'EQUITY_READ', equity: d(equity), at: with_.now }, with_);
  if (change?.kind !== 'EQUITY') throw new Error('expected a reading of equity');
  return deepFreeze(change.after);
};

/** A watch as the core keeps it. */
export const watch = (input: WatchInput, changes: Partial<WatchTerms> = {}): Watch => {
  const planned = planWatch(input);
  const { assetClass, rules } = market(planned.symbol);
  const shape = shapeWatch(planned, { rules, settings: DEFAULT_SETTINGS, field: 'watch' });
  if ('refused' in shape) throw new Error(`expected a watch, found ${shape.refused}`);
  const { maxAttempts: _attempts, takeProfitMultiple: _multiple, ...own } = planned.settings;
  return deepFreeze({
    ...shape.entry,
    strategy: 'alpha',
    planVersion: 1,
    symbol: planned.symbol,
    slot: planned.slot,
    assetClass,
    side: planned.side,
    limit: shape.limit,
    quantity: shape.quantity,
    forecastPnl: planned.forecastPnl,
    mode: planned.mode,
    group: planned.group,
    rank: planned.rank,
    tolerance: planned.tolerance,
    expiresAt: input.expiresAt ?? NOON + 5 * 3_600_000,
    exit: { takeProfit: shape.takeProfit, maxHold: planned.maxHold, stop: shape.stop, hours: planned.hours ?? usualHours(assetClass), own, market: rules, netted: false },
    maxAttempts: planned.maxAttempts,
    style: planned.style,
    level: null,
    ...changes,
  });
};

/** A slot that has taken in one watch. */
export const watchingSlot = (input: WatchInput, with_: Context = context()): Slot => {
  const [change] = changesOf(snapshot(), { type: 'WATCH_PLANNED', watch: watch(input) }, with_);
  if (change?.kind !== 'SLOT') throw new Error('expected a slot');
  return deepFreeze(change.after);
};
