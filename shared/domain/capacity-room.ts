import { type Decimal, ZERO, max, sum } from './decimal.ts';
import { type Millis, seconds } from './instant.ts';
import { type OrderStatus, isLive } from './order-lifecycle.ts';
import type { Settings } from './settings.ts';

/** Whether an order opens a position or only reduces one. */
export type Intent = 'entry' | 'exit';

/** A holding as capacity counts it: units (negative when short) and the price per unit. */
export interface RoomPosition {
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** An order as capacity counts it; the last price, if any, stands in for a limit it does not have. */
export interface RoomOrder {
  readonly intent: Intent;
  readonly status: OrderStatus;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly limit: Decimal | null;
  readonly lastPrice: Decimal | null;
}

/** Room reserved for a watch; once placed it is counted as its order. */
export interface RoomClaim {
  readonly quantity: Decimal;
  readonly limit: Decimal;
  readonly placed: boolean;
}

/** What is known of an account; null stands for what could not be read. */
export interface RoomInput {
  readonly account: { readonly equity: Decimal } | null;
  readonly positions: readonly RoomPosition[] | null;
  readonly orders: readonly RoomOrder[] | null;
  readonly claims: readonly RoomClaim[];
}

/** Multiplies a quantity by a price: money, never negative for a short. */
export function notional(quantity: Decimal, price: Decimal): Decimal {
  return quantity.times(price).abs();
}

/** Counts the remaining notional of an order (WS-2) at its limit, else at its last price; null where it has neither. */
export function remainingNotional(order: Pick<RoomOrder, 'quantity' | 'filledQuantity' | 'limit' | 'lastPrice'>): Decimal | null {
  const price = order.limit ?? order.lastPrice;
  if (price === null || !price.isFinite()) return null;
  return notional(max(ZERO, order.quantity.minus(order.filledQuantity)), price);
}

/**
 * Works out the room left (WS-2), quote currency: leverage × equity less positions, live entries and
 * claims not yet placed. Below zero in an over-committed account, null where anything is unknown.
 */
export function availableRoom(input: RoomInput, settings: Pick<Settings, 'maxLeverage'>): Decimal | null {
  if (input.account === null || input.positions === null || input.orders === null) return null;
  const entries = input.orders
    .filter((order) => order.intent === 'entry' && isLive(order.status))
    .map(remainingNotional);
  const known = entries.filter((value) => value !== null);
  if (known.length < entries.length) return null;
  const positions = input.positions.map((position) => notional(position.quantity, position.price));
  const claims = input.claims
    .filter((claim) => !claim.placed)
    .map((claim) => notional(claim.quantity, claim.limit));
  return settings.maxLeverage.times(input.account.equity).minus(sum([...positions, ...known, ...claims]));
}

/** Tells whether equity read at an instant may still back a new entry (WS-2). */
export function isEquityFresh(readAt: Millis, now: Millis, settings: Pick<Settings, 'equityMaxAgeSeconds'>): boolean {
  return now - readAt <= seconds(settings.equityMaxAgeSeconds);
}
