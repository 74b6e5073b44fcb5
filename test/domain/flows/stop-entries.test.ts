// Entries of kind `stop`: triggered, entered by a stop order, entered again, too old, refused (SL-1 to SL-3, SL-8, SL-9).
import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../../shared/domain/decision.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import { d } from '../../support/builders.ts';
import { MINUTE, OPENS, SIDES, armedLife, commitsWith, openLife, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life } from '../../support/lifecycle-world.ts';

const TIMEOUT = 15 * MINUTE;

const slotChange = (fits: (after: Slot, before: Slot | null) => boolean) => (change: Change): boolean =>
  change.kind === 'SLOT' && fits(change.after, change.before);

const triggering = slotChange((after, before) => after.triggered !== null && before?.triggered === null);
const claiming = slotChange((after) => after.entry.status === 'PLACING');
const notes = (life: Life, name: string): number => life.world.telemetry.messages(name).length;

describe.each(SIDES)('SL-1 the trigger of a %s', (_, side) => {
  it('at its price triggers, claims and plans the order in one commit', async () => {
    const life = await watchingLife(side);
    await life.see('99');
    expect([life.state, life.slot.triggered]).toEqual(['PLACING/FLAT', '2025-06-04']);
    expect(commitsWith(life, triggering)).toHaveLength(1);
    expect(commitsWith(life, triggering)).toEqual(commitsWith(life, claiming));
    expect(notes(life, 'TRIGGERED')).toBe(1);
  });

  it('a tick away from it does nothing', async () => {
    const life = await watchingLife(side);
    await life.tick('99.01');
    expect([life.state, life.slot.triggered, life.world.venue.departed]).toEqual(['NONE/FLAT', null, []]);
  });

  it('waits at the venue as a stop order at the entry price, and fills there', async () => {
    const life = await armedLife(side);
    const { limit, stopPrice } = life.entry;
    expect([life.state, limit, stopPrice?.toFixed(), life.world.free()]).toEqual(['WORKING/FLAT', null, '100', '19000']);
    await life.tick('99.99');
    expect(life.state).toBe('WORKING/FLAT');
    await life.tick('100');
    expect([life.state, life.held, life.atVenue]).toEqual(['NONE/OPEN', '10', '10']);
  });

  it.each([
    ['before the open', OPENS - 1, false],
    ['at the open', OPENS, false],
    ['in the last millisecond of the first minute', OPENS + MINUTE - 1, false],
    ['when the first minute is over', OPENS + MINUTE, true],
    ['in the last millisecond of its window', OPENS + 60 * MINUTE - 1, true],
    ['at the end of its window', OPENS + 60 * MINUTE, false],
    ['long after it', OPENS + 180 * MINUTE, false],
  ])('%s', async (__, at, triggers) => {
    const life = await watchingLife(side, { at: OPENS - 10 * MINUTE });
    await life.tickAt(at, '98.5');
    expect([life.state, life.slot.triggered]).toEqual(triggers ? ['WORKING/FLAT', '2025-06-04'] : ['NONE/FLAT', null]);
  });

  it.each([
    ['with the first minutes of its own', { ignoreInitialMinutes: 5 }, OPENS + 5 * MINUTE - 1, OPENS + 5 * MINUTE],
    ['with a window of its own', { triggerWindowMinutes: 90 }, OPENS + 90 * MINUTE, OPENS + 90 * MINUTE - 1],
  ])('a watch %s goes by it', async (__, settings, outside, inside) => {
    for (const [at, state] of [[outside, 'NONE/FLAT'], [inside, 'WORKING/FLAT']] as const) {
      const life = await watchingLife(side, { at: OPENS, watch: { settings } });
      await life.tickAt(at, '99');
      expect(life.state).toBe(state);
    }
  });

  it('with no attempts left it triggers and claims nothing', async () => {
    const life = await openLife(side, { watch: { maxAttempts: 1 } });
    await life.tick('99.8');
    expect([life.state, life.slot.triggered]).toEqual(['NONE/FLAT', null]);
    await life.tick('99');
    expect([life.state, life.slot.triggered, life.slot.attempts.count]).toEqual(['NONE/FLAT', '2025-06-04', 1]);
    expect(await life.want()).toBe('MAX_ATTEMPTS');
  });

  it('without room it triggers, and claims by SL-2 once there is some', async () => {
    const life = await watchingLife(side, { equity: '400' });
    await life.tick('99');
    expect([life.state, life.slot.triggered]).toEqual(['NONE/FLAT', '2025-06-04']);
    life.world.venue.equityNow = d(10_000);
    await life.tick('99.6');
    expect([life.state, notes(life, 'TRIGGERED')]).toEqual(['WORKING/FLAT', 1]);
  });

  it('without room it triggers once, however many prices follow', async () => {
    const life = await watchingLife(side, { equity: '400' });
    for (const price of ['99', '98.9', '98.8']) await life.tick(price);
    expect([notes(life, 'TRIGGERED'), commitsWith(life, triggering).length]).toEqual([1, 1]);
  });

  it('halted it neither triggers nor claims (KS-1)', async () => {
    const life = await watchingLife(side);
    await life.world.kill('REDUCING');
    await life.tick('99');
    expect([life.state, life.slot.triggered]).toEqual(['NONE/FLAT', null]);
  });

  it('counts for the same trigger price only: a plan with another waits for its own', async () => {
    const life = await armedLife(side);
    const moved = { symbol: 'AAPL', side, trigger: life.p('98'), limit: life.p('100'), quantity: '10' };
    await life.world.plan(2, [moved]);
    await life.drain();
    await life.world.plan(3, []);
    await life.drain();
    await life.world.plan(4, [moved]);
    await life.tick('99');
    expect([life.state, life.slot.triggered]).toEqual(['NONE/FLAT', null]);
    await life.tick('98');
    expect(life.state).toBe('WORKING/FLAT');
  });
});

