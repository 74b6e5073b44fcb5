// A native child outlives a killed parent. So a watcher stands between: it holds the reading end of a pipe whose
// writing end only the parent has, and when that closes, however the parent ended, it ends the child.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface SupervisedChild {
  /** Process id of the child itself, not of its watcher. */
  readonly pid: number;
  /** Settles when the child has ended. */
  readonly ended: Promise<void>;
  /** Last lines that the child wrote, for an error. */
  lastWords(): string;
  /** Ends the child and waits until it has gone. */
  stop(): Promise<void>;
}

// The loop is the shell's own read, so that no third process is left behind.
const SHELL_WATCHER = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
echo "$child"
( while read -r _ <&3; do :; done
  kill -TERM "$child" 2>/dev/null
  tries=0
  while kill -0 "$child" 2>/dev/null && [ "$tries" -lt 20 ]; do tries=$((tries + 1)); sleep 0.1; done
  kill -KILL "$child" 2>/dev/null ) >/dev/null 2>&1 &
watcher=$!
wait "$child"
kill "$watcher" 2>/dev/null`;

// Where there is no shell, a second Node does the same.
const NODE_WATCHER = `const [command, ...args] = process.argv.slice(1);
const child = require('node:child_process').spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
console.log(child.pid);
child.on('exit', () => process.exit());
process.stdin.on('end', () => child.kill()).resume();`;

const LINES_KEPT = 20;

/** Starts a program, in a folder, that ends with this process, even when this is killed. @throws Error when it does not start */
export const startSupervised = async (command: string, args: readonly string[], folder = '.'): Promise<SupervisedChild> => {
  const watcher = spawnWatcher(command, args, folder);
  const ended = once(watcher, 'exit').then(() => undefined);
  ended.catch(() => undefined);
  const words: string[] = [];
  const pid = await readPid(watcher, words);
  return {
    pid,
    ended,
    lastWords: () => words.join('\n'),
    stop: async () => {
      watcher.stdin?.end();
      await ended;
    },
  };
};

const spawnWatcher = (command: string, args: readonly string[], folder: string): ChildProcess => {
  const [program, script]: readonly [string, readonly string[]] =
    process.platform === 'win32' ? [process.execPath, ['-e', NODE_WATCHER]] : ['/bin/sh', ['-c', SHELL_WATCHER, 'watcher']];
  // In a group of its own: Ctrl-C in a terminal reaches us alone, and we stop the child when its users are done.
  const options = { cwd: folder, detached: process.platform !== 'win32' };
  return spawn(program, [...script, command, ...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
};

const readPid = (watcher: ChildProcess, words: string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    watcher.once('error', reject);
    watcher.once('exit', () => {
      reject(new Error(`the watcher of a child ended at once: ${words.join('\n')}`));
    });
    const keep = (line: string): void => {
      words.push(line);
      if (words.length > LINES_KEPT) words.shift();
    };
    if (watcher.stderr !== null) createInterface(watcher.stderr).on('line', keep);
    if (watcher.stdout !== null) {
      createInterface(watcher.stdout).on('line', (line) => {
        if (/^\d+$/.test(line)) resolve(Number(line));
        else keep(line);
      });
    }
  });
