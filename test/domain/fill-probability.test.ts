import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FillFeatures, estimateFill } from '../../shared/domain/fill-probability.ts';
import { natrOf } from '../../shared/domain/natr.ts';
import type { Side } from '../../shared/domain/side.ts';
import { decimal } from '../shared/domain/book.ts';

const features = (changes: Partial<FillFeatures> = {}): FillFeatures => ({
  mid: decimal('100'),
  natr: decimal('0.001'),
  horizonSeconds: 300,
  flowZ: decimal('0'),
  ...changes,
});
const chance = (side: Side, price: string, changes: Partial<FillFeatures> = {}): number =>
  estimateFill({ side, price: decimal(price) }, features(changes)).probability;

describe('FP-1 fill probability', () => {
  it('steps down with the distance in expected moves, each bound belonging to the farther step', () => {
    const prices = ['100.01', '100', '99.9501', '99.95', '99.9001', '99.9', '99.8501', '99.85', '1'];
    expect(prices.map((price) => chance('buy', price))).toEqual([0.9, 0.9, 0.7, 0.5, 0.5, 0.3, 0.3, 0.1, 0.1]);
  });

  it('mirrors for sells, which lie above', () => {
    expect(['99', '100', '100.04', '100.05', '100.1', '100.15'].map((price) => chance('sell', price))).toEqual([0.9, 0.9, 0.7, 0.5, 0.3, 0.1]);
  });

  it('leans against the side that presses, beyond a z of 1 and not at it', () => {
    const tilted = (flowZ: string) => [chance('buy', '99.97', { flowZ: decimal(flowZ) }), chance('sell', '100.03', { flowZ: decimal(flowZ) })];
    expect(tilted('1')).toEqual([0.7, 0.7]);
    expect(tilted('-1')).toEqual([0.7, 0.7]);
    expect(tilted('1.000000000000000001')).toEqual([0.49, 0.91]);
    expect(tilted('-1.000000000000000001')).toEqual([0.91, 0.49]);
  });

  it('is at most 0.95, and far away a tenth tilted by the flow', () => {
    expect(chance('buy', '101', { flowZ: decimal('-9') })).toBe(0.95);
    expect(chance('buy', '1', { flowZ: decimal('9') })).toBe(0.07);
  });

  it('scales the move with the root of the horizon', () => {
    const move = (horizonSeconds: number) => estimateFill({ side: 'buy', price: decimal('99') }, features({ horizonSeconds })).expectedMoveBps;
    expect([move(0), move(75), move(300), move(1200)]).toEqual([0, 5, 10, 20]);
  });

  it('refuses features that mean nothing', () => {
    expect(() => chance('buy', '1', { mid: decimal('0') })).toThrow('mid');
    expect(() => chance('buy', '1', { natr: decimal('-0.1') })).toThrow('natr');
    expect(() => chance('buy', '1', { horizonSeconds: -1 })).toThrow('horizonSeconds');
    expect(() => chance('buy', '1', { horizonSeconds: Number.NaN })).toThrow('horizonSeconds');
  });

  it('never grows with the distance, never shrinks with the range, and is the same for both sides mirrored', () => {
    const offset = fc.integer({ min: -500, max: 5000 });
    const range = fc.integer({ min: 0, max: 100 }).map((tenths) => decimal(`${tenths}e-4`));
    const flow = fc.constantFrom('-2', '0', '2');
    fc.assert(
      fc.property(offset, offset, range, flow, (a, b, natr, z) => {
        const at = (side: Side, away: number, changes: Partial<FillFeatures> = {}) =>
          chance(side, decimal('100').plus(decimal(`${side === 'buy' ? -away : away}e-3`)).toFixed(), { natr, flowZ: decimal(z), ...changes });
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        return (
          at('buy', near) >= at('buy', far) &&
          at('buy', far, { natr: natr.plus('0.001') }) >= at('buy', far) &&
          at('buy', far) === at('sell', far, { flowZ: decimal(z).negated() }) &&
          at('buy', far) >= 0.05 && at('buy', far) <= 0.95
        );
      }),
    );
  });
});

describe('FP-1 natr', () => {
  const bar = (low: string, high: string, close: string) => ({ open: decimal(low), low: decimal(low), high: decimal(high), close: decimal(close) });
  const quiet = (count: number) => Array.from({ length: count }, () => bar('99', '101', '100'));

  it('is the mean range of fourteen bars as a share of the last close', () => {
    expect(natrOf(quiet(14))?.toFixed()).toBe('0.02');
    expect(natrOf(quiet(13))).toBeNull();
    expect(natrOf([])).toBeNull();
  });

  it('counts a gap from the close before, and lets a new range weigh a fourteenth', () => {
    expect(natrOf([...quiet(14), bar('115', '116', '116')])?.toFixed()).toBe('0.025862068965517241');
    expect(natrOf([...quiet(14), bar('83', '84', '84')])?.toFixed()).toBe('0.036564625850340136');
    expect(natrOf([...quiet(14), bar('100', '101', '100')])?.toFixed()).toBe('0.019285714285714286');
  });
});
