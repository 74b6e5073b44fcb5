// A decision's changes as writes, one for each item.
import type { Change } from '../../domain/decision.ts';
import type { Slot } from '../../domain/slot.ts';
import { writeAction } from './action-item.ts';
import type { Attributes } from './attributes.ts';
import { text, whole } from './attributes.ts';
import { type CapacityChange, isOfLedger, subjectOf, writeLedger } from './capacity-write.ts';
import { actionAsSeen, type Clause, type ClauseName, entryAsSeen, isNew, revisionIs, slotAsSeen } from './conditions.ts';
import { add, assign, type Phrase } from './expression.ts';
import { writeFill, writeSteal, writeWebhook } from './history-items.ts';
import { ORDER_REVISION, writeOrderRecord } from './order-item.ts';
import { BOARD_REVISION, writeQuotes } from './quotes-item.ts';
import { RECONCILE_REVISION, writeReconcile } from './reconcile-item.ts';
import { SLOT_REVISION, writeSlot } from './slot-item.ts';
import { actionSortKey, fillSortKey, orderSortKey, QUOTES_KEY, RECONCILE_KEY, slotSortKey, stealSortKey, tripSortKey, webhookSortKey } from './table-keys.ts';
import { writeTrips } from './trip-item.ts';
import type { Write } from './write.ts';

type ItemChange = Exclude<Change, CapacityChange>;
type OnceChange = Extract<Change, { kind: 'FILL' | 'TRIP' | 'STEAL' | 'WEBHOOK' }>;

/**
 * Turns changes into writes, the clauses named left out.
 * @throws Error when two changes are of one item, or a revision does not grow
 */
export const writesOf = (changes: readonly Change[], without: ReadonlySet<ClauseName>): readonly Write[] => {
  const ledger = changes.filter(isOfLedger);
  const items = changes.flatMap((change) => (isOfLedger(change) ? [] : [writeItem(change)]));
  refuseTwins([...ledger.map(subjectOf), ...items.map((write) => write.sortKey)]);
  const writes = ledger.length === 0 ? items : [writeLedger(ledger), ...items];
  return writes.map((write) => ({ ...write, clauses: write.clauses.filter((clause) => !without.has(clause.name)) }));
};

const writeItem = (change: ItemChange): Write => {
  if (isOnce(change)) return writeOnce(change);
  switch (change.kind) {
    case 'SLOT':
      return writeSlotChange(change);
    case 'ACTION':
      return writeActionChange(change);
    case 'ORDER':
      return put(orderSortKey(change.after.order.clientOrderId), writeOrderRecord(change.after), orderClause(change));
    case 'QUOTES':
      return put(QUOTES_KEY, writeQuotes(change.after), boardClause(change));
    case 'RECONCILE':
      return put(RECONCILE_KEY, writeReconcile(change.after), reconcileClause(change));
  }
};

const isOnce = (change: ItemChange): change is OnceChange =>
  change.kind === 'FILL' || change.kind === 'TRIP' || change.kind === 'STEAL' || change.kind === 'WEBHOOK';

const writeOnce = (change: OnceChange): Write => {
  switch (change.kind) {
    case 'FILL':
      return put(fillSortKey(change.fill.clientOrderId, change.fill.tradeId), writeFill(change.fill), [isNew('fill once')]);
    case 'TRIP':
      // Its fills are counted once, and it with them.
      return put(tripSortKey(change.record.at, change.record.id), writeTrips(change.record), [isNew('fill once')]);
    case 'STEAL':
      return put(stealSortKey(change.steal.at, change.steal.thief, change.steal.victim), writeSteal(change.steal), [isNew('steal once')]);
    case 'WEBHOOK':
      return put(webhookSortKey(change.id), writeWebhook(change.at), [isNew('webhook once')]);
  }
};

const put = (sortKey: string, attributes: Attributes, clauses: readonly Clause[]): Write => ({ kind: 'PUT', sortKey, attributes, clauses });

const writeSlotChange = ({ before, after, guard }: Extract<Change, { kind: 'SLOT' }>): Write => {
  const sortKey = slotSortKey(after);
  const written = writeSlot(after);
  if (before === null) return put(sortKey, written, [isNew('slot new')]);
  requireGrowth(sortKey, before.revision, after.revision);
  return {
    kind: 'UPDATE',
    sortKey,
    ...difference(writeSlot(before), written, after.revision - before.revision),
    clauses: clausesOf(guard, before),
    retriable: guard === 'STATE',
    attributes: written,
  };
};

const clausesOf = (guard: 'ENTRY' | 'STATE', before: Slot): readonly Clause[] => {
  switch (guard) {
    case 'ENTRY':
      return entryAsSeen(before);
    case 'STATE':
      return slotAsSeen(before);
  }
};

// Only what changed is written: under the guard of an entry, what is not asked for may have moved and is kept so.
const difference = (before: Attributes, after: Attributes, revisions: number) => {
  const changed = Object.entries(after).filter(([name, value]) => name !== SLOT_REVISION && JSON.stringify(value) !== JSON.stringify(before[name]));
  const assignments: readonly Phrase[] = [...changed.map(([name, value]) => assign([name], value)), add(SLOT_REVISION, whole(revisions))];
  return { assignments, removals: Object.keys(before).filter((name) => after[name] === undefined) };
};

const writeActionChange = ({ before, after }: Extract<Change, { kind: 'ACTION' }>): Write => {
  const id = after?.id ?? before?.id;
  if (id === undefined) throw new Error('a change of an action has neither a before nor an after');
  const sortKey = actionSortKey(id);
  const clauses = before === null ? [isNew('action new')] : actionAsSeen(before);
  if (after !== null) return put(sortKey, writeAction(after), clauses);
  return { kind: 'DELETE', sortKey, clauses, attributes: before === null ? { id: text(id) } : writeAction(before) };
};

const orderClause = ({ before, after }: Extract<Change, { kind: 'ORDER' }>): readonly Clause[] => {
  if (before === null) return [isNew('order new')];
  requireGrowth(orderSortKey(after.order.clientOrderId), before.revision, after.revision);
  return [revisionIs('order revision', ORDER_REVISION, before.revision)];
};

const boardClause = ({ before, after }: Extract<Change, { kind: 'QUOTES' }>): readonly Clause[] => {
  requireGrowth(QUOTES_KEY, before.revision, after.revision);
  return [before.revision === 0 ? isNew('board revision') : revisionIs('board revision', BOARD_REVISION, before.revision)];
};

const reconcileClause = ({ before, after }: Extract<Change, { kind: 'RECONCILE' }>): readonly Clause[] => {
  requireGrowth(RECONCILE_KEY, before.revision, after.revision);
  return [before.revision === 0 ? isNew('reconcile revision') : revisionIs('reconcile revision', RECONCILE_REVISION, before.revision)];
};

const requireGrowth = (sortKey: string, before: number, after: number): void => {
  if (after <= before) throw new Error(`${sortKey}: revision ${after} follows ${before}; a change has to be seen by those who read before it`);
};

const refuseTwins = (names: readonly string[]): void => {
  const twin = names.find((name, place) => names.indexOf(name) !== place);
  if (twin !== undefined) throw new Error(`two changes of ${twin} in one commit`);
};
