// What a decision is: changes that are committed together or not at all, and facts worth telling.
import type { Bar } from './bar.ts';
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { Action } from './action.ts';
import type { Capacity, KillScope, KillState, Passing, Restore } from './account.ts';
import type { Fee, Liquidity } from './order-report.ts';
import type { Quote } from './quote.ts';
import type { MarketFeatures } from './market-features.ts';
import type { ReconcileState } from './reconcile-state.ts';
import type { Order, Slot, SlotRef, StealFacts } from './slot.ts';
import type { TripRecord } from './trip.ts';
import type { AssetClass, ExitRules, Mode, Side } from './watch.ts';

/** A change of used room, quote currency; positive uses more. */
export interface RoomMove {
  readonly total: Decimal;
  readonly stock: Decimal;
  readonly crypto: Decimal;
}

/** What must hold of the account for an entry to be committed (WS-2, WS-8, KS-1). Amounts may be negative. */
export interface EntryRequirement {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly free: Decimal;
  readonly freeOfClass: Decimal;
  readonly equityAfter: Millis;
}

/** The durable index and, once it has left its slot, the last known state of one of our orders. */
export interface OrderRecord {
  readonly ref: SlotRef;
  readonly assetClass: AssetClass;
  readonly order: Order;
  /** How a position of this order ends, for a fill that comes after its watch has gone. */
  readonly mode: Mode;
  readonly rules: ExitRules;
  readonly place: 'IN_SLOT' | 'CLOSED' | 'TOMBSTONE';
  readonly revision: number;
}

/** One counted fill of ours; `tradeId` is the venue's, or `clientOrderId#cumulative` where it named none (SL-10). */
export interface Fill {
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly ref: SlotRef;
  readonly purpose: Order['purpose'];
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly counted: Decimal;
  readonly fee: Fee | null;
  /** The fee in quote currency, at the rate of when it was counted; null where nobody knew it (EX-6). */
  readonly commission: Decimal | null;
  readonly liquidity: Liquidity | null;
  readonly at: Millis;
}

export interface StealRecord extends StealFacts {
  readonly at: Millis;
  readonly thiefClientOrderId: string;
}

/**
 * One item's change. `guard` of a slot: ENTRY holds if state, fence and watch version are as seen, so that only what
 * an entry is based on can refuse it; STATE holds if nothing of the slot has moved.
 */
export type Change =
  | { readonly kind: 'SLOT'; readonly before: Slot | null; readonly after: Slot; readonly guard: 'ENTRY' | 'STATE' }
  | { readonly kind: 'ROOM'; readonly move: RoomMove; readonly require: EntryRequirement | null }
  | { readonly kind: 'ENTRIES_ALLOWED'; readonly symbol: string; readonly assetClass: AssetClass }
  /** Holds if the caps, the day and the peak are as seen and the reading known is older; writes day and peak too. */
  | { readonly kind: 'EQUITY'; readonly before: Capacity | null; readonly after: Capacity }
  | { readonly kind: 'KILL'; readonly scope: KillScope; readonly before: KillState; readonly state: KillState }
  /** ADD counts one more position ended by its stop, whatever the count is; CLEAR sets it to nothing (KS-2). */
  | { readonly kind: 'STREAK'; readonly to: 'ADD' | 'CLEAR' }
  /** Why the account is reduced for a while only; holds if it is as seen (KS-2). */
  | { readonly kind: 'PASSING'; readonly before: Passing | null; readonly after: Passing | null }
  /** Holds if what is known of a restore is as seen (EX-11). */
  | { readonly kind: 'RESTORE'; readonly before: Restore | null; readonly after: Restore }
  /** Day and peak are forgotten: losses are measured from the next reading on (KS-2). */
  | { readonly kind: 'LIMITS_ANEW' }
  | { readonly kind: 'ACTION'; readonly before: Action | null; readonly after: Action | null }
  | { readonly kind: 'ORDER'; readonly before: OrderRecord | null; readonly after: OrderRecord }
  | { readonly kind: 'FILL'; readonly fill: Fill }
  | { readonly kind: 'TRIP'; readonly record: TripRecord }
  | { readonly kind: 'STEAL'; readonly steal: StealRecord }
  | { readonly kind: 'WEBHOOK'; readonly id: string; readonly at: Millis }
  | { readonly kind: 'QUOTES'; readonly before: QuoteBoard; readonly after: QuoteBoard }
  /** Holds if the state still has the revision of `before`. */
  | { readonly kind: 'RECONCILE'; readonly before: ReconcileState; readonly after: ReconcileState };

/** The bar of a symbol that is being built, and the last one that is whole (SL-5). */
export interface BoardBars {
  readonly building: Bar | null;
  readonly completed: Bar | null;
}

/** The account's last quotes, kept in one item; `revision` 0 means there is none yet. Bars by `barKey`. */
export interface QuoteBoard {
  readonly revision: number;
  readonly quotes: Readonly<Record<string, Quote>>;
  readonly bars: Readonly<Record<string, BoardBars>>;
  /** Of the symbols that a grid watches (FP-1). */
  readonly features: Readonly<Record<string, MarketFeatures>>;
}

/** Key of a symbol's bars of one length on the board. */
export const barKey = (symbol: string, barMinutes: number): string => `${symbol}@${barMinutes}`;

/** A fact for the log, the metrics and the journal; never a decision. */
export interface Note {
  readonly name: string;
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export type Decision =
  | { readonly kind: 'COMMIT'; readonly changes: readonly Change[]; readonly notes: readonly Note[] }
  | { readonly kind: 'IGNORE'; readonly reason: string; readonly notes: readonly Note[] };

/** What was read before deciding; only what the event's scope names is in it. */
export interface Snapshot {
  readonly account: string;
  readonly capacity: Capacity | null;
  readonly board: QuoteBoard;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly steals: readonly StealRecord[];
  readonly orders: ReadonlyMap<string, OrderRecord>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly countedTrades: ReadonlySet<string>;
  readonly webhookSeen: boolean;
  readonly reconcile: ReconcileState;
}

/** Key of a slot in a snapshot. */
export const slotKey = (ref: SlotRef): string => `${ref.symbol}#${ref.slot}`;
