// An exchange that remembers everything it was asked, and refuses, fills or keeps silent as it is told to.
import { Decimal, ZERO } from '../../shared/domain/decimal.ts';
import type { OrderStatus } from '../../shared/domain/order-lifecycle.ts';
import type { OrderReport, Trade } from '../../shared/domain/order-report.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import type { Exchange } from '../../shared/ports.ts';

export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly isEntry: boolean;
  readonly quantity: Decimal;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  status: OrderStatus;
  filled: Decimal;
  trades: readonly Trade[];
}

export interface VenueScript {
  /** What becomes of an entry. */
  readonly onPlace: (order: VenueOrder) => 'REST' | 'FILL' | 'REFUSE';
  /** How much of an entry fills before its cancel reaches the venue, as a share of what is left. */
  readonly filledBeforeCancel: (order: VenueOrder) => Decimal;
  /** Whether the answer to a cancel comes back; it takes effect either way. */
  readonly answersCancel: () => boolean;
  /** Waits as long as the wire does. */
  readonly wire: () => Promise<void>;
}

const LIVE: readonly OrderStatus[] = ['OPEN', 'PARTIALLY_FILLED'];
export const isLive = (order: VenueOrder): boolean => LIVE.includes(order.status);

export const QUIET_VENUE: VenueScript = {
  onPlace: () => 'REST',
  filledBeforeCancel: () => ZERO,
  answersCancel: () => true,
  wire: async () => undefined,
};

export interface TestVenue {
  readonly exchange: Exchange;
  readonly orders: ReadonlyMap<string, VenueOrder>;
  /** Every call that acts, in the order of arrival: `PLACE id`, `CANCEL id`. */
  readonly calls: readonly string[];
  /** What no venue should ever see. */
  readonly offences: readonly string[];
  /** Puts an order on the book as if it had been sent before. */
  seed(order: Omit<VenueOrder, 'status' | 'filled' | 'trades' | 'isEntry' | 'stopPrice'>): void;
  report(clientOrderId: string): OrderReport;
}

export const createVenue = (now: () => number, script: VenueScript): TestVenue => {
  const orders = new Map<string, VenueOrder>();
  const calls: string[] = [];
  const offences: string[] = [];

  const fill = (order: VenueOrder, quantity: Decimal): void => {
    if (quantity.lessThanOrEqualTo(0)) return;
    const trade = { tradeId: `${order.clientOrderId}-t${order.trades.length + 1}`, price: order.limit ?? ZERO, quantity, fee: null, liquidity: null, at: now() };
    order.trades = [...order.trades, trade];
    order.filled = order.filled.plus(quantity);
    order.status = order.filled.equals(order.quantity) ? 'FILLED' : 'PARTIALLY_FILLED';
  };

  const report = (clientOrderId: string): OrderReport => {
    const order = orders.get(clientOrderId);
    if (order === undefined) throw new Error(`the venue has no order ${clientOrderId}`);
    return {
      clientOrderId,
      exchangeOrderId: `x-${clientOrderId}`,
      symbol: order.symbol,
      status: order.status,
      filledQuantity: order.filled,
      averagePrice: order.filled.isZero() ? null : order.limit,
      quantity: order.quantity,
      limit: order.limit,
      stopPrice: order.stopPrice,
      refusal: null,
      trades: order.trades,
      at: now(),
    };
  };
  const accepted = (clientOrderId: string): Outcome => ({ kind: 'ACCEPTED', report: report(clientOrderId) });

  const otherLive = (order: VenueOrder): VenueOrder | undefined =>
    [...orders.values()].find((other) => other !== order && other.symbol === order.symbol && other.isEntry && isLive(other));

  const take = (order: VenueOrder): Outcome => {
    if (orders.has(order.clientOrderId)) offences.push(`${order.clientOrderId}: placed a second time`);
    orders.set(order.clientOrderId, order);
    // The script is about entries; a stop rests, for no price of these races goes through it.
    const fate = order.isEntry ? script.onPlace(order) : 'REST';
    if (fate === 'REFUSE') {
      order.status = 'REJECTED';
      return { kind: 'REFUSED', code: 'NOT_TODAY' };
    }
    const twin = order.isEntry ? otherLive(order) : undefined;
    if (twin !== undefined) offences.push(`${order.symbol}: two live entries, ${twin.clientOrderId} and ${order.clientOrderId}`);
    if (fate === 'FILL') fill(order, order.quantity);
    return accepted(order.clientOrderId);
  };

  const openOf = (isListed: (order: VenueOrder) => boolean): readonly OrderReport[] =>
    [...orders.values()].filter((order) => isLive(order) && isListed(order)).map((order) => report(order.clientOrderId));

  const exchange: Exchange = {
    traits: { venue: 'scripted', amends: false, stopMoves: 'CANCEL_FIRST', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
    batches: null,
    place: async ({ clientOrderId, symbol, intent }) => {
      calls.push(`PLACE ${clientOrderId}`);
      await script.wire();
      const { quantity, limit, stopPrice, reduceOnly } = intent;
      const order: VenueOrder = { clientOrderId, symbol, isEntry: !reduceOnly, quantity, limit, stopPrice, status: 'OPEN', filled: ZERO, trades: [] };
      const outcome = take(order);
      await script.wire();
      return outcome;
    },
    cancel: async ({ clientOrderId }) => {
      calls.push(`CANCEL ${clientOrderId}`);
      await script.wire();
      const order = orders.get(clientOrderId);
      if (order === undefined || !isLive(order)) return { kind: 'REFUSED', code: 'NOT_LIVE' };
      if (order.isEntry) fill(order, script.filledBeforeCancel(order).times(order.quantity.minus(order.filled)));
      if (isLive(order)) order.status = 'CANCELLED';
      await script.wire();
      return script.answersCancel() ? accepted(clientOrderId) : { kind: 'UNKNOWN', reason: 'no answer' };
    },
    amend: async () => ({ kind: 'REFUSED', code: 'NOT_HERE' }),
    findOrder: async ({ clientOrderId }) => (orders.has(clientOrderId) ? report(clientOrderId) : null),
    openOrders: async () => openOf((order) => order.stopPrice === null),
    conditionalOrders: async () => openOf((order) => order.stopPrice !== null),
    recentTrades: async (cursor) => ({ trades: [], cursor, more: false }),
    positions: async () => [],
    findPosition: async () => null,
    markets: async () => [],
    quotes: async () => ({}),
    equity: async () => ({ equity: new Decimal(10_000), at: now() }),
  };

  return {
    exchange,
    orders,
    calls,
    offences,
    report,
    seed: (order) => void orders.set(order.clientOrderId, { ...order, isEntry: true, stopPrice: null, status: 'OPEN', filled: ZERO, trades: [] }),
  };
};
