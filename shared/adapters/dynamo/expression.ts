// Expressions in DynamoDB's language. Every attribute is aliased, since many of our names are reserved words there.
import type { Attributes, AttributeValue } from './attributes.ts';

/** What an expression names attributes and values by. */
export interface Words {
  path(path: readonly string[]): string;
  value(value: AttributeValue): string;
}

/** A part of an expression, said in the words given. */
export type Phrase = (words: Words) => string;

/** Words for the request: aliases, collected with what they stand for. */
export class Aliases implements Words {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  readonly #known = new Map<string, string>();

  path(path: readonly string[]): string {
    return path.map((name) => this.#alias(name)).join('.');
  }

  value(value: AttributeValue): string {
    const alias = `:v${Object.keys(this.values).length}`;
    this.values[alias] = value;
    return alias;
  }

  #alias(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const alias = `#n${this.#known.size}`;
    this.#known.set(name, alias);
    this.names[alias] = name;
    return alias;
  }
}

/** Words for people: what a failed condition expected. */
export const PLAIN_WORDS: Words = {
  path: (path) => path.join('.'),
  value: (value) => plainValue(value),
};

/** A value as a person reads it. */
export const plainValue = (value: AttributeValue | undefined): string => {
  if (value === undefined) return 'nothing';
  return value.S ?? value.N ?? JSON.stringify(value);
};

/** What stands at a path of an item. */
export const valueAt = (item: Attributes, path: readonly string[]): AttributeValue | undefined => {
  const [first, ...rest] = path;
  if (first === undefined) return undefined;
  const value = item[first];
  return rest.length === 0 ? value : valueAt(value?.M ?? {}, rest);
};

export const assign = (path: readonly string[], value: AttributeValue): Phrase => (words) => `${words.path(path)} = ${words.value(value)}`;

/** Gives a value to what has none, and leaves what has one as it is. */
export const assignIfAbsent = (name: string, value: AttributeValue): Phrase => (words) => {
  const path = words.path([name]);
  return `${path} = if_not_exists(${path}, ${words.value(value)})`;
};

/** Adds to a number in place that may not be there yet, and then counts from nothing. */
export const addToCount = (name: string, difference: AttributeValue): Phrase => (words) => {
  const path = words.path([name]);
  return `${path} = if_not_exists(${path}, ${words.value({ N: '0' })}) + ${words.value(difference)}`;
};

/** Adds to a number in place: the order in which two additions come does not matter. */
export const add = (name: string, difference: AttributeValue): Phrase => (words) => {
  const path = words.path([name]);
  return `${path} = ${path} + ${words.value(difference)}`;
};
