import { describe, expect, it } from '@jest/globals';
import { readTextFile } from '../../../infra/local/replay/csv.ts';
import { InputError } from '../../../infra/local/replay/input-error.ts';
import { parseBars, parsePlanRows, symbolOf } from '../../../infra/local/replay/market-files.ts';

const BARS = 'open_time,symbol,high,low,close,volume';
const PLANS = 'open_time,symbol,buy_price,sell_price,buy_weight,sell_weight';
const HOUR = '2026-01-15T00:00:00Z';

const bars = (...lines: string[]) => parseBars({ file: 'b.csv', text: [BARS, ...lines, ''].join('\n') });
const plans = (...lines: string[]) => parsePlanRows({ file: 'p.csv', text: [PLANS, ...lines, ''].join('\n') });
const shipped = (name: string) => readTextFile(new URL(`../../../data/${name}`, import.meta.url).pathname);

describe('The files of a replay', () => {
  it('reads the shipped files whole', () => {
    const rows = parsePlanRows(shipped('plans-1h.csv'));
    const read = parseBars(shipped('bars-1h.csv'));
    expect(read).toHaveLength(5568);
    expect(rows).toHaveLength(5568);
    expect(read[0]).toMatchObject({ symbol: 'BTC/USD', assetClass: 'crypto', hour: Date.parse(HOUR) });
    expect(rows[0]?.buyPrice.toFixed()).toBe('96680.11277343749');
  });

  it('takes a symbol that ends in USD for crypto and any other for a stock (EW-4)', () => {
    expect(symbolOf('BTCUSD')).toEqual({ symbol: 'BTC/USD', assetClass: 'crypto' });
    expect(symbolOf('ETH/USD')).toEqual({ symbol: 'ETH/USD', assetClass: 'crypto' });
    expect(symbolOf('AAPL')).toEqual({ symbol: 'AAPL', assetClass: 'stock' });
    expect(symbolOf('USD')).toEqual({ symbol: 'USD', assetClass: 'stock' });
  });

  it('reads lines that end as on Windows, and a volume with an exponent', () => {
    const read = parseBars({ file: 'b.csv', text: `${BARS}\r\n${HOUR},AAPL,2,1,1.5,5.0041e-05\r\n` });
    expect(read[0]?.volume?.toFixed()).toBe('0.000050041');
  });

  it('takes a volume that is left out for unknown', () => {
    expect(bars(`${HOUR},AAPL,2,1,1.5,`)[0]?.volume).toBeNull();
  });

  it.each([
    ['a missing column', 'open_time,symbol,high,low,close\n', 1, 'expected the columns'],
    ['columns in another order', 'symbol,open_time,high,low,close,volume\n', 1, 'expected the columns'],
    ['nothing at all', '', 1, 'expected the columns'],
    ['no row', `${BARS}\n`, 2, 'at least one row'],
  ])('refuses %s', (_name, text, line, words) => {
    const read = () => parseBars({ file: 'b.csv', text });
    expect(read).toThrow(InputError);
    expect(read).toThrow(`b.csv, line ${line}: `);
    expect(read).toThrow(words);
  });

  it.each([
    ['a quoted field', `${HOUR},"AAPL",2,1,1.5,1`, 'quoted fields'],
    ['too few fields', `${HOUR},AAPL,2,1,1.5`, 'expected 6 fields, found 5'],
    ['too many fields', `${HOUR},AAPL,2,1,1.5,1,`, 'expected 6 fields, found 7'],
    ['an empty line', '', 'found an empty line'],
    ['a price that is none', `${HOUR},AAPL,2,1,abc,1`, 'close: expected a decimal number'],
    ['a price of nothing', `${HOUR},AAPL,2,,1.5,1`, 'low: expected a decimal number'],
    ['a price with blanks', `${HOUR},AAPL,2, 1,1.5,1`, 'low: expected a decimal number'],
    ['not a number', `${HOUR},AAPL,2,NaN,1.5,1`, 'low: expected a decimal number'],
    ['infinity', `${HOUR},AAPL,Infinity,1,1.5,1`, 'high: expected a decimal number'],
    ['a hexadecimal', `${HOUR},AAPL,0x10,1,1.5,1`, 'high: expected a decimal number'],
    ['a negative price', `${HOUR},AAPL,2,-1,1.5,1`, 'low: expected 0.01 to 1000000000'],
    ['a price of zero', `${HOUR},AAPL,2,0,1.5,1`, 'low: expected 0.01 to 1000000000'],
    ['an absurd price', `${HOUR},AAPL,1e50,1,1.5,1`, 'high: expected 0.01 to 1000000000'],
    ['more digits than can be kept', `${HOUR},AAPL,2,1.${'1'.repeat(40)},1.5,1`, 'low: expected at most 38'],
    ['a negative volume', `${HOUR},AAPL,2,1,1.5,-1`, 'volume: expected 0 to'],
    ['a close below the low', `${HOUR},AAPL,2,1,0.5,1`, 'close: expected at least the low'],
    ['a time that is none', `yesterday,AAPL,2,1,1.5,1`, 'open_time: expected the start of an hour'],
    ['a time inside an hour', `2026-01-15T00:30:00Z,AAPL,2,1,1.5,1`, 'open_time: expected the start of an hour'],
    ['a time without a zone', `2026-01-15T00:00:00,AAPL,2,1,1.5,1`, 'open_time: expected the start of an hour'],
    ['a day that does not exist', `2026-02-30T00:00:00Z,AAPL,2,1,1.5,1`, 'open_time: expected the start of an hour'],
    ['an hour that does not exist', `2026-01-15T25:00:00Z,AAPL,2,1,1.5,1`, 'open_time: expected the start of an hour'],
    ['a symbol that is none', `${HOUR},A B,2,1,1.5,1`, 'symbol: expected letters and digits'],
    ['no symbol', `${HOUR},,2,1,1.5,1`, 'symbol: expected letters and digits'],
  ])('refuses %s with its line', (_name, line, words) => {
    const read = () => bars(`${HOUR},MSFT,2,1,1.5,1`, line, `${HOUR},TSLA,2,1,1.5,1`);
    expect(read).toThrow(InputError);
    expect(read).toThrow('b.csv, line 3: ');
    expect(read).toThrow(words);
  });

  it('refuses an hour of a symbol that comes twice, under another spelling too', () => {
    expect(() => bars(`${HOUR},BTCUSD,2,1,1.5,1`, `${HOUR},BTC/USD,2,1,1.5,1`)).toThrow(
      'b.csv, line 3: symbol: BTC/USD already has this hour in line 2',
    );
  });

  it('refuses rows that go back in time', () => {
    expect(() => bars('2026-01-15T01:00:00Z,AAPL,2,1,1.5,1', `${HOUR},AAPL,2,1,1.5,1`)).toThrow('b.csv, line 3: open_time');
  });

  it('refuses a plan that sells below where it buys, and a weight that is no share', () => {
    expect(() => plans(`${HOUR},AAPL,2,1.99,0,100`)).toThrow('p.csv, line 2: sell_price: expected at least the buy price');
    expect(() => plans(`${HOUR},AAPL,2,2,0,101`)).toThrow('p.csv, line 2: sell_weight: expected 0 to 100');
  });

  it('refuses a file that is missing, a folder, or no text', () => {
    expect(() => readTextFile('/nowhere/at/all.csv')).toThrow(InputError);
    expect(() => readTextFile('/')).toThrow(InputError);
    expect(() => readTextFile(process.execPath)).toThrow('not valid for encoding utf-8');
  });
});
