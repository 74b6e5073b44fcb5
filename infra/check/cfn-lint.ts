// `npm run cfn-lint`: what CloudFormation's own rules find in the templates of every stage.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { writeTemplates } from './templates.ts';

// CDK itself lets a function depend on its role a second time, besides by name.
const NOT_OURS = 'W3005';

const check = async (folder: string): Promise<number> => {
  const version = await runProgram('cfn-lint', ['--version']);
  if (version.code !== 0) {
    console.log('skipped: cfn-lint is not installed');
    return 0;
  }
  const templates = writeTemplates(folder);
  const { code, output } = await runProgram('cfn-lint', ['--regions', 'us-east-1', '--ignore-checks', NOT_OURS, '--', ...templates.map(({ file }) => file)]);
  console.log(output.trim() === '' ? `${version.output.trim()} finds nothing in ${templates.length} templates` : output.trimEnd());
  return code ?? 1;
};

const folder = mkdtempSync(join(tmpdir(), 'claimjump-cfn-lint-'));
try {
  process.exitCode = await check(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