describe('SL-1 MH-1 the trigger window around the days on which New York\'s clocks change', () => {
  it.each([
    ['the Friday before they go forward', '2025-03-07', Date.UTC(2025, 2, 7, 14, 30)],
    ['the Monday after', '2025-03-10', Date.UTC(2025, 2, 10, 13, 30)],
    ['the Friday before they go back', '2025-10-31', Date.UTC(2025, 9, 31, 13, 30)],
    ['the Monday after', '2025-11-03', Date.UTC(2025, 10, 3, 14, 30)],
  ])('%s, %s: opens and ends by New York\'s time', async (_, date, opens) => {
    for (const [at, triggers] of [[opens + MINUTE - 1, false], [opens + MINUTE, true], [opens + 60 * MINUTE - 1, true], [opens + 60 * MINUTE, false]] as const) {
      const life = await watchingLife('buy', { at: opens - 10 * MINUTE });
      await life.tickAt(at, '99');
      expect([life.state, life.slot.triggered]).toEqual(triggers ? ['WORKING/FLAT', date] : ['NONE/FLAT', null]);
    }
  });
});

describe.each([
  ['NSE-like hours, 09:15 to 15:30 Asia/Kolkata', 'NSE', 'AAPL', Date.UTC(2025, 5, 4, 3, 45)],
  ['a market that never closes, whose day begins at 00:00 UTC', 'ALWAYS', 'BTC/USD', Date.UTC(2025, 5, 4)],
] as const)('SL-1 MH-3 %s', (_, hours, symbol, opens) => {
  it.each([
    ['before its day', opens - 1, false],
    ['in the first minute', opens + MINUTE - 1, false],
    ['after it', opens + MINUTE, true],
    ['before the end of the window', opens + 60 * MINUTE - 1, true],
    ['at its end', opens + 60 * MINUTE, false],
  ])('triggers by its own clock: %s', async (__, at, triggers) => {
    const life = await watchingLife('buy', { at: opens - 10 * MINUTE, watch: { symbol, hours } });
    await life.tickAt(at, '99');
    expect([life.state, life.slot.triggered]).toEqual(triggers ? ['WORKING/FLAT', '2025-06-04'] : ['NONE/FLAT', null]);
  });
});

