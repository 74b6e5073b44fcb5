import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import type { Side } from '../../shared/domain/side.ts';
import { type BarPrices, trailStop } from '../../shared/domain/trail.ts';
import { decimal } from '../shared/domain/book.ts';

const bar = (open: string, high: string, low: string, close: string): BarPrices => ({
  open: decimal(open),
  high: decimal(high),
  low: decimal(low),
  close: decimal(close),
});
const move = (side: Side, stop: string, prices: BarPrices, tick = '0.05'): string | null =>
  trailStop({ side, stop: decimal(stop), tickSize: decimal(tick) }, prices, DEFAULT_SETTINGS)?.toFixed() ?? null;

describe('SL-5 trailing', () => {
  it('follows a bar that rose or stood still, two ticks below its low', () => {
    expect(move('buy', '511.95', bar('514', '516.5', '513.9', '516'))).toBe('513.8');
    expect(move('buy', '511.95', bar('514', '515', '513.9', '514'))).toBe('513.8');
    expect(move('buy', '511.95', bar('514', '515', '513.9', '513.95'))).toBeNull();
  });

  it('follows for a short a bar that fell or stood still, two ticks above its high', () => {
    expect(move('sell', '513.95', bar('510', '510.5', '508', '508.5'))).toBe('510.6');
    expect(move('sell', '513.95', bar('510', '510.5', '508', '510'))).toBe('510.6');
    expect(move('sell', '513.95', bar('510', '510.5', '508', '510.05'))).toBeNull();
  });

  it('stays where the candidate is no better', () => {
    expect(move('buy', '511.95', bar('514', '516', '512.05', '516'))).toBeNull();
    expect(move('buy', '511.95', bar('514', '516', '511', '516'))).toBeNull();
    expect(move('sell', '513.95', bar('513', '513.85', '512', '512'))).toBeNull();
    expect(move('sell', '513.95', bar('513', '514', '512', '512'))).toBeNull();
  });

  it('rounds away from the price where a low or high is off the tick', () => {
    expect(move('buy', '511.95', bar('514', '516', '513.94', '516'))).toBe('513.8');
    expect(move('sell', '513.95', bar('510', '510.51', '508', '508.5'))).toBe('510.65');
  });

  const cents = fc.integer({ min: 1000, max: 9000 });
  const prices = fc.tuple(cents, cents, cents, cents).map(([open, close, a, b]) => ({
    open, close, high: Math.max(open, close, a, b), low: Math.min(open, close, a, b),
  }));
  const inCents = (units: number) => decimal(String(units)).dividedBy(100);

  it('only ever moves in the position’s favour, onto the tick, and keeps its distance from the bar', () => {
    const ticks = fc.constantFrom(1, 5, 25);
    fc.assert(
      fc.property(fc.array(prices, { minLength: 1, maxLength: 20 }), cents, ticks, fc.constantFrom<Side>('buy', 'sell'), (bars, start, size, side) => {
        const tickSize = inCents(size);
        let stop = inCents(start - (start % size));
        for (const one of bars) {
          const [open, high, low, close] = [one.open, one.high, one.low, one.close].map(inCents);
          if (open === undefined || high === undefined || low === undefined || close === undefined) throw new Error('a bar has four prices');
          const next = trailStop({ side, stop, tickSize }, { open, high, low, close }, DEFAULT_SETTINGS);
          if (next === null) continue;
          expect(side === 'buy' ? next.greaterThan(stop) : next.lessThan(stop)).toBe(true);
          expect(next.modulo(tickSize).isZero()).toBe(true);
          const distance = side === 'buy' ? low.minus(next) : next.minus(high);
          expect(distance.greaterThanOrEqualTo(tickSize.times(2)) && distance.lessThan(tickSize.times(3))).toBe(true);
          stop = next;
        }
      }),
    );
  });

  it('does for a short what it does for a long in the mirror', () => {
    const mirror = (units: number) => inCents(10_000 - units);
    fc.assert(
      fc.property(prices, cents, fc.constantFrom(1, 5, 25), ({ open, high, low, close }, start, size) => {
        const stop = start - (start % size);
        const long = trailStop(
          { side: 'buy', stop: inCents(stop), tickSize: inCents(size) },
          { open: inCents(open), high: inCents(high), low: inCents(low), close: inCents(close) },
          DEFAULT_SETTINGS,
        );
        const short = trailStop(
          { side: 'sell', stop: mirror(stop), tickSize: inCents(size) },
          { open: mirror(open), high: mirror(low), low: mirror(high), close: mirror(close) },
          DEFAULT_SETTINGS,
        );
        expect(short?.toFixed() ?? null).toBe(long === null ? null : inCents(10_000).minus(long).toFixed());
      }),
    );
  });
});
