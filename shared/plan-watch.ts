// Turns one watch of a plan into what the core keeps: symbol, rules, shape, mode, expiry (EW-4, EW-5, EX-10, WS-12).
import type { Decimal } from './domain/decimal.ts';
import { LEDGER_DIGITS, MAX_DIGITS, MONEY_PLACES } from './domain/decimal.ts';
import type { ConstraintRefusal } from './domain/constraints.ts';
import { watchExpiry } from './domain/expiry.ts';
import type { Millis } from './domain/instant.ts';
import { usualHours } from './domain/market-time.ts';
import { modeAtIntake } from './domain/probe.ts';
import type { HoursName } from './domain/session-window.ts';
import { assetClassOf, isSymbol, normaliseSymbol } from './domain/symbols.ts';
import type { AssetClass, EntryStyle, MaxHold, Mode, Side, Watch } from './domain/watch.ts';
import { shapeStyle } from './entry-style.ts';
import { InvalidInputError } from './errors.ts';
import { settingsOver } from './own-settings.ts';
import type { PlanSettings } from './own-settings.ts';
import type { Market } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';
import { shapeWatch, stopRefusalOf } from './watch-shape.ts';
import type { PlanEntry, StopRefusal, WatchShape } from './watch-shape.ts';

/** One watch as a strategy sends it; the symbol in any spelling, prices in quote currency, quantity in units. */
export type PlanWatch = PlanTerms & PlanEntry;

/** What watches of every kind have; null hours and settings that are absent are those of its class and its plan. */
export interface PlanTerms {
  readonly symbol: string;
  readonly assetClass: AssetClass | null;
  readonly slot: string;
  readonly side: Side;
  readonly limit: Decimal;
  readonly quantity: Decimal;
  readonly forecastPnl: Decimal | null;
  readonly mode: Mode;
  readonly group: string | null;
  readonly rank: number | null;
  readonly tolerance: Decimal | null;
  readonly expiresAt: Millis | null;
  readonly minimumDurationSeconds: number | null;
  readonly takeProfit: Decimal | null;
  readonly maxHold: MaxHold | null;
  readonly maxAttempts: number | null;
  readonly style: EntryStyle;
  readonly hours: HoursName | null;
  readonly settings: PlanSettings;
}

/** What a watch has of its plan. */
export interface PlanHead {
  readonly strategy: string;
  readonly version: number;
  readonly settings: PlanSettings;
}

export type ReadWatch =
  | { readonly kind: 'WATCH'; readonly watch: Watch; readonly promoted: boolean }
  | { readonly kind: 'REFUSED'; readonly symbol: string; readonly slot: string; readonly reason: ConstraintRefusal | StopRefusal };

/** What it takes to find a symbol's market. */
export type NamedSymbol = Pick<PlanWatch, 'symbol' | 'assetClass'>;

const spellings = (watch: NamedSymbol): readonly string[] => {
  if (watch.assetClass !== null) return [normaliseSymbol(watch.symbol, watch.assetClass)];
  return [...new Set([normaliseSymbol(watch.symbol, 'stock'), normaliseSymbol(watch.symbol, 'crypto')])];
};

/**
 * Finds the market of a plan's watch by its class or, without one, in the venue's list (EW-4).
 * @throws InvalidInputError naming the field where the symbol is unknown or ambiguous
 */
export const findMarketOf = async (deps: ShellDeps, watch: NamedSymbol, field: string): Promise<Market> => {
  const expected = 'a symbol that the venue lists';
  if (!isSymbol(watch.symbol)) throw new InvalidInputError(field, expected);
  const listed = await Promise.all(spellings(watch).map((symbol) => deps.store.findMarket(deps.account, symbol)));
  const markets = listed.filter((market) => market !== null);
  const assetClass = assetClassOf(watch.symbol, watch.assetClass, markets);
  const market = markets.find((each) => each.assetClass === assetClass);
  if (market === undefined) throw new InvalidInputError(field, expected);
  return market;
};

/** Whether the ledger can add a notional exactly: it keeps so many places, and digits before the point. */
export const isExact = (value: Decimal): boolean => value.precision() <= MAX_DIGITS && value.decimalPlaces() <= MONEY_PLACES && value.e < LEDGER_DIGITS;

interface Source {
  readonly watch: PlanWatch;
  readonly market: Market;
  readonly rank: number | null;
  readonly field: string;
}

const keepWatch = (deps: ShellDeps, plan: PlanHead, { watch, market, rank }: Source, shape: WatchShape & { readonly style: EntryStyle }): Watch => {
  const { symbol, assetClass, rules } = market;
  const { limit, quantity, takeProfit, stop } = shape;
  const { expiresAt, minimumDurationSeconds, side, maxHold } = watch;
  // What becomes a term of the watch is kept there alone.
  const { maxAttempts, takeProfitMultiple: _multiple, ...own } = { ...plan.settings, ...watch.settings };
  const hours = watch.hours ?? usualHours(assetClass);
  return {
    ...shape.entry,
    strategy: plan.strategy,
    planVersion: plan.version,
    symbol,
    slot: watch.slot,
    assetClass,
    side,
    limit,
    quantity,
    forecastPnl: watch.forecastPnl,
    mode: modeAtIntake({ mode: watch.mode, limit, quantity }, deps.settings),
    group: watch.group,
    rank: assetClass === 'crypto' ? rank : null,
    tolerance: watch.tolerance,
    expiresAt: watchExpiry({ assetClass, at: deps.clock.now(), minimumDurationSeconds, expiresAt }, deps.calendar, hours),
    exit: { takeProfit, maxHold, stop, hours, own, market: rules, netted: false },
    maxAttempts: watch.maxAttempts ?? maxAttempts ?? null,
    style: shape.style,
    level: null,
  };
};

/**
 * Reads one watch against its market: rounded to the venue's steps, promoted where it is too large for a probe
 * (WS-12), with its expiry (EW-5); or refused with the first reason of EX-10, its own or its stop's (SL-4).
 * @throws InvalidInputError naming the field that contradicts another, or whose size the ledger could not keep exactly
 */
export const readPlanWatch = (deps: ShellDeps, plan: PlanHead, source: Source): ReadWatch => {
  const { watch, field } = source;
  const { symbol, assetClass, rules } = source.market;
  const given = [{ field: `${field}.settings`, settings: watch.settings }, { field: 'settings', settings: plan.settings }];
  const settings = settingsOver(deps.settings, given, watch.hours ?? usualHours(assetClass));
  const shape = shapeWatch(watch, { rules, settings, field });
  const refused = (reason: ConstraintRefusal | StopRefusal): ReadWatch => ({ kind: 'REFUSED', symbol, slot: watch.slot, reason });
  if ('refused' in shape) return refused(shape.refused);
  if (!isExact(shape.quantity.times(shape.limit))) {
    throw new InvalidInputError(`${field}.quantity`, `a notional of at most ${LEDGER_DIGITS} digits before the point and ${MONEY_PLACES} after it`);
  }
  const reason = stopRefusalOf(watch.side, shape, rules, settings);
  if (reason !== null) return refused(reason);
  const style = shapeStyle(watch.style, { side: watch.side, shape, rules, settings, venue: deps.traits, field });
  if ('refused' in style) return refused(style.refused);
  const kept = keepWatch(deps, plan, source, { ...shape, style });
  return { kind: 'WATCH', watch: kept, promoted: kept.mode !== watch.mode };
};
