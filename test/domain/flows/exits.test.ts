import { describe, expect, it } from '@jest/globals';
import { holdEndsAt } from '../../../shared/domain/exit-due.ts';
import { NOON, SATURDAY } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import type { WorldOptions } from '../../support/world.ts';
import { World } from '../../support/world.ts';

const HOUR = 3600;

/** A position of 10, bought at 100 a second after the world opened. */
const holding = async (watch: Partial<WatchInput> = {}, options: WorldOptions = {}): Promise<World> => {
  const world = await World.open(options);
  const symbol = watch.symbol ?? 'AAPL';
  await world.plan(1, [{ symbol, takeProfit: '110', ...watch }]);
  await world.tick({ [symbol]: '99.9' });
  expect(world.held(symbol)).toBe(watch.quantity ?? '10');
  return world;
};

const reasons = (world: World): unknown[] => world.telemetry.notes.filter((note) => note.name === 'EXIT_PLANNED').map((note) => note.fields['reason']);

describe('EW-6 the take-profit', () => {
  it('sells when the price reaches it, at its price or better, with an order that does not rest', async () => {
    const world = await holding();
    await world.tick({ AAPL: '109.99' });
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    await world.see({ AAPL: '110' });
    // Its stop is cancelled first, and the answer to that plans the sale.
    await world.step();
    expect([world.exit('AAPL').limit?.toFixed(), world.exit('AAPL').side]).toEqual(['110', 'sell']);
    await world.drain();
    expect([world.state('AAPL'), world.free(), reasons(world)]).toEqual(['NONE/FLAT', '20000', ['TAKE_PROFIT']]);
  });

  it('missed, because the price moved away, is tried again on the next price', async () => {
    const world = await holding();
    await world.see({ AAPL: '110.1' });
    world.venue.prices.set('AAPL', world.venue.prices.get('AAPL')?.minus(2) ?? world.venue.equityNow);
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    await world.tick({ AAPL: '110.2' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('filled in part, sells the rest on the next price', async () => {
    const world = await holding();
    world.venue.fillShare = world.venue.fillShare.times('0.4');
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '6', '19400']);
    world.venue.fillShare = world.venue.fillShare.times('2.5');
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
  });

  it('takes what it sells from the oldest lots', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: '110' }]);
    await world.tick({ AAPL: '100.5' });
    world.venue.fill(world.order('AAPL').clientOrderId, '6', '99');
    world.venue.fill(world.order('AAPL').clientOrderId, '4', '98');
    await world.drain();
    world.venue.fillShare = world.venue.fillShare.times('0.7');
    await world.tick({ AAPL: '110.1' });
    expect(world.free()).toBe('19706');
  });

  it('not while NYSE is closed', async () => {
    const world = await holding({}, { at: Date.UTC(2025, 5, 4, 18) });
    world.now = Date.UTC(2025, 5, 4, 20);
    await world.tick({ AAPL: '111' });
    expect(world.state('AAPL')).toBe('NONE/OPEN');
  });
});

