// Read and write units, as the table bills them.
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Attributes, AttributeValue } from './attributes.ts';
import type { Write } from './write.ts';

export interface Units {
  readonly read: number;
  readonly write: number;
}

const WRITE_UNIT_BYTES = 1024;
const UNITS_IN_TRANSACTION = 2;
const NUMBER_OVERHEAD = 1;
const NESTED_OVERHEAD = 3;
const MEMBER_OVERHEAD = 1;

/** Adds up what an answer says was used. */
export const consumedUnits = (consumed: ConsumedCapacity | readonly ConsumedCapacity[] | undefined): number => {
  if (consumed === undefined) return 0;
  const parts = 'length' in consumed ? consumed : [consumed];
  return parts.reduce((total, part) => total + (part.CapacityUnits ?? 0), 0);
};

/** Write units of writes whose answer does not tell: refused ones are billed as well. */
export const writeUnitsOf = (writes: readonly Write[], inTransaction: boolean): number =>
  writes.reduce((total, write) => total + unitsOf(write), 0) * (inTransaction ? UNITS_IN_TRANSACTION : 1);

const unitsOf = (write: Write): number => {
  const size = write.kind === 'CHECK' ? 0 : sizeOf(write.attributes);
  return Math.max(1, Math.ceil(size / WRITE_UNIT_BYTES));
};

/** Bytes of an item as DynamoDB counts them: names and values in UTF-8, two digits of a number a byte. */
export const sizeOf = (attributes: Attributes): number =>
  Object.entries(attributes).reduce((total, [name, value]) => total + Buffer.byteLength(name) + sizeOfValue(value), 0);

const sizeOfValue = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + NUMBER_OVERHEAD;
  if (value.M !== undefined) return NESTED_OVERHEAD + sizeOf(value.M) + Object.keys(value.M).length * MEMBER_OVERHEAD;
  if (value.L !== undefined) return NESTED_OVERHEAD + value.L.reduce((total, member) => total + sizeOfValue(member) + MEMBER_OVERHEAD, 0);
  return 1;
};
