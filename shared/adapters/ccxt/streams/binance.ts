// The streams of Binance's spot market.
import Binance from '../../../../node_modules/ccxt/js/src/pro/binance.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { binance } from '../venues/binance.ts';

export const binanceStreams: StreamDialect = {
  dialect: binance,
  exchangeClass: Binance,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTickers',
};
