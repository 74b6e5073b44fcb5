// Binance, USD-margined futures. Stops live in a service of their own there (since December 2025), with ids of their own.
import * as z from 'zod';
import Binanceusdm from '../../../../node_modules/ccxt/js/src/binanceusdm.js';
import { parseDecimal, toPlain } from '../../../domain/decimal.ts';
import { VenueReadError } from '../../../errors.ts';
import type { VenuePosition } from '../../../ports.ts';
import type { Ask, Dialect, WireRef } from '../dialect.ts';
import { idAfter, isLinearSwap, orderOf, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import { binanceKeyCheck } from '../key-checks.ts';
import { readAs } from '../reader.ts';
import type { UnifiedOrder } from '../unified.ts';
import { binanceusdmBatches } from './binanceusdm-batches.ts';
import { binanceusdmAnswers } from './binanceusdm-answers.ts';

const BINANCE_IDS = /^[.A-Z:/a-z0-9_-]{1,36}$/;

const algoInfo = z.object({ actualOrderId: z.union([z.string(), z.number()]).nullish() });
const rawPositions = z.array(z.object({ symbol: z.string(), positionAmt: z.string(), entryPrice: z.string() }));
/** Good till crossing, and ended by that. */
const postOnlyInfo = z.object({ timeInForce: z.literal('GTX'), status: z.literal('EXPIRED') });
const rawAccount = z.object({ totalMarginBalance: z.string() });

const findPlain = async (ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> =>
  orderOf(await ask.orNull('fetchOrder', undefined, symbol, { clientOrderId: id }));

/** A stop as the service has it; once triggered it says where the order is that came of it. */
const findAlgo = async (ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> =>
  orderOf(await ask.orNull('fetchOrder', undefined, symbol, { clientAlgoId: id, trigger: true }));

/** What a triggered stop became: how it fills is told by the order in the market alone. */
async function triggered(ask: Ask, stop: UnifiedOrder, symbol: string): Promise<UnifiedOrder> {
  if (stop.status !== 'closed') return stop;
  const { actualOrderId } = readAs('algo order', algoInfo, stop.info);
  if (!actualOrderId) throw new VenueReadError('a triggered stop that does not say what came of it');
  const order = orderOf(await ask('fetchOrder', String(actualOrderId), symbol));
  if (order === null) throw new VenueReadError('the order of a triggered stop is not there');
  return { ...order, clientOrderId: stop.clientOrderId, triggerPrice: stop.triggerPrice };
}

async function find(ask: Ask, wire: WireRef): Promise<UnifiedOrder | null> {
  const plain = await findPlain(ask, wire);
  if (plain !== null) return plain;
  const stop = await findAlgo(ask, wire);
  return stop === null ? null : triggered(ask, stop, wire.symbol);
}

async function positions(ask: Ask, only: string | null): Promise<readonly VenuePosition[]> {
  const held = readAs('positions', rawPositions, await ask('fapiPrivateV3GetPositionRisk', only === null ? {} : { symbol: only }));
  return held.map(({ symbol, positionAmt, entryPrice }) => ({
    symbol, quantity: parseDecimal(positionAmt, 'positionAmt'), averagePrice: parseDecimal(entryPrice, 'entryPrice'),
  }));
}

export const binanceusdm: Dialect = {
  venue: 'binanceusdm',
  exchangeClass: Binanceusdm,
  config: { has: { fetchCurrencies: false }, options: { fetchMarkets: { types: ['linear'] }, warnOnFetchOpenOrdersWithoutSymbol: false } },
  answers: binanceusdmAnswers,
  ids: plainIds(BINANCE_IDS),
  trades: isLinearSwap,
  quoteCurrency: 'USDT',
  orderCalls: /^(POST|DELETE|PUT) .*\/(order|algoOrder|batchOrders)$/,
  answersWith: 'ORDER',
  placement: (order, id) => {
    const { stopPrice, reduceOnly } = order.intent;
    const stop = stopPrice === null ? {} : { stopLossPrice: toPlain(stopPrice) };
    return placementOf(order, { clientOrderId: id, ...stop, ...(reduceOnly ? { reduceOnly: true } : {}) });
  },
  postOnly: 'NATIVE',
  wouldHaveCrossed: (order) => postOnlyInfo.safeParse(order.info).success,
  batches: binanceusdmBatches,
  cancel: async (ask, wire) => {
    const { id, symbol } = wire;
    if ((await findPlain(ask, wire)) !== null) return ['cancelOrder', undefined, symbol, { clientOrderId: id }];
    return (await findAlgo(ask, wire)) === null ? null : ['cancelOrder', undefined, symbol, { clientAlgoId: id, trigger: true }];
  },
  amendment: ({ symbol }, { order, quantity, limit }) =>
    order.triggerPrice === null && limit !== null ? ['editOrder', order.id, symbol, 'limit', order.side, quantity, limit] : 'NOT_AMENDABLE',
  find,
  findByVenueId: null,
  openOrders: async (ask) => ordersOf(await ask('fetchOpenOrders')),
  conditionalOrders: async (ask) => ordersOf(await ask('fetchOpenOrders', undefined, undefined, undefined, { trigger: true })),
  tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchMyTrades', symbol, undefined, undefined, { orderId: order.id })),
  accountTrades: {
    kind: 'BY_SYMBOL',
    list: (ask, { symbol, after, limit }) =>
      ask('fetchMyTrades', symbol, undefined, limit, { fromId: after === null ? '0' : idAfter(after) }),
  },
  tradeIdsPerSymbol: true,
  tellsLiquidity: true,
  tradeOwner: async (ask, trade) => orderOf(await ask.orNull('fetchOrder', trade.order, trade.symbol))?.clientOrderId ?? null,
  account: {
    kind: 'CONTRACTS',
    positions,
    equity: async (ask) => parseDecimal(readAs('account', rawAccount, await ask('fapiPrivateV3GetAccount')).totalMarginBalance, 'equity'),
  },
  keyCheck: binanceKeyCheck,
};
