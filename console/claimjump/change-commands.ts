// The commands that change something. What stops trading asks nothing; what lets it go on wants --yes.
import { type Command, Option } from 'commander';
import type * as z from 'zod';
import { InvalidInputError } from '../../shared/errors.ts';
import { adoptAnswer, killAnswer, redriveAnswer, restoredAnswer } from '../../shared/operator/answers.ts';
import { operatorCommand, run } from './operator-command.ts';
import type { OperatorIo } from './operator-command.ts';
import { adoptLines, killLines, redriveLines, restoredLines } from './print-changes.ts';
import { planLines, planResult, hasRefusal } from './print-plan.ts';

interface Options {
  readonly url?: string;
  readonly region?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

const CLASSES: Readonly<Record<string, 'stock' | 'crypto'>> = { stock: 'stock', stocks: 'stock', crypto: 'crypto' };

const scopeOf = (text: string): object => {
  if (text === 'account') return { kind: 'ACCOUNT' };
  const assetClass = Object.hasOwn(CLASSES, text) ? CLASSES[text] : undefined;
  return assetClass === undefined ? { kind: 'SYMBOL', symbol: text } : { kind: 'CLASS', assetClass };
};

const killErrand = (state: 'ACTIVE' | 'PAUSED' | 'REDUCING' | 'HALTED', scope: string, { yes: lifts }: Pick<Options, 'yes'> = {}) => ({
  document: { kind: 'KILL_SWITCH', scope: scopeOf(scope), state, ...(lifts === true ? { lifts } : {}) },
  schema: killAnswer,
  lines: killLines,
});

const SCOPE_WORDS = 'account, stocks, crypto or a symbol';

const yes = (): Option => new Option('--yes', 'yes, really');

const resume = (scope: string, options: Options) => {
  if (options.yes !== true) throw new InvalidInputError('--yes', `it, because entries of ${scope} go out again (see: claimjump status)`);
  return killErrand('ACTIVE', scope);
};

const switches = (io: OperatorIo): readonly Command[] => [
  operatorCommand('pause', 'no new entries of the account until the reset before NYSE next opens').action((options: Options) =>
    run(() => killErrand('PAUSED', 'account'), options, io)),
  operatorCommand('reduce', 'no new entries until a person lifts it; what is live stays').argument('[scope]', SCOPE_WORDS, 'account').option('--yes', 'also where it is halted: lowers that').action((scope: string, options: Options) =>
    run(() => killErrand('REDUCING', scope, options), options, io)),
  operatorCommand('halt', 'no new entries, and live entries are cancelled, until a person lifts it').argument('[scope]', SCOPE_WORDS, 'account').action((scope: string, options: Options) =>
    run(() => killErrand('HALTED', scope), options, io)),
  operatorCommand('resume', 'lifts pause, reduce and halt of one scope').argument('[scope]', SCOPE_WORDS, 'account').addOption(yes()).action((scope: string, options: Options) =>
    run(() => resume(scope, options), options, io)),
];

const planDocument = (path: string, io: OperatorIo): unknown => {
  try {
    return JSON.parse(io.readFile(path));
  } catch (error) {
    throw new InvalidInputError(path, 'a plan in JSON', { cause: error });
  }
};

const MOST_LETTERS = 100;

const lettersOf = (text: string): number => {
  const most = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (most < 1 || most > MOST_LETTERS) throw new InvalidInputError('--most', `a whole number from 1 to ${MOST_LETTERS}`);
  return most;
};

const others = (io: OperatorIo): readonly Command[] => [
  operatorCommand('adopt', 'makes a position ours that no order of ours explains; it gets a stop').argument('<symbol>').action((symbol: string, options: Options) =>
    run(() => ({ document: { kind: 'ADOPT', symbol }, schema: adoptAnswer, lines: adoptLines, isRefused: ({ adopted }: z.infer<typeof adoptAnswer>) => !adopted }), options, io)),
  operatorCommand('plan', 'sends a plan').argument('<file>', 'JSON, as in docs/functions/plan-intake.md').action((file: string, options: Options) =>
    run(() => ({ document: planDocument(file, io), to: 'plans' as const, schema: planResult, lines: planLines, isRefused: hasRefusal }), options, io)),
  operatorCommand('redrive', 'puts dead letters back where they came from').argument('<queue>', 'as claimjump dead-letters names it')
    .option('--most <count>', `at most so many, oldest first, 1 to ${MOST_LETTERS}`, String(MOST_LETTERS))
    .action((queue: string, options: Options & { readonly most: string }) =>
      run(() => ({ document: { kind: 'REDRIVE', queue, most: lettersOf(options.most) }, schema: redriveAnswer, lines: redriveLines }), options, io)),
  operatorCommand('restored', 'takes over a table that a backup was restored into, once; the account is halted until reconcile is clean').argument('<table>', 'as restoredTable in the stage’s file names it')
    .action((table: string, options: Options) =>
      run(() => ({ document: { kind: 'RESTORE', table }, schema: restoredAnswer, lines: restoredLines }), options, io)),
];

/** Builds the commands that change something. */
export const changeCommands = (io: OperatorIo): readonly Command[] => [...switches(io), ...others(io)];
