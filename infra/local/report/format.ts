// Figures as people read them, cut from exact decimals and never from floats.
import { Decimal, parseDecimal } from '../../../shared/domain/decimal.ts';
import type { ReportModel } from './report-model.ts';

/** Reads a figure of the report back. */
export const figure = (text: string): Decimal => new Decimal(text);

/** Writes money with two places and groups of three: `12,345.60`. */
export function money(text: string): string {
  const [whole = '0', cents = '00'] = figure(text).toFixed(2).split('.');
  return `${grouped(whole)}.${cents}`;
}

/** Writes money with its sign, for gains and losses. */
export function gain(text: string): string {
  return figure(text).greaterThan(0) ? `+${money(text)}` : money(text);
}

/** Writes a ratio as per cent with the places given. */
export function percent(ratio: string, places = 2): string {
  return `${figure(ratio).times(100).toFixed(places)} %`;
}

/** Writes one figure as per cent of another; a dash where there is nothing to divide by. */
export function share(part: string, whole: string, places = 1): string {
  return figure(whole).isZero() ? '–' : `${figure(part).dividedBy(whole).times(100).toFixed(places)} %`;
}

/** Writes a count with groups of three. */
export function count(value: number): string {
  return grouped(parseDecimal(String(value), 'count').toFixed());
}

/** Writes bytes as megabytes, rounded up so that a limit is never met by rounding. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

/** Writes an instant as `Jan 16 14:29` in UTC. */
export function shortTime(iso: string): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const month = months[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${month} ${iso.slice(8, 10)} ${iso.slice(11, 16)}`;
}

/** Names the day of the week of a `YYYY-MM-DD`. */
export function weekday(day: string): string {
  const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  return names[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

/** Writes a price or quantity in full, grouped before the point. */
export function exact(text: string): string {
  const [whole = '0', fraction] = text.split('.');
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Writes the longest time that anything was without cover, in seconds of replay time. */
export function worstStretch({ uncovered }: ReportModel['stops']): string {
  return uncovered === null ? '0 s' : `${uncovered.seconds} s (${exact(uncovered.quantity)} ${uncovered.symbol})`;
}
