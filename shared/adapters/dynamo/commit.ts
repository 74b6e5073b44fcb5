// One decision, one transaction: all of it or none, and at most once however often the answer is lost.
import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { PutItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ConflictError, StoreUnavailableError } from '../../errors.ts';
import type { Attributes } from './attributes.ts';
import { PLAIN_WORDS, plainValue, valueAt } from './expression.ts';
import { classify, type Failure } from './failures.ts';
import { MOST_TRIES, pause } from './retries.ts';
import { OWNER } from './stored-item.ts';
import type { Table } from './table.ts';
import { consumedUnits, writeUnitsOf } from './units.ts';
import { mayGoAlone, sayWrite, type Write } from './write.ts';

/** What one transaction may hold. */
export const MOST_WRITES = 100;
const TOKEN_LENGTH = 36;

interface Attempt {
  readonly table: Table;
  readonly writes: readonly Write[];
  readonly operations: readonly TransactWriteItem[];
  readonly owner: string;
  /** Whether an earlier try got no answer, so that it may have been written. */
  readonly mayBeWritten: boolean;
}

/**
 * Writes all or nothing. A try whose answer was lost is repeated under the same owner and token, and a failed
 * condition that shows our own owner token means that it had been written.
 * @throws ConflictError, or StoreUnavailableError when every try met other transactions or got no answer
 */
export const commitWrites = async (table: Table, account: string, writes: readonly Write[], owner: string): Promise<void> => {
  if (writes.length === 0) return;
  if (writes.length > MOST_WRITES) throw new Error(`a commit of ${writes.length} items; a transaction holds ${MOST_WRITES}`);
  const operations = writes.map((write) => sayWrite(write, { tableName: table.tableName, account, owner, writes: table.writes }));
  const send = sender(table, writes, operations, tokenOf(owner, operations));
  let mayBeWritten = false;
  for (let tried = 0; ; tried += 1) {
    try {
      return await send();
    } catch (cause) {
      const failure = classify(cause);
      const attempt = { table, writes, operations, owner, mayBeWritten };
      if (settle(attempt, failure, cause) === 'WRITTEN') return;
      mayBeWritten ||= failure.kind === 'LOST';
      if (tried + 1 >= MOST_TRIES) throw new StoreUnavailableError('a commit', MOST_TRIES, { cause });
      await pause(table, tried);
    }
  }
};

const sender = (table: Table, writes: readonly Write[], operations: readonly TransactWriteItem[], token: string) => {
  const [only, ...others] = writes;
  const alone = only !== undefined && others.length === 0 && mayGoAlone(only);
  return alone ? () => sendAlone(table, operations) : () => sendTogether(table, operations, token);
};

const sendTogether = async (table: Table, operations: readonly TransactWriteItem[], token: string): Promise<void> => {
  const command = new TransactWriteItemsCommand({
    TransactItems: [...operations],
    ClientRequestToken: token,
    ReturnConsumedCapacity: 'TOTAL',
  });
  const answer = await table.client.send(command);
  table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
};

const sendAlone = async (table: Table, [operation]: readonly TransactWriteItem[]): Promise<void> => {
  const answer = await sendPlain(table, operation);
  table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
};

const sendPlain = (table: Table, operation: TransactWriteItem | undefined) => {
  if (operation?.Put !== undefined) return table.client.send(new PutItemCommand({ ...operation.Put, ReturnConsumedCapacity: 'TOTAL' }));
  if (operation?.Update !== undefined) return table.client.send(new UpdateItemCommand({ ...operation.Update, ReturnConsumedCapacity: 'TOTAL' }));
  throw new Error('only a put or an update goes without a transaction');
};

// The token covers what is written too: a decision made again under one owner is another request.
const tokenOf = (owner: string, operations: readonly TransactWriteItem[]): string =>
  createHash('sha256').update(owner).update(JSON.stringify(operations)).digest('hex').slice(0, TOKEN_LENGTH);

const settle = (attempt: Attempt, failure: Failure, cause: unknown): 'WRITTEN' | 'AGAIN' => {
  const { table, writes } = attempt;
  switch (failure.kind) {
    case 'CONDITION':
      table.onUnits({ read: 0, write: writeUnitsOf(writes, writes.length > 1) });
      if (wasWritten(attempt, failure.failed)) return 'WRITTEN';
      throw conflictOf(writes, failure.failed, cause);
    case 'BUSY':
      table.onUnits({ read: 0, write: failure.billed ? writeUnitsOf(writes, true) : 0 });
      return 'AGAIN';
    case 'LOST':
      return 'AGAIN';
    case 'FATAL':
      throw cause;
  }
};

// One item under our owner proves them all, as a transaction is written whole. Deleted rows can show no owner: where
// an answer was lost before and nothing but deletions fails for want of a row, it was ours.
const wasWritten = ({ writes, owner, mayBeWritten }: Attempt, failed: ReadonlyMap<number, Attributes | null>): boolean => {
  const items = [...failed.values()];
  if (items.some((item) => item?.[OWNER]?.S === owner)) return true;
  const onlyGoneRows = [...failed].every(([place, item]) => item === null && writes[place]?.kind === 'DELETE');
  return mayBeWritten && onlyGoneRows && writes.every((write) => write.kind === 'DELETE');
};

const conflictOf = (writes: readonly Write[], failed: ReadonlyMap<number, Attributes | null>, cause: unknown): ConflictError => {
  const [place, item] = [...failed][0] ?? [0, null];
  const write = writes[place];
  if (write === undefined) return new ConflictError({ item: 'an item', expected: 'its condition', found: 'another' }, { cause });
  const expected = write.clauses.map((clause) => clause.phrase(PLAIN_WORDS)).join(' AND ');
  return new ConflictError({ item: write.sortKey, expected, found: describe(write, item) }, { cause });
};

const describe = (write: Write, item: Attributes | null): string => {
  if (item === null) return 'no item';
  const paths = write.clauses.flatMap((clause) => clause.paths);
  return paths.length === 0 ? 'an item' : paths.map((path) => `${path.join('.')} = ${plainValue(valueAt(item, path))}`).join(', ');
};
