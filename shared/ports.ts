// What the shell needs of the outside. One adapter each; only functions/support/deps.ts builds them.
import type { Decimal } from './domain/decimal.ts';
import type { Action } from './domain/action.ts';
import type { Capacity } from './domain/account.ts';
import type { DailyReport } from './domain/daily-report.ts';
import type { Change, Note, Snapshot, StealRecord } from './domain/decision.ts';
import type { Outcome, VenuePause } from './domain/event.ts';
import type { StopMoves } from './domain/context.ts';
import type { Millis } from './domain/instant.ts';
import type { MarketRules } from './domain/constraints.ts';
import type { OrderReport, Trade } from './domain/order-report.ts';
import type { Quote } from './domain/quote.ts';
import type { Priority } from './domain/rate-budget.ts';
import type { Slot, SlotRef } from './domain/slot.ts';
import type { TripRecord } from './domain/trip.ts';
import type { VenueState } from './domain/venue-state.ts';
import type { AssetClass, Side } from './domain/watch.ts';
import type { Intent } from './domain/action.ts';
import type { Message } from './messages.ts';

export interface Clock {
  /** Present time, epoch milliseconds. */
  now(): Millis;
  /** Waits that many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

export interface Ids {
  /** A new unique id: owner tokens, correlation ids. */
  next(): string;
  /** A fraction in [0, 1), for jitter only. */
  fraction(): number;
}

/** Which part of the account a decision needs. */
export type Scope =
  /** Capacity, quotes and every slot; with `stealsSince`, also the steals since then, read after the slots. */
  | { readonly kind: 'BOOK'; readonly stealsSince: Millis | null }
  /** One slot with capacity, quotes, and of each order that it holds the placement action and the record. */
  | { readonly kind: 'SLOT'; readonly ref: SlotRef }
  /**
   * One order: its record, its slot and, where that yields, its thief's; where one stop takes another's place in that
   * slot, the records of both; the actions named and the placement; which of the trades named are already counted;
   * whether the webhook was seen; capacity and quotes.
   */
  | {
      readonly kind: 'ORDER';
      readonly clientOrderId: string;
      readonly tradeIds: readonly string[];
      readonly webhookId: string | null;
      readonly actionIds: readonly string[];
    }
  /** Capacity and quotes alone. */
  | { readonly kind: 'ACCOUNT' }
  /** What the last run of reconcile left, with capacity and quotes. */
  | { readonly kind: 'RECONCILE' };

export interface Market {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly rules: MarketRules;
}

/** The table. Every write is conditional; nothing is written in parts. */
export interface Store {
  /** Reads what the scope names; strongly consistent, item by item. */
  load(account: string, scope: Scope): Promise<Snapshot>;
  /**
   * Writes all changes in one transaction, or none.
   * @throws ConflictError naming the item whose condition failed
   */
  commit(account: string, changes: readonly Change[], owner: string): Promise<void>;
  /** Reads one action; null when it is done or void. */
  findAction(account: string, actionId: string): Promise<Action | null>;
  /** Every action not yet done, oldest plan first. */
  openActions(account: string): Promise<readonly Action[]>;
  /** All slots (for audits and sweeps) with the capacity read before and after them. */
  audit(account: string): Promise<{ readonly before: Capacity | null; readonly slots: readonly Slot[]; readonly after: Capacity | null }>;
  /** Reads the venue's rules for one symbol; null when it is not listed. */
  findMarket(account: string, symbol: string): Promise<Market | null>;
  /** Writes the venue's market list; unchanged markets are not written. Returns how many were. */
  saveMarkets(account: string, markets: readonly Market[]): Promise<number>;
}

/** The queues. A send that returns has been stored by the queue. */
export interface Queues {
  /** Sends one message, at once or after a delay (0 to 900 s). `nonce` makes a repeat of the same message a new one. */
  send(message: Message, options?: { readonly delaySeconds?: number; readonly nonce?: string }): Promise<void>;
}

export interface PlaceOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly intent: Extract<Intent, { kind: 'PLACE' }>;
}

export interface AmendOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly intent: Extract<Intent, { kind: 'AMEND' }>;
}

export interface OrderRef {
  readonly clientOrderId: string;
  readonly symbol: string;
}

