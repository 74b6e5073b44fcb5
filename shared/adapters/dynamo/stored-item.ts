// What every item carries, and how one is opened.
import { SchemaTooNewError } from '../../errors.ts';
import type { Attributes } from './attributes.ts';
import { ItemReader } from './item-reader.ts';
import { type ItemKind, kindOfKey, SORT_KEY } from './table-keys.ts';

/**
 * Highest schema of each kind of item that this code reads, and the one it writes; it reads the ones before as well.
 * Schema 2 of slots, orders and actions has stops in it: code that knows none would take a stop for a market order. Schema 3
 * has entries in parts, orders that only rest, and reductions: code of before would send a part as the whole of its entry.
 */
const NEWEST: Readonly<Record<ItemKind, number>> = {
  CAPACITY: 1,
  QUOTES: 1,
  SLOT: 3,
  STEAL: 1,
  ACTION: 3,
  ORDER: 3,
  FILL: 1,
  TRIP: 1,
  WEBHOOK: 1,
  MARKET: 1,
  RECONCILE: 1,
  VENUE: 1,
};
const OF_AN_UNKNOWN_KIND = 1;
export const SCHEMA = 'schema';
/** Owner token of the commit that wrote the item. */
export const OWNER = 'by';

export interface StoredItem {
  readonly sortKey: string;
  readonly reader: ItemReader;
}

/** Tells the schema that an item is written in, by its key. */
export const schemaOf = (sortKey: string): number => {
  const kind = kindOfKey(sortKey);
  return kind === null ? OF_AN_UNKNOWN_KIND : NEWEST[kind];
};

/** Opens an item of this schema or an older one. @throws SchemaTooNewError or StoredItemError */
export const openItem = (attributes: Attributes): StoredItem => {
  const sortKey = attributes[SORT_KEY]?.S ?? 'an item';
  const reader = new ItemReader(attributes, sortKey);
  const schema = reader.whole(SCHEMA);
  const newest = schemaOf(sortKey);
  if (schema > newest) throw new SchemaTooNewError(sortKey, schema, newest);
  return { sortKey, reader };
};
