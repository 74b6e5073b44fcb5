// What a strategy asks for: one entry it would like, and how its position ends (EW-6).
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { MarketRules } from './constraints.ts';
import type { Mode } from './protection.ts';
import type { Side } from './side.ts';
import type { AssetClass } from './symbols.ts';

export type { AssetClass, Mode, Side };

/**
 * Longest time a position is held. Without bars it ends `seconds` after its first fill; with bars, a minute
 * before the end of the bar that lies `seconds` after the bar of the fill, so that it sells at that bar's close.
 */
export interface MaxHold {
  readonly seconds: number;
  readonly barSeconds: number | null;
}

/** How a position ends beside the auto-exit: prices in quote currency. */
export interface ExitRules {
  readonly takeProfit: Decimal | null;
  readonly maxHold: MaxHold | null;
}

/** Rules of a position that ends by nothing but its class's. */
export const NO_EXIT_RULES: ExitRules = { takeProfit: null, maxHold: null };

/** One entry a strategy would like, already shaped to the venue's rules at intake (EX-10). */
export interface Watch {
  readonly kind: 'limit';
  readonly strategy: string;
  readonly planVersion: number;
  readonly symbol: string;
  readonly slot: string;
  readonly assetClass: AssetClass;
  readonly side: Side;
  readonly limit: Decimal;
  readonly quantity: Decimal;
  readonly forecastPnl: Decimal | null;
  readonly mode: Mode;
  readonly group: string | null;
  readonly rank: number | null;
  readonly tolerance: Decimal | null;
  readonly expiresAt: Millis;
  readonly exit: ExitRules;
  readonly maxAttempts: number | null;
  readonly rules: MarketRules;
}
