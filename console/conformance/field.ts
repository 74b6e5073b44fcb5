// One value of a case file together with its path, so that whatever is wrong can be named.
import { DateTime } from 'luxon';
import { Decimal, DomainInputError, parseDecimal } from '../../shared/domain/decimal.ts';
import type { Millis } from '../../shared/domain/instant.ts';
import { MalformedFieldError } from './malformed.ts';

const ZONED_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})$/;
const NOT_PRICES: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/** A value as it stands in a file; every reader throws MalformedFieldError naming the path. */
export class Field {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  /** Finds a member of an object; an absent one is a field without a value. */
  at(name: string): Field {
    const member = new Map(this.members()).get(name);
    return new Field(`${this.path}.${name}`, member);
  }

  /** Reads the members of an object. */
  members(): [string, unknown][] {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.malformed('an object');
    return Object.entries(this.value);
  }

  /** Reads a list item by item. */
  list<Item>(read: (item: Field) => Item): Item[] {
    if (!Array.isArray(this.value)) throw this.malformed('a list');
    const items: unknown[] = this.value;
    return items.map((item, index) => read(new Field(`${this.path}[${index}]`, item)));
  }

  /** Reads what may be null or absent. */
  orNull<Value>(read: (field: Field) => Value): Value | null {
    return this.value === null || this.value === undefined ? null : read(this);
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.malformed('a text');
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.malformed('true or false');
    return this.value;
  }

  integer(): number {
    if (!Number.isSafeInteger(this.value) || typeof this.value !== 'number') throw this.malformed('a whole number');
    return this.value;
  }

  /** Reads one of a few words. */
  choice<Word extends string>(...words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) throw this.malformed(words.join(' or '));
    return word;
  }

  /** Reads an exact decimal, which stands as a text. */
  decimal(): Decimal {
    const text = this.value;
    if (typeof text !== 'string') throw this.malformed('a decimal as a text');
    try {
      return parseDecimal(text, this.path);
    } catch (cause) {
      if (cause instanceof DomainInputError) throw this.malformed(cause.expected);
      throw cause;
    }
  }

  /** Reads a price, which may also be one of the words that are no price. */
  price(): Decimal {
    return typeof this.value === 'string' && NOT_PRICES.has(this.value) ? new Decimal(this.value) : this.decimal();
  }

  /** Reads a time, ISO-8601 with its zone. */
  time(): Millis {
    const at = typeof this.value === 'string' ? parseInstant(this.value) : null;
    if (at === null) throw this.malformed('a time like 2025-01-15T10:00:00-05:00');
    return at;
  }

  malformed(expected: string): MalformedFieldError {
    return new MalformedFieldError(this.path, expected, this.value);
  }
}

/** Reads an instant from ISO-8601 with a zone; null for anything else. */
export function parseInstant(text: string): Millis | null {
  const time = ZONED_TIME.test(text) ? DateTime.fromISO(text) : null;
  return time?.isValid === true ? time.toMillis() : null;
}
