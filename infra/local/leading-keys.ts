// Which partitions a call of the table touches: what the cloud compares with `dynamodb:LeadingKeys`.

/** An action on the table, with the partition of every key that the call names for it. */
export interface TableUse {
  readonly action: string;
  readonly partitions: readonly string[];
}

/** Stands for a key that cannot be read; no policy allows it. */
const UNREADABLE = '';

// There is no action for a transaction: each of its parts needs its own.
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOf = (attribute: unknown): string => {
  const text = field(attribute, 'S');
  return typeof text === 'string' ? text : UNREADABLE;
};

const nameIn = (request: unknown, word: string): unknown =>
  word.startsWith('#') ? field(field(request, 'ExpressionAttributeNames'), word) : word;

const EQUALITY = /(#?\w+)\s*=\s*(:\w+)/g;

const queriedPartition = (request: unknown, partitionKey: string): string => {
  const condition = field(request, 'KeyConditionExpression');
  if (typeof condition !== 'string') return UNREADABLE;
  for (const [, name = '', value = ''] of condition.matchAll(EQUALITY)) {
    if (nameIn(request, name) === partitionKey) return textOf(field(field(request, 'ExpressionAttributeValues'), value));
  }
  return UNREADABLE;
};

const batchPartitions = (request: unknown, partitionKey: string): readonly string[] => {
  const tables = field(request, 'RequestItems');
  const asked = isRecord(tables) ? Object.values(tables) : [];
  return asked.flatMap((each) => listOf(field(each, 'Keys')).map((key) => textOf(field(key, partitionKey))));
};

const partitionsOf = (action: string, request: unknown, partitionKey: string): readonly string[] => {
  if (action === 'Query') return [queriedPartition(request, partitionKey)];
  if (action === 'BatchGetItem') return batchPartitions(request, partitionKey);
  const named = action === 'PutItem' ? field(request, 'Item') : field(request, 'Key');
  return [textOf(field(named, partitionKey))];
};

/** Tells what a call does to the table: one use, or one for each part of a transaction. */
export const tableUses = (command: string, request: unknown, partitionKey: string): readonly TableUse[] => {
  const parts = field(request, 'TransactItems');
  if (!Array.isArray(parts)) return [{ action: command, partitions: partitionsOf(command, request, partitionKey) }];
  return parts.flatMap((part: unknown) =>
    Object.entries(isRecord(part) ? part : {}).map(([kind, inner]) => {
      const action = PARTS[kind] ?? kind;
      return { action, partitions: partitionsOf(action, inner, partitionKey) };
    }),
  );
};
