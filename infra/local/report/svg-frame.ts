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

const DAY = 86_400_000;
const MOST_DAYS = 8;

/** Vertical lines at midnight UTC with their dates, thinned where there are many. */
export function dayGrid(from: number, to: number, x: Scale): string {
  const first = Math.ceil(from / DAY);
  const days = Array.from({ length: Math.max(0, Math.floor(to / DAY) - first + 1) }, (_, index) => (first + index) * DAY);
  const every = Math.ceil(days.length / MOST_DAYS);
  return days
    .filter((day, index) => index % every === 0 && day < to)
    .map((day) => {
      const place = at(x(day));
      const label = shortTime(new Date(day).toISOString()).slice(0, 6);
      return `<line class="grid" x1="${place}" x2="${place}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>` +
        `<text class="axis" x="${place}" y="${PLOT.bottom + 20}">${label}</text>`;
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
