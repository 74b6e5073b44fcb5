import { ZERO } from './decimal.ts';
import { compareDistance } from './distance.ts';
import type { Millis } from './instant.ts';
import { type CandidateOrder, type ProtectionReason, type ProtectionSettings, protectionOf } from './protection.ts';
import { compareText } from './text-order.ts';

export type { CandidateOrder } from './protection.ts';

/** The orders that may be stolen from, first to be tried first, and why the others may not. */
export interface RankedCandidates {
  readonly candidates: readonly CandidateOrder[];
  readonly protectedOrders: ReadonlyMap<string, ProtectionReason>;
}

/** Ranks the orders a thief may steal from (WS-4) and names the reason of every order left out (WS-3). */
export function rankCandidates(
  thiefSymbol: string,
  orders: readonly CandidateOrder[],
  settings: ProtectionSettings,
  now: Millis,
): RankedCandidates {
  const candidates: CandidateOrder[] = [];
  const protectedOrders = new Map<string, ProtectionReason>();
  for (const order of orders) {
    const reason = protectionOf(thiefSymbol, order, settings, now);
    if (reason === null) candidates.push(order);
    else protectedOrders.set(order.clientOrderId, reason);
  }
  return { candidates: candidates.toSorted(compareCandidates), protectedOrders };
}

/** Orders two candidates (WS-4): furthest first, then lowest forecast PnL, then oldest, then client order id. */
export function compareCandidates(a: CandidateOrder, b: CandidateOrder): number {
  return (
    furthestFirst(a, b) ||
    (a.forecastPnl ?? ZERO).comparedTo(b.forecastPnl ?? ZERO) ||
    a.createdAt - b.createdAt ||
    compareText(a.clientOrderId, b.clientOrderId)
  );
}

function furthestFirst(a: CandidateOrder, b: CandidateOrder): number {
  if (a.quote === null || b.quote === null) return Number(a.quote === null) - Number(b.quote === null);
  return compareDistance({ limit: b.limit, price: b.quote.price }, { limit: a.limit, price: a.quote.price });
}
