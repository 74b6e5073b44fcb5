// What of other people's work is in a bundle, from the files that the bundler put into it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Input } from '../size/measure-bundle.ts';

/** A package that travels. */
export interface BundledPackage {
  readonly name: string;
  /** Null where a copy inside another package does not tell. */
  readonly version: string | null;
  /** An SPDX expression, as the package says; null where it does not. */
  readonly licence: string | null;
  /** The package that carries a copy of it; null for one of its own. */
  readonly within: string | null;
}

// Copies inside a package, which its own licence says nothing of: what each is, and under which licence its makers give it.
const COPIES = [
  { path: 'node_modules/ccxt/js/src/static_dependencies/zklink/', name: 'zklink-sdk-web', licence: 'Apache-2.0', within: 'ccxt' },
  { path: 'node_modules/ccxt/js/src/static_dependencies/dydx-v4-client/long/', name: 'long', licence: 'Apache-2.0', within: 'ccxt' },
  { path: 'node_modules/ccxt/js/src/static_dependencies/dydx-v4-client/helpers.js', name: '@osmonauts/telescope', licence: 'MIT OR Apache-2.0', within: 'ccxt' },
  { path: 'node_modules/ccxt/js/src/static_dependencies/dydx-v4-client/', name: '@dydxprotocol/v4-proto', licence: 'AGPL-3.0', within: 'ccxt' },
  { path: 'node_modules/ccxt/js/src/static_dependencies/', name: 'ccxt/static_dependencies', licence: null, within: 'ccxt' },
] as const;

const ROOT = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

const older = z.object({ type: z.string() });
const manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), older]).optional(),
  licenses: z.array(older).optional(),
});

const licenceOf = ({ license, licenses }: z.infer<typeof manifest>): string | null => {
  if (typeof license === 'string') return license;
  if (license !== undefined) return license.type;
  return licenses === undefined ? null : licenses.map(({ type }) => type).join(' OR ');
};

const readPackage = (projectRoot: string, folder: string): BundledPackage => {
  const file = join(projectRoot, folder, 'package.json');
  if (!existsSync(file)) return { name: folder, version: null, licence: null, within: null };
  const found = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { name: found.name, version: found.version, licence: licenceOf(found), within: null };
};

const packageOf = (projectRoot: string, path: string): BundledPackage | null => {
  const copy = COPIES.find((known) => path.includes(known.path));
  if (copy !== undefined) return { name: copy.name, version: null, licence: copy.licence, within: copy.within };
  const folder = ROOT.exec(path)?.[1];
  return folder === undefined ? null : readPackage(projectRoot, folder);
};

/** The one word for a package in a list of them. */
export const keyOf = ({ name, version, within }: BundledPackage): string =>
  `${name}${version === null ? '' : `@${version}`}${within === null ? '' : ` in ${within}`}`;

/**
 * Names every package of which something is in the bundles, by name.
 * @throws ZodError where a package's own manifest tells no name or version
 */
export const bundledPackages = (projectRoot: string, inputs: readonly Input[]): readonly BundledPackage[] => {
  const found = new Map<string, BundledPackage>();
  for (const { path, bytes } of inputs) {
    const bundled = bytes > 0 ? packageOf(projectRoot, path) : null;
    if (bundled !== null) found.set(keyOf(bundled), bundled);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bundled]) => bundled);
};
