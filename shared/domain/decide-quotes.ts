// What new prices change on the board: the newest of each symbol, the bars that stops trail by, and what grids go by (WS-1, SL-5, FP-1).
import { addQuote } from './bar.ts';
import type { Context } from './context.ts';
import { barKey } from './decision.ts';
import type { BoardBars, Decision, QuoteBoard, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore } from './draft.ts';
import type { WantedBars } from './event.ts';
import { addToFeatures } from './market-features.ts';
import type { MarketFeatures } from './market-features.ts';
import { newerQuote } from './quote.ts';
import type { Quote } from './quote.ts';

const A_SECOND = 1000;

type Quotes = Readonly<Record<string, Quote>>;

const freshQuotes = (board: QuoteBoard, seen: Quotes, context: Context): Quotes =>
  Object.fromEntries(
    Object.entries(seen).filter(([symbol, quote]) => {
      // A price from the future would shut out every honest one that follows.
      if (!quote.price.isFinite() || quote.price.lessThanOrEqualTo(0) || quote.at > context.now + A_SECOND) return false;
      return newerQuote(board.quotes[symbol] ?? null, quote) === quote;
    }),
  );

const NO_BARS: BoardBars = { building: null, completed: null };

/** A price of before the session belongs to no bar of it, and what was built in an earlier one says nothing now. */
const barsAfter = (known: BoardBars, quote: Quote | undefined, { grid }: WantedBars): BoardBars => {
  if (quote === undefined || quote.at < grid.opensAt) return known;
  const isOld = known.building !== null && known.building.startsAt < grid.opensAt;
  const step = addQuote(isOld ? null : known.building, quote, grid);
  return { building: step.building, completed: step.completed ?? known.completed };
};

/** Bars that nobody wants any more go with the next price: the board is written at each. */
const boardBars = (board: QuoteBoard, news: Quotes, grids: readonly WantedBars[]): QuoteBoard['bars'] =>
  Object.fromEntries(
    grids.map((wanted) => {
      const key = barKey(wanted.symbol, wanted.grid.barMinutes);
      return [key, barsAfter(board.bars[key] ?? NO_BARS, news[wanted.symbol], wanted)];
    }),
  );

/** What nobody's grid goes by any more goes with the next price, too. */
const featuresAfter = (board: QuoteBoard, news: Quotes, featured: readonly WantedBars[]): QuoteBoard['features'] =>
  Object.fromEntries(
    featured.flatMap(({ symbol, grid }): readonly (readonly [string, MarketFeatures])[] => {
      const known = board.features[symbol];
      const quote = news[symbol];
      if (quote !== undefined) return [[symbol, addToFeatures(known, { before: board.quotes[symbol], quote, grid })]];
      return known === undefined ? [] : [[symbol, known]];
    }),
  );

/**
 * Keeps the newest price of each symbol (WS-1), an older one never replacing a newer one, and builds the bars that are
 * wanted and the features of the symbols that grids watch from the prices that are new (SL-5, FP-1).
 */
export const decideQuotesSeen = (
  event: { readonly quotes: Quotes; readonly grids: readonly WantedBars[]; readonly featured: readonly WantedBars[] },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const { board } = snapshot;
  const news = freshQuotes(board, event.quotes, context);
  if (Object.keys(news).length === 0) return ignore('NO_NEWER_QUOTE');
  const after: QuoteBoard = {
    revision: board.revision + 1,
    quotes: { ...board.quotes, ...news },
    bars: boardBars(board, news, event.grids),
    features: featuresAfter(board, news, event.featured),
  };
  return commit({ ...EMPTY_DRAFT, changes: [{ kind: 'QUOTES', before: board, after }] });
};
