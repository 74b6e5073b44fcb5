import { describe, expect, it } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { SettingsError } from '../../shared/errors.ts';
import { SETTING_NAMES, parseSettings } from '../../shared/settings.ts';

const faultsOf = (environment: Record<string, string>) => {
  try {
    parseSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
};

describe('settings', () => {
  it('have the documented defaults where nothing is given', () => {
    expect(parseSettings({})).toEqual(DEFAULT_SETTINGS);
    expect(SETTING_NAMES).toHaveLength(Object.keys(DEFAULT_SETTINGS).length);
  });

  it('are read one by one', () => {
    const settings = parseSettings({
      WORK_STEALING_ENABLED: '0',
      WORK_STEALING_DRY_RUN: '1',
      WORK_STEALING_TOLERANCE: ' 0.0066 ',
      WORK_STEALING_COOLDOWN: '0',
      WORK_STEALING_DISTANCE: 'side-aware',
      PROTECTED_GROUPS: 'core, hedges',
      CAPACITY_CRYPTO: '0.25',
      MAX_DAILY_LOSS: '250.50',
      MAX_STOP_STREAK: 'none',
      AMEND_THRESHOLD_BPS: '35',
    });
    expect(settings).toMatchObject({
      workStealingEnabled: false,
      workStealingDryRun: true,
      workStealingCooldownSeconds: 0,
      workStealingDistance: 'side-aware',
      protectedGroups: ['core', 'hedges'],
      maxStopStreak: null,
      amendThresholdBps: 35,
    });
    expect(settings.workStealingTolerance.toFixed()).toBe('0.0066');
    expect(settings.capacityCrypto.toFixed()).toBe('0.25');
    expect(settings.maxDailyLoss?.toFixed()).toBe('250.5');
  });

  it('ignore the rest of the environment', () => {
    expect(parseSettings({ PATH: '/bin', HOME: '' })).toEqual(DEFAULT_SETTINGS);
  });

  it('may name no protected group', () => {
    for (const none of ['', 'none']) expect(parseSettings({ PROTECTED_GROUPS: none }).protectedGroups).toEqual([]);
  });

  it.each([
    ['WORK_STEALING_ENABLED', 'yes'],
    ['WORK_STEALING_ENABLED', ''],
    ['WORK_STEALING_TOLERANCE', '-0.001'],
    ['WORK_STEALING_TOLERANCE', '1'],
    ['WORK_STEALING_TOLERANCE', '0.3 %'],
    ['WORK_STEALING_PROTECTION', 'NaN'],
    ['WORK_STEALING_COOLDOWN', '-1'],
    ['WORK_STEALING_COOLDOWN', '1.5'],
    ['WORK_STEALING_COOLDOWN', '99999999999'],
    ['WORK_STEALING_FIGHT_THRESHOLD', '0'],
    ['WORK_STEALING_DISTANCE', 'relative'],
    ['PROTECTED_GROUPS', 'core,,hedges'],
    ['ENTRY_TOLERANCE', '1e400'],
    ['MAX_LEVERAGE', '0'],
    ['CAPACITY_STOCK', '1.01'],
    ['MAX_DAILY_LOSS', '-5'],
    ['MAX_STOP_STREAK', '0'],
    ['LIMIT_STOP_RATIO', '1'],
    ['TAKER_SLIPPAGE_RATIO', '1'],
    ['TAKER_SLIPPAGE_RATIO', '-0.01'],
    ['RETRY_ATTEMPTS', '0'],
    ['QUOTE_MAX_AGE_SECONDS', '0'],
  ])('stop the start for %s=%j, saying what was expected', (setting, value) => {
    const faults = faultsOf({ [setting]: value });
    expect(faults).toMatchObject([{ setting, found: JSON.stringify(value) }]);
    expect(faults[0]?.expected).toMatch(/\w/);
  });

  it('report every fault at once', () => {
    expect(faultsOf({ MAX_LEVERAGE: 'x', ENTRY_TOLERANCE: '2', BAR_MINUTES: '0' }).map((fault) => fault.setting).toSorted()).toEqual([
      'BAR_MINUTES',
      'ENTRY_TOLERANCE',
      'MAX_LEVERAGE',
    ]);
    expect(() => parseSettings({ MAX_LEVERAGE: 'x', BAR_MINUTES: '0' })).toThrow(/MAX_LEVERAGE: expected a number above 0, found "x"\n/);
  });

  it.each([
    ['QUOTE_INTERVAL_SECONDS', '121'],
    ['RECONCILE_INTERVAL_SECONDS', '91'],
    ['IGNORE_INITIAL_MINUTES', '61'],
    ['EXIT_BEFORE_CLOSE_MINUTES', '391'],
  ])('stop the start when %s=%s makes another setting pointless', (setting, value) => {
    expect(faultsOf({ [setting]: value })).toMatchObject([{ setting }]);
    expect(faultsOf({ [setting]: String(Number(value) - 1) })).toEqual([]);
  });
});
