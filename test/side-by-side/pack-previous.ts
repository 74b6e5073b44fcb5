// Keeps the sources of a release as it was shipped, so that this one can be run beside it: npm run previous -- REF
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { projectPath } from '../../infra/constructs/bundle-recipe.ts';
import { bundleAll } from './bundles.ts';
import { PREVIOUS_FILE } from './previous.ts';

const [reference] = process.argv.slice(2);
if (reference === undefined) {
  console.error('usage: npm run previous -- REF, a commit or a tag of the release that runs before this one');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'claimjump-previous-'));
try {
  const sources = join(folder, 'sources');
  mkdirSync(sources);
  const root = projectPath('');
  const archive = execFileSync('git', ['archive', reference, 'functions', 'shared'], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', sources], { input: archive });
  const { inputs } = await bundleAll(sources, join(folder, 'out'));
  // Packages and what stands in for some of them are this release's: only what was written for that one is kept.
  const own = Object.keys(inputs).map((path) => relative(sources, resolve(sources, path))).filter((path) => !path.startsWith('..') && !path.includes('node_modules'));
  writeFileSync(join(folder, 'files'), own.toSorted().join('\n'));
  const options = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  execFileSync('sh', ['-c', `tar ${options.join(' ')} -C '${sources}' -c -T '${join(folder, 'files')}' | gzip -9n > '${PREVIOUS_FILE}'`]);
  console.log(`${relative(root, PREVIOUS_FILE)}: ${own.length} files of ${reference}, ${statSync(PREVIOUS_FILE).size} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
