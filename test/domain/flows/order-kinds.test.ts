// How an entry is carried out, through the whole core: at once, as one that only rests, in slices, and a little at a time.
import { describe, expect, it } from '@jest/globals';
import { applyEvent } from '../../../shared/apply-event.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import { Decimal, sum } from '../../../shared/domain/decimal.ts';
import type { EntryStyle } from '../../../shared/domain/watch.ts';
import { filledOf } from '../../support/memory-venue.ts';
import type { VenueOrder } from '../../support/memory-venue.ts';
import { ACCOUNT, SATURDAY, d, market } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import { afterStepOne } from '../../support/steal-world.ts';
import type { WorldOptions } from '../../support/world.ts';
import { World } from '../../support/world.ts';

const REF = { symbol: 'AAPL', slot: 'main' };
/** Five slices of 2, one every ten seconds. */
const TWAP: EntryStyle = { kind: 'TWAP', slices: 5, durationSeconds: 50 };
const ICEBERG: EntryStyle = { kind: 'ICEBERG', shown: d(3) };
const THROUGH = { AAPL: '99.9' };
const NEAR = { AAPL: '100.5' };

const opened = async (style: EntryStyle, given: Partial<WatchInput> = {}, options: WorldOptions = {}): Promise<World> => {
  const world = await World.open(options);
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: '120', style, ...given }]);
  return world;
};

/** The venue takes orders in AAPL by these rules. */
const listOnly = (world: World, rules: Partial<MarketRules>): void => {
  const listed = market('AAPL', rules);
  world.venue.listed.set('AAPL', listed);
  world.account.markets.set('AAPL', listed);
};

const entries = (world: World, symbol = 'AAPL'): readonly VenueOrder[] =>
  [...world.venue.orders.values()].filter((order) => order.symbol === symbol && !order.reduceOnly);

const sizes = (world: World, symbol = 'AAPL'): readonly string[] => entries(world, symbol).map(({ quantity }) => quantity.toFixed());

const bought = (world: World, symbol = 'AAPL'): string => sum(entries(world, symbol).map(filledOf)).toFixed();

const liveEntry = (world: World): VenueOrder => {
  const live = entries(world).filter(({ status }) => status === 'OPEN' || status === 'PARTIALLY_FILLED');
  const [order] = live;
  if (order === undefined || live.length > 1) throw new Error(`${live.length} live entries`);
  return order;
};

const want = (world: World): Promise<string> => world.outcome({ type: 'ENTRY_WANTED', ref: REF, maySteal: false });

/** Lets so much time pass and shows a price. */
const later = async (world: World, seconds: number, prices: Readonly<Record<string, string>> = THROUGH): Promise<void> => {
  world.now += (seconds - 1) * 1000;
  await world.tick(prices);
};

