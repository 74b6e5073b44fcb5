// The environment's settings as the domain wants them; every fault is collected before the start is stopped.
import * as z from 'zod';
import { DEFAULT_SETTINGS, type Settings } from './domain/settings.ts';
import { type SettingFault, SettingsError } from './errors.ts';
import {
  OWN_READERS,
  count,
  distanceMode,
  flag,
  groups,
  notNegative,
  positive,
  setting,
  share,
  tolerance,
  unlessNone,
} from './setting-readers.ts';

/** Where settings come from: names as in the Settings table, values as text. */
export type Environment = Readonly<Record<string, string | undefined>>;

const schema = z.object({
  WORK_STEALING_ENABLED: setting(flag, DEFAULT_SETTINGS.workStealingEnabled),
  WORK_STEALING_DRY_RUN: setting(flag, DEFAULT_SETTINGS.workStealingDryRun),
  WORK_STEALING_TOLERANCE: setting(tolerance, DEFAULT_SETTINGS.workStealingTolerance),
  WORK_STEALING_PROTECTION: setting(tolerance, DEFAULT_SETTINGS.workStealingProtection),
  WORK_STEALING_COOLDOWN: setting(count(0), DEFAULT_SETTINGS.workStealingCooldownSeconds),
  WORK_STEALING_FIGHT_THRESHOLD: setting(count(1), DEFAULT_SETTINGS.workStealingFightThreshold),
  WORK_STEALING_FIGHT_WINDOW: setting(count(0), DEFAULT_SETTINGS.workStealingFightWindowSeconds),
  WORK_STEALING_FIGHT_COOLDOWN: setting(count(0), DEFAULT_SETTINGS.workStealingFightCooldownSeconds),
  WORK_STEALING_DISTANCE: setting(distanceMode, DEFAULT_SETTINGS.workStealingDistance),
  CRYPTO_OUT_OF_HOURS_FORCE_COUNT: setting(count(0), DEFAULT_SETTINGS.cryptoOutOfHoursForceCount),
  CRYPTO_OUT_OF_HOURS_TOLERANCE: setting(tolerance, DEFAULT_SETTINGS.cryptoOutOfHoursTolerance),
  ENTRY_TOLERANCE: setting(tolerance, DEFAULT_SETTINGS.entryTolerance),
  MAX_LEVERAGE: setting(positive, DEFAULT_SETTINGS.maxLeverage),
  CAPACITY_CRYPTO: setting(share, DEFAULT_SETTINGS.capacityCrypto),
  CAPACITY_STOCK: setting(share, DEFAULT_SETTINGS.capacityStock),
  PROBE_NOTIONAL_LIMIT: setting(notNegative, DEFAULT_SETTINGS.probeNotionalLimit),
  PROTECTED_GROUPS: setting(groups, DEFAULT_SETTINGS.protectedGroups),
  MAX_DAILY_LOSS: setting(unlessNone(positive), DEFAULT_SETTINGS.maxDailyLoss),
  MAX_DRAWDOWN: setting(unlessNone(positive), DEFAULT_SETTINGS.maxDrawdown),
  MAX_STOP_STREAK: setting(unlessNone(count(1)), DEFAULT_SETTINGS.maxStopStreak),
  TRIGGER_WINDOW_MINUTES: setting(OWN_READERS.TRIGGER_WINDOW_MINUTES, DEFAULT_SETTINGS.triggerWindowMinutes),
  IGNORE_INITIAL_MINUTES: setting(OWN_READERS.IGNORE_INITIAL_MINUTES, DEFAULT_SETTINGS.ignoreInitialMinutes),
  ORDER_TIMEOUT_MINUTES: setting(OWN_READERS.ORDER_TIMEOUT_MINUTES, DEFAULT_SETTINGS.orderTimeoutMinutes),
  EXIT_BEFORE_CLOSE_MINUTES: setting(OWN_READERS.EXIT_BEFORE_CLOSE_MINUTES, DEFAULT_SETTINGS.exitBeforeCloseMinutes),
  MAX_ATTEMPTS: setting(OWN_READERS.MAX_ATTEMPTS, DEFAULT_SETTINGS.maxAttempts),
  MAX_ORDER_RETRIES: setting(OWN_READERS.MAX_ORDER_RETRIES, DEFAULT_SETTINGS.maxOrderRetries),
  RETRY_ATTEMPTS: setting(count(1), DEFAULT_SETTINGS.retryAttempts),
  INITIAL_STOP_TICKS: setting(OWN_READERS.INITIAL_STOP_TICKS, DEFAULT_SETTINGS.initialStopTicks),
  TRAIL_TICKS: setting(OWN_READERS.TRAIL_TICKS, DEFAULT_SETTINGS.trailTicks),
  TAKE_PROFIT_MULTIPLE: setting(OWN_READERS.TAKE_PROFIT_MULTIPLE, DEFAULT_SETTINGS.takeProfitMultiple),
  TAKER_SLIPPAGE_RATIO: setting(tolerance, DEFAULT_SETTINGS.takerSlippageRatio),
  LIMIT_STOP_RATIO: setting(OWN_READERS.LIMIT_STOP_RATIO, DEFAULT_SETTINGS.limitStopRatio),
  BAR_MINUTES: setting(OWN_READERS.BAR_MINUTES, DEFAULT_SETTINGS.barMinutes),
  AMEND_THRESHOLD_BPS: setting(count(0), DEFAULT_SETTINGS.amendThresholdBps),
  MIN_FILL_PROBABILITY: setting(share, DEFAULT_SETTINGS.minFillProbability),
  RECONCILE_INTERVAL_SECONDS: setting(count(1), DEFAULT_SETTINGS.reconcileIntervalSeconds),
  QUOTE_INTERVAL_SECONDS: setting(count(1), DEFAULT_SETTINGS.quoteIntervalSeconds),
  QUOTE_MAX_AGE_SECONDS: setting(count(1), DEFAULT_SETTINGS.quoteMaxAgeSeconds),
  EQUITY_MAX_AGE_SECONDS: setting(count(1), DEFAULT_SETTINGS.equityMaxAgeSeconds),
});
type Given = z.infer<typeof schema>;

