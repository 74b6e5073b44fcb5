import { percent, shortTime } from './format.ts';
import type { ReportModel, StealLine } from './report-model.ts';
import type { Scale } from './svg-frame.ts';
import { PLOT, at, escapeText, figureOf, scaleOf, ticksOf, valueGrid } from './svg-frame.ts';

const MOST_LABELS = 8;

/** Draws each steal as two marks on one line: how far the thief and how far the victim was from its limit. */
export function distanceChart(report: ReportModel): string {
  const { list, averageThiefDistance: thief, averageVictimDistance: victim } = report.steals;
  if (thief === null || victim === null) return '<p class="empty">No steal, so nothing to draw.</p>';
  const { tolerance, protection } = report.run;
  const top = Math.max(Number(protection), ...list.map((steal) => Number(steal.victim.distance)));
  const ticks = ticksOf(0, top);
  const x = scaleOf([-0.5, list.length - 0.5], [PLOT.left, PLOT.right]);
  const y = scaleOf([0, ticks.at(-1) ?? top], [PLOT.bottom, PLOT.top]);
  const drawing = [
    valueGrid(ticks, y, (value) => percent(String(value), 1)),
    bound(tolerance, `may steal up to ${percent(tolerance, 1)}`, 14, y),
    bound(protection, `protected up to ${percent(protection, 1)}`, -6, y),
    timeLabels(list, x),
    ...list.map((steal, index) => pair(steal, x(index), y)),
  ].join('');
  const description = `Thieves were at ${percent(thief, 3)} from their limit on average, victims at ${percent(victim, 3)}.`;
  return figureOf('distance', 'Distance of thief and victim at each steal', description, drawing);
}

function bound(value: string, label: string, offset: number, y: Scale): string {
  const height = y(Number(value));
  return `<line class="bound" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(height)}" y2="${at(height)}"/>` +
    `<text class="axis" x="${PLOT.right}" y="${at(height + offset)}" text-anchor="end">${label}</text>`;
}

function pair(steal: StealLine, place: number, y: Scale): string {
  const thief = y(Number(steal.thief.distance));
  const victim = y(Number(steal.victim.distance));
  const words =
    `${shortTime(steal.at)} UTC: ${steal.thief.symbol} at ${percent(steal.thief.distance, 3)}, ` +
    `${steal.victim.symbol} at ${percent(steal.victim.distance, 3)}${steal.fight ? ', a fight won' : ''}`;
  return (
    `<g><title>${escapeText(words)}</title><line class="link" x1="${at(place)}" x2="${at(place)}" y1="${at(thief)}" y2="${at(victim)}"/>` +
    `<rect class="victim" x="${at(place - 3.5)}" y="${at(victim - 3.5)}" width="7" height="7"/>` +
    `<circle class="thief" cx="${at(place)}" cy="${at(thief)}" r="4"/></g>`
  );
}

function timeLabels(list: readonly StealLine[], x: Scale): string {
  const every = Math.ceil(list.length / MOST_LABELS);
  return list
    .flatMap((steal, index) =>
      index % every === 0
        ? [`<text class="axis" x="${at(x(index))}" y="${PLOT.bottom + 20}" text-anchor="middle">${shortTime(steal.at).slice(0, 6)}</text>`]
        : [],
    )
    .join('');
}
