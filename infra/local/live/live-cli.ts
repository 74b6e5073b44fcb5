// The command line of the live mode: `npm start -- --venue paper --prices kraken`.
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { readTextFile } from '../replay/csv.ts';
import { InputError } from '../replay/input-error.ts';
import { checkSettings, readSettingsFile } from '../replay/settings-file.ts';
import type { NamedSettings } from '../replay/settings-file.ts';

/** What a live run is asked for. */
export interface LiveOptions {
  /** Exchange whose prices are read. */
  readonly exchange: string;
  /** The plan as plan-intake reads it; null for a small one of the exchange's liquid symbols. */
  readonly planFile: string | null;
  readonly settings: NamedSettings;
  readonly everySeconds: number;
}

const given = z.object({
  venue: z.string().default('paper'),
  prices: z.string({ error: '--prices: expected the name of an exchange, such as kraken' }),
  plan: z.string().optional(),
  settings: z.string().optional(),
  every: z.string(),
});

const command = (): Command =>
  new Command('npm start --')
    .description('Trades on paper at an exchange\'s present prices, through the whole pipeline on this machine, until Ctrl-C.')
    .option('--venue <name>', 'where orders go; paper is the only one that a local run has', 'paper')
    .option('--prices <exchange>', 'exchange of ccxt whose public prices are read; recorded: those of the shipped file, without a network')
    .option('--plan <file>', 'a plan in JSON (else a small one of liquid symbols, with limits near the market)')
    .option('--settings <file>', 'settings: a JSON object, or lines of NAME=VALUE')
    .option('--every <seconds>', 'time between two looks at the prices, 1 to 60', '5')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

/** Tells whether the command line asks for a live run. */
export const asksForLive = (argv: readonly string[]): boolean => argv.some((word) => /^--(prices|venue)(=|$)/.test(word));

/** Reads the arguments; null when only help was asked for and has been printed. @throws InputError */
export function readLiveArguments(argv: readonly string[]): LiveOptions | null {
  try {
    const read = given.safeParse(command().parse([...argv], { from: 'user' }).opts());
    if (!read.success) throw new InputError(read.error.issues[0]?.message ?? 'another form');
    return optionsOf(read.data);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw new InputError(`${error.message.replace(/^error: /, '')} (--prices x --help lists what there is)`, { cause: error });
  }
}

function optionsOf({ venue, prices, plan, settings, every }: z.infer<typeof given>): LiveOptions {
  if (venue !== 'paper') throw new InputError(`--venue: expected paper, found ${JSON.stringify(venue)}: a real venue is a stage of the stack`);
  return { exchange: prices, planFile: plan ?? null, settings: readSettings(settings), everySeconds: readEvery(every) };
}

function readSettings(file: string | undefined): NamedSettings {
  if (file === undefined) return {};
  const settings = readSettingsFile(readTextFile(file));
  checkSettings(settings, file);
  return settings;
}

function readEvery(text: string): number {
  const seconds = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 60) throw new InputError(`--every: expected 1 to 60 seconds, found ${JSON.stringify(text)}`);
  return seconds;
}
