import { describe, expect, it } from '@jest/globals';
import { VenueReadError } from '../../shared/errors.ts';
import { addsUp } from '../../shared/reconcile-audit.ts';
import { reconcile } from '../../shared/reconcile.ts';
import { pollQuotes } from '../../shared/poll-quotes.ts';
import { capacity, d, watchingSlot } from '../support/builders.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'schedule', requestId: 'r', correlationId: 'c' } as const;

const working = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
  await world.tick({ AAPL: '100.5' });
  world.webhooksHeld = true;
  // Young orders are left alone, so that this one has to be none.
  world.now += 10_000;
  return world;
};

describe('SL-11 reconcile brings in what nobody reported', () => {
  it('the equity, and with it the cap (WS-2)', async () => {
    const world = await working();
    world.venue.equityNow = d(9000);
    await world.reconcile();
    expect(world.free()).toBe('17000');
  });

  it('fills of a live order', async () => {
    const world = await working();
    world.venue.fill(world.order('AAPL').clientOrderId, '4', '99');
    await world.reconcile();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['WORKING/OPEN', '4', '19004']);
  });

  it('the end of an order that is open no more, by asking for that very order', async () => {
    const world = await working();
    world.venue.end(world.order('AAPL').clientOrderId, 'CANCELLED');
    await world.reconcile();
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
  });

  it('an acknowledgement that never came', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.tick({ AAPL: '100.5' });
    await world.reconcile();
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('nothing where nothing differs: not one write but the equity and its own state', async () => {
    const world = await working();
    const before = world.commits;
    await world.reconcile();
    expect([world.commits - before, world.account.reconcile.revision, world.account.reconcile.at]).toEqual([2, 1, world.now]);
  });

  it('nothing from an order without an id of ours', async () => {
    const world = await working();
    const ours = world.venue.order(world.order('AAPL').clientOrderId);
    const before = world.slot('AAPL');
    // Beside the world's own check, which refuses strangers: this one is placed by a person.
    world.venue.orders.set('by-hand', { ...ours, clientOrderId: 'by-hand', quantity: d(5) });
    await world.reconcile();
    expect([world.slot('AAPL'), world.venue.order('by-hand').status]).toEqual([before, 'OPEN']);
  });

  it('a failed answer is not "none": what cannot be read is left as it is', async () => {
    for (const failing of [1, 2, 3, 4]) {
      const world = await working();
      world.venue.failingReads = failing;
      await world.reconcile();
      expect(world.state('AAPL')).toBe('WORKING/FLAT');
      expect(world.telemetry.messages('VENUE_UNREADABLE').length).toBeGreaterThan(0);
    }
  });

  it('stops before its deadline, and the next run carries on', async () => {
    const world = await working();
    world.venue.fill(world.order('AAPL').clientOrderId, '4');
    await reconcile(world.deps, TRACE, { deadline: world.now });
    expect(world.held('AAPL')).toBe('0');
    await reconcile(world.deps, TRACE, { deadline: world.now + 1 });
    expect(world.held('AAPL')).toBe('4');
  });

  it('the markets, once an hour', async () => {
    const world = await working();
    world.account.markets.clear();
    await world.reconcile();
    expect(world.account.markets.size).toBe(6);
    world.account.markets.clear();
    world.now += 3_599_000;
    await world.reconcile();
    expect(world.account.markets.size).toBe(0);
    world.now += 1000;
    await world.reconcile();
    expect(world.account.markets.size).toBe(6);
  });
});

describe('SL-13 WS-2 the sum of the room', () => {
  const ledger = capacity('10000');

  it('adds up, does not, or is not known because something was committed in between', () => {
    const slot = watchingSlot({ symbol: 'AAPL' });
    expect(addsUp(ledger, [slot], ledger)).toBe(true);
    expect(addsUp(ledger, [slot], { ...ledger, sequence: ledger.sequence + 1 })).toBeNull();
    expect(addsUp(ledger, [slot], { ...ledger, free: ledger.free.minus('0.00000001') })).toBe(false);
    const { crypto } = ledger.freeOfClass;
    expect(addsUp(ledger, [slot], { ...ledger, freeOfClass: { ...ledger.freeOfClass, crypto: crypto.plus(1) } })).toBe(false);
    expect([addsUp(null, [], null), addsUp(null, [], ledger), addsUp(null, [slot], null)]).toEqual([true, false, false]);
  });

  it('is told and counted as an anomaly when it does not', async () => {
    const world = await working();
    const { store } = world.deps;
    const audit: typeof store.audit = async (account) => ({ ...(await store.audit(account)), slots: [] });
    await reconcile({ ...world.deps, store: { ...store, audit } }, TRACE);
    expect(world.telemetry.messages('ANOMALY')).toEqual(['ANOMALY DETECTED: capacity does not add up']);
  });
});

