// Programs that the checks call, and what they say.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { delimiter } from 'node:path';
import { projectPath } from '../constructs/bundle-recipe.ts';

export interface Said {
  /** Null where there is no such program, or a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

// What is called by name must find the runtime and the tools that this process runs with.
const path = (): string => [process.env['PATH'] ?? '', dirname(process.execPath), join(projectPath(''), 'node_modules', '.bin')].join(delimiter);

/** Runs a program in the project's folder to its end and returns all that it said. */
export const runProgram = async (command: string, parameters: readonly string[]): Promise<Said> => {
  const child = spawn(command, parameters, {
    cwd: projectPath(''),
    env: { ...process.env, PATH: path(), CI: 'true', NODE_DISABLE_COMPILE_CACHE: '1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  return { code, output: output.join('') };
};
