// What new prices mean for every watch and position: exits first, since they free room, then entries, nearest first.
import { applyEvent } from './apply-event.ts';
import type { QuoteBoard, Snapshot } from './domain/decision.ts';
import type { Quote } from './domain/quote.ts';
import type { SlotRef } from './domain/slot.ts';
import type { TraceContext } from './ports.ts';
import { serveEntries } from './serve-entries.ts';
import type { ShellDeps } from './shell-deps.ts';
import { sweepExits } from './sweep-slots.ts';

const boardAfter = async (
  deps: ShellDeps,
  quotes: Readonly<Record<string, Quote>>,
  snapshot: Snapshot,
  trace: TraceContext,
): Promise<QuoteBoard> => {
  const { decision, snapshot: used } = await applyEvent(deps, { type: 'QUOTES_SEEN', quotes }, trace, snapshot);
  if (decision.kind === 'IGNORE') return used.board;
  const written = decision.changes.find((change) => change.kind === 'QUOTES');
  return written === undefined ? used.board : written.after;
};

/** Reads one batch of prices (WS-1, EW-1, EW-8): one read of the book, one write of the board, and what they call for. */
export const readPrices = async (
  deps: ShellDeps,
  quotes: Readonly<Record<string, Quote>>,
  trace: TraceContext,
): Promise<void> => {
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const board = await boardAfter(deps, quotes, book, trace);
  const snapshot: Snapshot = { ...book, board };
  const exits = await sweepExits(deps, snapshot, trace);
  // What an exit frees is known only when it has filled; its slot has moved, though, and is read again.
  const fresh = exits === 0 ? snapshot : await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  await serveEntries(deps, fresh, trace);
};

/** Lets one watch that did not fit try to steal (WS-4 to WS-9), on the whole book and the history of steals. */
export const attemptSteal = async (deps: ShellDeps, ref: SlotRef, trace: TraceContext): Promise<void> => {
  await applyEvent(deps, { type: 'ENTRY_WANTED', ref, maySteal: true }, trace);
};
