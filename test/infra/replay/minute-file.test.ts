import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../infra/local/replay/input-error.ts';
import type { MinuteBar } from '../../../infra/local/replay/minute-file.ts';
import { parseMinuteBars } from '../../../infra/local/replay/minute-file.ts';

const HEADER = 'symbol,open_time,open,high,low,close,volume';
const parse = (...rows: readonly string[]) => parseMinuteBars({ file: 'm.csv', text: [HEADER, ...rows, ''].join('\n') });
const shown = ({ symbol, at, open, high, low, close, volume }: MinuteBar) =>
  `${symbol} ${new Date(at).toISOString().slice(0, 16)} ${[open, high, low, close].join(' ')} x${volume.toFixed()}`;
const refusal = (...rows: readonly string[]): string => {
  try {
    parse(...rows);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

describe('Bars by the minute', () => {
  it('are as they were written, or as the row before and the prices beside them say', () => {
    const bars = parse('AZO,2024-02-15T14:30Z,10,,,,5', ',14:31,10,12,,11,6', ',2024-02-16T14:30Z,10,,8.005,9,7', 'BKNG,2024-02-15T14:31Z,3,3,3,3,8');
    expect(bars.map(shown)).toEqual([
      'AZO 2024-02-15T14:30 10 10 10 10 x5',
      'AZO 2024-02-15T14:31 10 12 10 11 x6',
      'BKNG 2024-02-15T14:31 3 3 3 3 x8',
      'AZO 2024-02-16T14:30 10 10 8.005 9 x7',
    ]);
  });

  it.each([
    ['no symbol to begin with', [',2024-02-15T14:30Z,10,,,,5'], 'm.csv, line 2: symbol: expected one in the first row'],
    ['no date to begin with', ['AZO,14:30,10,,,,5'], 'line 2: open_time: expected a minute such as'],
    ['the date of another stock', ['AZO,2024-02-15T14:30Z,10,,,,5', 'TDG,14:31,10,,,,5'], 'line 3: open_time: expected a minute such as'],
    ['a time that is none', ['AZO,2024-02-30T14:30Z,10,,,,5'], 'line 2: open_time: expected a minute such as'],
    ['a clock that is none', ['AZO,2024-02-15T14:30Z,10,,,,5', ',24:61,10,,,,5'], 'line 3: open_time: expected a minute such as'],
    ['a minute twice', ['AZO,2024-02-15T14:30Z,10,,,,5', ',14:30,10,,,,5'], 'line 3: open_time: expected a later minute of AZO'],
    ['a pair', ['BTCUSD,2024-02-15T14:30Z,10,,,,5'], 'line 2: symbol: expected a stock, found BTC/USD'],
    ['a symbol that is none', ['A B,2024-02-15T14:30Z,10,,,,5'], 'line 2: symbol: expected'],
    ['a price of nothing', ['AZO,2024-02-15T14:30Z,0,,,,5'], 'line 2: open: expected 0.01 to'],
    ['a price left out', ['AZO,2024-02-15T14:30Z,,11,9,10,5'], 'line 2: open: expected'],
    ['a high below its close', ['AZO,2024-02-15T14:30Z,10,10.5,,11,5'], 'line 2: high: expected at least open and close, found 10.5'],
    ['a low above its open', ['AZO,2024-02-15T14:30Z,10,,10.5,11,5'], 'line 2: low: expected at most open and close, found 10.5'],
    ['no volume', ['AZO,2024-02-15T14:30Z,10,,,,'], 'line 2: volume: expected'],
    ['a cell too few', ['AZO,2024-02-15T14:30Z,10,,,5'], 'line 2: expected 7 fields, found 6'],
  ])('are refused with %s', (_name, rows, words) => {
    expect(refusal(...rows)).toContain(words);
  });
});

const shipped = (name: string) => parseMinuteBars({ file: name, text: readFileSync(fileURLToPath(new URL(`../../../data/minute/${name}`, import.meta.url)), 'utf8') });
const sumOf = (bars: readonly MinuteBar[], of: (bar: MinuteBar) => { toNumber(): number }) => bars.reduce((total, bar) => total + of(bar).toNumber(), 0);

describe('The shipped minutes', () => {
  it('hold four days of six stocks, to the last price', () => {
    const bars = shipped('bars-1m.csv');
    expect(bars).toHaveLength(3218);
    expect([...new Set(bars.map(({ symbol }) => symbol))].sort()).toEqual(['AZO', 'BKNG', 'FICO', 'GWW', 'NVR', 'TDG']);
    expect([...new Set(bars.map(({ at }) => new Date(at).toISOString().slice(0, 10)))]).toEqual(['2024-02-15', '2024-02-16', '2024-02-20', '2024-02-21']);
    expect(bars.filter(({ symbol }) => symbol === 'AZO').slice(0, 6).map(shown).at(-1)).toBe('AZO 2024-02-15T14:46 2706.13 2706.13 2702.87 2703.485 x1045');
  });

  it('hold two stocks around two days on which NYSE closed at 13:00', () => {
    const bars = shipped('early-close-1m.csv');
    expect(bars).toHaveLength(1521);
    expect([...new Set(bars.map(({ at }) => new Date(at).toISOString().slice(0, 10)))]).toEqual([
      '2024-07-02', '2024-07-03', '2024-07-05', '2024-11-27', '2024-11-29', '2024-12-02',
    ]);
    expect(sumOf(bars, ({ volume }) => volume)).toBeGreaterThan(0);
  });
});
