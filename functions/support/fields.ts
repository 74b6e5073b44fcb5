// The fields that come in from outside, each with the words that a caller reads when it is wrong.
import * as z from 'zod';
import { Decimal, DomainInputError, MAX_DIGITS, parseDecimal } from '../../shared/domain/decimal.ts';

const DECIMAL_WORDS = 'a decimal string such as "101.5"';
const GREATEST = new Decimal('1e15');
const SMALLEST = new Decimal('1e-18');

type Range = 'POSITIVE' | 'NOT_NEGATIVE' | 'ANY' | 'SHARE';

const RANGES: Readonly<Record<Range, { readonly holds: (value: Decimal) => boolean; readonly words: string }>> = {
  POSITIVE: {
    holds: (value) => value.greaterThanOrEqualTo(SMALLEST) && value.lessThanOrEqualTo(GREATEST),
    words: 'a decimal string from 1e-18 to 1e15',
  },
  NOT_NEGATIVE: {
    holds: (value) => value.isZero() || (value.greaterThanOrEqualTo(SMALLEST) && value.lessThanOrEqualTo(GREATEST)),
    words: 'a decimal string, "0" or from 1e-18 to 1e15',
  },
  ANY: { holds: (value) => value.abs().lessThanOrEqualTo(GREATEST), words: 'a decimal string from -1e15 to 1e15' },
  SHARE: {
    holds: (value) => !value.isNegative() && value.lessThan(1),
    words: 'a decimal string from "0" to below "1"',
  },
};

/** Reads an exact decimal of at most 38 digits inside a range; a JSON number has lost digits already and is refused. */
export const decimalField = (range: Range) =>
  z.string({ error: DECIMAL_WORDS }).transform((text, context) => {
    const value = decimalOf(text);
    if (value instanceof Decimal && RANGES[range].holds(value)) return value;
    context.issues.push({ code: 'custom', input: text, message: value instanceof Decimal ? RANGES[range].words : value });
    return z.NEVER;
  });

const decimalOf = (text: string): Decimal | string => {
  try {
    const value = parseDecimal(text, 'number');
    return value.decimalPlaces() > MAX_DIGITS ? `at most ${MAX_DIGITS} places after the point` : value;
  } catch (error) {
    if (!(error instanceof DomainInputError)) throw error;
    return error.expected === 'a decimal number' ? DECIMAL_WORDS : error.expected;
  }
};

/** Reads a name of 1 to `longest` letters, digits and `. _ : -`, beginning with a letter or a digit. */
export const nameField = (longest: number) => {
  const words = `1 to ${longest} letters, digits or ._:- with a letter or digit first`;
  return z.string({ error: words }).regex(new RegExp(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,${longest - 1}}$`), { error: words });
};

const SYMBOL_WORDS = 'a symbol of 1 to 32 letters and digits with at most one of . / _ -';

/** Reads a symbol in any spelling (EW-4). */
export const symbolField = z
  .string({ error: SYMBOL_WORDS })
  .max(32, { error: SYMBOL_WORDS })
  .regex(/^[A-Za-z0-9]+(?:[./_-][A-Za-z0-9]+)?$/, { error: SYMBOL_WORDS });

const LATEST_INSTANT = 8_640_000_000_000_000;

/** Reads a point in time, whole epoch milliseconds. */
export const instantField = wholeField(0, LATEST_INSTANT, 'whole epoch milliseconds');

const FIRST_TRADE = Date.UTC(2000, 0, 1);
const LAST_TRADE = Date.UTC(2100, 0, 1);

/** Reads when something was traded: seconds or microseconds in the place of milliseconds would make a position old or unborn. */
export const recentField = wholeField(FIRST_TRADE, LAST_TRADE, 'whole epoch milliseconds of this century');

/** Reads a whole number from least to greatest. */
export function wholeField(least: number, greatest: number, words = `a whole number from ${least} to ${greatest}`) {
  return z.int({ error: words }).min(least, { error: words }).max(greatest, { error: words });
}

const TABLE_WORDS = 'the name of the restored table';

/** Reads the name of a table. */
export const tableField = z.string({ error: TABLE_WORDS }).regex(/^[\w.-]{3,255}$/, { error: TABLE_WORDS });

/** Reads one of a few words. */
export const choiceField = <const Words extends readonly [string, ...string[]]>(choices: Words) =>
  z.enum(choices, { error: `one of ${choices.join(', ')}` });
