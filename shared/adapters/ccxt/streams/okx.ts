// The streams of OKX's spot market; waiting orders have a channel of their own.
import Okx from '../../../../node_modules/ccxt/js/src/pro/okx.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { okx } from '../venues/okx.ts';

export const okxStreams: StreamDialect = {
  dialect: okx,
  exchangeClass: Okx,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'ORDERS', method: 'watchOrders', args: [undefined, undefined, undefined, { trigger: true }] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTickers',
};
