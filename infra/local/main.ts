// `npm start`: reads the command line, replays, reports; or trades on paper at present prices.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asksForLive } from './live/live-cli.ts';
import { readArguments } from './replay/cli.ts';
import type { CliOptions } from './replay/cli.ts';
import type { Display } from './replay/display.ts';
import { SILENT, displayOn } from './replay/display.ts';
import { InputError } from './replay/input-error.ts';
import type { PreparedRun } from './replay/prepare-run.ts';
import { prepareRun } from './replay/prepare-run.ts';
import { NO_INJECTIONS } from './replay/replay-options.ts';
import { runReplay } from './replay/run-replay.ts';
import { comparisonLines } from './report/comparison.ts';
import { pageOf } from './report/page.ts';
import type { ReportDocument, ReportModel } from './report/report-model.ts';
import { textReport } from './report/text-report.ts';

/** How the program ends. */
const EXIT = { CLEAN: 0, DIFFERENCE: 1, BAD_INPUT: 2, INTERRUPTED: 130 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs the command line and returns its exit status; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  // Whoever read the output has gone, as `| head` does: nobody is left to tell.
  process.stdout.on('error', () => process.exit(EXIT.INTERRUPTED));
  try {
    // A replay does without the exchanges' library.
    if (asksForLive(argv)) return await (await import('./live/live-main.ts')).liveMain(argv);
    const options = readArguments(argv);
    return options === null ? EXIT.CLEAN : await replay(options);
  } catch (error) {
    if (error instanceof InputError) {
      console.error(error.message);
      return EXIT.BAD_INPUT;
    }
    console.error(error);
    return EXIT.DIFFERENCE;
  }
}

async function replay(options: CliOptions): Promise<number> {
  const run = prepareRun(runOptions(options));
  const display = options.json ? SILENT : displayOn(process.stdout);
  const stop = new AbortController();
  const end = stopOnSignals(stop, display);
  try {
    const document = await runBoth(run, options, { display, signal: stop.signal });
    if (document === null) return EXIT.INTERRUPTED;
    writeFileSync(options.reportFile, pageOf(document));
    show(document, options, display);
    return isClean(document) ? EXIT.CLEAN : EXIT.DIFFERENCE;
  } finally {
    end();
  }
}

const runOptions = ({ barsFile, plans, from, to, symbols, settings, speed, dataDir }: CliOptions) => ({
  barsFile,
  plans,
  from,
  to,
  symbols,
  settings,
  speed,
  folder: dataDir,
  stopAfterStep: null,
  injections: NO_INJECTIONS,
});

interface Hooks {
  readonly display: Display;
  readonly signal: AbortSignal;
}

async function runBoth(run: PreparedRun, options: CliOptions, hooks: Hooks): Promise<ReportDocument | null> {
  hooks.display.line(introduction(run));
  const report = await runOne(run, hooks);
  if (report === null || !options.compare) return report === null ? null : { schema: 1, report, stealingOff: null };
  hooks.display.line('\nThe same again with stealing off');
  const stealingOff = await runOne(withoutStealing(options), hooks);
  return stealingOff === null ? null : { schema: 1, report, stealingOff };
}

const introduction = ({ symbols, steps }: PreparedRun): string =>
  `Claimjump replays ${symbols.length} symbols in ${steps.length} steps through the whole pipeline, on this machine.\n`;

function withoutStealing(options: CliOptions): PreparedRun {
  const { dataDir, settings } = options;
  return prepareRun({
    ...runOptions(options),
    settings: { ...settings, WORK_STEALING_ENABLED: '0' },
    folder: dataDir === null ? null : join(dataDir, 'stealing-off'),
  });
}

async function runOne(run: PreparedRun, { display, signal }: Hooks): Promise<ReportModel | null> {
  const outcome = await runReplay(run, { display, signal });
  if (outcome.kind === 'DONE') {
    if (outcome.facts === null) display.line('This folder holds a run that has ended; here is what it found.');
    return outcome.report;
  }
  const kept = run.options.folder === null ? '' : ' Run the same command again to go on.';
  display.line(`Stopped after ${outcome.stepsDone} of ${outcome.steps} steps.${kept}`);
  return null;
}

function show(document: ReportDocument, { json, reportFile }: CliOptions, display: Display): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const comparison = document.stealingOff === null ? [] : comparisonLines(document.report, document.stealingOff);
  for (const line of ['', ...textReport(document.report), ...comparison, '', `The same with charts: ${reportFile}`]) display.line(line);
}

const isClean = ({ report, stealingOff }: ReportDocument): boolean =>
  [...report.checks, ...(stealingOff?.checks ?? [])].every(({ differences }) => differences.length === 0);

/** Stops at the first signal after the step under way, and at the second at once; returns how to listen no more. */
function stopOnSignals(stop: AbortController, display: Display): () => void {
  const onSignal = (): void => {
    // The engines end with this process, however it ends.
    if (stop.signal.aborted) process.exit(EXIT.INTERRUPTED);
    display.line('Stopping after this step; once more stops at once.');
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
