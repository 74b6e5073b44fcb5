import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../../functions/plan-intake/plan-schema.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { OWN_READERS } from '../../../shared/setting-readers.ts';
import { parseSettings } from '../../../shared/settings.ts';
import { InputError } from '../../../functions/support/input-error.ts';

const watch = { symbol: 'AAPL', side: 'buy', limit: '101.5', quantity: '3' };
const plan = (...watches: unknown[]) => ({ strategy: 'dips', version: 4, watches });
const withWatch = (changes: Record<string, unknown>) => plan({ ...watch, ...changes });
const refusal = (value: unknown): InputError => {
  try {
    readPlan(value);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('the plan was accepted');
};

const DIGITS_38 = '1.2345678901234567890123456789012345678';

describe('EW-6 a plan that cannot be used is refused as a whole, with the field and what was expected', () => {
  const wrong: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['no plan', null, 'plan', /an object with strategy/],
    ['a list', [], 'plan', /an object with strategy/],
    ['a text', 'plan', 'plan', /an object/],
    ['no strategy', { version: 1, watches: [] }, 'strategy', /1 to 64/],
    ['a strategy with a hash', { ...plan(), strategy: 'a#b' }, 'strategy', /letters/],
    ['no version', { strategy: 's', watches: [] }, 'version', /whole number/],
    ['version 0', { ...plan(), version: 0 }, 'version', /from 1/],
    ['a negative version', { ...plan(), version: -1 }, 'version', /from 1/],
    ['a broken version', { ...plan(), version: 1.5 }, 'version', /whole number/],
    ['a version as text', { ...plan(), version: '1' }, 'version', /whole number/],
    ['an unsafe version', { ...plan(), version: 2 ** 53 }, 'version', /whole number/],
    ['no watches', { strategy: 's', version: 1 }, 'watches', /a list/],
    ['watches that are no list', { ...plan(), watches: {} }, 'watches', /a list/],
    ['too many watches', plan(...Array.from({ length: 501 }, (_, i) => ({ ...watch, symbol: `S${i}` }))), 'watches', /at most 500/],
    ['a watch that is no object', plan(7), 'watches[0]', /a watch/],
    ['an unknown field of the plan', { ...plan(), orders: [] }, 'orders', /no such field/],
    ['an unknown field of a watch', withWatch({ price: '1' }), 'watches[0].price', /no such field/],
    ['a hidden prototype', JSON.parse('{"strategy":"s","version":1,"watches":[],"__proto__":{"x":1}}'), '__proto__', /no such field/],
    [
      'a hidden prototype of a watch',
      plan(JSON.parse('{"symbol":"AAPL","side":"buy","limit":"1","quantity":"1","__proto__":{}}')),
      'watches[0].__proto__',
      /no such field/,
    ],
    ['an empty symbol', withWatch({ symbol: '' }), 'watches[0].symbol', /a symbol/],
    ['a long symbol', withWatch({ symbol: 'A'.repeat(33) }), 'watches[0].symbol', /a symbol/],
    ['a symbol with a hash', withWatch({ symbol: 'A#B' }), 'watches[0].symbol', /a symbol/],
    ['a symbol with a blank', withWatch({ symbol: 'A B' }), 'watches[0].symbol', /a symbol/],
    ['a symbol with a line break', withWatch({ symbol: 'AAPL\n' }), 'watches[0].symbol', /a symbol/],
    ['two separators', withWatch({ symbol: 'A/B/C' }), 'watches[0].symbol', /a symbol/],
    ['an unknown class', withWatch({ assetClass: 'bond' }), 'watches[0].assetClass', /one of stock, crypto/],
    ['an unknown side', withWatch({ side: 'long' }), 'watches[0].side', /one of buy, sell/],
    ['no side', withWatch({ side: undefined }), 'watches[0].side', /one of buy, sell/],
    ['an unknown mode', withWatch({ mode: 'bold' }), 'watches[0].mode', /one of normal, probe/],
    ['a slot with a hash', withWatch({ slot: 'a#b' }), 'watches[0].slot', /1 to 32/],
    ['no limit', withWatch({ limit: undefined }), 'watches[0].limit', /a decimal string such as "101.5"/],
    ['a limit as number', withWatch({ limit: 101.5 }), 'watches[0].limit', /a decimal string such as "101.5"/],
    ['a limit of words', withWatch({ limit: 'much' }), 'watches[0].limit', /a decimal string/],
    ['NaN', withWatch({ limit: 'NaN' }), 'watches[0].limit', /a decimal string/],
    ['Infinity', withWatch({ limit: 'Infinity' }), 'watches[0].limit', /a decimal string/],
    ['a hexadecimal', withWatch({ limit: '0x10' }), 'watches[0].limit', /a decimal string/],
    ['1e400', withWatch({ limit: '1e400' }), 'watches[0].limit', /between/],
    ['a limit of 0', withWatch({ limit: '0' }), 'watches[0].limit', /from 1e-18/],
    ['a negative limit', withWatch({ limit: '-1' }), 'watches[0].limit', /from 1e-18/],
    ['an absurd limit', withWatch({ limit: '1000000000000001' }), 'watches[0].limit', /to 1e15/],
    ['39 digits', withWatch({ limit: `${DIGITS_38}9` }), 'watches[0].limit', /38/],
    ['a quantity of 0', withWatch({ quantity: '0.000' }), 'watches[0].quantity', /from 1e-18/],
    ['a negative quantity', withWatch({ quantity: '-3' }), 'watches[0].quantity', /from 1e-18/],
    ['a forecast as number', withWatch({ forecastPnl: 3 }), 'watches[0].forecastPnl', /a decimal string/],
    ['an absurd forecast', withWatch({ forecastPnl: '-1e16' }), 'watches[0].forecastPnl', /from -1e15/],
    ['a rank of 0', withWatch({ rank: 0 }), 'watches[0].rank', /from 1/],
    ['a tolerance of 100 %', withWatch({ tolerance: '1' }), 'watches[0].tolerance', /below "1"/],
    ['a negative tolerance', withWatch({ tolerance: '-0.1' }), 'watches[0].tolerance', /below "1"/],
    ['an end before all time', withWatch({ expiresAt: -1 }), 'watches[0].expiresAt', /epoch milliseconds/],
    ['an end after all time', withWatch({ expiresAt: 9e15 }), 'watches[0].expiresAt', /epoch milliseconds/],
    ['an end as a date', withWatch({ expiresAt: '2025-06-04' }), 'watches[0].expiresAt', /epoch milliseconds/],
    ['no seconds of a hold', withWatch({ maxHold: {} }), 'watches[0].maxHold.seconds', /whole number/],
    ['a hold of nothing', withWatch({ maxHold: { seconds: 0 } }), 'watches[0].maxHold.seconds', /whole number/],
    ['a bar of nothing', withWatch({ maxHold: { seconds: 60, barSeconds: 0 } }), 'watches[0].maxHold.barSeconds', /whole number/],
    ['no attempts', withWatch({ maxAttempts: 0 }), 'watches[0].maxAttempts', /whole number/],
    ['a style by its word alone', withWatch({ style: 'maker' }), 'watches[0].style', /an object with its kind/],
    ['an unknown style', withWatch({ style: { kind: 'fok' } }), 'watches[0].style.kind', /one of plain, maker, taker, twap, iceberg/],
    ['a TWAP of no slices', withWatch({ style: { kind: 'twap', slices: 0, durationSeconds: 60 } }), 'watches[0].style.slices', /from 1 to 1000/],
    ['a TWAP without its duration', withWatch({ style: { kind: 'twap', slices: 4 } }), 'watches[0].style.durationSeconds', /whole number/],
    ['an iceberg as number', withWatch({ style: { kind: 'iceberg', shown: 5 } }), 'watches[0].style.shown', /a decimal string/],
    ['a maker with slices', withWatch({ style: { kind: 'maker', slices: 4 } }), 'watches[0].style.slices', /.+/],
    ['a take-profit of 0', withWatch({ takeProfit: '0' }), 'watches[0].takeProfit', /from 1e-18/],
    ['an unknown kind', withWatch({ kind: 'market' }), 'watches[0].kind', /one of limit, stop/],
    ['a kind of nothing', withWatch({ kind: null }), 'watches[0].kind', /one of limit, stop/],
    ['a stop entry without its trigger', withWatch({ kind: 'stop' }), 'watches[0].trigger', /a decimal string such as "101.5"/],
    ['a trigger of 0', withWatch({ kind: 'stop', trigger: '0' }), 'watches[0].trigger', /from 1e-18/],
    ['a trigger as number', withWatch({ kind: 'stop', trigger: 100 }), 'watches[0].trigger', /a decimal string/],
    ['a trigger of a limit watch', withWatch({ trigger: '100' }), 'watches[0].trigger', /no such field/],
    ['a multiple of a limit watch', withWatch({ takeProfitMultiple: '3' }), 'watches[0].takeProfitMultiple', /no such field/],
    ['an own stop of a stop entry', withWatch({ kind: 'stop', trigger: '100', stop: '99' }), 'watches[0].stop', /no such field/],
    ['a multiple of 0', withWatch({ kind: 'stop', trigger: '100', takeProfitMultiple: 0 }), 'watches[0].takeProfitMultiple', /above 0/],
    ['a broken multiple as number', withWatch({ kind: 'stop', trigger: '100', takeProfitMultiple: 2.5 }), 'watches[0].takeProfitMultiple', /above 0/],
    ['a stop of 0', withWatch({ stop: '0' }), 'watches[0].stop', /from 1e-18/],
    ['hours of nowhere', withWatch({ hours: 'LSE' }), 'watches[0].hours', /one of NYSE, NSE, ALWAYS/],
    ['settings that are no object', withWatch({ settings: 'none' }), 'watches[0].settings', /an object of settings by name/],
    ['a setting nobody knows', withWatch({ settings: { TRAIL_TIKS: 2 } }), 'watches[0].settings.TRAIL_TIKS', /no such field/],
    ['a setting of the account', withWatch({ settings: { MAX_LEVERAGE: '9' } }), 'watches[0].settings.MAX_LEVERAGE', /no such field/],
    ['a negative setting', withWatch({ settings: { TRAIL_TICKS: -1 } }), 'watches[0].settings.TRAIL_TICKS', /a whole number from 0/],
    ['a setting that does not parse', withWatch({ settings: { BAR_MINUTES: '15m' } }), 'watches[0].settings.BAR_MINUTES', /a whole number from 1/],
    ['a setting of nothing', withWatch({ settings: { BAR_MINUTES: '' } }), 'watches[0].settings.BAR_MINUTES', /a whole number from 1/],
    ['a broken setting', withWatch({ settings: { LIMIT_STOP_RATIO: 0.05 } }), 'watches[0].settings.LIMIT_STOP_RATIO', /a ratio above 0/],
    ['a ratio of 100 %', withWatch({ settings: { LIMIT_STOP_RATIO: '1' } }), 'watches[0].settings.LIMIT_STOP_RATIO', /less than 1/],
    ['a hidden prototype of settings', withWatch({ settings: JSON.parse('{"__proto__":{}}') }), 'watches[0].settings.__proto__', /no such field/],
    ['a wrong setting of the plan', { ...plan(), settings: { ORDER_TIMEOUT_MINUTES: 0 } }, 'settings.ORDER_TIMEOUT_MINUTES', /a whole number from 1/],
    ['an unknown setting of the plan', { ...plan(), settings: { QUOTE_MAX_AGE_SECONDS: 9 } }, 'settings.QUOTE_MAX_AGE_SECONDS', /no such field/],
    ['a fault in the second watch', plan(watch, { ...watch, symbol: 'MSFT', limit: '' }), 'watches[1].limit', /a decimal string/],
  ];
  it.each(wrong)('refuses %s', (_name, value, field, expected) => {
    const error = refusal(value);
    expect(error.status).toBe(400);
    expect(error.field).toBe(field);
    expect(error.expected).toMatch(expected);
  });

  it('refuses the same watch twice, whatever its spelling (EW-4)', () => {
    const twice = plan({ ...watch, symbol: 'BTC/USD' }, watch, { ...watch, symbol: 'btcusd' });
    expect(refusal(twice)).toMatchObject({ status: 400, field: 'watches[2].symbol' });
    expect(refusal(twice).expected).toContain('watches[0]');
  });

  it('refuses a symbol with its class beside the same without, and takes a stock beside a pair', () => {
    const named = { ...watch, symbol: 'BETH', assetClass: 'stock' };
    expect(refusal(plan({ ...watch, symbol: 'BETH' }, named))).toMatchObject({ field: 'watches[1].symbol' });
    expect(readPlan(plan({ ...named, assetClass: 'crypto' }, named)).watches).toHaveLength(2);
  });

  it('takes the same symbol in two slots', () => {
    expect(readPlan(plan(watch, { ...watch, slot: 'level-1' })).watches).toHaveLength(2);
  });

  it('does not say what was sent', () => {
    expect(refusal(withWatch({ limit: 'top-secret' })).message).not.toContain('top-secret');
  });
});

