// A second ledger, kept from the commits alone: what it says must be what the table says, to the last digit.
import type { Capacity } from '../../../shared/domain/account.ts';
import { entriesAllowed } from '../../../shared/domain/account.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { toPlain } from '../../../shared/domain/decimal.ts';
import type { Change, EntryRequirement, RoomMove } from '../../../shared/domain/decision.ts';
import { slotKey } from '../../../shared/domain/decision.ts';
import { NO_MOVE, addRoom, moveBetween, usedBy } from '../../../shared/domain/room.ts';
import type { Slot } from '../../../shared/domain/slot.ts';

/** The account as it was read from the table. */
export interface TableReading {
  readonly before: Capacity | null;
  readonly slots: readonly Slot[];
  readonly after: Capacity | null;
}

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** Room by total and by class, so that each can be compared in the same words. */
const ROOMS = ['total', 'stock', 'crypto'] as const;
const freeOf = (capacity: Capacity): RoomMove => ({ total: capacity.free, ...capacity.freeOfClass });
const capOf = (capacity: Capacity): RoomMove => ({ total: capacity.cap, ...capacity.capOfClass });
const usedByAll = (slots: Iterable<Slot>): RoomMove => [...slots].map(usedBy).reduce(addRoom, NO_MOVE);
const kindOf = <K extends Change['kind']>(changes: readonly Change[], kind: K): readonly ChangeOf<K>[] =>
  changes.filter((change): change is ChangeOf<K> => change.kind === kind);

export class LedgerMirror {
  #capacity: Capacity | null = null;
  #slots = new Map<string, Slot>();
  readonly #unbalanced: string[] = [];
  readonly #unfit: string[] = [];
  commits = 0;
  claims = 0;

  /** Where capacity did not add up. */
  get unbalanced(): readonly string[] {
    return this.#unbalanced;
  }

  /** Claims that were committed although they did not fit. */
  get unfit(): readonly string[] {
    return this.#unfit;
  }

  get capacity(): Capacity | null {
    return this.#capacity;
  }

  get slots(): readonly Slot[] {
    return [...this.#slots.values()];
  }

  /** Starts over from what the table says; it must add up by itself. */
  rebuild(reading: TableReading): void {
    this.#capacity = reading.after;
    this.#slots = new Map(reading.slots.map((slot) => [slotKey(slot), slot]));
    this.#checkSum('the table as it was found');
  }

  /** Repeats one commit, in the order of the commits, and checks what it claims to be (WS-2). */
  apply(changes: readonly Change[], name: string): void {
    this.commits += 1;
    const moved = this.#moveSlots(kindOf(changes, 'SLOT'), name);
    const rooms = kindOf(changes, 'ROOM');
    const requirements = rooms.map(({ require }) => require).filter((require) => require !== null);
    for (const require of requirements) this.#checkFits(require, name);
    const move = rooms.map((room) => room.move).reduce(addRoom, NO_MOVE);
    this.#checkMove(move, moved, name);
    for (const equity of kindOf(changes, 'EQUITY')) this.#moveCap(equity);
    for (const kill of kindOf(changes, 'KILL')) this.#setKill(kill);
    if (rooms.length > 0) this.#moveRoom(move);
    this.#checkSum(name);
  }

  /** Compares itself with the table, item by item. */
  compare(reading: TableReading, name: string): void {
    const mine = this.#capacity;
    const theirs = reading.after;
    if (mine === null || theirs === null) {
      if (mine !== theirs) this.#unbalanced.push(`${name}: capacity is known to one side only`);
    } else {
      this.#differ(name, 'cap', capOf(mine), capOf(theirs));
      this.#differ(name, 'free room', freeOf(mine), freeOf(theirs));
      if (mine.sequence !== theirs.sequence) this.#unbalanced.push(`${name}: sequence ${mine.sequence}, in the table ${theirs.sequence}`);
    }
    this.#compareSlots(reading.slots, name);
  }

  #compareSlots(slots: readonly Slot[], name: string): void {
    if (slots.length !== this.#slots.size) this.#unbalanced.push(`${name}: ${this.#slots.size} slots, in the table ${slots.length}`);
    for (const slot of slots) {
      const key = slotKey(slot);
      const mine = this.#slots.get(key);
      if (mine?.revision !== slot.revision) {
        this.#unbalanced.push(`${name}: ${key} at revision ${mine?.revision ?? 'none'}, in the table ${slot.revision}`);
      } else this.#differ(name, `room of ${key}`, usedBy(mine), usedBy(slot));
    }
  }

  #differ(name: string, what: string, mine: RoomMove, theirs: RoomMove): void {
    for (const room of ROOMS) {
      if (mine[room].equals(theirs[room])) continue;
      this.#unbalanced.push(`${name}: ${what} (${room}) ${toPlain(mine[room])}, in the table ${toPlain(theirs[room])}`);
    }
  }