describe('EW-6 SL-6 an exit that fails', () => {
  it.each(['REJECTED', 'CANCELLED', 'EXPIRED'] as const)('%s by the venue leaves the position open, and is retried', async (status) => {
    const world = await holding({ maxHold: { seconds: 60, barSeconds: null }, takeProfit: null });
    world.now += 60_000;
    world.venue.fillShare = world.venue.fillShare.times(0);
    await world.tick({ AAPL: '100' });
    expect(world.state('AAPL')).toBe('NONE/EXITING');
    world.venue.end(world.exit('AAPL').clientOrderId, status);
    await world.drain();
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '10', '19000']);
    world.venue.fillShare = world.venue.fillShare.plus(1);
    await world.tick({ AAPL: '100' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('refused at once is retried on the next price', async () => {
    const world = await holding();
    world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
    await world.tick({ AAPL: '110.1' });
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    await world.tick({ AAPL: '110.1' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('unknown is looked up and never sold twice (EX-9)', async () => {
    const world = await holding();
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.tick({ AAPL: '110.1' });
    await world.tick({ AAPL: '110.2' });
    expect([world.state('AAPL'), world.venue.departed.length]).toEqual(['NONE/EXITING', 3]);
    await world.pass(5);
    expect([world.state('AAPL'), world.venue.held('AAPL').toFixed()]).toEqual(['NONE/FLAT', '0']);
  });

  it('absent once the quiet time is over, is planned anew under another id (EX-9, EX-11)', async () => {
    const world = await holding();
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.tick({ AAPL: '110.1' });
    const first = world.exit('AAPL').clientOrderId;
    await world.pass(30);
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), world.venue.departed.includes(first)]).toEqual(['NONE/FLAT', true]);
    // An entry, its stop, the sale that got lost, the stop put back meanwhile, and the sale again.
    expect(new Set(world.venue.departed).size).toBe(5);
  });

  it('cancels an entry that is still buying into what is being sold', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: '110' }]);
    await world.tick({ AAPL: '100.5' });
    world.venue.fill(world.order('AAPL').clientOrderId, '4');
    await world.drain();
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), world.free(), world.venue.live().length]).toEqual(['NONE/FLAT', '20000', 0]);
  });

  it('a part of an entry that turns up while its position is being sold is sold after it', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: '110' }]);
    await world.tick({ AAPL: '100.5' });
    const entry = world.order('AAPL').clientOrderId;
    world.venue.fill(entry, '4');
    await world.drain();
    world.venue.end(entry, 'CANCELLED');
    await world.drain();
    await world.see({ AAPL: '110.1' });
    await world.step();
    expect(world.state('AAPL')).toBe('NONE/EXITING');
    world.venue.fill(entry, '1', '100');
    await world.drain();
    expect([world.state('AAPL'), world.held('AAPL')]).toEqual(['NONE/OPEN', '1']);
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
  });

  it('a part of an exit that is told of after its cancel is taken off the position', async () => {
    const world = await holding({ maxHold: { seconds: 60, barSeconds: null }, takeProfit: null });
    world.now += 60_000;
    world.venue.fillShare = world.venue.fillShare.times(0);
    await world.tick({ AAPL: '100' });
    const exit = world.exit('AAPL').clientOrderId;
    world.venue.end(exit, 'CANCELLED');
    await world.drain();
    world.venue.fill(exit, '10', '101');
    await world.drain();
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
  });
});

describe('EW-6 maxHold', () => {
  it('without bars ends so many seconds after the first fill', async () => {
    const world = await holding({ maxHold: { seconds: 600, barSeconds: null }, takeProfit: null });
    const opened = world.now;
    world.now = opened + 600_000 - 1001;
    await world.tick({ AAPL: '100' });
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    world.now = opened + 599_000;
    await world.tick({ AAPL: '100' });
    expect([world.state('AAPL'), reasons(world)]).toEqual(['NONE/FLAT', ['MAX_HOLD']]);
  });

  it.each([
    ['a fill at the start of its bar', 0],
    ['a fill in the middle', 30 * 60_000],
    ['a fill at its last millisecond', HOUR * 1000 - 1],
  ])('with bars ends a minute before the close of the fourth bar after it: %s', (_, into) => {
    const bar = Math.floor(NOON / (HOUR * 1000)) * HOUR * 1000;
    expect(holdEndsAt(bar + into, { seconds: 4 * HOUR, barSeconds: HOUR })).toBe(bar + 5 * HOUR * 1000 - 60_000);
  });

  it('counts from the first fill, not from later parts', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', takeProfit: null, maxHold: { seconds: 600, barSeconds: null } }]);
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '4');
    await world.drain();
    world.now += 300_000;
    world.venue.fill(clientOrderId, '6');
    await world.drain();
    world.now += 299_000;
    await world.tick({ AAPL: '100.5' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });
});

