// A venue's record for tests of what is read off it: the orders and events of a small made-up run.
import type { VenueEvent, VenueEventType, VenueFill, VenueOrder } from '../../../shared/adapters/paper/venue-model.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';

export const d = (text: string): Decimal => new Decimal(text);

export type OrderGiven = Partial<VenueOrder>;

const order = (given: OrderGiven): VenueOrder => ({
  clientOrderId: 'e1', symbol: 'TDG', side: 'buy', quantity: d('2'), limit: null, stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false,
  exchangeOrderId: 'P1', status: 'OPEN', refusal: null, filledQuantity: d('0'), filledNotional: d('0'), fills: [], openSequence: 1,
  closeSequence: null, place: 1, triggeredAt: null, at: 0, ...given,
});

/** One event, seconds after the start. */
export const event = (seconds: number, type: VenueEventType, given: OrderGiven, fill: VenueFill | null = null): VenueEvent => {
  const at = seconds * 1000;
  return { sequence: seconds, type, order: order({ at, ...given }), fill, at };
};

/** An order that fills so much, wholly unless more of it is left. */
export const filled = (seconds: number, quantity: string, given: OrderGiven = {}, fill: Partial<VenueFill> = {}): VenueEvent => {
  const { clientOrderId, symbol, side } = order(given);
  const trade: VenueFill = {
    sequence: seconds, tradeId: `T${seconds}`, clientOrderId, symbol, side, price: d('100'), quantity: d(quantity), fee: d('0'), feeIn: 'QUOTE', liquidity: 'TAKER',
    at: seconds * 1000, ...fill,
  };
  return event(seconds, 'FILLED', { status: 'FILLED', quantity: d(quantity), filledQuantity: d(quantity), ...given }, trade);
};

const SALE = { side: 'sell', reduceOnly: true } as const;

/** A stop at a price. */
export const stop = (seconds: number, type: VenueEventType, given: OrderGiven = {}): VenueEvent =>
  event(seconds, type, { clientOrderId: 's1', stopPrice: d('95'), ...SALE, ...given });

/** A market sale of what is held. */
export const sale = (seconds: number, type: VenueEventType, given: OrderGiven = {}): VenueEvent => event(seconds, type, { clientOrderId: 'x1', ...SALE, ...given });

export const stopFilled = (seconds: number, quantity: string, given: OrderGiven = {}): VenueEvent =>
  filled(seconds, quantity, { clientOrderId: 's1', stopPrice: d('95'), ...SALE, ...given });
