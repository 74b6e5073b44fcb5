import { type Decimal, ZERO } from './decimal.ts';
import type { AssetClass } from './symbols.ts';
import { compareText } from './text-order.ts';

/** A watch of a plan as ranking sees it. */
export interface RankedWatch {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly forecastPnl: Decimal | null;
}

/** Ranks the crypto watches of a plan (EW-3): 1 for the greatest forecast PnL, unknown counting as 0, ties by symbol. */
export function rankCrypto(watches: readonly RankedWatch[]): Map<string, number> {
  const ranked = watches
    .filter((watch) => watch.assetClass === 'crypto')
    .toSorted((a, b) => (b.forecastPnl ?? ZERO).comparedTo(a.forecastPnl ?? ZERO) || compareText(a.symbol, b.symbol));
  return new Map(ranked.map((watch, index) => [watch.symbol, index + 1]));
}

/** Tells whether a rank given by a plan is one (EW-3): a whole number from 1. */
export function isValidRank(rank: number): boolean {
  return Number.isSafeInteger(rank) && rank >= 1;
}
