// The two files of a replay: bars by the hour, and plans made from them.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { DomainInputError } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { normaliseSymbol } from '../../../shared/domain/symbols.ts';
import type { AssetClass } from '../../../shared/domain/watch.ts';
import type { CsvRow, CsvSource } from './csv.ts';
import { readDecimal, readHour, readRows, refuseLine } from './csv.ts';

const BAR_COLUMNS = ['open_time', 'symbol', 'high', 'low', 'close', 'volume'];
const PLAN_COLUMNS = ['open_time', 'symbol', 'buy_price', 'sell_price', 'buy_weight', 'sell_weight'];
// The least price is the tick, so that a limit rounded down to it is still a price.
const PRICE_BOUNDS = { stock: ['0.01', '1000000000'], crypto: ['0.00000001', '1000000000'] } as const;
const VOLUME_BOUNDS = ['0', '1e30'] as const;
const WEIGHT_BOUNDS = ['0', '100'] as const;

/** One hour of one symbol; the high is checked and not kept, since stale outliers hide in it. Volume in units, null where unknown. */
export interface Bar {
  readonly hour: Millis;
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal | null;
}

/** A limit plan made from one hour: buy at the one price, sell at the other. */
export interface PlanRow {
  readonly hour: Millis;
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly buyPrice: Decimal;
  readonly sellPrice: Decimal;
}

interface Place {
  readonly hour: Millis;
  readonly symbol: string;
  readonly assetClass: AssetClass;
}

/** Reads bars, oldest first. @throws InputError naming file, line and field */
export function parseBars(source: CsvSource): readonly Bar[] {
  return readOrdered(source, BAR_COLUMNS, (row, place) => {
    const price = (name: string) => readDecimal(source.file, row, name, PRICE_BOUNDS[place.assetClass]);
    price('high');
    const low = price('low');
    const close = price('close');
    if (close.lessThan(low)) refuseLine(source.file, row.line, `close: expected at least the low, found ${row.field('close')}`);
    const volume = row.field('volume') === '' ? null : readDecimal(source.file, row, 'volume', VOLUME_BOUNDS);
    return { ...place, low, close, volume };
  });
}

/** Reads plan rows, oldest first. @throws InputError naming file, line and field */
export function parsePlanRows(source: CsvSource): readonly PlanRow[] {
  return readOrdered(source, PLAN_COLUMNS, (row, place) => {
    const number = (name: string, bounds: readonly [string, string]) => readDecimal(source.file, row, name, bounds);
    const buyPrice = number('buy_price', PRICE_BOUNDS[place.assetClass]);
    const sellPrice = number('sell_price', PRICE_BOUNDS[place.assetClass]);
    if (sellPrice.lessThan(buyPrice)) {
      refuseLine(source.file, row.line, `sell_price: expected at least the buy price, found ${row.field('sell_price')}`);
    }
    for (const name of ['buy_weight', 'sell_weight']) number(name, WEIGHT_BOUNDS);
    return { ...place, buyPrice, sellPrice };
  });
}

function readOrdered<T extends Place>(
  source: CsvSource,
  columns: readonly string[],
  read: (row: CsvRow, place: Place) => T,
): readonly T[] {
  const seen = new Map<string, number>();
  let last = Number.NEGATIVE_INFINITY;
  return readRows(source, columns).map((row) => {
    const place = readPlace(source.file, row);
    if (place.hour < last) refuseLine(source.file, row.line, 'open_time: expected rows in the order of time, found an earlier hour');
    last = place.hour;
    const key = `${place.hour} ${place.symbol}`;
    const first = seen.get(key);
    if (first !== undefined) refuseLine(source.file, row.line, `symbol: ${place.symbol} already has this hour in line ${first}`);
    seen.set(key, row.line);
    return read(row, place);
  });
}

function readPlace(file: string, row: CsvRow): Place {
  const text = row.field('symbol');
  try {
    return { hour: readHour(file, row, 'open_time'), ...symbolOf(text) };
  } catch (error) {
    if (error instanceof DomainInputError) return refuseLine(file, row.line, error.message);
    throw error;
  }
}

/** Names a symbol as the pipeline does (EW-4); one that ends in USD is crypto. @throws DomainInputError for what is no symbol */
export function symbolOf(text: string): { readonly symbol: string; readonly assetClass: AssetClass } {
  const assetClass = /.USD$/i.test(text) ? 'crypto' : 'stock';
  return { symbol: normaliseSymbol(text, assetClass), assetClass };
}
