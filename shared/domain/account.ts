// The account's ledger of room (WS-2, WS-13) and its kill switch (KS-1).
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { AssetClass } from './watch.ts';

export type KillState = 'ACTIVE' | 'REDUCING' | 'HALTED';

export type KillScope =
  | { readonly kind: 'ACCOUNT' }
  | { readonly kind: 'CLASS'; readonly assetClass: AssetClass }
  | { readonly kind: 'SYMBOL'; readonly symbol: string };

/** Room by asset class, quote currency. */
export interface ByClass {
  readonly stock: Decimal;
  readonly crypto: Decimal;
}

export interface KillSwitch {
  readonly account: KillState;
  readonly stock: KillState;
  readonly crypto: KillState;
  readonly symbols: Readonly<Record<string, KillState>>;
}

/** `cap` = leverage × equity; `free` = cap − used, and may be negative; `sequence` counts every move of a reservation. */
export interface Capacity {
  readonly equity: Decimal;
  readonly equityAt: Millis;
  readonly cap: Decimal;
  readonly free: Decimal;
  readonly capOfClass: ByClass;
  readonly freeOfClass: ByClass;
  readonly sequence: number;
  readonly kill: KillSwitch;
}

export const ALL_ACTIVE: KillSwitch = { account: 'ACTIVE', stock: 'ACTIVE', crypto: 'ACTIVE', symbols: {} };

/** States in force for a symbol: the account's, its class's and its own (KS-1). */
export const killStatesFor = (kill: KillSwitch, assetClass: AssetClass, symbol: string): readonly KillState[] => [
  kill.account,
  kill[assetClass],
  kill.symbols[symbol] ?? 'ACTIVE',
];

/** Tells whether new entries may go out for a symbol (KS-1). */
export const entriesAllowed = (kill: KillSwitch, assetClass: AssetClass, symbol: string): boolean =>
  killStatesFor(kill, assetClass, symbol).every((state) => state === 'ACTIVE');

/** Tells whether live entries of a symbol must be cancelled (KS-1). */
export const isHalted = (kill: KillSwitch, assetClass: AssetClass, symbol: string): boolean =>
  killStatesFor(kill, assetClass, symbol).includes('HALTED');