/** What a venue can do and how long it may be quiet about an order it has. */
export interface VenueTraits {
  readonly venue: string;
  readonly amends: boolean;
  readonly stopMoves: StopMoves;
  readonly icebergs: boolean;
  /** How many parts the venue's own icebergs may have; null where it says nothing of it, or keeps none. */
  readonly mostIcebergParts: number | null;
  /** Whether it takes orders that only rest. */
  readonly postOnly: boolean;
  readonly maxClientOrderIdLength: number;
  readonly quietSeconds: number;
}

/** The venue's own batch calls and how many orders one takes; the outcomes come in the order of what was given (EX-4). */
export interface VenueBatches {
  readonly mostPlaced: number;
  readonly mostCancelled: number;
  place(orders: readonly PlaceOrder[]): Promise<readonly Outcome[]>;
  cancel(orders: readonly OrderRef[]): Promise<readonly Outcome[]>;
}

/** A trade of the account; `clientOrderId` is null where the venue does not say whose order it was. */
export interface AccountTrade extends Trade {
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
}

/** One page of trades; `cursor` asks for the next. */
export interface TradePage {
  readonly trades: readonly AccountTrade[];
  readonly cursor: string | null;
  readonly more: boolean;
}

/** What the venue holds of a symbol, units, negative when short. */
export interface VenuePosition {
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
}

/**
 * A venue. The three orders (place, cancel, amend) are sent once, never retried inside, and never throw: what became
 * of them is the outcome. The readers throw VenueReadError when there is no answer that can be read.
 */
export interface Exchange {
  readonly traits: VenueTraits;
  place(order: PlaceOrder): Promise<Outcome>;
  cancel(order: OrderRef): Promise<Outcome>;
  amend(order: AmendOrder): Promise<Outcome>;
  /** Null where the venue has no batch call. */
  readonly batches: VenueBatches | null;
  /** Asks for one order by our id; null only when the venue says it has none. */
  findOrder(order: OrderRef): Promise<OrderReport | null>;
  /** Every plain order that is open. */
  openOrders(): Promise<readonly OrderReport[]>;
  /** Every conditional order that waits for its price; some venues keep them apart. */
  conditionalOrders(): Promise<readonly OrderReport[]>;
  /** Trades of the account from `cursor` on (null: as far back as the venue tells), oldest first, one page. */
  recentTrades(cursor: string | null): Promise<TradePage>;
  positions(): Promise<readonly VenuePosition[]>;
  /** Asks for the position in one symbol; null only when the venue says there is none (SL-11). */
  findPosition(symbol: string): Promise<VenuePosition | null>;
  markets(): Promise<readonly Market[]>;
  quotes(symbols: readonly string[]): Promise<Readonly<Record<string, Quote>>>;
  /** Account equity marked to market, quote currency, with the time it was read. */
  equity(): Promise<{ readonly equity: Decimal; readonly at: Millis }>;
}

/** An exchange with a key of ours. */
export interface KeyedVenue extends Exchange {
  /** Asks once whether money may be taken out with the key; null where the venue has no such call. @throws VenueReadError */
  readonly canWithdraw: (() => Promise<boolean>) | null;
}

/** The calls that venues count, by what is asked. */
export type VenueCall =
  | 'PLACE' | 'CANCEL' | 'AMEND' | 'FIND_ORDER' | 'OPEN_ORDERS' | 'CONDITIONAL_ORDERS' | 'TRADES' | 'POSITIONS' | 'FIND_POSITION' | 'MARKETS' | 'QUOTES' | 'EQUITY';

/** Why a call is not made now: too few tokens, the venue asked for quiet, or the table does not say. */
export type Holding = 'BUDGET' | 'RATE_LIMITED' | 'BANNED' | 'TABLE';

/** LATER: nothing was done, ask again after so long. SHED and CIRCUIT_OPEN: give it up. */
export type Turn =
  | { readonly kind: 'GO' }
  | { readonly kind: 'LATER'; readonly reason: Holding; readonly milliseconds: Millis }
  | { readonly kind: 'SHED' }
  | { readonly kind: 'CIRCUIT_OPEN' };

