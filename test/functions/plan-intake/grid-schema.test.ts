import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../../functions/plan-intake/plan-schema.ts';
import { InputError } from '../../../functions/support/input-error.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';

const grid = { symbol: 'BTC/USD', centre: '100', spacingBps: '10', levelsUp: 2, levelsDown: 2, sizes: ['1'], makerFeeRate: '0.001' };
const plan = (grids: unknown, watches: readonly unknown[] = []) => ({ strategy: 'grids', version: 1, watches, grids });
const withGrid = (changes: Record<string, unknown>) => plan([{ ...grid, ...changes }]);
const watch = { symbol: 'BTC/USD', side: 'buy', limit: '1', quantity: '1' };
const refusal = (value: unknown): InputError => {
  try {
    readPlan(value);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('the plan was accepted');
};
const d = (value: string) => new Decimal(value);

describe('EX-5 a grid that cannot be used is refused with the field and what was expected', () => {
  const wrong: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['grids that are no list', plan({}), 'grids', /a list of grids/],
    ['a grid that is no object', plan([7]), 'grids[0]', /a grid/],
    ['an unknown field', withGrid({ spacing: '1' }), 'grids[0].spacing', /no such field/],
    ['no symbol', withGrid({ symbol: undefined }), 'grids[0].symbol', /a symbol/],
    ['an unknown class', withGrid({ assetClass: 'fx' }), 'grids[0].assetClass', /one of stock, crypto/],
    ['a long name', withGrid({ name: 'x'.repeat(21) }), 'grids[0].name', /1 to 20/],
    ['an empty name', withGrid({ name: '' }), 'grids[0].name', /1 to 20/],
    ['a name with a hash', withGrid({ name: 'a#b' }), 'grids[0].name', /letters/],
    ['no centre', withGrid({ centre: undefined }), 'grids[0].centre', /a decimal string/],
    ['a centre of 0', withGrid({ centre: '0' }), 'grids[0].centre', /1e-18 to 1e15/],
    ['a centre as a number', withGrid({ centre: 100 }), 'grids[0].centre', /a decimal string/],
    ['a skew of the whole centre', withGrid({ skewBps: '-10000' }), 'grids[0].skewBps', /above -10000/],
    ['a skew that is no number', withGrid({ skewBps: 'up' }), 'grids[0].skewBps', /a decimal string/],
    ['a spacing of 0', withGrid({ spacingBps: '0' }), 'grids[0].spacingBps', /1e-18 to 1e15/],
    ['a negative spacing', withGrid({ spacingBps: '-1' }), 'grids[0].spacingBps', /1e-18 to 1e15/],
    ['a broken count', withGrid({ levelsUp: 1.5 }), 'grids[0].levelsUp', /from 0 to 60/],
    ['too many levels up', withGrid({ levelsUp: 61 }), 'grids[0].levelsUp', /from 0 to 60/],
    ['a negative count', withGrid({ levelsDown: -1 }), 'grids[0].levelsDown', /from 0 to 60/],
    ['no size', withGrid({ sizes: [] }), 'grids[0].sizes', /1 to 60 sizes/],
    ['too many sizes', withGrid({ sizes: Array.from({ length: 61 }, () => '1') }), 'grids[0].sizes', /1 to 60 sizes/],
    ['a size of 0', withGrid({ sizes: ['1', '0'] }), 'grids[0].sizes[1]', /1e-18 to 1e15/],
    ['no fee', withGrid({ makerFeeRate: undefined }), 'grids[0].makerFeeRate', /a decimal string/],
    ['a fee of all', withGrid({ makerFeeRate: '1' }), 'grids[0].makerFeeRate', /above -1 and below 1/],
    ['an unknown reset', withGrid({ reset: 'gently' }), 'grids[0].reset', /one of none, soft, hard/],
    ['an unknown mode', withGrid({ mode: 'probe' }), 'grids[0].mode', /one of normal, pause, emergency/],
    ['a style that trades at once', withGrid({ style: { kind: 'taker' } }), 'grids[0].style.kind', /one of maker, plain/],
    ['a take-profit of 0', withGrid({ takeProfit: '0' }), 'grids[0].takeProfit', /1e-18 to 1e15/],
    ['a stop ratio of all', withGrid({ stop: { ratio: '1' } }), 'grids[0].stop.ratio', /below "1"/],
    ['a stop of no kind', withGrid({ stop: {} }), 'grids[0].stop', /a ratio, or with a price/],
    ['a stop that is a price', withGrid({ stop: '90' }), 'grids[0].stop', /a ratio, or with a price/],
    ['a stop of both kinds', withGrid({ stop: { ratio: '0.1', buys: '1' } }), 'grids[0].stop', /a ratio, or with a price/],
    ['a tolerance of all', withGrid({ tolerance: '1' }), 'grids[0].tolerance', /below "1"/],
    ['attempts of 0', withGrid({ maxAttempts: 0 }), 'grids[0].maxAttempts', /from 1/],
    ['features without a mid', withGrid({ features: { natr: '0.1' } }), 'grids[0].features.mid', /a decimal string/],
    ['a negative range', withGrid({ features: { mid: '1', natr: '-0.1' } }), 'grids[0].features.natr', /"0" or from/],
    ['a horizon of more than a day', withGrid({ features: { mid: '1', natr: '0', horizonSeconds: 86_401 } }), 'grids[0].features.horizonSeconds', /from 0 to 86400/],
    ['an unknown setting', withGrid({ settings: { NOPE: '1' } }), 'grids[0].settings.NOPE', /no such field/],
    ['the same grid twice', plan([grid, grid]), 'grids[1].name', /than grids\[0\] has/],
    ['the same grid in another spelling', plan([grid, { ...grid, symbol: 'BTCUSD' }]), 'grids[1].name', /than grids\[0\] has/],
    ['a watch in the slot of a level', plan([grid], [{ ...watch, slot: 'BUY_2' }]), 'grids[0].name', /than watches\[0\] has/],
    ['a name whose levels are another\'s', plan([{ ...grid, name: 'a' }], [{ ...watch, slot: 'a_SELL_1' }]), 'grids[0].name', /than watches\[0\] has/],
    ['more watches and levels than a plan holds', plan(Array.from({ length: 9 }, (_, index) => ({ ...grid, symbol: `S${index}/USD`, levelsUp: 30, levelsDown: 30 }))), 'grids', /at most 500 watches and levels/],
  ];

  it.each(wrong)('%s', (_, value, field, expected) => {
    const error = refusal(value);
    expect([error.field, error.status]).toEqual([field, 400]);
    expect(error.expected).toMatch(expected);
  });
});

