import { describe, expect, it } from '@jest/globals';
import { readWebhookBody } from '../../../functions/order-webhook/webhook-body.ts';
import { InputError } from '../../../functions/support/input-error.ts';
import { ACCOUNT, NOW } from '../fakes.ts';

const order = {
  clientOrderId: 'o1',
  exchangeOrderId: 'x1',
  symbol: 'AAPL',
  status: 'PARTIALLY_FILLED',
  filledQuantity: '1.5',
  averagePrice: '101.25',
  quantity: '3',
  limit: '101.5',
  trades: [{ tradeId: 't1', price: '101.25', quantity: '1.5', at: NOW }],
  at: NOW,
};
const withOrder = (changes: Record<string, unknown>) => ({ type: 'order', account: ACCOUNT, order: { ...order, ...changes } });
const withPrices = (...prices: unknown[]) => ({ type: 'prices', account: ACCOUNT, prices });
const price = { symbol: 'AAPL', price: '101.5', at: NOW };

const refusal = (value: unknown): InputError => {
  try {
    readWebhookBody(value);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
};

describe('SL-10 a report that cannot be read is refused with its field', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['nothing', null, 'body'],
    ['another type', { type: 'fill', account: ACCOUNT }, 'type'],
    ['no account', { type: 'order', order }, 'account'],
    ['no order', { type: 'order', account: ACCOUNT }, 'order'],
    ['an unknown field', { ...withOrder({}), extra: 1 }, 'extra'],
    ['an unknown field of the order', withOrder({ stop: '1' }), 'order.stop'],
    ['a hidden prototype', JSON.parse(JSON.stringify(withOrder({})).replace('"symbol"', '"__proto__":{},"symbol"')), 'order.__proto__'],
    ['no client order id', withOrder({ clientOrderId: '' }), 'order.clientOrderId'],
    ['a client order id with a hash', withOrder({ clientOrderId: 'a#b' }), 'order.clientOrderId'],
    ['a symbol of nobody', withOrder({ symbol: 'A B' }), 'order.symbol'],
    ['an unknown status', withOrder({ status: 'VANISHED' }), 'order.status'],
    ['a status as number', withOrder({ status: 1 }), 'order.status'],
    ['a negative filled quantity', withOrder({ filledQuantity: '-1' }), 'order.filledQuantity'],
    ['NaN as number', withOrder({ filledQuantity: Number.NaN }), 'order.filledQuantity'],
    ['1e400 as number', JSON.parse(JSON.stringify(withOrder({})).replace('"1.5","averagePrice"', '1e400,"averagePrice"')), 'order.filledQuantity'],
    ['1e400 as text', withOrder({ quantity: '1e400' }), 'order.quantity'],
    ['NaN as text', withOrder({ averagePrice: 'NaN' }), 'order.averagePrice'],
    ['a price of 0', withOrder({ averagePrice: '0' }), 'order.averagePrice'],
    ['39 digits', withOrder({ limit: `1.${'1'.repeat(38)}` }), 'order.limit'],
    ['a time as text', withOrder({ at: '2025-06-04' }), 'order.at'],
    ['a time in seconds, which would make a position old enough to be sold', withOrder({ trades: [{ ...order.trades[0], at: Math.floor(NOW / 1000) }] }), 'order.trades[0].at'],
    ['a time in microseconds', withOrder({ at: NOW * 1000 }), 'order.at'],
    ['no time at all but 0', withPrices({ ...price, at: 0 }), 'prices[0].at'],
    ['no time', withOrder({ at: undefined }), 'order.at'],
    ['trades that are no list', withOrder({ trades: {} }), 'order.trades'],
    ['too many trades', withOrder({ trades: Array.from({ length: 501 }, () => order.trades[0]) }), 'order.trades'],
    ['a trade without id', withOrder({ trades: [{ ...order.trades[0], tradeId: '' }] }), 'order.trades[0].tradeId'],
    ['a trade of nothing', withOrder({ trades: [{ ...order.trades[0], quantity: '0' }] }), 'order.trades[0].quantity'],
    ['a stop price of 0', withOrder({ stopPrice: '0' }), 'order.stopPrice'],
    ['a stop price as number', withOrder({ stopPrice: 95 }), 'order.stopPrice'],
    ['a refusal that is no code', withOrder({ refusal: '' }), 'order.refusal'],
    ['a fee as number', withOrder({ trades: [{ ...order.trades[0], fee: 1 }] }), 'order.trades[0].fee'],
    ['a fee of nothing known', withOrder({ trades: [{ ...order.trades[0], fee: { asset: '', amount: '1' } }] }), 'order.trades[0].fee.asset'],
    ['a fee without an amount', withOrder({ trades: [{ ...order.trades[0], fee: { asset: 'USD' } }] }), 'order.trades[0].fee.amount'],
    ['no prices', withPrices(), 'prices'],
    ['too many prices', withPrices(...Array.from({ length: 1001 }, () => price)), 'prices'],
    ['a negative price', withPrices(price, { ...price, price: '-5' }), 'prices[1].price'],
    ['a price as number', withPrices({ ...price, price: 5 }), 'prices[0].price'],
  ];
  it.each(wrong)('%s', (_name, value, field) => {
    expect(refusal(value)).toMatchObject({ status: 400, field });
  });
});

describe('SL-10 a report that can be read', () => {
  it('keeps its digits and its times', () => {
    const body = readWebhookBody(withOrder({}));
    expect(body.type === 'order' && body.order.filledQuantity?.toFixed()).toBe('1.5');
    expect(body.type === 'order' && body.order.trades[0]?.at).toBe(NOW);
  });

  it.each(['canceled', 'Cancelled', 'CANCELLED'])('knows %s as one status', (status) => {
    const body = readWebhookBody(withOrder({ status }));
    expect(body.type === 'order' && body.order.status).toBe('CANCELLED');
  });

  it('may leave out what a venue does not say', () => {
    const body = readWebhookBody({ type: 'order', account: ACCOUNT, order: { clientOrderId: 'o1', symbol: 'AAPL', status: 'open', at: NOW } });
    expect(body).toMatchObject({
      order: { filledQuantity: null, quantity: null, limit: null, stopPrice: null, refusal: null, trades: [], exchangeOrderId: null },
    });
  });

  it('tells of a stop, of a refusal and of a fee, which may be a rebate (SL-4)', () => {
    const trade = { ...order.trades[0], fee: { asset: 'BTC', amount: '-0.0000012' } };
    const body = readWebhookBody(withOrder({ stopPrice: '95.5', refusal: 'WOULD_TRIGGER', trades: [trade, order.trades[0]] }));
    const report = body.type === 'order' ? body.order : null;
    expect([report?.stopPrice?.toFixed(), report?.refusal]).toEqual(['95.5', 'WOULD_TRIGGER']);
    expect(report?.trades.map(({ fee }) => (fee === null ? null : [fee.asset, fee.amount.toFixed()]))).toEqual([['BTC', '-0.0000012'], null]);
  });
});

describe('WS-1 a price that no message can hold is refused at the door, and not with its neighbours behind it', () => {
  it('names a price of more than 38 places', () => {
    const long = `0.${'0'.repeat(16)}${'1234567890'.repeat(2)}123`;
    expect(refusal(withPrices(price, { ...price, price: long }))).toMatchObject({ field: 'prices[1].price', expected: 'at most 38 places after the point' });
  });
});
