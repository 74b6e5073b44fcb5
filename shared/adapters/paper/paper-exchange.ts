// The paper venue behind the Exchange port: orders are sent once and classified, reads are tried again.
import type { Outcome } from '../../domain/event.ts';
import type { AmendOrder, Exchange, Market, OrderRef, TradePage, VenueTraits } from '../../ports.ts';
import { type TraitOverrides, paperTraits } from '../../venue-traits.ts';
import { batchesOver } from './paper-batches.ts';
import { type Fetch, type PaperConnection, type PaperRequest, callPaper } from './paper-http.ts';
import { outcomeOf, placeBodyOf, unsendable } from './paper-outcomes.ts';
import type { ReadRetry } from '../../read-retry.ts';
import { type PaperReader, createReader } from './paper-reader.ts';
import { REFUSALS } from './paper-refusals.ts';
import type { BatchLimits } from './venue-model.ts';
import { accountAnswer, fillsAnswer, marketsAnswer, orderAnswer, ordersAnswer, positionAnswer, positionsAnswer, quotesAnswer } from './venue-wire.ts';

/** How the venue is reached, and what it can do where that is not the usual. Times in milliseconds. */
export interface PaperExchangeOptions extends Partial<ReadRetry>, TraitOverrides {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch?: Fetch;
  /** Trades on one page, 1 to 500. */
  readonly pageSize?: number;
  /** How many orders one batch call takes, where the venue has one (EX-4). */
  readonly batches?: BatchLimits | null;
}

const PAGE_SIZE = 200;

/** Connects to a paper venue (EX-9): orders never throw, readers throw VenueReadError. */
export function createPaperExchange(options: PaperExchangeOptions): Exchange {
  const connection: PaperConnection = { fetch: (url, init) => fetch(url, init), ...options };
  const read = createReader(connection, options);
  const traits = paperTraits(options);
  const { batches = null } = options;
  return {
    traits,
    batches: batches === null ? null : batchesOver(connection, traits, batches),
    ...ordersOver(connection, traits),
    ...readsOver(read),
    recentTrades: (cursor) => readTrades(read, cursor, options.pageSize ?? PAGE_SIZE),
  };
}

function ordersOver(connection: PaperConnection, traits: VenueTraits): Pick<Exchange, 'place' | 'cancel' | 'amend'> {
  const send = async (request: PaperRequest, refusals: readonly string[]): Promise<Outcome> =>
    outcomeOf(await callPaper(connection, request), refusals);
  return {
    place: async (order) => unsendable(order, traits) ?? send({ method: 'POST', path: '/orders', body: placeBodyOf(order) }, REFUSALS.place),
    cancel: (order) => send({ method: 'DELETE', path: pathOf(order), body: null }, REFUSALS.cancel),
    amend: (order) => send({ method: 'PATCH', path: pathOf(order), body: amendBodyOf(order) }, REFUSALS.amend),
  };
}

function readsOver(read: PaperReader): Omit<Exchange, 'traits' | 'batches' | 'place' | 'cancel' | 'amend' | 'recentTrades'> {
  return {
    findOrder: async (order) => read.find(pathOf(order), orderAnswer).then((answer) => answer?.order ?? null),
    openOrders: async () => (await read.get('/orders?open=1', ordersAnswer)).orders,
    conditionalOrders: async () => (await read.get('/conditional-orders', ordersAnswer)).orders,
    positions: async () => (await read.get('/positions', positionsAnswer)).positions,
    findPosition: async (symbol) => (await read.get(`/position?symbol=${encodeURIComponent(symbol)}`, positionAnswer)).position,
    markets: async (): Promise<readonly Market[]> => (await read.get('/markets', marketsAnswer)).markets,
    quotes: async (symbols) => (await read.get(`/quotes?symbols=${symbols.map(encodeURIComponent).join(',')}`, quotesAnswer)).quotes,
    equity: async () => {
      const { equity, at } = await read.get('/account', accountAnswer);
      return { equity, at };
    },
  };
}

async function readTrades(read: PaperReader, cursor: string | null, pageSize: number): Promise<TradePage> {
  const path = `/fills?since=${encodeURIComponent(cursor ?? '0')}&limit=${pageSize}`;
  const { fills, more } = await read.get(path, fillsAnswer);
  const last = fills.at(-1);
  const trades = fills.map(({ tradeId, clientOrderId, symbol, side, price, quantity, fee, liquidity, at }) => ({
    tradeId, clientOrderId, symbol, side, price, quantity, fee, liquidity, at,
  }));
  return { trades, cursor: last === undefined ? cursor : String(last.sequence), more };
}

function amendBodyOf({ intent: { quantity, limit, stopPrice } }: AmendOrder): unknown {
  return { quantity, limit, stopPrice };
}

function pathOf({ clientOrderId }: OrderRef): string {
  return `/orders/${encodeURIComponent(clientOrderId)}`;
}
