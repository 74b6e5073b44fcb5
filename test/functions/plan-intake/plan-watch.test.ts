import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPlan } from '../../../functions/plan-intake/plan-schema.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import { protectionAt, stopRefusal } from '../../../shared/domain/stop-price.ts';
import { InvalidInputError } from '../../../shared/errors.ts';
import { readPlanWatch } from '../../../shared/plan-watch.ts';
import { AAPL, BTC, fakeDeps } from '../fakes.ts';

const d = (text: string): Decimal => new Decimal(text);
type Given = Record<string, unknown>;

interface Setting {
  readonly settings?: Given;
  readonly market?: typeof AAPL;
  readonly rules?: Partial<MarketRules>;
  readonly now?: string;
}

const read = (watch: Given, { settings = {}, market = AAPL, rules = {}, now }: Setting = {}) => {
  const { deps, clock } = fakeDeps();
  if (now !== undefined) clock.at = Date.parse(now);
  const plan = readPlan({ strategy: 'dips', version: 4, settings, watches: [{ symbol: market.symbol, side: 'buy', quantity: '3', ...watch }] });
  const [first] = plan.watches;
  if (first === undefined) throw new Error('no watch');
  const listed = { ...market, rules: { ...market.rules, ...rules } };
  return readPlanWatch(deps, plan, { watch: first, market: listed, rank: null, field: 'watches[3]' });
};
const kept = (watch: Given, setting: Setting = {}) => {
  const result = read(watch, setting);
  if (result.kind === 'REFUSED') throw new Error(`refused: ${result.reason}`);
  return result.watch;
};
const fault = (watch: Given, setting: Setting = {}): InvalidInputError => {
  try {
    read(watch, setting);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('the watch was taken');
};
const reason = (watch: Given, setting: Setting = {}): string | null => {
  const result = read(watch, setting);
  return result.kind === 'REFUSED' ? result.reason : null;
};
const stopEntry = (trigger: string, limit: string, given: Given = {}) => ({ kind: 'stop', trigger, limit, ...given });

describe('SL-1 a stop entry on the tick never fires sooner than asked', () => {
  it('triggers a long at or below what was asked and enters at or above it', () => {
    expect(kept(stopEntry('100.019', '101.001'))).toMatchObject({ kind: 'stop', trigger: d('100.01'), limit: d('101.01'), side: 'buy' });
  });

  it('triggers a short at or above what was asked and enters at or below it', () => {
    expect(kept({ ...stopEntry('100.011', '99.999'), side: 'sell' })).toMatchObject({ kind: 'stop', trigger: d('100.02'), limit: d('99.99') });
  });

  it('for any prices and ticks', () => {
    const price = fc.integer({ min: 2_000, max: 9_000_000 }).map((thousandths) => new Decimal(thousandths).dividedBy(1000));
    const tick = fc.constantFrom('0.01', '0.05', '0.1', '0.25', '1');
    fc.assert(
      fc.property(price, price, tick, fc.constantFrom('buy', 'sell'), (one, other, tickSize, side) => {
        const [low, high] = one.lessThan(other) ? [one, other] : [other, one];
        const [trigger, limit] = side === 'buy' ? [low, high] : [high, low];
        const setting = { settings: { INITIAL_STOP_TICKS: 1 }, rules: { tickSize: d(tickSize), minNotional: d('0') } };
        const watch = kept({ ...stopEntry(trigger.toFixed(), limit.toFixed()), side }, setting);
        const isLater = (asked: Decimal, rounded: Decimal, up: boolean): boolean => (up ? rounded.gte(asked) : rounded.lte(asked));
        if (watch.kind !== 'stop') throw new Error('another kind');
        expect(isLater(trigger, watch.trigger, side === 'sell')).toBe(true);
        expect(isLater(limit, watch.limit, side === 'buy')).toBe(true);
        for (const kept of [watch.trigger, watch.limit]) expect(kept.modulo(tickSize).isZero()).toBe(true);
        expect(watch.trigger.minus(trigger).abs().lessThan(tickSize)).toBe(true);
      }),
    );
  });

  it('takes a trigger at the entry price, and refuses one beyond it, whatever the tick', () => {
    expect(kept(stopEntry('100', '100'))).toMatchObject({ trigger: d('100'), limit: d('100') });
    expect(fault(stopEntry('100.001', '100'))).toMatchObject({ field: 'watches[3].trigger', expected: 'a price at or below the limit' });
    expect(fault({ ...stopEntry('99.999', '100'), side: 'sell' })).toMatchObject({ field: 'watches[3].trigger', expected: 'a price at or above the limit' });
  });

  it('refuses a trigger below the first tick, which no price ever reaches', () => {
    expect(fault(stopEntry('0.009', '100'))).toMatchObject({ field: 'watches[3].trigger', expected: 'a price of at least one tick' });
  });
});

describe('SL-4 how a watch protects its position', () => {
  it('a stop entry takes its profit at a multiple of its risk: the settings’, its own or none', () => {
    const multiple = (given: Given, settings: Given = {}) => kept(stopEntry('100', '101', given), { settings }).exit.stop;
    expect(multiple({})).toEqual({ kind: 'stop', takeProfitMultiple: d('3') });
    expect(multiple({}, { TAKE_PROFIT_MULTIPLE: '2' })).toEqual({ kind: 'stop', takeProfitMultiple: d('2') });
    expect(multiple({ takeProfitMultiple: '1.5' }, { TAKE_PROFIT_MULTIPLE: '2' })).toEqual({ kind: 'stop', takeProfitMultiple: d('1.5') });
    expect(multiple({ takeProfitMultiple: null })).toEqual({ kind: 'stop', takeProfitMultiple: null });
  });

  it('or at a price of its own, which wins', () => {
    const { exit } = kept(stopEntry('100', '101', { takeProfit: '110.001' }));
    expect([exit.takeProfit, exit.stop]).toEqual([d('110.01'), { kind: 'stop', takeProfitMultiple: null }]);
  });

  it('a limit watch has the stop of its own, on the tick and never nearer than asked', () => {
    expect(kept({ limit: '100', stop: '95.019' }).exit.stop).toEqual({ kind: 'limit', ownStop: d('95.01') });
    expect(kept({ limit: '100', stop: '105.011', side: 'sell' }).exit.stop).toEqual({ kind: 'limit', ownStop: d('105.02') });
    expect(kept({ limit: '100' }).exit.stop).toEqual({ kind: 'limit', ownStop: null });
  });

  it('and a stop on the winning side of its limit, or within the same tick, is refused', () => {
    expect(fault({ limit: '100', stop: '100' })).toMatchObject({ field: 'watches[3].stop', expected: 'a price a tick or more below the limit' });
    expect(fault({ limit: '100.009', stop: '100.001' })).toMatchObject({ field: 'watches[3].stop' });
    expect(fault({ limit: '100', stop: '99', side: 'sell' })).toMatchObject({ expected: 'a price a tick or more above the limit' });
  });

  it('keeps the venue’s rules for a fill that comes late', () => {
    expect(kept({ limit: '100' }).exit.market).toEqual(AAPL.rules);
  });
});

describe('EX-10 an entry whose stop could not be placed is refused before anything is sent', () => {
  const cases: readonly (readonly [string, Given, Setting, string])[] = [
    ['a stop at or below zero (SL-4)', stopEntry('0.1', '0.2', { quantity: '100' }), {}, 'STOP_NOT_POSITIVE'],
    ['an own stop below the first tick', { limit: '100', stop: '0.009' }, {}, 'STOP_NOT_POSITIVE'],
    ['a minimum that only the entry reaches', { limit: '100', quantity: '1' }, { rules: { minNotional: d('100') } }, 'STOP_BELOW_MIN_NOTIONAL'],
    ['a band that only the entry lies in', { limit: '100' }, { rules: { priceBand: { low: d('96'), high: null } } }, 'STOP_PRICE_OUT_OF_BAND'],
    ['a band above a short', { limit: '100', side: 'sell' }, { rules: { priceBand: { low: null, high: d('104') } } }, 'STOP_PRICE_OUT_OF_BAND'],
    ['an entry that is too small itself', { limit: '100', quantity: '0.5' }, { rules: { minNotional: d('100') } }, 'BELOW_MIN_NOTIONAL'],
  ];
  it.each(cases)('%s', (_name, watch, setting, expected) => {
    expect(reason(watch, setting)).toBe(expected);
  });

  it('by the watch’s own ratio and ticks', () => {
    const rules = { minNotional: d('100') };
    const watch = { limit: '102', quantity: '1' };
    expect(reason(watch, { rules })).toBe('STOP_BELOW_MIN_NOTIONAL');
    expect(reason(watch, { rules, settings: { LIMIT_STOP_RATIO: '0.01' } })).toBeNull();
    expect(reason({ ...watch, settings: { LIMIT_STOP_RATIO: '0.1' } }, { rules, settings: { LIMIT_STOP_RATIO: '0.01' } })).toBe('STOP_BELOW_MIN_NOTIONAL');
  });

  it('and whatever is taken has a stop that the venue takes', () => {
    const cents = (least: number, most: number) => fc.integer({ min: least, max: most }).map((whole) => new Decimal(whole).dividedBy(100));
    fc.assert(
      fc.property(cents(1, 20_000), cents(1, 500), cents(0, 30_000), fc.constantFrom('buy', 'sell'), fc.constantFrom('limit', 'stop'), (limit, quantity, least, side, kind) => {
        const rules = { ...AAPL.rules, lotSize: d('0.1'), minNotional: least, priceBand: { low: d('5'), high: d('150') } };
        const given = { limit: limit.toFixed(), quantity: quantity.toFixed(), side, ...(kind === 'stop' ? { kind, trigger: limit.toFixed() } : {}) };
        const result = read(given, { rules });
        if (result.kind === 'REFUSED') return;
        const { watch } = result;
        const { deps } = fakeDeps();
        const protection = protectionAt({ side: watch.side, price: watch.limit, tickSize: rules.tickSize }, watch.exit.stop, deps.settings);
        expect(protection).not.toBeNull();
        if (protection !== null) expect(stopRefusal(watch.quantity, { side: watch.side, stop: protection.stop }, rules)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});

describe('settings of a plan and of a watch', () => {
  it('the watch’s win over the plan’s, and only what was given is kept', () => {
    const watch = kept({ limit: '100', settings: { TRAIL_TICKS: 5 } }, { settings: { TRAIL_TICKS: 9, BAR_MINUTES: 5 } });
    expect(watch.exit.own).toEqual({ trailTicks: 5, barMinutes: 5 });
    expect(kept({ limit: '100' }).exit.own).toEqual({});
  });

  it('attempts are the watch’s term, its own word first', () => {
    const settings = { MAX_ATTEMPTS: 5 };
    expect(kept({ limit: '100' }, { settings })).toMatchObject({ maxAttempts: 5, exit: { own: {} } });
    expect(kept({ limit: '100', maxAttempts: 2 }, { settings })).toMatchObject({ maxAttempts: 2 });
    expect(kept({ limit: '100', settings: { MAX_ATTEMPTS: 7 } }, { settings })).toMatchObject({ maxAttempts: 7 });
    expect(kept({ limit: '100' })).toMatchObject({ maxAttempts: null });
  });

  const contradictions: readonly (readonly [string, Given, Given, string, string])[] = [
    ['a watch with the account', { settings: { IGNORE_INITIAL_MINUTES: 61 } }, {}, 'watches[3].settings.IGNORE_INITIAL_MINUTES', 'at most 60, TRIGGER_WINDOW_MINUTES'],
    ['a watch by the other one', { settings: { TRIGGER_WINDOW_MINUTES: 0 } }, {}, 'watches[3].settings.TRIGGER_WINDOW_MINUTES', 'at least 1, IGNORE_INITIAL_MINUTES'],
    ['a plan with the account', {}, { IGNORE_INITIAL_MINUTES: 61 }, 'settings.IGNORE_INITIAL_MINUTES', 'at most 60, TRIGGER_WINDOW_MINUTES'],
    ['a watch with its plan', { settings: { TRIGGER_WINDOW_MINUTES: 20 } }, { IGNORE_INITIAL_MINUTES: 30 }, 'watches[3].settings.TRIGGER_WINDOW_MINUTES', 'at least 30, IGNORE_INITIAL_MINUTES'],
    ['a session that is shorter', { hours: 'NSE', settings: { EXIT_BEFORE_CLOSE_MINUTES: 376 } }, {}, 'watches[3].settings.EXIT_BEFORE_CLOSE_MINUTES', 'at most 375, a whole session'],
  ];
  it.each(contradictions)('refuses %s', (_name, watch, settings, field, expected) => {
    expect(fault({ limit: '100', ...watch }, { settings })).toMatchObject({ field, expected });
  });

  it('takes what only the two together make right', () => {
    const settings = { IGNORE_INITIAL_MINUTES: 61 };
    expect(kept({ limit: '100', settings: { TRIGGER_WINDOW_MINUTES: 90 } }, { settings }).exit.own).toEqual({ ignoreInitialMinutes: 61, triggerWindowMinutes: 90 });
    expect(kept({ limit: '100', settings: { EXIT_BEFORE_CLOSE_MINUTES: 376 } }).exit.own).toEqual({ exitBeforeCloseMinutes: 376 });
  });
});

describe('EW-5 a watch follows the hours of its market', () => {
  it('NYSE for a stock and none for crypto, unless it says another', () => {
    expect(kept({ limit: '100' }).exit.hours).toBe('NYSE');
    expect(kept({ limit: '100' }, { market: BTC }).exit.hours).toBe('ALWAYS');
    expect(kept({ limit: '100', hours: 'NSE' }).exit.hours).toBe('NSE');
    expect(kept({ limit: '100', hours: 'NYSE' }, { market: BTC }).exit.hours).toBe('NYSE');
  });

  const expiries: readonly (readonly [string, string, Given, Setting, string])[] = [
    ['a stock at the close of NYSE', '2025-06-04T15:00:00Z', {}, {}, '2025-06-04T20:00:00.000Z'],
    ['an Indian one at the close of its day', '2025-06-04T09:59:59Z', { hours: 'NSE' }, {}, '2025-06-04T10:00:00.000Z'],
    ['an Indian one taken at the close, the day after', '2025-06-04T10:00:00Z', { hours: 'NSE' }, {}, '2025-06-05T10:00:00.000Z'],
    ['an Indian one taken late on Friday, on Monday', '2025-06-06T19:00:00Z', { hours: 'NSE' }, {}, '2025-06-09T10:00:00.000Z'],
    ['a stock that trades always, like crypto', '2025-06-04T15:00:00Z', { hours: 'ALWAYS' }, {}, '2025-06-06T02:00:00.000Z'],
    ['crypto in the evening, whatever its hours', '2025-06-04T15:00:00Z', { hours: 'NYSE' }, { market: BTC }, '2025-06-06T02:00:00.000Z'],
    ['its own time first', '2025-06-04T15:00:00Z', { hours: 'NSE', expiresAt: Date.parse('2025-06-04T16:00:00Z') }, {}, '2025-06-04T16:00:00.000Z'],
    ['never before its minimum', '2025-06-04T09:59:59Z', { hours: 'NSE', minimumDurationSeconds: 3600 }, {}, '2025-06-04T10:59:59.000Z'],
  ];
  it.each(expiries)('%s', (_name, now, watch, setting, expected) => {
    expect(new Date(kept({ limit: '100', ...watch }, { ...setting, now }).expiresAt).toISOString()).toBe(expected);
  });
});
