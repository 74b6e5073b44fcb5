// EX-9 and WS-8 through kills: a run on one folder that is killed again and again comes to its end, with nothing lost or doubled.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START_EQUITY } from '../../infra/local/replay/prepare-run.ts';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import { openWorld } from '../../infra/local/replay/replay-world.ts';
import { createCounters } from '../../infra/local/replay/run-counters.ts';
import { ensureSynth } from '../../infra/local/synth.ts';
import type { ReportDocument } from '../../infra/local/report/report-model.ts';
import { START, familyOf, leftOf, pause, run, start } from './processes.ts';
import type { Known } from './processes.ts';

const LONG = 400_000;
/** The busiest stretch of the default days: stocks and crypto fill the account, and two are stolen from. */
const TO = '2026-01-16T21:00Z';
const RANGE = ['--from', '2026-01-16T14:00Z', '--to', TO];
const MOST_KILLS = 7;
const SEED = 20_260_116;

/** Numbers in [0, 1) that are the same at every run. */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const folder = mkdtempSync(join(tmpdir(), 'claimjump-killed-'));
const command = (name: string): readonly string[] => [...RANGE, '--json', '--data-dir', join(folder, name)];
const stepsDone = (name: string): number => {
  const journal = join(folder, name, 'replay.jsonl');
  return existsSync(journal) ? Math.max(0, readFileSync(journal, 'utf8').split('\n').length - 2) : 0;
};

interface Kill {
  readonly steps: number;
  readonly family: readonly Known[];
}

/** Starts the run, lets it get a few steps further and somewhere into the next, and kills it. Null when it ended first. */
const killOnce = async (name: string, chance: () => number): Promise<Kill | null> => {
  const before = stepsDone(name);
  const wanted = before + 1 + Math.floor(chance() * 5);
  const running = start(START, command(name));
  let ended = false;
  void running.ended.then(() => (ended = true));
  while (!ended && stepsDone(name) < wanted) await pause(5);
  // A busy step takes some hundred milliseconds: anywhere in it.
  await pause(chance() * 200);
  const family = familyOf(running.child.pid ?? 0);
  running.child.kill('SIGKILL');
  const { signal } = await running.ended;
  return signal === 'SIGKILL' ? { steps: stepsDone(name), family } : null;
};

/** What the table of a run holds that is under way. */
const stateOf = async (name: string, symbols: readonly string[]) => {
  const world = await openWorld({
    assemblyDirectory: await ensureSynth(),
    account: 'main',
    folder: join(folder, name),
    symbols,
    startCash: START_EQUITY,
    fillShareOfVolume: null,
    settings: {},
    injections: NO_INJECTIONS,
    counters: createCounters(() => undefined),
    startAt: Date.parse(TO),
    schedulesRanAt: Date.parse(TO),
  });
  try {
    const { slots } = await world.store.audit('main');
    return {
      openActions: (await world.store.openActions('main')).map(({ id, state }) => `${id} ${state}`),
      midway: slots.flatMap(({ symbol, entry }) => (entry.status === 'NONE' || entry.status === 'WORKING' ? [] : [`${symbol} ${entry.status}`])),
    };
  } finally {
    await world.close();
  }
};
const documentOf = (out: string): ReportDocument => JSON.parse(out);

describe('EX-9 WS-8 a replay that is killed again and again', () => {
  const chance = seeded(SEED);
  const kills: Kill[] = [];
  let clean: ReportDocument;
  let survivor: { readonly code: number | null; readonly document: ReportDocument };

  beforeAll(async () => {
    clean = documentOf((await run(START, command('clean'))).out);
    while (kills.length < MOST_KILLS) {
      const kill = await killOnce('killed', chance);
      if (kill === null) break;
      kills.push(kill);
    }
    const { code, out } = await run(START, command('killed'));
    survivor = { code, document: documentOf(out) };
  }, LONG);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('was killed at several moments, each further on than the one before', () => {
    const steps = kills.map((kill) => kill.steps);
    expect(steps.length).toBeGreaterThanOrEqual(5);
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
  });

  it('leaves no engine running behind any of the kills', async () => {
    expect(kills.every(({ family }) => family.length >= 3)).toBe(true);
    expect(await leftOf(kills.flatMap(({ family }) => family), 5000)).toEqual([]);
  });

  it('ends well, and its self-check finds nothing', () => {
    const { checks } = survivor.document.report;
    expect(checks).toHaveLength(11);
    expect(checks.flatMap(({ differences }) => differences)).toEqual([]);
    expect(survivor.code).toBe(0);
  });

  // What is done again after a kill sees what had become of the rest of its step, and may find room that was not there
  // before: so beyond the first kill a run may trade otherwise, and only what was promised is the same.
  it('goes the same way as a run that was left alone up to the first kill, and replays every step', () => {
    const samples = survivor.document.report.capacity.samples;
    const ofClean = clean.report.capacity.samples;
    const first = kills[0]?.steps ?? 0;
    expect(first).toBeGreaterThan(0);
    expect(samples.slice(0, first)).toEqual(ofClean.slice(0, first));
    expect(samples.map(({ at }) => at)).toEqual(ofClean.map(({ at }) => at));
  });

  it('trades as busily, and leaves no action open and nobody waiting or yielding', async () => {
    const { trading } = survivor.document.report;
    expect(trading.entriesFilled).toBeGreaterThan(clean.report.trading.entriesFilled / 2);
    const { openActions, midway } = await stateOf('killed', clean.report.run.symbols);
    expect(openActions).toEqual([]);
    expect(midway).toEqual([]);
  });
});
