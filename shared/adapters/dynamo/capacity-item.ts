// The account's ledger as one item; every name stands in full, since conditions and differences use them.
import type { Capacity, DayEquity, KillScope, KillState, KillSwitch, Passing } from '../../domain/account.ts';
import type { AssetClass } from '../../domain/watch.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { addend, count, decimal, document, flag, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readRestore, writeRestore } from './restore-attributes.ts';
import type { StoredItem } from './stored-item.ts';

export const CAPACITY = {
  equity: 'equity',
  equityAt: 'equityAt',
  cap: 'cap',
  free: 'free',
  capStock: 'capStock',
  capCrypto: 'capCrypto',
  freeStock: 'freeStock',
  freeCrypto: 'freeCrypto',
  sequence: 'sequence',
  kill: 'kill',
  killStock: 'killStock',
  killCrypto: 'killCrypto',
  killSymbols: 'killSymbols',
  day: 'day',
  peak: 'peak',
  stopStreak: 'stopStreak',
  // Named for what it held first: code from before pauses reads a streak in it, and lifts it likewise.
  passing: 'streakReduced',
  passingBy: 'passingBy',
  passingSince: 'passingSince',
} as const;
export const DAY = { date: 'date', equity: 'equity' } as const satisfies Record<keyof DayEquity, string>;
/** Since when a ledger is reduced that was written before this was kept: long enough for any reset to lift it. */
export const SINCE_UNKNOWN = 0;
const PASSING = ['STREAK', 'PAUSE'] as const satisfies readonly Passing['by'][];
const KILL_STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const satisfies readonly KillState[];

/** Attribute with the free room of a class. */
export const FREE_OF_CLASS = { stock: CAPACITY.freeStock, crypto: CAPACITY.freeCrypto } as const satisfies Record<AssetClass, string>;
/** Attribute with the kill state of a class. */
export const KILL_OF_CLASS = { stock: CAPACITY.killStock, crypto: CAPACITY.killCrypto } as const satisfies Record<AssetClass, string>;

/** Attribute that holds a kill state, as a path: a symbol's stands in a map. */
export const killPath = (scope: KillScope): readonly string[] => {
  switch (scope.kind) {
    case 'ACCOUNT':
      return [CAPACITY.kill];
    case 'CLASS':
      return [KILL_OF_CLASS[scope.assetClass]];
    case 'SYMBOL':
      return [CAPACITY.killSymbols, scope.symbol];
  }
};

/** Writes a ledger without its keys. @throws UnstorableNumberError */
export const writeCapacity = (capacity: Capacity): Attributes => present({
  [CAPACITY.equity]: addend(capacity.equity),
  [CAPACITY.equityAt]: whole(capacity.equityAt),
  [CAPACITY.cap]: addend(capacity.cap),
  [CAPACITY.free]: addend(capacity.free),
  [CAPACITY.capStock]: addend(capacity.capOfClass.stock),
  [CAPACITY.capCrypto]: addend(capacity.capOfClass.crypto),
  [CAPACITY.freeStock]: addend(capacity.freeOfClass.stock),
  [CAPACITY.freeCrypto]: addend(capacity.freeOfClass.crypto),
  [CAPACITY.sequence]: whole(capacity.sequence),
  [CAPACITY.kill]: text(capacity.kill.account),
  [CAPACITY.killStock]: text(capacity.kill.stock),
  [CAPACITY.killCrypto]: text(capacity.kill.crypto),
  [CAPACITY.killSymbols]: document(Object.fromEntries(Object.entries(capacity.kill.symbols).map(([symbol, state]) => [symbol, text(state)]))),
  [CAPACITY.day]: maybe(capacity.day, writeDay),
  [CAPACITY.peak]: maybe(capacity.peak, decimal),
  [CAPACITY.stopStreak]: count(capacity.stopStreak),
  [CAPACITY.passing]: capacity.passing === null ? null : flag(true),
  [CAPACITY.passingBy]: maybe(capacity.passing, ({ by }) => text(by)),
  [CAPACITY.passingSince]: maybe(capacity.passing, ({ since }) => whole(since)),
  ...writeRestore(capacity.restore),
});

/** Writes a day's first equity. @throws UnstorableNumberError */
export const writeDay = (day: DayEquity): AttributeValue => document({ [DAY.date]: text(day.date), [DAY.equity]: decimal(day.equity) });

/** Reads a ledger. @throws StoredItemError */
export const readCapacity = ({ reader }: StoredItem): Capacity => ({
  equity: reader.decimal(CAPACITY.equity),
  equityAt: reader.whole(CAPACITY.equityAt),
  cap: reader.decimal(CAPACITY.cap),
  free: reader.decimal(CAPACITY.free),
  capOfClass: { stock: reader.decimal(CAPACITY.capStock), crypto: reader.decimal(CAPACITY.capCrypto) },
  freeOfClass: { stock: reader.decimal(CAPACITY.freeStock), crypto: reader.decimal(CAPACITY.freeCrypto) },
  sequence: reader.whole(CAPACITY.sequence),
  kill: readKill(reader),
  day: reader.maybe(CAPACITY.day, () => readDay(reader.document(CAPACITY.day))),
  peak: reader.decimalOrNull(CAPACITY.peak),
  stopStreak: reader.count(CAPACITY.stopStreak),
  passing: reader.has(CAPACITY.passing) && reader.flag(CAPACITY.passing) ? readPassing(reader) : null,
  restore: readRestore(reader),
});

const readDay = (reader: ItemReader): DayEquity => ({ date: reader.text(DAY.date), equity: reader.decimal(DAY.equity) });

const readPassing = (reader: ItemReader): Passing => ({
  by: reader.maybe(CAPACITY.passingBy, () => reader.choice(CAPACITY.passingBy, PASSING)) ?? 'STREAK',
  since: reader.wholeOrNull(CAPACITY.passingSince) ?? SINCE_UNKNOWN,
});

const readKill = (reader: ItemReader): KillSwitch => ({
  account: reader.choice(CAPACITY.kill, KILL_STATES),
  stock: reader.choice(CAPACITY.killStock, KILL_STATES),
  crypto: reader.choice(CAPACITY.killCrypto, KILL_STATES),
  symbols: readSymbols(reader.document(CAPACITY.killSymbols)),
});

const readSymbols = (reader: ItemReader): KillSwitch['symbols'] =>
  Object.fromEntries(reader.names().map((symbol) => [symbol, reader.choice(symbol, KILL_STATES)]));
