// A venue's stream as the relay hears it: it says that something has happened, and the Exchange port is asked what.
import type { Decimal } from './domain/decimal.ts';
import type { Millis } from './domain/instant.ts';
import type { OrderRef } from './ports.ts';

/** A price that the stream told, and when the venue says it was. */
export interface StreamedPrice {
  readonly symbol: string;
  readonly price: Decimal;
  readonly at: Millis;
}

export type StreamPart = 'ORDERS' | 'TRADES' | 'PRICES';

export type StreamNews =
  /** A message of any kind came. */
  | { readonly kind: 'HEARD' }
  /** That part is subscribed: whatever happened before may have been missed. */
  | { readonly kind: 'STANDS'; readonly part: StreamPart }
  | { readonly kind: 'LOST'; readonly part: StreamPart; readonly reason: string }
  /** Something became of an order; `filledQuantity` and `isOver` are what may be expected of a read from now on. */
  | {
      readonly kind: 'ORDER';
      readonly order: OrderRef;
      readonly exchangeOrderId: string | null;
      readonly filledQuantity: Decimal | null;
      readonly isOver: boolean;
    }
  /** Something was traded, or became of an order that the stream does not name by our id. */
  | { readonly kind: 'TRADED'; readonly exchangeOrderId: string | null }
  | { readonly kind: 'PRICES'; readonly prices: readonly StreamedPrice[] };

/** A stream that keeps itself connected until it is stopped. */
export interface VenueStream {
  /** Tells the news as they come; ends when `stop` is aborted, and never otherwise. */
  run(tell: (news: StreamNews) => void, stop: AbortSignal): Promise<void>;
}
