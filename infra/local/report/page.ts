// The report as one page that needs no network: its style and drawings are in it, and it may load nothing.
import { capacityChart } from './capacity-chart.ts';
import { compareRuns } from './comparison.ts';
import { distanceChart } from './distance-chart.ts';
import { equityChart } from './equity-chart.ts';
import { count, gain, money, percent, share, shortTime } from './format.ts';
import { PAGE_STYLE } from './page-style.ts';
import {
  checkTable, comparisonTable, dayTable, machineTable, refusedTable, roundTripTable, stealTable, stopTable, symbolTable,
} from './page-tables.ts';
import type { ReportDocument, ReportModel } from './report-model.ts';

/** Writes the report as a self-contained HTML page. */
export function pageOf({ report, stealingOff }: ReportDocument): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Claimjump replay</title><style>${PAGE_STYLE}</style></head><body><main>`,
    header(report),
    cards(report),
    stealingOff === null ? '' : section('What stealing is for', 'The same run, beside it with stealing off.', comparisonTable(compareRuns(report, stealingOff))),
    charts(report, stealingOff),
    section('Trading', tradingNote(report), symbolTable(report) + roundTripTable(report)),
    section('Stops', 'What protected the positions, and how they ended.', stopTable(report)),
    section('Self-check', 'What the run asked itself at the end.', checkTable(report)),
    section('Machine', 'What the run took.', machineTable(report)),
    '</main></body></html>\n',
  ].join('\n');
}

const section = (title: string, note: string, inside: string): string =>
  `<section><h2>${title}</h2><p class="note">${note}</p>${inside}</section>`;

function header({ run, checks }: ReportModel): string {
  const clean = checks.every(({ differences }) => differences.length === 0);
  const badge = clean
    ? '<span class="badge good">✓ self-check clean</span>'
    : '<span class="badge bad">✗ self-check found differences</span>';
  const words = { ON: 'with stealing', OFF: 'without stealing', DRY_RUN: 'with stealing as a dry run' };
  return (
    `<h1>Claimjump replay</h1><p class="lead">${shortTime(run.from)} to ${shortTime(run.to)} UTC · ` +
    `${count(run.symbols.length)} symbols · ${count(run.steps)} steps · ${words[run.stealing]}</p>${badge}`
  );
}

function cards({ capacity, steals, trading }: ReportModel): string {
  const card = (figure: string, label: string, tone = '') => `<div class="card"><b class="${tone}">${figure}</b><span>${label}</span></div>`;
  const pnl = gain(trading.realisedPnl);
  return (
    '<div class="cards">' +
    card(share(capacity.averageUsed, capacity.averageCap), 'of capacity used on average') +
    card(count(steals.count), 'steals') +
    card(`${count(trading.entriesFilled)} of ${count(trading.entries)}`, 'entries filled') +
    card(pnl, `realised on ${count(trading.roundTrips.length)} round trips`, pnl.startsWith('-') ? 'bad' : 'good') +
    card(money(trading.endEquity), `equity, from ${money(trading.startEquity)}`) +
    '</div>'
  );
}

const swatch = (drawing: string, label: string): string =>
  `<li><svg viewBox="0 0 22 12" aria-hidden="true">${drawing}</svg>${label}</li>`;
const lineSwatch = (name: string, label: string): string => swatch(`<path class="${name}" d="M0 6H22"/>`, label);

function charts(report: ReportModel, other: ReportModel | null): string {
  const { averageUsed, averageCap, maxUsed, idleHours } = report.capacity;
  const others = other === null ? '' : lineSwatch('other', 'without stealing');
  const capacityKey = lineSwatch('used', 'used') + lineSwatch('cap', 'cap') + swatch('<path class="steal" d="M11 1l4 5l-4 5l-4 -5Z"/>', 'a steal') + others;
  const distanceKey = swatch('<circle class="thief" cx="11" cy="6" r="4"/>', 'thief') + swatch('<rect class="victim" x="7" y="2" width="8" height="8"/>', 'victim');
  const capacityNote = `On average ${money(averageUsed)} of ${money(averageCap)}, at most ${money(maxUsed)}; idle ${money(idleHours)} × hours.`;
  return [
    section('Capacity and steals', capacityNote, key(capacityKey) + capacityChart(report, other) + dayTable(report)),
    section('How far from the limit', distanceNote(report), key(distanceKey) + distanceChart(report) + stealTable(report)),
    section('Steals that were refused', 'By the first reason that held.', refusedTable(report)),
    section('Equity', 'Marked to market at every step.', key(lineSwatch('used', 'equity') + lineSwatch('cap', 'start') + others) + equityChart(report, other)),
  ].join('\n');
}

const key = (entries: string): string => `<ul class="key">${entries}</ul>`;

function distanceNote({ steals }: ReportModel): string {
  const { averageThiefDistance: thief, averageVictimDistance: victim } = steals;
  if (thief === null || victim === null) return 'Nobody was robbed.';
  return `Capacity goes to the order most likely to execute: thieves at ${percent(thief, 3)} from their limit, victims at ${percent(victim, 3)}.`;
}

function tradingNote({ trading }: ReportModel): string {
  return (
    `${count(trading.fills)} fills; ${count(trading.won)} round trips won, ${count(trading.lost)} lost; ` +
    `${count(trading.openLots)} lots still open at ${gain(trading.unrealisedPnl)}. The plans are orders to compete with, no evidence of profit.`
  );
}
