// The store the functions are given in a replay: every commit goes through, one at a time, and into a second ledger.
import { committingStore } from '../../../shared/committing-store.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { Change } from '../../../shared/domain/decision.ts';
import type { Store } from '../../../shared/ports.ts';
import { LedgerMirror } from './ledger-mirror.ts';
import type { TableReading } from './ledger-mirror.ts';

export interface Auditor {
  readonly mirror: LedgerMirror;
  /** Wraps a store, reading with `reader`; every store of the run has to be wrapped by the same auditor. */
  wrap(store: Store, reader?: Store): Store;
  /** Begins from what the table holds: after a start, and after a commit whose outcome is not known. */
  rebuild(): Promise<void>;
  /** Compares the second ledger with the table; `name` says when, for messages. */
  compare(name: string): Promise<void>;
}

/** Watches the commits of one account, telling `seen` of each; `read` reads its table with rights of its own. */
export function createAuditor(read: () => Promise<TableReading>, seen: (changes: readonly Change[]) => void = () => undefined): Auditor {
  const mirror = new LedgerMirror();
  let last: Promise<unknown> = Promise.resolve();
  // In turn, so that the order of the answers is the order of the commits.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const rebuild = async (): Promise<void> => mirror.rebuild(await read());
  const commit = async (store: Store, ...[account, changes, owner]: Parameters<Store['commit']>): Promise<void> => {
    try {
      await store.commit(account, changes, owner);
    } catch (error) {
      if (!isConflict(error)) await rebuild();
      throw error;
    }
    mirror.apply(changes, `commit ${mirror.commits + 1}`);
    seen(changes);
  };
  return {
    mirror,
    wrap: (store) => committingStore(store, (...commitment) => inTurn(() => commit(store, ...commitment))),
    rebuild: () => inTurn(rebuild),
    compare: (name) => inTurn(async () => mirror.compare(await read(), name)),
  };
}

// A function's bundle has its own copy of the class, so the name is what both share.
function isConflict(error: unknown): boolean {
  return error instanceof ConflictError || (error instanceof Error && error.name === 'ConflictError');
}
