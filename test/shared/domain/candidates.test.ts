import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CandidateOrder, compareCandidates, rankCandidates } from '../../../shared/domain/candidates.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { compareText } from '../../../shared/domain/text-order.ts';
import { NOW, anOrder, decimal, quote } from './book.ts';

const order = (clientOrderId: string, changes: Partial<CandidateOrder> = {}): CandidateOrder => anOrder({ clientOrderId, ...changes });
const ranked = (...orders: CandidateOrder[]): string[] =>
  rankCandidates('MSFT', orders, DEFAULT_SETTINGS, NOW).candidates.map((candidate) => candidate.clientOrderId);

describe('WS-4 order of candidates', () => {
  it('tries the furthest first, whatever it forecasts', () => {
    expect(ranked(order('near', { forecastPnl: decimal('-9') }), order('far', { quote: quote('80'), forecastPnl: decimal('9') }))).toEqual([
      'far',
      'near',
    ]);
  });

  it('then the lowest forecast, unknown counting as zero', () => {
    expect(
      ranked(order('best', { forecastPnl: decimal('2') }), order('none', { forecastPnl: null }), order('worst', { forecastPnl: decimal('-1') })),
    ).toEqual(['worst', 'none', 'best']);
  });

  it('then the oldest, then the client order id', () => {
    expect(ranked(order('young', { createdAt: NOW }), order('old', { createdAt: 5 }))).toEqual(['old', 'young']);
    expect(ranked(order('b'), order('a'), order('B'))).toEqual(['B', 'a', 'b']);
  });

  it('takes equal ratios for equal, however prices are scaled', () => {
    const third = order('older', { limit: decimal('0.0003'), quote: quote('0.0004'), createdAt: 1 });
    expect(ranked(order('younger', { limit: decimal('3'), quote: quote('4'), createdAt: 2 }), third)).toEqual(['older', 'younger']);
  });

  it('leaves protected orders out and says why', () => {
    const { candidates, protectedOrders } = rankCandidates(
      'MSFT',
      [order('free'), order('probe', { mode: 'probe' }), order('near', { quote: quote('100') })],
      DEFAULT_SETTINGS,
      NOW,
    );
    expect(candidates.map((candidate) => candidate.clientOrderId)).toEqual(['free']);
    expect([...protectedOrders]).toEqual([['probe', 'PROBE'], ['near', 'NEAR_EXECUTION']]);
  });

  it('finds nobody in an empty book, and changes none it is given', () => {
    expect(ranked()).toEqual([]);
    const orders = Object.freeze([order('b'), order('a')]);
    expect(ranked(...orders)).toEqual(['a', 'b']);
    expect(orders.map((one) => one.clientOrderId)).toEqual(['b', 'a']);
  });

  it('is one order for every shuffle of a book', () => {
    const few = fc.integer({ min: 1, max: 3 });
    const orders = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), scale: few, gap: few, pnl: few, age: few }),
      { selector: (one) => one.id, minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(orders, fc.infiniteStream(fc.nat()), (specs, chance) => {
        const book = specs.map(({ id, scale, gap, pnl, age }) =>
          order(id, {
            limit: decimal('100').times(scale),
            quote: { price: decimal('100').plus(gap).times(scale), at: NOW },
            forecastPnl: pnl === 3 ? null : decimal(String(pnl - 1)),
            createdAt: NOW - age,
          }),
        );
        const keys = new Map(book.map((one) => [one, chance.next().value]));
        const shuffled = book.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        expect(ranked(...shuffled)).toEqual(ranked(...book));
        for (const [a, b] of book.flatMap((x) => book.map((y) => [x, y] as const))) {
          expect(Math.sign(compareCandidates(a, b))).toBe(-Math.sign(compareCandidates(b, a)) + 0);
          if (a !== b) expect(compareCandidates(a, b)).not.toBe(0);
        }
      }),
    );
  });

  it('compares ids by code point, not by UTF-16 unit', () => {
    expect(compareText('\u{1F600}', '\uFF5E')).toBeGreaterThan(0);
    expect(compareText('a', 'ab')).toBeLessThan(0);
    expect(compareText('ab', 'ab')).toBe(0);
  });
});