describe('EX-5 a grid with what it does not say filled in', () => {
  it('has the defaults of the rule: soft, normal, maker, the centre as take-profit', () => {
    expect(readPlan(plan([grid])).grids).toEqual([
      {
        symbol: 'BTC/USD', assetClass: null, name: '', centre: d('100'), skewBps: d('0'), spacingBps: d('10'), levelsUp: 2, levelsDown: 2,
        sizes: [d('1')], makerFeeRate: d('0.001'), reset: 'soft', mode: 'normal', style: { kind: 'MAKER' }, takeProfit: null, stop: null,
        forecastPnl: null, group: null, tolerance: null, expiresAt: null, minimumDurationSeconds: null, maxHold: null, maxAttempts: null,
        hours: null, settings: {}, features: null,
      },
    ]);
  });

  it('keeps what it says', () => {
    const [read] = readPlan(withGrid({ name: 'a', skewBps: '-5.5', makerFeeRate: '-0.0001', style: { kind: 'plain' }, stop: { buys: '90' }, features: { mid: '100', natr: '0.01' } })).grids;
    expect(read).toMatchObject({ name: 'a', skewBps: d('-5.5'), makerFeeRate: d('-0.0001'), style: { kind: 'PLAIN' }, stop: { kind: 'PRICES', buys: d('90'), sells: null } });
    expect(read?.features).toEqual({ mid: d('100'), natr: d('0.01'), orderFlowZ: null, horizonSeconds: 60 });
    expect(readPlan(withGrid({ stop: { ratio: '0.02' } })).grids[0]?.stop).toEqual({ kind: 'RATIO', ratio: d('0.02') });
  });

  it('grids of other names, of other symbols and watches beside them are no repeats; a plan may have none', () => {
    const read = readPlan(plan([grid, { ...grid, name: 'b' }, { ...grid, symbol: 'ETH/USD' }], [watch, { ...watch, slot: 'BUY_3' }]));
    expect([read.grids.length, read.watches.length]).toEqual([3, 2]);
    expect(readPlan({ strategy: 's', version: 1, watches: [] }).grids).toEqual([]);
  });
});
