// The command line of `npm start`.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import type { Millis } from '../../../shared/domain/instant.ts';
import { readTextFile } from './csv.ts';
import { InputError } from './input-error.ts';
import type { Plans } from './replay-options.ts';
import { checkSettings, readSettingsFile } from './settings-file.ts';
import type { NamedSettings } from './settings-file.ts';

const SHIPPED = fileURLToPath(new URL('../../../data/', import.meta.url));
const SHIPPED_BARS = join(SHIPPED, 'bars-1h.csv');
const SHIPPED_PLANS = join(SHIPPED, 'plans-1h.csv');
const SHIPPED_MINUTES = join(SHIPPED, 'minute', 'bars-1m.csv');
const DEFAULT_FROM = '2026-01-16';
const DEFAULT_TO = '2026-01-21';
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT_TEXT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/;

/** What the command line asks for. */
export interface CliOptions {
  readonly barsFile: string;
  readonly plans: Plans;
  readonly from: Millis | null;
  readonly to: Millis | null;
  readonly symbols: readonly string[] | null;
  readonly settings: NamedSettings;
  readonly speed: number;
  /** Null for a temporary folder. */
  readonly dataDir: string | null;
  readonly json: boolean;
  readonly compare: boolean;
  readonly reportFile: string;
}

const given = z.object({
  strategy: z.string(),
  bars: z.string().optional(),
  plans: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  symbols: z.string().optional(),
  settings: z.string().optional(),
  speed: z.string(),
  dataDir: z.string().optional(),
  json: z.boolean().default(false),
  compare: z.boolean().default(false),
  report: z.string().optional(),
});
type Given = z.infer<typeof given>;

const command = (): Command =>
  new Command('npm start --')
    .description('Replays order plans on real prices through the whole pipeline, running on this machine.')
    .option('--strategy <name>', 'limit: the plans of a model on bars by the hour; stop: stop entries from each day\'s opening on bars by the minute', 'limit')
    .option('--bars <file>', 'bars by the hour: open_time,symbol,high,low,close,volume; with --strategy stop by the minute, as in data/README.md')
    .option('--plans <file>', 'plans by the hour: open_time,symbol,buy_price,sell_price,buy_weight,sell_weight')
    .option('--from <time>', `first moment, a date (its midnight) or an instant in UTC (with the shipped files ${DEFAULT_FROM})`)
    .option('--to <time>', `end, itself not included (with the shipped files ${DEFAULT_TO})`)
    .option('--symbols <list>', 'only these, separated by commas')
    .option('--settings <file>', 'settings: a JSON object, or lines of NAME=VALUE')
    .option('--speed <steps>', 'price steps a second; 0 is as fast as it goes', '0')
    .option('--data-dir <folder>', 'keep the run here, and go on from what is there (else a temporary folder)')
    .option('--json', 'print one JSON document and nothing else (with npm start --silent)')
    .option('--compare', 'run the same again with stealing off, and show both')
    .option('--report <file>', 'where the page goes (else report.html, in the data folder where one is given)')
    .addHelpText('after', '\nPresent prices instead of a file: --venue paper --prices <exchange>, of which --prices x --help tells more.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

/** Reads the arguments; null when only help was asked for and has been printed. @throws InputError */
export function readArguments(argv: readonly string[]): CliOptions | null {
  try {
    return optionsOf(given.parse(command().parse([...argv], { from: 'user' }).opts()));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw new InputError(`${error.message.replace(/^error: /, '')} (--help lists what there is)`, { cause: error });
  }
}

function optionsOf(options: Given): CliOptions {
  const dataDir = options.dataDir === undefined ? null : usableFolder(options.dataDir);
  return {
    ...marketOf(options),
    ...timesOf(options),
    symbols: readList(options.symbols),
    settings: readSettings(options.settings),
    speed: readSpeed(options.speed),
    dataDir,
    json: options.json,
    compare: options.compare,
    reportFile: usableFile(options.report ?? join(dataDir ?? '.', 'report.html'), options.report !== undefined),
  };
}

function marketOf({ strategy, bars, plans }: Given): Pick<CliOptions, 'barsFile' | 'plans'> {
  if (strategy === 'limit') return { barsFile: bars ?? SHIPPED_BARS, plans: { strategy, file: plans ?? SHIPPED_PLANS } };
  if (strategy !== 'stop') throw new InputError(`--strategy: expected limit or stop, found ${JSON.stringify(strategy)}`);
  if (plans !== undefined) throw new InputError('--plans: the stop strategy makes its own');
  return { barsFile: bars ?? SHIPPED_MINUTES, plans: { strategy } };
}

function timesOf({ strategy, bars, from, to }: Given): Pick<CliOptions, 'from' | 'to'> {
  if (strategy === 'limit' && bars === undefined && from === undefined && to === undefined) {
    return { from: Date.parse(DEFAULT_FROM), to: Date.parse(DEFAULT_TO) };
  }
  return { from: readTime('--from', from), to: readTime('--to', to) };
}

function readSettings(file: string | undefined): NamedSettings {
  if (file === undefined) return {};
  const settings = readSettingsFile(readTextFile(file));
  checkSettings(settings, file);
  return settings;
}

function readTime(name: string, text: string | undefined): Millis | null {
  if (text === undefined) return null;
  const at = DATE_TEXT.test(text) || INSTANT_TEXT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text.slice(0, 10))) {
    throw new InputError(`${name}: expected a date such as 2026-01-16 or an instant such as 2026-01-16T14:00Z, found ${JSON.stringify(text)}`);
  }
  return at;
}

function readList(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const symbols = text.split(',').map((part) => part.trim());
  if (symbols.includes('')) throw new InputError(`--symbols: expected a list such as AAPL,BTCUSD, found ${JSON.stringify(text)}`);
  return symbols;
}

function readSpeed(text: string): number {
  const speed = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(speed)) throw new InputError(`--speed: expected a number of price steps a second, found ${JSON.stringify(text)}`);
  return speed;
}

function usableFolder(text: string): string {
  if (text === '') throw new InputError('--data-dir: expected a folder');
  const folder = resolve(text);
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new InputError(`--data-dir: ${text} is not a folder`);
  return folder;
}

function usableFile(text: string, wasGiven: boolean): string {
  const file = resolve(text);
  if (existsSync(file) && !statSync(file).isFile()) throw new InputError(`--report: ${text} is not a file`);
  if (wasGiven && !existsSync(dirname(file))) throw new InputError(`--report: there is no folder ${dirname(file)}`);
  return file;
}
