// What the process that is killed and the one that kills it have to agree on.
import type { EntryStyle } from '../../shared/domain/watch.ts';
import { NOON } from '../support/builders.ts';
import type { WatchInput } from '../support/builders.ts';

export const TWAP_ACCOUNT = 'twap';
export const TWAP_SYMBOL = 'BTC/USD';
export const TWAP_STARTS = NOON;
export const SLICES = 100;
export const SLICE_SECONDS = 30;
/** Not a whole number of lots a slice, so that the last has a remainder. */
export const WANTED = '7.7777';

const style: EntryStyle = { kind: 'TWAP', slices: SLICES, durationSeconds: SLICES * SLICE_SECONDS };
const watch: WatchInput = { symbol: TWAP_SYMBOL, limit: '100', quantity: WANTED, takeProfit: '150', style, maxAttempts: 1 };

export const TWAP_PLAN = { strategy: 'twap', version: 1, settings: {}, watches: [watch], reductions: [], grids: [] };

/** What a process begins with. */
export interface ChildTerms {
  readonly table: string;
  readonly tableName: string;
  readonly venue: string;
}

/** One moment: its price, and whether it is one at which reconcile runs. */
export interface Step {
  readonly at: number;
  readonly price: string;
  readonly isFirst: boolean;
  readonly reconciles: boolean;
}
