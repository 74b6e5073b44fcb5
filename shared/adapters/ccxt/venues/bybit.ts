// Bybit, perpetuals settled in USDT, on a unified account. Orders are taken first and matched later: every answer is an id.
import * as z from 'zod';
import Bybit from '../../../../node_modules/ccxt/js/src/bybit.js';
import { type Decimal, parseDecimal, toPlain } from '../../../domain/decimal.ts';
import { VenueReadError } from '../../../errors.ts';
import type { VenuePosition } from '../../../ports.ts';
import type { Ask, Dialect, Params, TimePage, WireRef } from '../dialect.ts';
import { isLinearSwap, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import { bybitKeyCheck } from '../key-checks.ts';
import { readAs } from '../reader.ts';
import type { UnifiedOrder } from '../unified.ts';
import { bybitAnswers } from './bybit-answers.ts';
import { bybitBatches } from './bybit-batches.ts';

const BYBIT_IDS = /^[A-Za-z0-9_-]{1,36}$/;
const ORDERS_ON_A_PAGE = 50;
const TRADES_ON_A_PAGE = 100;
const MOST_PAGES = 50;
/** Trades are told of a week at most; a minute less leaves room for clocks. */
const LONGEST_WINDOW_MS = 7 * 86_400_000 - 60_000;

const page = z.object({ result: z.object({ list: z.array(z.unknown()), nextPageCursor: z.string().nullish() }) });
const rawPosition = z.object({ symbol: z.string(), side: z.string(), size: z.string(), avgPrice: z.string() });
const wallet = z.object({ result: z.object({ list: z.array(z.object({ totalEquity: z.string() })).length(1) }) });
const rejected = z.object({ rejectReason: z.literal('EC_PostOnlyWillTakeLiquidity') });
const owner = z.object({ orderLinkId: z.string() });

/** Every item of a list that comes in pages. */
async function listAll(ask: Ask, method: string, params: Params): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { list, nextPageCursor } = readAs(method, page, await ask(method, cursor === '' ? params : { ...params, cursor })).result;
    found.push(...list);
    if (!nextPageCursor || list.length === 0) return found;
    cursor = nextPageCursor;
  }
  throw new VenueReadError(`${method}: more than ${MOST_PAGES} pages`);
}

async function openOf(ask: Ask, orderFilter: 'Order' | 'StopOrder'): Promise<readonly UnifiedOrder[]> {
  const wanted = { category: 'linear', settleCoin: 'USDT', limit: ORDERS_ON_A_PAGE, orderFilter };
  return ordersOf(await ask('parseOrders', await listAll(ask, 'privateGetV5OrderRealtime', wanted)));
}

/** An order is among the present ones, ended or not, or else in the history. */
async function find(ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> {
  const [present] = ordersOf(await ask('fetchOpenOrders', symbol, undefined, undefined, { orderLinkId: id }));
  if (present !== undefined) return present;
  const past = ordersOf(await ask('fetchCanceledAndClosedOrders', symbol, undefined, undefined, { orderLinkId: id }));
  return past.toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0))[0] ?? null;
}

async function positions(ask: Ask, only: string | null): Promise<readonly VenuePosition[]> {
  const wanted = only === null ? { settleCoin: 'USDT', limit: 200 } : { symbol: only };
  const held = readAs('positions', z.array(rawPosition), await listAll(ask, 'privateGetV5PositionList', { category: 'linear', ...wanted }));
  return held.map(({ symbol, side, size, avgPrice }) => ({ symbol, quantity: signed(side, parseDecimal(size, 'size')), averagePrice: averageOf(avgPrice) }));
}

function signed(side: string, size: Decimal): Decimal {
  return side === 'Sell' ? size.negated() : size;
}

function averageOf(text: string): Decimal | null {
  return text === '' ? null : parseDecimal(text, 'avgPrice');
}

function listTrades(ask: Ask, { since, until, limit }: TimePage): Promise<unknown> {
  const earliest = (until ?? Date.now()) - LONGEST_WINDOW_MS;
  return ask('fetchMyTrades', undefined, Math.max(since, earliest), limit, until === null ? {} : { until });
}

export const bybit: Dialect = {
  venue: 'bybit',
  exchangeClass: Bybit,
  config: {
    has: { fetchCurrencies: false },
    options: {
      defaultType: 'swap', defaultSubType: 'linear', fetchMarkets: { types: ['linear'] },
      // Otherwise the first order is preceded by two questions about the kind of account.
      enableUnifiedMargin: false, enableUnifiedAccount: true, unifiedMarginStatus: 6,
    },
  },
  answers: bybitAnswers,
  ids: plainIds(BYBIT_IDS),
  trades: isLinearSwap,
  quoteCurrency: 'USDT',
  orderCalls: /^POST .*\/v5\/order\/(create|cancel|amend|create-batch|cancel-batch)$/,
  answersWith: 'ID',
  placement: (order, id) => {
    const { side, stopPrice, reduceOnly } = order.intent;
    // Not stopLossPrice: ccxt makes whatever has one reduce-only, also a stop that is to open.
    const stop = stopPrice === null ? {} : { triggerPrice: toPlain(stopPrice), triggerDirection: side === 'buy' ? 'ascending' : 'descending', triggerBy: 'LastPrice' };
    return placementOf(order, { clientOrderId: id, ...stop, ...(reduceOnly ? { reduceOnly: true } : {}) });
  },
  postOnly: 'NATIVE',
  wouldHaveCrossed: (order) => rejected.safeParse(order.info).success,
  batches: bybitBatches,
  cancel: async (_ask, { id, symbol }) => ['cancelOrder', undefined, symbol, { orderLinkId: id }],
  amendment: ({ id, symbol }, { order, quantity, limit, stopPrice }) => {
    const stop = stopPrice === null ? {} : { triggerPrice: stopPrice };
    return ['editOrder', undefined, symbol, limit === null ? 'market' : 'limit', order.side, quantity, limit ?? undefined, { orderLinkId: id, ...stop }];
  },
  find,
  findByVenueId: null,
  openOrders: async (ask) => openOf(ask, 'Order'),
  conditionalOrders: async (ask) => openOf(ask, 'StopOrder'),
  tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchMyTrades', symbol, undefined, TRADES_ON_A_PAGE, { orderId: order.id })),
  accountTrades: { kind: 'BY_TIME', pageSize: TRADES_ON_A_PAGE, list: listTrades },
  tradeIdsPerSymbol: false,
  tellsLiquidity: true,
  tradeOwner: async (_ask, trade) => owner.safeParse(trade.info).data?.orderLinkId || null,
  account: {
    kind: 'CONTRACTS',
    positions,
    equity: async (ask) => {
      const [account] = readAs('wallet', wallet, await ask('privateGetV5AccountWalletBalance', { accountType: 'UNIFIED' })).result.list;
      return parseDecimal(account?.totalEquity ?? '', 'totalEquity');
    },
  },
  keyCheck: bybitKeyCheck,
};
