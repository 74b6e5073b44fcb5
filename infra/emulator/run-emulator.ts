// Takes stacks up and down on an emulator of AWS, where one is installed.
import { projectPath } from '../constructs/bundle-recipe.ts';
import { runProgram } from '../check/run-program.ts';
import type { Said } from '../check/run-program.ts';
import type { StageTemplate } from '../check/templates.ts';

/** The word for a machine without the emulator. */
export const SKIPPED = 'skipped: moto is not installed';

/** Tells whether the emulator is there: moto for python3, with its client. */
export const hasEmulator = async (): Promise<boolean> => (await runProgram('python3', ['-c', 'import moto, boto3'])).code === 0;

/** Creates, reads back and deletes each stack; the code is 0 where all went well and nothing is left but what is to be. */
export const runEmulator = async (templates: readonly StageTemplate[]): Promise<Said> =>
  runProgram('python3', [
    projectPath('infra/emulator/emulate.py'),
    ...templates.flatMap(({ name, file, keepsData }) => [name, file, keepsData ? 'KEEPS' : 'DROPS']),
  ]);
