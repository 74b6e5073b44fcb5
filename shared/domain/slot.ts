// The state of one slot (symbol × place of one entry): what it watches, its live entry, its position.
import type { ConstraintRefusal } from './constraints.ts';
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { OrderStatus } from './order-lifecycle.ts';
import type { LastStolen } from './protection.ts';
import type { AssetClass, ExitRules, Mode, Side, Watch } from './watch.ts';

export type Purpose = 'ENTRY' | 'EXIT' | 'STOP';

/** Which slot of the account. */
export interface SlotRef {
  readonly symbol: string;
  readonly slot: string;
}

/**
 * One order at the venue as far as we know it. `tradedQuantity` is what named trades explain of `filledQuantity`; an
 * order with a `stopPrice` and no limit goes to market once that price is reached.
 */
export interface Order {
  readonly clientOrderId: string;
  readonly exchangeOrderId: string | null;
  readonly purpose: Purpose;
  readonly fence: number;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly status: OrderStatus;
  readonly filledQuantity: Decimal;
  readonly filledNotional: Decimal;
  readonly tradedQuantity: Decimal;
  readonly createdAt: Millis;
}

/** NEXT_PART: the next part of the entry is due, with what this one has not filled. */
export type CancelReason = 'EXPIRED' | 'WITHDRAWN' | 'HALTED' | 'REPLACED' | 'EXITING' | 'AUTO_EXIT' | 'LATE_ARRIVAL' | 'STALE' | 'NEXT_PART';

/** What was known of both sides when a steal was decided; recorded with it (WS-10). */
export interface StealFacts {
  readonly thief: SlotRef;
  readonly thiefDistance: Decimal;
  readonly thiefPnl: Decimal | null;
  readonly victim: SlotRef;
  readonly victimClientOrderId: string;
  readonly victimDistance: Decimal;
  readonly victimPnl: Decimal | null;
  readonly fight: boolean;
  readonly cooldownSeconds: number;
  readonly decidedAt: Millis;
}

/** A change of a live order that is on its way to the venue; until its outcome is known the larger counts (EX-3). */
export interface Amendment {
  readonly attempt: number;
  readonly plannedAt: Millis;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly quantity: Decimal;
}

/** The entry of a slot. Rooms are in quote currency. */
export type Entry =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'WAITING';
      readonly limit: Decimal;
      readonly quantity: Decimal;
      readonly needed: Decimal;
      readonly hold: Decimal;
      readonly classHold: Decimal;
      readonly steal: StealFacts;
    }
  | { readonly status: 'PLACING'; readonly order: Order }
  | { readonly status: 'WORKING'; readonly order: Order; readonly amendment: Amendment | null; readonly attempts: number }
  | { readonly status: 'YIELDING'; readonly order: Order; readonly thief: SlotRef; readonly attempts: number }
  | { readonly status: 'CANCELLING'; readonly order: Order; readonly reason: CancelReason; readonly amendment: Amendment | null; readonly attempts: number };

/** What was bought or sold short at one price; a position is its lots, first in, first out. */
export interface Lot {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** What its fill paid for it, quote currency, rebates negative; null where nobody knows (EX-6). */
  readonly commission: Decimal | null;
  readonly at: Millis;
}

/**
 * Why a position ends. STOP_FILLED: by its stop; STOP_REACHED: its stop's price has come and no order at the venue sees
 * to it; STOP_UNFILLED: the order there does not fill; SOLD: by an order that had left its slot; TOO_SMALL: fees have left
 * less of it than any order could sell; REDUCED: a plan has it reduced by all there is.
 */
