import { money } from './format.ts';
import type { ReportModel, SampleLine } from './report-model.ts';
import type { Scale } from './svg-frame.ts';
import { PLOT, at, timeGrid, figureOf, scaleOf, stepPath, ticksOf, valueGrid } from './svg-frame.ts';

/** Draws equity over time against what the run began with. */
export function equityChart(report: ReportModel, other: ReportModel | null): string {
  const { samples } = report.capacity;
  const start = Number(report.trading.startEquity);
  const all = [...samples, ...(other?.capacity.samples ?? [])].map(({ equity }) => Number(equity));
  const ticks = ticksOf(Math.min(start, ...all), Math.max(start, ...all));
  const from = Date.parse(report.run.from);
  const to = Date.parse(report.run.to);
  const x = scaleOf([from, to], [PLOT.left, PLOT.right]);
  const y = scaleOf([ticks[0] ?? start, ticks.at(-1) ?? start], [PLOT.bottom, PLOT.top]);
  const level = at(y(start));
  const drawing = [
    valueGrid(ticks, y, (value) => money(String(value)).replace(/\.00$/, '')),
    timeGrid(from, to, x),
    `<line class="cap" x1="${PLOT.left}" x2="${PLOT.right}" y1="${level}" y2="${level}"/>`,
    other === null ? '' : `<path class="other" d="${course(other.capacity.samples, x, y)}"/>`,
    `<path class="used" d="${course(samples, x, y)}"/>`,
  ].join('');
  const description = `Equity went from ${money(report.trading.startEquity)} to ${money(report.trading.endEquity)}.`;
  return figureOf('equity', 'Equity over time', description, drawing);
}

function course(samples: readonly SampleLine[], x: Scale, y: Scale): string {
  return stepPath(samples.map((sample) => [x(Date.parse(sample.at)), y(Number(sample.equity))]));
}