/** What may be asked of the venue, shared by all functions (EX-4, EX-9). Neither of its calls throws. */
export interface Budget {
  /** Takes a call's turn; where it is near it is waited for. */
  ask(call: VenueCall, priority: Priority): Promise<Turn>;
  /** Notes what became of a placement. */
  placed(outcome: Outcome): Promise<void>;
  /** Notes that the venue wants no call for a while. */
  paused(pause: VenuePause): Promise<void>;
}

/** What is known of a venue, in the table, where every function finds it. */
export interface VenueStates {
  /** Reads it, strongly consistent; null before its first call. */
  find(venue: string): Promise<VenueState | null>;
  /** Writes it if it is still at the revision before; else gives back what is there. */
  swap(venue: string, after: VenueState): Promise<{ readonly written: boolean; readonly found: VenueState }>;
}

/** Where facts go: log, metrics, journal. Never throws. */
export interface Telemetry {
  record(note: Note, context: TraceContext): void;
  count(metric: string, value: number, labels?: Readonly<Record<string, string>>): void;
}

/** A part of the work as a trace shows it; one may be searched for by its annotations. */
export interface TracePart {
  readonly name: string;
  /** Whether it is somebody else's work that is waited for. */
  readonly remote: boolean;
  /** Names are letters, digits and underscores. */
  readonly annotations: Readonly<Record<string, string>>;
  /** For work on several things at once: correlation ids by client order id or symbol. */
  readonly correlations?: ReadonlyMap<string, string>;
}

/** How a part ended; FAULT: nobody knows what became of it. */
export interface TraceEnd {
  readonly outcome: string | null;
  readonly state: 'FINE' | 'ERROR' | 'FAULT';
}

/** Draws what belongs together (SL-14). It never throws of itself, and never delays. */
export interface Tracing {
  /** Runs the work as a part of whatever runs around it; what it gives or throws is handed on. */
  within<Result>(part: TracePart, work: () => Promise<Result>, endOf?: (result: Result) => TraceEnd): Promise<Result>;
}

/** What every record carries (SL-14). */
export interface TraceContext {
  readonly account: string;
  readonly source: 'webhook' | 'poll' | 'tick' | 'schedule' | 'action' | 'plan' | 'operator';
  readonly requestId: string;
  readonly correlationId: string;
}

/** One line of the journal: a fact that a function told, with what it carried (SL-14). */
export interface JournalEntry {
  readonly at: Millis;
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly fact: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

/** Which of the latest entries are wanted; a null symbol or fact stands for any. */
export interface JournalQuery {
  readonly symbol: string | null;
  readonly fact: string | null;
  readonly from: Millis;
  readonly to: Millis;
  readonly most: number;
}

/** What was told, newest last; the journal is the structured log. */
export interface Journal {
  /** Reads at most so many of the latest entries. @throws JournalError when there is no answer */
  read(query: JournalQuery): Promise<readonly JournalEntry[]>;
}

/** A queue's dead letters. */
export interface DeadLetterCount {
  readonly queue: string;
  readonly waiting: number;
}

/** What the queues gave up on. */
export interface DeadLetters {
  count(): Promise<readonly DeadLetterCount[]>;
  /** Puts at most so many back where they came from, oldest first; one is taken out only once the queue has stored it again. */
  redrive(queue: string, most: number): Promise<{ readonly moved: number; readonly left: number }>;
}

/** The reports of an account's days, in the table. */
export interface Reports {
  /** Reads what was closed and stolen from one time to another, both included. */
  readPast(account: string, from: Millis, to: Millis): Promise<{ readonly trips: readonly TripRecord[]; readonly steals: readonly StealRecord[] }>;
  /** Reads a day's report; null where none was written. */
  find(account: string, date: string): Promise<DailyReport | null>;
  /** Writes a day's report unless there is one already. Returns whether it did. */
  keep(account: string, report: DailyReport): Promise<boolean>;
}

/** Where people are told. */
export interface Notices {
  /** @throws Error when nobody was told, or it is not known */
  publish(subject: string, text: string): Promise<void>;
}

/** Shared secrets by purpose; more than one while they are rotated. */
export interface Secrets {
  /** Gives the secrets that are good now; doubted, what was read a while ago is read again. */
  webhookSecrets(isDoubted?: boolean): Promise<readonly string[]>;
}

export type { Side };
