// Bundles every function of a folder of sources in one go, as the stack bundles each.
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRecipe, projectPath } from '../../infra/constructs/bundle-recipe.ts';

/** Names of the functions in a folder of sources. */
export const functionsIn = (sources: string): readonly string[] =>
  readdirSync(join(sources, 'functions')).filter((name) => existsSync(join(sources, 'functions', name, 'handler.ts')));

/** Bundles for the paper venue into `<out>/<function>/handler.mjs`; tells which sources went in. */
export const bundleAll = async (sources: string, out: string): Promise<Metafile> => {
  const { alias, external, define, mainFields, target, banner } = bundleRecipe('paper');
  const { metafile } = await build({
    entryPoints: functionsIn(sources).map((name) => ({ in: join(sources, 'functions', name, 'handler.ts'), out: `${name}/handler` })),
    absWorkingDir: sources,
    nodePaths: [projectPath('node_modules')],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    alias: { ...alias },
    external: [...external],
    define: { ...define },
    mainFields: [...mainFields],
    target,
    banner: { js: banner },
    logLevel: 'error',
  });
  return metafile;
};
