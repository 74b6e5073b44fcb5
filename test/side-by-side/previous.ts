// The release before this one, as it was shipped: unpacked and bundled, to be run beside this one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../infra/constructs/bundle-recipe.ts';
import { bundleAll } from './bundles.ts';

/** Written by `npm run previous`. */
export const PREVIOUS_FILE = projectPath('test/side-by-side/previous-release.tar.gz');

export interface Release {
  fileOf(functionName: string): string | null;
  remove(): void;
}

/** Unpacks and bundles the release before this one. */
export const openPrevious = async (): Promise<Release> => {
  const folder = mkdtempSync(join(tmpdir(), 'claimjump-previous-'));
  const [sources, out] = [join(folder, 'sources'), join(folder, 'out')];
  mkdirSync(sources);
  execFileSync('tar', ['-xzf', PREVIOUS_FILE, '-C', sources]);
  await bundleAll(sources, out);
  return {
    fileOf: (functionName) => {
      const file = join(out, functionName, 'handler.mjs');
      return existsSync(file) ? file : null;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
