// Reads attributes back, exactly, and says what and where when an item is not what it has to be.
import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { Attributes, AttributeValue } from './attributes.ts';

/** Says which attribute of a stored item is missing or of another type than expected. */
export class StoredItemError extends Error {
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected} in the table`);
    this.name = 'StoredItemError';
  }
}

/** The attributes of one item or document by name; each reader throws StoredItemError naming the place. */
export class ItemReader {
  readonly #values: Attributes;
  readonly #path: string;

  constructor(values: Attributes, path: string) {
    this.#values = values;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  names(): readonly string[] {
    return Object.keys(this.#values);
  }

  text(name: string): string {
    return this.#given(name, 'text', this.#values[name]?.S);
  }

  whole(name: string): number {
    return readWhole(this.#given(name, 'a whole number', this.#values[name]?.N), this.#at(name));
  }

  decimal(name: string): Decimal {
    return new Decimal(this.#given(name, 'a number', this.#values[name]?.N));
  }

  flag(name: string): boolean {
    return this.#given(name, 'true or false', this.#values[name]?.BOOL);
  }

  document(name: string): ItemReader {
    return new ItemReader(this.#given(name, 'a map', this.#values[name]?.M), this.#at(name));
  }

  documents(name: string): readonly ItemReader[] {
    return this.#list(name).map((value, index) => {
      const at = `${this.#at(name)}[${index}]`;
      if (value.M === undefined) throw new StoredItemError(at, 'a map');
      return new ItemReader(value.M, at);
    });
  }

  numbers(name: string): readonly string[] {
    return this.#list(name).map((value, index) => {
      if (value.N === undefined) throw new StoredItemError(`${this.#at(name)}[${index}]`, 'a number');
      return value.N;
    });
  }

  /** Reads one of the texts named, as its own type. */
  choice<Allowed extends string>(name: string, allowed: readonly Allowed[]): Allowed {
    const found = this.text(name);
    return this.#given(name, allowed.join(' or '), allowed.find((word) => word === found));
  }

  /** Reads what may be absent. */
  maybe<Value>(name: string, read: (reader: this, name: string) => Value): Value | null {
    return this.has(name) ? read(this, name) : null;
  }

  textOrNull(name: string): string | null {
    return this.maybe(name, () => this.text(name));
  }

  wholeOrNull(name: string): number | null {
    return this.maybe(name, () => this.whole(name));
  }

  decimalOrNull(name: string): Decimal | null {
    return this.maybe(name, () => this.decimal(name));
  }

  /** Reads an amount that is left out where it is nothing. */
  amount(name: string): Decimal {
    return this.decimalOrNull(name) ?? ZERO;
  }

  /** Reads a count that is left out where it is nothing. */
  count(name: string): number {
    return this.wholeOrNull(name) ?? 0;
  }

  /** Tells whether a null was written, and not just nothing. */
  isNull(name: string): boolean {
    return this.#values[name]?.NULL === true;
  }

  #list(name: string): readonly AttributeValue[] {
    return this.#given(name, 'a list', this.#values[name]?.L);
  }

  #at(name: string): string {
    return `${this.#path}.${name}`;
  }

  #given<Value>(name: string, expected: string, value: Value | undefined): Value {
    if (value === undefined) throw new StoredItemError(this.#at(name), expected);
    return value;
  }
}

/** Reads a whole number that fits a double. @throws StoredItemError */
export const readWhole = (digits: string, path: string): number => {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new StoredItemError(path, 'a whole number');
  return value;
};