describe('EX-1 TWAP: an entry in slices', () => {
  it('buys a slice at its time, claims room for that slice alone, and counts as one entry', async () => {
    const world = await opened(TWAP, { maxAttempts: 1 });
    await world.tick(THROUGH);
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '2', '19800']);
    await later(world, 5);
    expect([world.held('AAPL'), await want(world)]).toEqual(['2', 'PART_NOT_DUE']);
    for (const held of ['4', '6', '8']) {
      await later(world, 10);
      expect(world.held('AAPL')).toBe(held);
    }
    expect(world.slot('AAPL').parts?.filled.toFixed()).toBe('8');
    await later(world, 10);
    expect([world.held('AAPL'), sizes(world), world.free()]).toEqual(['10', ['2', '2', '2', '2', '2'], '19000']);
    const { parts, attempts } = world.slot('AAPL');
    expect([parts, attempts.count]).toEqual([null, 1]);
    await later(world, 10);
    expect([await want(world), sizes(world).length]).toEqual(['POSITION_OPEN', 5]);
  });

  it('SL-4 its stop covers what is bought after every slice, and stays where the first put it', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    world.venue.fill(liveEntry(world).clientOrderId, '2', '99');
    await world.drain();
    expect([world.stopOrder('AAPL').quantity.toFixed(), world.stopOrder('AAPL').stopPrice?.toFixed()]).toEqual(['2', '94.05']);
    await later(world, 10);
    expect([world.stopOrder('AAPL').quantity.toFixed(), world.stopOrder('AAPL').stopPrice?.toFixed()]).toEqual(['4', '94.05']);
  });

  it('a slice still at work gives way to the next, which has with it what that did not fill', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    expect(liveEntry(world).quantity.toFixed()).toBe('2');
    await later(world, 9, NEAR);
    expect(sizes(world)).toEqual(['2']);
    world.venue.fill(liveEntry(world).clientOrderId, '0.5');
    await world.drain();
    await later(world, 2, NEAR);
    expect([sizes(world), liveEntry(world).quantity.toFixed()]).toEqual([['2', '3.5'], '3.5']);
    expect(world.telemetry.fields('PART_GIVES_WAY', 'filled')).toEqual(['0.5']);
    await later(world, 60, NEAR);
    expect([liveEntry(world).quantity.toFixed(), bought(world)]).toEqual(['9.5', '0.5']);
    await world.tick(THROUGH);
    expect([bought(world), world.held('AAPL'), world.slot('AAPL').attempts.count]).toEqual(['10', '10', 1]);
  });

  it('SL-11 goes on by reconcile where prices are polled no more, until the last is too old', async () => {
    const world = await opened(TWAP);
    await world.tick(THROUGH);
    world.now += 10_000;
    await world.reconcile();
    await world.drain();
    expect(world.held('AAPL')).toBe('4');
    world.now += 130_000;
    await world.reconcile();
    await world.drain();
    expect([world.held('AAPL'), await want(world)]).toEqual(['4', 'AWAY']);
  });

  it('WS-1 EX-9 a lost answer is looked up: no slice twice, none missing', async () => {
    const world = await opened(TWAP);
    world.venue.next('place', { kind: 'LOST_AFTER' });
    world.webhooksHeld = true;
    await world.tick(THROUGH);
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await later(world, 10);
    await world.pass(5);
    await later(world, 10);
    await later(world, 30);
    expect([bought(world), world.held('AAPL')]).toEqual(['10', '10']);
  });

  it('EX-9 a slice that never came to the venue is caught up once that is certain', async () => {
    const world = await opened(TWAP);
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.tick(THROUGH);
    for (let count = 0; count < 8; count += 1) {
      await world.pass(10);
      await world.tick(THROUGH);
    }
    expect([bought(world), world.held('AAPL')]).toEqual(['10', '10']);
  });

  it('EX-2 a fill told after its slice was cancelled counts, and what is too much of the next is given up', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    const first = liveEntry(world).clientOrderId;
    await later(world, 55, NEAR);
    expect(liveEntry(world).quantity.toFixed()).toBe('10');
    world.venue.fill(first, '2');
    await world.drain();
    await later(world, 10, NEAR);
    expect([liveEntry(world).quantity.toFixed(), bought(world)]).toEqual(['8', '2']);
    await world.tick(THROUGH);
    expect([bought(world), world.held('AAPL')]).toEqual(['10', '10']);
  });

  it('EW-7 a slice decided before such a fill is decided again after it', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    const first = liveEntry(world).clientOrderId;
    world.venue.next('place', { kind: 'REFUSED', code: 'NOT_NOW' });
    await later(world, 55, NEAR);
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    const before = await world.deps.store.load(ACCOUNT, { kind: 'SLOT', ref: REF });
    const trace = { account: ACCOUNT, source: 'tick', requestId: 'r', correlationId: 'c' } as const;
    world.venue.fill(first, '2');
    const [webhook] = world.venue.outbox;
    if (webhook === undefined) throw new Error('nothing was told');
    await world.deliverWebhook(webhook);
    await applyEvent(world.deps, { type: 'ENTRY_WANTED', ref: REF, maySteal: false }, trace, before);
    expect(world.order('AAPL').quantity.toFixed()).toBe('8');
    // What a fill does to progress alone: its position was open before.
    await world.drain();
    world.venue.end(liveEntry(world).clientOrderId, 'CANCELLED');
    await world.drain();
    const again = await world.deps.store.load(ACCOUNT, { kind: 'SLOT', ref: REF });
    world.venue.fill(first, '1');
    const [next] = world.venue.outbox.splice(0, 1);
    if (next === undefined) throw new Error('nothing was told');
    await world.deliverWebhook(next);
    await applyEvent(world.deps, { type: 'ENTRY_WANTED', ref: REF, maySteal: false }, trace, again);
    expect(world.order('AAPL').quantity.toFixed()).toBe('7');
  });

  it('EX-7 what is less than a lot between two slices is kept: the next makes it more', async () => {
    const world = await World.open();
    listOnly(world, { lotSize: d(1) });
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: '120', style: TWAP }]);
    await world.tick(NEAR);
    world.venue.fill(liveEntry(world).clientOrderId, '0.5');
    await world.drain();
    await later(world, 10, { AAPL: '102' });
    await later(world, 1, { AAPL: '102' });
    expect([world.state('AAPL'), world.held('AAPL')]).toEqual(['NONE/OPEN', '0.5']);
    await world.tick(THROUGH);
    expect(world.held('AAPL')).toBe('3.5');
  });

  it('SL-9 a slice that is refused waits for the next price, and too many rest', async () => {
    const world = await opened(TWAP);
    world.venue.next('place', ...Array.from({ length: 9 }, () => ({ kind: 'REFUSED', code: 'NOT_NOW' }) as const));
    await world.tick(NEAR);
    expect(world.venue.departed.length).toBe(1);
    for (let count = 0; count < 8; count += 1) await later(world, 10, NEAR);
    expect([world.venue.departed.length, await want(world)]).toEqual([4, 'MAX_ORDER_RETRIES']);
  });
});

