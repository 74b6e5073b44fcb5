// A venue whose calls are drawn in the trace that they belong to, one part each (SL-14): what was asked and what came of it.
import type { Outcome } from './domain/event.ts';
import type { Exchange, OrderRef, TraceEnd, Tracing, VenueBatches, VenueCall } from './ports.ts';

const ENDS: Readonly<Record<Outcome['kind'], TraceEnd['state']>> = { ACCEPTED: 'FINE', REFUSED: 'ERROR', NOT_SENT: 'ERROR', UNKNOWN: 'FAULT' };

const endOf = ({ kind }: Outcome): TraceEnd => ({ outcome: kind, state: ENDS[kind] });
const endOfAll = (outcomes: readonly Outcome[]): TraceEnd => {
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
  const states = kinds.map((kind) => ENDS[kind]);
  return { outcome: kinds.join(' '), state: states.find((state) => state === 'FAULT') ?? states.find((state) => state === 'ERROR') ?? 'FINE' };
};
const ANSWERED = (): TraceEnd => ({ outcome: 'ANSWERED', state: 'FINE' });

/** Draws every call of an exchange (SL-14); its outcomes and errors are handed on as they are. */
export const tracedExchange = (exchange: Exchange, tracing: Tracing): Exchange => {
  const { venue } = exchange.traits;
  const part = (call: VenueCall, about: Readonly<Record<string, string>>) => ({ name: venue, remote: true, annotations: { call, ...about } });
  const order = ({ clientOrderId, symbol }: OrderRef) => ({ symbol, client_order_id: clientOrderId });
  const many = (orders: readonly OrderRef[]) => ({ symbol: [...new Set(orders.map(({ symbol }) => symbol))].join(' '), client_order_id: orders.map(({ clientOrderId }) => clientOrderId).join(' ') });
  const read = <Answer>(call: VenueCall, ask: () => Promise<Answer>, about: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    tracing.within(part(call, about), ask, ANSWERED);
  const batches = (own: VenueBatches): VenueBatches => ({
    mostPlaced: own.mostPlaced,
    mostCancelled: own.mostCancelled,
    place: (orders) => tracing.within(part('PLACE', many(orders)), () => own.place(orders), endOfAll),
    cancel: (orders) => tracing.within(part('CANCEL', many(orders)), () => own.cancel(orders), endOfAll),
  });
  return {
    traits: exchange.traits,
    batches: exchange.batches === null ? null : batches(exchange.batches),
    place: (placed) => tracing.within(part('PLACE', order(placed)), () => exchange.place(placed), endOf),
    cancel: (cancelled) => tracing.within(part('CANCEL', order(cancelled)), () => exchange.cancel(cancelled), endOf),
    amend: (amended) => tracing.within(part('AMEND', order(amended)), () => exchange.amend(amended), endOf),
    findOrder: (ref) => read('FIND_ORDER', () => exchange.findOrder(ref), order(ref)),
    openOrders: () => read('OPEN_ORDERS', () => exchange.openOrders()),
    conditionalOrders: () => read('CONDITIONAL_ORDERS', () => exchange.conditionalOrders()),
    recentTrades: (cursor) => read('TRADES', () => exchange.recentTrades(cursor)),
    positions: () => read('POSITIONS', () => exchange.positions()),
    findPosition: (symbol) => read('FIND_POSITION', () => exchange.findPosition(symbol), { symbol }),
    markets: () => read('MARKETS', () => exchange.markets()),
    quotes: (symbols) => read('QUOTES', () => exchange.quotes(symbols)),
    equity: () => read('EQUITY', () => exchange.equity()),
  };
};
