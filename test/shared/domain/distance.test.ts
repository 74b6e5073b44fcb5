import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDistance, distance, distanceOf, isWithin } from '../../../shared/domain/distance.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { isUsableQuote, newerQuote } from '../../../shared/domain/quote.ts';
import { NOW, decimal, quote } from './book.ts';

const settings = { quoteMaxAgeSeconds: 120 };

/** A price as a whole number of 10^-8, so that ratios can be compared as fractions of whole numbers. */
const units = fc.bigInt({ min: 1n, max: 10n ** 19n });
const price = (value: bigint): Decimal => new Decimal(`${value}e-8`);
const gap = (p: bigint, l: bigint): bigint => (p > l ? p - l : l - p);

describe('WS-1 usable quotes', () => {
  it('takes a price up to its greatest age and up to a second ahead of the clock', () => {
    for (const age of [0, 1, 120, -1]) expect(isUsableQuote(quote('100', age), NOW, settings)).toBe(true);
  });

  it('refuses what is missing, no number, not above zero, stale or from the future', () => {
    const refused = [
      null, quote('0'), quote('-1'), quote('NaN'), quote('Infinity'), quote('-Infinity'), quote('100', 121), quote('100', -2),
      { price: decimal('100'), at: NOW - 120_001 }, { price: decimal('100'), at: NOW + 1001 },
    ];
    for (const one of refused) expect(isUsableQuote(one, NOW, settings)).toBe(false);
  });

  it('never lets an older price replace a newer one, nor one of the same instant the known one', () => {
    const [older, newer] = [quote('1', 9), quote('2', 3)];
    expect(newerQuote(older, newer)).toBe(newer);
    expect(newerQuote(newer, older)).toBe(newer);
    expect(newerQuote(newer, quote('3', 3))).toBe(newer);
    expect(newerQuote(null, older)).toBe(older);
    expect(newerQuote(older, null)).toBe(older);
    expect(newerQuote(null, null)).toBeNull();
  });
});

describe('WS-1 distance', () => {
  it('is the same above and below the limit', () => {
    expect(distance(decimal('100'), decimal('100.3'))?.toFixed()).toBe('0.003');
    expect(distance(decimal('100'), decimal('99.7'))?.toFixed()).toBe('0.003');
    expect(distance(decimal('100'), decimal('100'))?.toFixed()).toBe('0');
  });

  it('does not exist without a limit or a price above zero', () => {
    for (const bad of ['0', '-5', 'NaN', 'Infinity']) {
      expect(distance(decimal(bad), decimal('100'))).toBeNull();
      expect(distance(decimal('100'), decimal(bad))).toBeNull();
      expect(isWithin(decimal(bad), decimal('100'), decimal('9'))).toBe(false);
      expect(isWithin(decimal('100'), decimal(bad), decimal('9'))).toBe(false);
    }
  });

  it('does not exist without a usable quote or a limit', () => {
    expect(distanceOf(decimal('100'), quote('101', 121), NOW, settings)).toBeNull();
    expect(distanceOf(decimal('100'), null, NOW, settings)).toBeNull();
    expect(distanceOf(null, quote('101'), NOW, settings)).toBeNull();
    expect(distanceOf(decimal('100'), quote('101'), NOW, settings)?.toFixed()).toBe('0.01');
  });

  it('is compared with a bound as a fraction: no rounding decides', () => {
    fc.assert(
      fc.property(units, units, fc.bigInt({ min: 0n, max: 10n ** 10n }), (p, l, b) => {
        const bound = new Decimal(`${b}e-9`);
        expect(isWithin(price(l), price(p), bound)).toBe(gap(p, l) * 10n ** 9n <= b * l);
      }),
    );
  });

  it('at a bound holds, one unit past it does not', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), (l) => {
        const limit = l * 1000n;
        expect(isWithin(price(limit), price(limit + 4n * l), decimal('0.004'))).toBe(true);
        expect(isWithin(price(limit), price(limit + 4n * l + 1n), decimal('0.004'))).toBe(false);
      }),
    );
  });

  it('is compared with another as a fraction, and scaling one of them changes nothing', () => {
    fc.assert(
      fc.property(units, units, units, units, fc.integer({ min: 1, max: 999 }), (p1, l1, p2, l2, factor) => {
        const [a, b] = [{ limit: price(l1), price: price(p1) }, { limit: price(l2), price: price(p2) }];
        const difference = gap(p1, l1) * l2 - gap(p2, l2) * l1;
        expect(Math.sign(compareDistance(a, b))).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
        const scaled = { limit: a.limit.times(factor), price: a.price.times(factor) };
        expect(compareDistance(a, scaled)).toBe(0);
      }),
    );
  });

  it('finds a third equal to a third', () => {
    const third = { limit: decimal('3'), price: decimal('4') };
    expect(compareDistance(third, { limit: decimal('0.0000021'), price: decimal('0.0000028') })).toBe(0);
  });
});