describe('EX-1 EW-6 KS-1 a TWAP cancelled in the middle', () => {
  const halfWay = async (given: Partial<WatchInput> = {}): Promise<World> => {
    const world = await opened(TWAP, given);
    await world.tick(THROUGH);
    await later(world, 10);
    await later(world, 10, NEAR);
    expect([world.held('AAPL'), liveEntry(world).quantity.toFixed()]).toEqual(['4', '2']);
    return world;
  };

  const endsAtFour = async (world: World): Promise<void> => {
    await world.drain();
    for (let count = 0; count < 4; count += 1) await later(world, 10);
    expect([world.state('AAPL'), world.held('AAPL'), bought(world), world.slot('AAPL').parts]).toEqual(['NONE/OPEN', '4', '4', null]);
    expect(world.stopOrder('AAPL').quantity.toFixed()).toBe('4');
  };

  it('by its withdrawal: the slice at work is cancelled, none follows, what is bought stays and is covered', async () => {
    const world = await halfWay();
    await world.plan(2, []);
    await endsAtFour(world);
  });

  it('by its expiry', async () => {
    const world = await halfWay({ expiresAt: Date.UTC(2025, 5, 4, 15, 0, 25) });
    world.now = Date.UTC(2025, 5, 4, 15, 0, 25);
    await world.session('EXPIRY');
    await endsAtFour(world);
  });

  it('by a plan that enters otherwise, or wants no more than is bought', async () => {
    const other = await halfWay();
    await other.plan(2, [{ symbol: 'AAPL', takeProfit: '120' }]);
    await endsAtFour(other);
    const less = await halfWay();
    await less.plan(2, [{ symbol: 'AAPL', takeProfit: '120', quantity: '4', style: { ...TWAP, slices: 2 } }]);
    await endsAtFour(less);
  });

  it('by a halt it only rests: it goes on when that is lifted, and ends with what was wanted', async () => {
    const world = await halfWay();
    await world.kill('HALTED');
    await world.drain();
    await later(world, 20);
    expect([world.state('AAPL'), world.held('AAPL'), await want(world)]).toEqual(['NONE/OPEN', '4', 'KILL_SWITCH']);
    await world.kill('ACTIVE');
    await later(world, 20);
    expect([bought(world), world.slot('AAPL').attempts.count]).toEqual(['10', 1]);
  });

  it('by its stop: the slice at work is cancelled, and what enters next is an entry of its own', async () => {
    const world = await halfWay({ maxAttempts: 2 });
    const part = liveEntry(world).clientOrderId;
    const stop = world.stopOrder('AAPL').clientOrderId;
    world.venue.fill(stop, '4', '95');
    await world.drain();
    expect([world.state('AAPL'), world.venue.order(part).status, world.slot('AAPL').parts]).toEqual(['NONE/FLAT', 'CANCELLED', null]);
    await later(world, 10);
    expect([world.held('AAPL'), world.slot('AAPL').attempts.count, world.slot('AAPL').parts?.filled.toFixed()]).toEqual(['2', 2, '2']);
  });

  it('by its stop while a slice is on its way: that is cancelled as soon as it is acknowledged', async () => {
    const world = await opened(TWAP);
    await world.tick(THROUGH);
    const stop = world.stopOrder('AAPL').clientOrderId;
    world.now += 9000;
    await world.see(NEAR);
    expect(world.state('AAPL')).toBe('PLACING/OPEN');
    world.venue.fill(stop, '2', '95');
    const told = world.venue.outbox.splice(0);
    for (const webhook of told) await world.deliverWebhook(webhook);
    expect([world.state('AAPL'), world.slot('AAPL').parts?.isOver]).toEqual(['PLACING/FLAT', true]);
    await world.drain();
    expect([world.state('AAPL'), entries(world).map(({ status }) => status)]).toEqual(['NONE/FLAT', ['FILLED', 'CANCELLED']]);
  });

  it('SL-7 no slice is bought at a price that sells the ones before', async () => {
    const world = await opened(TWAP, { stop: '99' });
    await world.tick(THROUGH);
    world.now += 10_000;
    await world.quote({ AAPL: '98.9' });
    expect([await want(world), sizes(world)]).toEqual(['EXIT_DUE', ['2']]);
    await world.quote({ AAPL: '99.1' });
    expect(world.state('AAPL')).toBe('PLACING/OPEN');
  });
});

