// Everything a commit does to the ledger, as the one write of it that a transaction may hold.
import { ZERO } from '../../domain/decimal.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Capacity } from '../../domain/account.ts';
import type { Change, RoomMove } from '../../domain/decision.ts';
import type { Attributes } from './attributes.ts';
import { addend, text, whole } from './attributes.ts';
import { CAPACITY, killPath, writeCapacity } from './capacity-item.ts';
import type { Clause } from './conditions.ts';
import { capacityKnown, capAsSeen, entryAllowed, isNew, killAsSeen, killSwitchOff } from './conditions.ts';
import { add, assign, type Phrase } from './expression.ts';
import { CAPACITY_KEY } from './table-keys.ts';
import type { Write } from './write.ts';

export type CapacityChange = Extract<Change, { kind: 'ROOM' | 'ENTRIES_ALLOWED' | 'EQUITY' | 'KILL' }>;

/** One change's share of the write; `free` is what it adds to the free room. */
interface Share {
  readonly clauses: readonly Clause[];
  readonly assignments: readonly Phrase[];
  readonly free: RoomMove | null;
  readonly retriable: boolean;
}

const NO_MOVE: RoomMove = { total: ZERO, stock: ZERO, crypto: ZERO };
// A ledger with a few halted symbols; the true size is known to the table alone.
const USUAL_SIZE: Attributes = { ledger: text('.'.repeat(500)) };

/** Merges the changes of the ledger into one write. @throws Error when a first reading of equity comes with others */
export const writeLedger = (changes: readonly CapacityChange[]): Write => {
  const first = changes.find(isFirstReading);
  if (first !== undefined) {
    if (changes.length > 1) throw new Error('the first reading of equity cannot be committed with other changes of the ledger');
    return { kind: 'PUT', sortKey: CAPACITY_KEY, attributes: writeCapacity(first.after), clauses: [isNew('capacity new')] };
  }
  const shares = changes.map(shareOf);
  const clauses = shares.flatMap((share) => share.clauses);
  const assignments = [...shares.flatMap((share) => share.assignments), ...addFree(shares)];
  if (assignments.length === 0) return { kind: 'CHECK', sortKey: CAPACITY_KEY, clauses };
  const retriable = shares.every((share) => share.retriable);
  return { kind: 'UPDATE', sortKey: CAPACITY_KEY, assignments, removals: [], clauses, retriable, attributes: USUAL_SIZE };
};

const isFirstReading = (change: CapacityChange): change is Extract<CapacityChange, { kind: 'EQUITY' }> =>
  change.kind === 'EQUITY' && change.before === null;

const shareOf = (change: CapacityChange): Share => {
  switch (change.kind) {
    case 'ROOM':
      return {
        clauses: [capacityKnown, ...(change.require === null ? [] : entryAllowed(change.require))],
        assignments: [add(CAPACITY.sequence, whole(1))],
        free: negate(change.move),
        retriable: false,
      };
    case 'ENTRIES_ALLOWED':
      return { clauses: killSwitchOff(change), assignments: [], free: null, retriable: true };
    case 'EQUITY':
      return change.before === null ? NO_SHARE : moveCap(change.before, change.after);
    case 'KILL':
      return {
        clauses: [capacityKnown, killAsSeen(change.scope, change.before)],
        assignments: [assign(killPath(change.scope), text(change.state))],
        free: null,
        retriable: true,
      };
  }
};

const NO_SHARE: Share = { clauses: [], assignments: [], free: null, retriable: true };

const moveCap = (before: Capacity, after: Capacity): Share => ({
  clauses: capAsSeen(before, after.equityAt),
  assignments: [
    assign([CAPACITY.equity], addend(after.equity)),
    assign([CAPACITY.equityAt], whole(after.equityAt)),
    assign([CAPACITY.cap], addend(after.cap)),
    assign([CAPACITY.capStock], addend(after.capOfClass.stock)),
    assign([CAPACITY.capCrypto], addend(after.capOfClass.crypto)),
  ],
  free: {
    total: after.cap.minus(before.cap),
    stock: after.capOfClass.stock.minus(before.capOfClass.stock),
    crypto: after.capOfClass.crypto.minus(before.capOfClass.crypto),
  },
  retriable: true,
});

const addFree = (shares: readonly Share[]): readonly Phrase[] => {
  const moves = shares.flatMap((share) => (share.free === null ? [] : [share.free]));
  if (moves.length === 0) return [];
  const move = moves.reduce(plus, NO_MOVE);
  return [addTo(CAPACITY.free, move.total), addTo(CAPACITY.freeStock, move.stock), addTo(CAPACITY.freeCrypto, move.crypto)].flat();
};

const addTo = (name: string, difference: Decimal): readonly Phrase[] => (difference.isZero() ? [] : [add(name, addend(difference))]);

const negate = (move: RoomMove): RoomMove => ({ total: move.total.negated(), stock: move.stock.negated(), crypto: move.crypto.negated() });

const plus = (a: RoomMove, b: RoomMove): RoomMove => ({
  total: a.total.plus(b.total),
  stock: a.stock.plus(b.stock),
  crypto: a.crypto.plus(b.crypto),
});
