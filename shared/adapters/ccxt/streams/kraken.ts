// The streams of Kraken's spot market.
import Kraken from '../../../../node_modules/ccxt/js/src/pro/kraken.js';
import type { StreamDialect } from '../ccxt-stream.ts';
import { kraken } from '../venues/kraken.ts';

export const krakenStreams: StreamDialect = {
  dialect: kraken,
  exchangeClass: Kraken,
  config: {},
  accountCalls: [
    { part: 'ORDERS', method: 'watchOrders', args: [] },
    { part: 'TRADES', method: 'watchMyTrades', args: [] },
  ],
  priceCall: 'watchTickers',
};
