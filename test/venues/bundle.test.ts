// What travels to a Lambda that calls one venue: that venue's class of ccxt and no other, within its figure.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const KIB = 1024;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STUB = join(ROOT, 'shared/adapters/ccxt/no-module.cjs');
const ABSENT = ['protobufjs/minimal', 'protobufjs/minimal.js', 'undici', 'ws'];
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const ENTRY = `
import { createCcxtExchange } from './shared/adapters/ccxt/ccxt-exchange.ts';
import { loadDialect } from './shared/adapters/ccxt/load-dialect.ts';
import { findVenueTraits } from './shared/venue-traits.ts';
const dialect = await loadDialect();
const traits = dialect === null ? null : findVenueTraits(dialect.venue);
if (dialect === null || traits === null) throw new Error('no venue');
const exchange = createCcxtExchange({ dialect, traits, credentials: { apiKey: 'k', secret: 'c2VjcmV0' }, timeoutMs: 1000, urls: { public: 'http://127.0.0.1:9', private: 'http://127.0.0.1:9' } });
const outcome = await exchange.cancel({ clientOrderId: 'one', symbol: 'BTC/USD' });
console.log(dialect.venue, outcome.kind);
`;

const VENUES = ['binance', 'binanceusdm', 'kraken', 'bybit', 'okx', 'coinbase', 'alpaca-crypto'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claimjump-bundle-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bundle = (venue: string) =>
  build({
    stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts' },
    bundle: true, write: false, metafile: true, minify: true, platform: 'node', format: 'esm', target: 'node24', mainFields: ['module', 'main'], banner: { js: BANNER },
    define: { 'process.env.VENUE': JSON.stringify(venue) },
    alias: Object.fromEntries(ABSENT.map((name) => [name, STUB])),
  });

describe('the bundle of one venue', () => {
  it.each(VENUES)('%s: has its own class alone and stays within 1.5 MiB', async (venue) => {
    const { metafile, outputFiles } = await bundle(venue);
    const classes = Object.keys(metafile.inputs).flatMap((path) => /ccxt\/js\/src\/([a-z]+)\.js$/.exec(path)?.[1] ?? []);
    const own = { 'alpaca-crypto': ['alpaca'], binanceusdm: ['binance', 'binanceusdm'] }[venue] ?? [venue];
    expect(classes.toSorted()).toEqual(own);
    expect((outputFiles[0]?.contents.length ?? Infinity) / KIB).toBeLessThan(1.5 * KIB);
  }, 60_000);

  it('runs by itself', async () => {
    const { outputFiles } = await bundle('kraken');
    const file = join(folder, 'kraken.mjs');
    await writeFile(file, outputFiles[0]?.contents ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout.trim()).toBe('kraken NOT_SENT');
  }, 60_000);
});
