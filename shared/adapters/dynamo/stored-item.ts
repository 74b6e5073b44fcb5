// What every item carries, and how one is opened.
import { SchemaTooNewError } from '../../errors.ts';
import type { Writes } from '../../schema-writes.ts';
import type { Attributes } from './attributes.ts';
import { ItemReader } from './item-reader.ts';
import { type ItemKind, kindOfKey, SORT_KEY } from './table-keys.ts';

interface Schemas {
  readonly newest: number;
  /** What the release before this one writes; it reads nothing newer. */
  readonly older: number;
}

const settled = (newest: number): Schemas => ({ newest, older: newest });

/**
 * Schemas of each kind of item: this code reads the newest and every one before, and writes the older until it is flipped.
 * Schema 2 of slots, orders and actions has stops in it: code that knows none would take a stop for a market order. Schema 3
 * has entries in parts, orders that only rest, and reductions: code of before would send a part as the whole of its entry.
 * Schema 2 of the ledger has the fence floor of a restore: code that knows none would use ids again that the venue has seen.
 */
const SCHEMAS: Readonly<Record<ItemKind, Schemas>> = {
  CAPACITY: { newest: 2, older: 1 },
  QUOTES: settled(1),
  SLOT: settled(3),
  STEAL: settled(1),
  ACTION: settled(3),
  ORDER: settled(3),
  FILL: settled(1),
  TRIP: settled(1),
  WEBHOOK: settled(1),
  MARKET: settled(1),
  RECONCILE: settled(1),
  VENUE: settled(1),
  REPORT: settled(1),
};
const OF_AN_UNKNOWN_KIND = settled(1);
export const SCHEMA = 'schema';
/** Owner token of the commit that wrote the item. */
export const OWNER = 'by';

export interface StoredItem {
  readonly sortKey: string;
  readonly reader: ItemReader;
}

const schemasOf = (sortKey: string): Schemas => {
  const kind = kindOfKey(sortKey);
  return kind === null ? OF_AN_UNKNOWN_KIND : SCHEMAS[kind];
};

/** Tells the schema that a new item is written in, by its key. */
export const schemaOf = (sortKey: string, writes: Writes): number =>
  writes === 'NEWEST' ? schemasOf(sortKey).newest : schemasOf(sortKey).older;

/** Tells whether an item may be of a newer schema than is written now: written in parts, it has to stay so. */
export const mayBeNewer = (sortKey: string, writes: Writes): boolean => schemaOf(sortKey, writes) < schemasOf(sortKey).newest;

/** Opens an item of this schema or an older one. @throws SchemaTooNewError or StoredItemError */
export const openItem = (attributes: Attributes): StoredItem => {
  const sortKey = attributes[SORT_KEY]?.S ?? 'an item';
  const reader = new ItemReader(attributes, sortKey);
  const schema = reader.whole(SCHEMA);
  const { newest } = schemasOf(sortKey);
  if (schema > newest) throw new SchemaTooNewError(sortKey, schema, newest);
  return { sortKey, reader };
};
