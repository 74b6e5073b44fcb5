// How a function becomes one file: the same for the stack and for whoever measures it.
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import type { VenueName } from '../../shared/venue-names.ts';

export interface BundleRecipe {
  /** Packages, and what a bundle takes in their place. */
  readonly alias: Readonly<Record<string, string>>;
  /** What is left out, by how it is imported: nothing of ours ever comes to that import. */
  readonly external: readonly string[];
  readonly define: Readonly<Record<string, string>>;
  readonly mainFields: readonly string[];
  readonly target: string;
  readonly banner: string;
}

/** Finds a file of the project from its root. */
export const projectPath = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

// CommonJS inside an ESM bundle calls require for node's own modules.
const REQUIRE_BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const NO_MODULE = 'shared/adapters/ccxt/no-module.cjs';

const ALIAS: Readonly<Record<string, string>> = {
  // A function's credentials come from its environment; the SDK's chain of providers would be a fifth of the bundle.
  '@aws-sdk/credential-provider-node': 'shared/adapters/system/lambda-credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'shared/adapters/system/no-endpoint-discovery.ts',
  '@smithy/core/event-streams': 'shared/adapters/system/no-event-streams.ts',
  // Other transports of ccxt, and encodings of exchanges that are not the chosen one.
  'protobufjs/minimal': NO_MODULE,
  'protobufjs/minimal.js': NO_MODULE,
  undici: NO_MODULE,
  ws: NO_MODULE,
};

// A copy of dYdX's client is loaded by whoever trades there, which none of our venues does, and is licensed for the open alone (AGPL).
const DYDX = '../static_dependencies/dydx-v4-client';
const EXTERNAL = [`${DYDX}/registry.js`, `${DYDX}/*/tx.js`, `${DYDX}/*/signing.js`];

/** Tells how functions are bundled for a venue: its name replaces what would be read from the environment, so that no other travels. */
export const bundleRecipe = (venue: VenueName): BundleRecipe => ({
  alias: Object.fromEntries(Object.entries(ALIAS).map(([name, file]) => [name, projectPath(file)])),
  external: EXTERNAL,
  define: { 'process.env.VENUE': JSON.stringify(venue) },
  mainFields: ['module', 'main'],
  target: 'node24',
  banner: REQUIRE_BANNER,
});

/** Gives a recipe in esbuild's own words, for whoever bundles without the stack. */
export const bundlerOptions = (venue: VenueName) => {
  const { alias, external, define, mainFields, target, banner } = bundleRecipe(venue);
  return {
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { ...alias },
    external: [...external],
    define: { ...define },
    mainFields: [...mainFields],
    target,
    banner: { js: banner },
    logLevel: 'error',
  } as const satisfies BuildOptions;
};