describe.each(SIDES)('SL-2 the next entry of a %s', (_, side) => {
  it('after an exit needs a new trigger, in its window (SL-8)', async () => {
    const life = await openLife(side);
    await life.tick('99.8');
    expect([life.state, life.closings]).toEqual(['NONE/FLAT', ['STOP_FILLED']]);
    await life.tick('99.5');
    expect([life.state, await life.want()]).toEqual(['NONE/FLAT', 'AWAY']);
    await life.tick('99');
    expect(life.state).toBe('WORKING/FLAT');
  });

  it('after an exit when the window is over does not come that day', async () => {
    const life = await openLife(side);
    await life.tick('99.8');
    await life.tickAt(OPENS + 61 * MINUTE, '98');
    expect(life.state).toBe('NONE/FLAT');
  });

  it('after a stale cancel needs none, also after the window, and comes only on this side of the entry price', async () => {
    const life = await armedLife(side);
    await life.tickAt(OPENS + 62 * MINUTE, '99.5');
    expect([life.state, life.world.venue.live().length]).toEqual(['NONE/FLAT', 0]);
    await life.quote('100.01');
    await life.drain();
    expect(life.state).toBe('NONE/FLAT');
    await life.tick('99.99');
    expect(life.state).toBe('WORKING/FLAT');
  });

  it('is counted at its first fill: a cancelled order uses no attempt up', async () => {
    const life = await armedLife(side, { watch: { maxAttempts: 1 } });
    for (let count = 1; count <= 3; count += 1) {
      await life.tickAt(life.world.now + TIMEOUT + 1, '99.5');
      await life.tick('99.5');
      expect([life.state, life.slot.attempts.count]).toEqual(['WORKING/FLAT', 0]);
    }
    life.world.venue.fillShare = d('0.1');
    await life.tick('100');
    expect([life.held, life.slot.attempts.count]).toEqual(['1', 1]);
    life.world.venue.fillShare = d(1);
    await life.tick('100');
    expect([life.held, life.slot.attempts.count]).toEqual(['10', 1]);
  });

  it('is not triggered by what triggered yesterday', async () => {
    const life = await armedLife(side, { watch: { expiresAt: Date.UTC(2025, 5, 6, 20) } });
    await life.tickAt(OPENS + 30 * MINUTE, '99.5');
    expect(life.state).toBe('NONE/FLAT');
    await life.tickAt(OPENS + 24 * 60 * MINUTE + 2 * MINUTE, '99.5');
    expect(life.state).toBe('NONE/FLAT');
    await life.tick('99');
    expect([life.state, life.slot.triggered]).toEqual(['WORKING/FLAT', '2025-06-05']);
  });

  it('forgets yesterday\'s trigger at the reset before the open, and keeps today\'s', async () => {
    const life = await armedLife(side);
    await life.world.session('PRE_OPEN_RESET');
    expect(life.slot.triggered).toBe('2025-06-04');
    life.world.now = Date.UTC(2025, 5, 5, 13);
    await life.world.session('PRE_OPEN_RESET');
    expect(life.slot.triggered).toBeNull();
  });

  it('does not come once the auto-exit has', async () => {
    const life = await armedLife(side);
    await life.tickAt(Date.UTC(2025, 5, 4, 19, 15), '99.5');
    await life.tick('99.5');
    expect([life.state, await life.want()]).toEqual(['NONE/FLAT', 'SESSION_CLOSED']);
  });
});

describe.each(SIDES)('EW-6 EX-3 a newer plan for the stop entry of a %s', (_, side) => {
  const plan = (life: Life, version: number, limit: string, quantity = '10') =>
    life.world.plan(version, [{ symbol: 'AAPL', side, trigger: life.p('99'), limit: life.p(limit), quantity }]);

  it('with another entry price amends the order where it waits, and stays triggered', async () => {
    const life = await armedLife(side);
    await plan(life, 2, '100.2', '12');
    await life.drain();
    const order = life.world.venue.order(life.entry.clientOrderId);
    expect([order.limit, life.p(order.stopPrice?.toFixed() ?? '0'), order.quantity.toFixed(), life.slot.triggered]).toEqual([null, '100.2', '12', '2025-06-04']);
    await life.tick('100.2');
    expect([life.held, life.stops]).toEqual(['12', ['100 x 12']]);
  });

  it('with another kind cancels the order, and enters by that', async () => {
    const life = await armedLife(side);
    await life.world.plan(2, [{ symbol: 'AAPL', side, limit: '100', quantity: '10', takeProfit: life.p('110') }]);
    await life.drain();
    expect([life.state, life.world.venue.live().length]).toEqual(['NONE/FLAT', 0]);
    await life.tick('100.1');
    expect([life.state, life.entry.limit?.toFixed(), life.entry.stopPrice]).toEqual(['WORKING/FLAT', '100', null]);
  });

  it('that withdraws it cancels the order', async () => {
    const life = await armedLife(side);
    await life.world.plan(2, []);
    await life.drain();
    expect([life.state, life.world.venue.live().length, life.world.free()]).toEqual(['NONE/FLAT', 0, '20000']);
  });
});

