// Asks the venue for the prices of everything watched or held: one call, one message.
import { toPlain } from './domain/decimal.ts';
import type { Slot } from './domain/slot.ts';
import { VenueHeldError } from './errors.ts';
import type { Exchange, TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

const isOfInterest = (slot: Slot): boolean =>
  slot.watch !== null || slot.pending !== null || slot.entry.status !== 'NONE' || slot.position.status !== 'FLAT';

/** Prices that are not asked for now are asked for at the next poll; how often that is so was counted where it was decided. */
const askPrices = async (deps: VenueDeps, symbols: readonly string[]): Promise<Awaited<ReturnType<Exchange['quotes']>> | null> => {
  try {
    return await deps.exchange.quotes(symbols);
  } catch (error) {
    if (error instanceof VenueHeldError) return null;
    throw error;
  }
};

/**
 * Polls prices (MH-3): those of every symbol with a watch, an order or a position.
 * @throws VenueReadError when the venue gives no answer that can be read
 */
export const pollQuotes = async (deps: VenueDeps, trace: TraceContext): Promise<void> => {
  const book = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const symbols = [...new Set([...book.slots.values()].filter(isOfInterest).map((slot) => slot.symbol))];
  if (symbols.length === 0) return;
  const found = await askPrices(deps, symbols);
  if (found === null) return;
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
