// `npm run sbom [-- --venue kraken]`: what the bundles are made of, in CycloneDX, and whether its licences let it travel.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import * as z from 'zod';
import { VENUE_NAMES } from '../../shared/venue-names.ts';
import { projectPath } from '../constructs/bundle-recipe.ts';
import { MEASURED } from '../size/figures.ts';
import { bundleInputs } from '../size/measure-bundle.ts';
import type { Input } from '../size/measure-bundle.ts';
import { writeBill } from './bill.ts';
import { bundledPackages } from './bundled-packages.ts';
import { refusals } from './licences.ts';

const { venue, out } = z.object({ venue: z.enum(VENUE_NAMES).optional(), out: z.string() }).parse(
  new Command('sbom')
    .description('writes the bill of materials of the bundles, and checks its licences')
    .addOption(new Option('--venue <venue>', 'the bundles of this venue alone').choices([...VENUE_NAMES]))
    .option('--out <file>', 'where to', join('sbom', 'claimjump.cdx.json'))
    .parse()
    .opts(),
);
const { name, version, license: licence } = z
  .object({ name: z.string(), version: z.string(), license: z.string() })
  .parse(JSON.parse(readFileSync(projectPath('package.json'), 'utf8')));

const asked = MEASURED.filter((bundle) => venue === undefined || bundle.venue === venue || bundle.venue === 'paper');
const inputs: Input[] = [];
// One after the other: a bundle of an exchange takes a few hundred megabytes to make.
for (const bundle of asked) inputs.push(...(await bundleInputs(bundle.functionName, bundle.venue)).inputs);

const packages = bundledPackages(projectPath(''), inputs);
const file = resolve(out);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, await writeBill({ name, version, licence }, packages));
console.log(`${packages.length} packages in ${asked.length} bundles: ${out}`);

const refused = refusals(packages);
for (const line of refused) console.error(line);
if (refused.length > 0) process.exitCode = 1;
