import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { writeBill } from '../../../infra/sbom/bill.ts';
import { bundledPackages } from '../../../infra/sbom/bundled-packages.ts';
import { isAllowed, refusals } from '../../../infra/sbom/licences.ts';
import { bundleInputs } from '../../../infra/size/measure-bundle.ts';

const root = mkdtempSync(join(tmpdir(), 'claimjump-sbom-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const plant = (folder: string, manifest: object): string => {
  const file = join(root, 'node_modules', folder, 'package.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(manifest));
  return `node_modules/${folder}/lib/index.js`;
};
const travels = (path: string) => ({ path, bytes: 1 });
const PRODUCT = { name: 'claimjump', version: '1.2.3', licence: 'MIT' };

describe('the bill of materials', () => {
  const inputs = [
    travels(plant('good', { name: 'good', version: '1.0.0', license: 'MIT' })),
    travels(plant('@scope/inner', { name: '@scope/inner', version: '2.0.0', license: '(GPL-2.0 OR BSD-3-Clause)' })),
    travels(plant('good/node_modules/nested', { name: 'nested', version: '3.0.0', licenses: [{ type: 'ISC' }] })),
    travels('node_modules/ccxt/js/src/static_dependencies/zklink/zklink-sdk-web.js'),
    travels('shared/domain/decide.ts'),
  ];

  it('names every package that travels, nested ones and copies inside others too, and nothing of our own', async () => {
    const bill = JSON.parse(await writeBill(PRODUCT, bundledPackages(root, inputs)));
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { name: 'claimjump', version: '1.2.3', licenses: [{ license: { id: 'MIT' } }] } } });
    expect(bill.components).toEqual([
      expect.objectContaining({ name: '@scope/inner', version: '2.0.0', purl: 'pkg:npm/%40scope/inner@2.0.0', licenses: [{ expression: '(GPL-2.0 OR BSD-3-Clause)' }] }),
      expect.objectContaining({ name: 'good', version: '1.0.0', purl: 'pkg:npm/good@1.0.0', licenses: [{ license: { id: 'MIT' } }] }),
      expect.objectContaining({ name: 'nested', version: '3.0.0', licenses: [{ license: { id: 'ISC' } }] }),
      expect.objectContaining({ name: 'zklink-sdk-web', licenses: [{ license: { id: 'Apache-2.0' } }], properties: [{ name: 'claimjump:copiedWithin', value: 'ccxt' }] }),
    ]);
    expect(refusals(bundledPackages(root, inputs))).toEqual([]);
  });

  it('is the same for the same packages', async () => {
    const packages = bundledPackages(root, inputs);
    expect(await writeBill(PRODUCT, packages)).toBe(await writeBill(PRODUCT, [...packages].reverse()));
  });

  it('leaves out what the bundler dropped', () => {
    expect(bundledPackages(root, [{ path: plant('dropped', { name: 'dropped', version: '1.0.0' }), bytes: 0 }])).toEqual([]);
  });

  it.each([
    ['a licence that asks for more', { name: 'bad', version: '1.0.0', license: 'GPL-3.0-only' }, 'bad@1.0.0: its licence, GPL-3.0-only, is not on the list'],
    ['no licence', { name: 'bad', version: '1.0.0' }, 'bad@1.0.0: its licence, which it does not tell, is not on the list'],
    ['a licence that is none', { name: 'bad', version: '1.0.0', license: 'SEE LICENSE IN x' }, 'bad@1.0.0: its licence, SEE LICENSE IN x, is not on the list'],
    ['one good licence of two that both bind', { name: 'bad', version: '1.0.0', license: 'MIT AND AGPL-3.0' }, 'bad@1.0.0: its licence, MIT AND AGPL-3.0, is not on the list'],
  ])('refuses a planted package with %s, by its name', (_what, manifest, line) => {
    const planted = bundledPackages(root, [...inputs, travels(plant('bad', manifest))]);
    expect(refusals(planted)).toEqual([expect.stringContaining(line)]);
  });

  it('refuses dYdX’s client inside ccxt, and any copy that nobody has looked at', () => {
    plant('ccxt', { name: 'ccxt', version: '1.0.0', license: 'MIT' });
    const copies = ['dydx-v4-client/registry.js', 'unheard-of/index.js'].map((path) => travels(`node_modules/ccxt/js/src/static_dependencies/${path}`));
    expect(refusals(bundledPackages(root, copies))).toHaveLength(2);
  });

  it('lets nothing travel to a function that asks an exchange but what may', async () => {
    const { inputs: bundled } = await bundleInputs('quote-poll', 'okx');
    const packages = bundledPackages(process.cwd(), bundled);
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['ccxt', 'decimal.js', 'zklink-sdk-web', '@aws-sdk/client-dynamodb']));
    expect(refusals(packages)).toEqual([]);
  }, 60_000);

  it.each([['MIT', true], ['Apache-2.0', true], ['MIT OR GPL-3.0-only', true], ['MIT AND GPL-3.0-only', false], ['', false]])('%s: %s', (licence, allowed) => {
    expect(isAllowed(licence)).toBe(allowed);
  });
});