describe('EX-1 EX-3 EW-6 a newer plan in the middle of a TWAP', () => {
  it('more is wanted: the slices go on to that, and the one at work stays', async () => {
    const world = await opened(TWAP);
    await world.tick(THROUGH);
    await later(world, 10, NEAR);
    const { clientOrderId } = liveEntry(world);
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', quantity: '20', style: TWAP }]);
    await world.drain();
    expect([liveEntry(world).clientOrderId, liveEntry(world).quantity.toFixed()]).toEqual([clientOrderId, '2']);
    for (let count = 0; count < 6; count += 1) await later(world, 10);
    expect([bought(world), world.slot('AAPL').attempts.count]).toEqual(['20', 1]);
  });

  it('another limit: the slice at work moves there, as large as it is', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    const { clientOrderId } = liveEntry(world);
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', limit: '99.95', style: TWAP }]);
    await world.drain();
    const order = world.venue.order(clientOrderId);
    expect([order.status, order.limit?.toFixed(), order.quantity.toFixed()]).toEqual(['OPEN', '99.95', '2']);
  });

  it('less than is at work: that is replaced by what is left', async () => {
    const world = await opened(TWAP);
    await world.tick(NEAR);
    await later(world, 55, NEAR);
    expect(liveEntry(world).quantity.toFixed()).toBe('10');
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', quantity: '6', style: TWAP }]);
    await world.drain();
    await later(world, 1, NEAR);
    expect(liveEntry(world).quantity.toFixed()).toBe('6');
  });
});

