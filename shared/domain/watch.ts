// What a strategy asks for: one entry it would like, and how its position ends (EW-6).
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { MarketRules } from './constraints.ts';
import type { GridReset } from './grid-reset.ts';
import type { Mode } from './protection.ts';
import type { HoursName } from './session-window.ts';
import type { Settings } from './settings.ts';
import type { StopPolicy } from './stop-price.ts';
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

/** Settings of the lifecycle that a strategy or a watch may have of its own; whatever is absent is the account's. */
export type OwnSettings = Partial<
  Pick<
    Settings,
    | 'triggerWindowMinutes'
    | 'ignoreInitialMinutes'
    | 'orderTimeoutMinutes'
    | 'exitBeforeCloseMinutes'
    | 'maxOrderRetries'
    | 'initialStopTicks'
    | 'trailTicks'
    | 'limitStopRatio'
    | 'barMinutes'
  >
>;

/** How a position is protected and how it ends: prices in quote currency. Kept with every order, for a fill that comes late. */
export interface ExitRules {
  readonly takeProfit: Decimal | null;
  readonly maxHold: MaxHold | null;
  readonly stop: StopPolicy;
  /** The market whose sessions it follows. */
  readonly hours: HoursName;
  readonly own: OwnSettings;
  readonly market: MarketRules;
  /** Its symbol is held long and short at once: the venue knows their sum alone, so that no order of it can be reduce-only (EX-5). */
  readonly netted: boolean;
}

/**
 * How an entry is carried out (EX-1). PLAIN rests at its limit; MAKER rests there or is refused; TAKER trades at once up to
 * its limit, and what is left ends; TWAP sends that many parts over the duration; ICEBERG shows only `shown` units at a time.
 */
export type EntryStyle =
  | { readonly kind: 'PLAIN' }
  | { readonly kind: 'MAKER' }
  | { readonly kind: 'TAKER' }
  | { readonly kind: 'TWAP'; readonly slices: number; readonly durationSeconds: number }
  | { readonly kind: 'ICEBERG'; readonly shown: Decimal };

/** The usual way. */
export const PLAIN: EntryStyle = { kind: 'PLAIN' };

/** A limit order at `limit`; or, once `trigger` was reached, a buy-stop at `limit`, its entry price (SL-1). Shorts mirror. */
export type EntryKind = { readonly kind: 'limit' } | { readonly kind: 'stop'; readonly trigger: Decimal };

/** The grid that a watch is a level of, by its name, empty where it has none, and how a newer plan takes its place (EX-5). */
export interface LevelOf {
  readonly grid: string;
  readonly reset: GridReset;
}

/** One entry a strategy would like, already shaped to the venue's rules at intake (EX-10). */
export type Watch = WatchTerms & EntryKind;

/** What watches of every kind have; `limit` is the price the entry waits at. */
export interface WatchTerms {
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
  readonly style: EntryStyle;
  /** Null of a watch that is no level of a grid. */
  readonly level: LevelOf | null;
}
