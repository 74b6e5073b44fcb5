// What one venue wants of ccxt: everything that differs between venues is here, nothing of it in the adapter.
import type { PlaceOrder, VenuePosition } from '../../ports.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { AnswerTable } from './answer-table.ts';
import type { CcxtClass } from './ccxt-client.ts';
import type { IdCodec } from './id-codec.ts';
import type { UnifiedMarket, UnifiedOrder, UnifiedTrade } from './unified.ts';

/** Parameters of one call of ccxt. */
export type Params = Readonly<Record<string, unknown>>;

/** An order as it is asked for: its symbol and id in the venue's own spelling. */
export interface WireRef {
  readonly id: string;
  readonly symbol: string;
}

/** Asks the venue; an answer that cannot be had throws VenueReadError. */
export interface Ask {
  (method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Null where the venue says that it has no such thing. */
  orNull(method: string, ...args: readonly unknown[]): Promise<unknown>;
}

/** What an order call is made with, beside symbol and side. */
export interface PlacementTerms {
  readonly type: 'limit' | 'market';
  readonly price: string | undefined;
  readonly params: Params;
}

/** A call of ccxt that changes something. */
export type OrderCall = readonly [method: string, ...args: readonly unknown[]];

/**
 * How the venue lists the account's trades: symbol by symbol from a trade on, or all of them from the newest back. Times in
 * milliseconds, both inclusive; `skip` counts what was listed before.
 */
export type TradeListing =
  | { readonly kind: 'BY_SYMBOL'; readonly list: (ask: Ask, page: SymbolPage) => Promise<unknown> }
  | { readonly kind: 'BY_TIME'; readonly pageSize: number; readonly list: (ask: Ask, page: TimePage) => Promise<unknown> };

export interface SymbolPage {
  readonly symbol: string;
  readonly after: string | null;
  readonly limit: number;
}

export interface TimePage {
  readonly since: number;
  readonly until: number | null;
  readonly limit: number;
  readonly skip: number;
}

export interface Dialect {
  readonly venue: string;
  readonly exchangeClass: CcxtClass;
  readonly config: Params;
  readonly answers: AnswerTable;
  readonly ids: IdCodec;
  /** Which of ccxt's markets are traded here. */
  readonly trades: (market: UnifiedMarket) => boolean;
  /** The currency in which equity is told and which is no position. */
  readonly quoteCurrency: string;
  /** Tells the calls, as `METHOD /path`, that place, cancel or amend; all others change nothing. */
  readonly orderCalls: RegExp;
  /** Whether the answer to an order call is the order, or only says that it was taken. */
  readonly answersWith: 'ORDER' | 'ID';
  readonly placement: (order: PlaceOrder, id: string, tickSize: Decimal) => PlacementTerms;
  /** NATIVE: the venue itself refuses to take; ASKED_FIRST: the spread is asked for right before, and the order may still take. */
  readonly postOnly: 'NATIVE' | 'ASKED_FIRST';
  /** Tells a post-only order that the venue took, and ended because it would have traded at once. */
  readonly wouldHaveCrossed: (order: UnifiedOrder) => boolean;
  /** The venue's own calls for several orders; null where it has none. */
  readonly batches: BatchWays | null;
  /** Makes the cancel; may have to ask for the venue's own id first, and answers null where there is no such order. */
  readonly cancel: (ask: Ask, order: WireRef) => Promise<OrderCall | null>;
  /** Makes the amendment, which the venue may have for some orders only; null where it has none at all. */
  readonly amendment: ((order: WireRef, terms: AmendTerms) => OrderCall | 'NOT_AMENDABLE') | null;
  /** Finds an order by our id, wherever the venue keeps it. */
  readonly find: (ask: Ask, order: WireRef) => Promise<UnifiedOrder | null>;
  /** Finds an order by the venue's own id; null where that is no shorter way than by ours. */
  readonly findByVenueId: ((ask: Ask, id: string, symbol: string) => Promise<UnifiedOrder | null>) | null;
  readonly openOrders: (ask: Ask) => Promise<readonly UnifiedOrder[]>;
  readonly conditionalOrders: (ask: Ask) => Promise<readonly UnifiedOrder[]>;
  readonly tradesOf: (ask: Ask, order: UnifiedOrder, symbol: string) => Promise<readonly UnifiedTrade[]>;
  readonly accountTrades: TradeListing;
  /** Whether ids of trades are counted market by market, so that two markets have the same; ours need the symbol then. */
  readonly tradeIdsPerSymbol: boolean;
  /** Whether ccxt's word for maker and taker is the venue's; one class says taker of every trade. */
  readonly tellsLiquidity: boolean;
  /** Finds the client order id of a trade, which some venues put on it; null where its order has none. */
  readonly tradeOwner: (ask: Ask, trade: UnifiedTrade) => Promise<string | null>;
  readonly account: Account;
  /** Null where the venue has no call that tells what a key may do. */
  readonly keyCheck: KeyCheck | null;
}

/** Asks whether money may be taken out with the key that asks; `inSandbox`: whether the sandbox tells, too. */
export interface KeyCheck {
  readonly inSandbox: boolean;
  readonly canWithdraw: (ask: Ask) => Promise<boolean>;
}

/** An order of a batch with its id and symbol in the venue's spelling. */
export interface WireOrder extends WireRef {
  readonly order: PlaceOrder;
  readonly terms: PlacementTerms;
}

/** A cancel of several: by our ids, or by `names` of theirs, of which an order that cannot be cancelled so has none. */
export interface BatchCancel {
  readonly call: OrderCall;
  readonly names: ReadonlyMap<string, string> | null;
}

/** What a batch's answer has of one order. */
export interface BatchPart {
  /** Whose it is, by our id as the venue writes it or by a name of the call; null where it does not say. */
  readonly id: string | null;
  readonly exchangeOrderId: string | null;
  /** The same answer as the call for that one order would have given it, with the status that it would have. */
  readonly body: unknown;
  readonly status: number;
}

/** The venue's calls for several orders, with the most that its documentation allows (EX-4). */
export interface BatchWays {
  /** 1 where there is no such call for placements. */
  readonly mostPlaced: number;
  readonly mostCancelled: number;
  /** Tells orders of which the call knows nothing: they go alone. */
  readonly leavesOut: (order: PlaceOrder) => boolean;
  /** Which of the two calls are about one symbol only. */
  readonly oneSymbol: Readonly<Record<'place' | 'cancel', boolean>>;
  /** Whether the documentation says that the answer's parts are in the order of what was asked. */
  readonly inOrder: boolean;
  /** Makes the call that places them; null where there is none. */
  readonly place: ((orders: readonly WireOrder[]) => OrderCall) | null;
  /** Makes the cancel of them; may have to ask first. */
  readonly cancel: (ask: Ask, orders: readonly WireRef[]) => Promise<BatchCancel>;
  /** Takes an answer apart; null where it is one for all of them. */
  readonly partsOf: (body: unknown) => readonly BatchPart[] | null;
}

export interface AmendTerms {
  readonly order: UnifiedOrder;
  readonly quantity: string;
  readonly limit: string | null;
  readonly stopPrice: string | null;
}

/** SPOT holds coins, and a position is a balance; CONTRACTS has positions of its own. */
export type Account =
  | {
      readonly kind: 'SPOT';
      /** Every balance, in ccxt's form. */
      readonly balances: (ask: Ask) => Promise<unknown>;
    }
  | {
      readonly kind: 'CONTRACTS';
      /** Every position, or what there is of one symbol, named as the venue names it; symbols in ccxt's spelling or that one. */
      readonly positions: (ask: Ask, only: string | null) => Promise<readonly VenuePosition[]>;
      readonly equity: (ask: Ask) => Promise<Decimal>;
    };
