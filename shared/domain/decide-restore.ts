// What a restore of the account's table changes (EX-11, SL-11): a floor for fences, a halt, and what is not sent any more.
import type { Restore } from './account.ts';
import type { Action } from './action.ts';
import type { Context } from './context.ts';
import type { Change, Decision, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, note } from './draft.ts';
import type { Event } from './event.ts';
import { accountSwitch } from './loss-limits.ts';
import { floorOf, nextFloor } from './restore.ts';

/** Fits one transaction beside the ledger. */
export const MOST_RESTORED_ACTIONS = 90;

/** A cancel may be sent again; anything else may have been sent since the backup, and an order is sent once (EX-9). */
const isSentOnce = ({ state, intent }: Action): boolean => state === 'PLANNED' && intent.kind !== 'CANCEL';

const asSent = (action: Action, { now }: Context): Change => ({ kind: 'ACTION', before: action, after: { ...action, state: 'SENT', sentAt: now } });

/**
 * Takes over a restored table (EX-11), once: raises the floor above every fence that may have been used since the backup,
 * halts the account, and calls what was planned sent, so that it is looked up and never sent a second time.
 */
export const decideTableRestored = (event: Extract<Event, { type: 'TABLE_RESTORED' }>, snapshot: Snapshot, context: Context): Decision => {
  const { capacity } = snapshot;
  if (capacity === null) return ignore('CAPACITY_UNKNOWN');
  if (capacity.restore?.table === event.table) return ignore('ALREADY_RESTORED');
  const fenceFloor = nextFloor(context.now, [...event.fences, floorOf(capacity.restore)]);
  const after: Restore = { table: event.table, at: context.now, fenceFloor, isOpen: true };
  const fields = { table: event.table, fenceFloor, planned: event.planned.length };
  return commit({
    ...EMPTY_DRAFT,
    changes: [
      { kind: 'RESTORE', before: capacity.restore, after },
      ...accountSwitch(capacity, 'HALTED', null),
      ...event.planned.filter(isSentOnce).map((action) => asSent(action, context)),
    ],
    notes: [note('TABLE_RESTORED', `table ${event.table} was restored: the account is halted until reconcile is clean`, fields, 'WARN')],
  });
};

/** Ends what a restore began (SL-11): a person may lift the halt from here on. */
export const decideRestoreSettled = ({ table }: { readonly table: string }, { capacity }: Snapshot): Decision => {
  const before = capacity?.restore ?? null;
  if (before?.table !== table || !before.isOpen) return ignore('ALREADY_SETTLED');
  const told = note('RESTORE_SETTLED', `table ${table}: reconcile has found the account in order; a person may lift the halt`, { table }, 'WARN');
  return commit({ ...EMPTY_DRAFT, changes: [{ kind: 'RESTORE', before, after: { ...before, isOpen: false } }], notes: [told] });
};
