import { describe, expect, it } from '@jest/globals';
import { placeActionId } from '../../shared/domain/action.ts';
import { clientOrderId } from '../../shared/domain/client-order-id.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import type { Order } from '../../shared/domain/slot.ts';
import { VenueReadError } from '../../shared/errors.ts';
import { reconcile } from '../../shared/reconcile.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { ACCOUNT, d } from '../support/builders.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import type { VenueOrder } from '../support/memory-venue.ts';
import { World } from '../support/world.ts';

const TRACE = { account: ACCOUNT, source: 'schedule', requestId: 'r', correlationId: 'c' } as const;

const healedFor = (world: World): readonly unknown[] =>
  world.telemetry.notes.filter((note) => note.name === 'HEALED').map((note) => note.fields['reason']);

/** The next run of reconcile, half a minute later. */
const again = async (world: World): Promise<void> => {
  world.now += 30_000;
  await world.reconcile();
  await world.drain();
};

const working = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
  await world.tick({ AAPL: '100.5' });
  return world;
};

/** A world that holds ten of AAPL at 100 under a stop. */
const holding = async (): Promise<World> => {
  const world = await working();
  world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
  await world.drain();
  return world;
};

const stopOf = (world: World): Order => {
  const { position } = world.slot('AAPL');
  if (!isHeld(position) || position.stop.status !== 'PLACED') throw new Error('AAPL has no stop');
  return position.stop.order;
};

/** What the venue forgets it says it never had. */
const forgets = (world: World, id: string): void => void world.venue.orders.delete(id);

