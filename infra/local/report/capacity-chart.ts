import { money, percent, shortTime } from './format.ts';
import type { ReportModel, SampleLine, StealLine } from './report-model.ts';
import type { Scale } from './svg-frame.ts';
import { PLOT, at, timeGrid, escapeText, figureOf, scaleOf, stepPath, ticksOf, valueGrid } from './svg-frame.ts';

const thousands = (value: number): string => (value >= 1000 ? `${value / 1000}k` : String(value));
const STEAL_ROW = PLOT.top + 2;

/** Draws capacity used over time below the cap, each steal as a diamond, and the run without stealing where there is one. */
export function capacityChart(report: ReportModel, other: ReportModel | null): string {
  const { samples, averageUsed, averageCap } = report.capacity;
  const from = Date.parse(report.run.from);
  const to = Date.parse(report.run.to);
  const top = Math.max(1, ...samples.flatMap(({ cap, used }) => [Number(cap), Number(used)]));
  const ticks = ticksOf(0, top);
  const x = scaleOf([from, to], [PLOT.left, PLOT.right]);
  const y = scaleOf([0, ticks.at(-1) ?? top], [PLOT.bottom, PLOT.top + 14]);
  const drawing = [
    valueGrid(ticks, y, thousands),
    timeGrid(from, to, x),
    usedArea(samples, x, y, to),
    other === null ? '' : `<path class="other" d="${course(other.capacity.samples, 'used', x, y)}"/>`,
    `<path class="cap" d="${course(samples, 'cap', x, y)}"/>`,
    ...report.steals.list.map((steal) => stealMark(steal, x)),
  ].join('');
  const description = `On average ${money(averageUsed)} of ${money(averageCap)} were in use; ${report.steals.count} steals are marked.`;
  return figureOf('capacity', 'Capacity used over time', description, drawing);
}

function course(samples: readonly SampleLine[], field: 'used' | 'cap', x: Scale, y: Scale): string {
  return stepPath(samples.map((sample) => [x(Date.parse(sample.at)), y(Number(sample[field]))]));
}

function usedArea(samples: readonly SampleLine[], x: Scale, y: Scale, to: number): string {
  const first = samples[0];
  if (first === undefined) return '';
  const line = `${course(samples, 'used', x, y)}H${at(x(to))}`;
  const closed = `${line}V${at(y(0))}H${at(x(Date.parse(first.at)))}Z`;
  return `<path class="area" d="${closed}"/><path class="used" d="${line}"/>`;
}

function stealMark({ at: time, thief, victim }: StealLine, x: Scale): string {
  const place = at(x(Date.parse(time)));
  const words = `${shortTime(time)} UTC: ${thief.symbol} (${percent(thief.distance, 3)}) from ${victim.symbol} (${percent(victim.distance, 3)})`;
  return `<path class="steal" d="M${place} ${STEAL_ROW - 5}l4 5l-4 5l-4 -5Z"><title>${escapeText(words)}</title></path>`;
}
