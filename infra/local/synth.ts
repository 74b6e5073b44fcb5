// Keeps cdk.out as new as the sources it is made from.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['functions', 'shared', 'infra', 'stages', 'package-lock.json', 'cdk.json'];
/** Parts of the sources that no bundle and no template is made from. */
const NOT_SYNTHESIZED = join('infra', 'local');
/** The stack of the stage that runs locally, as the manifest names it. */
const LOCAL_STACK = '"claimjump-paper"';
const LOCK_WAIT_MILLISECONDS = 100;

/** Says that the stack could not be synthesized, with what cdk wrote. */
export class SynthError extends Error {
  constructor(output: string) {
    super(`cdk synth failed:\n${output}`);
    this.name = 'SynthError';
  }
}

export interface SynthOptions {
  /** Project directory; this project's own unless given. */
  readonly root?: string;
  /** Makes cdk.out of the directory anew; `cdk synth` unless given. */
  readonly synthesize?: (root: string) => Promise<void>;
}

const newest = (path: string): number => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || path.endsWith(NOT_SYNTHESIZED)) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The directory's own time tells of files that were taken away.
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Tells whether cdk.out is missing, of another stage, or older than what it is made from. */
export const isStale = (root: string): boolean => {
  const manifest = join(root, 'cdk.out', 'manifest.json');
  if (!existsSync(manifest) || !readFileSync(manifest, 'utf8').includes(LOCAL_STACK)) return true;
  const { mtimeMs } = statSync(manifest);
  return SOURCES.some((source) => newest(join(root, source)) > mtimeMs);
};

const runCdk = async (root: string): Promise<void> => {
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  // The app is started by name: it must find the runtime that this process runs on.
  const path = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(process.execPath, [cdk, 'synth', '-q'], {
    cwd: root,
    // The tools it calls would otherwise leave a compile cache of theirs in the temporary folder.
    env: { ...process.env, PATH: path, CI: 'true', NODE_DISABLE_COMPILE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new SynthError(output.join(''));
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const tryLock = (file: string): boolean => {
  try {
    const lock = openSync(file, 'wx');
    writeSync(lock, String(process.pid));
    closeSync(lock);
    return true;
  } catch (error) {
    if (!existsSync(file)) throw error;
    const holder = Number(readFileSync(file, 'utf8'));
    if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true });
    return false;
  }
};

/**
 * Synthesizes the stack if it is not as new as its sources; one process at a time. Returns the directory.
 * @throws SynthError with what cdk wrote
 */
export const ensureSynth = async (options: SynthOptions = {}): Promise<string> => {
  const { root = ROOT, synthesize = runCdk } = options;
  const lock = join(root, '.claimjump', 'synth.lock');
  mkdirSync(dirname(lock), { recursive: true });
  while (!tryLock(lock)) await delay(LOCK_WAIT_MILLISECONDS);
  try {
    if (isStale(root)) await synthesize(root);
  } finally {
    rmSync(lock, { force: true });
  }
  return join(root, 'cdk.out');
};
