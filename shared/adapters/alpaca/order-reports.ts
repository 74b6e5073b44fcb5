// Orders of Alpaca in the words of this system.
import { ZERO, max, sum } from '../../domain/decimal.ts';
import type { OrderStatus } from '../../domain/order-lifecycle.ts';
import type { OrderReport, Trade } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import type { WireFill, WireOrder } from './wire.ts';

/** LIVE is open or partly filled, by what has filled. */
type Standing = Exclude<OrderStatus, 'PENDING' | 'OPEN' | 'PARTIALLY_FILLED'> | 'LIVE';

/** The broker's words; `replaced` is not among them, since the order that took its place says how it stands. */
const STANDINGS: ReadonlyMap<string, Standing> = new Map([
  ['pending_new', 'SUBMITTED'],
  ['accepted', 'LIVE'],
  ['accepted_for_bidding', 'LIVE'],
  ['new', 'LIVE'],
  ['held', 'LIVE'],
  ['stopped', 'LIVE'],
  ['suspended', 'LIVE'],
  ['pending_cancel', 'LIVE'],
  ['pending_replace', 'LIVE'],
  ['partially_filled', 'LIVE'],
  // Executed no more today, and again tomorrow.
  ['done_for_day', 'LIVE'],
  ['calculated', 'LIVE'],
  ['filled', 'FILLED'],
  ['canceled', 'CANCELLED'],
  ['expired', 'EXPIRED'],
  ['rejected', 'REJECTED'],
]);

const WAITING: ReadonlySet<string> = new Set(['stop', 'stop_limit', 'trailing_stop']);

/**
 * An order under the id that it was placed with: the first of its chain, the last, and the fills of all of them; null
 * where they were not asked for.
 */
export interface OrderChain {
  readonly root: WireOrder;
  readonly head: WireOrder;
  readonly fills: readonly WireFill[] | null;
}

/** Tells whether an order waits for its price. */
export function isConditional({ type }: WireOrder): boolean {
  return WAITING.has(type);
}

/** Reports an order. @throws VenueReadError where it says too little of how it stands */
export function reportOf(chain: OrderChain): OrderReport {
  const { root, head } = chain;
  const trades = (chain.fills ?? []).map(tradeOf);
  const filled = max(head.filled_qty, sum(trades.map(({ quantity }) => quantity)));
  const hasFilled = filled.greaterThan(ZERO);
  const isReplaced = head.id !== root.id;
  const status = statusOf(head, hasFilled);
  return {
    clientOrderId: root.client_order_id,
    exchangeOrderId: root.id,
    symbol: symbolOf(root),
    status,
    // What the orders before the last had filled is known from their fills alone.
    filledQuantity: isReplaced && chain.fills === null ? null : filled,
    averagePrice: hasFilled && !isReplaced ? head.filled_avg_price : null,
    quantity: head.qty,
    ...pricesOf(head),
    refusal: status === 'REJECTED' ? 'REJECTED_BY_VENUE' : null,
    trades,
    at: head.updated_at ?? head.created_at,
  };
}

/** The limit of an order that waits comes into play behind its price. */
function pricesOf(order: WireOrder): Pick<OrderReport, 'limit' | 'stopPrice'> {
  return isConditional(order) ? { limit: null, stopPrice: order.stop_price } : { limit: order.limit_price, stopPrice: null };
}

/** Names the stock of an order. @throws VenueReadError for an order of several legs, which has none */
export function symbolOf({ id, symbol }: WireOrder): string {
  if (symbol === null) throw new VenueReadError(`order ${id} has no symbol`);
  return symbol;
}

/** Stocks cost no commission; regulatory fees are activities of their own at the end of the day. */
export function tradeOf({ id, price, qty, transaction_time }: WireFill): Trade {
  return { tradeId: id, price, quantity: qty, fee: null, liquidity: null, at: transaction_time };
}

function statusOf({ id, status }: WireOrder, hasFilled: boolean): OrderStatus {
  const standing = STANDINGS.get(status);
  if (standing === undefined) throw new VenueReadError(`order ${id} is ${status}`);
  if (standing === 'SUBMITTED' && hasFilled) return 'PARTIALLY_FILLED';
  if (standing !== 'LIVE') return standing;
  return hasFilled ? 'PARTIALLY_FILLED' : 'OPEN';
}
