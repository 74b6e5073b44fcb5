// Bundles one function as the stack would, and tells what of it comes from where.
import { build } from 'esbuild';
import type { FunctionName } from '../access.ts';
import { bundlerOptions, projectPath } from '../constructs/bundle-recipe.ts';
import type { VenueName } from '../../shared/venue-names.ts';

/** One package or folder of ours, and how much of a bundle it is. */
export interface Contributor {
  readonly name: string;
  readonly bytes: number;
}

export interface MeasuredBundle {
  readonly functionName: FunctionName;
  readonly venue: VenueName;
  readonly bytes: number;
  /** Largest first. */
  readonly contributors: readonly Contributor[];
  /** Classes of ccxt that travel. */
  readonly exchanges: readonly string[];
}

/** A file that travels in a bundle, by its path in the project, and how much of it. */
export interface Input {
  readonly path: string;
  readonly bytes: number;
}

/** Bundles a function for a venue as the stack does, and tells its size and what is in it; nothing is written. */
export async function bundleInputs(functionName: FunctionName, venue: VenueName): Promise<{ readonly bytes: number; readonly inputs: readonly Input[] }> {
  const { metafile } = await build({
    ...bundlerOptions(venue),
    entryPoints: [projectPath(`functions/${functionName}/handler.ts`)],
    absWorkingDir: projectPath(''),
    outfile: 'handler.mjs',
    write: false,
    metafile: true,
    minify: true,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }));
  return { bytes: output?.bytes ?? 0, inputs };
}

/** Bundles a function for a venue and measures it. */
export async function measureBundle(functionName: FunctionName, venue: VenueName): Promise<MeasuredBundle> {
  const { bytes, inputs } = await bundleInputs(functionName, venue);
  return { functionName, venue, bytes, contributors: contributorsOf(inputs), exchanges: exchangesOf(inputs) };
}

const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const FOLDER = /^((?:[^/]+\/){1,3})/;

/** Files of a package count for the package, files of ours for their folder. */
function contributorsOf(inputs: readonly Input[]): readonly Contributor[] {
  const sums = new Map<string, number>();
  for (const { path, bytes } of inputs) {
    const name = PACKAGE.exec(path)?.[1] ?? FOLDER.exec(path)?.[1] ?? path;
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

const EXCHANGE = /node_modules\/ccxt\/js\/src\/([a-z0-9]+)\.js$/;

function exchangesOf(inputs: readonly Input[]): readonly string[] {
  return inputs.flatMap(({ path, bytes }) => (bytes > 0 ? (EXCHANGE.exec(path)?.[1] ?? []) : [])).sort();
}
