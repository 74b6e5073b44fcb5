// Kraken, spot market. An order is found among the open ones or else among the closed ones; both can be asked by our id.
import * as z from 'zod';
import Kraken from '../../../../node_modules/ccxt/js/src/kraken.js';
import { toPlain } from '../../../domain/decimal.ts';
import type { Ask, Dialect, WireRef } from '../dialect.ts';
import { isSpot, openBy, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { packedIds } from '../id-codec.ts';
import { krakenKeyCheck } from '../key-checks.ts';
import type { UnifiedOrder, UnifiedTrade } from '../unified.ts';
import { krakenAnswers } from './kraken-answers.ts';
import { krakenBatches } from './kraken-batches.ts';

/** Trades that one question may name; ccxt asks for none at all after a full batch of 20, which is refused. */
const MOST_TRADES = 19;
/** Trades on one page, always. */
const PAGE = 50;
const MICROSECONDS = 1_000;

const closedInfo = z.object({ reason: z.string().nullish() });
const openInfo = z.object({ oflags: z.string() });

/** An amendment is told so again, or it may take. */
const isPostOnly = (order: UnifiedOrder): boolean => openInfo.safeParse(order.info).data?.oflags.split(',').includes('post') ?? false;

/** Nonces must only ever grow, and ccxt's milliseconds repeat themselves between two quick calls. */
function growingNonce(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now() * MICROSECONDS);
    return last;
  };
}

async function find(ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> {
  const wanted = { clientOrderId: id, trades: 'true' };
  const [open] = ordersOf(await ask('fetchOpenOrders', symbol, undefined, undefined, wanted)).filter((order) => order.clientOrderId === id);
  if (open !== undefined) return open;
  const closed = ordersOf(await ask('fetchClosedOrders', symbol, undefined, undefined, wanted)).filter((order) => order.clientOrderId === id);
  // Ids are checked among open orders only: the newest is meant.
  return closed.toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0))[0] ?? null;
}

async function tradesOfOrder(ask: Ask, order: UnifiedOrder, symbol: string): Promise<readonly UnifiedTrade[]> {
  const ids = (order.trades ?? []).flatMap(({ id }) => id ?? []);
  const found: UnifiedTrade[] = [];
  for (let from = 0; from < ids.length; from += MOST_TRADES) {
    const trades = ids.slice(from, from + MOST_TRADES);
    found.push(...tradesOf(await ask('fetchOrderTrades', order.id, symbol, undefined, undefined, { trades })));
  }
  return found;
}

export const kraken: Dialect = {
  venue: 'kraken',
  exchangeClass: Kraken,
  // ccxt compares precisions of coins and markets as numbers, which text is not: without coins it compares none.
  config: { has: { fetchCurrencies: false }, nonce: growingNonce() },
  answers: krakenAnswers,
  ids: packedIds,
  trades: isSpot,
  quoteCurrency: 'USD',
  orderCalls: /^POST .*\/(AddOrder|AddOrderBatch|CancelOrder|CancelOrderBatch|AmendOrder|EditOrder)$/,
  answersWith: 'ID',
  placement: (order, id) => {
    const { stopPrice, shown } = order.intent;
    const stop = stopPrice === null ? {} : { stopLossPrice: toPlain(stopPrice) };
    // ccxt knows no type but market and limit, and sends what is given beside.
    const iceberg = shown === null ? {} : { ordertype: 'iceberg', displayvol: toPlain(shown) };
    // Fees in the quote currency, so that what is held is what was bought.
    return placementOf(order, { clientOrderId: id, oflags: 'fciq', ...stop, ...iceberg });
  },
  postOnly: 'NATIVE',
  wouldHaveCrossed: (order) => /post.only/i.test(closedInfo.safeParse(order.info).data?.reason ?? ''),
  batches: krakenBatches,
  cancel: async (_ask, { id, symbol }) => ['cancelOrder', undefined, symbol, { clientOrderId: id }],
  amendment: ({ id, symbol }, { order, quantity, limit, stopPrice }) => {
    const stop = stopPrice === null ? {} : { stopLossPrice: stopPrice };
    const postOnly = isPostOnly(order) ? { postOnly: true } : {};
    return ['editOrder', undefined, symbol, limit === null ? 'market' : 'limit', order.side, quantity, limit ?? undefined, { clientOrderId: id, ...stop, ...postOnly }];
  },
  find,
  findByVenueId: async (ask, id, symbol) => orderOf(await ask('fetchOrder', id, symbol)),
  ...openBy(async (ask) => ordersOf(await ask('fetchOpenOrders'))),
  tradesOf: tradesOfOrder,
  accountTrades: {
    kind: 'BY_TIME',
    pageSize: PAGE,
    // Its start is exclusive and cut to the second.
    list: async (ask, { since, skip }) => ask('fetchMyTrades', undefined, since === 0 ? undefined : since - MICROSECONDS, undefined, { ofs: skip }),
  },
  tradeIdsPerSymbol: false,
  tellsLiquidity: true,
  tradeOwner: async (ask, trade) => orderOf(await ask('fetchOrder', trade.order, trade.symbol))?.clientOrderId ?? null,
  account: { kind: 'SPOT', balances: (ask) => ask('fetchBalance') },
  keyCheck: krakenKeyCheck,
};

