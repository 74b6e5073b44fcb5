// Replays plans on prices through the whole pipeline, from the first step or from where a killed run had come to.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Note } from '../../../shared/domain/decision.ts';
import { reportOf } from '../report/build-report.ts';
import type { RunFacts } from '../report/facts.ts';
import type { ReportModel } from '../report/report-model.ts';
import { ensureSynth } from '../synth.ts';
import type { Display } from './display.ts';
import { isTold, timeText } from './display.ts';
import type { PreparedRun } from './prepare-run.ts';
import { START_EQUITY } from './prepare-run.ts';
import type { RunParts } from './replay-run.ts';
import { finishRun, runSteps } from './replay-run.ts';
import { comeToRest } from './come-to-rest.ts';
import { hasVenueFaults } from './replay-options.ts';
import type { ReplayWorld } from './replay-world.ts';
import { openWorld } from './replay-world.ts';
import type { RunCounters } from './run-counters.ts';
import { createCounters } from './run-counters.ts';
import type { RunJournal } from './run-journal.ts';
import { openRunJournal } from './run-journal.ts';

export type ReplayOutcome =
  /** `facts` are null where the folder held a run that had already ended. */
  | { readonly kind: 'DONE'; readonly report: ReportModel; readonly facts: RunFacts | null }
  | { readonly kind: 'STOPPED'; readonly stepsDone: number; readonly steps: number };

export interface ReplayHooks {
  readonly display: Display;
  /** Stops the run after the step that is under way. */
  readonly signal: AbortSignal;
}

/** Account that the paper stage of the stack trades. */
const ACCOUNT = 'main';
const REPORT_FILE = 'report.json';
/** Every schedule has been due since. */
const LONGEST_SCHEDULE = 300_000;

/**
 * Runs a prepared replay to its end, or until it is asked to stop.
 * @throws InputError for a folder that holds another run
 */
export async function runReplay(run: PreparedRun, { display, signal }: ReplayHooks): Promise<ReplayOutcome> {
  const { folder } = run.options;
  const journal = openRunJournal(folder, run.fingerprint);
  const ended = folder === null ? null : readReport(folder);
  if (ended !== null) return { kind: 'DONE', report: ended, facts: null };
  const beganAt = performance.now();
  let stole = 0;
  const counters = createCounters((note) => {
    if (note.name === 'STEAL') stole += 1;
    tell(note, display, world);
  });
  let world: ReplayWorld | null = null;
  world = await openRunWorld(run, journal, counters);
  try {
    await world.auditor.rebuild();
    // What a killed run had left in the queues.
    await world.cloud.settle();
    const parts: RunParts = { run, world, journal, counters, display, steals: () => stole, beganAt };
    return (await runSteps(parts, signal)) ? await endRun(parts) : stopped(run, journal);
  } finally {
    display.end();
    await world.close();
  }
}

function tell(note: Note, display: Display, world: ReplayWorld | null): void {
  if (isTold(note) && world !== null) display.line(`${timeText(world.cloud.clock.now())}  ${note.message}`);
}

const stopped = (run: PreparedRun, journal: RunJournal): ReplayOutcome => ({
  kind: 'STOPPED',
  stepsDone: journal.entries.length,
  steps: run.steps.length,
});

async function endRun(parts: RunParts): Promise<ReplayOutcome> {
  if (hasVenueFaults(parts.run.options.injections)) await comeToRest(parts.world);
  const facts = await finishRun(parts);
  const report = reportOf(facts);
  const { folder } = parts.run.options;
  if (folder !== null) writeReport(folder, report);
  return { kind: 'DONE', report, facts };
}

async function openRunWorld(run: PreparedRun, journal: RunJournal, counters: RunCounters): Promise<ReplayWorld> {
  const { folder, settings, injections } = run.options;
  const before = journal.entries.at(-1);
  const next = run.steps[journal.entries.length] ?? run.steps.at(-1);
  // The clock stands at the step that is done again: what a kill left in the queues is of that time.
  const startAt = next?.at ?? run.range.from;
  return openWorld({
    assemblyDirectory: await ensureSynth(),
    account: ACCOUNT,
    folder,
    symbols: run.symbols,
    startCash: START_EQUITY,
    fillShareOfVolume: null,
    settings,
    injections,
    counters,
    startAt,
    schedulesRanAt: before?.at ?? startAt - LONGEST_SCHEDULE,
  });
}

const storedReport = z.custom<ReportModel>((value) => typeof value === 'object' && value !== null && 'checks' in value);

function readReport(folder: string): ReportModel | null {
  const file = join(folder, REPORT_FILE);
  return existsSync(file) ? storedReport.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

function writeReport(folder: string, report: ReportModel): void {
  const file = join(folder, REPORT_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(report));
  renameSync(`${file}.new`, file);
}
