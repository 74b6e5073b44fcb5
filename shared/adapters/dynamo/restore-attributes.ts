// What the ledger keeps of a restore: the part of its schema 2.
import type { Restore } from '../../domain/account.ts';
import type { Change } from '../../domain/decision.ts';
import { SchemaNotFlippedError } from '../../errors.ts';
import type { Writes } from '../../schema-writes.ts';
import type { Attributes } from './attributes.ts';
import { flag, text, whole } from './attributes.ts';
import { assign, type Phrase } from './expression.ts';
import type { ItemReader } from './item-reader.ts';
import { CAPACITY_KEY } from './table-keys.ts';

export const RESTORE = {
  fenceFloor: 'fenceFloor',
  table: 'restoredTable',
  at: 'restoredAt',
  isOpen: 'restoreOpen',
} as const satisfies Record<keyof Restore, string>;

/** Writes a restore; one that never was leaves nothing. */
export const writeRestore = (restore: Restore | null): Attributes =>
  restore === null
    ? {}
    : {
        [RESTORE.fenceFloor]: whole(restore.fenceFloor),
        [RESTORE.table]: text(restore.table),
        [RESTORE.at]: whole(restore.at),
        [RESTORE.isOpen]: flag(restore.isOpen),
      };

/** Reads a restore; a ledger of schema 1 has none. @throws StoredItemError */
export const readRestore = (reader: ItemReader): Restore | null =>
  reader.maybe(RESTORE.fenceFloor, () => ({
    fenceFloor: reader.whole(RESTORE.fenceFloor),
    table: reader.text(RESTORE.table),
    at: reader.whole(RESTORE.at),
    isOpen: reader.flag(RESTORE.isOpen),
  }));

/** Says a restore as assignments. */
export const sayRestore = (restore: Restore): readonly Phrase[] =>
  Object.entries(writeRestore(restore)).map(([name, value]) => assign([name], value));

const needsNewest = (change: Change): boolean =>
  change.kind === 'RESTORE' || (change.kind === 'EQUITY' && change.before === null && change.after.restore !== null);

/** @throws SchemaNotFlippedError where something is to be kept that the schema written now has no place for */
export const requireNewest = (changes: readonly Change[], writes: Writes): void => {
  if (writes === 'OLDER' && changes.some(needsNewest)) throw new SchemaNotFlippedError(CAPACITY_KEY, 'a fence floor');
};
