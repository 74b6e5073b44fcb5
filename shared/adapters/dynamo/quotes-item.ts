// The account's last quotes as one item: by symbol, a pair of price and time; and the bars and features built from them.
import type { Bar } from '../../domain/bar.ts';
import type { BoardBars, QuoteBoard } from '../../domain/decision.ts';
import { Decimal } from '../../domain/decimal.ts';
import type { MarketFeatures } from '../../domain/market-features.ts';
import type { OrderFlow } from '../../domain/order-flow.ts';
import type { Quote } from '../../domain/quote.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { decimal, document, list, maybe, present, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readWhole, StoredItemError } from './item-reader.ts';
import type { StoredItem } from './stored-item.ts';

export const BOARD_REVISION = 'revision';
const QUOTES = 'qu';
const BARS = 'ba';
const FEATURES = 'fe';
const FEATURE = { building: 'b', range: 'r', flow: 'f' } as const satisfies Record<keyof MarketFeatures, string>;
const WAYS = { UP: 1, DOWN: -1 } as const;
const BAR_PAIR = { building: 'b', completed: 'c' } as const satisfies Record<keyof BoardBars, string>;

/** Before the first quote. */
export const NO_QUOTES: QuoteBoard = { revision: 0, quotes: {}, bars: {}, features: {} };

/** Writes the board without its keys. @throws UnstorableNumberError */
export const writeQuotes = (board: QuoteBoard): Attributes =>
  present({
    [BOARD_REVISION]: whole(board.revision),
    [QUOTES]: document(mapped(board.quotes, (quote) => list([decimal(quote.price), whole(quote.at)]))),
    [BARS]: Object.keys(board.bars).length === 0 ? null : document(mapped(board.bars, writePair)),
    [FEATURES]: Object.keys(board.features).length === 0 ? null : document(mapped(board.features, writeFeatures)),
  });

/** Reads the board. @throws StoredItemError */
export const readQuotes = ({ reader }: StoredItem): QuoteBoard => {
  const quotes = reader.document(QUOTES);
  return {
    revision: reader.whole(BOARD_REVISION),
    quotes: Object.fromEntries(quotes.names().map((symbol) => [symbol, readQuote(quotes, symbol)])),
    bars: reader.maybe(BARS, () => readBars(reader.document(BARS))) ?? {},
    features: reader.maybe(FEATURES, () => readAllFeatures(reader.document(FEATURES))) ?? {},
  };
};

const mapped = <Value>(values: Readonly<Record<string, Value>>, write: (value: Value) => AttributeValue): Attributes =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value)]));

const readQuote = (reader: ItemReader, symbol: string): Quote => {
  const [price, at] = reader.numbers(symbol);
  if (price === undefined || at === undefined) throw new StoredItemError(symbol, 'a price and a time');
  return { price: new Decimal(price), at: readWhole(at, symbol) };
};

const writePair = ({ building, completed }: BoardBars): AttributeValue =>
  document(present({ [BAR_PAIR.building]: maybe(building, writeBar), [BAR_PAIR.completed]: maybe(completed, writeBar) }));

const readBars = (reader: ItemReader): QuoteBoard['bars'] =>
  Object.fromEntries(reader.names().map((key) => [key, readPair(reader.document(key))]));

const readPair = (reader: ItemReader): BoardBars => ({
  building: reader.maybe(BAR_PAIR.building, readBar),
  completed: reader.maybe(BAR_PAIR.completed, readBar),
});

// Times and prices in the order of the type: a board holds hundreds of them.
const writeBar = (bar: Bar): AttributeValue =>
  list([whole(bar.startsAt), decimal(bar.open), decimal(bar.high), decimal(bar.low), decimal(bar.close), whole(bar.lastAt)]);

const readBar = (reader: ItemReader, name: string): Bar => {
  const [startsAt, open, high, low, close, lastAt] = reader.numbers(name);
  if (startsAt === undefined || open === undefined || high === undefined || low === undefined || close === undefined || lastAt === undefined) {
    throw new StoredItemError(name, 'a bar of six numbers');
  }
  return {
    startsAt: readWhole(startsAt, name),
    open: new Decimal(open),
    high: new Decimal(high),
    low: new Decimal(low),
    close: new Decimal(close),
    lastAt: readWhole(lastAt, name),
  };
};

// As long as there is no range, there is nothing of it; the way of a price is a sign.
const writeFeatures = ({ building, range, flow }: MarketFeatures): AttributeValue =>
  document(
    present({
      [FEATURE.building]: maybe(building, writeBar),
      [FEATURE.range]: maybe(range, ({ bars, average, close }) => list([whole(bars), decimal(average), decimal(close)])),
      [FEATURE.flow]: list([decimal(flow.buys), decimal(flow.sells), whole(flow.towards === null ? 0 : WAYS[flow.towards])]),
    }),
  );

const readAllFeatures = (reader: ItemReader): QuoteBoard['features'] =>
  Object.fromEntries(reader.names().map((symbol) => [symbol, readFeatures(reader.document(symbol))]));

const readFeatures = (reader: ItemReader): MarketFeatures => ({
  building: reader.maybe(FEATURE.building, readBar),
  range: reader.maybe(FEATURE.range, readRange),
  flow: readFlow(reader, FEATURE.flow),
});

const readRange = (reader: ItemReader, name: string): MarketFeatures['range'] => {
  const [bars, average, close] = reader.numbers(name);
  if (bars === undefined || average === undefined || close === undefined) throw new StoredItemError(name, 'a range of three numbers');
  return { bars: readWhole(bars, name), average: new Decimal(average), close: new Decimal(close) };
};

const readFlow = (reader: ItemReader, name: string): OrderFlow => {
  const [buys, sells, way] = reader.numbers(name);
  if (buys === undefined || sells === undefined || way === undefined) throw new StoredItemError(name, 'an order flow of three numbers');
  return { buys: new Decimal(buys), sells: new Decimal(sells), towards: wayOf(Number(way)) };
};

const wayOf = (sign: number): OrderFlow['towards'] => {
  if (sign === WAYS.UP) return 'UP';
  return sign === WAYS.DOWN ? 'DOWN' : null;
};
