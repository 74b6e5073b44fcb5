// What the replay's strategy asks for in an hour: one limit watch a symbol, from the newest row that is known by then.
import { Decimal, roundDownTo, roundUpTo, toPlain } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import type { PlanRow } from './market-files.ts';
import { HOUR } from './price-steps.ts';

/** Name under which the replay plans. */
export const STRATEGY = 'replay';
/** Quote currency that each watch may use. */
export const NOTIONAL = new Decimal(2000);
const PNL_PLACES = 8;
const HOLD_HOURS = 4;
const LONGEST_KNOWN: Millis = 24 * HOUR;

/** One watch as plan-intake reads it. */
export interface PlannedWatch {
  readonly symbol: string;
  readonly assetClass: 'stock' | 'crypto';
  readonly side: 'buy';
  readonly limit: string;
  readonly quantity: string;
  readonly forecastPnl: string;
  readonly takeProfit: string;
  readonly maxHold: { readonly seconds: number; readonly barSeconds: number };
}

/** One plan as plan-intake reads it; the version is the hour, counted from 1970. */
export interface PlanMessage {
  readonly strategy: string;
  readonly version: number;
  readonly watches: readonly PlannedWatch[];
}

/**
 * Picks the rows that count in an hour, by symbol: the newest of an earlier hour. A symbol without a newer row keeps
 * its last one for a day, counted from that row's hour; then it is left out, and so withdrawn (EW-6).
 */
export function rowsKnownIn(hour: Millis, rows: readonly PlanRow[]): readonly PlanRow[] {
  const newest = new Map<string, PlanRow>();
  for (const row of rows) {
    if (row.hour < hour && row.hour >= hour - LONGEST_KNOWN) newest.set(row.symbol, row);
  }
  return [...newest.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** Writes the plan of an hour from the rows that count in it and each symbol's rules. */
export function planOf(hour: Millis, rows: readonly PlanRow[], rulesOf: (symbol: string) => MarketRules): PlanMessage {
  return { strategy: STRATEGY, version: hour / HOUR, watches: rows.map((row) => watchOf(row, rulesOf(row.symbol))) };
}

function watchOf(row: PlanRow, rules: MarketRules): PlannedWatch {
  const limit = roundDownTo(row.buyPrice, rules.tickSize);
  return {
    symbol: row.symbol,
    assetClass: row.assetClass,
    side: 'buy',
    limit: toPlain(limit),
    quantity: toPlain(roundDownTo(NOTIONAL.dividedBy(limit), rules.lotSize)),
    forecastPnl: toPlain(forecastOf(row)),
    takeProfit: toPlain(roundUpTo(row.sellPrice, rules.tickSize)),
    maxHold: { seconds: (HOLD_HOURS * HOUR) / 1000, barSeconds: HOUR / 1000 },
  };
}

function forecastOf({ buyPrice, sellPrice }: PlanRow): Decimal {
  return NOTIONAL.times(sellPrice.minus(buyPrice)).dividedBy(buyPrice).toDecimalPlaces(PNL_PLACES, Decimal.ROUND_HALF_UP);
}
