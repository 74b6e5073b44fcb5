import { describe, expect, it } from '@jest/globals';
import { adoptPosition } from '../../shared/adopt-position.ts';
import type { Action } from '../../shared/domain/action.ts';
import type { Position } from '../../shared/domain/slot.ts';
import { InvalidInputError, VenueReadError } from '../../shared/errors.ts';
import type { VenuePosition } from '../../shared/ports.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const TRACE = { account: 'paper-1', source: 'schedule', requestId: 'r', correlationId: 'c' } as const;

/** A world that holds ten of AAPL at 100 under a stop, with nothing under way. */
const holding = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
  await world.tick({ AAPL: '100.5' });
  world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
  await world.drain();
  world.now += 30_000;
  return world;
};

/** The next run of reconcile, half a minute later. */
const again = async (world: World): Promise<void> => {
  world.now += 30_000;
  await world.reconcile();
  await world.drain();
};

const hold = (world: World, positions: readonly VenuePosition[]): void => {
  for (const symbol of ['AAPL', 'MSFT']) world.unexplained.add(symbol);
  world.venue.positions = () => Promise.resolve([...positions]);
};

const position = (symbol: string, quantity: string, averagePrice: string | null = null): VenuePosition => ({
  symbol,
  quantity: d(quantity),
  averagePrice: averagePrice === null ? null : d(averagePrice),
});

const foreign = (world: World, symbol: string, slot = 'foreign'): Position | undefined => world.account.slots.get(`${symbol}#${slot}`)?.position;

const killed = (world: World, symbol: string): string | undefined => world.account.capacity?.kill.symbols[symbol];

describe('SL-11 a positions call that does not answer is not "flat"', () => {
  const failures: Readonly<Record<string, () => Promise<readonly VenuePosition[]>>> = {
    'that fails': () => Promise.reject(new VenueReadError('time-out')),
    'that returns an error document': () => Promise.reject(new VenueReadError('positions: expected a list, found {"code":500}')),
    'that returns another shape': () => Promise.reject(new VenueReadError('positions.0.quantity: expected a decimal')),
    'that breaks off after half the pages': () => Promise.reject(new VenueReadError('positions: page 2 of 4 did not answer')),
    'that makes its adapter stumble': () => Promise.reject(new TypeError('undefined is not iterable')),
  };

  it.each(Object.entries(failures))('%s never makes a position disappear', async (_name, positions) => {
    const world = await holding();
    const before = world.slot('AAPL');
    world.venue.positions = positions;
    for (let run = 0; run < 4; run += 1) await again(world).catch((error: unknown) => expect(error).toBeInstanceOf(TypeError));
    expect([world.held('AAPL'), world.slot('AAPL').revision, killed(world, 'AAPL')]).toEqual(['10', before.revision, undefined]);
    expect(world.account.reconcile.sightings).toEqual({});
  });

  it('cut to half without a word never makes a position disappear: the answer for the very symbol does not agree', async () => {
    const world = await holding();
    const before = world.slot('AAPL');
    const whole = await world.venue.positions();
    hold(world, []);
    world.venue.findPosition = (symbol) => Promise.resolve(whole.find((each) => each.symbol === symbol) ?? null);
    for (let run = 0; run < 4; run += 1) await again(world);
    expect([world.held('AAPL'), world.slot('AAPL').revision, killed(world, 'AAPL')]).toEqual(['10', before.revision, undefined]);
    expect(world.telemetry.messages('POSITION_DISPUTED').length).toBeGreaterThan(1);
  });

  it('keeps what an earlier run saw until an answer says otherwise', async () => {
    const world = await holding();
    const { positions } = world.venue;
    hold(world, []);
    await again(world);
    world.venue.positions = () => Promise.reject(new VenueReadError('time-out'));
    await again(world);
    expect(Object.keys(world.account.reconcile.sightings)).toEqual(['POSITION AAPL 0 -10']);
    world.venue.positions = positions.bind(world.venue);
    await again(world);
    expect(world.account.reconcile.sightings).toEqual({});
  });
});