describe('EX-1 WS-2 WS-8 a TWAP and the room of others', () => {
  it('stolen from in the middle it takes its slices up again, and ends with exactly what was wanted', async () => {
    // A cap of 1100: the slice at work has 200 of it, and the thief lacks 100.
    const world = await afterStepOne({ victim: { style: { kind: 'TWAP', slices: 4, durationSeconds: 40 } } });
    expect([world.state('AAPL'), world.state('MSFT')]).toEqual(['YIELDING/FLAT', 'WAITING/FLAT']);
    world.venue.fill(world.order('AAPL').clientOrderId, '0.5');
    await world.drain();
    expect([world.state('AAPL'), world.state('MSFT'), world.slot('AAPL').parts?.filled.toFixed()]).toEqual(['NONE/OPEN', 'WORKING/FLAT', '0.5']);
    world.venue.equityNow = d('5000');
    for (let count = 0; count < 6; count += 1) await later(world, 10);
    await world.reconcile();
    for (let count = 0; count < 3; count += 1) await later(world, 10);
    expect([bought(world), world.slot('AAPL').attempts.count]).toEqual(['8', 1]);
  });

  it('as a thief it takes room for its slice, and is placed as that', async () => {
    // The thief's slice needs 500; 300 are free, and its victim gives back 800.
    const world = await afterStepOne({ thief: { style: { kind: 'TWAP', slices: 2, durationSeconds: 20 } } });
    const { entry } = world.slot('MSFT');
    expect(entry).toMatchObject({ status: 'WAITING', needed: d(500), quantity: d(5) });
    await world.drain();
    expect([world.order('MSFT').quantity.toFixed(), world.free(), world.slot('MSFT').parts?.filled.toFixed()]).toEqual(['5', '600', '0']);
    await world.tick({ MSFT: '99.9' });
    await later(world, 20, { MSFT: '99.9' });
    expect([bought(world, 'MSFT'), world.slot('MSFT').parts]).toEqual(['10', null]);
  });

  it('a later slice may steal as well, and its position does not stand in its way', async () => {
    const world = await World.open({ equity: '550' });
    const thief = { symbol: 'MSFT', takeProfit: '120', style: { kind: 'TWAP', slices: 2, durationSeconds: 20 } } as const;
    await world.plan(1, [{ symbol: 'AAPL', quantity: '6', takeProfit: '120' }, thief]);
    await world.tick({ MSFT: '99.9' });
    await world.tick({ AAPL: '100.6' });
    expect([world.held('MSFT'), world.state('AAPL'), world.free()]).toEqual(['5', 'WORKING/FLAT', '0']);
    await later(world, 20, { MSFT: '100.1' });
    expect([world.state('MSFT'), world.state('AAPL'), world.order('MSFT').quantity.toFixed()]).toEqual(['WORKING/OPEN', 'NONE/FLAT', '5']);
  });

  it('a slice that waited for its victim while its position ended is not placed, and the room returns', async () => {
    const world = await World.open({ equity: '550' });
    const thief = { symbol: 'MSFT', takeProfit: '120', maxAttempts: 1, style: { kind: 'TWAP', slices: 2, durationSeconds: 20 } } as const;
    await world.plan(1, [{ symbol: 'AAPL', quantity: '6', takeProfit: '120' }, thief]);
    await world.tick({ MSFT: '99.9' });
    await world.tick({ AAPL: '100.6' });
    world.now += 19_000;
    await world.see({ MSFT: '100.1' });
    await world.step((queued) => queued.message.kind === 'STEAL');
    expect(world.state('MSFT')).toBe('WAITING/OPEN');
    world.venue.fill(world.stopOrder('MSFT').clientOrderId, '5', '95');
    await world.drain();
    expect([world.state('MSFT'), sizes(world, 'MSFT'), world.slot('MSFT').parts, world.free()]).toEqual(['NONE/FLAT', ['5'], null, '1100']);
    expect(world.telemetry.fields('STEAL_ENDED', 'reason')).toEqual(['CHANGED']);
  });

  it('a slice that does not fit waits, and the ones before keep what they have', async () => {
    const world = await opened(TWAP, {}, { equity: '250' });
    await world.tick(THROUGH);
    await later(world, 10);
    await later(world, 10);
    expect([world.held('AAPL'), world.free()]).toEqual(['4', '100']);
    await later(world, 20);
    expect(world.held('AAPL')).toBe('4');
  });
});

