// The streams of Binance's USDT perpetuals.
import Binanceusdm from '../../../../node_modules/ccxt/js/src/pro/binanceusdm.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { binanceusdm } from '../venues/binanceusdm.ts';

export const binanceusdmStreams: StreamDialect = {
  dialect: binanceusdm,
  exchangeClass: Binanceusdm,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTickers',
};
