// A book to begin a race with: written in two commits, so that a round spends its time on the race.
import type { Context } from '../../shared/domain/context.ts';
import { ALL_ACTIVE } from '../../shared/domain/account.ts';
import type { Capacity } from '../../shared/domain/account.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { entryTerms, planOrder, refOf } from '../../shared/domain/new-order.ts';
import { NO_MOVE, addRoom, moveBetween } from '../../shared/domain/room.ts';
import type { Order, Slot } from '../../shared/domain/slot.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';
import type { AssetClass, Watch } from '../../shared/domain/watch.ts';
import type { Store } from '../../shared/ports.ts';
import type { TestVenue } from './venue.ts';

/** One symbol of a book. `away` is the price's distance from the limit as a ratio, through it where negative. */
export interface Line {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly state: 'IDLE' | 'WORKING';
  readonly limit: string;
  readonly quantity: string;
  readonly away: string;
  readonly forecastPnl?: string;
}

export const RULES = {
  tickSize: new Decimal('0.01'),
  lotSize: new Decimal('0.0001'),
  minQuantity: new Decimal('0.0001'),
  minNotional: new Decimal('0.1'),
  priceBand: null,
};

export const watchOf = (line: Line, now: number, planVersion = 1): Watch => ({
  kind: 'limit',
  strategy: 'dips',
  planVersion,
  symbol: line.symbol,
  slot: 'main',
  assetClass: line.assetClass,
  side: 'buy',
  limit: new Decimal(line.limit),
  quantity: new Decimal(line.quantity),
  forecastPnl: line.forecastPnl === undefined ? null : new Decimal(line.forecastPnl),
  mode: 'normal',
  group: null,
  rank: null,
  tolerance: null,
  expiresAt: now + 3_600_000,
  exit: {
    takeProfit: null,
    maxHold: null,
    stop: { kind: 'limit', ownStop: null },
    hours: line.assetClass === 'stock' ? 'NYSE' : 'ALWAYS',
    own: {},
    netted: false,
    market: RULES,
  },
  maxAttempts: null,
  style: { kind: 'PLAIN' },
  level: null,
});

export const priceOf = (line: Line): Decimal => new Decimal(line.limit).times(new Decimal(1).plus(line.away)).toDecimalPlaces(4);

interface Written {
  readonly slot: Slot;
  readonly order: Order | null;
  readonly changes: readonly Change[];
}

const writeLine = (line: Line, context: Context): Written => {
  const watch = watchOf(line, context.now);
  const idle: Slot = { ...newSlot(watch, line.assetClass), revision: 1, watchVersion: 1, planVersions: { dips: 1 }, watch };
  if (line.state === 'IDLE') return { slot: idle, order: null, changes: [{ kind: 'SLOT', before: null, after: idle, guard: 'STATE' }] };
  const planned = planOrder(idle, entryTerms(watch, watch.quantity, context), { ...context, now: context.now - 60_000 });
  const order: Order = { ...planned.order, status: 'OPEN', exchangeOrderId: `x-${planned.order.clientOrderId}` };
  const slot: Slot = { ...idle, fence: order.fence, entry: { status: 'WORKING', order, amendment: null, attempts: 0 } };
  const record = { ref: refOf(slot), assetClass: line.assetClass, order, mode: watch.mode, rules: watch.exit, place: 'IN_SLOT', revision: 1 } as const;
  return {
    slot,
    order,
    changes: [
      { kind: 'SLOT', before: null, after: slot, guard: 'STATE' },
      { kind: 'ORDER', before: null, after: record },
    ],
  };
};

/** Σ of the room that the live orders of a book take, in all or of one class. */
export const usedByLines = (lines: readonly Line[], assetClass: AssetClass | null = null): Decimal =>
  lines
    .filter((line) => line.state === 'WORKING' && (assetClass === null || line.assetClass === assetClass))
    .reduce((used, line) => used.plus(new Decimal(line.limit).times(line.quantity)), new Decimal(0));

export interface BookTerms {
  readonly lines: readonly Line[];
  /** Free room once the live orders are in. */
  readonly free: string;
  /** Free room of each class then; without it the cap of a class is the whole cap. */
  readonly freeOfClass?: { readonly stock: string; readonly crypto: string };
  readonly equityAt?: number;
}

const capacityOf = ({ lines, free, freeOfClass, equityAt }: BookTerms, context: Context): Capacity => {
  const cap = usedByLines(lines).plus(free);
  const capOf = (assetClass: AssetClass): Decimal =>
    freeOfClass === undefined ? cap : usedByLines(lines, assetClass).plus(freeOfClass[assetClass]);
  const capOfClass = { stock: capOf('stock'), crypto: capOf('crypto') };
  const equity = cap.dividedBy(context.settings.maxLeverage);
  return {
    equity,
    equityAt: equityAt ?? context.now,
    cap,
    free: cap,
    capOfClass,
    freeOfClass: capOfClass,
    sequence: 0,
    kill: ALL_ACTIVE,
    // Both are begun, and no reading of these races is a new peak: the marks stay out of every race but their own.
    day: { date: context.calendar.newYorkDate(context.now), equity },
    peak: equity.times(10),
    stopStreak: 0,
    passing: null,
    restore: null,
  };
};

/** Writes a book, and puts its live orders at the venue. */
export const writeBook = async (store: Store, venue: TestVenue, terms: BookTerms, context: Context): Promise<void> => {
  const { account } = context;
  await store.commit(account, [{ kind: 'EQUITY', before: null, after: capacityOf(terms, context) }], `book-1-${account}`);
  const written = terms.lines.map((line) => writeLine(line, context));
  const move = written.map(({ slot }) => moveBetween(null, slot)).reduce(addRoom, NO_MOVE);
  const quotes = Object.fromEntries(terms.lines.map((line) => [line.symbol, { price: priceOf(line), at: context.now - 1000 }]));
  const board: Change = { kind: 'QUOTES', before: { revision: 0, quotes: {}, bars: {}, features: {} }, after: { revision: 1, quotes, bars: {}, features: {} } };
  const changes = [...written.flatMap((each) => each.changes), { kind: 'ROOM', move, require: null } as const, board];
  await store.commit(account, changes, `book-2-${account}`);
  for (const { order, slot } of written) {
    if (order !== null) venue.seed({ clientOrderId: order.clientOrderId, symbol: slot.symbol, quantity: order.quantity, limit: order.limit });
  }
};
