import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../shared/ports.ts';
import { readPrices } from '../../shared/read-prices.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'tick', requestId: 'r', correlationId: 'c' } as const;

const boardOf = async (world: World): Promise<readonly string[]> => {
  const { board } = await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' });
  return Object.entries(board.quotes).map(([symbol, quote]) => `${symbol} ${quote.price.toFixed()}`).sort();
};

const pushed = (world: World, prices: Readonly<Record<string, string>>): Promise<void> =>
  readPrices(world.deps, Object.fromEntries(Object.entries(prices).map(([symbol, price]) => [symbol, { price: d(price), at: world.now }])), TRACE);

describe('EW-4 WS-1 prices that a relay spells its own way', () => {
  it('reach the watch of their symbol', async () => {
    const world = await World.open({ symbols: ['AAPL', 'BTC/USD'] });
    await world.plan(1, [{ symbol: 'BTC/USD' }]);
    await pushed(world, { 'btc-usd': '100.5' });
    expect([await boardOf(world), world.state('BTC/USD')]).toEqual([['BTC/USD 100.5'], 'PLACING/FLAT']);
  });

  it('of symbols that nobody watches, or of none at all, are not kept', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await pushed(world, { AAPL: '120', ZZZZ: '1', 'not a symbol #': '2', __proto: '3' });
    expect(await boardOf(world)).toEqual(['AAPL 120']);
  });
});

describe('EW-8 a watch that fails', () => {
  it('costs no other watch its turn, and the batch comes again', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }, { symbol: 'MSFT' }]);
    const { store } = world.deps;
    const commit: Store['commit'] = async (account, changes, owner) => {
      if (changes.some((change) => change.kind === 'SLOT' && change.after.symbol === 'AAPL')) throw new RangeError('a number to be stored');
      return store.commit(account, changes, owner);
    };
    const quote = (price: string) => ({ price: d(price), at: world.now });
    const prices = readPrices({ ...world.deps, store: { ...store, commit } }, { AAPL: quote('100.1'), MSFT: quote('100.5') }, TRACE);
    await expect(prices).rejects.toThrow('a number to be stored');
    expect([world.state('AAPL'), world.state('MSFT')]).toEqual(['NONE/FLAT', 'PLACING/FLAT']);
  });
});

describe('WS-2 a venue whose clock is ahead', () => {
  it('gives no equity to rest on, and somebody is told why nothing enters', async () => {
    const world = await World.open();
    const outcome = await world.outcome({ type: 'EQUITY_READ', equity: d('5'), at: world.now + 2_000 });
    expect([outcome, world.telemetry.messages('CLOCK_SKEW').length]).toEqual(['EQUITY_AHEAD', 1]);
  });
});

describe('EX-11 a venue whose clock is behind', () => {
  it('by less than the age at which its equity stops entries, its orders are still ours', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    const find = world.venue.findOrder.bind(world.venue);
    world.venue.findOrder = async (order) => {
      const report = await find(order);
      return report === null ? null : { ...report, at: report.at - 85_000 };
    };
    await world.tick({ AAPL: '100.5' });
    await world.pass(40);
    await world.reconcile();
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });
});
