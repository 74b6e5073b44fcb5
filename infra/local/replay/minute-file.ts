// The bars of a replay by the minute, written without what repeats.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { DomainInputError, max, min } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { CsvRow, CsvSource } from './csv.ts';
import { readDecimal, readMinute, readRows, refuseLine } from './csv.ts';
import { symbolOf } from './market-files.ts';

const COLUMNS = ['symbol', 'open_time', 'open', 'high', 'low', 'close', 'volume'];
const PRICE_BOUNDS = ['0.01', '1000000000'] as const;
const VOLUME_BOUNDS = ['0', '1e30'] as const;

/** One minute of one stock in which it traded; prices in quote currency, volume in units. */
export interface MinuteBar {
  readonly at: Millis;
  readonly symbol: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
}

/**
 * Reads bars by the minute, oldest first, those of one minute by symbol. What is left out is as it was or as it must be:
 * the symbol and the date of the row before, a close like the open, a high or a low that is one of both.
 * @throws InputError naming file, line and field
 */
export function parseMinuteBars(source: CsvSource): readonly MinuteBar[] {
  const last = new Map<string, Millis>();
  let symbol: string | null = null;
  const bars = readRows(source, COLUMNS).map((row) => {
    const same = row.field('symbol') === '';
    symbol = same ? symbol : readStock(source.file, row);
    if (symbol === null) return refuseLine(source.file, row.line, 'symbol: expected one in the first row, found none');
    const before = last.get(symbol) ?? null;
    const at = readMinute(source.file, row, 'open_time', same ? before : null);
    if (before !== null && at <= before) refuseLine(source.file, row.line, `open_time: expected a later minute of ${symbol} than the row before has`);
    last.set(symbol, at);
    return readBar(source.file, row, { symbol, at });
  });
  return bars.toSorted((a, b) => a.at - b.at || (a.symbol < b.symbol ? -1 : 1));
}

function readStock(file: string, row: CsvRow): string {
  const { symbol, assetClass } = symbolIn(file, row);
  if (assetClass !== 'stock') refuseLine(file, row.line, `symbol: expected a stock, found ${symbol}`);
  return symbol;
}

function symbolIn(file: string, row: CsvRow): ReturnType<typeof symbolOf> {
  try {
    return symbolOf(row.field('symbol'));
  } catch (error) {
    if (error instanceof DomainInputError) return refuseLine(file, row.line, error.message);
    throw error;
  }
}

function readBar(file: string, row: CsvRow, place: Pick<MinuteBar, 'symbol' | 'at'>): MinuteBar {
  const price = (name: string): Decimal => readDecimal(file, row, name, PRICE_BOUNDS);
  const given = (name: string, otherwise: Decimal): Decimal => (row.field(name) === '' ? otherwise : price(name));
  const open = price('open');
  const close = given('close', open);
  const [top, bottom] = [max(open, close), min(open, close)];
  const [high, low] = [given('high', top), given('low', bottom)];
  if (high.lessThan(top)) refuseLine(file, row.line, `high: expected at least open and close, found ${row.field('high')}`);
  if (low.greaterThan(bottom)) refuseLine(file, row.line, `low: expected at most open and close, found ${row.field('low')}`);
  return { ...place, open, high, low, close, volume: readDecimal(file, row, 'volume', VOLUME_BOUNDS) };
}
