// An order as Alpaca takes it. What it would refuse by its own rules is refused here, and nothing is sent.
import type { trading } from '@alpacahq/alpaca-trade-api/rest';
import { toPlain } from '../../domain/decimal.ts';
import type { Intent } from '../../domain/action.ts';
import type { PlaceOrder } from '../../ports.ts';

export type Terms = { readonly request: trading.PostOrderRequest } | { readonly refused: string };

type Placement = Extract<Intent, { kind: 'PLACE' }>;

const CLIENT_ORDER_ID = /^[\x21-\x7e]{1,128}$/;

/** Writes an order for the broker (EX-1, EX-11), or says why it would not take it (EX-10). */
export function termsOf({ clientOrderId, symbol, intent }: PlaceOrder, extendedHours: boolean): Terms {
  const refused = refusalOf(clientOrderId, symbol, intent);
  if (refused !== null) return { refused };
  const { side, quantity, limit, stopPrice } = intent;
  const isExtended = extendedHours && mayBeExtended(intent);
  return {
    request: {
      clientOrderId,
      symbol,
      side,
      type: typeOf(intent),
      timeInForce: timeInForceOf(intent, isExtended),
      qty: toPlain(quantity),
      extendedHours: isExtended,
      ...(stopPrice === null ? {} : { stopPrice: toPlain(stopPrice) }),
      ...(limit === null ? {} : { limitPrice: toPlain(limit) }),
      // There is no flag for reduce-only: a sale of nothing would open a short. The intent makes the broker refuse that.
      ...(intent.reduceOnly ? { positionIntent: CLOSING[side] } : {}),
    },
  };
}

const CLOSING = { buy: 'buy_to_close', sell: 'sell_to_close' } as const;

/** Outside the session only limit orders of the day are taken. */
function mayBeExtended({ limit, stopPrice, timeInForce }: Placement): boolean {
  return limit !== null && stopPrice === null && timeInForce === 'GTC';
}

function refusalOf(clientOrderId: string, symbol: string, intent: Placement): string | null {
  if (!CLIENT_ORDER_ID.test(clientOrderId)) return 'BAD_CLIENT_ORDER_ID';
  if (!isStock(symbol)) return 'UNKNOWN_SYMBOL';
  const missing = missingHere(intent);
  if (missing !== null) return missing;
  return intent.quantity.isInteger() ? null : fractionRefusal(intent);
}

/**
 * The broker has no post-only for stocks and no order that shows a part of itself. Neither is made up: by the last price a
 * maker's order would still be taken at once whenever the price moves in between, and its fee and place are the point of it.
 */
function missingHere({ timeInForce, stopPrice, shown }: Placement): string | null {
  if (timeInForce === 'POST_ONLY') return 'NO_POST_ONLY';
  if (shown !== null) return 'NO_ICEBERGS';
  return timeInForce === 'IOC' && stopPrice !== null ? 'BAD_REQUEST' : null;
}

/** Fractions are bought and sold, never short, and by orders of the day alone. */
function fractionRefusal({ side, reduceOnly, timeInForce }: Placement): string | null {
  if (timeInForce === 'IOC') return 'FRACTIONAL_TERMS';
  return side === 'sell' && !reduceOnly ? 'FRACTIONAL_SHORT' : null;
}

function typeOf({ limit, stopPrice }: Placement): 'market' | 'limit' | 'stop' | 'stop_limit' {
  if (stopPrice !== null) return limit === null ? 'stop' : 'stop_limit';
  return limit === null ? 'market' : 'limit';
}

function timeInForceOf({ timeInForce, quantity }: Placement, isExtended: boolean): 'day' | 'gtc' | 'ioc' {
  if (timeInForce === 'IOC') return 'ioc';
  return isExtended || !quantity.isInteger() ? 'day' : 'gtc';
}

/** Tells a stock's symbol from a pair's. */
export function isStock(symbol: string): boolean {
  return /^[A-Z][A-Z0-9.]*$/.test(symbol);
}
