// A strict reader of plain CSV: what it does not understand it refuses, with file, line and field.
import { readFileSync } from 'node:fs';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { DomainInputError, parseDecimal } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { InputError } from './input-error.ts';

const LONGEST_SHOWN = 60;
const HOUR_TEXT = /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/;
const MINUTE_TEXT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/;
const CLOCK_TEXT = /^\d{2}:\d{2}$/;

/** One row; `field` gives a cell by the name of its column. */
export interface CsvRow {
  readonly line: number;
  readonly field: (name: string) => string;
}

/** Where a text comes from, for messages. */
export interface CsvSource {
  readonly file: string;
  readonly text: string;
}

const shown = (text: string): string => JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

/** Refuses a line of a file. @throws InputError always */
export function refuseLine(file: string, line: number, problem: string): never {
  throw new InputError(`${file}, line ${line}: ${problem}`);
}

/** Reads a file as UTF-8 text. @throws InputError when it cannot be read or is no UTF-8 */
export function readTextFile(file: string): CsvSource {
  const bytes = attempt(file, () => readFileSync(file));
  return { file, text: attempt(file, () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) };
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InputError(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Splits a text into rows of exactly the columns named, in their order. @throws InputError naming file and line */
export function readRows({ file, text }: CsvSource, columns: readonly string[]): readonly CsvRow[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const header = lines[0] ?? '';
  if (header !== columns.join(',')) refuseLine(file, 1, `expected the columns ${columns.join(',')}, found ${shown(header)}`);
  if (lines.length < 2) refuseLine(file, 2, 'expected at least one row, found the end of the file');
  return lines.slice(1).map((line, index) => readRow(file, index + 2, line, columns));
}

function readRow(file: string, line: number, text: string, columns: readonly string[]): CsvRow {
  if (text.includes('"')) refuseLine(file, line, `quoted fields are not read, found ${shown(text)}`);
  const cells = text.split(',');
  if (cells.length !== columns.length) {
    refuseLine(file, line, `expected ${columns.length} fields, found ${text === '' ? 'an empty line' : cells.length}`);
  }
  const byName = new Map(columns.map((name, index) => [name, cells[index] ?? '']));
  return { line, field: (name) => byName.get(name) ?? '' };
}

/** Reads a decimal within bounds, both allowed. @throws InputError naming file, line and field */
export function readDecimal(file: string, row: CsvRow, name: string, bounds: readonly [string, string]): Decimal {
  const [low, high] = bounds;
  const value = decimalOr(row.field(name), name, (problem) => refuseLine(file, row.line, problem));
  if (value.lessThan(low) || value.greaterThan(high)) {
    refuseLine(file, row.line, `${name}: expected ${low} to ${high}, found ${shown(row.field(name))}`);
  }
  return value;
}

function decimalOr(text: string, name: string, refuse: (problem: string) => never): Decimal {
  try {
    return parseDecimal(text, name);
  } catch (error) {
    if (error instanceof DomainInputError) return refuse(error.message);
    throw error;
  }
}

/** Reads the start of an hour in UTC. @throws InputError naming file, line and field */
export function readHour(file: string, row: CsvRow, name: string): Millis {
  const text = row.field(name);
  return (
    instantOf(HOUR_TEXT.test(text) ? text.replace('Z', '.000Z') : '') ??
    refuseLine(file, row.line, `${name}: expected the start of an hour such as 2026-01-15T00:00:00Z, found ${shown(text)}`)
  );
}

/**
 * Reads the start of a minute in UTC; without a date it is of the day of the row before, if there is one.
 * @throws InputError naming file, line and field
 */
export function readMinute(file: string, row: CsvRow, name: string, before: Millis | null): Millis {
  const text = row.field(name);
  const day = before !== null && CLOCK_TEXT.test(text) ? `${new Date(before).toISOString().slice(0, 11)}${text}Z` : text;
  return (
    instantOf(MINUTE_TEXT.test(day) ? day.replace('Z', ':00.000Z') : '') ??
    refuseLine(file, row.line, `${name}: expected a minute such as 2024-02-15T14:30Z, or 14:31 of the same day, found ${shown(text)}`)
  );
}

/** Reads an instant written in full; null for one that no calendar has: Date.parse takes 2026-02-30 for the second of March. */
function instantOf(text: string): Millis | null {
  const at = Date.parse(text);
  return Number.isNaN(at) || new Date(at).toISOString() !== text ? null : at;
}
