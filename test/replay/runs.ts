// Whole replays for comparison, each in a process of its own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Injections } from '../../infra/local/replay/replay-options.ts';
import type { RunResult } from './outcome.ts';
import { ROOT, run } from './processes.ts';

const CHILD = fileURLToPath(new URL('./replay-child.ts', import.meta.url));
const SOURCES = ['functions', 'shared', 'infra', 'data', 'test/replay', 'package-lock.json', 'package.json'];
const KEPT_MILLISECONDS = 20 * 60_000;

/** Runs a replay of the arguments with what is to go wrong, and returns its outcome. */
export async function replay(argv: readonly string[], injections: Partial<Injections> = {}): Promise<RunResult> {
  const { code, out, err } = await run(CHILD, [JSON.stringify(injections), ...argv]);
  if (code !== 0) throw new Error(`the replay ended with ${code}: ${err.slice(-4000)}`);
  return JSON.parse(out);
}

/**
 * The five days as they come without arguments and with nothing gone wrong. Two test files compare with it, so the
 * first to end keeps it for the other, under a name made of every source: it is never that of another program.
 */
export async function cleanFiveDays(): Promise<RunResult> {
  const folder = join(ROOT, '.claimjump');
  const file = join(folder, `clean-run-${fingerprint()}.json`);
  if (existsSync(file) && Date.now() - statSync(file).mtimeMs < KEPT_MILLISECONDS) return JSON.parse(readFileSync(file, 'utf8'));
  const result = await replay([]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
  renameSync(`${file}.${process.pid}`, file);
  return result;
}

function fingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of SOURCES.flatMap((source) => filesIn(join(ROOT, source)))) {
    hash.update(`${file.slice(ROOT.length)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory() ? readdirSync(path).toSorted().flatMap((name) => filesIn(join(path, name))) : [path];
