// Turns one watch of a plan into what the core keeps: symbol, rules, shape, mode, expiry (EW-4, EW-5, EX-10, WS-12).
import type { Decimal } from './domain/decimal.ts';
import { LEDGER_DIGITS, MAX_DIGITS, MONEY_PLACES, roundDownTo, roundUpTo } from './domain/decimal.ts';
import { shapeOrder } from './domain/constraints.ts';
import type { ConstraintRefusal } from './domain/constraints.ts';
import { watchExpiry } from './domain/expiry.ts';
import type { Millis } from './domain/instant.ts';
import { modeAtIntake } from './domain/probe.ts';
import { assetClassOf, isSymbol, normaliseSymbol } from './domain/symbols.ts';
import type { AssetClass, MaxHold, Mode, Side, Watch } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import type { Market } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

/** One watch as a strategy sends it; the symbol in any spelling, prices in quote currency, quantity in units. */
export interface PlanWatch {
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
}

export type ReadWatch =
  | { readonly kind: 'WATCH'; readonly watch: Watch; readonly promoted: boolean }
  | { readonly kind: 'REFUSED'; readonly symbol: string; readonly slot: string; readonly reason: ConstraintRefusal };

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
const isExact = (value: Decimal): boolean => value.precision() <= MAX_DIGITS && value.decimalPlaces() <= MONEY_PLACES && value.e < LEDGER_DIGITS;

const takeProfitAtTick = (watch: PlanWatch, market: Market): Decimal | null => {
  if (watch.takeProfit === null) return null;
  const round = watch.side === 'buy' ? roundUpTo : roundDownTo;
  return round(watch.takeProfit, market.rules.tickSize);
};

/**
 * Reads one watch against its market: rounded to the venue's steps, promoted where it is too large for a probe
 * (WS-12), with its expiry (EW-5); or refused with the first reason of EX-10.
 * @throws InvalidInputError naming the field whose size the ledger could not keep exactly
 */
export const readPlanWatch = (
  deps: ShellDeps,
  plan: { readonly strategy: string; readonly version: number },
  source: { readonly watch: PlanWatch; readonly market: Market; readonly rank: number | null; readonly field: string },
): ReadWatch => {
  const { watch, market } = source;
  const { symbol, assetClass, rules } = market;
  const shaped = shapeOrder(watch, rules);
  if ('refused' in shaped) return { kind: 'REFUSED', symbol, slot: watch.slot, reason: shaped.refused };
  const shape = shaped.accepted;
  if (!isExact(shape.quantity.times(shape.limit))) {
    throw new InvalidInputError(`${source.field}.quantity`, `a notional of at most ${LEDGER_DIGITS} digits before the point and ${MONEY_PLACES} after it`);
  }
  const at = deps.clock.now();
  const { expiresAt, minimumDurationSeconds } = watch;
  const mode = modeAtIntake({ mode: watch.mode, ...shape }, deps.settings);
  const kept: Watch = {
    kind: 'limit',
    strategy: plan.strategy,
    planVersion: plan.version,
    symbol,
    slot: watch.slot,
    assetClass,
    side: watch.side,
    ...shape,
    forecastPnl: watch.forecastPnl,
    mode,
    group: watch.group,
    rank: assetClass === 'crypto' ? source.rank : null,
    tolerance: watch.tolerance,
    expiresAt: watchExpiry({ assetClass, at, minimumDurationSeconds, expiresAt }, deps.calendar),
    exit: { takeProfit: takeProfitAtTick(watch, market), maxHold: watch.maxHold },
    maxAttempts: watch.maxAttempts,
    rules,
  };
  return { kind: 'WATCH', watch: kept, promoted: mode !== watch.mode };
};
