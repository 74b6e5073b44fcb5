import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Grid, type GridFillModel, MOST_GRID_LEVELS, wantedGrid } from '../../shared/domain/grid.ts';
import { resetGrid } from '../../shared/domain/grid-reset.ts';
import type { LiveLevel, RouteTerms, WantedLevel } from '../../shared/domain/router.ts';
import { decimal } from '../shared/domain/book.ts';

const model = (changes: Partial<GridFillModel> = {}): GridFillModel => ({
  mid: decimal('50000'),
  natr: decimal('0.001'),
  horizonSeconds: 300,
  flowZ: decimal('0'),
  minimum: decimal('0'),
  ...changes,
});
const grid = (changes: Partial<Grid> = {}): Grid => ({
  centre: decimal('50000'),
  skewBps: decimal('0'),
  spacingBps: decimal('10'),
  levelsUp: 3,
  levelsDown: 3,
  sizes: [decimal('0.1')],
  tickSize: decimal('0.01'),
  makerFeeRate: decimal('0'),
  fillModel: null,
  ...changes,
});
const levels = (changes: Partial<Grid> = {}) => {
  const { sells, buys } = wantedGrid(grid(changes), 'normal', []);
  return [...sells, ...buys].map(({ level, price, quantity }) => `${level} ${quantity.toFixed()} @ ${price.toFixed()}`);
};
const leftOut = (changes: Partial<Grid>) => wantedGrid(grid(changes), 'normal', []).leftOut.map(({ level, reason }) => `${level} ${reason}`);

describe('EX-5 grid', () => {
  it('lies about its skewed centre, sizes from level 1 outwards, the last repeated', () => {
    expect(levels({ skewBps: decimal('20'), levelsUp: 1, levelsDown: 1 })).toEqual(['SELL_1 0.1 @ 50150.1', 'BUY_1 0.1 @ 50049.9']);
    expect(levels({ sizes: [decimal('1'), decimal('2')], levelsDown: 0 })).toEqual(['SELL_1 1 @ 50050', 'SELL_2 2 @ 50100', 'SELL_3 2 @ 50150']);
  });

  it('leaves out a level at or below zero and what a skew sends there, and the others keep their numbers', () => {
    expect(leftOut({ spacingBps: decimal('5000'), levelsUp: 0 })).toEqual(['BUY_2 PRICE_NOT_POSITIVE', 'BUY_3 PRICE_NOT_POSITIVE']);
    expect(leftOut({ centre: decimal('0.009'), levelsUp: 1, levelsDown: 1 })).toEqual(['BUY_1 PRICE_NOT_POSITIVE']);
    expect(leftOut({ skewBps: decimal('-10001'), spacingBps: decimal('20000'), levelsUp: 0, levelsDown: 1 })).toEqual(['BUY_1 PRICE_NOT_POSITIVE']);
  });

  it('FP-1 leaves out what is unlikely to fill, the minimum itself being enough', () => {
    const pressed = { spacingBps: decimal('4'), levelsUp: 3, levelsDown: 2 };
    const flowZ = decimal('2');
    expect(leftOut({ ...pressed, fillModel: model({ flowZ, minimum: decimal('0.49') }) })).toEqual(['SELL_3 FILL_UNLIKELY', 'BUY_2 FILL_UNLIKELY']);
    expect(levels({ ...pressed, fillModel: model({ flowZ, minimum: decimal('0.91') }) })).toEqual(['SELL_1 0.1 @ 50020']);
    expect(levels({ ...pressed, fillModel: model({ flowZ, minimum: decimal('0.9100000001') }) })).toEqual([]);
  });

  it('states what a round trip of each level earns after two maker fees, in basis points', () => {
    const { sells, buys } = wantedGrid(grid({ makerFeeRate: decimal('0.0004'), levelsDown: 1 }), 'normal', []);
    expect(sells.map((level) => level.expectedProfitBps.toFixed())).toEqual(['2', '12', '22']);
    expect(buys.map((level) => level.expectedProfitBps.toFixed())).toEqual(['2']);
    const rebated = wantedGrid(grid({ makerFeeRate: decimal('-0.0001'), levelsDown: 1, levelsUp: 0 }), 'normal', []);
    expect(rebated.buys.map((level) => level.expectedProfitBps.toFixed())).toEqual(['12']);
  });

  it('wants nothing and cancels all when paused or in an emergency, and says which', () => {
    expect(wantedGrid(grid(), 'pause', ['b', 'a'])).toEqual({ sells: [], buys: [], leftOut: [], cancel: ['a', 'b'], reason: 'GRID_PAUSED' });
    expect(wantedGrid(grid(), 'emergency', ['b'])).toMatchObject({ sells: [], buys: [], cancel: ['b'], reason: 'GRID_EMERGENCY' });
    expect(wantedGrid(grid({ sizes: [], spacingBps: decimal('0') }), 'emergency', ['b']).cancel).toEqual(['b']);
    expect(wantedGrid(grid(), 'normal', ['b'])).toMatchObject({ cancel: [], reason: null });
  });

  it('refuses what makes no grid', () => {
    const refusal = (changes: Partial<Grid>) => () => wantedGrid(grid(changes), 'normal', []);
    expect(refusal({ spacingBps: decimal('0') })).toThrow('spacingBps');
    expect(refusal({ sizes: [] })).toThrow('sizes');
    expect(refusal({ sizes: [decimal('1'), decimal('0')] })).toThrow('sizes');
    expect(refusal({ levelsUp: -1 })).toThrow('levelsUp');
    expect(refusal({ levelsDown: MOST_GRID_LEVELS + 1 })).toThrow('levelsDown');
  });

  it('lies on the tick, less than one tick beyond its exact price, in order outwards, each level once', () => {
    const shape = fc.record({
      centre: fc.integer({ min: 1, max: 10 ** 9 }).map((units) => decimal(`${units}e-5`)),
      skewBps: fc.integer({ min: -3000, max: 3000 }).map((tenths) => decimal(`${tenths}e-1`)),
      spacingBps: fc.integer({ min: 1, max: 5000 }).map((tenths) => decimal(`${tenths}e-1`)),
      levelsUp: fc.integer({ min: 0, max: 12 }),
      levelsDown: fc.integer({ min: 0, max: 12 }),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }).map((units) => decimal(String(units))), { minLength: 1, maxLength: 4 }),
      tickSize: fc.constantFrom('0.01', '0.05', '0.00001', '3').map(decimal),
    });
    fc.assert(
      fc.property(shape, (given) => {
        const built = grid(given);
        const { sells, buys, leftOut: out } = wantedGrid(built, 'normal', []);
        const bps = decimal('10000');
        const skewed = built.centre.times(bps.plus(built.skewBps)).dividedBy(bps);
        for (const { level, side, price, quantity } of [...sells, ...buys]) {
          const index = Number(level.split('_')[1]);
          const away = built.spacingBps.times(index).dividedBy(bps).times(skewed);
          const beyond = side === 'sell' ? price.minus(skewed.plus(away)) : skewed.minus(away).minus(price);
          expect([price.modulo(built.tickSize).isZero(), price.greaterThan(0), !beyond.lessThan(0), beyond.lessThan(built.tickSize)]).toEqual([true, true, true, true]);
          expect(quantity).toBe(built.sizes[Math.min(index, built.sizes.length) - 1]);
        }
        const rises = (list: readonly { readonly price: Grid['centre'] }[], sign: number) =>
          list.every(({ price }, index) => index === 0 || price.comparedTo(list[index - 1]?.price ?? price) * sign >= 0);
        expect([rises(sells, 1), rises(buys, -1)]).toEqual([true, true]);
        const names = [...sells, ...buys, ...out].map(({ level }) => level);
        expect([names.length, new Set(names).size]).toEqual([built.levelsUp + built.levelsDown, names.length]);
      }),
    );
  });
});

