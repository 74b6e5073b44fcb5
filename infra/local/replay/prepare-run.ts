// Reads and checks everything a replay needs, before anything is started or written.
import { createHash } from 'node:crypto';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { Decimal, DomainInputError } from '../../../shared/domain/decimal.ts';
import { InputError } from './input-error.ts';
import { readLimitSource } from './limit-source.ts';
import { symbolOf } from './market-files.ts';
import type { MarketSource, PlanAt } from './market-source.ts';
import type { Range, Step } from './price-steps.ts';
import type { ReplayOptions } from './replay-options.ts';
import { checkSettings } from './settings-file.ts';
import { readStopSource } from './stop-source.ts';

/** What the account begins with, quote currency. */
export const START_EQUITY = new Decimal(10_000);

export interface PreparedRun {
  readonly options: ReplayOptions;
  readonly range: Range;
  readonly symbols: readonly string[];
  readonly steps: readonly Step[];
  readonly planAt: PlanAt;
  readonly settings: Settings;
  /** Equal for runs that must go the same way. */
  readonly fingerprint: string;
}

/** Prepares a run. @throws InputError for whatever a person gave wrong */
export function prepareRun(options: ReplayOptions): PreparedRun {
  const settings = checkSettings(options.settings, null);
  const source = readSource(options, settings);
  const wanted = options.symbols === null ? null : wantedSymbols(options.symbols, source.symbols, options.barsFile);
  const range = rangeOf(options, source.span);
  const { symbols, steps, planAt } = source.course(range, (symbol) => wanted === null || wanted.has(symbol));
  if (symbols.length === 0) throw new InputError(`${options.barsFile}: no bar lies between ${iso(range.from)} and ${iso(range.to)}`);
  return { options, range, symbols, steps, planAt, settings, fingerprint: fingerprintOf(options, range, symbols, source.texts) };
}

const iso = (at: Millis): string => new Date(at).toISOString();

function readSource({ plans, barsFile }: ReplayOptions, settings: Settings): MarketSource {
  return plans.strategy === 'limit' ? readLimitSource(barsFile, plans.file) : readStopSource(barsFile, settings);
}

function wantedSymbols(given: readonly string[], listed: ReadonlySet<string>, file: string): ReadonlySet<string> {
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

function rangeOf({ from, to }: ReplayOptions, span: Range): Range {
  const range = { from: from ?? span.from, to: to ?? span.to };
  if (range.from < range.to) return range;
  throw new InputError(`--from ${iso(range.from)} has to be earlier than --to ${iso(range.to)}`);
}

function fingerprintOf(options: ReplayOptions, range: Range, symbols: readonly string[], texts: readonly string[]): string {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const settings = Object.entries(options.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify([options.plans.strategy, range, symbols, settings, options.injections, texts.map(digest)]));
}
