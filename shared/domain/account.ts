// The account's ledger of room (WS-2, WS-13), its kill switch (KS-1) and what its limits are measured from (KS-2).
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { AssetClass } from './watch.ts';

export type KillState = 'ACTIVE' | 'REDUCING' | 'HALTED';

/** Who throws the switch: a person's word always stands, a rule's never weakens what it finds (KS-2). */
export type KillSetter = 'PERSON' | 'RULE';

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

/** A day of the account, by its date in New York, and the equity of the first reading on it, quote currency. */
export interface DayEquity {
  readonly date: string;
  readonly equity: Decimal;
}

/** A REDUCING of the account that the reset before the next open of NYSE lifts (KS-2): a streak of stops, or a person's pause. */
export interface Passing {
  readonly by: 'STREAK' | 'PAUSE';
  readonly since: Millis;
}

/**
 * A restore of the account's table from a backup: what happened since the backup is unknown to it. Every order from then on
 * has a fence above the floor, so that no id is used twice (EX-11).
 */
export interface Restore {
  /** Name of the table that was restored into: told of the same one again, nothing changes. */
  readonly table: string;
  readonly at: Millis;
  readonly fenceFloor: number;
  /** Reconcile has not found the account in order since: it stays halted. */
  readonly isOpen: boolean;
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
  /** What MAX_DAILY_LOSS is measured from; null: the next reading begins anew. */
  readonly day: DayEquity | null;
  /** What MAX_DRAWDOWN is measured from, the highest equity read; null: the next reading begins anew. */
  readonly peak: Decimal | null;
  /** Positions in a row that ended by their stop. */
  readonly stopStreak: number;
  /** Why the account is REDUCING for a while only; null where what stands is lifted by a person alone. */
  readonly passing: Passing | null;
  /** The last restore of the table; null where it never was. */
  readonly restore: Restore | null;
}

export const ALL_ACTIVE: KillSwitch = { account: 'ACTIVE', stock: 'ACTIVE', crypto: 'ACTIVE', symbols: {} };

const STRENGTH: Readonly<Record<KillState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

/** Tells whether a state lets through less than another (KS-1). */
export const isStronger = (state: KillState, other: KillState): boolean => STRENGTH[state] > STRENGTH[other];

/** The state of one scope alone (KS-1): a symbol that was never set is ACTIVE. */
export const stateOf = (kill: KillSwitch, scope: KillScope): KillState => {
  switch (scope.kind) {
    case 'ACCOUNT':
      return kill.account;
    case 'CLASS':
      return kill[scope.assetClass];
    case 'SYMBOL':
      return kill.symbols[scope.symbol] ?? 'ACTIVE';
  }
};

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