  #moveSlots(changes: readonly ChangeOf<'SLOT'>[], name: string): RoomMove {
    const moves = changes.map(({ before, after }) => {
      const key = slotKey(after);
      const known = this.#slots.get(key);
      // An entry does not mind that something else of the slot has moved, so `before` may be older than what is known.
      if (known !== undefined && before === null) this.#unbalanced.push(`${name}: ${key} was made a second time`);
      this.#slots.set(key, after);
      return moveBetween(known ?? before, after);
    });
    return moves.reduce(addRoom, NO_MOVE);
  }

  #checkMove(ledger: RoomMove, slots: RoomMove, name: string): void {
    for (const room of ROOMS) {
      if (ledger[room].equals(slots[room])) continue;
      this.#unbalanced.push(`${name}: ${room} room moved by ${toPlain(ledger[room])}, its slots by ${toPlain(slots[room])}`);
    }
  }

  #checkFits(require: EntryRequirement, name: string): void {
    this.claims += 1;
    const capacity = this.#capacity;
    const problem = capacity === null ? 'capacity is unknown' : unfitReason(capacity, require);
    if (problem !== null) this.#unfit.push(`${name}: claim of ${require.symbol}: ${problem}`);
  }

  #moveRoom(move: RoomMove): void {
    const capacity = this.#capacity;
    if (capacity === null) return;
    const { stock, crypto } = capacity.freeOfClass;
    this.#capacity = {
      ...capacity,
      free: capacity.free.minus(move.total),
      freeOfClass: { stock: stock.minus(move.stock), crypto: crypto.minus(move.crypto) },
      sequence: capacity.sequence + 1,
    };
  }

  #moveCap({ after }: ChangeOf<'EQUITY'>): void {
    const capacity = this.#capacity;
    if (capacity === null) {
      this.#capacity = after;
      return;
    }
    const ofClass = (name: 'stock' | 'crypto') => capacity.freeOfClass[name].plus(after.capOfClass[name].minus(capacity.capOfClass[name]));
    this.#capacity = {
      ...capacity,
      equity: after.equity,
      equityAt: after.equityAt,
      cap: after.cap,
      capOfClass: after.capOfClass,
      free: capacity.free.plus(after.cap.minus(capacity.cap)),
      freeOfClass: { stock: ofClass('stock'), crypto: ofClass('crypto') },
    };
  }

  #setKill({ scope, state }: ChangeOf<'KILL'>): void {
    if (this.#capacity === null) return;
    const { kill } = this.#capacity;
    const set = { ACCOUNT: { account: state }, CLASS: {}, SYMBOL: {} }[scope.kind];
    const ofClass = scope.kind === 'CLASS' ? { [scope.assetClass]: state } : {};
    const symbols = scope.kind === 'SYMBOL' ? { ...kill.symbols, [scope.symbol]: state } : kill.symbols;
    this.#capacity = { ...this.#capacity, kill: { ...kill, ...set, ...ofClass, symbols } };
  }

  #checkSum(name: string): void {
    if (this.#capacity === null) return;
    const used = usedByAll(this.#slots.values());
    const cap = capOf(this.#capacity);
    const free = freeOf(this.#capacity);
    for (const room of ROOMS) {
      const ledger: Decimal = cap[room].minus(free[room]);
      if (ledger.equals(used[room])) continue;
      this.#unbalanced.push(`${name}: ${room}: cap − free is ${toPlain(ledger)}, the slots use ${toPlain(used[room])}`);
    }
  }
}

function unfitReason(capacity: Capacity, require: EntryRequirement): string | null {
  const ofClass = capacity.freeOfClass[require.assetClass];
  if (capacity.free.lessThan(require.free)) return `free ${toPlain(capacity.free)}, needed ${toPlain(require.free)}`;
  if (ofClass.lessThan(require.freeOfClass)) return `free of its class ${toPlain(ofClass)}, needed ${toPlain(require.freeOfClass)}`;
  if (capacity.equityAt <= require.equityAfter) return 'the equity was too old';
  return entriesAllowed(capacity.kill, require.assetClass, require.symbol) ? null : 'entries were not allowed';
}