describe('SL-6 MH-1 MH-3 the auto-exit of stocks', () => {
  it.each([
    ['on a usual day 45 minutes before 16:00', Date.UTC(2025, 5, 4, 15), Date.UTC(2025, 5, 4, 19, 15)],
    ['on an early-close day 45 minutes before 13:00', Date.UTC(2025, 6, 3, 15), Date.UTC(2025, 6, 3, 16, 15)],
    ['in winter, by New York\'s clock', Date.UTC(2025, 0, 15, 16), Date.UTC(2025, 0, 15, 20, 15)],
    ['on the Friday before New York\'s clocks go forward', Date.UTC(2025, 2, 7, 16), Date.UTC(2025, 2, 7, 20, 15)],
    ['on the Monday after, an hour sooner in UTC', Date.UTC(2025, 2, 10, 16), Date.UTC(2025, 2, 10, 19, 15)],
    ['on the Friday before they go back', Date.UTC(2025, 9, 31, 16), Date.UTC(2025, 9, 31, 19, 15)],
    ['on the Monday after, an hour later in UTC', Date.UTC(2025, 10, 3, 16), Date.UTC(2025, 10, 3, 20, 15)],
  ])('%s', async (_, at, exitAt) => {
    const world = await holding({ takeProfit: null }, { at });
    world.now = exitAt - 1;
    await world.readEquity();
    await world.session('AUTO_EXIT');
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    world.now = exitAt;
    await world.session('AUTO_EXIT');
    await world.drain();
    expect([world.state('AAPL'), reasons(world)]).toEqual(['NONE/FLAT', ['AUTO_EXIT']]);
  });

  it('leaves crypto alone', async () => {
    const world = await holding({ symbol: 'BTC/USD', takeProfit: null });
    world.now = Date.UTC(2025, 5, 4, 19, 30);
    await world.session('AUTO_EXIT');
    expect(world.state('BTC/USD')).toBe('NONE/OPEN');
  });

  it('that did not come about is made up for at the next open, not in the night', async () => {
    const world = await holding({ takeProfit: null });
    world.now = Date.UTC(2025, 5, 4, 23);
    await world.session('AUTO_EXIT');
    expect(world.state('AAPL')).toBe('NONE/OPEN');
    world.now = Date.UTC(2025, 5, 5, 13, 30);
    await world.session('AUTO_EXIT');
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('cancels an entry that could still fill too late, and the watch enters again the next day', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', expiresAt: Date.UTC(2025, 5, 6, 20) }]);
    await world.tick({ AAPL: '100.5' });
    world.now = Date.UTC(2025, 5, 4, 19, 15);
    await world.session('AUTO_EXIT');
    await world.drain();
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
    world.now = Date.UTC(2025, 5, 5, 14);
    await world.tick({ AAPL: '100.5' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });
});

describe('WS-12 the end of a probe', () => {
  it('a probe position is closed when it has lasted more than a day', async () => {
    const world = await holding({ symbol: 'BTC/USD', quantity: '2', mode: 'probe', takeProfit: null }, { at: SATURDAY });
    const opened = world.now;
    world.now = opened + 86_400_000 - 1000;
    await world.tick({ 'BTC/USD': '100' });
    expect(world.state('BTC/USD')).toBe('NONE/OPEN');
    await world.tick({ 'BTC/USD': '100' });
    expect([world.state('BTC/USD').endsWith('FLAT'), reasons(world)]).toEqual([true, ['PROBE_EXPIRED']]);
  });

  it('one above the limit is promoted at intake, says so (WS-11), and is held like any other', async () => {
    const world = await holding({ symbol: 'BTC/USD', quantity: '45', mode: 'probe', takeProfit: null }, { at: SATURDAY });
    expect(world.telemetry.messages('PROBE_PROMOTED')).toEqual(['BTCUSD: Position notional $4500 exceeds probe limit $300; promoting to normal']);
    world.now += 3 * 86_400_000;
    await world.tick({ 'BTC/USD': '100' });
    expect(world.state('BTC/USD')).toBe('NONE/OPEN');
  });
});
