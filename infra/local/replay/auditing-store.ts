// The store the functions are given in a replay: every commit goes through, one at a time, and into a second ledger.
import { ConflictError } from '../../../shared/errors.ts';
import type { Store } from '../../../shared/ports.ts';
import { LedgerMirror } from './ledger-mirror.ts';

export interface Auditor {
  readonly mirror: LedgerMirror;
  /** Wraps a store; every store of the run has to be wrapped by the same auditor. */
  wrap(store: Store): Store;
  /** Begins from what the table holds: after a start, and after a commit whose outcome is not known. */
  rebuild(store: Store): Promise<void>;
  /** Compares the second ledger with the table; `name` says when, for messages. */
  compare(store: Store, name: string): Promise<void>;
}

/** Watches the commits of one account. */
export function createAuditor(account: string): Auditor {
  const mirror = new LedgerMirror();
  let last: Promise<unknown> = Promise.resolve();
  // In turn, so that the order of the answers is the order of the commits.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const rebuild = async (store: Store): Promise<void> => mirror.rebuild(await store.audit(account));
  const wrap = (store: Store): Store => {
    const commit: Store['commit'] = (of, changes, owner) =>
      inTurn(async () => {
        try {
          await store.commit(of, changes, owner);
        } catch (error) {
          if (!isConflict(error)) await rebuild(store);
          throw error;
        }
        mirror.apply(changes, `commit ${mirror.commits + 1}`);
      });
    return {
      commit,
      load: (of, scope) => store.load(of, scope),
      findAction: (of, actionId) => store.findAction(of, actionId),
      openActions: (of) => store.openActions(of),
      audit: (of) => store.audit(of),
      findMarket: (of, symbol) => store.findMarket(of, symbol),
      saveMarkets: (of, markets) => store.saveMarkets(of, markets),
    };
  };
  return {
    mirror,
    wrap,
    rebuild: (store) => inTurn(() => rebuild(store)),
    compare: (store, name) => inTurn(async () => mirror.compare(await store.audit(account), name)),
  };
}

// A function's bundle has its own copy of the class, so the name is what both share.
function isConflict(error: unknown): boolean {
  return error instanceof ConflictError || (error instanceof Error && error.name === 'ConflictError');
}
