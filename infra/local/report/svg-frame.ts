// The frame every chart shares: scales, grid and axis labels. Floats are for drawing only.
import { shortTime } from './format.ts';

export const WIDTH = 720;
export const HEIGHT = 270;
export const PLOT = { left: 62, right: 708, top: 16, bottom: 236 } as const;

/** Where a value is drawn. */
export type Scale = (value: number) => number;

export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Writes a coordinate short enough to keep the page small. */
export const at = (value: number): string => value.toFixed(1);

/** A scale that maps a range onto pixels; a range without width lands in the middle. */
export function scaleOf(range: readonly [number, number], pixels: readonly [number, number]): Scale {
  const [low, high] = range;
  const [start, end] = pixels;
  if (high === low) return () => (start + end) / 2;
  return (value) => start + ((value - low) / (high - low)) * (end - start);
}

/** Round figures that span a range: one, two or five times a power of ten apart. */
export function ticksOf(low: number, high: number, wanted = 5): readonly number[] {
  const rough = (high - low) / wanted;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Horizontal lines with their figures. */
export function valueGrid(ticks: readonly number[], y: Scale, write: (value: number) => string): string {
  return ticks
    .map((tick) => {
      const height = at(y(tick));
      return `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${height}" y2="${height}"/>` +
        `<text class="axis" x="${PLOT.left - 8}" y="${height}" dy="0.32em" text-anchor="end">${escapeText(write(tick))}</text>`;
    })
    .join('');
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_LABELS = 8;
/** Hours between two labels of the time axis, finest first; each ends at midnight. */
const SPACINGS = [1, 3, 6, 12, 24, 48, 96, 168];

/** Vertical lines at round times in UTC: hours where the run is short, dates where it is long. */
export function timeGrid(from: number, to: number, x: Scale): string {
  const hours = SPACINGS.find((spacing) => (to - from) / (spacing * HOUR) <= MOST_LABELS) ?? Math.ceil((to - from) / DAY / MOST_LABELS) * 24;
  const spacing = hours * HOUR;
  // Longer spacings are counted from the first midnight, so that a short run has its first day named.
  const start = spacing > DAY ? Math.ceil(from / DAY) * DAY : Math.ceil(from / spacing) * spacing;
  const times = Array.from({ length: Math.max(0, Math.ceil((to - start) / spacing)) }, (_, index) => start + index * spacing);
  return times
    .map((time) => {
      const place = at(x(time));
      const text = shortTime(new Date(time).toISOString());
      return `<line class="grid" x1="${place}" x2="${place}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>` +
        `<text class="axis" x="${place}" y="${PLOT.bottom + 20}">${time % DAY === 0 ? text.slice(0, 6) : text.slice(7)}</text>`;
    })
    .join('');
}

/** A path that keeps each value until the next point. */
export function stepPath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => (index === 0 ? `M${at(x)} ${at(y)}` : `H${at(x)}V${at(y)}`)).join('');
}

/** Wraps a drawing as an image with a name and a description for who cannot see it. */
export function figureOf(id: string, title: string, description: string, drawing: string): string {
  return (
    `<div class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">` +
    `<title id="${id}-t">${escapeText(title)}</title><desc id="${id}-d">${escapeText(description)}</desc>${drawing}</svg></div>`
  );
}
