import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readArguments } from '../../../infra/local/replay/cli.ts';
import { InputError } from '../../../infra/local/replay/input-error.ts';
import { prepareRun } from '../../../infra/local/replay/prepare-run.ts';
import { NO_INJECTIONS } from '../../../infra/local/replay/replay-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'claimjump-cli-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const refused = (...argv: string[]): string => {
  try {
    readArguments(argv);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

let printed = '';
beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('The command line of the replay', () => {
  it('replays five days with a weekend and the holiday of the shipped files unless told otherwise', () => {
    const options = readArguments([]);
    expect(options).toMatchObject({
      from: Date.parse('2026-01-16T00:00Z'), to: Date.parse('2026-01-21T00:00Z'), symbols: null, settings: {}, speed: 0, dataDir: null,
      json: false, compare: false,
    });
    expect(options?.barsFile).toMatch(/data\/bars-1h\.csv$/);
    expect(options?.reportFile).toBe(join(process.cwd(), 'report.html'));
  });

  it('takes the whole of other files, dates and instants, and a list of symbols', () => {
    expect(readArguments(['--bars', 'x.csv'])).toMatchObject({ barsFile: 'x.csv', from: null, to: null });
    expect(readArguments(['--from', '2026-01-17', '--to', '2026-01-17T12:30Z', '--symbols', 'AAPL, BTCUSD'])).toMatchObject({
      from: Date.parse('2026-01-17T00:00Z'), to: Date.parse('2026-01-17T12:30Z'), symbols: ['AAPL', 'BTCUSD'],
    });
  });

  it('replays the whole of the shipped minutes with the stop strategy, which makes its own plans', () => {
    const options = readArguments(['--strategy', 'stop']);
    expect(options).toMatchObject({ plans: { strategy: 'stop' }, from: null, to: null });
    expect(options?.barsFile).toMatch(/data\/minute\/bars-1m\.csv$/);
    expect(readArguments(['--strategy', 'stop', '--bars', 'x.csv'])?.barsFile).toBe('x.csv');
    expect(readArguments([])?.plans).toMatchObject({ strategy: 'limit' });
  });

  it('puts the page into the data folder where one is given', () => {
    expect(readArguments(['--data-dir', folder])?.reportFile).toBe(join(folder, 'report.html'));
  });

  it('prints help and asks for no run', () => {
    expect(readArguments(['--help'])).toBeNull();
    expect(printed).toContain('--data-dir');
  });

  it.each([
    [['--nonsense'], "unknown option '--nonsense'"],
    [['extra'], 'too many arguments'],
    [['--strategy', 'grid'], '--strategy: expected limit or stop, found "grid"'],
    [['--strategy', 'stop', '--plans', 'p.csv'], '--plans: the stop strategy makes its own'],
    [['--bars'], "option '--bars <file>' argument missing"],
    [['--from', 'yesterday'], '--from: expected a date'],
    [['--from', '2026-02-30'], '--from: expected a date'],
    [['--to', '2026-01-16 12:00'], '--to: expected a date'],
    [['--symbols', 'AAPL,,MSFT'], '--symbols: expected a list'],
    [['--speed', 'fast'], '--speed: expected a number'],
    [['--speed', '-1'], '--speed: expected a number'],
    [['--speed', 'Infinity'], '--speed: expected a number'],
    [['--settings', '/nowhere.env'], '/nowhere.env: cannot be read'],
    [['--data-dir', process.execPath], 'is not a folder'],
    [['--report', '/nowhere/at/all.html'], '--report: there is no folder'],
    [['--report', folder], 'is not a file'],
  ])('refuses %j', (argv, words) => {
    expect(refused(...argv)).toContain(words);
  });
});

describe('The settings of a replay', () => {
  it('are read from lines and from JSON', () => {
    const lines = file('a.env', '# fewer steals\n\nWORK_STEALING_TOLERANCE = 0.001\r\nMAX_ATTEMPTS=5\n');
    const json = file('a.json', '{ "WORK_STEALING_ENABLED": false, "MAX_LEVERAGE": "1.5", "MAX_ATTEMPTS": 5 }');
    expect(readArguments(['--settings', lines])?.settings).toEqual({ WORK_STEALING_TOLERANCE: '0.001', MAX_ATTEMPTS: '5' });
    expect(readArguments(['--settings', json])?.settings).toEqual({ WORK_STEALING_ENABLED: '0', MAX_LEVERAGE: '1.5', MAX_ATTEMPTS: '5' });
  });

  it.each([
    ['a line that is none', 'MAX_ATTEMPTS\n', 'line 1: expected NAME=VALUE'],
    ['a name nobody knows', 'MAX_ATEMPTS=3\n', 'there is no setting "MAX_ATEMPTS"'],
    ['a value that does not parse', 'MAX_ATTEMPTS=three\n', 'MAX_ATTEMPTS: expected'],
    ['a tolerance of a hundred per cent', 'WORK_STEALING_TOLERANCE=1\n', 'WORK_STEALING_TOLERANCE: expected'],
    ['a name twice', 'MAX_ATTEMPTS=3\nMAX_ATTEMPTS=4\n', 'MAX_ATTEMPTS is set twice'],
    ['broken JSON', '{ "MAX_ATTEMPTS": ', 'expected JSON'],
    ['JSON of another form', '{ "MAX_ATTEMPTS": [3] }', 'expected an object of settings'],
  ])('refuse %s', (_name, text, words) => {
    const path = file('bad.env', text);
    expect(refused('--settings', path)).toContain(path);
    expect(refused('--settings', path)).toContain(words);
  });
});

describe('The preparation of a replay', () => {
  const bars = file('bars.csv', 'open_time,symbol,high,low,close,volume\n2026-01-15T01:00:00Z,AAPL,2,1,1.5,1\n2026-01-15T02:00:00Z,AAPL,2,1,1.5,1\n');
  const plans = file('plans.csv', 'open_time,symbol,buy_price,sell_price,buy_weight,sell_weight\n2026-01-15T00:00:00Z,AAPL,1,2,0,100\n');
  const prepare = (given: Partial<Parameters<typeof prepareRun>[0]>) =>
    prepareRun({
      barsFile: bars, plans: { strategy: 'limit', file: plans }, from: null, to: null, symbols: null, settings: {}, speed: 0, folder: null, stopAfterStep: null,
      injections: NO_INJECTIONS, ...given,
    });
  const at = (hour: number) => Date.parse(`2026-01-15T0${hour}:00:00Z`);

  it('takes the time from the first bar to the end of the last', () => {
    const run = prepare({});
    expect(run.range).toEqual({ from: at(1), to: at(3) });
    expect(run.symbols).toEqual(['AAPL']);
    expect(run.steps).toHaveLength(11);
  });

  it('knows runs that must go the same way, and those that must not', () => {
    expect(prepare({}).fingerprint).toBe(prepare({ speed: 3, folder }).fingerprint);
    const others = [prepare({ to: at(2) }), prepare({ settings: { MAX_ATTEMPTS: '4' } }), prepare({ injections: { ...NO_INJECTIONS, duplicateWebhooks: true } })];
    expect(new Set([prepare({}), ...others].map((run) => run.fingerprint)).size).toBe(4);
  });

  it.each([
    ['a start that is not earlier than the end', { from: at(2), to: at(2) }, 'has to be earlier than'],
    ['a time without bars', { from: at(5), to: at(6) }, 'no bar lies between'],
    ['a symbol without bars', { symbols: ['MSFT'] }, 'holds no bar of MSFT'],
    ['a symbol that is none', { symbols: ['A B'] }, '--symbols: symbol: expected'],
    ['a file that is missing', { plans: { strategy: 'limit' as const, file: '/nowhere.csv' } }, '/nowhere.csv: cannot be read'],
  ])('refuses %s', (_name, given, words) => {
    expect(() => prepare(given)).toThrow(InputError);
    expect(() => prepare(given)).toThrow(words);
  });

  it('refuses plans that hold no row of these symbols', () => {
    const other = file('other.csv', 'open_time,symbol,buy_price,sell_price,buy_weight,sell_weight\n2026-01-15T00:00:00Z,MSFT,1,2,0,100\n');
    expect(() => prepare({ plans: { strategy: 'limit', file: other } })).toThrow('no row for AAPL');
  });
});
