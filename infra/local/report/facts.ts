// What a run leaves behind for its report, before anything is counted.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { LatencySummary } from '../../../shared/domain/latency.ts';
import type { OrderStatus } from '../../../shared/domain/order-lifecycle.ts';
import type { Purpose } from '../../../shared/domain/slot.ts';
import type { Side } from '../../../shared/domain/watch.ts';

/**
 * The account as a step left it; money in quote currency. `wanted` is the notional of the watches that have neither an
 * entry nor a position while their symbol trades: what might still go in.
 */
export interface Sample {
  readonly at: Millis;
  readonly equity: Decimal;
  readonly cap: Decimal;
  readonly free: Decimal;
  readonly wanted: Decimal;
}

/** One side of a steal; the distance is a ratio, the forecast PnL the strategy's own number. */
export interface StealSideFact {
  readonly symbol: string;
  readonly distance: Decimal;
  readonly forecastPnl: Decimal | null;
}

export interface StealFact {
  readonly at: Millis;
  readonly thief: StealSideFact;
  readonly victim: StealSideFact;
  readonly fight: boolean;
}

export interface FillFact {
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly purpose: Purpose;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly at: Millis;
}

export interface OrderFact {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly purpose: Purpose;
  readonly status: OrderStatus;
  readonly filledQuantity: Decimal;
}

/** Read and write units as DynamoDB counts them, in halves at the least. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** Peak resident memory in bytes; null where the machine does not tell. */
export interface MemoryPeak {
  readonly pipeline: number | null;
  readonly engines: number | null;
}

/** One check of the run by itself: what it looked at, and every difference found. */
export interface CheckResult {
  readonly name: string;
  readonly looked: string;
  readonly differences: readonly string[];
}

/** What became of the stops; `watched` names the positions that were too small for one, `closed` counts ends by their reason. */
export interface StopFacts {
  readonly placed: number;
  readonly moved: number;
  readonly hit: number;
  readonly uncovered: {
    readonly worst: { readonly symbol: string; readonly seconds: number; readonly quantity: Decimal } | null;
    readonly limitSeconds: number;
  };
  readonly watched: readonly string[];
  readonly closed: Readonly<Record<string, number>>;
}

export interface RunFacts {
  readonly from: Millis;
  readonly to: Millis;
  readonly symbols: readonly string[];
  readonly stealing: 'ON' | 'OFF' | 'DRY_RUN';
  readonly tolerance: Decimal;
  readonly protection: Decimal;
  readonly startEquity: Decimal;
  readonly steps: number;
  readonly samples: readonly Sample[];
  readonly steals: readonly StealFact[];
  readonly refused: Readonly<Record<string, number>>;
  readonly fills: readonly FillFact[];
  readonly orders: readonly OrderFact[];
  readonly lastPrices: Readonly<Record<string, Decimal>>;
  readonly stops: StopFacts;
  /** How often each note was told. */
  readonly notes: Readonly<Record<string, number>>;
  /** Send to acknowledgement by venue and kind, in the clock of the run (EX-8). */
  readonly latency: readonly LatencySummary[];
  /** Actions whose outcome is not known at the end, each with its state. */
  readonly openActions: readonly string[];
  readonly conflicts: Readonly<Record<string, number>>;
  readonly units: Units;
  readonly memory: MemoryPeak;
  readonly wallSeconds: number;
  readonly checks: readonly CheckResult[];
}