describe('SL-11 a position that the venue no longer has', () => {
  it('is believed gone at the second sighting alone, takes the lots off and halts the symbol', async () => {
    const world = await holding();
    hold(world, []);
    await again(world);
    expect([world.held('AAPL'), killed(world, 'AAPL')]).toEqual(['10', undefined]);
    await again(world);
    expect([world.held('AAPL'), killed(world, 'AAPL'), world.free()]).toEqual(['0', 'HALTED', '20000']);
    expect(world.telemetry.messages('POSITION_GONE')).toHaveLength(1);
    expect(world.telemetry.messages('POSITION_MISMATCH')).toHaveLength(1);
    expect(world.telemetry.messages('ANOMALY')).toEqual(['ANOMALY DETECTED: AAPL: 0 at the venue, 10 by our orders']);
  });

  it('leaves no stop behind: it is cancelled, and only then the position is flat', async () => {
    const world = await holding();
    hold(world, []);
    await again(world);
    await again(world);
    expect([world.state('AAPL'), world.venue.live().length]).toEqual(['NONE/FLAT', 0]);
  });

  it('shrinks by what is missing, first in, first out, and its stop with it', async () => {
    const world = await holding();
    hold(world, [position('AAPL', '6')]);
    await again(world);
    await again(world);
    expect([world.held('AAPL'), world.venue.live().map((order) => order.quantity.toFixed())]).toEqual(['6', ['6']]);
    const commits = world.commits;
    await again(world);
    expect([world.held('AAPL'), world.commits - commits]).toEqual(['6', 2]);
  });

  it('is not believed where the second answer says something else', async () => {
    const world = await holding();
    hold(world, []);
    await again(world);
    hold(world, [position('AAPL', '4')]);
    await again(world);
    expect(world.held('AAPL')).toBe('10');
  });

  it('is not believed by two looks of one moment', async () => {
    const world = await holding();
    hold(world, []);
    await world.reconcile();
    world.now += 9_999;
    await world.reconcile();
    expect(world.held('AAPL')).toBe('10');
    world.now += 1;
    await world.reconcile();
    expect(world.held('AAPL')).toBe('0');
  });

  it('is explained by our own stop where that filled, and lists and trades are behind', async () => {
    const world = await holding();
    world.webhooksHeld = true;
    const [stop] = world.venue.live();
    if (stop === undefined) throw new Error('no stop');
    const report = world.venue.report(stop);
    world.venue.recentTrades = () => Promise.resolve({ trades: [], cursor: null, more: false });
    world.venue.conditionalOrders = () => Promise.resolve([report]);
    world.venue.fill(stop.clientOrderId, '10', '95');
    await again(world);
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    await again(world);
    expect([world.state('AAPL'), killed(world, 'AAPL')]).toEqual(['NONE/FLAT', undefined]);
    expect(world.telemetry.messages('POSITION_GONE')).toEqual([]);
  });

  it.each(['openOrders', 'conditionalOrders', 'recentTrades'] as const)('is not believed by a run that could not read %s', async (read) => {
    const world = await holding();
    hold(world, []);
    await again(world);
    world.venue.failing.add(read);
    await again(world);
    expect([world.held('AAPL'), world.account.reconcile.at]).toEqual(['10', world.now - 30_000]);
    world.venue.failing.delete(read);
    await again(world);
    expect(world.held('AAPL')).toBe('0');
  });

  it('is not believed while an action on its symbol is open', async () => {
    const world = await holding();
    hold(world, []);
    const { store } = world.deps;
    const [stop] = world.venue.live();
    const { openActions } = store;
    await again(world);
    const cancel: Action = {
      id: 'open', clientOrderId: stop?.clientOrderId ?? '', purpose: 'STOP', ref: { symbol: 'AAPL', slot: 'main' }, assetClass: 'stock',
      intent: { kind: 'CANCEL' }, state: 'PLANNED', plannedAt: world.now, sentAt: null, validUntil: null, notSent: 0,
    };
    Object.assign(store, { openActions: () => Promise.resolve([cancel]) });
    await again(world);
    expect(world.held('AAPL')).toBe('10');
    Object.assign(store, { openActions });
    await again(world);
    expect(world.held('AAPL')).toBe('0');
  });

  it('is not believed while an order of its symbol is young', async () => {
    const world = await holding();
    await world.plan(2, [{ symbol: 'AAPL', slot: 'second', takeProfit: null }]);
    hold(world, []);
    await again(world);
    world.now += 20_000;
    await world.tick({ AAPL: '100.5' });
    world.now += 8_999;
    await world.reconcile();
    expect(world.held('AAPL')).toBe('10');
    world.now += 1_001;
    await world.reconcile();
    expect(world.held('AAPL')).toBe('0');
  });

  it('is believed as soon as it can be where every sale of it is refused for lack of it', async () => {
    const world = await holding();
    hold(world, [position('AAPL', '4')]);
    for (const order of world.venue.live()) world.venue.end(order.clientOrderId, 'CANCELLED');
    for (let run = 0; run < 6; run += 1) {
      world.venue.next('place', { kind: 'REFUSED', code: 'REDUCE_ONLY' });
      await again(world);
    }
    expect(world.held('AAPL')).toBe('4');
  });
});

