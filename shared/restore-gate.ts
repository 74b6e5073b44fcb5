// Keeps a restored table shut until it has been told of its restore: its fences are old, and would make ids again (EX-11).
import { committingStore } from './committing-store.ts';
import type { Change } from './domain/decision.ts';
import { RestoreUntoldError } from './errors.ts';
import type { Store } from './ports.ts';

/** Which table is one that a backup was restored into. */
export interface Restored {
  readonly account: string;
  readonly table: string;
}

const tellsOf = (changes: readonly Change[], table: string): boolean => changes.some((change) => change.kind === 'RESTORE' && change.after.table === table);

/** Lets nothing be committed to a restored table but that this very one was restored; once that is known, everything. Reads go on. */
export const restoreGate = (store: Store, { account, table }: Restored): Store => {
  let isTold = false;
  const requireTold = async (changes: readonly Change[]): Promise<void> => {
    if (isTold || tellsOf(changes, table)) return;
    const { capacity } = await store.load(account, { kind: 'ACCOUNT' });
    if (capacity?.restore?.table !== table) throw new RestoreUntoldError(table);
    isTold = true;
  };
  return committingStore(store, async (of, changes, owner) => {
    await requireTold(changes);
    await store.commit(of, changes, owner);
  });
};