describe('EX-1 icebergs', () => {
  it('refill as soon as what they show has filled, at a venue that has none', async () => {
    const world = await opened(ICEBERG);
    await world.tick(NEAR);
    expect([sizes(world), world.free()]).toEqual([['3'], '19700']);
    world.venue.fill(liveEntry(world).clientOrderId, '1');
    await world.drain();
    expect(sizes(world)).toEqual(['3']);
    world.venue.fill(liveEntry(world).clientOrderId, '2');
    await world.drain();
    expect([sizes(world), world.stopOrder('AAPL').quantity.toFixed()]).toEqual([['3', '3'], '3']);
    await world.tick(THROUGH);
    expect([sizes(world), bought(world), world.slot('AAPL').attempts.count]).toEqual([['3', '3', '3', '1'], '10', 1]);
  });

  it('SL-4 a last part whose own stop would be too small is bought all the same: one stop covers all of it', async () => {
    const world = await World.open();
    listOnly(world, { minNotional: d(100) });
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: '120', style: ICEBERG }]);
    await world.tick(THROUGH);
    expect([sizes(world), world.stopOrder('AAPL').quantity.toFixed()]).toEqual([['3', '3', '3', '1'], '10']);
  });

  it('are one order where the venue keeps them itself', async () => {
    const world = await opened(ICEBERG, {}, { traits: { icebergs: true } });
    await world.tick(NEAR);
    expect([liveEntry(world).quantity.toFixed(), liveEntry(world).shown?.toFixed(), world.slot('AAPL').parts]).toEqual(['10', '3', null]);
  });

  it('a refill whose asking was lost is asked for by the next price', async () => {
    const world = await opened(ICEBERG);
    await world.tick(NEAR);
    world.now += 200_000;
    world.venue.fill(liveEntry(world).clientOrderId, '3');
    await world.drain();
    expect(sizes(world)).toEqual(['3']);
    await world.tick(NEAR);
    expect(sizes(world)).toEqual(['3', '3']);
  });
});

describe('EX-1 EX-3 an order that only rests', () => {
  it('is not sent at a price that it would trade at, the limit itself among them, and is post-only', async () => {
    const world = await opened({ kind: 'MAKER' });
    await world.tick(THROUGH);
    expect([world.state('AAPL'), await want(world)]).toEqual(['NONE/FLAT', 'WOULD_CROSS_SPREAD']);
    await world.tick({ AAPL: '100' });
    expect([world.state('AAPL'), await want(world)]).toEqual(['NONE/FLAT', 'WOULD_CROSS_SPREAD']);
    await world.tick({ AAPL: '100.01' });
    expect([liveEntry(world).timeInForce, world.state('AAPL')]).toEqual(['POST_ONLY', 'WORKING/FLAT']);
  });

  it('SL-9 a venue that finds it crossing has not refused it: it is tried at every price', async () => {
    const world = await opened({ kind: 'MAKER' });
    world.venue.setPrice('AAPL', d('99'));
    for (let count = 0; count < 6; count += 1) {
      await world.quote(NEAR);
      await world.drain();
    }
    expect([world.venue.departed.length, world.slot('AAPL').attempts.refused, world.state('AAPL')]).toEqual([6, 0, 'NONE/FLAT']);
    await world.tick(NEAR);
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('is not moved to a price that crosses, and stays where it rests', async () => {
    const world = await opened({ kind: 'MAKER' });
    await world.tick({ AAPL: '100.1' });
    const { clientOrderId } = liveEntry(world);
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', limit: '100.1', style: { kind: 'MAKER' } }]);
    await world.drain();
    expect([world.venue.order(clientOrderId).limit?.toFixed(), world.venue.callsOf('amend'), world.venue.callsOf('cancel')]).toEqual(['100', [], []]);
    await world.plan(3, [{ symbol: 'AAPL', takeProfit: '120', limit: '100.09', style: { kind: 'MAKER' } }]);
    await world.drain();
    expect(world.venue.order(clientOrderId).limit?.toFixed()).toBe('100.09');
  });

  it('stays where it rests when the venue finds the move crossing', async () => {
    const world = await opened({ kind: 'MAKER' });
    await world.tick(NEAR);
    const { clientOrderId } = liveEntry(world);
    world.venue.next('amend', { kind: 'REFUSED', code: 'WOULD_CROSS_SPREAD' });
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', limit: '100.2', style: { kind: 'MAKER' } }]);
    await world.drain();
    expect([world.venue.order(clientOrderId).status, world.state('AAPL'), world.venue.callsOf('cancel')]).toEqual(['OPEN', 'WORKING/FLAT', []]);
  });

  it('EW-5 EW-6 a plan that came while the move was out is applied once it has crossed, and the order expires like any', async () => {
    const world = await opened({ kind: 'MAKER' });
    await world.tick(NEAR);
    world.venue.next('amend', { kind: 'REFUSED', code: 'WOULD_CROSS_SPREAD' });
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', limit: '100.2', style: { kind: 'MAKER' } }]);
    await world.plan(3, [{ symbol: 'AAPL', takeProfit: '120', limit: '99.8', style: { kind: 'MAKER' } }]);
    expect(world.slot('AAPL').pending?.kind).toBe('WATCH');
    await world.drain();
    expect([liveEntry(world).limit?.toFixed(), world.slot('AAPL').pending]).toEqual(['99.8', null]);
    world.now = world.slot('AAPL').watch?.expiresAt ?? 0;
    await world.reconcile();
    await world.drain();
    expect([world.state('AAPL'), world.slot('AAPL').watch]).toEqual(['NONE/FLAT', null]);
  });

  it('takes the place of an order of another kind, which is not amended into it', async () => {
    const world = await opened({ kind: 'PLAIN' });
    await world.tick(NEAR);
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: '120', style: { kind: 'MAKER' } }]);
    await world.drain();
    await world.tick(NEAR);
    expect(entries(world).map(({ timeInForce, status }) => [timeInForce, status])).toEqual([['GTC', 'CANCELLED'], ['POST_ONLY', 'OPEN']]);
  });
});

