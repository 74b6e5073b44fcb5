import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordedPrices } from '../../../infra/local/live/recorded-prices.ts';
import { openLiveWorld } from '../../../infra/local/live/live-world.ts';
import type { LiveWorld } from '../../../infra/local/live/live-world.ts';
import { claimjump } from './program-bench.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD'];
const folder = mkdtempSync(join(tmpdir(), 'claimjump-local-'));
const prices = recordedPrices();
const failures: string[] = [];
let world: LiveWorld;

beforeAll(async () => {
  world = await openLiveWorld({
    markets: SYMBOLS.flatMap((symbol) => prices.listed.get(symbol) ?? []),
    settings: {},
    onNote: () => undefined,
    onFailure: (words) => void failures.push(words),
  });
  await world.tick(await prices.quotes(SYMBOLS));
  await world.cloud.invoke('reconcile', { kind: 'RECONCILE', repeatSeconds: [] });
}, 240_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...argv: string[]) => {
  const { operator = '', 'plan-intake': plans = '' } = world.cloud.urls;
  return claimjump(argv, { operator, plans });
};

/** Has the pipeline read prices, which are on their way through a queue for a moment. */
const whyOnceQuoted = async (symbol: string) => {
  await world.tick(await prices.quotes(SYMBOLS));
  for (let tries = 0; tries < 100; tries += 1) {
    const why = await run('why', symbol);
    if (!why.out.join().includes('no price of it is known')) return why;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no price came');
};

describe('the command line against a local cloud', () => {
  it('sends a plan, sees its watch, and is told why it does not enter, with the course', async () => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify({ strategy: 'mine', version: 1, watches: [{ symbol: 'BTCUSD', side: 'buy', limit: '50000', quantity: '0.1', rank: 9 }] }));
    expect(await run('plan', file)).toMatchObject({ exitCode: 0, out: [expect.any(String), '  BTC/USD  main  ACCEPTED'] });
    const status = await run('status');
    expect(status.complaints).toEqual([]);
    expect(status.out).toEqual(expect.arrayContaining(['Kill switch: ACTIVE, entries go out.', 'Watches: 1. Entries under way: 0. Positions: 0.', 'Dead letters: none.', 'Venue paper: takes orders.']));
    const why = await whyOnceQuoted('btc-usd');
    expect([why.exitCode, why.out[1]]).toEqual([0, expect.stringMatching(/^ {2}no entry: the price [\d.]+ is [\d.]+ % from its limit 50000, and its tolerance is (0\.66|1\.6) %$/)]);
    expect(why.out.at(-1)).toMatch(/WATCH_PLANNED: BTC\/USD: watch planned$/);
  });

  it('halts a symbol, says who did and when, and resumes it', async () => {
    expect((await run('halt', 'btcusd')).out).toEqual(['BTC/USD is now HALTED: no new entries, and live entries are being cancelled; exits and stops go on.']);
    expect((await run('status')).out.join('\n')).toMatch(/BTC\/USD: HALTED since .* by arn:aws:iam::\d{12}:user\/local, until a person lifts it/);
    expect((await run('why', 'BTCUSD')).out[1]).toBe('  no entry: the kill switch is HALTED for BTC/USD');
    expect((await run('journal', 'BTCUSD')).out.join('\n')).toContain('KILL_SWITCH: kill switch ACTIVE → HALTED');
    expect((await run('resume', 'BTCUSD', '--yes')).exitCode).toBe(0);
    expect((await run('status')).out).toContain('Kill switch: ACTIVE, entries go out.');
  });

  it('lists orders, positions, steals and dead letters, and refuses what there is not', async () => {
    expect((await run('orders')).out).toEqual(['No order is live.']);
    expect((await run('positions')).out).toEqual(['Nothing is held.']);
    expect((await run('steals')).out).toEqual(['No steal in that time.']);
    expect((await run('dead-letters')).out).toEqual(expect.arrayContaining([expect.stringMatching(/^ {2}actions +0$/)]));
    expect((await run('redrive', 'actions')).out).toEqual(['actions: 0 put back, 0 left.']);
    expect(await run('report', '2025-01-02')).toMatchObject({ exitCode: 1, complaints: ['date: expected a day whose report was written'] });
    expect(await run('adopt', 'ETHUSD')).toMatchObject({ exitCode: 1, complaints: ['symbol: expected a symbol with a foreign position'] });
    expect(failures).toEqual([]);
  });
});
