// From a plan to fills and back to flat, through the whole core.
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const AAPL = { symbol: 'AAPL', limit: '100', quantity: '10', takeProfit: '110' };

/** One whole round: near, filled, sold at its profit. */
const round = async (world: World): Promise<void> => {
  await world.tick({ AAPL: '99.9' });
  await world.tick({ AAPL: '110.2' });
};

describe('EW-1 EW-6 EX-2 a limit watch from its plan to its profit', () => {
  it('claims, is sent once, acknowledged, filled, sold at its profit, and enters again', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    await world.tick({ AAPL: '100.5' });
    expect([world.state('AAPL'), world.free()]).toEqual(['WORKING/FLAT', '19000']);
    await world.tick({ AAPL: '99.9' });
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '10', '19000']);
    await world.tick({ AAPL: '110.2' });
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    // An entry, its stop, the sale, and the next entry.
    expect(new Set(world.venue.departed).size).toBe(4);
  });

  it('enters again up to MAX_ATTEMPTS a day, and anew on the next', async () => {
    const world = await World.open();
    await world.plan(1, [{ ...AAPL, expiresAt: Date.UTC(2025, 5, 6, 20) }]);
    for (let count = 0; count < 5; count += 1) await round(world);
    expect(world.slot('AAPL').attempts).toEqual({ day: '2025-06-04', count: 3, refused: 0 });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    world.now = Date.UTC(2025, 5, 5, 15);
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('counts an entry at its first fill, however many parts follow (SL-2)', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId } = world.order('AAPL');
    expect(world.slot('AAPL').attempts.count).toBe(0);
    for (const part of ['1', '2', '7']) {
      world.venue.fill(clientOrderId, part);
      await world.drain();
      expect(world.slot('AAPL').attempts.count).toBe(1);
    }
  });

  it('a watch has its own number of attempts where it says so', async () => {
    const world = await World.open();
    await world.plan(1, [{ ...AAPL, maxAttempts: 1 }]);
    await round(world);
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref: { symbol: 'AAPL', slot: 'main' }, maySteal: true })).toBe('MAX_ATTEMPTS');
  });

  it('takes a fill that comes before the acknowledgement (EX-2)', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    world.venue.next('place', { kind: 'LOST_AFTER' });
    world.webhooksHeld = true;
    await world.tick({ AAPL: '100.5' });
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    world.venue.fill(world.order('AAPL').clientOrderId, '4');
    const last = world.venue.outbox.pop();
    if (last !== undefined) await world.deliverWebhook(last);
    expect([world.state('AAPL'), world.order('AAPL').status, world.held('AAPL')]).toEqual(['WORKING/OPEN', 'PARTIALLY_FILLED', '4']);
    world.webhooksHeld = false;
    await world.drain();
    expect([world.order('AAPL').status, world.held('AAPL'), world.free()]).toEqual(['PARTIALLY_FILLED', '4', '19000']);
  });

  it('counts a part that was filled before a cancel and told of after it (EX-2)', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.end(clientOrderId, 'CANCELLED');
    await world.drain();
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
    world.venue.fill(clientOrderId, '3', '99');
    await world.drain();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '3', '19703']);
    expect(world.account.orders.get(clientOrderId)?.order.status).toBe('CANCELLED');
    world.venue.fill(clientOrderId, '7', '99');
    await world.drain();
    expect([world.held('AAPL'), world.account.orders.get(clientOrderId)?.order.status]).toEqual(['10', 'FILLED']);
  });

  it('a short mirrors a long: sells at its limit, buys back at its profit', async () => {
    const world = await World.open();
    await world.plan(1, [{ ...AAPL, side: 'sell', takeProfit: '95' }]);
    await world.tick({ AAPL: '100.2' });
    expect([world.state('AAPL'), world.held('AAPL')]).toEqual(['NONE/OPEN', '10']);
    await world.tick({ AAPL: '94.9' });
    expect([world.state('AAPL'), world.free(), world.venue.held('AAPL').toFixed()]).toEqual(['NONE/FLAT', '20000', '0']);
  });
});

describe('EW-7 at most one live entry in a slot', () => {
  it('whatever arrives at once: the second claim finds the slot taken', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.quote({ AAPL: '101' });
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now + 1 } }, grids: [], featured: [] });
    const want = () => world.apply({ type: 'ENTRY_WANTED', ref: { symbol: 'AAPL', slot: 'main' }, maySteal: false });
    const results = await Promise.all([want(), want(), want()]);
    expect(results.map((result) => result.reason).sort()).toEqual(['ENTRY_LIVE', 'ENTRY_LIVE', null]);
    expect(world.free()).toBe('19000');
  });

  it('every message delivered twice, at any point, sends once', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.see({ AAPL: '100.1' });
    for (let count = 0; count < 20; count += 1) {
      const [queued] = world.queues.receivable();
      if (queued === undefined) break;
      await world.run(queued.message);
      await world.run(queued.message);
      world.queues.done(queued);
    }
    expect(world.venue.departed).toHaveLength(1);
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });
});

