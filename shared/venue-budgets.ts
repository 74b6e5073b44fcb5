// What each venue lets be asked of it, as its documentation says, and what our calls cost there (docs/rate-budget.md).
import type { Cost, Meter, RateLimit } from './domain/rate-budget.ts';
import type { VenueCall } from './ports.ts';

export interface VenueBudget {
  readonly venue: string;
  /** The page that the limits and weights come from; null for the paper venue, which counts nothing. */
  readonly source: string | null;
  readonly limits: readonly RateLimit[];
  readonly costs: Readonly<Record<VenueCall, Cost>>;
}

const MOST_LEASE_MS = 5_000;
const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * A venue that counts what comes within a window: bucket and refill are so small that no window, wherever it begins and
 * however late a lease is spent, ever holds more than `most`.
 */
const window = (meter: Meter, most: number, everyMs: number): RateLimit => {
  const leaseShare = Math.min(MOST_LEASE_MS, everyMs / 2) / everyMs;
  const each = Math.floor(most / (2 + leaseShare));
  return { meter, burst: each, refill: each, everyMs };
};

/** A venue that counts up with each call and down with time, as we do; what flows down during a lease is left free. */
const counter = (meter: Meter, most: number, refill: number, everyMs: number): RateLimit => ({
  meter,
  burst: most - Math.ceil((refill * Math.min(MOST_LEASE_MS, everyMs / 2)) / everyMs),
  refill,
  everyMs,
});

const weighs = (WEIGHT: number, ORDERS = 0): Cost => ({ WEIGHT, ORDERS });

const EVERY_CALL: Readonly<Record<VenueCall, Cost>> = {
  PLACE: weighs(1, 1),
  CANCEL: weighs(1, 1),
  AMEND: weighs(1, 1),
  FIND_ORDER: weighs(1),
  OPEN_ORDERS: weighs(1),
  CONDITIONAL_ORDERS: weighs(1),
  TRADES: weighs(1),
  POSITIONS: weighs(1),
  FIND_POSITION: weighs(1),
  MARKETS: weighs(1),
  QUOTES: weighs(1),
  EQUITY: weighs(1),
};

const ALPACA_SOURCE = 'https://docs.alpaca.markets/docs/api-rate-limits';
/** A cancel asks first for the order's own id. */
const ALPACA_COSTS = { ...EVERY_CALL, CANCEL: weighs(2), PLACE: weighs(1), AMEND: weighs(2) };

const BUDGETS: readonly VenueBudget[] = [
  { venue: 'paper', source: null, limits: [], costs: EVERY_CALL },
  { venue: 'alpaca', source: ALPACA_SOURCE, limits: [window('WEIGHT', 200, MINUTE)], costs: ALPACA_COSTS },
  { venue: 'alpaca-crypto', source: ALPACA_SOURCE, limits: [window('WEIGHT', 200, MINUTE)], costs: ALPACA_COSTS },
  {
    venue: 'binance',
    source: 'https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits',
    limits: [window('WEIGHT', 6_000, MINUTE), window('ORDERS', 100, 10 * SECOND), window('ORDERS', 200_000, DAY)],
    costs: {
      ...EVERY_CALL,
      CANCEL: weighs(1),
      FIND_ORDER: weighs(4),
      OPEN_ORDERS: weighs(80),
      CONDITIONAL_ORDERS: weighs(80),
      // Trades are listed symbol by symbol, 20 each: ten of them.
      TRADES: weighs(200),
      POSITIONS: weighs(20),
      FIND_POSITION: weighs(20),
      MARKETS: weighs(20),
      QUOTES: weighs(4),
      EQUITY: weighs(24),
    },
  },
  {
    venue: 'binanceusdm',
    source: 'https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info',
    limits: [window('WEIGHT', 2_400, MINUTE), window('ORDERS', 300, 10 * SECOND), window('ORDERS', 1_200, MINUTE)],
    costs: {
      ...EVERY_CALL,
      CANCEL: weighs(2),
      OPEN_ORDERS: weighs(40),
      CONDITIONAL_ORDERS: weighs(40),
      // Trades are listed symbol by symbol, 5 each: ten of them.
      TRADES: weighs(50),
      POSITIONS: weighs(5),
      FIND_POSITION: weighs(5),
      QUOTES: weighs(2),
      EQUITY: weighs(5),
    },
  },
  {
    venue: 'bybit',
    source: 'https://bybit-exchange.github.io/docs/v5/rate-limit',
    limits: [window('WEIGHT', 600, 5 * SECOND), window('ORDERS', 10, SECOND)],
    costs: EVERY_CALL,
  },
  {
    venue: 'coinbase',
    source: 'https://docs.cdp.coinbase.com/advanced-trade/docs/rest-api-rate-limits',
    limits: [window('WEIGHT', 30, SECOND)],
    // Public pages are let through a third as often as private ones; a cancel asks first what order it is about.
    costs: { ...EVERY_CALL, PLACE: weighs(1), AMEND: weighs(1), CANCEL: weighs(2), MARKETS: weighs(3), QUOTES: weighs(3) },
  },
  {
    venue: 'kraken',
    source: 'https://docs.kraken.com/exchange/guides/rest/ratelimits',
    // The lowest tier: REST calls count to 15 and one is forgiven every three seconds; orders to 60, one a second.
    limits: [counter('WEIGHT', 15, 1, 3 * SECOND), counter('ORDERS', 60, 1, SECOND)],
    costs: {
      ...EVERY_CALL,
      PLACE: weighs(0, 1),
      // Between 8 for an order of less than five seconds and none after five minutes.
      CANCEL: weighs(0, 4),
      AMEND: weighs(0, 4),
      TRADES: weighs(2),
    },
  },
  {
    venue: 'okx',
    source: 'https://www.okx.com/docs-v5/en/#overview-rate-limit',
    limits: [window('WEIGHT', 20, 2 * SECOND), window('ORDERS', 60, 2 * SECOND)],
    // Balances, positions and old fills are let through half as often as the rest; a cancel asks first what order it is about.
    costs: { ...EVERY_CALL, CANCEL: weighs(1, 1), TRADES: weighs(2), POSITIONS: weighs(2), FIND_POSITION: weighs(2), EQUITY: weighs(2) },
  },
];

/** Finds what a venue lets be asked; one that is not known here counts nothing that we know of. */
export const findVenueBudget = (venue: string): VenueBudget =>
  BUDGETS.find((budget) => budget.venue === venue) ?? { venue, source: null, limits: [], costs: EVERY_CALL };
