// Alpaca's crypto market. A replaced order is another order there, under another id, so that nothing is amended.
import * as z from 'zod';
import Alpaca from '../../../../node_modules/ccxt/js/src/alpaca.js';
import { parseDecimal, toPlain } from '../../../domain/decimal.ts';
import { normaliseSymbol } from '../../../domain/symbols.ts';
import { VenueReadError } from '../../../errors.ts';
import type { PlaceOrder, VenuePosition } from '../../../ports.ts';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Ask, Dialect, PlacementTerms, WireRef } from '../dialect.ts';
import { asPlain, cancelBy, isSpot, limitThrough, neverTaken, openBy, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import { readAs } from '../reader.ts';
import type { UnifiedOrder } from '../unified.ts';
import { alpacaCryptoAnswers } from './alpaca-crypto-answers.ts';

const ALPACA_IDS = /^[A-Za-z0-9._-]{1,128}$/;
const ORDERS_ON_A_PAGE = 500;
const TRADES_ON_A_PAGE = 100;
const MOST_PAGES = 50;

const rawPosition = z.object({ symbol: z.string(), asset_class: z.string(), qty: z.string(), avg_entry_price: z.string(), side: z.string() });
const rawAccount = z.object({ equity: z.string() });

/** ccxt has no method for it, and makes the request all the same. */
async function find(ask: Ask, { id }: WireRef): Promise<UnifiedOrder | null> {
  const raw = await ask.orNull('request', 'v2/orders:by_client_order_id', ['trader', 'private'], 'GET', { client_order_id: id });
  return raw === null ? null : orderOf(await ask('parseOrder', raw));
}

function placement(order: PlaceOrder, id: string, tickSize: Decimal): PlacementTerms {
  const { side, stopPrice } = order.intent;
  const named = { clientOrderId: id };
  if (stopPrice === null) return placementOf(asPlain(order), named);
  return { type: 'limit', price: limitThrough(side, stopPrice, tickSize), params: { ...named, triggerPrice: toPlain(stopPrice) } };
}

/** Every open order, from the newest back. */
async function listOpen(ask: Ask): Promise<readonly UnifiedOrder[]> {
  const found = new Map<string, UnifiedOrder>();
  let until: number | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: readonly UnifiedOrder[] = ordersOf(await ask('fetchOpenOrders', undefined, undefined, ORDERS_ON_A_PAGE, until === null ? {} : { until }));
    const known = found.size;
    for (const order of page) found.set(order.id ?? '', order);
    if (page.length < ORDERS_ON_A_PAGE) return [...found.values()];
    if (found.size === known) throw new VenueReadError('open orders do not come to an end');
    // Its instants are finer than a millisecond, and the bound is exclusive.
    until = Math.min(...page.map((order) => order.timestamp ?? 0)) + 1;
  }
  throw new VenueReadError(`more than ${MOST_PAGES} pages of open orders`);
}

async function positions(ask: Ask, only: string | null): Promise<readonly VenuePosition[]> {
  const raw = only === null
    ? await ask('traderPrivateGetV2Positions')
    : await ask.orNull('request', `v2/positions/${only.replace('/', '')}`, ['trader', 'private'], 'GET', {});
  const held = only === null ? raw : raw === null ? [] : [raw];
  return readAs('positions', z.array(rawPosition), held).filter(({ asset_class }) => asset_class === 'crypto').map((position) => ({
    symbol: normaliseSymbol(position.symbol, 'crypto'),
    quantity: parseDecimal(position.qty, 'qty'),
    averagePrice: parseDecimal(position.avg_entry_price, 'avg_entry_price'),
  }));
}

export const alpacaCrypto: Dialect = {
  venue: 'alpaca-crypto',
  exchangeClass: Alpaca,
  config: { has: { fetchCurrencies: false } },
  answers: alpacaCryptoAnswers,
  ids: plainIds(ALPACA_IDS),
  trades: isSpot,
  quoteCurrency: 'USD',
  orderCalls: /^(POST|DELETE|PATCH) .*\/v2\/orders(\/[^/]+)?$/,
  answersWith: 'ORDER',
  placement,
  // Neither its documentation of crypto orders nor that of its order call has one.
  postOnly: 'ASKED_FIRST',
  wouldHaveCrossed: neverTaken,
  batches: null,
  cancel: cancelBy(find),
  amendment: null,
  find,
  findByVenueId: null,
  ...openBy(listOpen),
  tradesOf: async (ask, order, symbol) => {
    const since = order.timestamp === null ? undefined : order.timestamp - 1;
    const trades = tradesOf(await ask('fetchMyTrades', symbol, since, TRADES_ON_A_PAGE, { direction: 'asc' }));
    return trades.filter((trade) => trade.order === order.id);
  },
  accountTrades: {
    kind: 'BY_TIME',
    pageSize: TRADES_ON_A_PAGE,
    list: (ask, { since, until, limit }) =>
      ask('fetchMyTrades', undefined, since === 0 ? undefined : since - 1, limit, until === null ? { direction: 'desc' } : { until: until + 1, direction: 'desc' }),
  },
  tradeIdsPerSymbol: false,
  tellsLiquidity: false,
  tradeOwner: async (ask, trade) => orderOf(await ask('fetchOrder', trade.order, trade.symbol))?.clientOrderId ?? null,
  account: {
    kind: 'CONTRACTS',
    positions,
    equity: async (ask) => parseDecimal(readAs('account', rawAccount, await ask('traderPrivateGetV2Account')).equity, 'equity'),
  },
  keyCheck: null,
};
