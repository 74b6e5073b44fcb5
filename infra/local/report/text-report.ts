// The report as plain lines, for a terminal or a log.
import { count, exact, gain, megabytes, money, percent, share, shortTime, weekday, worstStretch } from './format.ts';
import type { ReportModel } from './report-model.ts';
import { sparkline } from './sparkline.ts';
import { tableLines } from './text-table.ts';

const SHOWN_STEALS = 20;

/** Writes the report as lines of text. */
export function textReport(report: ReportModel): readonly string[] {
  return [
    ...runLines(report),
    ...capacityLines(report),
    ...stealLines(report),
    ...tradingLines(report),
    ...stopLines(report),
    ...symbolLines(report),
    ...latencyLines(report),
    ...machineLines(report),
    ...checkLines(report),
  ];
}

const heading = (text: string): readonly string[] => ['', text];

function runLines({ run }: ReportModel): readonly string[] {
  const words = { ON: 'stealing on', OFF: 'stealing off', DRY_RUN: 'stealing as a dry run' };
  const symbols = `${run.symbols.length} ${run.symbols.length === 1 ? 'symbol' : 'symbols'}`;
  return [
    `Replay of ${shortTime(run.from)} to ${shortTime(run.to)} UTC: ${symbols}, ${count(run.steps)} steps, ${words[run.stealing]}`,
  ];
}

function capacityLines({ capacity, steals }: ReportModel): readonly string[] {
  const ratios = capacity.samples.map(({ used, cap }) => (Number(cap) > 0 ? Number(used) / Number(cap) : 0));
  const rows = capacity.days.map((day) => [
    `${weekday(day.day)} ${day.day}`,
    money(day.averageUsed),
    money(day.maxUsed),
    count(day.steals),
    count(day.entriesFilled),
  ]);
  return [
    ...heading('Capacity used'),
    `  ${sparkline(ratios, 60)}`,
    `  average ${money(capacity.averageUsed)} of ${money(capacity.averageCap)} (${share(capacity.averageUsed, capacity.averageCap)}), ` +
      `most ${money(capacity.maxUsed)} at ${shortTime(capacity.maxUsedAt)}`,
    `  idle ${money(capacity.idleHours)} × hours; of that while traded symbols waited to go in: ${money(capacity.idleWantedHours)}`,
    ...tableLines(['day', 'average', 'most', 'steals', 'entries filled'], [...rows, dayTotal(capacity, steals.count)]),
  ];
}

function dayTotal({ averageUsed, maxUsed, days }: ReportModel['capacity'], steals: number): readonly string[] {
  const filled = days.reduce((total, day) => total + day.entriesFilled, 0);
  return ['all', money(averageUsed), money(maxUsed), count(steals), count(filled)];
}

function stealLines({ steals }: ReportModel): readonly string[] {
  const { averageThiefDistance: thief, averageVictimDistance: victim } = steals;
  const means = thief === null || victim === null ? '' : `; thieves at ${percent(thief, 3)} from their limit, victims at ${percent(victim, 3)}`;
  const rows = steals.list.slice(0, SHOWN_STEALS).map(({ at, thief: by, victim: from, fight }) => [
    shortTime(at),
    by.symbol,
    percent(by.distance, 3),
    pnlText(by.forecastPnl),
    from.symbol,
    percent(from.distance, 3),
    pnlText(from.forecastPnl),
    fight ? 'fight' : '',
  ]);
  const rest = steals.count - SHOWN_STEALS;
  return [
    ...heading('Steals'),
    `  ${count(steals.count)}${means}`,
    ...(rows.length === 0 ? [] : tableLines(['UTC', 'thief', 'distance', 'PnL', 'victim', 'distance', 'PnL', ''], rows)),
    ...(rest > 0 ? [`  and ${count(rest)} more: all are in the page and in --json`] : []),
    `  refused: ${countsText(steals.refused)}`,
  ];
}

const pnlText = (pnl: string | null): string => (pnl === null ? '–' : money(pnl));

function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return entries.length === 0 ? 'none' : entries.map(([name, number]) => `${name} ${count(number)}`).join(', ');
}

function tradingLines({ trading }: ReportModel): readonly string[] {
  return [
    ...heading('Trading'),
    `  entries ${count(trading.entries)}, of them filled ${count(trading.entriesFilled)}; exits ${count(trading.exits)}; fills ${count(trading.fills)}`,
    `  round trips ${count(trading.roundTrips.length)}: ${count(trading.won)} won, ${count(trading.lost)} lost`,
    `  PnL realised ${gain(trading.realisedPnl)} (exactly ${exact(trading.realisedPnl)}), ` +
      `open lots ${count(trading.openLots)} at ${gain(trading.unrealisedPnl)}`,
    `  equity ${money(trading.startEquity)} → ${money(trading.endEquity)}`,
  ];
}

function stopLines({ stops }: ReportModel): readonly string[] {
  const watched = stops.watched.length === 0 ? '' : `; too small for a stop at the venue: ${stops.watched.join(', ')}`;
  return [
    ...heading('Stops'),
    `  placed ${count(stops.placed)}, moved ${count(stops.moved)}, hit ${count(stops.hit)}; unprotected at worst ${worstStretch(stops)}${watched}`,
    `  positions closed: ${countsText(stops.closed)}`,
  ];
}

function symbolLines({ trading }: ReportModel): readonly string[] {
  const rows = trading.symbols.map((line) => [
    line.symbol,
    count(line.entries),
    count(line.entriesFilled),
    count(line.roundTrips),
    gain(line.pnl),
    count(line.stole),
    count(line.stolenFrom),
  ]);
  return [...heading('By symbol'), ...tableLines(['symbol', 'entries', 'filled', 'round trips', 'PnL', 'stole', 'stolen from'], rows)];
}

const LATENCY_HEAD = ['venue', 'call', 'count', 'min', 'mean', 'p50', 'p95', 'p99', 'max', 'over 500'] as const;

function latencyLines({ latency }: ReportModel): readonly string[] {
  const rows = latency.map(({ venue, kind, count: calls, min, mean, p50, p95, p99, max, slow }) => [
    venue, kind.toLowerCase(), count(calls), ...[min, Number(mean), p50, p95, p99, max].map((ms) => ms.toFixed(0)), count(slow),
  ]);
  return latency.length === 0 ? [] : [...heading('Acknowledgement after, ms by the clock of the run, which stands still within a step'), ...tableLines(LATENCY_HEAD, rows)];
}

function machineLines({ conflicts, units, memory, run }: ReportModel): readonly string[] {
  const part = (name: string, bytes: number | null) => `${name} ${bytes === null ? 'not known here' : megabytes(bytes)}`;
  const all = memory.pipeline === null || memory.engines === null ? '' : `, together ${megabytes(memory.pipeline + memory.engines)}`;
  return [
    ...heading('Machine'),
    `  conflicts met and decided again: ${countsText(conflicts)}`,
    `  read units ${count(Math.ceil(units.read))}, write units ${count(Math.ceil(units.write))}`,
    `  peak memory: ${part('pipeline', memory.pipeline)}, ${part('engines', memory.engines)}${all}`,
    `  wall time ${run.wallSeconds.toFixed(1)} s`,
  ];
}

function checkLines({ checks }: ReportModel): readonly string[] {
  const lines = checks.flatMap(({ name, looked, differences }) => [
    `  ${differences.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${looked})`,
    ...differences.map((difference) => `         ${difference}`),
  ]);
  return [...heading('Self-check'), ...lines];
}
