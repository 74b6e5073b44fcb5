// Takes over a table that was restored from a backup, and asks whether the account is in order since (EX-11, SL-11).
import { applyEvent } from './apply-event.ts';
import { MOST_RESTORED_ACTIONS } from './domain/decide-restore.ts';
import type { Restore } from './domain/account.ts';
import type { Action } from './domain/action.ts';
import { unsettledSince } from './domain/restore.ts';
import { ConflictError, InvalidInputError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import { addsUp } from './reconcile-audit.ts';
import type { ShellDeps } from './shell-deps.ts';

/** What stands after it; told of the same table again, nothing changes. */
export interface RestoreAnswer {
  readonly changed: boolean;
  readonly fenceFloor: number;
}

type Stored = Pick<ShellDeps, 'store' | 'account'>;

const sendable = (actions: readonly Action[]): readonly Action[] =>
  actions.filter(({ state, intent }) => state === 'PLANNED' && intent.kind !== 'CANCEL');

/** What one transaction had no room for: nothing else of a restore may wait for it, and each holds by itself. */
const markSent = async ({ store, account, clock, ids }: ShellDeps, action: Action): Promise<void> => {
  try {
    await store.commit(account, [{ kind: 'ACTION', before: action, after: { ...action, state: 'SENT', sentAt: clock.now() } }], ids.next());
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
};

/** Whoever told of the restore first may have died before it was through: told again, what is left of it is done. */
const markRest = async (deps: ShellDeps, restore: Restore): Promise<void> => {
  if (!restore.isOpen) return;
  const left = sendable(await deps.store.openActions(deps.account)).filter(({ plannedAt }) => plannedAt <= restore.at);
  for (const action of left) await markSent(deps, action);
};

const restoreOf = async ({ store, account }: Stored): Promise<Restore | null> =>
  (await store.load(account, { kind: 'ACCOUNT' })).capacity?.restore ?? null;

/**
 * Takes over a restored table for a person, once: its floor is raised, the account halted, and what the table has as planned
 * is looked up and never sent.
 * @throws InvalidInputError for a table without a ledger
 * @throws SchemaNotFlippedError where the stage still writes the older schema
 */
export const takeOverRestored = async (deps: ShellDeps, table: string, trace: TraceContext): Promise<RestoreAnswer> => {
  const { slots } = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const planned = sendable(await deps.store.openActions(deps.account));
  const fences = [...slots.values()].map(({ fence }) => fence);
  const event = { type: 'TABLE_RESTORED', table, fences, planned: planned.slice(0, MOST_RESTORED_ACTIONS) } as const;
  const applied = await applyEvent(deps, event, trace);
  const restore = await restoreOf(deps);
  if (restore === null) throw new InvalidInputError('table', 'one with a ledger: restore to a time at which the account had been read');
  await markRest(deps, restore);
  return { changed: applied.kind === 'COMMITTED', fenceFloor: restore.fenceFloor };
};

/** Names what is not in order since the last restore, in plain words; nothing where there was none, or it is settled. */
export const unsettledOf = async ({ store, account }: Stored): Promise<readonly string[]> => {
  const restore = await restoreOf({ store, account });
  if (restore?.isOpen !== true) return [];
  const { before, slots, after } = await store.audit(account);
  const { reconcile } = await store.load(account, { kind: 'RECONCILE' });
  const actions = await store.openActions(account);
  return unsettledSince(restore, { slots, actions, reconcile, addsUp: addsUp(before, slots, after) !== false });
};

/** Ends a restore once everything is in order (SL-11), at the end of a run of reconcile; what is not is told. */
export const settleRestore = async (deps: ShellDeps, restore: Restore | null, trace: TraceContext): Promise<void> => {
  if (restore?.isOpen !== true) return;
  const findings = await unsettledOf(deps);
  if (findings.length === 0) {
    await applyEvent(deps, { type: 'RESTORE_SETTLED', table: restore.table }, trace);
    return;
  }
  const fields = { table: restore.table, findings: findings.length, first: findings[0] ?? null };
  deps.telemetry.record({ name: 'RESTORE_UNSETTLED', level: 'WARN', message: `not in order since the restore: ${findings.join('; ')}`, fields }, trace);
};
