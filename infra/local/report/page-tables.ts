// The tables of the page: the figures behind the charts, for who reads rather than looks.
import type { ComparisonRow } from './comparison.ts';
import { count, exact, gain, megabytes, money, percent, shortTime, weekday, worstStretch } from './format.ts';
import type { ReportModel } from './report-model.ts';
import { escapeText } from './svg-frame.ts';

/** Writes a table; the columns named in `words` are text, all others figures. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[], words: readonly number[] = []): string {
  const cell = (tag: 'th' | 'td') => (text: string, column: number) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${words.includes(column) ? ' class="words"' : ''}>${escapeText(text)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('');
  return `<div class="table"><table><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function comparisonTable(rows: readonly ComparisonRow[]): string {
  const cells = rows.map(({ what, stealing, without, change }) => [what, stealing, without, change]);
  return tableOf(['', 'with stealing', 'without', 'difference'], cells);
}

export function dayTable({ capacity }: ReportModel): string {
  const rows = capacity.days.map((day) => [
    `${weekday(day.day)} ${day.day}`,
    money(day.averageUsed),
    money(day.maxUsed),
    count(day.steals),
    count(day.entriesFilled),
  ]);
  return tableOf(['day (UTC)', 'average used', 'most used', 'steals', 'entries filled'], rows);
}

export function stealTable({ steals }: ReportModel): string {
  if (steals.count === 0) return '';
  const pnl = (value: string | null) => (value === null ? '–' : money(value));
  const rows = steals.list.map(({ at, thief, victim, fight }) => [
    shortTime(at),
    thief.symbol,
    percent(thief.distance, 3),
    pnl(thief.forecastPnl),
    victim.symbol,
    percent(victim.distance, 3),
    pnl(victim.forecastPnl),
    fight ? 'yes' : '',
  ]);
  const head = ['time (UTC)', 'thief', 'distance', 'forecast PnL', 'victim', 'distance', 'forecast PnL', 'fight'];
  return folded(`Every steal (${count(steals.count)})`, tableOf(head, rows, [1, 4]));
}

export function refusedTable({ steals }: ReportModel): string {
  const rows = Object.entries(steals.refused).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return '<p class="empty">No attempt was refused.</p>';
  return tableOf(['reason', 'attempts'], rows.map(([reason, attempts]) => [reason, count(attempts)]));
}

export function symbolTable({ trading }: ReportModel): string {
  const rows = trading.symbols.map((line) => [
    line.symbol,
    count(line.entries),
    count(line.entriesFilled),
    count(line.roundTrips),
    gain(line.pnl),
    count(line.stole),
    count(line.stolenFrom),
  ]);
  return tableOf(['symbol', 'entries', 'filled', 'round trips', 'PnL', 'stole', 'stolen from'], rows);
}

export function roundTripTable({ trading }: ReportModel): string {
  if (trading.roundTrips.length === 0) return '<p class="empty">No round trip was completed.</p>';
  const rows = trading.roundTrips.map((trip) => [
    trip.symbol,
    exact(trip.quantity),
    shortTime(trip.entryAt),
    exact(trip.entryPrice),
    shortTime(trip.exitAt),
    exact(trip.exitPrice),
    gain(trip.pnl),
  ]);
  const head = ['symbol', 'quantity', 'entry (UTC)', 'at', 'exit (UTC)', 'at', 'PnL'];
  return folded(`Every round trip (${count(rows.length)})`, tableOf(head, rows));
}

export function stopTable({ stops }: ReportModel): string {
  return tableOf(
    ['', ''],
    [
      ['stops placed', count(stops.placed)],
      ['stops moved', count(stops.moved)],
      ['stops hit', count(stops.hit)],
      ['unprotected at worst', worstStretch(stops)],
      ...(stops.watched.length === 0 ? [] : [['too small for a stop at the venue', stops.watched.join(', ')]]),
      ...Object.entries(stops.closed).map(([reason, times]) => [`positions closed: ${reason}`, count(times)]),
    ],
  );
}

export function machineTable({ conflicts, units, memory, run }: ReportModel): string {
  const bytes = (value: number | null) => (value === null ? 'not known here' : megabytes(value));
  return tableOf(
    ['', ''],
    [
      ...Object.entries(conflicts).map(([item, times]) => [`conflicts met and decided again: ${item}`, count(times)]),
      ['read units', count(Math.ceil(units.read))],
      ['write units', count(Math.ceil(units.write))],
      ['peak memory, pipeline', bytes(memory.pipeline)],
      ['peak memory, engines', bytes(memory.engines)],
      ['wall time', `${run.wallSeconds.toFixed(1)} s`],
    ],
  );
}

export function checkTable({ checks }: ReportModel): string {
  const rows = checks.map(({ name, looked, differences }) => {
    const found = differences.length === 0 ? '<span class="good">ok</span>' : `<span class="bad">${differences.map(escapeText).join('<br>')}</span>`;
    return `<tr><td class="wide">${escapeText(name)}</td><td class="wide words">${escapeText(looked)}</td><td class="wide words">${found}</td></tr>`;
  });
  const head = '<thead><tr><th scope="col">check</th><th scope="col" class="words">looked at</th><th scope="col" class="words">found</th></tr></thead>';
  return `<div class="table"><table>${head}<tbody>${rows.join('')}</tbody></table></div>`;
}

const folded = (title: string, inside: string): string => `<details><summary>${title}</summary>${inside}</details>`;