const SESSION_MINUTES = 390;

/** The name of every setting, as it stands in the environment. */
export const SETTING_NAMES: readonly string[] = Object.keys(schema.shape);

/**
 * Reads the settings, with their defaults where nothing is given. Throws SettingsError naming every
 * setting that does not parse, is out of its range or contradicts another.
 */
export function parseSettings(environment: Environment): Settings {
  const given = Object.fromEntries(SETTING_NAMES.map((name) => [name, environment[name]]));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return { setting: name, found: JSON.stringify(environment[name]), expected: issue.message };
    });
    throw new SettingsError(faults, { cause: parsed.error });
  }
  const settings: Settings = {
    ...stealingSettings(parsed.data),
    ...entrySettings(parsed.data),
    ...lifecycleSettings(parsed.data),
    ...pollingSettings(parsed.data),
  };
  const contradictions = [...pollingContradictions(settings), ...contradictionsIn(settings, SESSION_MINUTES)];
  if (contradictions.length > 0) throw new SettingsError(contradictions.map(faultOf));
  return settings;
}

function stealingSettings(given: Given) {
  return {
    workStealingEnabled: given.WORK_STEALING_ENABLED,
    workStealingDryRun: given.WORK_STEALING_DRY_RUN,
    workStealingTolerance: given.WORK_STEALING_TOLERANCE,
    workStealingProtection: given.WORK_STEALING_PROTECTION,
    workStealingCooldownSeconds: given.WORK_STEALING_COOLDOWN,
    workStealingFightThreshold: given.WORK_STEALING_FIGHT_THRESHOLD,
    workStealingFightWindowSeconds: given.WORK_STEALING_FIGHT_WINDOW,
    workStealingFightCooldownSeconds: given.WORK_STEALING_FIGHT_COOLDOWN,
    workStealingDistance: given.WORK_STEALING_DISTANCE,
    protectedGroups: given.PROTECTED_GROUPS,
  };
}

