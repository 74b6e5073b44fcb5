// An exchange of ccxt behind the Exchange port: what differs between venues is its dialect, the rest is here.
import { DEFAULT_SETTINGS } from '../../domain/settings.ts';
import type { Millis } from '../../domain/instant.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import type { KeyedVenue, OrderRef, VenueTraits } from '../../ports.ts';
import { readTradePage } from './account-trades.ts';
import { createAccountReads } from './account-reads.ts';
import { type CcxtConnection, createCcxtClient } from './ccxt-client.ts';
import { createBatches } from './batch-calls.ts';
import type { Ask, Dialect } from './dialect.ts';
import { type MarketDirectory, createMarketDirectory } from './market-directory.ts';
import { createOrderCalls } from './order-calls.ts';
import { createOrderReads } from './order-reads.ts';
import type { ReadRetry } from '../../read-retry.ts';
import { createAsk } from './reader.ts';

/** How the venue is reached. Times in milliseconds. */
export interface CcxtExchangeOptions extends Partial<ReadRetry>, Partial<Pick<CcxtConnection, 'sandbox' | 'fetch' | 'urls'>> {
  readonly dialect: Dialect;
  readonly traits: VenueTraits;
  readonly credentials: CcxtConnection['credentials'];
  readonly timeoutMs: number;
  /** The present time; the machine's own clock unless given. */
  readonly now?: () => Millis;
  /** Trades on one page, 1 to 500. */
  readonly pageSize?: number;
  /** Symbols of ours whose trades are asked for though nothing of them is held or open; others are found. */
  readonly symbols?: readonly string[];
}

const PAGE_SIZE = 200;
const PAUSE_MS = 50;

/** Connects to a venue through ccxt (EX-9): orders never throw, readers throw VenueReadError. */
export function createCcxtExchange(options: CcxtExchangeOptions): KeyedVenue {
  const { dialect, traits } = options;
  const client = createCcxtClient({
    sandbox: false, fetch: (url, init) => fetch(url, init), urls: null,
    ...options, exchangeClass: dialect.exchangeClass, config: dialect.config,
  });
  const retry = { attempts: DEFAULT_SETTINGS.retryAttempts, pauseMs: PAUSE_MS, fraction: Math.random, ...options };
  const ask = createAsk(client, dialect.answers, retry);
  const askOnce = createAsk(client, dialect.answers, { ...retry, attempts: 1 });
  const directory = createMarketDirectory(dialect, ask);
  const now = options.now ?? Date.now;
  const parts = { dialect, client, directory, ask, now, icebergs: traits.icebergs };
  const reads = createOrderReads(parts);
  const account = createAccountReads(parts);
  const open = listing(directory, async () => reads.listed(await dialect.openOrders(ask)));
  const conditional = listing(directory, async () => reads.listed(await dialect.conditionalOrders(ask)));
  const callParts = { ...parts, reads: createOrderReads({ ...parts, ask: askOnce }) };
  const calls = createOrderCalls(callParts);
  return {
    traits,
    ...calls,
    batches: createBatches(callParts, calls),
    ...account,
    canWithdraw: keyCheckOf(options, askOnce),
    findOrder: async (order) => findOrder({ dialect, directory, find: (ref, wire) => reads.find(ref, wire) }, order),
    openOrders: open,
    conditionalOrders: conditional,
    markets: () => directory.reload(),
    recentTrades: async (cursor) => {
      const symbols = async (): Promise<readonly string[]> => {
        const known = [...(await open()), ...(await conditional()), ...(await account.positions())].map(({ symbol }) => symbol);
        return [...directory.asked(), ...[...known, ...(options.symbols ?? [])].flatMap((symbol) => directory.toCcxt(symbol) ?? [])];
      };
      return readTradePage({ dialect, directory, ask, pageSize: options.pageSize ?? PAGE_SIZE, symbols }, cursor);
    },
  };
}

function keyCheckOf({ dialect: { keyCheck }, sandbox = false }: CcxtExchangeOptions, ask: Ask): KeyedVenue['canWithdraw'] {
  return keyCheck === null || (sandbox && !keyCheck.inSandbox) ? null : () => keyCheck.canWithdraw(ask);
}

function listing(directory: MarketDirectory, list: () => Promise<readonly OrderReport[]>): () => Promise<readonly OrderReport[]> {
  return async () => {
    await directory.load();
    return list();
  };
}

interface Finding {
  readonly dialect: Dialect;
  readonly directory: MarketDirectory;
  readonly find: (order: OrderRef, wire: { readonly id: string; readonly symbol: string }) => Promise<OrderReport | null>;
}

async function findOrder({ dialect, directory, find }: Finding, order: OrderRef): Promise<OrderReport | null> {
  await directory.load();
  const id = dialect.ids.toVenue(order.clientOrderId);
  const symbol = directory.toCcxt(order.symbol);
  if (id === null || symbol === null) throw new VenueReadError(`${order.clientOrderId} of ${order.symbol} cannot be asked for here`);
  return find(order, { id, symbol });
}
