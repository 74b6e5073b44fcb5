// Starts the program as a person does, and tells what became of it and of everything it had started.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identifyProcess } from '../../infra/local/engines/process-identity.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const START = join(ROOT, 'infra', 'local', 'start.mjs');
const PARENT_LINE = /^PPid:\s+(\d+)$/m;

/** The flags that `npm start` gives its Node: what is shown about memory holds under them. */
const startFlags = (): readonly string[] => {
  const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return scripts.start.split(' ').filter((part) => part.startsWith('--'));
};

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What was written to standard output so far. */
  out(): string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a script under the flags of `npm start`, without a terminal. */
export function start(script: string, argv: readonly string[], { cwd = ROOT, env = {} }: StartOptions = {}): Running {
  const child = spawn(process.execPath, [...startFlags(), script, ...argv], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, ended, out: () => texts.out };
}

/** Starts a script and waits for its end. */
export const run = (script: string, argv: readonly string[], options?: StartOptions): Promise<Ended> =>
  start(script, argv, options).ended;

/** A process known by more than its id, which is used again. */
export interface Known {
  readonly pid: number;
  readonly identity: string;
}

/** Everything that a process has started and that still runs, with the process itself. */
export function familyOf(pid: number): readonly Known[] {
  const identity = identifyProcess(pid);
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return [...(identity === null ? [] : [{ pid, identity }]), ...children.flatMap((child) => familyOf(Number(child)))];
}

function parentOf(pid: string): number | null {
  try {
    const found = PARENT_LINE.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/** Waits until none of them runs any more, and returns those that do after the time. */
export async function leftOf(family: readonly Known[], milliseconds: number): Promise<readonly Known[]> {
  const left = (): readonly Known[] => family.filter(({ pid, identity }) => identifyProcess(pid) === identity);
  for (const deadline = Date.now() + milliseconds; left().length > 0 && Date.now() < deadline; ) await pause(50);
  return left();
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
