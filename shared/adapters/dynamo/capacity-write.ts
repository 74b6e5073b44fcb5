// Everything a commit does to the ledger, as the one write of it that a transaction may hold.
import { ZERO } from '../../domain/decimal.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Capacity, Passing } from '../../domain/account.ts';
import type { Change, RoomMove } from '../../domain/decision.ts';
import type { Attributes } from './attributes.ts';
import { addend, decimal, flag, text, whole } from './attributes.ts';
import { CAPACITY, killPath, writeCapacity, writeDay } from './capacity-item.ts';
import type { Clause } from './conditions.ts';
import { capacityKnown, capAsSeen, entryAllowed, isNew, killAsSeen, killSwitchOff, passingAsSeen, restoreAsSeen } from './conditions.ts';
import { add, addToCount, assign, type Phrase } from './expression.ts';
import { sayRestore } from './restore-attributes.ts';
import { CAPACITY_KEY } from './table-keys.ts';
import type { Write } from './write.ts';

export type CapacityChange = Extract<
  Change,
  { kind: 'ROOM' | 'ENTRIES_ALLOWED' | 'EQUITY' | 'KILL' | 'STREAK' | 'PASSING' | 'RESTORE' | 'LIMITS_ANEW' }
>;

type LimitsChange = Extract<CapacityChange, { kind: 'STREAK' | 'PASSING' | 'RESTORE' | 'LIMITS_ANEW' }>;

/** One change's share of the write; `free` is what it adds to the free room. */
interface Share {
  readonly clauses: readonly Clause[];
  readonly assignments: readonly Phrase[];
  readonly removals: readonly string[];
  readonly free: RoomMove | null;
  readonly retriable: boolean;
}

const NO_MOVE: RoomMove = { total: ZERO, stock: ZERO, crypto: ZERO };
const NO_SHARE: Share = { clauses: [], assignments: [], removals: [], free: null, retriable: true };
// A ledger with a few halted symbols; the true size is known to the table alone.
const USUAL_SIZE: Attributes = { ledger: text('.'.repeat(500)) };

// What each is a change of; a commit has one change of each thing at most.
const SUBJECTS = {
  ROOM: 'ROOM',
  ENTRIES_ALLOWED: 'ENTRIES_ALLOWED',
  EQUITY: 'EQUITY',
  LIMITS_ANEW: 'EQUITY',
  KILL: 'KILL',
  STREAK: 'STREAK',
  PASSING: 'PASSING',
  RESTORE: 'RESTORE',
} as const satisfies Record<CapacityChange['kind'], CapacityChange['kind']>;

/** Tells whether a change is one of the ledger. */
export const isOfLedger = (change: Change): change is CapacityChange => change.kind in SUBJECTS;

/** Names what of the ledger a change is of. */
export const subjectOf = (change: CapacityChange): string => {
  const subject = SUBJECTS[change.kind];
  if (change.kind === 'ENTRIES_ALLOWED') return `${subject} ${change.symbol}`;
  return change.kind === 'KILL' ? `${subject} ${JSON.stringify(change.scope)}` : subject;
};

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
  const removals = shares.flatMap((share) => share.removals);
  if (assignments.length + removals.length === 0) return { kind: 'CHECK', sortKey: CAPACITY_KEY, clauses };
  const retriable = shares.every((share) => share.retriable);
  return { kind: 'UPDATE', sortKey: CAPACITY_KEY, assignments, removals, clauses, retriable, attributes: USUAL_SIZE };
};

const isFirstReading = (change: CapacityChange): change is Extract<CapacityChange, { kind: 'EQUITY' }> =>
  change.kind === 'EQUITY' && change.before === null;

const shareOf = (change: CapacityChange): Share => {
  if (isOfLimits(change)) return shareOfLimits(change);
  switch (change.kind) {
    case 'ROOM':
      return moveRoom(change);
    case 'ENTRIES_ALLOWED':
      return { ...NO_SHARE, clauses: killSwitchOff(change) };
    case 'EQUITY':
      return change.before === null ? NO_SHARE : moveCap(change.before, change.after);
    case 'KILL':
      return {
        ...NO_SHARE,
        clauses: [capacityKnown, killAsSeen(change.scope, change.before)],
        assignments: [assign(killPath(change.scope), text(change.state))],
      };
  }
};

const isOfLimits = (change: CapacityChange): change is LimitsChange =>
  change.kind === 'STREAK' || change.kind === 'PASSING' || change.kind === 'RESTORE' || change.kind === 'LIMITS_ANEW';

const shareOfLimits = (change: LimitsChange): Share => {
  switch (change.kind) {
    case 'STREAK':
      return { ...NO_SHARE, clauses: [capacityKnown], assignments: [moveStreak(change.to)], retriable: false };
    case 'PASSING':
      return {
        ...NO_SHARE,
        clauses: [capacityKnown, ...passingAsSeen(change.before)],
        ...sayPassing(change.after),
      };
    case 'RESTORE':
      return { ...NO_SHARE, clauses: [capacityKnown, restoreAsSeen(change.before)], assignments: sayRestore(change.after) };
    case 'LIMITS_ANEW':
      return { ...NO_SHARE, clauses: [capacityKnown], removals: [CAPACITY.day, CAPACITY.peak], retriable: false };
  }
};

const moveRoom = ({ move, require }: Extract<CapacityChange, { kind: 'ROOM' }>): Share => ({
  ...NO_SHARE,
  clauses: [capacityKnown, ...(require === null ? [] : entryAllowed(require))],
  assignments: [add(CAPACITY.sequence, whole(1))],
  free: negate(move),
  retriable: false,
});

const sayPassing = (after: Passing | null): Pick<Share, 'assignments' | 'removals'> =>
  after === null
    ? { assignments: [assign([CAPACITY.passing], flag(false))], removals: [CAPACITY.passingBy, CAPACITY.passingSince] }
    : {
        assignments: [
          assign([CAPACITY.passing], flag(true)),
          assign([CAPACITY.passingBy], text(after.by)),
          assign([CAPACITY.passingSince], whole(after.since)),
        ],
        removals: [],
      };

// A ledger of before there were streaks has no count to add to.
const moveStreak = (to: 'ADD' | 'CLEAR'): Phrase =>
  to === 'ADD' ? addToCount(CAPACITY.stopStreak, whole(1)) : assign([CAPACITY.stopStreak], whole(0));

const moveCap = (before: Capacity, after: Capacity): Share => ({
  ...NO_SHARE,
  clauses: capAsSeen(before, after.equityAt),
  assignments: [
    assign([CAPACITY.equity], addend(after.equity)),
    assign([CAPACITY.equityAt], whole(after.equityAt)),
    assign([CAPACITY.cap], addend(after.cap)),
    assign([CAPACITY.capStock], addend(after.capOfClass.stock)),
    assign([CAPACITY.capCrypto], addend(after.capOfClass.crypto)),
    ...(after.day === null ? [] : [assign([CAPACITY.day], writeDay(after.day))]),
    ...(after.peak === null ? [] : [assign([CAPACITY.peak], decimal(after.peak))]),
  ],
  removals: [...(after.day === null ? [CAPACITY.day] : []), ...(after.peak === null ? [CAPACITY.peak] : [])],
  free: {
    total: after.cap.minus(before.cap),
    stock: after.capOfClass.stock.minus(before.capOfClass.stock),
    crypto: after.capOfClass.crypto.minus(before.capOfClass.crypto),
  },
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
