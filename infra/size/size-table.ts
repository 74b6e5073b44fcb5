// The sizes of the bundles in lines for a terminal.
import type { Figure } from './figures.ts';
import { isTooLarge } from './figures.ts';
import type { MeasuredBundle } from './measure-bundle.ts';

export type SizeRow = MeasuredBundle & { readonly figure: Figure | null };

const MOST_CONTRIBUTORS = 4;
const KIB = 1024;

/** Writes a line for each bundle: function, venue, size, figure, verdict, and the largest of what it is made of. */
export function sizeLines(rows: readonly SizeRow[]): readonly string[] {
  return [line(['function', 'venue', 'KiB', 'figure', '', 'largest']), ...rows.map((row) => line(cellsOf(row)))];
}

function cellsOf({ functionName, venue, bytes, figure, contributors }: SizeRow): readonly string[] {
  const largest = contributors.slice(0, MOST_CONTRIBUTORS).map(({ name, bytes: part }) => `${name} ${kib(part)}`);
  return [functionName, venue, kib(bytes), figure === null ? '-' : kib(figure.bytes), verdictOf(bytes, figure), largest.join(', ')];
}

function verdictOf(bytes: number, figure: Figure | null): string {
  if (isTooLarge(bytes, figure)) return 'TOO LARGE';
  if (figure === null) return '';
  return bytes <= figure.bytes ? 'ok' : `over, at most ${kib(figure.kind === 'AIM' ? figure.bound : figure.bytes)}`;
}

const kib = (bytes: number): string => Math.ceil(bytes / KIB).toString();

const WIDTHS = [14, 14, 5, 6, 17] as const;

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 2 || index === 3 ? cell.padStart(WIDTHS[index] ?? 0) : cell.padEnd(WIDTHS[index] ?? 0))).join('  ').trimEnd();
}
