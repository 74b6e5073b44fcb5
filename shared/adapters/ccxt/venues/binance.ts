// Binance, spot market.
import Binance from '../../../../node_modules/ccxt/js/src/binance.js';
import { toPlain } from '../../../domain/decimal.ts';
import type { Dialect } from '../dialect.ts';
import { idAfter, isSpot, neverTaken, openBy, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import { binanceKeyCheck } from '../key-checks.ts';
import { binanceAnswers } from './binance-answers.ts';

const BINANCE_IDS = /^[.A-Z:/a-z0-9_-]{1,36}$/;

export const binance: Dialect = {
  venue: 'binance',
  exchangeClass: Binance,
  config: {
    has: { fetchCurrencies: false },
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, warnOnFetchOpenOrdersWithoutSymbol: false },
  },
  answers: binanceAnswers,
  ids: plainIds(BINANCE_IDS),
  trades: isSpot,
  quoteCurrency: 'USDT',
  orderCalls: /^(POST|DELETE|PUT) .*\/order$/,
  answersWith: 'ORDER',
  placement: (order, id) => {
    const { stopPrice, shown } = order.intent;
    const stop = stopPrice === null ? {} : { stopLossPrice: toPlain(stopPrice) };
    return placementOf(order, { clientOrderId: id, ...stop, ...(shown === null ? {} : { icebergQty: toPlain(shown) }) });
  },
  postOnly: 'NATIVE',
  wouldHaveCrossed: neverTaken,
  // The spot market has no call for several orders but the one that cancels all of a symbol.
  batches: null,
  cancel: async (_ask, { id, symbol }) => ['cancelOrder', undefined, symbol, { clientOrderId: id }],
  amendment: null,
  find: async (ask, { id, symbol }) => orderOf(await ask.orNull('fetchOrder', undefined, symbol, { clientOrderId: id })),
  findByVenueId: null,
  ...openBy(async (ask) => ordersOf(await ask('fetchOpenOrders'))),
  tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchMyTrades', symbol, undefined, undefined, { orderId: order.id })),
  accountTrades: {
    kind: 'BY_SYMBOL',
    list: (ask, { symbol, after, limit }) =>
      ask('fetchMyTrades', symbol, undefined, limit, { fromId: after === null ? '0' : idAfter(after) }),
  },
  tradeIdsPerSymbol: true,
  tellsLiquidity: true,
  tradeOwner: async (ask, trade) => orderOf(await ask.orNull('fetchOrder', trade.order, trade.symbol))?.clientOrderId ?? null,
  account: { kind: 'SPOT', balances: (ask) => ask('fetchBalance') },
  keyCheck: binanceKeyCheck,
};