function entrySettings(given: Given) {
  return {
    cryptoOutOfHoursForceCount: given.CRYPTO_OUT_OF_HOURS_FORCE_COUNT,
    cryptoOutOfHoursTolerance: given.CRYPTO_OUT_OF_HOURS_TOLERANCE,
    entryTolerance: given.ENTRY_TOLERANCE,
    maxLeverage: given.MAX_LEVERAGE,
    capacityCrypto: given.CAPACITY_CRYPTO,
    capacityStock: given.CAPACITY_STOCK,
    probeNotionalLimit: given.PROBE_NOTIONAL_LIMIT,
    maxDailyLoss: given.MAX_DAILY_LOSS,
    maxDrawdown: given.MAX_DRAWDOWN,
    maxStopStreak: given.MAX_STOP_STREAK,
    maxAttempts: given.MAX_ATTEMPTS,
  };
}

function lifecycleSettings(given: Given) {
  return {
    triggerWindowMinutes: given.TRIGGER_WINDOW_MINUTES,
    ignoreInitialMinutes: given.IGNORE_INITIAL_MINUTES,
    orderTimeoutMinutes: given.ORDER_TIMEOUT_MINUTES,
    exitBeforeCloseMinutes: given.EXIT_BEFORE_CLOSE_MINUTES,
    maxOrderRetries: given.MAX_ORDER_RETRIES,
    retryAttempts: given.RETRY_ATTEMPTS,
    initialStopTicks: given.INITIAL_STOP_TICKS,
    trailTicks: given.TRAIL_TICKS,
    takeProfitMultiple: given.TAKE_PROFIT_MULTIPLE,
    limitStopRatio: given.LIMIT_STOP_RATIO,
    takerSlippageRatio: given.TAKER_SLIPPAGE_RATIO,
    barMinutes: given.BAR_MINUTES,
    amendThresholdBps: given.AMEND_THRESHOLD_BPS,
    minFillProbability: given.MIN_FILL_PROBABILITY,
  };
}

function pollingSettings(given: Given) {
  return {
    reconcileIntervalSeconds: given.RECONCILE_INTERVAL_SECONDS,
    quoteIntervalSeconds: given.QUOTE_INTERVAL_SECONDS,
    quoteMaxAgeSeconds: given.QUOTE_MAX_AGE_SECONDS,
    equityMaxAgeSeconds: given.EQUITY_MAX_AGE_SECONDS,
  };
}

/** One setting that may not exceed another, and does. */
export interface Contradiction {
  readonly setting: string;
  readonly value: number;
  readonly bound: number;
  readonly boundName: string;
}

type SessionSettings = Pick<Settings, 'ignoreInitialMinutes' | 'triggerWindowMinutes' | 'exitBeforeCloseMinutes'>;

/** Finds what contradicts itself among the settings that may be a watch's own: whatever one asks for, the other never lets happen. */
export function contradictionsIn(settings: SessionSettings, sessionMinutes: number): readonly Contradiction[] {
  const { ignoreInitialMinutes, triggerWindowMinutes, exitBeforeCloseMinutes } = settings;
  return exceeding([
    { setting: 'IGNORE_INITIAL_MINUTES', value: ignoreInitialMinutes, bound: triggerWindowMinutes, boundName: 'TRIGGER_WINDOW_MINUTES' },
    { setting: 'EXIT_BEFORE_CLOSE_MINUTES', value: exitBeforeCloseMinutes, bound: sessionMinutes, boundName: 'a whole session' },
  ]);
}

function pollingContradictions(settings: Settings): readonly Contradiction[] {
  const { quoteIntervalSeconds, quoteMaxAgeSeconds, reconcileIntervalSeconds, equityMaxAgeSeconds } = settings;
  return exceeding([
    { setting: 'QUOTE_INTERVAL_SECONDS', value: quoteIntervalSeconds, bound: quoteMaxAgeSeconds, boundName: 'QUOTE_MAX_AGE_SECONDS' },
    { setting: 'RECONCILE_INTERVAL_SECONDS', value: reconcileIntervalSeconds, bound: equityMaxAgeSeconds, boundName: 'EQUITY_MAX_AGE_SECONDS' },
  ]);
}

function exceeding(pairs: readonly Contradiction[]): readonly Contradiction[] {
  return pairs.filter(({ value, bound }) => value > bound);
}

function faultOf({ setting: name, value, bound, boundName }: Contradiction): SettingFault {
  return { setting: name, found: `"${value}"`, expected: `at most ${bound}, ${boundName}` };
}
