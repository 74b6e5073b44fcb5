// What the rules found, and whether it is what a case expects.
import { Decimal, DomainInputError, parseDecimal, toPlain } from '../../shared/domain/decimal.ts';
import type { Millis } from '../../shared/domain/instant.ts';
import { parseInstant } from './field.ts';

const NEAR = new Decimal('1e-9');

/** An instant among the results, so that it is compared as one. */
export class Instant {
  readonly at: Millis;

  constructor(at: Millis) {
    this.at = at;
  }
}

/** A number of the one float model (FP-1) among the results: a case states it to nine places. */
export class Approximate {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

type Leaf = Decimal | Instant | Approximate;

/** A result: decimals and instants keep their type, so that texts are never compared as numbers. */
export type Found =
  | null
  | undefined
  | boolean
  | number
  | string
  | Leaf
  | readonly Found[]
  | { readonly [field: string]: Found };

/** Tells whether a result holds everything that is expected: fields not named are not compared, lists in full. */
export function matches(expected: unknown, found: Found): boolean {
  if (isNothing(expected) || isNothing(found)) return isNothing(expected) && isNothing(found);
  if (typeof found !== 'object') return expected === found;
  if (isLeaf(found)) return isSame(expected, found);
  return isList(found) ? matchesList(expected, found) : matchesMembers(expected, found);
}

/** Writes a result the way cases are written. */
export function toJson(found: Found): unknown {
  if (found instanceof Decimal) return toPlain(found);
  if (found instanceof Instant) return new Date(found.at).toISOString();
  if (found instanceof Approximate) return String(found.value);
  if (found === null || typeof found !== 'object') return found;
  if (isList(found)) return found.map(toJson);
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, toJson(value)]));
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isLeaf(found: object): found is Leaf {
  return found instanceof Decimal || found instanceof Instant || found instanceof Approximate;
}

function isSame(expected: unknown, found: Leaf): boolean {
  if (found instanceof Decimal) return isSameDecimal(expected, found);
  return found instanceof Instant ? isSameInstant(expected, found) : isNear(expected, found);
}

function isSameInstant(expected: unknown, found: Instant): boolean {
  return typeof expected === 'string' && parseInstant(expected) === found.at;
}

function isList(found: readonly Found[] | { readonly [field: string]: Found }): found is readonly Found[] {
  return Array.isArray(found);
}

function matchesList(expected: unknown, found: readonly Found[]): boolean {
  if (!Array.isArray(expected) || expected.length !== found.length) return false;
  return found.every((item, index) => matches(expected[index], item));
}

function matchesMembers(expected: unknown, found: { readonly [field: string]: Found }): boolean {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return false;
  const members = new Map(Object.entries(found));
  return Object.entries(expected).every(([name, value]) => matches(value, members.get(name)));
}

function isSameDecimal(expected: unknown, found: Decimal): boolean {
  return expectedDecimal(expected)?.equals(found) === true;
}

function isNear(expected: unknown, found: Approximate): boolean {
  return expectedDecimal(expected)?.minus(found.value).abs().lessThanOrEqualTo(NEAR) === true;
}

function expectedDecimal(expected: unknown): Decimal | null {
  if (typeof expected !== 'string') return null;
  try {
    return parseDecimal(expected, 'expected');
  } catch (cause) {
    if (cause instanceof DomainInputError) return null;
    throw cause;
  }
}
