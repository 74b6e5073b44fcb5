import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportModel } from '../../../infra/local/report/report-model.ts';
import { BUSY, courseOf, differencesIn, replayOf, reportOfReplay } from './replay-bench.ts';

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'claimjump-replay-'));
const start = fileURLToPath(new URL('../../../infra/local/start.mjs', import.meta.url));
let clean: ReportModel;

beforeAll(async () => {
  clean = await reportOfReplay();
}, 5 * MINUTES);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const startRun = (...argv: readonly string[]) =>
  spawn(process.execPath, ['--no-warnings', start, '--from', BUSY.from, '--to', BUSY.to, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });

const stepsIn = (data: string): number => {
  const journal = join(data, 'replay.jsonl');
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0;
};

const waitForSteps = async (data: string, steps: number): Promise<void> => {
  while (stepsIn(data) < steps) await delay(20);
};

const runningOn = (data: string): string[] => {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data);
      } catch {
        return false;
      }
    });
};

describe('A replay through the whole pipeline', () => {
  it('fills, steals and ends with nothing to object to', () => {
    expect(differencesIn(clean)).toEqual([]);
    expect(clean.checks).toHaveLength(11);
    expect(clean.run.steps).toBe(16);
    expect(clean.trading.fills).toBeGreaterThan(5);
    expect(clean.steals.count).toBeGreaterThan(0);
    expect(clean.units.write).toBeGreaterThan(100);
  });

  it('steals as WS-6 and WS-3 say: thieves within their tolerance, victims beyond their protection', () => {
    for (const { thief, victim } of clean.steals.list) {
      expect(Number(thief.distance)).toBeLessThanOrEqual(0.003);
      expect(Number(victim.distance)).toBeGreaterThan(0.004);
    }
  });

  it('never steals with stealing off, and says why it refused', async () => {
    const report = await reportOfReplay({ settings: { WORK_STEALING_ENABLED: '0' } });
    expect(differencesIn(report)).toEqual([]);
    expect(report.run.stealing).toBe('OFF');
    expect(report.steals.count).toBe(0);
    expect(Object.keys(report.steals.refused)).toEqual(['STEALING_DISABLED']);
  }, MINUTES);

  it('goes the same way with every message and every webhook delivered twice', async () => {
    const report = await reportOfReplay({ injections: { duplicateDeliveries: true, duplicateWebhooks: true } });
    expect(differencesIn(report)).toEqual([]);
    expect(courseOf(report)).toEqual(courseOf(clean));
    expect(report.units.read).toBeGreaterThan(clean.units.read);
  }, MINUTES);

  it('goes the same way with one in five calls unanswered after it took effect', async () => {
    const report = await reportOfReplay({ injections: { sdkFaultEvery: 5 } });
    expect(differencesIn(report)).toEqual([]);
    expect(courseOf(report)).toEqual(courseOf(clean));
  }, 2 * MINUTES);

  it('stops after a step when it is asked to, and goes on to the same end', async () => {
    const data = join(folder, 'stopped');
    expect(await replayOf({ folder: data, stopAfterStep: 7 })).toEqual({ kind: 'STOPPED', stepsDone: 7, steps: 16 });
    const report = await reportOfReplay({ folder: data });
    expect(differencesIn(report)).toEqual([]);
    expect(courseOf(report)).toEqual(courseOf(clean));
    await expect(reportOfReplay({ folder: data })).resolves.toEqual(report);
    await expect(reportOfReplay({ folder: data, symbols: ['AAPL'] })).rejects.toThrow('this folder holds a run of other files');
  }, 2 * MINUTES);

  it.each([3, 8, 12])('killed in the middle of step %i goes on to a clean end, and leaves no engine behind', async (steps) => {
    const data = join(folder, `killed-${steps}`);
    const child = startRun('--data-dir', data);
    await waitForSteps(data, steps);
    await delay(50);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(data, 'report.json'))).toBe(false);
    const report = await reportOfReplay({ folder: data });
    expect(differencesIn(report)).toEqual([]);
    expect(courseOf(report)).toEqual(courseOf(clean));
    expect(runningOn(data)).toEqual([]);
  }, 2 * MINUTES);

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s after the step under way, with status 130 and nothing left running', async (signal) => {
    const data = join(folder, signal);
    const child = startRun('--data-dir', data);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await waitForSteps(data, 2);
    child.kill(signal);
    const [status]: number[] = await once(child, 'exit');
    expect(status).toBe(130);
    expect(output).toMatch(/Stopped after \d+ of 16 steps/);
    expect(runningOn(data)).toEqual([]);
  }, MINUTES);

  it('prints one JSON document and nothing else with --json', async () => {
    const page = join(folder, 'page.html');
    const child = startRun('--json', '--symbols', 'AAPL,BTCUSD', '--report', page);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk.toString();
    });
    const [status]: number[] = await once(child, 'close');
    expect([status, output.stderr]).toEqual([0, '']);
    expect(JSON.parse(output.stdout)).toMatchObject({ schema: 1, report: { run: { symbols: ['AAPL', 'BTC/USD'] } }, stealingOff: null });
    expect(readFileSync(page, 'utf8')).toContain('self-check clean');
  }, MINUTES);

  it('answers bad input with status 2 and its reason, and writes nothing', async () => {
    const data = join(folder, 'refused');
    const child = startRun('--symbols', 'NOTHERE', '--data-dir', data);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const [status]: number[] = await once(child, 'close');
    expect(status).toBe(2);
    expect(errors).toContain('holds no bar of NOTHERE');
    expect(existsSync(data)).toBe(false);
  }, MINUTES);
});
