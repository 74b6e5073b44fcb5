import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Decimal,
  DomainInputError,
  max,
  min,
  parseDecimal,
  roundDownTo,
  roundHalfUpTo,
  roundUpTo,
  sum,
  toPlain,
} from '../../../shared/domain/decimal.ts';

const d = (text: string): Decimal => new Decimal(text);
/** An exact decimal as digits and scale, and its text. */
const exact = fc.record({ digits: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), scale: fc.integer({ min: 0, max: 16 }) });
const textOf = ({ digits, scale }: { digits: bigint; scale: number }): string => `${digits}e-${scale}`;

describe('decimals at the door', () => {
  it.each([
    ['1', '1'],
    ['-0', '0'],
    ['0.10', '0.1'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+3', '3'],
    ['1e3', '1000'],
    ['1.5E-7', '0.00000015'],
    ['0e9999', '0'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
    ['1e100', `1${'0'.repeat(100)}`],
  ])('reads %s as %s', (text, plain) => {
    expect(toPlain(parseDecimal(text, 'price'))).toBe(plain);
  });

  it.each([
    '', ' ', ' 1', '1 ', '1\n', 'NaN', 'Infinity', '-Infinity', '1e400', '1e-400', '1e101', '0x10', '0b1', '0o7',
    '1_000', '1,5', '--1', '.', 'e5', '1e', '١', 'null', '__proto__', '9'.repeat(39), `0.${'1'.repeat(39)}`, '0'.repeat(200),
  ])('refuses %j, naming the field', (text) => {
    expect(() => parseDecimal(text, 'watches[0].limit')).toThrow(DomainInputError);
    expect(() => parseDecimal(text, 'watches[0].limit')).toThrow(/^watches\[0\]\.limit: expected /);
  });

  it('says what was expected of the field', () => {
    try {
      parseDecimal('9'.repeat(39), 'quantity');
      expect('refused').toBe('accepted');
    } catch (error) {
      expect(error).toMatchObject({ field: 'quantity', expected: 'at most 38 significant digits' });
    }
  });

  it('writes what it reads, to the last digit', () => {
    fc.assert(
      fc.property(exact, (value) => {
        expect(parseDecimal(toPlain(d(textOf(value))), 'x').equals(d(textOf(value)))).toBe(true);
      }),
    );
  });
});

describe('decimal sums', () => {
  it('adds tenths without noise and an empty list to zero', () => {
    expect(toPlain(sum(Array.from({ length: 10 }, () => d('0.1'))))).toBe('1');
    expect(toPlain(sum([]))).toBe('0');
  });

  it('adds up to what whole numbers add up to, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })), (digits) => {
        const total = digits.reduce((a, b) => a + b, 0n);
        expect(toPlain(sum(digits.map((value) => d(`${value}e-18`))))).toBe(toPlain(d(`${total}e-18`)));
        expect(sum(digits.toReversed().map((value) => d(`${value}e-18`))).equals(d(`${total}e-18`))).toBe(true);
      }),
    );
  });

  it('multiplies 38 digits by 38 digits exactly', () => {
    const nines = '9'.repeat(38);
    expect(toPlain(d(nines).times(d(nines)))).toBe(String(BigInt(nines) * BigInt(nines)));
  });
});

describe('rounding to a step', () => {
  it.each([
    ['down', roundDownTo, '0.12399', '0.001', '0.123'],
    ['down', roundDownTo, '0.3', '0.1', '0.3'],
    ['down', roundDownTo, '1.1', '0.1', '1.1'],
    ['down', roundDownTo, '-1.05', '0.1', '-1.1'],
    ['down', roundDownTo, '7.3', '0.25', '7.25'],
    ['down', roundDownTo, '1', '0.3', '0.9'],
    ['up', roundUpTo, '100.0000001', '0.01', '100.01'],
    ['up', roundUpTo, '512.96', '0.05', '513'],
    ['up', roundUpTo, '-1.05', '0.1', '-1'],
    ['half up', roundHalfUpTo, '511.955', '0.01', '511.96'],
    ['half up', roundHalfUpTo, '511.9549', '0.01', '511.95'],
    ['half up', roundHalfUpTo, '0.15', '0.1', '0.2'],
    ['down', roundDownTo, '1.23', '0', '1.23'],
  ])('rounds %s', (_name, round, value, step, expected) => {
    expect(toPlain(round(d(value), d(step)))).toBe(expected);
  });

  it('ends on a whole step, on the right side and less than a step away', () => {
    const step = fc.record({ digits: fc.bigInt({ min: 1n, max: 10n ** 9n }), scale: fc.integer({ min: 0, max: 10 }) });
    fc.assert(
      fc.property(exact, step, (value, size) => {
        const [x, s] = [d(textOf(value)), d(textOf(size))];
        for (const rounded of [roundDownTo(x, s), roundUpTo(x, s), roundHalfUpTo(x, s)]) {
          expect(rounded.modulo(s).isZero()).toBe(true);
        }
        expect(roundDownTo(x, s).lte(x) && x.minus(roundDownTo(x, s)).lt(s)).toBe(true);
        expect(roundUpTo(x, s).gte(x) && roundUpTo(x, s).minus(x).lt(s)).toBe(true);
        expect(roundHalfUpTo(x, s).minus(x).abs().times(2).lte(s)).toBe(true);
      }),
    );
  });

  it('picks the smaller and the greater, the first of equals', () => {
    const [one, same, two] = [d('1.0'), d('1'), d('2')];
    expect(min(one, same)).toBe(one);
    expect(max(one, same)).toBe(one);
    expect(min(two, one)).toBe(one);
    expect(max(one, two)).toBe(two);
  });
});
