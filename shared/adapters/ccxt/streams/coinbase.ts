// The streams of Coinbase Advanced, which has one channel for orders and none for trades.
import Coinbase from '../../../../node_modules/ccxt/js/src/pro/coinbase.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { coinbase } from '../venues/coinbase.ts';

export const coinbaseStreams: StreamDialect = {
  dialect: coinbase,
  exchangeClass: Coinbase,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
  ],
  priceCall: 'watchTickers',
};
