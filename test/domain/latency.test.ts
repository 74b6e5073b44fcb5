import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LatencySample, SLOW_MS, isSlow, nearestRank, summariseLatency } from '../../shared/domain/latency.ts';

const sample = (ms: number, venue = 'kraken', kind = 'place'): LatencySample => ({ venue, kind, ms });

describe('EX-8 latency', () => {
  it('is summed up by venue, then kind, each a group of its own', () => {
    const groups = summariseLatency([sample(1, 'b'), sample(2, 'a', 'place'), sample(3, 'a', 'cancel'), sample(4, 'a'), sample(9, 'ab', 'c'), sample(9, 'a', 'bc')]);
    expect(groups.map(({ venue, kind, count }) => [venue, kind, count])).toEqual([
      ['a', 'bc', 1], ['a', 'cancel', 1], ['a', 'place', 2], ['ab', 'c', 1], ['b', 'place', 1],
    ]);
    expect(summariseLatency([])).toEqual([]);
  });

  it('counts as slow what takes more than half a second, and not half a second', () => {
    expect([isSlow(SLOW_MS), isSlow(SLOW_MS + 1)]).toEqual([false, true]);
    expect(summariseLatency([sample(500), sample(501), sample(900)])).toMatchObject([{ slow: 2 }]);
  });

  it('has a mean of nine places, rounded half up', () => {
    const mean = (...values: number[]) => summariseLatency(values.map((ms) => sample(ms))).map((group) => group.mean.toFixed());
    expect(mean(1, 1, 2)).toEqual(['1.333333333']);
    expect(mean(1, 2, 2)).toEqual(['1.666666667']);
    expect(mean(2, 1)).toEqual(['1.5']);
  });

  it('takes percentiles by nearest rank at the corners', () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    expect([19, 20, 21].map((count) => nearestRank(upTo(count), 95))).toEqual([19, 19, 20]);
    expect([99, 100, 101].map((count) => nearestRank(upTo(count), 99))).toEqual([99, 99, 100]);
    expect([nearestRank([7], 1), nearestRank([7], 100), nearestRank([], 50)]).toEqual([7, 7, null]);
  });

  it('gives the smallest sample that enough others do not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const found = nearestRank(values.toSorted((a, b) => a - b), percent) ?? -1;
        const atMost = (bound: number) => values.filter((value) => value <= bound).length * 100;
        return values.includes(found) && atMost(found) >= percent * values.length && atMost(found - 1) < percent * values.length;
      }),
    );
  });

  it('puts its figures in order, whatever the order of the samples', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1 }), (values) => {
        const [group] = summariseLatency(values.map((ms) => sample(ms)));
        if (group === undefined) return false;
        const figures = [group.min, group.p50, group.p95, group.p99, group.max];
        expect(figures).toEqual(figures.toSorted((a, b) => a - b));
        expect(group.mean.times(group.count).minus(values.reduce((total, value) => total + value)).abs().lessThan('1e-6')).toBe(true);
        expect(summariseLatency(values.toReversed().map((ms) => sample(ms)))).toEqual([group]);
        return true;
      }),
    );
  });
});