describe('EW-8 who is served first', () => {
  it.each([
    ['the nearer one', { AAPL: '100.3', MSFT: '100.2' }, ['1', '1'], 'MSFT'],
    ['at equal distance the one with the greater forecast', { AAPL: '100.2', MSFT: '100.2' }, ['1', '2'], 'MSFT'],
    ['at equal forecasts the first by symbol', { AAPL: '100.2', MSFT: '100.2' }, ['1', '1'], 'AAPL'],
  ])('%s', async (_, prices, [aapl, msft], first) => {
    const world = await World.open({ equity: '500' });
    await world.plan(1, [{ ...AAPL, pnl: aapl ?? null }, { ...AAPL, symbol: 'MSFT', pnl: msft ?? null }]);
    await world.see(prices);
    const placed = ['AAPL', 'MSFT'].filter((symbol) => world.state(symbol) === 'PLACING/FLAT');
    expect(placed).toEqual([first]);
  });

  it('a forced entry without a quote comes last (EW-3)', async () => {
    const world = await World.open({ equity: '500', at: Date.UTC(2025, 5, 7, 15) });
    await world.plan(1, [{ symbol: 'BTC/USD', pnl: '9' }, { symbol: 'ETH/USD', pnl: '1' }]);
    await world.see({ 'ETH/USD': '100.5' });
    expect([world.state('BTC/USD'), world.state('ETH/USD')]).toEqual(['NONE/FLAT', 'PLACING/FLAT']);
  });
});

describe('EW-3 MH-2 forced entries while NYSE is closed', () => {
  it('the first rank is placed without a quote, and says so (WS-11); the second waits', async () => {
    const world = await World.open({ at: Date.UTC(2025, 5, 7, 15) });
    await world.plan(1, [{ symbol: 'BTC/USD', pnl: '9' }, { symbol: 'ETH/USD', pnl: '1' }]);
    await world.session('CRYPTO_RUN');
    await world.drain();
    expect([world.state('BTC/USD'), world.state('ETH/USD')]).toEqual(['WORKING/FLAT', 'NONE/FLAT']);
    expect(world.telemetry.messages('FORCED')).toEqual(['BTCUSD: Auto-enabled force_immediate (crypto rank 1 during out-of-hours)']);
  });

  it('not while it is open, where the out-of-hours run does nothing (MH-3)', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'BTC/USD' }]);
    await world.session('CRYPTO_RUN');
    expect(world.state('BTC/USD')).toBe('NONE/FLAT');
  });

  it('tolerance is 1.6 % then, and 0.66 % while NYSE is open (EW-2)', async () => {
    const open = await World.open();
    await open.plan(1, [{ symbol: 'BTC/USD', rank: 2 }]);
    await open.tick({ 'BTC/USD': '101.5' });
    const closed = await World.open({ at: Date.UTC(2025, 5, 7, 15) });
    await closed.plan(1, [{ symbol: 'BTC/USD', rank: 2 }]);
    await closed.tick({ 'BTC/USD': '101.5' });
    expect([open.state('BTC/USD'), closed.state('BTC/USD')]).toEqual(['NONE/FLAT', 'WORKING/FLAT']);
  });
});

describe('WS-1 WS-2 what an entry rests on', () => {
  it.each([
    ['a stale price', async (world: World) => { world.now += 121_000; await world.readEquity(); }, 'AWAY'],
    ['equity that is too old', async (world: World) => { world.now += 91_000; }, 'CAPACITY_UNKNOWN'],
    ['a session that is over', async (world: World) => { world.now = Date.UTC(2025, 5, 4, 20); await world.readEquity(); }, 'SESSION_CLOSED'],
    ['a session that ends within 45 minutes', async (world: World) => { world.now = Date.UTC(2025, 5, 4, 19, 15); await world.readEquity(); }, 'SESSION_CLOSED'],
  ])('nothing enters on %s', async (_, spoil, reason) => {
    const world = await World.open();
    await world.plan(1, [{ ...AAPL, expiresAt: Date.UTC(2025, 5, 6, 20) }]);
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now } }, grids: [], featured: [] });
    await spoil(world);
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref: { symbol: 'AAPL', slot: 'main' }, maySteal: true })).toBe(reason);
  });

  it('equity exactly 90 s old still counts, a price exactly 120 s old too', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now - 30_000 } }, grids: [], featured: [] });
    world.now += 90_000;
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref: { symbol: 'AAPL', slot: 'main' }, maySteal: true })).toBe('COMMITTED');
  });

  it('the whole of the free room can be claimed, and no cent more', async () => {
    const fits = await World.open({ equity: '500' });
    await fits.plan(1, [AAPL]);
    await fits.tick({ AAPL: '100.1' });
    expect([fits.state('AAPL'), fits.free()]).toEqual(['WORKING/FLAT', '0']);
    const short = await World.open({ equity: '499.999999' });
    await short.plan(1, [AAPL]);
    await short.tick({ AAPL: '100.1' });
    expect(short.state('AAPL')).toBe('NONE/FLAT');
  });

  it('a position counts at what was paid for each lot, whatever the market does', async () => {
    const world = await World.open();
    await world.plan(1, [AAPL]);
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '3', '99.87');
    world.venue.fill(clientOrderId, '7', '99.99');
    await world.drain();
    await world.tick({ AAPL: '95.1' });
    expect(world.free()).toBe(d(20_000).minus('299.61').minus('699.93').toFixed());
  });

  it('the cap follows the equity, older readings change nothing', async () => {
    const world = await World.open();
    expect(await world.outcome({ type: 'EQUITY_READ', equity: d(9000), at: world.now })).toBe('EQUITY_OLD');
    expect(await world.outcome({ type: 'EQUITY_READ', equity: d(9000), at: world.now + 1001 })).toBe('EQUITY_AHEAD');
    world.now += 1;
    await world.apply({ type: 'EQUITY_READ', equity: d(9000), at: world.now });
    expect(world.free()).toBe('18000');
  });
});
