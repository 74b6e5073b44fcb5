// The program as a person starts it: what it prints and where, what it refuses, how it ends, and what it leaves behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ReportDocument } from '../../infra/local/report/report-model.ts';
import type { Ended } from './processes.ts';
import { ROOT, START, familyOf, leftOf, pause, run, start } from './processes.ts';

const LONG = 120_000;
const SHORT = ['--from', '2026-01-16T14:00Z', '--to', '2026-01-16T15:00Z', '--symbols', 'AAPL,BTCUSD'];
/** Three busy hours with a steal in them. */
const BUSY = ['--from', '2026-01-16T14:00Z', '--to', '2026-01-16T17:00Z'];
const BARS = 'open_time,symbol,high,low,close,volume';
const PLANS = 'open_time,symbol,buy_price,sell_price,buy_weight,sell_weight';

const folder = mkdtempSync(join(tmpdir(), 'claimjump-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Place {
  /** Where the program is started, with its files. */
  readonly cwd: string;
  /** Where temporary files would go. */
  readonly env: Readonly<Record<string, string>>;
  /** Everything in both, but for the files given. */
  left(): readonly string[];
}

let places = 0;
const placeWith = (files: Readonly<Record<string, string>> = {}): Place => {
  places += 1;
  const [cwd, temporary] = [join(folder, `${places}`), join(folder, `${places}-tmp`)];
  for (const made of [cwd, temporary]) mkdirSync(made);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return {
    cwd,
    env: { TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    left: () => [...readdirSync(cwd).filter((name) => !(name in files)), ...readdirSync(temporary)],
  };
};
const documentOf = (text: string): ReportDocument => JSON.parse(text);

describe('npm start', () => {
  it('prints exactly one JSON document with --json, and nothing beside it', async () => {
    const place = placeWith();
    const { code, out, err } = await run(START, ['--json', ...SHORT], place);
    expect([code, err]).toEqual([0, '']);
    expect(documentOf(out)).toMatchObject({ schema: 1, stealingOff: null, report: { run: { symbols: ['AAPL', 'BTC/USD'] } } });
    expect(out).toBe(`${JSON.stringify(JSON.parse(out))}\n`);
    expect(place.left()).toEqual(['report.html']);
  }, LONG);

  it('prints the same one document when npm runs it silently', async () => {
    const place = placeWith();
    const npm = spawn('npm', ['start', '--silent', '--', '--json', ...SHORT, '--report', join(place.cwd, 'r.html')], {
      cwd: ROOT,
      env: { ...process.env, ...place.env, NODE_OPTIONS: '', PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    npm.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code]: number[] = await once(npm, 'close');
    expect(code).toBe(0);
    expect(documentOf(out).report.checks).toHaveLength(11);
  }, LONG);

  it('writes plain lines without a terminal: how far it is, each steal in the words of WS-11, then the report', async () => {
    const { code, out, err } = await run(START, BUSY, placeWith());
    expect([code, err]).toEqual([0, '']);
    // Neither colours nor a bar that is drawn again and again.
    expect(out).not.toMatch(/[\u001b\r]/);
    expect(out).toMatch(/^ 50 % {2}2026-01-16 \d\d:\d\d {2}capacity \d+ % used/m);
    expect(out).toMatch(/^2026-01-16 \d\d:\d\d:\d\d {2}Work steal: \S+ \(dist=0\.\d{6}, PnL=\d+\.\d+\) stealing from \S+ \(dist=0\.\d{6}, PnL=\d+\.\d+\)$/m);
    for (const heading of ['Capacity used', 'Steals', 'Trading', 'By symbol', 'Machine', 'Self-check']) expect(out.split('\n')).toContain(heading);
    expect(out.match(/^ {2}ok {5}/gm)).toHaveLength(11);
  }, LONG);

  it('shows with --compare the same run with stealing off beside it', async () => {
    const place = placeWith();
    const { code, out } = await run(START, ['--compare', ...BUSY], place);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +with stealing +without +difference$/m);
    expect(out).toMatch(/^ *steals +[1-9]\d* +0 +-?\+?[1-9]/m);
    expect(out).toContain('idle capacity × hours');
    const page = readFileSync(join(place.cwd, 'report.html'), 'utf8');
    expect(page).toContain('What stealing is for');
  }, LONG);

  it('gives with --compare and --json both runs in the one document', async () => {
    const { code, out } = await run(START, ['--compare', '--json', ...BUSY], placeWith());
    expect(code).toBe(0);
    const { report, stealingOff } = documentOf(out);
    expect([report.run.stealing, stealingOff?.run.stealing]).toEqual(['ON', 'OFF']);
    expect(report.steals.count).toBeGreaterThan(0);
    expect(stealingOff?.steals.count).toBe(0);
    expect(stealingOff?.trading.fills).toBeGreaterThan(0);
  }, LONG);

  it('writes with --report a page that needs no network', async () => {
    const place = placeWith();
    await run(START, ['--json', ...SHORT, '--report', 'mine.html'], place);
    expect(place.left()).toEqual(['mine.html']);
    const page = readFileSync(join(place.cwd, 'mine.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain('self-check clean');
    expect(page).not.toMatch(/https?:|\/\/[a-z]|<script|<link|<img|@import|url\(/i);
  }, LONG);
});

const bars = (...lines: readonly string[]): string => [BARS, '2026-01-16T14:00:00Z,AAPL,2,1,1.5,1', ...lines, ''].join('\n');

describe('npm start answers bad input with status 2 and a reason, and writes nothing', () => {
  const refused: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, string])[] = [
    ['a broken bar', ['--bars', 'b.csv'], { 'b.csv': bars('2026-01-16T15:00:00Z,AAPL,2,1,abc,1') }, 'b.csv, line 3: close: expected a decimal number'],
    ['a bar cut off', ['--bars', 'b.csv'], { 'b.csv': bars('2026-01-16T15:00:00Z,AAPL,2') }, 'b.csv, line 3: expected 6 fields, found 3'],
    ['a broken plan', ['--plans', 'p.csv'], { 'p.csv': `${PLANS}\n2026-01-16T14:00:00Z,AAPL,-5,2,1,1\n` }, 'p.csv, line 2: buy_price: expected 0.01 to'],
    ['a missing file', ['--bars', 'nowhere.csv'], {}, 'nowhere.csv: cannot be read'],
    ['an unknown option', ['--jsno'], {}, "unknown option '--jsno'"],
    ['an unknown symbol', ['--symbols', 'NOSUCH'], {}, 'holds no bar of NOSUCH'],
    ['a start at the end', ['--from', '2026-01-17', '--to', '2026-01-17'], {}, '--from 2026-01-17T00:00:00.000Z has to be earlier than --to 2026-01-17T00:00:00.000Z'],
    ['a start after the end', ['--from', '2026-01-18', '--to', '2026-01-17'], {}, 'has to be earlier than --to'],
    ['a time without bars', ['--from', '2020-01-01', '--to', '2020-01-02'], {}, 'no bar lies between'],
    ['an unknown setting', ['--settings', 's'], { s: 'WORK_STEALING_TOLERENCE=0.003\n' }, 's: there is no setting "WORK_STEALING_TOLERENCE"'],
    ['an absurd setting', ['--settings', 's'], { s: 'MAX_LEVERAGE=-2\n' }, 's: MAX_LEVERAGE: expected'],
    ['a setting that is none', ['--settings', 's'], { s: 'MAX_ATTEMPTS=3\nand more\n' }, 's, line 2: expected NAME=VALUE'],
    ['settings against each other', ['--settings', 's'], { s: 'QUOTE_INTERVAL_SECONDS=500\n' }, 'QUOTE_INTERVAL_SECONDS'],
  ];

  it.each(refused)('%s', async (_name, argv, files, words) => {
    const place = placeWith(files);
    const { code, out, err } = await run(START, [...argv, '--data-dir', 'data'], place);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
    // A person is told what was wrong, not where the program noticed it.
    expect(err).not.toMatch(/^\s+at /m);
    expect(place.left()).toEqual([]);
  }, LONG);
});

const waitFor = async (is: () => boolean): Promise<void> => {
  while (!is()) await pause(20);
};

describe('npm start that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s with status 130 and leaves no process, no page and no folder', async (signal) => {
    const place = placeWith();
    const running = start(START, BUSY, place);
    await waitFor(() => running.out().includes('capacity'));
    const family = familyOf(running.child.pid ?? 0);
    // This program, the engine and who watches it.
    expect(family.length).toBeGreaterThanOrEqual(3);
    running.child.kill(signal);
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/Stopped after \d+ of 16 steps\.$/m);
    expect(await leftOf(family, 3000)).toEqual([]);
    expect(place.left()).toEqual([]);
  }, LONG);

  it('ends at once at the second Ctrl-C, and its engines with it', async () => {
    const place = placeWith();
    const running = start(START, [...BUSY, '--speed', '0.01'], place);
    await waitFor(() => running.out().includes('capacity'));
    const family = familyOf(running.child.pid ?? 0);
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    const ended: Ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(await leftOf(family, 5000)).toEqual([]);
    expect(place.left()).toEqual([]);
  }, LONG);
});
