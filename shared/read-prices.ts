// What new prices mean for every watch and position: exits first, since they free room, then entries, nearest first.
import { applyEvent, contextOf } from './apply-event.ts';
import type { QuoteBoard, Snapshot } from './domain/decision.ts';
import { newerQuote } from './domain/quote.ts';
import type { Quote } from './domain/quote.ts';
import type { SlotRef } from './domain/slot.ts';
import { isSameSymbol, isSymbol } from './domain/symbols.ts';
import { featuredSymbols, wantedBars } from './domain/wanted-bars.ts';
import type { TraceContext } from './ports.ts';
import { serveEntries } from './serve-entries.ts';
import type { ShellDeps } from './shell-deps.ts';
import { sweepDue } from './sweep-slots.ts';

/** A ring that found no queue must not cost the other watches this price. */
const MOST_TRIES = 3;

type Quotes = Readonly<Record<string, Quote>>;

/** The symbol of a slot that a price is of, however it is spelled (EW-4); null where nobody watches it. */
const watchedSymbol = (symbol: string, book: Snapshot): string | null => {
  const slots = [...book.slots.values()];
  if (slots.some((slot) => slot.symbol === symbol)) return symbol;
  if (!isSymbol(symbol)) return null;
  return slots.find((slot) => isSameSymbol(symbol, slot.symbol, slot.assetClass))?.symbol ?? null;
};

/** The prices under the symbols of their slots, the newest of each; others would only make the board grow. */
const watchedQuotes = (quotes: Quotes, book: Snapshot): Quotes => {
  const watched = new Map<string, Quote>();
  for (const [spelled, quote] of Object.entries(quotes)) {
    const symbol = watchedSymbol(spelled, book);
    const kept = symbol === null ? null : newerQuote(watched.get(symbol) ?? null, quote);
    if (symbol !== null && kept !== null) watched.set(symbol, kept);
  }
  return Object.fromEntries(watched);
};

/** Writes the board; says beside it whether anything in the prices was newer. */
const boardAfter = async (
  deps: ShellDeps,
  quotes: Quotes,
  snapshot: Snapshot,
  trace: TraceContext,
): Promise<{ readonly board: QuoteBoard; readonly news: boolean }> => {
  const context = contextOf(deps);
  const slots = [...snapshot.slots.values()];
  const wanted = { grids: wantedBars(slots, context), featured: featuredSymbols(slots, context) };
  const { decision, snapshot: used } = await applyEvent(deps, { type: 'QUOTES_SEEN', quotes, ...wanted }, trace, snapshot);
  if (decision.kind === 'IGNORE') return { board: used.board, news: false };
  const written = decision.changes.find((change) => change.kind === 'QUOTES');
  return { board: written === undefined ? used.board : written.after, news: true };
};

const readBook = (deps: ShellDeps): Promise<Snapshot> => deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });

const carryOut = async (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<void> => {
  const moved = await sweepDue(deps, snapshot, trace);
  // What an exit frees is known only when it has filled; its slot has moved, though, and is read again.
  await serveEntries(deps, moved === 0 ? snapshot : await readBook(deps), trace);
};

/**
 * Reads one batch of prices (WS-1, EW-1, EW-8): one read of the book, one write of the board, and what they call for.
 * `polledOn` are the revisions of the board before the polls; none where a price was pushed. A poll that comes again calls
 * for nothing, so that a repeated message changes no order: nothing in it is newer, and the board has moved since. A
 * market that stands still is polled on the board as it is, and asks again, for room may have come free. A batch that is
 * given back is such a repeat: so what fails is tried again here, and what a crash leaves undone is the next poll's.
 */
export const readPrices = async (
  deps: ShellDeps,
  quotes: Quotes,
  trace: TraceContext,
  polledOn: readonly number[] = [],
): Promise<void> => {
  const book = await readBook(deps);
  const { board, news } = await boardAfter(deps, watchedQuotes(quotes, book), book, trace);
  if (!news && polledOn.length > 0 && !polledOn.includes(board.revision)) return;
  let snapshot: Snapshot = { ...book, board };
  for (let tried = 1; ; tried += 1) {
    try {
      return await carryOut(deps, snapshot, trace);
    } catch (error) {
      if (tried === MOST_TRIES) throw error;
      snapshot = await readBook(deps);
    }
  }
};

/** Lets one watch that did not fit try to steal (WS-4 to WS-9), on the whole book and the history of steals. */
export const attemptSteal = async (deps: ShellDeps, ref: SlotRef, trace: TraceContext): Promise<void> => {
  await applyEvent(deps, { type: 'ENTRY_WANTED', ref, maySteal: true }, trace);
};
