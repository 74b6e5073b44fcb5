// Coinbase, Advanced Trade, spot. It cannot be asked by our id, so orders are found in its lists, and has no stop without a limit.
import * as z from 'zod';
import Coinbase from '../../../../node_modules/ccxt/js/src/coinbase.js';
import { type Decimal, parseDecimal, toPlain } from '../../../domain/decimal.ts';
import { VenueReadError } from '../../../errors.ts';
import type { PlaceOrder } from '../../../ports.ts';
import type { Ask, Dialect, Params, PlacementTerms, WireRef } from '../dialect.ts';
import { isSpot, limitThrough, neverTaken, openBy, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import { coinbaseKeyCheck } from '../key-checks.ts';
import { readAs } from '../reader.ts';
import type { UnifiedOrder } from '../unified.ts';
import { coinbaseAnswers } from './coinbase-answers.ts';
import { coinbaseBatches } from './coinbase-batches.ts';

const COINBASE_IDS = /^[A-Za-z0-9_-]{1,128}$/;
const PAGE = 250;
const TRADES_ON_A_PAGE = 100;
const MOST_PAGES = 100;
/** How long after its end an order is still looked for; open ones are found whatever their age. */
const LOOK_BACK_MS = 2 * 86_400_000;

const orderPage = z.object({ orders: z.array(z.unknown()), has_next: z.boolean().default(false), cursor: z.string().default('') });
const amount = z.object({ value: z.string() });
const accountPage = z.object({
  accounts: z.array(z.object({ currency: z.string(), available_balance: amount, hold: amount })),
  has_next: z.boolean().default(false),
  cursor: z.string().default(''),
});

type Page<Item> = { readonly items: readonly Item[]; readonly has_next: boolean; readonly cursor: string };

/** Every item of a list that comes in pages. */
async function listAll<Item>(read: (params: Params) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const found: Item[] = [];
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await read(cursor === '' ? { limit: PAGE } : { limit: PAGE, cursor });
    found.push(...page.items);
    if (!page.has_next || page.cursor === '') return found;
    cursor = page.cursor;
  }
  throw new VenueReadError(`more than ${MOST_PAGES} pages`);
}

async function listOrders(ask: Ask, wanted: Params): Promise<readonly UnifiedOrder[]> {
  const raw = await listAll(async (params) => {
    const { orders, ...rest } = readAs('orders', orderPage, await ask('v3PrivateGetBrokerageOrdersHistoricalBatch', { ...wanted, ...params }));
    return { items: orders, ...rest };
  });
  return ordersOf(await ask('parseOrders', raw));
}

async function find(ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> {
  const isIt = (order: UnifiedOrder): boolean => order.clientOrderId === id && order.symbol === symbol;
  const open = (await listOrders(ask, { order_status: 'OPEN' })).find(isIt);
  if (open !== undefined) return open;
  const past = await listOrders(ask, { start_date: new Date(Date.now() - LOOK_BACK_MS).toISOString() });
  return past.find(isIt) ?? null;
}

/** A stop needs a limit here, and a market buy is told in units of the base, which ccxt knows nothing of. */
function placement(order: PlaceOrder, id: string, tickSize: Decimal): PlacementTerms {
  const { side, quantity, stopPrice, limit } = order.intent;
  // ccxt makes up an id of its own unless it is given under the venue's name for it.
  const named = { client_order_id: id };
  if (stopPrice !== null) {
    return { type: 'limit', price: limitThrough(side, stopPrice, tickSize), params: { ...named, stopLossPrice: toPlain(stopPrice) } };
  }
  if (limit !== null || side === 'sell') return placementOf(order, named);
  const inBase = { order_configuration: { market_market_ioc: { base_size: toPlain(quantity) } } };
  return placementOf(order, { ...named, ...inBase, createMarketBuyOrderRequiresPrice: false });
}

async function balances(ask: Ask): Promise<unknown> {
  const accounts = await listAll(async (params) => {
    const { accounts: items, ...rest } = readAs('accounts', accountPage, await ask('v3PrivateGetBrokerageAccounts', params));
    return { items, ...rest };
  });
  const totals = accounts.map(({ currency, available_balance, hold }): readonly [string, string] =>
    [currency, toPlain(parseDecimal(available_balance.value, currency).plus(parseDecimal(hold.value, currency)))]);
  return { total: Object.fromEntries(totals) };
}

export const coinbase: Dialect = {
  venue: 'coinbase',
  exchangeClass: Coinbase,
  config: { has: { fetchCurrencies: false } },
  answers: coinbaseAnswers,
  ids: plainIds(COINBASE_IDS),
  trades: isSpot,
  quoteCurrency: 'USD',
  orderCalls: /^POST .*\/brokerage\/orders(\/batch_cancel|\/edit)?$/,
  answersWith: 'ID',
  placement,
  postOnly: 'NATIVE',
  wouldHaveCrossed: neverTaken,
  batches: coinbaseBatches((ask) => listOrders(ask, { order_status: 'OPEN' })),
  cancel: async (ask, wire) => {
    const found = await find(ask, wire);
    return found === null ? null : ['cancelOrders', [found.id], wire.symbol];
  },
  amendment: ({ symbol }, { order, quantity, limit }) =>
    order.triggerPrice === null && limit !== null ? ['editOrder', order.id, symbol, 'limit', order.side, quantity, limit] : 'NOT_AMENDABLE',
  find,
  findByVenueId: async (ask, id, symbol) => orderOf(await ask('fetchOrder', id, symbol)),
  ...openBy((ask) => listOrders(ask, { order_status: 'OPEN' })),
  tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchMyTrades', symbol, undefined, TRADES_ON_A_PAGE, { order_id: order.id })),
  accountTrades: {
    kind: 'BY_TIME',
    pageSize: TRADES_ON_A_PAGE,
    list: (ask, { since, until, limit }) => ask('fetchMyTrades', undefined, since === 0 ? undefined : since, limit, until === null ? {} : { until }),
  },
  tradeIdsPerSymbol: false,
  tellsLiquidity: true,
  tradeOwner: async (ask, trade) => orderOf(await ask('fetchOrder', trade.order, trade.symbol))?.clientOrderId ?? null,
  account: { kind: 'SPOT', balances },
  keyCheck: coinbaseKeyCheck,
};
