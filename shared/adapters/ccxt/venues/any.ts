// Any other exchange of ccxt, through what its classes have in common. No answer of it is known, so that every failure is
// UNKNOWN and looked up: safe, and slow to learn that an order was refused.
import { toPlain } from '../../../domain/decimal.ts';
import type { CcxtClass } from '../ccxt-client.ts';
import type { Ask, Dialect, WireRef } from '../dialect.ts';
import { asPlain, cancelBy, isSpot, neverTaken, openBy, ordersOf, placementOf, tradesOf } from '../dialect-parts.ts';
import { plainIds } from '../id-codec.ts';
import type { UnifiedOrder } from '../unified.ts';

export interface AnyVenue {
  readonly venue: string;
  /** Its class, imported by its file. */
  readonly exchangeClass: CcxtClass;
  readonly quoteCurrency: string;
  /** Ids that it takes. */
  readonly ids?: RegExp;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Whether its class is known to send post-only orders; else the spread is asked for before one. */
  readonly postOnly?: Dialect['postOnly'];
}

const USUAL_IDS = /^[A-Za-z0-9-]{1,32}$/;
const PAGE = 50;

/** Describes a spot venue of which nothing is known but its class (EX-9). */
export function anyVenue({ venue, exchangeClass, quoteCurrency, ids = USUAL_IDS, config = {}, postOnly = 'ASKED_FIRST' }: AnyVenue): Dialect {
  const listOpen = async (ask: Ask): Promise<readonly UnifiedOrder[]> => ordersOf(await ask('fetchOpenOrders'));
  return {
    venue,
    exchangeClass,
    config,
    answers: { rows: [], readOn: '2026-11-21', complaintOf: () => null, waitOf: () => null },
    ids: plainIds(ids),
    trades: isSpot,
    quoteCurrency,
    orderCalls: /^(POST|PUT|PATCH|DELETE) /,
    answersWith: 'ID',
    placement: (order, id) => {
      const { stopPrice } = order.intent;
      return placementOf(postOnly === 'NATIVE' ? order : asPlain(order), { clientOrderId: id, ...(stopPrice === null ? {} : { stopLossPrice: toPlain(stopPrice) }) });
    },
    postOnly,
    wouldHaveCrossed: neverTaken,
    batches: null,
    cancel: cancelBy(find),
    amendment: null,
    find,
    findByVenueId: null,
    ...openBy(listOpen),
    tradesOf: async (ask, order, symbol) => tradesOf(await ask('fetchMyTrades', symbol)).filter((trade) => trade.order === order.id),
    accountTrades: {
      kind: 'BY_TIME',
      pageSize: PAGE,
      list: (ask, { since, until, limit }) => ask('fetchMyTrades', undefined, since === 0 ? undefined : since, limit, until === null ? {} : { until }),
    },
    tradeIdsPerSymbol: true,
    tellsLiquidity: true,
    tradeOwner: async () => null,
    account: { kind: 'SPOT', balances: (ask) => ask('fetchBalance') },
    keyCheck: null,
  };
}

async function find(ask: Ask, { id, symbol }: WireRef): Promise<UnifiedOrder | null> {
  const isIt = (order: UnifiedOrder): boolean => order.clientOrderId === id;
  const open = ordersOf(await ask('fetchOpenOrders', symbol)).find(isIt);
  return open ?? ordersOf(await ask('fetchOrders', symbol)).findLast(isIt) ?? null;
}
