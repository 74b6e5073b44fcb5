// Runs a stretch of the shipped data in this process.
import { fileURLToPath } from 'node:url';
import { SILENT } from '../../../infra/local/replay/display.ts';
import { prepareRun } from '../../../infra/local/replay/prepare-run.ts';
import { NO_INJECTIONS } from '../../../infra/local/replay/replay-options.ts';
import type { ReplayOptions } from '../../../infra/local/replay/replay-options.ts';
import { runReplay } from '../../../infra/local/replay/run-replay.ts';
import type { ReplayOutcome } from '../../../infra/local/replay/run-replay.ts';
import type { ReportModel } from '../../../infra/local/report/report-model.ts';

const shipped = (name: string): string => fileURLToPath(new URL(`../../../data/${name}`, import.meta.url));

/** The busiest hours of the shipped data: stocks and crypto compete, and some are robbed. */
export const BUSY = { from: '2026-01-16T14:00Z', to: '2026-01-16T17:00Z' };

export type BenchOptions = Partial<Omit<ReplayOptions, 'from' | 'to' | 'injections'>> & {
  readonly from?: string;
  readonly to?: string;
  readonly injections?: Partial<ReplayOptions['injections']>;
};

export function replayOf(given: BenchOptions = {}, signal = new AbortController().signal): Promise<ReplayOutcome> {
  const { from, to, injections, ...rest } = { ...BUSY, ...given };
  const run = prepareRun({
    barsFile: shipped('bars-1h.csv'),
    plans: { strategy: 'limit', file: shipped('plans-1h.csv') },
    symbols: null,
    settings: {},
    speed: 0,
    folder: null,
    stopAfterStep: null,
    ...rest,
    from: Date.parse(from),
    to: Date.parse(to),
    injections: { ...NO_INJECTIONS, ...injections },
  });
  return runReplay(run, { display: SILENT, signal });
}

/** The report of a run that has to end. */
export async function reportOfReplay(given: BenchOptions = {}): Promise<ReportModel> {
  const outcome = await replayOf(given);
  if (outcome.kind !== 'DONE') throw new Error(`stopped after ${outcome.stepsDone} steps`);
  return outcome.report;
}

/** Everything of a report that must not depend on what went wrong on the way. */
export const courseOf = ({ trading, steals, capacity }: ReportModel) => ({ trading, steals: steals.list, samples: capacity.samples });

export const differencesIn = ({ checks }: ReportModel): readonly string[] => checks.flatMap(({ differences }) => differences);
