// What the dialects share: readings of ccxt's orders and trades, and the usual form of a placement.
import { Decimal, roundDownTo, roundUpTo, toPlain } from '../../domain/decimal.ts';
import type { TimeInForce } from '../../domain/action.ts';
import type { Side } from '../../domain/side.ts';
import type { PlaceOrder } from '../../ports.ts';
import type { Ask, Dialect, Params, PlacementTerms, WireOrder } from './dialect.ts';
import { readAs } from './reader.ts';
import { stopPriceOf } from './order-reports.ts';
import { type UnifiedMarket, type UnifiedOrder, type UnifiedTrade, unifiedOrder, unifiedOrders, unifiedTrades } from './unified.ts';

/** Reads one order; null where there is none. */
export const orderOf = (value: unknown): UnifiedOrder | null => (value === null ? null : readAs('order', unifiedOrder, value));

/** Reads a list of orders. */
export const ordersOf = (value: unknown): readonly UnifiedOrder[] => readAs('orders', unifiedOrders, value);

/** Reads a list of trades. */
export const tradesOf = (value: unknown): readonly UnifiedTrade[] => readAs('trades', unifiedTrades, value);

/** Tells whether an order waits for a price, in venues that list such orders among the others. */
export const isConditional = (order: UnifiedOrder): boolean => stopPriceOf(order) !== null;

/** Both lists of open orders, at venues that list them together. */
export const openBy = (list: (ask: Ask) => Promise<readonly UnifiedOrder[]>): Pick<Dialect, 'openOrders' | 'conditionalOrders'> => ({
  openOrders: async (ask) => (await list(ask)).filter((order) => !isConditional(order)),
  conditionalOrders: async (ask) => (await list(ask)).filter(isConditional),
});

/** The cancel of an order by the venue's id, which is asked for first. */
export const cancelBy = (find: Dialect['find']): Dialect['cancel'] => async (ask, wire) => {
  const found = await find(ask, wire);
  return found === null ? null : ['cancelOrder', found.id, wire.symbol];
};

/** A market of coins that are bought and sold for one another. */
export const isSpot = (market: UnifiedMarket): boolean => market.spot === true;

/** A perpetual contract that is settled in its quote currency. */
export const isLinearSwap = (market: UnifiedMarket): boolean => market.swap === true && market.linear === true;

/** The usual placement: our id, a limit or none, and time in force where it is not the usual one (EX-1). */
export function placementOf({ intent }: PlaceOrder, params: Params): PlacementTerms {
  const { limit, timeInForce } = intent;
  return {
    type: limit === null ? 'market' : 'limit',
    price: limit === null ? undefined : toPlain(limit),
    params: limit === null ? params : { ...params, ...TIMES_IN_FORCE[timeInForce] },
  };
}

const TIMES_IN_FORCE: Readonly<Record<TimeInForce, Params>> = { GTC: {}, IOC: { timeInForce: 'IOC' }, POST_ONLY: { postOnly: true } };

/** A post-only order as a plain one, for venues without such: the spread has been looked at. */
export const asPlain = (order: PlaceOrder): PlaceOrder =>
  order.intent.timeInForce === 'POST_ONLY' ? { ...order, intent: { ...order.intent, timeInForce: 'GTC' } } : order;

/** One order of ccxt's `createOrders`. */
export const orderArguments = ({ symbol, order: { intent }, terms }: WireOrder): Params => ({
  symbol, type: terms.type, side: intent.side, amount: toPlain(intent.quantity), price: terms.price, params: terms.params,
});

/** No part of an order's story says that it would have crossed: this venue refuses such an order instead. */
export const neverTaken = (): boolean => false;

/** How far through its stop price a stop with a limit still sells or buys, as a ratio of it. */
const SLIPPAGE = new Decimal('0.05');

/** The limit of a stop that has to have one: so far through it that it fills like one at market, short of a gap. */
export function limitThrough(side: Side, stopPrice: Decimal, tickSize: Decimal): string {
  const through = stopPrice.times(SLIPPAGE);
  const limit = side === 'sell' ? roundDownTo(stopPrice.minus(through), tickSize) : roundUpTo(stopPrice.plus(through), tickSize);
  return toPlain(limit);
}

/** The next whole number, written out: ids may be longer than a float is exact. */
export const idAfter = (id: string): string => (BigInt(id) + 1n).toString();
