// The streams of crypto at Alpaca, whose class hears prices symbol by symbol.
import Alpaca from '../../../../node_modules/ccxt/js/src/pro/alpaca.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { alpacaCrypto } from '../venues/alpaca-crypto.ts';

export const alpacaCryptoStreams: StreamDialect = {
  dialect: alpacaCrypto,
  exchangeClass: Alpaca,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTicker',
};
