import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asksForLive, readLiveArguments } from '../../../infra/local/live/live-cli.ts';
import type { LiveOptions } from '../../../infra/local/live/live-cli.ts';
import { runLive } from '../../../infra/local/live/live-run.ts';
import { pricedExchanges } from '../../../shared/adapters/ccxt/public-prices.ts';
import { LoopbackVenue, pairMarket } from '../../venues/loopback-venue.ts';
import type { RunningVenue } from '../../venues/loopback-venue.ts';
import { KRAKEN } from '../../venues/venues.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'claimjump-live-'));
let exchange: RunningVenue;

beforeAll(async () => {
  exchange = await KRAKEN.start(new LoopbackVenue({ markets: [pairMarket('BTC/USD'), pairMarket('ETH/USD')], config: KRAKEN.core, holdsCoins: true }));
  exchange.venue.price('BTC/USD', '100');
  exchange.venue.price('ETH/USD', '10');
});
afterAll(async () => {
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

const options = (change: Partial<LiveOptions> = {}): LiveOptions => ({ exchange: 'kraken', planFile: null, settings: {}, everySeconds: 1, ...change });
const file = (text: string): string => {
  const path = join(folder, `plan-${Math.random()}.json`);
  writeFileSync(path, text);
  return path;
};

describe('a live run', () => {
  it('buys on paper at the exchange’s present prices, protects what it bought, and reports when it is stopped', async () => {
    const lines: string[] = [];
    const stop = new AbortController();
    const line = (text: string): void => {
      lines.push(text);
      // Whatever does not happen within a minute of the plan does not happen.
      if (text.includes('watch planned')) setTimeout(() => stop.abort(), 60_000).unref();
      if (text.includes('entry') && text.includes('is open')) exchange.venue.price('BTC/USD', '99');
      if (text.includes('BTC/USD: protected at')) stop.abort();
    };
    await runLive(options(), { line, signal: stop.signal, urls: KRAKEN.urls(exchange.url) });
    expect(lines[0]).toBe('Paper trading BTC/USD, ETH/USD at the prices of kraken; Ctrl-C ends it with a report.');
    expect(lines.filter((text) => text.includes('BTC/USD: filled'))).toHaveLength(1);
    expect(lines.some((text) => /^Open: BTC\/USD 10\.005\d* at 99\.95, stop at 97\.95\.$/.test(text))).toBe(true);
    expect(lines.at(-1)).toMatch(/^Equity: 10000\.00 at the beginning, \d+\.\d\d at the end\.$/);
    // Nothing was asked of the exchange but what everybody may ask.
    expect(new Set(exchange.venue.calls)).toEqual(new Set(['public']));
  }, 240_000);

  it('reads a plan of one’s own, and says what is wrong with it', async () => {
    const run = (planFile: string): Promise<void> => runLive(options({ planFile }), { line: () => undefined, signal: AbortSignal.abort(), urls: KRAKEN.urls(exchange.url) });
    await expect(run(file('no'))).rejects.toThrow('expected JSON');
    await expect(run(file('{}'))).rejects.toThrow('expected a plan with watches');
    await expect(run(file('{"watches":[{"symbol":"MOON/USD"}]}'))).rejects.toThrow('kraken does not list MOON/USD');
    const wrong = file('{"strategy":"own","version":1,"watches":[{"symbol":"BTC/USD","side":"buy","limit":"ninety","quantity":"1"}]}');
    await expect(run(wrong)).rejects.toThrow(`${wrong}: watches[0].limit: expected a decimal string`);
  }, 240_000);

  it('names what is known where the exchange is not', async () => {
    const run = runLive(options({ exchange: 'krakn' }), { line: () => undefined, signal: AbortSignal.abort() });
    await expect(run).rejects.toThrow(`--prices: there is no exchange "krakn"; expected one of ${pricedExchanges().join(', ')}`);
    expect(pricedExchanges()).toEqual(expect.arrayContaining(['binance', 'kraken', 'bitstamp']));
    expect(pricedExchanges().length).toBeGreaterThan(90);
  });

  it('says that there is no network where nothing can be reached', async () => {
    const run = runLive(options(), { line: () => undefined, signal: AbortSignal.abort(), urls: KRAKEN.urls('http://127.0.0.1:47813') });
    await expect(run).rejects.toThrow('No network: kraken cannot be reached (ECONNREFUSED). A replay needs none: npm start');
  });

  it('tells an exchange that answers something else from no network', async () => {
    const server = createServer((_request, response) => response.writeHead(403).end('not here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const run = runLive(options(), { line: () => undefined, signal: AbortSignal.abort(), urls: KRAKEN.urls(url) });
    await expect(run).rejects.toThrow('kraken answers, but not with prices');
    server.close();
    server.closeAllConnections();
  });

  it('ends within seconds, in one line and no stack trace, when its process finds no network', async () => {
    // A port that refuses stands for the way out: nothing of it leaves this machine.
    const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };
    const began = Date.now();
    const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ['--no-warnings', join(ROOT, 'infra/local/start.mjs'), '--venue', 'paper', '--prices', 'kraken'], { env }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }));
    });
    expect(ended).toEqual({ code: 3, stdout: '', stderr: expect.stringMatching(/^No network: kraken cannot be reached \([A-Z_]+\)\. A replay needs none: npm start\n$/) });
    expect(Date.now() - began).toBeLessThan(20_000);
  }, 30_000);
});

describe('the command line of a live run', () => {
  it('is meant where prices or a venue are named', () => {
    expect([['--prices', 'kraken'], ['--venue=paper'], ['--json'], []].map(asksForLive)).toEqual([true, true, false, false]);
    expect(readLiveArguments(['--venue', 'paper', '--prices', 'kraken'])).toEqual({ exchange: 'kraken', planFile: null, settings: {}, everySeconds: 5 });
  });

  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['--venue', 'kraken', '--prices', 'kraken'], '--venue: expected paper, found "kraken"'],
    [['--venue', 'paper'], '--prices: expected the name of an exchange'],
    [['--prices', 'kraken', '--every', '0'], '--every: expected 1 to 60 seconds, found "0"'],
    [['--prices', 'kraken', '--speed', '3'], "unknown option '--speed'"],
  ];
  it.each(wrong)('refuses %j', (argv, words) => {
    expect(() => readLiveArguments(argv)).toThrow(words);
  });
});
