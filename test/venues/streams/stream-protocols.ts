// The streams of three venues as their documentation has them. Binance: WebSocket API, userDataStream.subscribe.signature and
// executionReport, and the ticker streams; Bybit: v5 private stream, auth, order; Alpaca: trade_updates.
import { createHmac } from 'node:crypto';
import type { VenueOrder } from '../../../shared/adapters/paper/venue-model.ts';
import { toPlain } from '../../../shared/domain/decimal.ts';
import { API_KEY, SECRET, numberOf } from '../loopback-venue.ts';
import type { StreamProtocol } from './stream-server.ts';

const sign = (text: string): string => createHmac('sha256', SECRET).update(text).digest('hex');
const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Signed with the keys in the order of their names, not later than the window says. */
export const binanceProtocol: StreamProtocol = ({ id, method, params }, { channels }) => {
  if (method === 'SUBSCRIBE') {
    for (const name of textsIn(params)) channels.add(name);
    return [{ result: null, id }];
  }
  const { signature, ...rest } = params as Record<string, string | number>;
  const payload = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join('&');
  const isGood = method === 'userDataStream.subscribe.signature' && rest['apiKey'] === API_KEY && signature === sign(payload);
  if (!isGood) return [{ id, status: 400, error: { code: -1022, msg: 'Signature for this request is not valid.' } }];
  channels.add('user');
  return [{ id, status: 200, result: { subscriptionId: 0 }, rateLimits: [] }];
};

const BINANCE_STATUS: Readonly<Record<string, string>> = { OPEN: 'NEW', PARTIALLY_FILLED: 'PARTIALLY_FILLED', FILLED: 'FILLED', CANCELLED: 'CANCELED', EXPIRED: 'EXPIRED' };

/** One execution report of Binance's spot market. */
export const executionReport = (order: VenueOrder): unknown => {
  const fill = order.fills.at(-1);
  return {
    subscriptionId: 0,
    event: {
      e: 'executionReport', E: order.at, s: order.symbol.replace('/', ''), c: order.clientOrderId, S: order.side.toUpperCase(), o: 'LIMIT', f: 'GTC',
      q: order.quantity.toFixed(8), p: order.limit?.toFixed(8) ?? '0.00000000', P: '0.00000000', F: '0.00000000', g: -1, C: '', x: fill === undefined ? 'NEW' : 'TRADE',
      X: BINANCE_STATUS[order.status] ?? order.status, r: 'NONE', i: numberOf(order.exchangeOrderId), l: fill?.quantity.toFixed(8) ?? '0.00000000',
      z: order.filledQuantity.toFixed(8), L: fill?.price.toFixed(8) ?? '0.00000000', n: '0', N: null, T: order.at, t: fill === undefined ? -1 : numberOf(fill.tradeId),
      v: 0, I: 1, w: true, m: false, O: order.at, Z: order.filledNotional.toFixed(8), Y: '0.00000000', Q: '0.00000000', W: order.at, V: 'NONE',
    },
  };
};

/** One ticker of Binance's spot market. */
export const binanceTicker = (symbol: string, price: string, at: number): unknown => ({
  e: '24hrMiniTicker', E: at, s: symbol.replace('/', ''), c: price, o: price, h: price, l: price, v: '1', q: '1',
});

export const bybitProtocol: StreamProtocol = ({ op, args, req_id }, { channels }) => {
  const given = textsIn(args);
  if (op === 'ping') return [{ req_id, op: 'pong', args: [String(Date.now())], conn_id: 'c' }];
  if (op === 'auth') {
    const [key, expires = '', signature] = given;
    const success = key === API_KEY && Number(expires) > Date.now() && signature === sign(`GET/realtime${expires}`);
    return [{ success, ret_msg: success ? '' : 'error:USVC1111', op: 'auth', conn_id: 'c' }];
  }
  for (const name of given) channels.add(name);
  return [{ success: true, ret_msg: '', op: 'subscribe', req_id, conn_id: 'c' }];
};

const BYBIT_STATUS: Readonly<Record<string, string>> = { OPEN: 'New', PARTIALLY_FILLED: 'PartiallyFilled', FILLED: 'Filled', CANCELLED: 'Cancelled', EXPIRED: 'Cancelled' };

/** One order of Bybit's private stream. */
export const bybitOrder = (order: VenueOrder): unknown => ({
  id: 'e', topic: 'order', creationTime: order.at,
  data: [{
    category: 'linear', symbol: order.symbol.replace('/', ''), orderId: order.exchangeOrderId, orderLinkId: order.clientOrderId, side: order.side === 'buy' ? 'Buy' : 'Sell',
    orderType: 'Limit', price: order.limit === null ? '' : toPlain(order.limit), qty: toPlain(order.quantity), timeInForce: 'GTC', orderStatus: BYBIT_STATUS[order.status] ?? order.status,
    leavesQty: toPlain(order.quantity.minus(order.filledQuantity)), cumExecQty: toPlain(order.filledQuantity), cumExecValue: toPlain(order.filledNotional), avgPrice: '',
    cumExecFee: '0', createdTime: String(order.at), updatedTime: String(order.at), rejectReason: 'EC_NoError', stopOrderType: '', triggerPrice: '', takeProfit: '', stopLoss: '',
    triggerDirection: 0, reduceOnly: false, closeOnTrigger: false, positionIdx: 0, blockTradeId: '', cancelType: 'UNKNOWN',
  }],
});

export const alpacaProtocol: StreamProtocol = ({ action, data }, { channels }) => {
  const { key_id: key, secret_key: secret, streams } = data as { key_id?: string; secret_key?: string; streams?: string[] };
  if (action === 'authenticate') {
    const status = key === API_KEY && secret === SECRET ? 'authorized' : 'unauthorized';
    return [{ stream: 'authorization', data: { status, action } }];
  }
  for (const name of streams ?? []) channels.add(name);
  return [{ stream: 'listening', data: { streams: [...channels] } }];
};
