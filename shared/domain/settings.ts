import { Decimal } from './decimal.ts';

/** How far from its limit an order is measured: as WS-1 writes it, or with a price through the limit counted as ready. */
export type DistanceMode = 'absolute' | 'side-aware';

/** Everything a person can set. Ratios and money are decimals, counts and durations whole numbers. */
export interface Settings {
  readonly workStealingEnabled: boolean;
  readonly workStealingDryRun: boolean;
  readonly workStealingTolerance: Decimal;
  readonly workStealingProtection: Decimal;
  readonly workStealingCooldownSeconds: number;
  readonly workStealingFightThreshold: number;
  readonly workStealingFightWindowSeconds: number;
  readonly workStealingFightCooldownSeconds: number;
  readonly workStealingDistance: DistanceMode;
  readonly cryptoOutOfHoursForceCount: number;
  readonly cryptoOutOfHoursTolerance: Decimal;
  readonly entryTolerance: Decimal;
  readonly maxLeverage: Decimal;
  readonly capacityCrypto: Decimal;
  readonly capacityStock: Decimal;
  readonly probeNotionalLimit: Decimal;
  readonly protectedGroups: readonly string[];
  readonly maxDailyLoss: Decimal | null;
  readonly maxDrawdown: Decimal | null;
  readonly maxStopStreak: number | null;
  readonly triggerWindowMinutes: number;
  readonly ignoreInitialMinutes: number;
  readonly orderTimeoutMinutes: number;
  readonly exitBeforeCloseMinutes: number;
  readonly maxAttempts: number;
  readonly maxOrderRetries: number;
  readonly retryAttempts: number;
  readonly initialStopTicks: number;
  readonly trailTicks: number;
  readonly takeProfitMultiple: Decimal;
  readonly limitStopRatio: Decimal;
  readonly takerSlippageRatio: Decimal;
  readonly barMinutes: number;
  readonly amendThresholdBps: number;
  readonly minFillProbability: Decimal;
  readonly reconcileIntervalSeconds: number;
  readonly quoteIntervalSeconds: number;
  readonly quoteMaxAgeSeconds: number;
  readonly equityMaxAgeSeconds: number;
}

/** What holds where nothing is set. */
export const DEFAULT_SETTINGS: Settings = {
  workStealingEnabled: true,
  workStealingDryRun: false,
  workStealingTolerance: new Decimal('0.003'),
  workStealingProtection: new Decimal('0.004'),
  workStealingCooldownSeconds: 300,
  workStealingFightThreshold: 3,
  workStealingFightWindowSeconds: 1800,
  workStealingFightCooldownSeconds: 1800,
  workStealingDistance: 'absolute',
  cryptoOutOfHoursForceCount: 1,
  cryptoOutOfHoursTolerance: new Decimal('0.016'),
  entryTolerance: new Decimal('0.0066'),
  maxLeverage: new Decimal('2'),
  capacityCrypto: new Decimal('1'),
  capacityStock: new Decimal('1'),
  probeNotionalLimit: new Decimal('300'),
  protectedGroups: [],
  maxDailyLoss: null,
  maxDrawdown: null,
  maxStopStreak: null,
  triggerWindowMinutes: 60,
  ignoreInitialMinutes: 1,
  orderTimeoutMinutes: 15,
  exitBeforeCloseMinutes: 45,
  maxAttempts: 3,
  maxOrderRetries: 3,
  retryAttempts: 3,
  initialStopTicks: 20,
  trailTicks: 2,
  takeProfitMultiple: new Decimal('3'),
  limitStopRatio: new Decimal('0.05'),
  takerSlippageRatio: new Decimal('0.01'),
  barMinutes: 15,
  amendThresholdBps: 20,
  minFillProbability: new Decimal('0'),
  reconcileIntervalSeconds: 30,
  quoteIntervalSeconds: 10,
  quoteMaxAgeSeconds: 120,
  equityMaxAgeSeconds: 90,
};