describe('EX-1 an order that never rests', () => {
  it('is sent where it would trade, and no sooner', async () => {
    const world = await opened({ kind: 'TAKER' });
    await world.tick(NEAR);
    expect(sizes(world)).toEqual([]);
    await world.tick({ AAPL: '100' });
    expect([entries(world)[0]?.timeInForce, bought(world), world.state('AAPL')]).toEqual(['IOC', '10', 'NONE/OPEN']);
  });

  it('EW-3 nor is it forced: out of hours it would only end, price after price', async () => {
    const world = await World.open({ at: SATURDAY });
    world.venue.setPrice('BTC/USD', d(1000));
    await world.plan(1, [{ symbol: 'BTC/USD', limit: '900', quantity: '1', takeProfit: '1100', style: { kind: 'TAKER' } }]);
    for (let count = 0; count < 3; count += 1) await world.tick({ 'BTC/USD': '1000' });
    expect(sizes(world, 'BTC/USD')).toEqual([]);
    await world.tick({ 'BTC/USD': '900' });
    expect(bought(world, 'BTC/USD')).toBe('1');
  });

  it('EW-6 SL-9 unfilled it has ended, was not refused, is no entry, and is sent anew at the next price', async () => {
    const world = await opened({ kind: 'TAKER' });
    world.venue.setPrice('AAPL', d('101'));
    for (let count = 0; count < 6; count += 1) {
      await world.quote(THROUGH);
      await world.drain();
    }
    expect([sizes(world).length, world.slot('AAPL').attempts, world.state('AAPL'), world.free()]).toEqual([
      6, expect.objectContaining({ count: 0, refused: 0 }), 'NONE/FLAT', '20000',
    ]);
    expect(new Set(world.venue.departed).size).toBe(6);
    await world.tick(THROUGH);
    expect(bought(world)).toBe('10');
  });

  it('filled in part it has entered: what is left has ended, and none follows', async () => {
    const world = await opened({ kind: 'TAKER' });
    world.venue.fillShare = new Decimal('0.4');
    await world.tick(THROUGH);
    expect([bought(world), world.state('AAPL'), world.stopOrder('AAPL').quantity.toFixed(), world.free()]).toEqual(['4', 'NONE/OPEN', '4', '19600']);
    await world.tick(THROUGH);
    expect([sizes(world), world.slot('AAPL').attempts.count]).toEqual([['10'], 1]);
  });
});
