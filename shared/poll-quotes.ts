// Asks the venue for the prices of everything watched or held: one call, one message.
import { toPlain } from './domain/decimal.ts';
import type { Slot } from './domain/slot.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

const isOfInterest = (slot: Slot): boolean =>
  slot.watch !== null || slot.pending !== null || slot.entry.status !== 'NONE' || slot.position.status !== 'FLAT';

/**
 * Polls prices (MH-3): those of every symbol with a watch, an order or a position.
 * @throws VenueReadError when the venue gives no answer that can be read
 */
export const pollQuotes = async (deps: VenueDeps, trace: TraceContext): Promise<void> => {
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const symbols = [...new Set([...book.slots.values()].filter(isOfInterest).map((slot) => slot.symbol))];
  if (symbols.length === 0) return;
  const found = await deps.exchange.quotes(symbols);
  const quotes = Object.entries(found).map(([symbol, quote]) => ({ symbol, price: toPlain(quote.price), at: quote.at }));
  if (quotes.length === 0) return;
  const { account } = deps;
  const { correlationId } = trace;
  const { revision } = book.board;
  await deps.queues.send(
    { schema: 1, kind: 'QUOTES', account, correlationId, boardRevision: revision, quotes },
    { nonce: deps.ids.next() },
  );
};
