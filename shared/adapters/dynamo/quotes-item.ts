// The account's last quotes as one item: by symbol, a pair of price and time.
import type { QuoteBoard } from '../../domain/decision.ts';
import { Decimal } from '../../domain/decimal.ts';
import type { Quote } from '../../domain/quote.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, list, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readWhole, StoredItemError } from './item-reader.ts';
import type { StoredItem } from './stored-item.ts';

export const BOARD_REVISION = 'revision';
const QUOTES = 'qu';

/** Before the first quote. */
export const NO_QUOTES: QuoteBoard = { revision: 0, quotes: {} };

/** Writes the board without its keys. @throws UnstorableNumberError */
export const writeQuotes = (board: QuoteBoard): Attributes => ({
  [BOARD_REVISION]: whole(board.revision),
  [QUOTES]: document(
    Object.fromEntries(Object.entries(board.quotes).map(([symbol, quote]) => [symbol, list([decimal(quote.price), whole(quote.at)])])),
  ),
});

/** Reads the board. @throws StoredItemError */
export const readQuotes = ({ reader }: StoredItem): QuoteBoard => {
  const quotes = reader.document(QUOTES);
  return {
    revision: reader.whole(BOARD_REVISION),
    quotes: Object.fromEntries(quotes.names().map((symbol) => [symbol, readQuote(quotes, symbol)])),
  };
};

const readQuote = (reader: ItemReader, symbol: string): Quote => {
  const [price, at] = reader.numbers(symbol);
  if (price === undefined || at === undefined) throw new StoredItemError(symbol, 'a price and a time');
  return { price: new Decimal(price), at: readWhole(at, symbol) };
};
