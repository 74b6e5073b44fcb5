// The report as one JSON document: exact decimals as text, so that text and page are printed from the same figures.
import type { LatencySummary } from '../../../shared/domain/latency.ts';
import type { CheckResult, MemoryPeak, RunFacts, Units } from './facts.ts';

export interface StealSideLine {
  readonly symbol: string;
  readonly distance: string;
  readonly forecastPnl: string | null;
}
export interface StealLine {
  readonly at: string;
  readonly thief: StealSideLine;
  readonly victim: StealSideLine;
  readonly fight: boolean;
}
export interface DayLine {
  readonly day: string;
  readonly averageUsed: string;
  readonly maxUsed: string;
  readonly steals: number;
  readonly entriesFilled: number;
}
export interface SymbolLine {
  readonly symbol: string;
  readonly entries: number;
  readonly entriesFilled: number;
  readonly roundTrips: number;
  readonly pnl: string;
  readonly stole: number;
  readonly stolenFrom: number;
}
export interface RoundTripLine {
  readonly symbol: string;
  readonly quantity: string;
  readonly entryAt: string;
  readonly entryPrice: string;
  readonly exitAt: string;
  readonly exitPrice: string;
  readonly pnl: string;
}
/** Send to acknowledgement of one kind of call at one venue, milliseconds; percentiles by nearest rank (EX-8). */
export interface LatencyLine extends Omit<LatencySummary, 'mean'> {
  readonly mean: string;
}
export interface SampleLine {
  readonly at: string;
  readonly equity: string;
  readonly cap: string;
  readonly used: string;
}

/** What a replay prints: the run, and beside it the same run without stealing where that was asked for. */
export interface ReportDocument {
  readonly schema: 1;
  readonly report: ReportModel;
  readonly stealingOff: ReportModel | null;
}

/** Everything a run has to say. Money in quote currency, idle room in quote currency × hours. */
export interface ReportModel {
  readonly run: {
    readonly from: string;
    readonly to: string;
    readonly symbols: readonly string[];
    readonly stealing: RunFacts['stealing'];
    readonly tolerance: string;
    readonly protection: string;
    readonly steps: number;
    readonly wallSeconds: number;
  };
  readonly capacity: {
    readonly averageUsed: string;
    readonly averageCap: string;
    readonly maxUsed: string;
    readonly maxUsedAt: string;
    readonly idleHours: string;
    readonly idleWantedHours: string;
    readonly days: readonly DayLine[];
    readonly samples: readonly SampleLine[];
  };
  readonly steals: {
    readonly count: number;
    readonly averageThiefDistance: string | null;
    readonly averageVictimDistance: string | null;
    readonly refused: Readonly<Record<string, number>>;
    readonly list: readonly StealLine[];
  };
  readonly trading: {
    readonly entries: number;
    readonly entriesFilled: number;
    readonly exits: number;
    readonly fills: number;
    readonly roundTrips: readonly RoundTripLine[];
    readonly won: number;
    readonly lost: number;
    readonly realisedPnl: string;
    readonly openLots: number;
    readonly unrealisedPnl: string;
    readonly startEquity: string;
    readonly endEquity: string;
    readonly symbols: readonly SymbolLine[];
  };
  readonly stops: {
    readonly placed: number;
    readonly moved: number;
    readonly hit: number;
    /** The longest that anything held was without cover, seconds of replay time; null where nothing ever was. */
    readonly uncovered: { readonly symbol: string; readonly seconds: number; readonly quantity: string } | null;
    readonly uncoveredLimitSeconds: number;
    readonly watched: readonly string[];
    readonly closed: Readonly<Record<string, number>>;
  };
  readonly notes: Readonly<Record<string, number>>;
  readonly latency: readonly LatencyLine[];
  readonly conflicts: Readonly<Record<string, number>>;
  readonly units: Units;
  readonly memory: MemoryPeak;
  readonly checks: readonly CheckResult[];
}
