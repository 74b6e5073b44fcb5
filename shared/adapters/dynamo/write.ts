// One item's write, and how it is said to DynamoDB, alone or in a transaction.
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributes.ts';
import { text, whole } from './attributes.ts';
import type { Clause } from './conditions.ts';
import { Aliases, assign, assignIfAbsent, type Phrase } from './expression.ts';
import { mayBeNewer, OWNER, SCHEMA, schemaOf } from './stored-item.ts';
import type { Writes } from '../../schema-writes.ts';
import { PARTITION_KEY, SORT_KEY } from './table-keys.ts';

interface Conditional {
  readonly sortKey: string;
  readonly clauses: readonly Clause[];
}

/**
 * `retriable` tells whether the write, sent again after it took effect, fails on its own condition and shows our owner
 * token: then it may go alone. Others go in a transaction, whose token makes the repeat harmless.
 */
export type Write =
  | (Conditional & { readonly kind: 'PUT'; readonly attributes: Attributes })
  | (Conditional & {
      readonly kind: 'UPDATE';
      readonly assignments: readonly Phrase[];
      readonly removals: readonly string[];
      readonly retriable: boolean;
      /** The item as it will be, as far as it is known; for counting units where no answer tells them. */
      readonly attributes: Attributes;
    })
  | (Conditional & { readonly kind: 'DELETE'; readonly attributes: Attributes })
  | (Conditional & { readonly kind: 'CHECK' });

export interface Target {
  readonly tableName: string;
  readonly account: string;
  readonly owner: string;
  readonly writes: Writes;
}

/** Tells whether a write may go without a transaction. */
export const mayGoAlone = (write: Write): boolean => write.kind === 'PUT' || (write.kind === 'UPDATE' && write.retriable);

export const keyOf = (account: string, sortKey: string): Record<string, { S: string }> => ({
  [PARTITION_KEY]: { S: account },
  [SORT_KEY]: { S: sortKey },
});

/** The whole item of a put: keys, schema and owner beside its attributes. */
export const stamped = (target: Target, sortKey: string, attributes: Attributes): Attributes => ({
  ...keyOf(target.account, sortKey),
  [SCHEMA]: whole(schemaOf(sortKey, target.writes)),
  [OWNER]: text(target.owner),
  ...attributes,
});

/** Says one write as an operation of a transaction; a put alone and an update alone take the same words. */
export const sayWrite = (write: Write, target: Target): TransactWriteItem => {
  const aliases = new Aliases();
  const base = { TableName: target.tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  const key = keyOf(target.account, write.sortKey);
  switch (write.kind) {
    case 'PUT':
      return { Put: { ...base, Item: stamped(target, write.sortKey, write.attributes), ...sayCondition(write, aliases) } };
    case 'UPDATE':
      return { Update: { ...base, Key: key, UpdateExpression: sayUpdate(write, target, aliases), ...sayCondition(write, aliases) } };
    case 'DELETE':
      return { Delete: { ...base, Key: key, ...sayCondition(write, aliases) } };
    case 'CHECK':
      return { ConditionCheck: { ...base, Key: key, ConditionExpression: `attribute_exists(${PARTITION_KEY})`, ...sayCondition(write, aliases) } };
  }
};

const sayUpdate = (write: Extract<Write, { kind: 'UPDATE' }>, target: Target, aliases: Aliases): string => {
  const assignments = [...write.assignments, assign([OWNER], text(target.owner)), saySchema(write.sortKey, target.writes)];
  const set = `SET ${assignments.map((phrase) => phrase(aliases)).join(', ')}`;
  return write.removals.length === 0 ? set : `${set} REMOVE ${write.removals.map((name) => aliases.path([name])).join(', ')}`;
};

// An item that newer writers have written keeps its schema under older ones: what they left in it is still there.
const saySchema = (sortKey: string, writes: Writes): Phrase => {
  const schema = whole(schemaOf(sortKey, writes));
  return mayBeNewer(sortKey, writes) ? assignIfAbsent(SCHEMA, schema) : assign([SCHEMA], schema);
};

const sayCondition = (write: Conditional, aliases: Aliases) => {
  const condition = write.clauses.map((clause) => clause.phrase(aliases)).join(' AND ');
  return {
    ...(condition === '' ? {} : { ConditionExpression: condition }),
    ...(Object.keys(aliases.names).length === 0 ? {} : { ExpressionAttributeNames: aliases.names }),
    ...(Object.keys(aliases.values).length === 0 ? {} : { ExpressionAttributeValues: aliases.values }),
  };
};