describe('SL-11 EX-9 an order that the venue does not have', () => {
  it('is believed absent at the second sighting alone; its room returns and its id keeps a tombstone', async () => {
    const world = await working();
    const { clientOrderId: id } = world.order('AAPL');
    forgets(world, id);
    await again(world);
    expect([world.state('AAPL'), world.free()]).toEqual(['WORKING/FLAT', '19000']);
    await again(world);
    expect([world.state('AAPL'), world.free(), world.account.orders.get(id)?.place]).toEqual(['NONE/FLAT', '20000', 'TOMBSTONE']);
    expect(healedFor(world)).toEqual(['ORDER_VANISHED']);
  });

  it('is not believed absent by a second run of the same moment', async () => {
    const world = await working();
    forgets(world, world.order('AAPL').clientOrderId);
    await again(world);
    world.now += 9_999;
    await world.reconcile();
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('is not believed absent where a list was missing or the answer did not come', async () => {
    for (const call of ['openOrders', 'findOrder'] as const) {
      const world = await working();
      forgets(world, world.order('AAPL').clientOrderId);
      Object.assign(world.venue, { [call]: () => Promise.reject(new VenueReadError('no answer')) });
      for (let run = 0; run < 3; run += 1) await again(world);
      expect(world.state('AAPL')).toBe('WORKING/FLAT');
    }
  });

  it('is seen again and stays where it turns up between the sightings', async () => {
    const world = await working();
    const order = world.venue.order(world.order('AAPL').clientOrderId);
    forgets(world, order.clientOrderId);
    await again(world);
    world.venue.orders.set(order.clientOrderId, order);
    await again(world);
    forgets(world, order.clientOrderId);
    await again(world);
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('is left alone while it is young: not even asked for', async () => {
    const world = await working();
    forgets(world, world.order('AAPL').clientOrderId);
    world.now = world.order('AAPL').createdAt + 9_999;
    world.venue.findOrder = () => Promise.reject(new Error('asked'));
    await world.reconcile();
    world.now += 1;
    await expect(world.reconcile()).rejects.toThrow('asked');
  });

  it('is a stop: the position gets another, and is never without one unknown to it', async () => {
    const world = await holding();
    const lost = stopOf(world);
    forgets(world, lost.clientOrderId);
    await again(world);
    expect(stopOf(world).clientOrderId).toBe(lost.clientOrderId);
    await again(world);
    expect(stopOf(world).clientOrderId).not.toBe(lost.clientOrderId);
    expect(world.venue.live().map((order) => order.clientOrderId)).toEqual([stopOf(world).clientOrderId]);
  });

  it('is no stop where the conditional orders alone could not be read', async () => {
    const world = await holding();
    forgets(world, stopOf(world).clientOrderId);
    const { clientOrderId: id } = stopOf(world);
    world.venue.failing.add('conditionalOrders');
    for (let run = 0; run < 3; run += 1) await again(world);
    expect(stopOf(world).clientOrderId).toBe(id);
  });

  it('is not given up while its own placement is still to be answered', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.see({ AAPL: '100.5' });
    while (world.account.actions.size > 0 && [...world.account.actions.values()].some((action) => action.state === 'PLANNED')) await world.step();
    const { clientOrderId: id } = world.order('AAPL');
    expect(await world.outcome({ type: 'ORDER_VANISHED', clientOrderId: id })).toBe('ACTION_OPEN');
    expect(world.account.actions.has(placeActionId(id))).toBe(true);
  });
});

describe('SL-11 every order of every slot is brought in', () => {
  it('a stop that filled while nobody listened', async () => {
    const world = await holding();
    world.webhooksHeld = true;
    world.venue.fill(stopOf(world).clientOrderId, '10', '94');
    world.now += 30_000;
    await world.reconcile();
    expect([world.state('AAPL'), world.venue.live()]).toEqual(['NONE/FLAT', []]);
  });

  it('the same finding is one event: it is not applied twice', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.fill(world.order('AAPL').clientOrderId, '4', '99');
    world.now += 10_000;
    await world.reconcile();
    const ids = [...world.account.webhooks];
    expect(ids).toEqual([expect.stringMatching(/^rec:E1-AAPL-\w+:PARTIALLY_FILLED:4::100:10:\d+$/)]);
    await again(world);
    expect([world.held('AAPL'), [...world.account.webhooks]]).toEqual(['4', ids]);
  });
});

describe('SL-10 recent trades', () => {
  it('find a fill whose webhook was lost, of an order that no list has any more', async () => {
    const world = await working();
    const { clientOrderId: id } = world.order('AAPL');
    await world.plan(2, []);
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    world.webhooksHeld = true;
    world.venue.fill(id, '3', '99');
    await again(world);
    expect([world.state('AAPL'), world.held('AAPL'), world.account.orders.get(id)?.order.status]).toEqual(['NONE/OPEN', '3', 'CANCELLED']);
  });

  it('count once, whichever source tells first', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.fill(world.order('AAPL').clientOrderId, '4', '99');
    await again(world);
    world.webhooksHeld = false;
    await world.drain();
    await again(world);
    expect([world.held('AAPL'), world.account.fills.size]).toEqual(['4', 1]);
  });

  it('are read page by page, and the cursor stays before a page that could not be applied', async () => {
    const world = await working();
    world.venue.pageSize = 2;
    world.webhooksHeld = true;
    for (const quantity of ['1', '2', '3']) world.venue.fill(world.order('AAPL').clientOrderId, quantity, '99');
    world.venue.failing.add('openOrders');
    const { recentTrades } = world.venue;
    const asked: (string | null)[] = [];
    world.venue.recentTrades = (cursor) => {
      asked.push(cursor);
      return cursor === null ? recentTrades.call(world.venue, cursor) : Promise.reject(new VenueReadError('page 2 did not answer'));
    };
    await again(world);
    expect([world.held('AAPL'), world.account.reconcile.tradeCursor, asked]).toEqual(['3', '2', [null, '2']]);
    world.venue.recentTrades = recentTrades.bind(world.venue);
    await again(world);
    expect([world.held('AAPL'), world.account.reconcile.tradeCursor]).toEqual(['6', '3']);
  });

  it('leave the cursor where one order of the page cannot be brought in, and bring in the others', async () => {
    const world = await World.open({
      store: {
        onTry: (changes) => {
          if (changes.some((change) => change.kind === 'FILL' && change.fill.ref.symbol === 'AAPL')) throw new RangeError('a number to be stored');
        },
      },
    });
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }, { symbol: 'MSFT', takeProfit: null }]);
    await world.tick({ AAPL: '100.5', MSFT: '100.5' });
    world.webhooksHeld = true;
    for (const symbol of ['AAPL', 'MSFT']) world.venue.fill(world.order(symbol).clientOrderId, '3', '99');
    world.venue.failing.add('openOrders');
    world.now += 30_000;
    await expect(world.reconcile()).rejects.toThrow('a number to be stored');
    expect([world.held('MSFT'), world.account.reconcile.tradeCursor]).toEqual(['3', null]);
  });
});