describe('MH-3 polling prices', () => {
  it('asks once for every symbol watched, ordered or held, and for no other', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }, { symbol: 'MSFT' }, { symbol: 'TSLA' }]);
    await world.tick({ AAPL: '99.9' });
    await world.plan(2, [{ symbol: 'MSFT' }]);
    for (const symbol of ['AAPL', 'MSFT', 'TSLA', 'NVDA']) world.venue.setPrice(symbol, d(101));
    await pollQuotes(world.deps, TRACE);
    const asked = world.queues.sent.flatMap((message) => (message.kind === 'QUOTES' ? message.quotes.map((quote) => quote.symbol) : []));
    expect(asked.toSorted()).toEqual(['AAPL', 'MSFT']);
  });

  it('asks nothing where there is nothing to ask for', async () => {
    const world = await World.open();
    await pollQuotes(world.deps, TRACE);
    expect(world.queues.sent).toEqual([]);
  });
});

describe('SL-11 one order that cannot be brought in keeps nothing else from being reconciled', () => {
  const poisoned = async (): Promise<World> => {
    const world = await World.open({
      store: {
        onTry: (changes) => {
          if (changes.some((change) => change.kind === 'FILL' && change.fill.ref.symbol === 'AAPL')) throw new RangeError('a number to be stored');
        },
      },
    });
    await world.plan(1, [
      { symbol: 'AAPL', takeProfit: null },
      { symbol: 'MSFT', takeProfit: null },
      { symbol: 'NVDA', takeProfit: null, expiresAt: world.now + 60_000 },
    ]);
    await world.tick({ AAPL: '100.5', MSFT: '100.5' });
    world.webhooksHeld = true;
    world.now += 1000;
    world.venue.fill(world.order('AAPL').clientOrderId, '4', '99');
    world.venue.fill(world.order('MSFT').clientOrderId, '3', '99');
    world.now += 60_000;
    return world;
  };

  it('the other orders and what has expired are seen to, and the failure is thrown at the end', async () => {
    const world = await poisoned();
    await expect(world.reconcile()).rejects.toThrow('a number to be stored');
    expect([world.held('MSFT'), world.slot('NVDA').watch]).toEqual(['3', null]);
  });

  it('one order that the venue gives no readable answer for leaves the others their turn, but not beyond the deadline', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }, { symbol: 'MSFT', takeProfit: null }]);
    await world.tick({ AAPL: '100.5', MSFT: '100.5' });
    world.webhooksHeld = true;
    for (const symbol of ['AAPL', 'MSFT']) world.venue.end(world.order(symbol).clientOrderId, 'CANCELLED');
    world.now += 10_000;
    const asked: string[] = [];
    world.venue.findOrder = async ({ symbol }) => {
      asked.push(symbol);
      world.now += 30_000;
      return Promise.reject(new VenueReadError('no answer'));
    };
    await world.reconcile();
    await reconcile(world.deps, TRACE, { deadline: world.now + 30_000 });
    expect(asked).toEqual(['AAPL', 'MSFT', 'AAPL']);
  });

  it('an overdue action that fails leaves the next ones their turn', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }, { symbol: 'MSFT' }]);
    world.venue.next('place', { kind: 'LOST_AFTER' }, { kind: 'LOST_AFTER' });
    world.webhooksHeld = true;
    await world.tick({ AAPL: '100.5', MSFT: '100.5' });
    const find = world.venue.findOrder.bind(world.venue);
    const [first] = await world.deps.store.openActions('paper-1');
    world.venue.findOrder = async (order) => {
      if (order.clientOrderId === first?.clientOrderId) throw new TypeError('odd answer');
      return find(order);
    };
    world.venue.openOrders = async () => Promise.resolve([]);
    world.now += 10_000;
    await expect(world.reconcile()).rejects.toThrow('odd answer');
    const [left, ...others] = await world.deps.store.openActions('paper-1');
    expect([left?.id, others]).toEqual([first?.id, []]);
  });
});
