// A day's report as one item: written once, never changed, and gone by itself after two years. Sums stand as text: they
// may have more digits than a number of the table.
import type { KillState, Passing } from '../../domain/account.ts';
import type { AccountReport, DailyReport, DeadLettersWaiting, StealLine, Sums, SymbolReport } from '../../domain/daily-report.ts';
import { netOf } from '../../domain/daily-report.ts';
import { Decimal, toPlain } from '../../domain/decimal.ts';
import { MILLIS_PER_SECOND } from '../../domain/instant.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { document, list, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import type { StoredItem } from './stored-item.ts';
import { REPORT_PREFIX, TIME_TO_LIVE } from './table-keys.ts';

const KEPT_SECONDS = 2 * 366 * 86_400;
const STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const satisfies readonly KillState[];
const PASSING = ['STREAK', 'PAUSE'] as const satisfies readonly Passing['by'][];

const exact = (value: Decimal): AttributeValue => text(toPlain(value));
const readExact = (reader: ItemReader, name: string): Decimal => new Decimal(reader.text(name));
const documents = <Part>(parts: readonly Part[], write: (part: Part) => Attributes): AttributeValue => list(parts.map((part) => document(write(part))));

const writeSums = ({ pairs, quantity, gross, commission, unknown }: Sums): Attributes => ({
  pairs: whole(pairs),
  quantity: exact(quantity),
  gross: exact(gross),
  commission: exact(commission),
  unknown: whole(unknown),
});

const readSums = (reader: ItemReader): Sums => {
  const gross = readExact(reader, 'gross');
  const commission = readExact(reader, 'commission');
  const unknown = reader.whole('unknown');
  return { pairs: reader.whole('pairs'), quantity: readExact(reader, 'quantity'), gross, commission, unknown, net: netOf({ gross, commission, unknown }) };
};

const writeSymbol = (report: SymbolReport): Attributes => ({
  symbol: text(report.symbol),
  entryFills: whole(report.entryFills),
  exitFills: whole(report.exitFills),
  ...writeSums(report),
});

const readSymbol = (reader: ItemReader): SymbolReport => ({
  symbol: reader.text('symbol'),
  entryFills: reader.whole('entryFills'),
  exitFills: reader.whole('exitFills'),
  ...readSums(reader),
});

const writeAccount = ({ equity, equityAt, cap, free, kill, passing, held }: AccountReport): Attributes =>
  present({
    equity: exact(equity),
    equityAt: whole(equityAt),
    cap: exact(cap),
    free: exact(free),
    kill: text(kill.account),
    stock: text(kill.stock),
    crypto: text(kill.crypto),
    symbols: document(Object.fromEntries(Object.entries(kill.symbols).map(([symbol, state]) => [symbol, text(state)]))),
    passing: maybe(passing, ({ by, since }) => document({ by: text(by), since: whole(since) })),
    held: documents(held, ({ symbol, notional }) => ({ symbol: text(symbol), notional: exact(notional) })),
  });

const readSymbols = (reader: ItemReader): Readonly<Record<string, KillState>> =>
  Object.fromEntries(reader.names().map((symbol) => [symbol, reader.choice(symbol, STATES)]));

const readPassing = (reader: ItemReader): Passing => ({ by: reader.choice('by', PASSING), since: reader.whole('since') });

const readAccount = (reader: ItemReader): AccountReport => ({
  equity: readExact(reader, 'equity'),
  equityAt: reader.whole('equityAt'),
  cap: readExact(reader, 'cap'),
  free: readExact(reader, 'free'),
  kill: {
    account: reader.choice('kill', STATES),
    stock: reader.choice('stock', STATES),
    crypto: reader.choice('crypto', STATES),
    symbols: readSymbols(reader.document('symbols')),
  },
  passing: reader.maybe('passing', () => readPassing(reader.document('passing'))),
  held: reader.documents('held').map((each) => ({ symbol: each.text('symbol'), notional: readExact(each, 'notional') })),
});

const writeSteal = ({ at, thief, victim }: StealLine): Attributes => ({ at: whole(at), thief: text(thief), victim: text(victim) });
const readSteal = (reader: ItemReader): StealLine => ({ at: reader.whole('at'), thief: reader.text('thief'), victim: reader.text('victim') });

const writeWaiting = ({ queue, waiting }: DeadLettersWaiting): Attributes => ({ queue: text(queue), waiting: whole(waiting) });
const readWaiting = (reader: ItemReader): DeadLettersWaiting => ({ queue: reader.text('queue'), waiting: reader.whole('waiting') });

/** Writes a report without its keys. */
export const writeReport = (report: DailyReport): Attributes =>
  present({
    from: whole(report.from),
    to: whole(report.to),
    writtenAt: whole(report.writtenAt),
    account: maybe(report.account, (account) => document(writeAccount(account))),
    total: document(writeSums(report.total)),
    symbols: documents(report.symbols, writeSymbol),
    lostLots: whole(report.lostLots),
    unpaired: whole(report.unpaired),
    steals: whole(report.steals),
    lastSteals: documents(report.lastSteals, writeSteal),
    deadLetters: maybe(report.deadLetters, (letters) => documents(letters, writeWaiting)),
    [TIME_TO_LIVE]: whole(Math.ceil(report.writtenAt / MILLIS_PER_SECOND) + KEPT_SECONDS),
  });

/** Reads a report. @throws StoredItemError */
export const readReport = ({ sortKey, reader }: StoredItem): DailyReport => ({
  date: sortKey.slice(REPORT_PREFIX.length),
  from: reader.whole('from'),
  to: reader.whole('to'),
  writtenAt: reader.whole('writtenAt'),
  account: reader.maybe('account', () => readAccount(reader.document('account'))),
  total: readSums(reader.document('total')),
  symbols: reader.documents('symbols').map(readSymbol),
  lostLots: reader.whole('lostLots'),
  unpaired: reader.whole('unpaired'),
  steals: reader.whole('steals'),
  lastSteals: reader.documents('lastSteals').map(readSteal),
  deadLetters: reader.maybe('deadLetters', () => reader.documents('deadLetters').map(readWaiting)),
});
