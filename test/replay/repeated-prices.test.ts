// A poll that comes twice is read once, also where room has come free in between: else a repeat would change orders.
import { describe, expect, it } from '@jest/globals';
import { pollQuotes } from '../../shared/poll-quotes.ts';
import { readPrices } from '../../shared/read-prices.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const AAPL = { symbol: 'AAPL', limit: '100', quantity: '10', takeProfit: '110' };
const TRACE = { account: 'paper-1', source: 'tick', requestId: 'r', correlationId: 'c' } as const;
const PRICES = { AAPL: '100.1', MSFT: '100.2' };

/** Room for one of two watches, both near: the nearer has it. */
const crowded = async () => {
  const world = await World.open({ equity: '600', settings: { workStealingEnabled: false } });
  await world.plan(1, [AAPL, { symbol: 'MSFT', limit: '100', quantity: '10', takeProfit: '110' }]);
  await world.tick(PRICES);
  return world;
};
const quotesAt = (world: World) =>
  Object.fromEntries(Object.entries(PRICES).map(([symbol, price]) => [symbol, { price: d(price), at: world.now }]));
const freeRoom = async (world: World): Promise<void> => {
  world.venue.equityNow = d('5000');
  world.now += 1000;
  await world.readEquity();
};

describe('WS-1 EW-8 a poll of prices', () => {
  it('waits for room while the first holds it', async () => {
    const world = await crowded();
    expect([world.state('AAPL'), world.state('MSFT')]).toEqual(['WORKING/FLAT', 'NONE/FLAT']);
  });

  it('calls for nothing when it comes again after the board has moved, though there is room by now', async () => {
    const world = await crowded();
    const polled = quotesAt(world);
    const { revision } = world.account.board;
    world.now += 1000;
    await readPrices(world.deps, quotesAt(world), TRACE, [revision]);
    await freeRoom(world);
    await readPrices(world.deps, polled, TRACE, [revision]);
    await world.drain();
    expect(world.state('MSFT')).toBe('NONE/FLAT');
  });

  it('asks again on a market that stands still, for room may have come free', async () => {
    const world = await crowded();
    const polled = quotesAt(world);
    const { revision } = world.account.board;
    await freeRoom(world);
    await readPrices(world.deps, polled, TRACE, [revision]);
    expect(world.account.board.revision).toBe(revision);
    await world.drain();
    expect(world.state('MSFT')).toBe('WORKING/FLAT');
  });

  it('says on which board it was polled', async () => {
    const world = await crowded();
    await pollQuotes(world.deps, TRACE);
    expect(world.queues.sent.filter(({ kind }) => kind === 'QUOTES')).toMatchObject([{ boardRevision: world.account.board.revision }]);
  });

  it('costs no watch its turn when a queue could not be rung, though the batch given back would be a repeat', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL, { symbol: 'MSFT', limit: '100', quantity: '10', takeProfit: '110' }]);
    const send = world.queues.send.bind(world.queues);
    let broken = 1;
    world.queues.send = async (...sent) => {
      if (broken-- > 0) throw new Error('no answer');
      await send(...sent);
    };
    world.now += 1000;
    await readPrices(world.deps, quotesAt(world), TRACE, [0]);
    expect([world.state('AAPL'), world.state('MSFT')]).toEqual(['PLACING/FLAT', 'PLACING/FLAT']);
  });

  it('gives every watch its turn when no ring gets through at all; reconcile rings later what was planned', async () => {
    const world = await World.open();
    const symbols = ['AAPL', 'MSFT', 'NVDA', 'TSLA'];
    await world.plan(1, symbols.map((symbol) => ({ ...AAPL, symbol })));
    world.queues.send = async () => Promise.reject(new Error('no queue'));
    world.now += 1000;
    const quotes = Object.fromEntries(symbols.map((symbol) => [symbol, { price: d('100.1'), at: world.now }]));
    await readPrices(world.deps, quotes, TRACE, [0]);
    expect(symbols.map((symbol) => world.state(symbol))).toEqual(symbols.map(() => 'PLACING/FLAT'));
    expect(await world.deps.store.openActions(world.deps.account)).toHaveLength(4);
  });

  it('is given back when it fails again and again', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    const { store } = world.deps;
    let tries = 0;
    const commit: typeof store.commit = async (account, changes, owner) => {
      if (changes.some(({ kind }) => kind === 'QUOTES')) return store.commit(account, changes, owner);
      tries += 1;
      throw new Error('no answer');
    };
    world.now += 1000;
    await expect(readPrices({ ...world.deps, store: { ...store, commit } }, quotesAt(world), TRACE, [0])).rejects.toThrow('no answer');
    expect(tries).toBe(3);
  });
});
