// What is to be done at the venue. An action is planned in the commit that decides it; that row is the outbox.
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { Purpose, SlotRef } from './slot.ts';
import type { AssetClass, Side } from './watch.ts';

/** Amendments whose outcome stays unknown are tried so often; then the order is cancelled instead. */
export const MAX_AMENDS = 20;

/** POST_ONLY rests as GTC does, and is refused where it would trade at once (EX-1). */
export type TimeInForce = 'GTC' | 'IOC' | 'POST_ONLY';

/** What is asked of the venue. A null limit is a market order, which with a `stopPrice` waits for that price. */
export type Intent =
  | {
      readonly kind: 'PLACE';
      readonly side: Side;
      readonly quantity: Decimal;
      readonly limit: Decimal | null;
      readonly stopPrice: Decimal | null;
      readonly timeInForce: TimeInForce;
      /** What a venue's own iceberg shows of the quantity; null shows all of it. */
      readonly shown: Decimal | null;
      readonly reduceOnly: boolean;
    }
  | { readonly kind: 'CANCEL' }
  | { readonly kind: 'AMEND'; readonly quantity: Decimal; readonly limit: Decimal | null; readonly stopPrice: Decimal | null };

/** PLANNED until order-action commits to the one send, then SENT until its outcome is known; then the row goes. */
export interface Action {
  readonly id: string;
  readonly clientOrderId: string;
  readonly purpose: Purpose;
  readonly ref: SlotRef;
  readonly assetClass: AssetClass;
  readonly intent: Intent;
  readonly state: 'PLANNED' | 'SENT';
  readonly plannedAt: Millis;
  readonly sentAt: Millis | null;
  readonly validUntil: Millis | null;
  readonly notSent: number;
}

/** Names the placement of an order; the same order has the same action (EX-11). */
export const placeActionId = (clientOrderId: string): string => `${clientOrderId}:PLACE`;

/** Names the n-th cancel of an order. */
export const cancelActionId = (clientOrderId: string, attempt: number): string => `${clientOrderId}:CANCEL:${attempt}`;

/** Names the n-th amendment of an order. */
export const amendActionId = (clientOrderId: string, attempt: number): string => `${clientOrderId}:AMEND:${attempt}`;
