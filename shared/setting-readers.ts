// How the text of one setting becomes a value; what was expected is the issue's message.
import * as z from 'zod';
import { type Decimal, DomainInputError, parseDecimal } from './domain/decimal.ts';
import type { DistanceMode } from './domain/settings.ts';

/** What a setting has to be in words, and how it is read; undefined where the text is something else. */
export interface SettingReader<Value> {
  readonly expected: string;
  readonly read: (text: string) => Value | undefined;
}

const GREATEST_COUNT = 1_000_000_000;

/** Makes a field of a schema out of a reader; an absent setting gets its default. */
export function setting<Value>({ expected, read }: SettingReader<Value>, absent: NoInfer<Value>) {
  return z
    .string()
    .transform((text, context) => {
      const value = read(text.trim());
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .optional()
    .transform((value) => (value === undefined ? absent : value));
}

/** Reads a whole number from `least`. */
export function count(least: number): SettingReader<number> {
  return {
    expected: `a whole number from ${least} to ${GREATEST_COUNT}`,
    read: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
      return value >= least && value <= GREATEST_COUNT ? value : undefined;
    },
  };
}

/** Reads a decimal for which a condition holds. */
export function decimal(expected: string, holds: (value: Decimal) => boolean): SettingReader<Decimal> {
  return {
    expected,
    read: (text) => {
      const value = readDecimal(text);
      return value !== undefined && holds(value) ? value : undefined;
    },
  };
}

/** Reads what may also be switched off by the word `none` or an empty text. */
export function unlessNone<Value>({ expected, read }: SettingReader<Value>): SettingReader<Value | null> {
  return { expected: `none, or ${expected}`, read: (text) => (isNone(text) ? null : read(text)) };
}

/** Reads a switch. */
export const flag: SettingReader<boolean> = {
  expected: '0 or 1',
  read: (text) => (text === '0' || text === '1' ? text === '1' : undefined),
};

/** Reads a ratio below 1: a tolerance of 100 % would let everything in. */
export const tolerance = decimal('a ratio of at least 0 and less than 1', (value) => value.gte(0) && value.lt(1));

/** Reads a share, both ends included. */
export const share = decimal('a share from 0 to 1', (value) => value.gte(0) && value.lte(1));

/** Reads a number above zero. */
export const positive = decimal('a number above 0', (value) => value.gt(0));

/** Reads a number that is not negative. */
export const notNegative = decimal('a number of at least 0', (value) => value.gte(0));

/** How the settings are read that a strategy or a watch may have of its own, by their names in the environment. */
export const OWN_READERS = {
  TRIGGER_WINDOW_MINUTES: count(0),
  IGNORE_INITIAL_MINUTES: count(0),
  ORDER_TIMEOUT_MINUTES: count(1),
  EXIT_BEFORE_CLOSE_MINUTES: count(1),
  MAX_ATTEMPTS: count(1),
  MAX_ORDER_RETRIES: count(0),
  INITIAL_STOP_TICKS: count(1),
  TRAIL_TICKS: count(0),
  TAKE_PROFIT_MULTIPLE: positive,
  LIMIT_STOP_RATIO: decimal('a ratio above 0 and less than 1', (value) => value.gt(0) && value.lt(1)),
  BAR_MINUTES: count(1),
} as const;

/** Reads how distance is measured (WS-3). */
export const distanceMode: SettingReader<DistanceMode> = {
  expected: 'absolute or side-aware',
  read: (text) => (text === 'absolute' || text === 'side-aware' ? text : undefined),
};

/** Reads a list of group names (WS-3). */
export const groups: SettingReader<readonly string[]> = {
  expected: 'none, or group names separated by commas',
  read: (text) => {
    if (isNone(text)) return [];
    const names = text.split(',').map((name) => name.trim());
    return names.every((name) => name !== '') ? names : undefined;
  },
};

function isNone(text: string): boolean {
  return text === '' || text === 'none';
}

function readDecimal(text: string): Decimal | undefined {
  try {
    return parseDecimal(text, 'setting');
  } catch (cause) {
    if (cause instanceof DomainInputError) return undefined;
    throw cause;
  }
}
