// Bundles every function of a folder of sources in one go, as the stack bundles each.
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundlerOptions, projectPath } from '../../infra/constructs/bundle-recipe.ts';

/** Names of the functions in a folder of sources. */
export const functionsIn = (sources: string): readonly string[] =>
  readdirSync(join(sources, 'functions')).filter((name) => existsSync(join(sources, 'functions', name, 'handler.ts')));

/** Bundles for the paper venue into `<out>/<function>/handler.mjs`; tells which sources went in. */
export const bundleAll = async (sources: string, out: string): Promise<Metafile> => {
  const { metafile } = await build({
    ...bundlerOptions('paper'),
    entryPoints: functionsIn(sources).map((name) => ({ in: join(sources, 'functions', name, 'handler.ts'), out: `${name}/handler` })),
    absWorkingDir: sources,
    nodePaths: [projectPath('node_modules')],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    metafile: true,
  });
  return metafile;
};
