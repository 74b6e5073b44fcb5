// OKX, spot market. Stops are algo orders there, kept apart, with ids of their own and an order in the market once triggered.
import * as z from 'zod';
import Okx from '../../../../node_modules/ccxt/js/src/okx.js';
import { toPlain } from '../../../domain/decimal.ts';
import { VenueReadError } from '../../../errors.ts';
import type { Ask, Dialect, Params, WireRef } from '../dialect.ts';
import { isSpot, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { alphanumericIds } from '../id-codec.ts';
import { okxKeyCheck } from '../key-checks.ts';
import type { UnifiedOrder, UnifiedTrade } from '../unified.ts';
import { okxAnswers } from './okx-answers.ts';
import { okxBatches } from './okx-batches.ts';

const PAGE = 100;
const MOST_PAGES = 50;
const AT_MARKET = '-1';

const algoInfo = z.object({ algoClOrdId: z.string(), ordId: z.string().optional(), ordIdList: z.array(z.string()).optional() });
/** 31: "The post-only order will take liquidity in maker orders". */
const ended = z.object({ state: z.literal('canceled'), cancelSource: z.literal('31') });
const tradeInfo = z.object({ clOrdId: z.string() });
const orderInfo = z.object({ algoClOrdId: z.string().optional() });

const findPlain = async (ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> =>
  orderOf(await ask.orNull('fetchOrder', undefined, symbol, { clientOrderId: id }));

const findAlgo = async (ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> =>
  named(orderOf(await ask.orNull('fetchOrder', undefined, symbol, { clientOrderId: id, trigger: true })));

/** ccxt reads the id of a plain order, which an algo order has not. */
function named(order: UnifiedOrder | null): UnifiedOrder | null {
  const id = algoInfo.safeParse(order?.info).data?.algoClOrdId ?? '';
  return order === null || id === '' ? order : { ...order, clientOrderId: id, filled: order.filled ?? null };
}

/** What a triggered stop became: how it fills is told by the order in the market alone. */
async function triggered(ask: Ask, stop: UnifiedOrder, symbol: string): Promise<UnifiedOrder> {
  if (stop.status !== 'closed') return stop;
  const info = algoInfo.safeParse(stop.info).data;
  const orderId = [info?.ordId, ...(info?.ordIdList ?? [])].find((id) => id !== undefined && id !== '');
  if (orderId === undefined) throw new VenueReadError('a triggered stop that does not say what came of it');
  const order = orderOf(await ask('fetchOrder', orderId, symbol));
  if (order === null) throw new VenueReadError('the order of a triggered stop is not there');
  return { ...order, clientOrderId: stop.clientOrderId, stopLossPrice: stop.stopLossPrice };
}

async function find(ask: Ask, wire: WireRef): Promise<UnifiedOrder | null> {
  const plain = await findPlain(ask, wire);
  if (plain !== null) return plain;
  const stop = await findAlgo(ask, wire);
  return stop === null ? null : triggered(ask, stop, wire.symbol);
}

/** Every open order, page by page from the newest back; ids only ever grow, and ccxt sorts by time alone. */
async function listOpen(ask: Ask, params: Params): Promise<readonly UnifiedOrder[]> {
  const found = new Map<string, UnifiedOrder>();
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: readonly UnifiedOrder[] = ordersOf(await ask('fetchOpenOrders', undefined, undefined, PAGE, after === null ? params : { ...params, after }));
    for (const order of page) found.set(order.id ?? '', order);
    if (page.length < PAGE) return [...found.values()];
    after = [...found.keys()].reduce((least, id) => (BigInt(id) < BigInt(least) ? id : least));
  }
  throw new VenueReadError(`more than ${MOST_PAGES} pages of open orders`);
}

async function ownerOf(ask: Ask, trade: UnifiedTrade): Promise<string | null> {
  const own = tradeInfo.safeParse(trade.info).data?.clOrdId ?? '';
  if (own !== '') return own;
  const order = orderOf(await ask.orNull('fetchOrder', trade.order, trade.symbol));
  return orderInfo.safeParse(order?.info).data?.algoClOrdId || null;
}

export const okx: Dialect = {
  venue: 'okx',
  exchangeClass: Okx,
  config: { has: { fetchCurrencies: false }, options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, createOrder: 'privatePostTradeOrder' } },
  answers: okxAnswers,
  ids: alphanumericIds,
  trades: isSpot,
  quoteCurrency: 'USDT',
  orderCalls: /^POST .*\/trade\/(order|order-algo|batch-orders|cancel-order|cancel-batch-orders|cancel-algos|amend-order|amend-algos)$/,
  answersWith: 'ID',
  placement: (order, id) => {
    const { stopPrice } = order.intent;
    // A stop of coins would be borrowed for: ccxt makes whatever waits for a price a margin order unless told otherwise here.
    const stop = stopPrice === null ? {} : { stopLossPrice: toPlain(stopPrice), algoClOrdId: id };
    return placementOf(order, { clientOrderId: id, tdMode: 'cash', ...stop });
  },
  postOnly: 'NATIVE',
  wouldHaveCrossed: (order) => ended.safeParse(order.info).success,
  batches: okxBatches,
  cancel: async (ask, wire) => {
    const { id, symbol } = wire;
    if ((await findPlain(ask, wire)) !== null) return ['cancelOrder', undefined, symbol, { clientOrderId: id }];
    return (await findAlgo(ask, wire)) === null ? null : ['cancelOrders', [], symbol, { trigger: true, clientOrderId: [id] }];
  },
  amendment: ({ id, symbol }, { order, quantity, limit, stopPrice }) => {
    const stop = { clientOrderId: id, stopLossPrice: stopPrice, newSlOrdPx: AT_MARKET };
    if (stopPrice !== null) return ['editOrder', undefined, symbol, 'conditional', order.side, quantity, undefined, stop];
    return limit === null ? 'NOT_AMENDABLE' : ['editOrder', undefined, symbol, 'limit', order.side, quantity, limit, { clientOrderId: id }];
  },
  find,
  findByVenueId: null,
  openOrders: async (ask) => listOpen(ask, {}),
  conditionalOrders: async (ask) => (await listOpen(ask, { trigger: true, ordType: 'conditional' })).flatMap((order) => named(order) ?? []),
  tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchOrderTrades', order.id, symbol)),
  accountTrades: {
    kind: 'BY_TIME',
    pageSize: PAGE,
    list: (ask, { since, until, limit }) =>
      ask('fetchMyTrades', undefined, since === 0 ? undefined : since, limit, { limit, ...(until === null ? {} : { until }) }),
  },
  tradeIdsPerSymbol: true,
  tellsLiquidity: true,
  tradeOwner: ownerOf,
  account: { kind: 'SPOT', balances: (ask) => ask('fetchBalance') },
  keyCheck: okxKeyCheck,
};
