// `npm run synth`: the command line synthesizes every stage without a warning, and live only once its file is confirmed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../constructs/bundle-recipe.ts';
import { confirmedFile, stageFile } from './confirmed-file.ts';
import { runProgram } from './run-program.ts';
import type { Said } from './run-program.ts';

const cdk = projectPath('node_modules/aws-cdk/bin/cdk');

// Strict: a warning is an error.
const synthesize = (...parameters: readonly string[]): Promise<Said> =>
  runProgram(process.execPath, [cdk, 'synth', '-q', '--strict', ...parameters]);

const fail = (what: string, output: string): void => {
  console.error(`${what}\n${output}`);
  process.exitCode = 1;
};

const check = async (stage: string, ...parameters: readonly string[]): Promise<void> => {
  const { code, output } = await synthesize('-c', `stage=${stage}`, ...parameters);
  if (code !== 0 || /warning/i.test(output)) fail(`${stage}: expected to be synthesized without a warning`, output);
  else console.log(`${stage}: synthesized without a warning`);
};

const checkRefusal = async (settings: string, outdir: string): Promise<void> => {
  const { code, output } = await synthesize('-c', 'stage=live', '-c', `settings=${settings}`, '-o', outdir);
  if (code === 0 || !output.includes('confirmation: this stage trades with real money')) fail('live: expected to be refused without a confirmation', output);
  else console.log('live: refused while its file is not confirmed');
};

const folder = mkdtempSync(join(tmpdir(), 'claimjump-synth-'));
try {
  const confirmed = join(folder, 'confirmed.json');
  const unconfirmed = join(folder, 'unconfirmed.json');
  writeFileSync(confirmed, JSON.stringify(confirmedFile()));
  writeFileSync(unconfirmed, JSON.stringify({ ...stageFile('live'), confirmation: null }));
  await check('paper');
  await check('sandbox', '-o', join(folder, 'sandbox'));
  await checkRefusal(unconfirmed, join(folder, 'refused'));
  await check('live', '-c', `settings=${confirmed}`, '-o', join(folder, 'live'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