describe('EX-5 resets', () => {
  const terms: RouteTerms = { spread: { bid: decimal('99'), ask: decimal('101') }, amends: true, amendThresholdBps: 20 };
  const want = (level: string, price: string): WantedLevel => ({ level, side: 'buy', price: decimal(price), quantity: decimal('1'), postOnly: true });
  const rest = (id: string, level: string, price: string): LiveLevel => ({ id, level, side: 'buy', price: decimal(price), remainingQuantity: decimal('1') });
  const wanted = [want('BUY_1', '98'), want('BUY_2', '97'), want('BUY_3', '96')];
  const live = [rest('one', 'BUY_1', '98'), rest('two', 'BUY_2', '90'), rest('four', 'BUY_4', '80')];

  it('none keeps live orders as they are and places what is missing', () => {
    expect(resetGrid('none', wanted, live, terms)).toMatchObject({ sequence: ['PLACE'], cancel: [], amend: [], place: [{ level: 'BUY_3', replaces: [] }] });
  });

  it('soft moves what has changed through the router', () => {
    expect(resetGrid('soft', wanted, live, terms)).toMatchObject({ sequence: ['CANCEL', 'PLACE'], cancel: ['four', 'two'], place: [{ level: 'BUY_2' }, { level: 'BUY_3' }] });
  });

  it('hard cancels all, then places all that would not cross', () => {
    const everyOne = ['four', 'one', 'two'];
    const found = resetGrid('hard', [...wanted, want('BUY_0', '101')], live, terms);
    expect(found).toMatchObject({ sequence: ['CANCEL', 'PLACE'], cancel: everyOne, amend: [], blocked: [{ level: 'BUY_0' }] });
    expect(found.place.map(({ level, replaces }) => [level, replaces])).toEqual([['BUY_1', everyOne], ['BUY_2', everyOne], ['BUY_3', everyOne]]);
    expect(resetGrid('hard', wanted, [], terms).sequence).toEqual(['PLACE']);
  });
});
