// The words of the paper venue: its orders, what it is told to do, and what it says happened.
import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { TimeInForce } from '../../domain/action.ts';
import type { Millis } from '../../domain/instant.ts';
import type { OrderStatus } from '../../domain/order-lifecycle.ts';
import type { Liquidity } from '../../domain/order-report.ts';
import type { Side } from '../../domain/side.ts';
import type { Market } from '../../ports.ts';

/** Why the venue refuses a call. */
export type RefusalCode =
  | 'UNKNOWN_SYMBOL'
  | 'NO_PRICE'
  | 'TICK_SIZE'
  | 'LOT_SIZE'
  | 'MIN_QUANTITY'
  | 'MIN_NOTIONAL'
  | 'PRICE_BAND'
  | 'REDUCE_ONLY'
  | 'WOULD_TRIGGER'
  | 'WOULD_CROSS'
  | 'NO_ICEBERGS'
  | 'INSUFFICIENT_FUNDS'
  | 'DUPLICATE_CLIENT_ORDER_ID'
  | 'ORDER_UNKNOWN'
  | 'ORDER_CLOSED'
  | 'NOT_AMENDABLE'
  | 'QUANTITY_ALREADY_FILLED';

/**
 * An order as it is sent; a null limit is a market order, which with a stop price waits for it. Units of the base, prices
 * in quote currency.
 */
export interface NewOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly timeInForce: TimeInForce;
  /** What an iceberg shows of its quantity, and fills at a time while it rests; null shows all of it. */
  readonly shown: Decimal | null;
  readonly reduceOnly: boolean;
}

/** What a fee is taken in: money, or some of what was bought. */
export type FeeUnit = 'QUOTE' | 'BASE';

/** One execution; `fee` is in quote currency, or in units of the base where `feeIn` says so. */
export interface VenueFill {
  readonly sequence: number;
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal;
  readonly feeIn: FeeUnit;
  readonly liquidity: Liquidity;
  readonly at: Millis;
}

/**
 * One order; a change makes a new value. `openSequence` and `closeSequence` are the numbers of the events that opened
 * and ended it; `place` is its place in the queue of its symbol; `triggeredAt` is when its stop price was reached.
 */
export interface VenueOrder extends NewOrder {
  readonly exchangeOrderId: string;
  readonly status: OrderStatus;
  readonly refusal: RefusalCode | null;
  readonly filledQuantity: Decimal;
  readonly filledNotional: Decimal;
  readonly fills: readonly VenueFill[];
  readonly openSequence: number;
  readonly closeSequence: number | null;
  readonly place: number;
  readonly triggeredAt: Millis | null;
  readonly at: Millis;
}

/** A price of one step. `volume` is what anyone traded in it, in units; a price that is not sellable fills no sale. */
export interface StepPrice {
  readonly symbol: string;
  readonly price: Decimal;
  readonly volume?: Decimal | null;
  readonly sellable: boolean;
}

export interface PriceStep {
  readonly stepId: string;
  readonly at: Millis;
  readonly prices: readonly StepPrice[];
}

export type VenueCommand =
  | ({ readonly kind: 'PRICES' } & PriceStep)
  | { readonly kind: 'PLACE'; readonly at: Millis; readonly order: NewOrder }
  | { readonly kind: 'CANCEL'; readonly at: Millis; readonly clientOrderId: string }
  | {
      readonly kind: 'AMEND';
      readonly at: Millis;
      readonly clientOrderId: string;
      readonly quantity: Decimal;
      readonly limit: Decimal | null;
      readonly stopPrice: Decimal | null;
    };

export type VenueEventType = 'ACKNOWLEDGED' | 'REJECTED' | 'FILLED' | 'CANCELLED' | 'AMENDED' | 'TRIGGERED' | 'EXPIRED';

/** Something that became of an order: the order as it was just after, and the one fill that this is about. */
export interface VenueEvent {
  readonly sequence: number;
  readonly type: VenueEventType;
  readonly order: VenueOrder;
  readonly fill: VenueFill | null;
  readonly at: Millis;
}

/** What a command did. `changed` tells whether it has to be remembered; a refusal may (a rejected order) or may not. */
export interface Applied {
  readonly changed: boolean;
  readonly refusal: RefusalCode | null;
  readonly order: VenueOrder | null;
  readonly events: readonly VenueEvent[];
}

/** How the venue behaves. Ratios: `feeRate` of notional, `fillShareOfVolume` of a step's volume (null: no limit). */
export interface VenueConfig {
  readonly markets: readonly Market[];
  readonly startingCash: Decimal;
  readonly buyingPowerMultiple: Decimal;
  readonly feeRate: Decimal;
  readonly fillShareOfVolume: Decimal | null;
  /** OPEN: an id may be used again once its order has ended, as on several venues. */
  readonly uniqueClientOrderIds: 'ALWAYS' | 'OPEN';
  /** Whether each reduce-only order alone is held against the position, as on several venues, or all live ones together. */
  readonly reduceOnlyOverlap: boolean;
  /** Whether an order that waits for its stop price can be amended; plain limit orders always can. */
  readonly amendsStops: boolean;
  /** What becomes of a stop whose price is already reached: refused with WOULD_TRIGGER, or triggered at once. */
  readonly immediateStops: 'REFUSE' | 'TRIGGER';
  /** BASE takes the fee of a crypto buy out of what was bought; every other fee is in quote currency. */
  readonly feeAsset: FeeUnit;
  /** Whether an order may show only a part of itself. */
  readonly icebergs: boolean;
  /** How many orders one call of the batch endpoint takes; null where there is no such endpoint. */
  readonly batches: BatchLimits | null;
}

export interface BatchLimits {
  readonly mostPlaced: number;
  readonly mostCancelled: number;
}

export const DEFAULT_VENUE_CONFIG: VenueConfig = {
  markets: [],
  startingCash: new Decimal(10_000),
  buyingPowerMultiple: new Decimal(4),
  feeRate: ZERO,
  fillShareOfVolume: null,
  uniqueClientOrderIds: 'ALWAYS',
  reduceOnlyOverlap: false,
  amendsStops: true,
  immediateStops: 'REFUSE',
  feeAsset: 'QUOTE',
  icebergs: false,
  batches: null,
};

/** What is held of a symbol: units (negative when short), and the average price of the open lots. */
export interface VenueHolding {
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal;
  readonly lots: readonly VenueLot[];
}

/** What is left of one fill; units, negative when sold short. */
export interface VenueLot {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly at: Millis;
}