describe.each(SIDES)('SL-3 the stale entry of a %s', (_, side) => {
  it('at exactly its time rests, a millisecond later it is cancelled', async () => {
    const life = await armedLife(side);
    const { createdAt, clientOrderId } = life.entry;
    await life.tickAt(createdAt + TIMEOUT, '99.5');
    expect([life.state, life.entry.clientOrderId]).toEqual(['WORKING/FLAT', clientOrderId]);
    await life.seeAt(createdAt + TIMEOUT + 1, '99.5');
    expect(life.state).toBe('CANCELLING/FLAT');
    await life.drain();
    expect([life.state, life.world.free(), life.world.telemetry.fields('ENTRY_TOO_LATE', 'reason')]).toEqual(['NONE/FLAT', '20000', ['STALE']]);
  });

  it('is replaced only once its cancel is known to be final', async () => {
    const life = await armedLife(side);
    life.world.webhooksHeld = true;
    life.world.venue.next('cancel', { kind: 'LOST_AFTER' });
    await life.tickAt(life.entry.createdAt + TIMEOUT + 1, '99.5');
    await life.tick('99.5');
    expect([life.state, life.world.venue.departed.length]).toEqual(['CANCELLING/FLAT', 1]);
    await life.world.pass(3);
    await life.tick('99.5');
    expect([life.state, life.world.venue.departed.length]).toEqual(['WORKING/FLAT', 2]);
  });

  it('that fills while it is cancelled becomes a position with a stop, and is not replaced', async () => {
    const life = await armedLife(side);
    await life.seeAt(life.entry.createdAt + TIMEOUT + 1, '99.9');
    life.fill(life.entry, '10', '100');
    await life.drain();
    await life.world.pass(5);
    await life.tick('99.9');
    expect([life.state, life.held, life.stops, life.atVenue]).toEqual(['NONE/OPEN', '10', ['99.8 x 10'], '10']);
  });

  it('that filled in part is cancelled for the rest, and the part is held and covered', async () => {
    const life = await armedLife(side);
    const { createdAt } = life.entry;
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    expect([life.state, life.held]).toEqual(['WORKING/OPEN', '4']);
    life.world.venue.fillShare = d(0);
    await life.tickAt(createdAt + TIMEOUT + 1, '99.9');
    expect([life.state, life.held, life.stops, life.world.free()]).toEqual(['NONE/OPEN', '4', ['99.8 x 4'], '19600']);
  });

  it('a late report of its end does not touch the next one', async () => {
    const life = await armedLife(side);
    const first = life.entry.clientOrderId;
    await life.tickAt(life.entry.createdAt + TIMEOUT + 1, '99.5');
    await life.tick('99.5');
    const next = life.entry.clientOrderId;
    expect(next).not.toBe(first);
    const slot = life.slot;
    expect(await life.world.report(life.world.venue.report(life.world.venue.order(first)), 'W-late')).toBe('NOTHING_NEW');
    expect([life.slot, life.entry.clientOrderId]).toEqual([slot, next]);
  });

  it('with a time of its own is stale by that', async () => {
    const life = await armedLife(side, { watch: { settings: { orderTimeoutMinutes: 2 } } });
    const { createdAt } = life.entry;
    await life.tickAt(createdAt + 2 * MINUTE, '99.5');
    expect(life.state).toBe('WORKING/FLAT');
    await life.tickAt(createdAt + 2 * MINUTE + 1, '99.5');
    expect(life.state).toBe('NONE/FLAT');
  });
});

describe('SL-3 the limit order of a watch', () => {
  const resting = async (settings: { orderTimeoutMinutes?: number } = {}): Promise<Life> => {
    const life = await watchingLife('buy');
    await life.world.plan(2, [{ symbol: 'AAPL', limit: '100', quantity: '10', settings }]);
    await life.tick('100.5');
    expect(life.state).toBe('WORKING/FLAT');
    return life;
  };

  it('rests for as long as its watch', async () => {
    const life = await resting();
    await life.tickAt(life.entry.createdAt + 4 * 60 * MINUTE, '100.5');
    expect([life.state, life.world.venue.departed.length]).toEqual(['WORKING/FLAT', 1]);
  });

  it('unless the watch says otherwise', async () => {
    const life = await resting({ orderTimeoutMinutes: 5 });
    await life.tickAt(life.entry.createdAt + 5 * MINUTE + 1, '100.5');
    expect(life.state).toBe('NONE/FLAT');
  });
});

describe.each(SIDES)('SL-9 the refused entry of a %s', (_, side) => {
  const REFUSED = { kind: 'REFUSED', code: 'FUNDS' } as const;

  it('is tried once a price, the first and MAX_ORDER_RETRIES more; then the slot rests with a reason, said once', async () => {
    const life = await watchingLife(side);
    life.world.venue.next('place', REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 6; count += 1) {
      await life.tick('99');
      expect(life.world.venue.departed).toHaveLength(Math.min(count, 4));
    }
    expect([life.state, life.world.free(), await life.want()]).toEqual(['NONE/FLAT', '20000', 'MAX_ORDER_RETRIES']);
    expect(notes(life, 'ENTRY_RESTS')).toBe(1);
  });

  it('with retries of its own is tried as often as that', async () => {
    const life = await watchingLife(side, { watch: { settings: { maxOrderRetries: 0 } } });
    life.world.venue.next('place', REFUSED, REFUSED);
    for (let count = 1; count <= 3; count += 1) await life.tick('99');
    expect(life.world.venue.departed).toHaveLength(1);
  });

  it('is tried again in the next session', async () => {
    const life = await watchingLife(side, { watch: { expiresAt: Date.UTC(2025, 5, 6, 20) } });
    life.world.venue.next('place', REFUSED, REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 5; count += 1) await life.tick('99');
    await life.tickAt(OPENS + 24 * 60 * MINUTE + 2 * MINUTE, '99');
    expect(life.state).toBe('WORKING/FLAT');
  });
});