describe('EW-6 what a plan leaves out', () => {
  it('has its plain default', () => {
    const [read] = readPlan(plan(watch)).watches;
    expect(read).toMatchObject({
      assetClass: null,
      slot: 'main',
      forecastPnl: null,
      mode: 'normal',
      group: null,
      rank: null,
      tolerance: null,
      expiresAt: null,
      minimumDurationSeconds: null,
      takeProfit: null,
      maxHold: null,
      maxAttempts: null,
      style: { kind: 'PLAIN' },
      kind: 'limit',
      stop: null,
      hours: null,
      settings: {},
    });
    expect(readPlan(plan()).settings).toEqual({});
  });

  it('EX-1 reads how an entry is carried out', () => {
    const read = (style: unknown) => readPlan(withWatch({ style })).watches[0]?.style;
    expect(['plain', 'maker', 'taker'].map((kind) => read({ kind }))).toEqual([{ kind: 'PLAIN' }, { kind: 'MAKER' }, { kind: 'TAKER' }]);
    expect(read({ kind: 'twap', slices: 10, durationSeconds: 3600 })).toEqual({ kind: 'TWAP', slices: 10, durationSeconds: 3600 });
    expect(read({ kind: 'iceberg', shown: '5' })).toEqual({ kind: 'ICEBERG', shown: new Decimal(5) });
  });

  it('leaves a stop entry’s multiple to the settings, unless it is given or there is to be none (SL-4)', () => {
    const read = (given: Record<string, unknown>) => readPlan(withWatch({ kind: 'stop', trigger: '100', ...given })).watches[0];
    expect(read({})).toMatchObject({ kind: 'stop', takeProfitMultiple: 'AS_SET' });
    expect(read({ takeProfitMultiple: null })).toMatchObject({ takeProfitMultiple: null });
    for (const given of ['2', 2]) expect(read({ takeProfitMultiple: given })).toMatchObject({ takeProfitMultiple: new Decimal(2) });
  });

  it('reads settings by their names in the environment, as text or as whole numbers', () => {
    const settings = { TRAIL_TICKS: 4, BAR_MINUTES: ' 5 ', LIMIT_STOP_RATIO: '0.02', MAX_ATTEMPTS: '7', TAKE_PROFIT_MULTIPLE: '1.5' };
    const wanted = {
      trailTicks: 4,
      barMinutes: 5,
      limitStopRatio: new Decimal('0.02'),
      maxAttempts: 7,
      takeProfitMultiple: new Decimal('1.5'),
    };
    expect(readPlan({ ...withWatch({ settings }), settings }).watches[0]?.settings).toEqual(wanted);
    expect(readPlan({ ...plan(), settings }).settings).toEqual(wanted);
  });

  it('knows every setting of the lifecycle that the environment does', () => {
    const settings = Object.fromEntries(Object.keys(OWN_READERS).map((name) => [name, name === 'LIMIT_STOP_RATIO' ? '0.5' : '7']));
    const read = readPlan({ ...plan(), settings }).settings;
    const set = Object.entries(parseSettings(settings)).filter(([, value]) => String(value) === '7' || String(value) === '0.5');
    expect(Object.fromEntries(set)).toEqual(read);
  });

  it('keeps every digit of a number of 38', () => {
    expect(readPlan(withWatch({ limit: DIGITS_38 })).watches[0]?.limit.toFixed()).toBe(DIGITS_38);
  });

  it('takes an empty plan: it withdraws everything', () => {
    expect(readPlan(plan()).watches).toEqual([]);
  });
});
