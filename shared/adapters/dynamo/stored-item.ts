// What every item carries, and how one is opened.
import { SchemaTooNewError } from '../../errors.ts';
import type { Attributes } from './attributes.ts';
import { ItemReader } from './item-reader.ts';
import { SORT_KEY } from './table-keys.ts';

/** Highest item schema this code reads and the one it writes. */
export const ITEM_SCHEMA = 1;
export const SCHEMA = 'schema';
/** Owner token of the commit that wrote the item. */
export const OWNER = 'by';

export interface StoredItem {
  readonly sortKey: string;
  readonly reader: ItemReader;
}

/** Opens an item of this schema or an older one. @throws SchemaTooNewError or StoredItemError */
export const openItem = (attributes: Attributes): StoredItem => {
  const sortKey = attributes[SORT_KEY]?.S ?? 'an item';
  const reader = new ItemReader(attributes, sortKey);
  const schema = reader.whole(SCHEMA);
  if (schema > ITEM_SCHEMA) throw new SchemaTooNewError(sortKey, schema, ITEM_SCHEMA);
  return { sortKey, reader };
};
