// WS-8 through kills: a run on one folder that is killed again and again ends as one that was left alone.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportDocument } from '../../infra/local/report/report-model.ts';
import { START, familyOf, leftOf, pause, run, start } from './processes.ts';
import type { Known } from './processes.ts';

const LONG = 400_000;
/** The busiest stretch of the default days: stocks and crypto fill the account, and two are stolen from. */
const RANGE = ['--from', '2026-01-16T14:00Z', '--to', '2026-01-16T21:00Z'];
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

/** Every step of the run, told once and in order. */
const stepsOf = ({ report }: ReportDocument): readonly string[] => report.capacity.samples.map(({ at }) => String(at));
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
    expect(survivor.code).toBe(0);
    const { checks } = survivor.document.report;
    expect(checks).toHaveLength(5);
    expect(checks.flatMap(({ differences }) => differences)).toEqual([]);
  });

  // A kill in the middle of a step may let another watch be first to the room that is left, so the orders after it may
  // be others; what may not differ is that every step is done once and that the books are right at the end.
  it('has done every step once, and has traded and stolen on the way', () => {
    expect(stepsOf(survivor.document)).toEqual(stepsOf(clean));
    expect(new Set(stepsOf(clean)).size).toBe(stepsOf(clean).length);
    expect(clean.report.steals.count).toBeGreaterThan(0);
    expect(survivor.document.report.trading.roundTrips.length).toBeGreaterThan(0);
  });
});
