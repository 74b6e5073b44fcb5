// One command of the operator's: its options, its request, its answer as lines or as JSON.
import { Command } from 'commander';
import type * as z from 'zod';
import { InvalidInputError } from '../../shared/errors.ts';
import type { FoundLocal } from '../../infra/local/local-file.ts';
import { AskError, ask, readAnswer } from './ask.ts';
import type { Credentials } from './sign-request.ts';
import { type Target, targetOf } from './target.ts';

/** How a command ends: done, refused or failed, not understood. */
export const EXIT = { DONE: 0, FAILED: 1, USAGE: 2 } as const;

/** What the command line is given. */
export interface OperatorIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly findLocal: () => FoundLocal;
  readonly readFile: (path: string) => string;
  /** Whose requests these are: the standard chain's unless given. */
  readonly credentials?: () => Promise<Credentials>;
  readonly tell: (exitCode: number) => void;
}

interface Common {
  readonly url?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** What a command asks and how its answer is read; null lines mean that the answer itself says that it failed. */
export interface Errand<Answer> {
  readonly document: unknown;
  readonly to?: 'plans';
  readonly schema: z.ZodType<Answer>;
  readonly lines: (answer: Answer) => readonly string[];
  readonly isRefused?: (answer: Answer) => boolean;
}

/** Begins a command with the options that all have. */
export const operatorCommand = (name: string, words: string): Command =>
  new Command(name)
    .description(words)
    .option('--url <address>', 'the API of the stage, its output ApiUrl (or CLAIMJUMP_URL; else the local cloud that runs here)')
    .option('--region <name>', 'its region, where its address does not name it (or AWS_REGION)')
    .option('--json', 'the answer as one line of JSON');

const targetFor = ({ url, region }: Common, { environment, findLocal }: OperatorIo): Target => {
  const address = url ?? environment['CLAIMJUMP_URL'];
  const where = region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  return targetOf({ ...(address === undefined ? {} : { url: address }), ...(where === undefined ? {} : { region: where }) }, findLocal);
};

// What stands in an answer may come from a log or a venue, and a terminal obeys it: no line ends, escapes or turns of direction.
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const plainLine = (line: string): string => line.replaceAll(OBEYED, ' ');

const perform = async <Answer>(errand: Errand<Answer>, common: Common, io: OperatorIo): Promise<number> => {
  const target = targetFor(common, io);
  const { region } = target;
  const url = errand.to === 'plans' ? target.plans : target.operator;
  const answered = await ask(url, errand.document, { region, ...(io.credentials === undefined ? {} : { credentials: io.credentials }) });
  const answer = readAnswer(errand.schema, answered);
  for (const line of common.json === true ? [JSON.stringify(answered)] : errand.lines(answer)) io.write(plainLine(line));
  return errand.isRefused?.(answer) === true ? EXIT.FAILED : EXIT.DONE;
};

/** Runs an errand and tells how it ended; what the caller has to mend is said in one line. */
export const run = async <Answer>(errand: () => Errand<Answer>, common: Common, io: OperatorIo): Promise<void> => {
  try {
    io.tell(await perform(errand(), common, io));
  } catch (error) {
    if (!(error instanceof AskError) && !(error instanceof InvalidInputError)) throw error;
    io.complain(error.message.split('\n').map(plainLine).join('\n'));
    io.tell(error instanceof AskError ? EXIT.FAILED : EXIT.USAGE);
  }
};
