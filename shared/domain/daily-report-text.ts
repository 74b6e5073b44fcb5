// A day's report as a person reads it.
import { toPlain } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { AccountReport, DailyReport, StealLine, Sums, SymbolReport } from './daily-report.ts';
import type { KillSwitch } from './account.ts';
import { plainSymbol } from './symbols.ts';

const UNKNOWN = 'unknown';

const instant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
const money = (value: Decimal | null): string => (value === null ? UNKNOWN : toPlain(value));

const resultText = ({ gross, commission, net, unknown }: Sums): string => {
  const fees = unknown === 0 ? money(commission) : `${money(commission)} and ${unknown} ${UNKNOWN}`;
  return `gross ${money(gross)}, commission ${fees}, net ${money(net)}`;
};

const symbolText = (each: SymbolReport): string =>
  `  ${each.symbol}: ${each.entryFills} entry fills, ${each.exitFills} exit fills, ${each.pairs} pairs closed, ${resultText(each)}`;

const switchText = ({ account, stock, crypto, symbols }: KillSwitch): string => {
  const others = [['stock', stock] as const, ['crypto', crypto] as const, ...Object.entries(symbols)];
  const set = others.filter(([, state]) => state !== 'ACTIVE').map(([name, state]) => `${name} ${state}`);
  return [account, ...set].join(', ');
};

const accountText = (account: AccountReport | null): readonly string[] => {
  if (account === null) return ['Account: equity has not been read yet'];
  const { equity, equityAt, cap, free, kill, passing, held } = account;
  const until = passing === null ? '' : ` (${passing.by === 'PAUSE' ? 'paused' : 'a streak of stops'}, until the next reset)`;
  return [
    `Equity: ${money(equity)} at ${instant(equityAt)} UTC, cap ${money(cap)}, free ${money(free)}`,
    `Kill switch: ${switchText(kill)}${until}`,
    held.length === 0 ? 'Held: nothing' : `Held: ${held.map(({ symbol, notional }) => `${symbol} ${money(notional)}`).join(', ')}`,
  ];
};

const stealText = ({ at, thief, victim }: StealLine): string => `  ${instant(at)} UTC ${plainSymbol(thief)} from ${plainSymbol(victim)}`;

const stealsText = ({ steals, lastSteals }: DailyReport): readonly string[] => [
  `Steals: ${steals}${steals > lastSteals.length ? `, the last ${lastSteals.length}` : ''}`,
  ...lastSteals.map(stealText),
];

const deadLettersText = (letters: DailyReport['deadLetters']): string => {
  if (letters === null) return 'Dead letters: not counted here';
  const waiting = letters.filter((each) => each.waiting > 0);
  return `Dead letters: ${waiting.length === 0 ? 'none' : waiting.map((each) => `${each.queue} ${each.waiting}`).join(', ')}`;
};

/** Says a day's report in plain words, a fact a line. */
export const reportText = (report: DailyReport): string =>
  [
    `Report of ${report.date} (to 17:00 New York), written at ${instant(report.writtenAt)} UTC`,
    ...accountText(report.account),
    `Round trips: ${report.total.pairs} pairs closed, ${resultText(report.total)}`,
    ...report.symbols.map(symbolText),
    ...(report.lostLots + report.unpaired === 0 ? [] : [`Look at: ${report.lostLots} lots left without a fill, ${report.unpaired} exits took more than was held`]),
    ...stealsText(report),
    deadLettersText(report.deadLetters),
  ].join('\n');
