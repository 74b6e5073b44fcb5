// Reads and checks everything a replay needs, before anything is started or written.
import { createHash } from 'node:crypto';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { Decimal, DomainInputError } from '../../../shared/domain/decimal.ts';
import { readTextFile } from './csv.ts';
import { InputError } from './input-error.ts';
import type { Bar, PlanRow } from './market-files.ts';
import { parseBars, parsePlanRows, symbolOf } from './market-files.ts';
import type { Range, Step } from './price-steps.ts';
import { HOUR, stepsOf } from './price-steps.ts';
import type { ReplayOptions } from './replay-options.ts';
import { checkSettings } from './settings-file.ts';

/** What the account begins with, quote currency. */
export const START_EQUITY = new Decimal(10_000);

export interface PreparedRun {
  readonly options: ReplayOptions;
  readonly range: Range;
  readonly symbols: readonly string[];
  readonly rows: readonly PlanRow[];
  readonly steps: readonly Step[];
  readonly settings: Settings;
  /** Equal for runs that must go the same way. */
  readonly fingerprint: string;
}

/** Prepares a run. @throws InputError for whatever a person gave wrong */
export function prepareRun(options: ReplayOptions): PreparedRun {
  const settings = checkSettings(options.settings, null);
  const barsText = readTextFile(options.barsFile);
  const plansText = readTextFile(options.plansFile);
  const allBars = parseBars(barsText);
  const allRows = parsePlanRows(plansText);
  const wanted = options.symbols === null ? null : wantedSymbols(options.symbols, allBars, options.barsFile);
  const bars = allBars.filter((bar) => wanted === null || wanted.has(bar.symbol));
  const range = rangeOf(options, bars);
  const symbols = [...new Set(bars.filter((bar) => isIn(bar.hour, range)).map((bar) => bar.symbol))].sort();
  if (symbols.length === 0) throw new InputError(`${options.barsFile}: no bar lies between ${iso(range.from)} and ${iso(range.to)}`);
  const rows = allRows.filter((row) => symbols.includes(row.symbol) && row.hour < range.to);
  if (rows.length === 0) throw new InputError(`${options.plansFile}: no row for ${symbols.join(', ')} before ${iso(range.to)}`);
  return {
    options,
    range,
    symbols,
    rows,
    steps: stepsOf(bars, range),
    settings,
    fingerprint: fingerprintOf(options, range, symbols, [barsText.text, plansText.text]),
  };
}

const iso = (at: Millis): string => new Date(at).toISOString();
const isIn = (hour: Millis, { from, to }: Range): boolean => hour >= from && hour < to;

function wantedSymbols(given: readonly string[], bars: readonly Bar[], file: string): ReadonlySet<string> {
  const listed = new Set(bars.map((bar) => bar.symbol));
  const symbols = given.map(readSymbol);
  const missing = symbols.find((symbol) => !listed.has(symbol));
  if (missing !== undefined) throw new InputError(`--symbols: ${file} holds no bar of ${missing}`);
  return new Set(symbols);
}

function readSymbol(text: string): string {
  try {
    return symbolOf(text).symbol;
  } catch (error) {
    if (!(error instanceof DomainInputError)) throw error;
    throw new InputError(`--symbols: ${error.message}`, { cause: error });
  }
}

function rangeOf({ from, to }: ReplayOptions, bars: readonly Bar[]): Range {
  const range = { from: from ?? bars[0]?.hour ?? 0, to: to ?? (bars.at(-1)?.hour ?? 0) + HOUR };
  if (range.from < range.to) return range;
  throw new InputError(`--from ${iso(range.from)} has to be earlier than --to ${iso(range.to)}`);
}

function fingerprintOf(options: ReplayOptions, range: Range, symbols: readonly string[], texts: readonly string[]): string {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const settings = Object.entries(options.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify([range, symbols, settings, options.injections, texts.map(digest)]));
}