export const EXIT_REASONS = [
  'TAKE_PROFIT', 'MAX_HOLD', 'AUTO_EXIT', 'PROBE_EXPIRED', 'STOP_FILLED', 'STOP_REACHED', 'STOP_UNFILLED', 'SOLD', 'TOO_SMALL', 'REDUCED',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** A stop whose place another has taken and that still covers; 0 attempts: its cancel has not been asked for yet. */
export interface FormerStop {
  readonly order: Order;
  readonly attempts: number;
}

/**
 * The protective order of a position (SL-4). WATCHED: the venue takes none, so we watch the price ourselves. CANCELLING
 * of an open position: another takes its place once it has ended; of one that is left, the sale does. Its cancel waits
 * for the acknowledgement while `attempts` is 0.
 */
export type Stop =
  | { readonly status: 'NONE' }
  | { readonly status: 'WATCHED'; readonly reason: ConstraintRefusal | 'REFUSED' }
  | {
      readonly status: 'PLACED';
      readonly order: Order;
      readonly amendment: Amendment | null;
      readonly attempts: number;
      readonly former: FormerStop | null;
      /** Since when the price has been through it without a fill. */
      readonly breachedAt: Millis | null;
    }
  | { readonly status: 'CANCELLING'; readonly order: Order; readonly attempts: number; readonly former: FormerStop | null };

/** What a plan asks of a position (EX-1): so many units less, in so many slices over so long. */
export interface ReductionTerms {
  readonly quantity: Decimal;
  readonly slices: number;
  readonly durationSeconds: number;
}

/**
 * Where the next slice stands. SHRINKING: the stop is made smaller by it, and only what the venue has confirmed frees it
 * for its sale at `limit` or better; SELLING: its order is out, and the stop covers the rest.
 */
export type SliceStep =
  | { readonly status: 'WAITING'; readonly nextAt: Millis }
  | { readonly status: 'SHRINKING'; readonly quantity: Decimal; readonly limit: Decimal }
  | { readonly status: 'SELLING'; readonly order: Order }
  | { readonly status: 'DONE' };

/** The reduction of a position in slices (EX-1). Quantities in units. */
export interface Reduction {
  readonly strategy: string;
  /** As the plan has it; nothing wanted any more once it was withdrawn with a slice still out. */
  readonly wanted: ReductionTerms;
  /** What is to be sold in all, in how many slices of which so many have begun, since when, of what had been sold by then. */
  readonly total: Decimal;
  readonly slices: number;
  readonly begun: number;
  readonly startedAt: Millis;
  readonly soldBefore: Decimal;
  readonly sold: Decimal;
  /** Slices in a row that sold nothing. */
  readonly failures: number;
  readonly step: SliceStep;
}

export interface Holding {
  readonly side: Side;
  readonly lots: readonly Lot[];
  readonly openedAt: Millis;
  readonly mode: Mode;
  readonly rules: ExitRules;
  /** Where it is protected; it moves only the position's way (SL-5). Null where no such price is above zero. */
  readonly stopPrice: Decimal | null;
  readonly stop: Stop;
  /** Stops that the venue refused, and sales that failed, of this session. */
  readonly stopFailures: number;
  readonly exitFailures: number;
  /** Which exit those sales were for: another has its own tries. */
  readonly failedExit: ExitReason | null;
  /** Since when no stop of it was known to rest at the venue. */
  readonly unprotectedSince: Millis | null;
  readonly reduction: Reduction | null;
}

export type Position =
  | { readonly status: 'FLAT' }
  | ({ readonly status: 'OPEN' } & Holding)
  /** On its way out: its stop is being cancelled, and how that ends decides what is sold (SL-6). */
  | ({ readonly status: 'LEAVING'; readonly reason: ExitReason } & Holding)
  | ({ readonly status: 'EXITING'; readonly exit: Order; readonly reason: ExitReason } & Holding)
  /** Not explained by any order of ours: it uses room, and nobody trades it until a person adopts it (SL-11). */
  | {
      readonly status: 'FOREIGN';
      readonly side: Side;
      readonly quantity: Decimal;
      readonly averagePrice: Decimal;
      readonly seenAt: Millis;
    };

/**
 * The progress of an entry that is sent in parts (EX-1): every entry order from `fromFence` on is one of them, and
 * `filled` is what they have filled between them, whenever that was told. Over: no part follows, and one that lives is cancelled.
 */
export interface Parts {
  readonly side: Side;
  readonly startedAt: Millis;
  readonly fromFence: number;
  readonly filled: Decimal;
  readonly isOver: boolean;
}

/** A newer plan that came while a steal or an unanswered placement was under way; applied afterwards (WS-8). */
export type PendingPlan = { readonly kind: 'WATCH'; readonly watch: Watch } | { readonly kind: 'WITHDRAWN' };

/**
 * Everything about one slot. `fence` grows with every order and is never reset (EX-11); `watchVersion` grows with
 * every change of the watch; `revision` grows with every commit (SL-14).
 */
export interface Slot {
  readonly symbol: string;
  readonly slot: string;
  readonly assetClass: AssetClass;
  readonly revision: number;
  readonly fence: number;
  readonly watchVersion: number;
  readonly planVersions: Readonly<Record<string, number>>;
  readonly watch: Watch | null;
  readonly pending: PendingPlan | null;
  readonly entry: Entry;
  readonly position: Position;
  /** Null where the entry is one order, and where none of its parts has been planned. */
  readonly parts: Parts | null;
  /** Entries counted at their first fill, and refusals, of one trading day. */
  readonly attempts: { readonly day: string; readonly count: number; readonly refused: number };
  readonly lastStolen: LastStolen | null;
  /**
   * Units at the venue that closed positions have left behind, too few to be sold; negative where they are owed (EX-7). A
   * venue that takes its fees out of what is bought leaves some each time.
   */
  readonly dust: Decimal;
  /** Trading day on which a watch of kind `stop` was triggered; an exit needs a new trigger (SL-1, SL-8). */
  readonly triggered: string | null;
}
