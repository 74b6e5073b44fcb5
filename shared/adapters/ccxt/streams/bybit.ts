// The streams of Bybit's USDT perpetuals.
import Bybit from '../../../../node_modules/ccxt/js/src/pro/bybit.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { bybit } from '../venues/bybit.ts';

export const bybitStreams: StreamDialect = {
  dialect: bybit,
  exchangeClass: Bybit,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTickers',
};