const byHand = (world: World, order: Partial<VenueOrder> & { readonly clientOrderId: string }): VenueOrder => {
  const placed: VenueOrder = {
    exchangeOrderId: `V-${order.clientOrderId}`, symbol: 'MSFT', side: 'buy', reduceOnly: false, quantity: d(10), limit: d(100), stopPrice: null,
    triggered: false, status: 'OPEN', trades: [], at: world.now, ...order,
  };
  // Set beside the venue's own door: nobody of ours places it.
  world.venue.orders.set(order.clientOrderId, placed);
  return placed;
};

const idOf = (fence: number, purpose: 'ENTRY' | 'EXIT' | 'STOP' = 'ENTRY', account = ACCOUNT): string =>
  clientOrderId({ account, symbol: 'MSFT', slot: 'main', purpose, fence }, { maxLength: 36 });

describe('SL-11 a foreign order', () => {
  it.each(['by-hand', 'E1-MSFT-0123456789abcdefgh', idOf(1, 'ENTRY', 'another')])('%s is never touched, however often it is seen', async (id) => {
    const world = await World.open();
    await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(101), at: world.now } }, grids: [], featured: [] });
    const order = byHand(world, { clientOrderId: id });
    for (let run = 0; run < 4; run += 1) await again(world);
    expect([order.status, world.venue.calls, world.account.orders.size, world.account.slots.size]).toEqual(['OPEN', [], 0, 0]);
  });
});

describe('EX-11 an order of ours without a record, as after a restore', () => {
  const restored = async (order: Partial<VenueOrder> & { readonly clientOrderId: string }): Promise<World> => {
    const world = await World.open();
    world.unexplained.add('MSFT');
    await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(101), at: world.now } }, grids: [], featured: [] });
    byHand(world, order);
    return world;
  };

  it('is cancelled, counted, and its fence never comes again', async () => {
    const world = await restored({ clientOrderId: idOf(7) });
    await again(world);
    expect([world.venue.callsOf('cancel'), world.venue.order(idOf(7)).status]).toEqual([[idOf(7)], 'CANCELLED']);
    expect([world.slot('MSFT').fence, world.account.orders.get(idOf(7))?.place, healedFor(world)]).toEqual([8, 'TOMBSTONE', ['ORPHAN_FOUND']]);
    await again(world);
    expect([world.venue.callsOf('cancel').length, healedFor(world).length]).toEqual([1, 1]);
  });

  it('is cancelled again where the first cancel did not take effect', async () => {
    const world = await restored({ clientOrderId: idOf(7) });
    world.venue.next('cancel', { kind: 'LOST_BEFORE' });
    await again(world);
    await world.pass(60);
    await again(world);
    expect(world.venue.order(idOf(7)).status).toBe('CANCELLED');
  });

  it('is left, and told of, where nothing says which way it trades', async () => {
    const world = await World.open();
    byHand(world, { clientOrderId: idOf(7) });
    await again(world);
    expect([world.venue.calls, world.telemetry.messages('ORPHAN_LEFT').length]).toEqual([[], 1]);
  });

  it('explains a position by what it had filled: that is adopted at the broker’s average price and gets a stop', async () => {
    const trade = { tradeId: 'T1', price: d(99), quantity: d(4), fee: null, liquidity: null, at: 0 };
    const world = await restored({ clientOrderId: idOf(7), status: 'PARTIALLY_FILLED', trades: [trade] });
    world.venue.positions = () => Promise.resolve([{ symbol: 'MSFT', quantity: d(4), averagePrice: d('99.5') }]);
    // The first run cancels the order, and nothing is concluded of a symbol in motion.
    for (let run = 0; run < 3; run += 1) await again(world);
    expect(world.slot('MSFT', 'foreign').position).toMatchObject({ status: 'OPEN', lots: [{ price: d('99.5'), quantity: d(4) }], stop: { status: 'PLACED' } });
    expect(world.venue.live().map((order) => [order.reduceOnly, order.side, order.quantity.toFixed()])).toEqual([[true, 'sell', '4']]);
    await again(world);
    expect(world.account.reconcile.sightings).toEqual({});
  });

  it('does not explain a larger one: that stays foreign', async () => {
    const trade = { tradeId: 'T1', price: d(99), quantity: d(4), fee: null, liquidity: null, at: 0 };
    const world = await restored({ clientOrderId: idOf(7), status: 'PARTIALLY_FILLED', trades: [trade] });
    world.venue.positions = () => Promise.resolve([{ symbol: 'MSFT', quantity: d(5), averagePrice: d('99.5') }]);
    for (let run = 0; run < 4; run += 1) await again(world);
    expect(world.slot('MSFT', 'foreign').position.status).toBe('FOREIGN');
  });

  it('that has ended is found by its trades, and nothing is cancelled', async () => {
    const trade = { tradeId: 'T1', price: d(99), quantity: d(10), fee: null, liquidity: null, at: 0 };
    const world = await restored({ clientOrderId: idOf(7), status: 'FILLED', trades: [trade] });
    world.venue.recentTrades = () => Promise.resolve({ trades: [{ ...trade, clientOrderId: idOf(7), symbol: 'MSFT', side: 'buy' }], cursor: '1', more: false });
    world.venue.positions = () => Promise.resolve([{ symbol: 'MSFT', quantity: d(10), averagePrice: d(99) }]);
    await again(world);
    await again(world);
    expect([world.slot('MSFT').fence, world.venue.callsOf('cancel')]).toEqual([8, []]);
    expect(world.slot('MSFT', 'foreign').position).toMatchObject({ status: 'OPEN', side: 'buy', lots: [{ quantity: d(10) }] });
  });
});

