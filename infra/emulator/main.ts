// `npm run emulator`: every resource of every stage is created on an emulator of AWS and deleted again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTemplates } from '../check/templates.ts';
import { SKIPPED, hasEmulator, runEmulator } from './run-emulator.ts';

const emulate = async (): Promise<number> => {
  if (!(await hasEmulator())) {
    console.log(SKIPPED);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'claimjump-emulator-'));
  try {
    const { code, output } = await runEmulator(writeTemplates(folder));
    console.log(output.trimEnd());
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await emulate();
