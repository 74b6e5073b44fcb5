// The commands that ask and change nothing.
import type { Command } from 'commander';
import {
  deadLettersAnswer, journalAnswer, ordersAnswer, positionsAnswer, reportAnswer, statusAnswer, stealsAnswer, whyAnswer,
} from '../../shared/operator/answers.ts';
import { InvalidInputError } from '../../shared/errors.ts';
import { operatorCommand, run } from './operator-command.ts';
import type { OperatorIo } from './operator-command.ts';
import { deadLetterLines, orderLines, positionLines, stealLines } from './print-lists.ts';
import { statusLines } from './print-status.ts';
import { journalLines, whyLines } from './print-why.ts';

interface Options {
  readonly url?: string;
  readonly region?: string;
  readonly json?: boolean;
}

type Lookback = Options & { readonly hours: string; readonly most: string };

const wholeOf = (name: string, text: string, most: number): number => {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw new InvalidInputError(name, `a whole number from 1 to ${most}`);
  return count;
};

const MOST_HOURS = 168;
const MOST_ENTRIES = 1000;

const hoursOf = ({ hours }: Pick<Lookback, 'hours'>): number => wholeOf('--hours', hours, MOST_HOURS);
const mostOf = ({ most }: Lookback): number => wholeOf('--most', most, MOST_ENTRIES);

const lookingBack = (command: Command, hours = '24'): Command =>
  command.option('--hours <count>', `how far back, 1 to ${MOST_HOURS}`, hours).option('--most <count>', `at most so many of the latest entries, 1 to ${MOST_ENTRIES}`, '200');

const present = (io: OperatorIo): readonly Command[] => [
  operatorCommand('status', 'how the account stands: room, kill switch, positions, what waits').action((options: Options) =>
    run(() => ({ document: { kind: 'STATUS' }, schema: statusAnswer, lines: statusLines }), options, io)),
  operatorCommand('orders', 'the orders that live, and what protects each from being stolen from').action((options: Options) =>
    run(() => ({ document: { kind: 'ORDERS' }, schema: ordersAnswer, lines: orderLines }), options, io)),
  operatorCommand('positions', 'what is held, what covers it, how it ends').action((options: Options) =>
    run(() => ({ document: { kind: 'POSITIONS' }, schema: positionsAnswer, lines: positionLines }), options, io)),
  operatorCommand('dead-letters', 'what the queues gave up on').action((options: Options) =>
    run(() => ({ document: { kind: 'DEAD_LETTERS' }, schema: deadLettersAnswer, lines: deadLetterLines }), options, io)),
];

const past = (io: OperatorIo): readonly Command[] => [
  operatorCommand('steals', 'who took whose room').option('--hours <count>', `how far back, 1 to ${MOST_HOURS}`, '24').action((options: Options & { readonly hours: string }) =>
    run(() => ({ document: { kind: 'STEALS', hours: hoursOf(options) }, schema: stealsAnswer, lines: stealLines }), options, io)),
  lookingBack(operatorCommand('why', 'why a symbol did or did not get room, stop, fill').argument('<symbol>')).action((symbol: string, options: Lookback) =>
    run(() => ({ document: { kind: 'WHY', symbol, hours: hoursOf(options), most: mostOf(options) }, schema: whyAnswer, lines: whyLines }), options, io)),
  lookingBack(operatorCommand('journal', 'what was told of a symbol, or of everything').argument('[symbol]'), '1').action((symbol: string | undefined, options: Lookback) =>
    run(() => ({ document: { kind: 'JOURNAL', symbol: symbol ?? null, hours: hoursOf(options), most: mostOf(options) }, schema: journalAnswer, lines: journalLines }), options, io)),
  operatorCommand('report', 'the report of a day, as it was written').argument('[date]', 'YYYY-MM-DD, in New York; the last day that is over unless given').action((date: string | undefined, options: Options) =>
    run(() => ({ document: { kind: 'REPORT', date: date ?? null }, schema: reportAnswer, lines: ({ text }) => text.split('\n') }), options, io)),
];

/** Builds the commands that ask. */
export const askCommands = (io: OperatorIo): readonly Command[] => [...present(io), ...past(io)];