describe('SL-7 SL-11 a stop of ours without a record', () => {
  const STOP = { side: 'sell', reduceOnly: true, limit: null, stopPrice: d(94), quantity: d(10) } as const;
  const callsOf = (world: World): readonly string[] => world.venue.calls.map(({ kind, clientOrderId: id }) => `${kind} ${id.slice(0, 1)}`);

  it('rests on while what it covers is looked at a second time, and is cancelled just before the position gets its own', async () => {
    const world = await World.open();
    world.unexplained.add('MSFT');
    await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(101), at: world.now } }, grids: [], featured: [] });
    const trade = { tradeId: 'T1', price: d(99), quantity: d(10), fee: null, liquidity: null, at: 0 };
    byHand(world, { clientOrderId: idOf(7), status: 'FILLED', trades: [trade] });
    const stop = byHand(world, { clientOrderId: idOf(8, 'STOP'), ...STOP });
    world.venue.recentTrades = () => Promise.resolve({ trades: [{ ...trade, clientOrderId: idOf(7), symbol: 'MSFT', side: 'buy' }], cursor: '1', more: false });
    world.venue.positions = () => Promise.resolve([{ symbol: 'MSFT', quantity: d(10), averagePrice: d(99) }]);
    await again(world);
    expect([stop.status, world.venue.calls]).toEqual(['OPEN', []]);
    await again(world);
    expect(callsOf(world)).toEqual(['cancel S', 'place S']);
    expect(world.slot('MSFT', 'foreign').position).toMatchObject({ status: 'OPEN', stop: { status: 'PLACED' } });
    expect(world.venue.live().map(({ stopPrice, quantity }) => [stopPrice === null, quantity.toFixed()])).toEqual([[false, '10']]);
  });

  it('goes at once where nothing is held, and first where the position it covers is known and gets another', async () => {
    const flat = await World.open();
    await flat.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(101), at: flat.now } }, grids: [], featured: [] });
    byHand(flat, { clientOrderId: idOf(8, 'STOP'), ...STOP });
    await again(flat);
    expect(callsOf(flat)).toEqual(['cancel S']);

    const moved = await holding();
    moved.unexplained.add('AAPL');
    await moved.pass(30);
    const known = stopOf(moved);
    moved.webhooksHeld = true;
    moved.venue.order(known.clientOrderId).status = 'CANCELLED';
    const id = clientOrderId({ account: ACCOUNT, symbol: 'AAPL', slot: 'main', purpose: 'STOP', fence: 20 }, { maxLength: 36 });
    byHand(moved, { clientOrderId: id, symbol: 'AAPL', ...STOP });
    moved.venue.calls.length = 0;
    await again(moved);
    expect(callsOf(moved)).toEqual(['cancel S', 'place S']);
    expect(moved.venue.live().length).toBe(1);
  });

  it('rests on while positions cannot be read', async () => {
    const world = await World.open();
    await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(101), at: world.now } }, grids: [], featured: [] });
    byHand(world, { clientOrderId: idOf(8, 'STOP'), ...STOP });
    world.venue.failing.add('positions');
    await again(world);
    expect(world.venue.calls).toEqual([]);
  });
});

