// What stealing is for: the same run with it and without, figure by figure.
import { Decimal, toPlain } from '../../../shared/domain/decimal.ts';
import { count, gain, money, share } from './format.ts';
import type { ReportModel } from './report-model.ts';
import { tableLines } from './text-table.ts';

/** One figure of both runs, and what stealing changed. */
export interface ComparisonRow {
  readonly what: string;
  readonly stealing: string;
  readonly without: string;
  readonly change: string;
}

/** Sets the run beside the same run with stealing off. */
export function compareRuns(stealing: ReportModel, without: ReportModel): readonly ComparisonRow[] {
  const counts = (what: string, of: (report: ReportModel) => number): ComparisonRow => {
    const [a, b] = [of(stealing), of(without)];
    return { what, stealing: count(a), without: count(b), change: countChange(a, b) };
  };
  const amounts = (what: string, of: (report: ReportModel) => string, write = money): ComparisonRow => {
    const [a, b] = [of(stealing), of(without)];
    return { what, stealing: write(a), without: write(b), change: gain(toPlain(new Decimal(a).minus(b))) };
  };
  return [
    counts('entries filled', ({ trading }) => trading.entriesFilled),
    counts('fills', ({ trading }) => trading.fills),
    counts('steals', ({ steals }) => steals.count),
    amounts('capacity used, average', ({ capacity }) => capacity.averageUsed),
    amounts('idle capacity × hours', ({ capacity }) => capacity.idleHours),
    amounts('idle while others waited × hours', ({ capacity }) => capacity.idleWantedHours),
    counts('round trips', ({ trading }) => trading.roundTrips.length),
    amounts('PnL realised', ({ trading }) => trading.realisedPnl, gain),
    amounts('PnL of open lots', ({ trading }) => trading.unrealisedPnl, gain),
    amounts('equity at the end', ({ trading }) => trading.endEquity),
  ];
}

/** Writes the comparison as lines of text. */
export function comparisonLines(stealing: ReportModel, without: ReportModel): readonly string[] {
  const rows = compareRuns(stealing, without).map(({ what, stealing: on, without: off, change }) => [what, on, off, change]);
  return ['', 'What stealing is for', ...tableLines(['', 'with stealing', 'without', 'difference'], rows)];
}

function countChange(a: number, b: number): string {
  const sign = a > b ? '+' : '';
  return b === 0 ? `${sign}${a - b}` : `${sign}${a - b} (${sign}${share(String(a - b), String(b))})`;
}
