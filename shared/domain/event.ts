// Everything that happens, as the pure core sees it. Names are past tense: each has already happened outside.
import type { Action } from './action.ts';
import type { BarGrid } from './bar.ts';
import type { Decimal } from './decimal.ts';
import type { MarketRules } from './constraints.ts';
import type { Millis } from './instant.ts';
import type { KillScope, KillSetter, KillState } from './account.ts';
import type { OrderReport } from './order-report.ts';
import type { Quote } from './quote.ts';
import type { Purpose, ReductionTerms, SlotRef } from './slot.ts';
import type { AssetClass, Side, Watch } from './watch.ts';

/** A venue that sheds load (429) or has banned us (418): how long it wants no call, null where it does not say. */
export interface VenuePause {
  readonly kind: 'RATE_LIMITED' | 'BANNED';
  readonly milliseconds: number | null;
}

/** What became of one call to the venue. Only listed answers are REFUSED; whatever is not certain is UNKNOWN (EX-9). */
export type Outcome =
  | { readonly kind: 'ACCEPTED'; readonly report: OrderReport }
  | { readonly kind: 'REFUSED'; readonly code: string }
  /** `pause`: the venue asked not to be called for a while (EX-9). */
  | { readonly kind: 'NOT_SENT'; readonly reason: string; readonly pause: VenuePause | null }
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

/** Bars that somebody's stop trails by (SL-5). */
export interface WantedBars {
  readonly symbol: string;
  readonly grid: BarGrid;
}

/** Why an action is not sent after all; SHED: a change of a live entry that the venue's budget has no room for (EX-4). */
export type StopReason = 'ACTION_EXPIRED' | 'KILL_SWITCH' | 'CIRCUIT_OPEN' | 'SHED';

export type Event =
  /** `grids` names the symbols whose bars are wanted, each by its length and the start of its session; `featured` those that a grid watches (FP-1). */
  | {
      readonly type: 'QUOTES_SEEN';
      readonly quotes: Readonly<Record<string, Quote>>;
      readonly grids: readonly WantedBars[];
      readonly featured: readonly WantedBars[];
    }
  | { readonly type: 'WATCH_PLANNED'; readonly watch: Watch }
  | { readonly type: 'WATCH_WITHDRAWN'; readonly ref: SlotRef; readonly strategy: string; readonly planVersion: number }
  | { readonly type: 'WATCH_EXPIRED'; readonly ref: SlotRef }
  | { readonly type: 'ENTRY_WANTED'; readonly ref: SlotRef; readonly maySteal: boolean }
  /** A level of a grid that is reset from nothing wants room: whether all of it has ended, only the whole book says (EX-5). */
  | { readonly type: 'LEVEL_WANTED'; readonly ref: SlotRef }
  /** A plan asks for less of a position, in slices (EX-1); null: it does so no more. */
  | { readonly type: 'REDUCTION_PLANNED'; readonly ref: SlotRef; readonly strategy: string; readonly planVersion: number; readonly wanted: ReductionTerms | null }
  /** A look at everything of a slot that is due by time or price: exits, stops, stale entries. */
  | { readonly type: 'SLOT_CHECKED'; readonly ref: SlotRef }
  /** A new trading day: what counted for the last one counts no more. */
  | { readonly type: 'SLOT_RESET'; readonly ref: SlotRef }
  /** Its symbol is traded on the other side, too: no order may be reduce-only that closes what the slot holds (EX-5). */
  | { readonly type: 'SLOT_NETTED'; readonly ref: SlotRef }
  | { readonly type: 'ORDER_REPORTED'; readonly report: OrderReport; readonly webhookId: string | null }
  | { readonly type: 'ACTION_ANSWERED'; readonly actionId: string; readonly clientOrderId: string; readonly outcome: Outcome }
  | { readonly type: 'ACTION_STOPPED'; readonly actionId: string; readonly clientOrderId: string; readonly reason: StopReason }
  | { readonly type: 'ACTION_SEEN_LIVE'; readonly actionId: string; readonly clientOrderId: string; readonly report: OrderReport }
  | { readonly type: 'ORDER_ABSENT'; readonly actionId: string; readonly clientOrderId: string }
  /** An order of ours, with nothing under way about it, that the venue was asked for twice and does not have. */
  | { readonly type: 'ORDER_VANISHED'; readonly clientOrderId: string }
  /** An entry on its way out lives on, and its cancel of that attempt is nowhere. */
  | { readonly type: 'CANCEL_LOST'; readonly clientOrderId: string; readonly attempt: number }
  /** A stop rests at other terms than were confirmed to us, and nothing of it is under way. */
  | { readonly type: 'STOP_DIFFERS'; readonly clientOrderId: string; readonly stopPrice: Decimal; readonly quantity: Decimal }
  /** Room is held for a steal whose victim yields to it no more. */
  | { readonly type: 'CLAIM_ORPHANED'; readonly ref: SlotRef }
  /** An order at the venue has an id that only we can have made, and no record. */
  | {
      readonly type: 'ORPHAN_FOUND';
      readonly report: OrderReport;
      readonly ref: SlotRef;
      readonly assetClass: AssetClass;
      readonly purpose: Purpose;
      readonly fence: number;
      readonly side: Side;
      readonly market: MarketRules;
    }
  /** What the venue holds of a symbol differs from what our orders explain (`ours`), confirmed; both negative when short. */
  | {
      readonly type: 'POSITION_SEEN';
      readonly symbol: string;
      readonly assetClass: AssetClass;
      readonly quantity: Decimal;
      readonly averagePrice: Decimal | null;
      readonly ours: Decimal;
      readonly lotSize: Decimal;
    }
  /** A person takes over a foreign position. */
  | { readonly type: 'POSITION_ADOPTED'; readonly ref: SlotRef; readonly market: MarketRules }
  | { readonly type: 'EQUITY_READ'; readonly equity: Decimal; readonly at: Millis }
  | {
      readonly type: 'KILL_SWITCH_SET';
      readonly scope: KillScope;
      readonly state: KillState;
      readonly by: KillSetter;
      readonly who: string | null;
      /** Leaves what lets through less as it stands. */
      readonly onlyTightens?: boolean;
    }
  /** A person wants no new entries until the reset before NYSE next opens (KS-2). */
  | { readonly type: 'ACCOUNT_PAUSED'; readonly who: string | null }
  /** The reset of the account before the open: what was reduced for a while only goes on. */
  | { readonly type: 'SESSION_RESET' }
  /**
   * The account's table was restored from a backup into another. `fences`: the highest that its slots know; `planned`: calls
   * that it has as planned, which may have been made since the backup.
   */
  | { readonly type: 'TABLE_RESTORED'; readonly table: string; readonly fences: readonly number[]; readonly planned: readonly Action[] }
  /** A whole run of reconcile has found the account in order since that restore. */
  | { readonly type: 'RESTORE_SETTLED'; readonly table: string }
  | { readonly type: 'ENTRY_HALTED'; readonly ref: SlotRef };

export type EventType = Event['type'];
