import type { Intent } from './capacity-room.ts';
import type { Decimal } from './decimal.ts';
import { isWithin } from './distance.ts';
import { type Millis, seconds } from './instant.ts';
import { type Quote, isUsableQuote } from './quote.ts';
import type { Settings } from './settings.ts';
import { type Side, isThrough } from './side.ts';
import type { AssetClass } from './symbols.ts';

/** How a watch trades: in earnest, or as a small probe (WS-12). */
export type Mode = 'normal' | 'probe';

/** When a symbol was last stolen from, and the cooldown it was given then. */
export interface LastStolen {
  readonly at: Millis;
  readonly cooldownSeconds: number;
}

/** A live order as a thief sees it; symbols in their inside form. */
export interface CandidateOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly side: Side;
  readonly intent: Intent;
  readonly mode: Mode;
  readonly group: string | null;
  readonly acknowledged: boolean;
  readonly yielding: boolean;
  readonly limit: Decimal;
  readonly quote: Quote | null;
  readonly lastStolen: LastStolen | null;
  readonly forecastPnl: Decimal | null;
  readonly createdAt: Millis;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
}

/** Why an order must not be stolen from (WS-3). */
export type ProtectionReason =
  | 'PROBE'
  | 'PRIORITY'
  | 'EXIT'
  | 'SELF'
  | 'NOT_ACKNOWLEDGED'
  | 'YIELDING'
  | 'NO_QUOTE'
  | 'NEAR_EXECUTION'
  | 'COOLDOWN'
  | 'MARKETABLE';

/** The settings that protect orders. */
export type ProtectionSettings = Pick<
  Settings,
  'workStealingProtection' | 'workStealingDistance' | 'protectedGroups' | 'quoteMaxAgeSeconds'
>;

/** Finds the first reason why an order must not be stolen from (WS-3); null when it may be. */
export function protectionOf(
  thiefSymbol: string,
  order: CandidateOrder,
  settings: ProtectionSettings,
  now: Millis,
): ProtectionReason | null {
  return protectionOfItsKind(thiefSymbol, order, settings) ?? protectionOfItsPlace(order, settings, now);
}

function protectionOfItsKind(
  thiefSymbol: string,
  order: CandidateOrder,
  settings: ProtectionSettings,
): ProtectionReason | null {
  if (order.mode === 'probe') return 'PROBE';
  if (order.group !== null && settings.protectedGroups.includes(order.group)) return 'PRIORITY';
  if (order.intent === 'exit') return 'EXIT';
  if (order.symbol === thiefSymbol) return 'SELF';
  if (!order.acknowledged) return 'NOT_ACKNOWLEDGED';
  return order.yielding ? 'YIELDING' : null;
}

function protectionOfItsPlace(order: CandidateOrder, settings: ProtectionSettings, now: Millis): ProtectionReason | null {
  if (!order.limit.greaterThan(0) || !isUsableQuote(order.quote, now, settings)) return 'NO_QUOTE';
  const { price } = order.quote;
  if (isWithin(order.limit, price, settings.workStealingProtection)) return 'NEAR_EXECUTION';
  if (isCoolingDown(order.lastStolen, now)) return 'COOLDOWN';
  const marketable = settings.workStealingDistance === 'side-aware' && isThrough(order.side, order.limit, price);
  return marketable ? 'MARKETABLE' : null;
}

function isCoolingDown(lastStolen: LastStolen | null, now: Millis): boolean {
  return lastStolen !== null && now - lastStolen.at < seconds(lastStolen.cooldownSeconds);
}
