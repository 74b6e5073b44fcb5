// Settings that a strategy or one of its watches has of its own; whatever is absent is the account's.
import type { HoursName } from './domain/session-window.ts';
import type { Settings } from './domain/settings.ts';
import type { OwnSettings } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import { OWN_READERS } from './setting-readers.ts';
import type { SettingReader } from './setting-readers.ts';
import { contradictionsIn } from './settings.ts';

/** What a plan or a watch may set: the lifecycle's own settings, and two that become terms of the watch. */
export type PlanSettings = OwnSettings & Partial<Pick<Settings, 'maxAttempts' | 'takeProfitMultiple'>>;

type Reader = SettingReader<PlanSettings>;

const as = <Value>({ expected, read }: SettingReader<Value>, named: (value: Value) => PlanSettings): Reader => ({
  expected,
  read: (text) => {
    const value = read(text);
    return value === undefined ? undefined : named(value);
  },
});

/** Each of them under its name in the environment, read exactly as it is read there. */
export const PLAN_SETTINGS: Readonly<Record<keyof typeof OWN_READERS, Reader>> = {
  TRIGGER_WINDOW_MINUTES: as(OWN_READERS.TRIGGER_WINDOW_MINUTES, (triggerWindowMinutes) => ({ triggerWindowMinutes })),
  IGNORE_INITIAL_MINUTES: as(OWN_READERS.IGNORE_INITIAL_MINUTES, (ignoreInitialMinutes) => ({ ignoreInitialMinutes })),
  ORDER_TIMEOUT_MINUTES: as(OWN_READERS.ORDER_TIMEOUT_MINUTES, (orderTimeoutMinutes) => ({ orderTimeoutMinutes })),
  EXIT_BEFORE_CLOSE_MINUTES: as(OWN_READERS.EXIT_BEFORE_CLOSE_MINUTES, (exitBeforeCloseMinutes) => ({ exitBeforeCloseMinutes })),
  MAX_ATTEMPTS: as(OWN_READERS.MAX_ATTEMPTS, (maxAttempts) => ({ maxAttempts })),
  MAX_ORDER_RETRIES: as(OWN_READERS.MAX_ORDER_RETRIES, (maxOrderRetries) => ({ maxOrderRetries })),
  INITIAL_STOP_TICKS: as(OWN_READERS.INITIAL_STOP_TICKS, (initialStopTicks) => ({ initialStopTicks })),
  TRAIL_TICKS: as(OWN_READERS.TRAIL_TICKS, (trailTicks) => ({ trailTicks })),
  TAKE_PROFIT_MULTIPLE: as(OWN_READERS.TAKE_PROFIT_MULTIPLE, (takeProfitMultiple) => ({ takeProfitMultiple })),
  LIMIT_STOP_RATIO: as(OWN_READERS.LIMIT_STOP_RATIO, (limitStopRatio) => ({ limitStopRatio })),
  BAR_MINUTES: as(OWN_READERS.BAR_MINUTES, (barMinutes) => ({ barMinutes })),
};

const SESSION_MINUTES: Readonly<Record<HoursName, number>> = { NYSE: 390, NSE: 375, ALWAYS: Number.POSITIVE_INFINITY };

const KEYS: Readonly<Record<string, keyof PlanSettings>> = {
  IGNORE_INITIAL_MINUTES: 'ignoreInitialMinutes',
  TRIGGER_WINDOW_MINUTES: 'triggerWindowMinutes',
  EXIT_BEFORE_CLOSE_MINUTES: 'exitBeforeCloseMinutes',
};

/** Who set what, most particular first; `field` names the object in what came in. */
export interface SettingsGiven {
  readonly field: string;
  readonly settings: PlanSettings;
}

const has = ({ settings }: SettingsGiven, name: string): boolean => {
  const key = KEYS[name];
  return key !== undefined && settings[key] !== undefined;
};

/**
 * Lays settings over the account's, the most particular given first, and refuses what then contradicts itself.
 * @throws InvalidInputError naming the setting that was given, of the most particular that gave one
 */
export const settingsOver = (account: Settings, given: readonly SettingsGiven[], hours: HoursName): Settings => {
  const settings = given.reduceRight<Settings>((below, { settings: own }) => ({ ...below, ...own }), account);
  for (const { setting, value, bound, boundName } of contradictionsIn(settings, SESSION_MINUTES[hours])) {
    for (const giver of given) {
      if (has(giver, setting)) throw new InvalidInputError(`${giver.field}.${setting}`, `at most ${bound}, ${boundName}`);
      if (has(giver, boundName)) throw new InvalidInputError(`${giver.field}.${boundName}`, `at least ${value}, ${setting}`);
    }
  }
  return settings;
};
