// The environment's settings as the domain wants them; every fault is collected before the start is stopped.
import * as z from 'zod';
import { DEFAULT_SETTINGS, type Settings } from './domain/settings.ts';
import { type SettingFault, SettingsError } from './errors.ts';
import {
  count,
  decimal,
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
  TRIGGER_WINDOW_MINUTES: setting(count(0), DEFAULT_SETTINGS.triggerWindowMinutes),
  IGNORE_INITIAL_MINUTES: setting(count(0), DEFAULT_SETTINGS.ignoreInitialMinutes),
  ORDER_TIMEOUT_MINUTES: setting(count(1), DEFAULT_SETTINGS.orderTimeoutMinutes),
  EXIT_BEFORE_CLOSE_MINUTES: setting(count(0), DEFAULT_SETTINGS.exitBeforeCloseMinutes),
  MAX_ATTEMPTS: setting(count(1), DEFAULT_SETTINGS.maxAttempts),
  MAX_ORDER_RETRIES: setting(count(0), DEFAULT_SETTINGS.maxOrderRetries),
  RETRY_ATTEMPTS: setting(count(1), DEFAULT_SETTINGS.retryAttempts),
  INITIAL_STOP_TICKS: setting(count(1), DEFAULT_SETTINGS.initialStopTicks),
  TRAIL_TICKS: setting(count(0), DEFAULT_SETTINGS.trailTicks),
  TAKE_PROFIT_MULTIPLE: setting(positive, DEFAULT_SETTINGS.takeProfitMultiple),
  LIMIT_STOP_RATIO: setting(decimal('a ratio above 0 and less than 1', (value) => value.gt(0) && value.lt(1)), DEFAULT_SETTINGS.limitStopRatio),
  BAR_MINUTES: setting(count(1), DEFAULT_SETTINGS.barMinutes),
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
  const contradictions = findContradictions(settings);
  if (contradictions.length > 0) throw new SettingsError(contradictions);
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


// Two settings that make each other pointless: whatever the first asks for, the second never lets happen.
function findContradictions(settings: Settings): SettingFault[] {
  const faults: SettingFault[] = [];
  const mustNotExceed = (setting: string, value: number, bound: number, boundName: string): void => {
    if (value > bound) faults.push({ setting, found: `"${value}"`, expected: `at most ${bound}, ${boundName}` });
  };
  mustNotExceed('QUOTE_INTERVAL_SECONDS', settings.quoteIntervalSeconds, settings.quoteMaxAgeSeconds, 'QUOTE_MAX_AGE_SECONDS');
  mustNotExceed('RECONCILE_INTERVAL_SECONDS', settings.reconcileIntervalSeconds, settings.equityMaxAgeSeconds, 'EQUITY_MAX_AGE_SECONDS');
  mustNotExceed('IGNORE_INITIAL_MINUTES', settings.ignoreInitialMinutes, settings.triggerWindowMinutes, 'TRIGGER_WINDOW_MINUTES');
  mustNotExceed('EXIT_BEFORE_CLOSE_MINUTES', settings.exitBeforeCloseMinutes, SESSION_MINUTES, 'a whole session');
  return faults;
}