describe('SL-11 EX-7 a position that none of our orders explains', () => {
  const seen = async (quantity = '20', averagePrice: string | null = '50'): Promise<World> => {
    const world = await World.open();
    // Quotes are kept of what somebody asks for.
    await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(60), at: world.now } }, grids: [], featured: [] });
    hold(world, [position('MSFT', quantity, averagePrice)]);
    await again(world);
    return world;
  };

  it('needs a second sighting; then it uses room, halts its symbol, and no order is sent for it', async () => {
    const world = await seen();
    expect([foreign(world, 'MSFT'), killed(world, 'MSFT')]).toEqual([undefined, undefined]);
    await again(world);
    expect(foreign(world, 'MSFT')).toEqual({ status: 'FOREIGN', side: 'buy', quantity: d(20), averagePrice: d(50), seenAt: world.now });
    expect([killed(world, 'MSFT'), world.free(), world.venue.calls]).toEqual(['HALTED', '19000', []]);
    expect(world.telemetry.messages('POSITION_MISMATCH')).toHaveLength(1);
    expect(world.telemetry.messages('ANOMALY')).toEqual(['ANOMALY DETECTED: MSFT: 20 at the venue, 0 by our orders']);
  });

  it('changes nothing when it is seen again, and is never traded away', async () => {
    const world = await seen();
    await again(world);
    const before = world.commits;
    for (let run = 0; run < 3; run += 1) await again(world);
    // Each run writes the equity and its own state, and nothing else.
    expect([world.commits - before, world.venue.calls]).toEqual([6, []]);
    expect(world.telemetry.messages('ANOMALY')).toHaveLength(1);
  });

  it('follows the venue when it grows, and goes when it goes; the halt stays until a person lifts it', async () => {
    const world = await seen();
    await again(world);
    hold(world, [position('MSFT', '30', '50')]);
    await again(world);
    await again(world);
    expect([world.free(), foreign(world, 'MSFT')]).toMatchObject(['18500', { quantity: d(30) }]);
    hold(world, []);
    await again(world);
    await again(world);
    expect([world.free(), foreign(world, 'MSFT'), killed(world, 'MSFT')]).toEqual(['20000', { status: 'FLAT' }, 'HALTED']);
  });

  it('counts an unexpected short by its size', async () => {
    const world = await seen('-20');
    await again(world);
    expect([foreign(world, 'MSFT'), world.free(), killed(world, 'MSFT')]).toMatchObject([{ side: 'sell', quantity: d(20) }, '19000', 'HALTED']);
  });

  it('takes the last quote for its price where the broker names none, and waits where there is neither', async () => {
    const world = await seen('20', null);
    await again(world);
    expect(foreign(world, 'MSFT')).toMatchObject({ averagePrice: d(60) });
    const other = await World.open();
    hold(other, [position('NVDA', '20')]);
    for (let run = 0; run < 3; run += 1) await again(other);
    expect([foreign(other, 'NVDA'), other.telemetry.messages('FOREIGN_UNPRICED').length]).toEqual([undefined, 2]);
  });

  it('keeps a price that the ledger can add exactly beside the quantity', async () => {
    const world = await seen('3.123456789', '33.3333333333333333333333333');
    await again(world);
    expect(foreign(world, 'MSFT')).toMatchObject({ averagePrice: d('33.33333333333') });
  });

  it('is only what lies beyond ours, and leaves ours as it is', async () => {
    const world = await holding();
    const before = world.slot('AAPL').position;
    hold(world, [position('AAPL', '25', '100')]);
    await again(world);
    await again(world);
    expect([foreign(world, 'AAPL'), world.slot('AAPL').position]).toMatchObject([{ side: 'buy', quantity: d(15) }, before]);
  });

  it('takes ours off first where the venue holds the other side', async () => {
    const world = await holding();
    hold(world, [position('AAPL', '-5', '100')]);
    await again(world);
    await again(world);
    expect([foreign(world, 'AAPL'), world.held('AAPL')]).toMatchObject([{ side: 'sell', quantity: d(5) }, '0']);
  });

  it('up to one lot is left as it is', async () => {
    const world = await World.open();
    const listed = world.account.markets.get('MSFT');
    if (listed === undefined) throw new Error('MSFT is not listed');
    for (const markets of [world.account.markets, world.venue.listed]) markets.set('MSFT', { ...listed, rules: { ...listed.rules, lotSize: d(1) } });
    hold(world, [position('MSFT', '1', '50')]);
    for (let run = 0; run < 3; run += 1) await again(world);
    expect(foreign(world, 'MSFT')).toBeUndefined();
    hold(world, [position('MSFT', '1.00000001', '50')]);
    for (let run = 0; run < 2; run += 1) await again(world);
    expect(foreign(world, 'MSFT')).toMatchObject({ status: 'FOREIGN' });
  });

  it('tells of what the venue does not list, since its class and its lot are not known', async () => {
    const world = await World.open();
    hold(world, [position('GME', '20', '50')]);
    await again(world);
    await again(world);
    expect([world.account.slots.size, world.telemetry.messages('POSITION_UNLISTED').length]).toEqual([0, 2]);
  });

  it('cancels the live entries of its symbol at once (KS-1)', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'MSFT', takeProfit: null }]);
    await world.tick({ MSFT: '100.5' });
    hold(world, [position('MSFT', '20', '50')]);
    await again(world);
    expect(world.venue.live()).toHaveLength(1);
    await again(world);
    expect([world.venue.live(), world.state('MSFT')]).toEqual([[], 'NONE/FLAT']);
  });

  describe('SL-11 adopted by a person', () => {
    it('is ours at the broker’s average price under a stop; the symbol stays halted', async () => {
      const world = await seen();
      await again(world);
      await adoptPosition(world.deps, 'msft', TRACE);
      await world.drain();
      const { position: held } = world.slot('MSFT', 'foreign');
      expect(held).toMatchObject({ status: 'OPEN', side: 'buy', stopPrice: d('47.5'), lots: [{ tradeId: `adopted#${world.now}`, price: d(50), quantity: d(20) }] });
      expect(world.venue.callsOf('place')).toHaveLength(1);
      expect([world.free(), killed(world, 'MSFT')]).toEqual(['19000', 'HALTED']);
    });

    it('is a holding like any other: it is not foreign again', async () => {
      const world = await seen();
      await again(world);
      await adoptPosition(world.deps, 'MSFT', TRACE);
      const before = world.telemetry.messages('ANOMALY').length;
      for (let run = 0; run < 3; run += 1) await again(world);
      expect([world.slot('MSFT', 'foreign').position.status, world.telemetry.messages('ANOMALY').length]).toEqual(['OPEN', before]);
    });

    it('names the field where there is none to adopt', async () => {
      const world = await holding();
      for (const symbol of ['AAPL', 'MSFT', '']) {
        const adopted = adoptPosition(world.deps, symbol, TRACE);
        await expect(adopted).rejects.toBeInstanceOf(InvalidInputError);
        await expect(adopted).rejects.toMatchObject({ field: 'symbol', expected: 'a symbol with a foreign position' });
      }
    });
  });
});
