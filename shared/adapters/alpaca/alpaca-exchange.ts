// Stocks at Alpaca behind the Exchange port, through its own client.
import { DEFAULT_SETTINGS } from '../../domain/settings.ts';
import type { Millis } from '../../domain/instant.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import type { KeyedVenue, VenueTraits } from '../../ports.ts';
import { type Feed, type TradingDay, createAccountReads, readTradingDays } from './account-reads.ts';
import { readTradePage } from './account-trades.ts';
import { type AlpacaConnection, connectAlpaca } from './alpaca-client.ts';
import { createOrderCalls } from './order-calls.ts';
import { createOrderReads } from './order-reads.ts';
import { isConditional, reportOf } from './order-reports.ts';
import type { ReadRetry } from '../../read-retry.ts';
import { createReader } from './reader.ts';
import type { WireOrder } from './wire.ts';

/** How the broker is reached, and what is asked of it. */
export interface AlpacaOptions extends Partial<ReadRetry>, Omit<AlpacaConnection, 'urls'>, Partial<Pick<AlpacaConnection, 'urls'>> {
  readonly traits: VenueTraits;
  /** Whether limit orders may be executed before and after the session, as orders of the day. */
  readonly extendedHours?: boolean;
  /** Whether fractions of a share are traded, by orders of the day alone. */
  readonly fractions?: boolean;
  readonly feed?: Feed;
  /** The present time; the machine's own clock unless given. */
  readonly now?: () => Millis;
  /** Trades on one page, 1 to 99. */
  readonly pageSize?: number;
  readonly historySeconds?: number;
}

const PAUSE_MS = 50;
const PAGE_SIZE = 99;
const HISTORY_SECONDS = 7 * 24 * 3_600;

/** Connects to Alpaca (EX-9): orders never throw, readers throw VenueReadError. `tradingDays` reads its calendar (MH-1). */
export function createAlpacaExchange(options: AlpacaOptions): KeyedVenue & { tradingDays(from: string, to: string): Promise<readonly TradingDay[]> } {
  const { traits, extendedHours = false, fractions = false, feed = 'iex', pageSize = PAGE_SIZE, historySeconds = HISTORY_SECONDS } = options;
  const callAlpaca = connectAlpaca({ urls: null, ...options });
  const retry = { attempts: DEFAULT_SETTINGS.retryAttempts, pauseMs: PAUSE_MS, fraction: Math.random, ...options };
  const read = createReader(callAlpaca, retry);
  const orders = createOrderReads(read);
  const after = createOrderReads(createReader(callAlpaca, { ...retry, attempts: 1 }));
  const now = options.now ?? Date.now;
  const listed = async (wanted: (order: WireOrder) => boolean): Promise<readonly OrderReport[]> =>
    (await orders.open()).filter(({ head }) => wanted(head)).map((order) => reportOf({ ...order, fills: null }));
  return {
    batches: null,
    traits,
    // Keys of the trading interface cannot withdraw, and no call says what they may do.
    canWithdraw: null,
    ...createOrderCalls({ callAlpaca, before: orders, after, extendedHours }),
    ...createAccountReads({ read, now, feed, fractions }),
    findOrder: async ({ clientOrderId }) => {
      const found = await orders.find({ ours: clientOrderId });
      return found === null ? null : orders.withTrades(found);
    },
    openOrders: () => listed((order) => !isConditional(order)),
    conditionalOrders: () => listed(isConditional),
    recentTrades: (cursor) => readTradePage({ read, orders, now, pageSize, historySeconds }, cursor),
    tradingDays: (from, to) => readTradingDays(read, from, to),
  };
}