/** The same account without the world's own checks, which refuse what only a restore can bring about. */
const unchecked = (world: World): { readonly deps: VenueDeps; readonly account: World['account']; readonly now: () => World['account'] } => {
  const store = createMemoryStore();
  const account = store.peek(ACCOUNT);
  const { capacity, board, slots, actions, orders, markets } = world.account;
  Object.assign(account, { capacity, board });
  for (const [key, slot] of slots) account.slots.set(key, slot);
  for (const [id, action] of actions) account.actions.set(id, action);
  for (const [id, record] of orders) account.orders.set(id, record);
  for (const [symbol, market] of markets) account.markets.set(symbol, market);
  return { deps: { ...world.deps, store }, account, now: () => store.peek(ACCOUNT) };
};

describe('SL-11 claims and reservations that nothing else would end', () => {
  const run = async (world: World, deps: VenueDeps): Promise<void> => {
    world.now += 30_000;
    await reconcile(deps, TRACE);
  };

  it('an entry planned and never sent is given up once its time is over, its ring being lost', async () => {
    const world = await World.open({ loses: (message) => message.kind === 'ACTION' });
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.5' });
    expect([world.state('AAPL'), world.free()]).toEqual(['PLACING/FLAT', '19000']);
    await again(world);
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    world.now += 30_001;
    await world.reconcile();
    expect([world.state('AAPL'), world.free(), world.account.actions.size]).toEqual(['NONE/FLAT', '20000', 0]);
    expect(healedFor(world)).toEqual(['CLAIM_EXPIRED']);
  });

  it('an entry whose placement is nowhere, at the venue neither, is given up at the second sighting', async () => {
    const world = await World.open({ loses: (message) => message.kind === 'ACTION' });
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.5' });
    const { deps, account, now } = unchecked(world);
    account.actions.clear();
    await run(world, deps);
    expect(now().slots.get('AAPL#main')?.entry.status).toBe('PLACING');
    await run(world, deps);
    expect([now().slots.get('AAPL#main')?.entry.status, now().capacity?.free.toFixed()]).toEqual(['NONE', '20000']);
    expect(healedFor(world)).toEqual(['ORDER_VANISHED']);
  });

  it('an entry whose placement is nowhere, but at the venue, is working', async () => {
    const world = await working();
    const { deps, account, now } = unchecked(world);
    const slot = world.slot('AAPL');
    account.slots.set('AAPL#main', { ...slot, entry: { status: 'PLACING', order: { ...world.order('AAPL'), status: 'PENDING' } } });
    await run(world, deps);
    expect(now().slots.get('AAPL#main')?.entry.status).toBe('WORKING');
  });

  it('an entry on its way out without a cancel is cancelled again', async () => {
    const world = await working();
    const { deps, account, now } = unchecked(world);
    const order = world.order('AAPL');
    account.slots.set('AAPL#main', { ...world.slot('AAPL'), entry: { status: 'CANCELLING', order, reason: 'WITHDRAWN', amendment: null, attempts: 1 } });
    await run(world, deps);
    expect([...now().actions.keys()]).toEqual([`${order.clientOrderId}:CANCEL:2`]);
    expect(healedFor(world)).toEqual(['CANCEL_LOST']);
    await run(world, deps);
    expect(now().actions.size).toBe(1);
  });

  it('the cancel of a stop that nobody is asking for any more is asked for again, so that no position leaves for ever', async () => {
    const world = await working();
    await world.tick({ AAPL: '99.9' });
    const { deps, account, now } = unchecked(world);
    const { position } = world.slot('AAPL');
    if (position.status !== 'OPEN' || position.stop.status !== 'PLACED') throw new Error('no stop');
    const { order } = position.stop;
    const stop = { status: 'CANCELLING', order, attempts: 1, former: null } as const;
    account.slots.set('AAPL#main', { ...world.slot('AAPL'), position: { ...position, status: 'LEAVING', reason: 'MAX_HOLD', stop } });
    world.now += 30_000;
    await run(world, deps);
    expect([...now().actions.keys()]).toEqual([`${order.clientOrderId}:CANCEL:2`]);
    expect(healedFor(world)).toEqual(['CANCEL_LOST']);
  });

  it.each(['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const)('a stop that rests at other terms is believed at the second sighting and moved back (%s)', async (stopMoves) => {
    const world = await World.open({ traits: { stopMoves } });
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.5' });
    await world.tick({ AAPL: '100' });
    const { position } = world.slot('AAPL');
    if (position.status !== 'OPEN' || position.stop.status !== 'PLACED') throw new Error('no stop');
    const { clientOrderId, stopPrice } = position.stop.order;
    const there = world.venue.orders.get(clientOrderId);
    if (there === undefined || stopPrice === null) throw new Error('no stop at the venue');
    world.venue.orders.set(clientOrderId, { ...there, stopPrice: d('80'), quantity: d(3) });
    const resting = () => world.venue.live().map((order) => `${order.stopPrice?.toFixed()} x ${order.quantity.toFixed()}`);
    await world.reconcile();
    await world.drain();
    expect(resting()).toEqual(['80 x 3']);
    await world.pass(30);
    await world.reconcile();
    await world.drain();
    await world.pass(5);
    expect(resting()).toEqual([`${stopPrice.toFixed()} x 10`]);
    expect(healedFor(world)).toEqual(['STOP_DIFFERS']);
  });

  it('room held for a steal that nobody yields to is given back', async () => {
    const world = await working();
    await world.plan(1, [{ symbol: 'MSFT' }], 'beta');
    const { deps, account, now } = unchecked(world);
    const victim = world.order('AAPL');
    const { capacity } = account;
    if (capacity === null) throw new Error('no ledger');
    const facts = { thief: { symbol: 'MSFT', slot: 'main' }, thiefDistance: d(0), thiefPnl: null, victim: { symbol: 'AAPL', slot: 'main' }, victimClientOrderId: victim.clientOrderId, victimDistance: d(0), victimPnl: null, fight: false, cooldownSeconds: 300, decidedAt: world.now };
    const entry = { status: 'WAITING', limit: d(100), quantity: d(10), needed: d(1000), hold: d(400), classHold: d(400), steal: facts } as const;
    account.slots.set('MSFT#main', { ...world.slot('MSFT'), entry });
    account.capacity = { ...capacity, free: capacity.free.minus(400), freeOfClass: { ...capacity.freeOfClass, stock: capacity.freeOfClass.stock.minus(400) } };
    const yielding = { ...world.slot('AAPL'), entry: { status: 'YIELDING', order: victim, thief: facts.thief, attempts: 1 } } as const;
    account.slots.set('AAPL#main', yielding);
    account.actions.set('x', { id: 'x', clientOrderId: victim.clientOrderId, purpose: 'ENTRY', ref: facts.victim, assetClass: 'stock', intent: { kind: 'CANCEL' }, state: 'PLANNED', plannedAt: world.now, sentAt: null, validUntil: null, notSent: 0 });
    await run(world, deps);
    expect(now().slots.get('MSFT#main')?.entry.status).toBe('WAITING');
    now().slots.set('AAPL#main', { ...world.slot('AAPL'), revision: 50 });
    await run(world, deps);
    expect([now().slots.get('MSFT#main')?.entry.status, now().capacity?.free.toFixed(), healedFor(world)]).toEqual(['NONE', '19000', ['CLAIM_ORPHANED']]);
  });
});
