// The only number type of money, prices, quantities and ratios.
import { Decimal as BaseDecimal } from 'decimal.js';

/** The one decimal.js clone: 80 digits, half up, exponents wide enough that no product is rounded away. */
export const Decimal = BaseDecimal.clone({
  precision: 80,
  rounding: BaseDecimal.ROUND_HALF_UP,
  minE: -9e15,
  maxE: 9e15,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = BaseDecimal;

/** Nothing, as a decimal. */
export const ZERO: Decimal = new Decimal(0);

/** Digits a number may have at the door: what the store keeps exactly. */
export const MAX_DIGITS = 38;
/** Places after the point that money may have: a sum of the store keeps its last digit. */
export const MONEY_PLACES = 20;
/** Digits before the point that money may have, for the same reason. */
export const LEDGER_DIGITS = 17;
const MAX_TEXT = 140;
const GREATEST_EXPONENT = 100;
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;

/** Says which field of an input is not what it has to be. */
export class DomainInputError extends Error {
  readonly field: string;
  readonly expected: string;

  constructor(field: string, expected: string, found: string) {
    super(`${field}: expected ${expected}, found ${found}`);
    this.name = 'DomainInputError';
    this.field = field;
    this.expected = expected;
  }
}

/**
 * Reads an exact decimal from text and refuses what no store could keep: more than 38 significant
 * digits, NaN, Infinity, hexadecimals, blanks. Throws DomainInputError naming the field.
 */
export function parseDecimal(text: string, field: string): Decimal {
  if (text.length > MAX_TEXT || !PLAIN_NUMBER.test(text)) {
    throw new DomainInputError(field, 'a decimal number', JSON.stringify(text.slice(0, MAX_TEXT)));
  }
  const value = new Decimal(text);
  if (value.isZero()) return ZERO;
  if (value.precision() > MAX_DIGITS) {
    throw new DomainInputError(field, `at most ${MAX_DIGITS} significant digits`, JSON.stringify(text));
  }
  if (Math.abs(value.e) > GREATEST_EXPONENT) {
    throw new DomainInputError(field, `a number between 1e-${GREATEST_EXPONENT} and 1e${GREATEST_EXPONENT}`, JSON.stringify(text));
  }
  return value;
}

/** Writes a decimal in full: no exponent, no trailing zeros, no negative zero. */
export function toPlain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** Adds up a list; an empty one is zero. */
export function sum(list: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of list) total = total.plus(value);
  return total;
}

/** Cuts money to what the ledger keeps, towards minus infinity; what is within it stays as it is. */
export function moneyOf(value: Decimal): Decimal {
  return value.toDecimalPlaces(MONEY_PLACES, Decimal.ROUND_FLOOR);
}

/** Rounds towards minus infinity to a whole multiple of the step (EX-10). A step of zero leaves the value as it is. */
export function roundDownTo(value: Decimal, step: Decimal): Decimal {
  return toMultiple(value, step, Decimal.ROUND_FLOOR);
}

/** Rounds towards plus infinity to a whole multiple of the step (EX-10). A step of zero leaves the value as it is. */
export function roundUpTo(value: Decimal, step: Decimal): Decimal {
  return toMultiple(value, step, Decimal.ROUND_CEIL);
}

/** Rounds to the nearest whole multiple of the step, halves away from zero. A step of zero leaves the value as it is. */
export function roundHalfUpTo(value: Decimal, step: Decimal): Decimal {
  return toMultiple(value, step, Decimal.ROUND_HALF_UP);
}

/** The smaller of two; the first when they are equal. */
export function min(a: Decimal, b: Decimal): Decimal {
  return b.lessThan(a) ? b : a;
}

/** The greater of two; the first when they are equal. */
export function max(a: Decimal, b: Decimal): Decimal {
  return b.greaterThan(a) ? b : a;
}

function toMultiple(value: Decimal, step: Decimal, rounding: BaseDecimal.Rounding): Decimal {
  if (step.isZero()) return value;
  // The quotient of two 38-digit numbers may not terminate within 80 digits and could then round up
  // to a whole number; the remainder is exact, so whole steps are cut off first.
  const remainder = value.modulo(step);
  if (remainder.isZero()) return value;
  const whole = value.minus(remainder);
  return whole.plus(remainder.dividedBy(step).toDecimalPlaces(0, rounding).times(step));
}
