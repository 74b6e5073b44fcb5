// The one way out: the stop is cancelled, how that ended is learnt, and what is still held is sold; never twice (SL-6, SL-8).
import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../../shared/domain/decision.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import { NOON, SATURDAY, d } from '../../support/builders.ts';
import type { Fate } from '../../support/memory-venue.ts';
import { MINUTE, OPENS, SIDES, commitsWith, isPlanOf, openLife, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

const EXIT_AT = Date.UTC(2025, 5, 4, 19, 15);
const REFUSED: Fate = { kind: 'REFUSED', code: 'BUSY' };
const MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const;

const held = (side: 'buy' | 'sell', { watch, ...options }: LifeOptions = {}): Promise<Life> =>
  openLife(side, { ...options, watch: { takeProfitMultiple: null, ...watch } });

/** The auto-exit is due, and has planned the cancel of the stop; the price is 100.2. */
const leaving = async (side: 'buy' | 'sell', options: LifeOptions = {}): Promise<Life> => {
  const life = await held(side, options);
  await life.seeAt(EXIT_AT, '100.2');
  return life;
};

const flatCommit = (change: Change): boolean =>
  change.kind === 'SLOT' && change.after.position.status === 'FLAT' && change.before !== null && change.before.position.status !== 'FLAT';

const expectFlat = async (life: Life): Promise<void> => {
  await life.world.pass(40);
  expect([life.state, life.atVenue, life.stops, life.world.account.actions.size, life.world.free()]).toEqual(['NONE/FLAT', '0', [], 0, '20000']);
  expect(life.anomalies).toEqual([]);
};

describe.each(SIDES)('SL-6 the way out of a %s', (_, side) => {
  it('cancels the stop, and sells only when it knows how that ended', async () => {
    const life = await leaving(side);
    const from = life.world.venue.calls.length;
    expect([life.state, life.exits, life.world.stop('AAPL').status]).toEqual(['NONE/LEAVING', [], 'CANCELLING']);
    await life.drain();
    expect([life.calls(from), life.exits]).toEqual([['cancel STOP', 'place EXIT'], ['AUTO_EXIT']]);
    await expectFlat(life);
  });

  it('plans the sale in the commit that learns of the end of the stop', async () => {
    const life = await leaving(side);
    await life.drain();
    const ends = (change: Change): boolean => change.kind === 'ORDER' && change.after.order.purpose === 'STOP' && change.after.place === 'CLOSED';
    expect(commitsWith(life, isPlanOf('EXIT'))).toEqual(commitsWith(life, ends));
  });

  it.each([
    ['its take-profit', 'TAKE_PROFIT', { takeProfitMultiple: '3' }, OPENS + 20 * MINUTE, '100.6'],
    ['its longest time', 'MAX_HOLD', { maxHold: { seconds: 600, barSeconds: null } }, OPENS + 11 * MINUTE + 1000, '100.2'],
    ['the auto-exit', 'AUTO_EXIT', {}, EXIT_AT, '100.2'],
  ] as const)('is the same for %s', async (__, reason, watch, at, price) => {
    const life = await held(side, { watch });
    const from = life.world.venue.calls.length;
    await life.tickAt(at - 1, '100.1');
    expect(life.state).toBe('NONE/OPEN');
    await life.tickAt(at, price);
    expect([life.calls(from), life.exits, life.closings]).toEqual([['cancel STOP', 'place EXIT'], [reason], [reason]]);
    await expectFlat(life);
  });

  it('at a time of its own before the close', async () => {
    const life = await held(side, { watch: { settings: { exitBeforeCloseMinutes: 10 } } });
    await life.tickAt(Date.UTC(2025, 5, 4, 19, 50) - 1, '100.2');
    expect(life.state).toBe('NONE/OPEN');
    await life.tickAt(Date.UTC(2025, 5, 4, 19, 50), '100.2');
    expect(life.exits).toEqual(['AUTO_EXIT']);
  });

  it('is gone once: whatever falls due while it is on its way out sells nothing more', async () => {
    const life = await held(side, { watch: { takeProfitMultiple: '3', maxHold: { seconds: 600, barSeconds: null } } });
    await life.see('100.6');
    await life.seeAt(EXIT_AT, '100.6');
    await life.look();
    await life.drain();
    expect([life.exits, life.world.venue.departed.length]).toEqual([['TAKE_PROFIT'], 3]);
    await expectFlat(life);
  });

  it('waits for the acknowledgement of a stop that is not there yet, and then cancels it', async () => {
    const life = await held(side);
    life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
    life.world.webhooksHeld = true;
    const ended = life.world.venue.outbox.pop();
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    if (ended !== undefined) await life.world.deliverWebhook(ended);
    await life.drain();
    expect(life.stopOrder.status).toBe('PENDING');
    await life.seeAt(EXIT_AT, '100.2');
    const cancels = [...life.world.account.actions.values()].filter(({ intent }) => intent.kind === 'CANCEL');
    expect([life.state, cancels]).toEqual(['NONE/LEAVING', []]);
    await life.drain();
    await life.world.pass(5);
    expect([life.exits, life.world.venue.callsOf('cancel').length]).toEqual([['AUTO_EXIT'], 1]);
    await expectFlat(life);
  });

  it('sells at once where no stop rests at the venue', async () => {
    const life = await held(side, { watch: { settings: { maxOrderRetries: 0 } } });
    life.world.venue.next('place', REFUSED);
    life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
    await life.drain();
    await life.look();
    expect(life.world.stop('AAPL').status).toBe('WATCHED');
    const from = life.world.venue.calls.length;
    await life.tickAt(EXIT_AT, '100.2');
    expect(life.calls(from)).toEqual(['place EXIT']);
    await expectFlat(life);
  });
});

describe.each(SIDES)('SL-6 a %s whose stop fills while the auto-exit cancels it', (_, side) => {
  it('before the cancel arrives: flat, nothing is sold, never the other side', async () => {
    const life = await leaving(side);
    life.fill(life.liveStop, '10', '99.8');
    await life.drain();
    expect([life.exits, life.closings, life.world.venue.callsOf('place').length]).toEqual([[], ['AUTO_EXIT'], 2]);
    await expectFlat(life);
  });

  it('before the cancel arrives, and told of only by a look-up', async () => {
    const life = await leaving(side);
    life.world.webhooksHeld = true;
    life.fill(life.liveStop, '10', '99.8');
    await life.drain();
    expect(life.state).toBe('NONE/LEAVING');
    await life.world.pass(5);
    expect([life.exits, life.world.venue.callsOf('place').length]).toEqual([[], 2]);
    await expectFlat(life);
  });

  it('in part before the cancel: only the rest is sold', async () => {
    const life = await leaving(side);
    life.fill(life.liveStop, '4', '99.8');
    await life.drain();
    const [exit] = [...life.world.account.orders.values()].filter(({ order }) => order.purpose === 'EXIT');
    expect([exit?.order.quantity.toFixed(), life.exits]).toEqual(['6', ['AUTO_EXIT']]);
    await expectFlat(life);
  });

  it('in part, and the part is told of only with the cancel', async () => {
    const life = await leaving(side);
    life.world.webhooksHeld = true;
    life.fill(life.liveStop, '4', '99.8');
    await life.drain();
    expect(life.exits).toEqual(['AUTO_EXIT']);
    life.world.webhooksHeld = false;
    await expectFlat(life);
  });

  it('where the answer to the cancel does not say how much had filled, the venue is asked first', async () => {
    const life = await leaving(side);
    life.world.webhooksHeld = true;
    life.world.venue.answerForm = 'BARE';
    life.fill(life.liveStop, '4', '99.8');
    await life.drain();
    expect([life.state, life.exits]).toEqual(['NONE/LEAVING', []]);
    await life.world.pass(5);
    expect(life.exits).toEqual(['AUTO_EXIT']);
    life.world.webhooksHeld = false;
    await expectFlat(life);
  });

  it.each(['LOST_BEFORE', 'LOST_AFTER'] as const)('a cancel whose answer is lost, %s, sells nothing before it is known', async (kind) => {
    const life = await leaving(side);
    life.world.webhooksHeld = true;
    life.world.venue.next('cancel', { kind });
    await life.drain();
    expect([life.state, life.exits]).toEqual(['NONE/LEAVING', []]);
    await life.world.pass(10);
    expect(life.exits).toEqual(['AUTO_EXIT']);
    life.world.webhooksHeld = false;
    await expectFlat(life);
  });

  it('a part of the stop that is told of after its cancel is taken off what is left to sell', async () => {
    const life = await leaving(side);
    await life.send('STOP_ACTION');
    expect(life.state).toBe('NONE/EXITING');
    const stop = [...life.world.account.orders.values()].find(({ order }) => order.purpose === 'STOP');
    life.fill({ clientOrderId: stop?.order.clientOrderId ?? '' }, '4', '99.8');
    await life.drain();
    // The venue takes no sale of more than is held: the stop is back over the rest, which is sold next.
    expect([life.held, life.stops]).toEqual(['6', ['99.8 x 6']]);
    await life.tick('100.2');
    await expectFlat(life);
  });
});

describe.each(SIDES)('SL-6 a sale of a %s that fails', (_, side) => {
  it('puts the stop back in the commit that learns of it', async () => {
    const life = await leaving(side);
    life.world.venue.next('place', REFUSED);
    await life.drain();
    expect([life.state, life.stops]).toEqual(['NONE/OPEN', ['99.8 x 10']]);
    const fails = (change: Change): boolean => change.kind === 'ORDER' && change.after.order.purpose === 'EXIT' && change.after.order.status === 'REJECTED';
    expect(commitsWith(life, isPlanOf('STOP')).slice(1)).toEqual(commitsWith(life, fails));
  });

  it('is tried again with the next event, as often as MAX_ORDER_RETRIES, and then its stop stays', async () => {
    const life = await leaving(side);
    const { fence } = life.slot;
    for (let count = 1; count <= 6; count += 1) {
      if (life.state !== 'NONE/OPEN') {
        life.world.venue.next('place', REFUSED);
        await life.drain();
      }
      await life.see('100.2');
      expect(life.exits).toHaveLength(Math.min(count, 4));
    }
    expect([life.state, life.stops, life.exits.length]).toEqual(['NONE/OPEN', ['99.8 x 10'], 4]);
    expect(life.slot.fence).toBe(fence + 8);
    await life.tick('99.8');
    expect([life.closings, life.exits.length]).toEqual([['STOP_FILLED'], 4]);
    await expectFlat(life);
  });

  it.each(['CANCELLED', 'EXPIRED'] as const)('%s by the venue each time is tried no oftener', async (status) => {
    const life = await leaving(side);
    life.world.venue.fillShare = d(0);
    for (let count = 1; count <= 6; count += 1) {
      await life.drain();
      if (life.state === 'NONE/EXITING') life.world.venue.end(life.world.exit('AAPL').clientOrderId, status);
      await life.drain();
      await life.see('100.2');
    }
    expect([life.state, life.exits.length]).toEqual(['NONE/OPEN', 4]);
  });

  it('in part leaves the stop over the rest, and is tried again for it', async () => {
    const life = await leaving(side);
    life.world.venue.fillShare = d('0.4');
    await life.drain();
    const exit = life.world.exit('AAPL');
    life.world.venue.end(exit.clientOrderId, 'CANCELLED');
    await life.drain();
    expect([life.state, life.held, life.stops]).toEqual(['NONE/OPEN', '6', ['99.8 x 6']]);
    life.world.venue.fillShare = d(1);
    await life.tick('100.2');
    await expectFlat(life);
  });

  it('for a price that has come meanwhile where the stop would be, is sold at once', async () => {
    const life = await leaving(side);
    life.world.venue.next('place', REFUSED);
    await life.send('STOP_ACTION');
    life.world.venue.prices.set('AAPL', d(life.p('99.7')));
    await life.drain();
    expect(life.exits).toEqual(['AUTO_EXIT', 'STOP_REACHED']);
    await expectFlat(life);
  });

  it('may be tried anew the day after', async () => {
    const life = await leaving(side, { watch: { settings: { maxOrderRetries: 0 } } });
    life.world.venue.next('place', REFUSED);
    await life.drain();
    await life.tick('100.2');
    expect(life.exits).toHaveLength(1);
    life.world.now = Date.UTC(2025, 5, 5, 13);
    await life.world.session('PRE_OPEN_RESET');
    await life.tickAt(Date.UTC(2025, 5, 5, 13, 31), '100.2');
    await expectFlat(life);
  });
});

describe.each(SIDES)('SL-8 the end of a %s', (_, side) => {
  it.each(['by its stop', 'by a sale'])('%s is one commit of every field', async (way) => {
    const life = await held(side);
    if (way === 'by its stop') await life.tick('99.8');
    else await life.tickAt(EXIT_AT, '100.2');
    const [place, ...others] = commitsWith(life, flatCommit);
    expect(others).toEqual([]);
    const change = life.commits[place ?? -1]?.find((each) => each.kind === 'SLOT');
    const after: Slot | null = change?.kind === 'SLOT' ? change.after : null;
    expect(after).toMatchObject({ position: { status: 'FLAT' }, entry: { status: 'NONE' }, triggered: null, pending: null });
    expect(life.commits[place ?? -1]?.map(({ kind }) => kind).toSorted()).toEqual(expect.arrayContaining(['FILL', 'ORDER', 'ROOM', 'SLOT']));
  });

  it('is not undone, nor done again, by late duplicates of what ended it', async () => {
    const life = await held(side);
    const stop = life.stopOrder.clientOrderId;
    await life.tick('99.8');
    await life.tick('99');
    expect(life.state).toBe('WORKING/FLAT');
    await life.tick('100');
    expect([life.state, life.held]).toEqual(['NONE/OPEN', '10']);
    const { commits } = life.world;
    const report = life.world.venue.report(life.world.venue.order(stop));
    for (const id of ['late-1', 'late-2', null]) expect(await life.world.report(report, id)).toBe('NOTHING_NEW');
    expect([life.world.commits, life.held, life.stops, life.slot.triggered]).toEqual([commits, '10', ['99.8 x 10'], '2025-06-04']);
  });

  it('cancels what is still buying, so that its end is not undone', async () => {
    const life = await watchingLife(side, { watch: { takeProfitMultiple: null } });
    await life.tick('99');
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    const entry = life.entry.clientOrderId;
    life.world.venue.fillShare = d(0);
    life.world.venue.fill(life.liveStop.clientOrderId, '4', life.p('99.8'));
    await life.drain();
    expect(life.world.venue.order(entry).status).toBe('CANCELLED');
    await expectFlat(life);
  });

  it('by a stop, while a part of the entry was on its way, covers that part', async () => {
    const life = await watchingLife(side, { watch: { takeProfitMultiple: null } });
    await life.tick('99');
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    const entry = life.entry.clientOrderId;
    life.world.venue.fillShare = d(0);
    life.world.venue.fill(life.liveStop.clientOrderId, '4', life.p('99.8'));
    life.fill({ clientOrderId: entry }, '6', '100');
    await life.drain();
    await life.world.pass(5);
    expect([life.held, life.atVenue, life.stops]).toEqual(['6', '6', ['99.8 x 6']]);
  });
});

describe.each(MOVES)('SL-6 the way out where stops are moved by %s', (stopMoves) => {
  it.each(SIDES)('of a %s ends with nothing at the venue', async (_, side) => {
    const life = await leaving(side, { traits: { stopMoves } });
    await life.drain();
    await expectFlat(life);
  });
});

describe.each(SIDES)('SL-6 EX-3 a %s whose stop was growing when it had to leave', (_, side) => {
  it('and that fills beyond what it was before: nothing is sold while the rest of it still can', async () => {
    const life = await watchingLife(side, { watch: { takeProfitMultiple: null, settings: { exitBeforeCloseMinutes: 380 } } });
    await life.tick('99');
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    life.world.venue.fillShare = d(0);
    life.fill(life.entry, '6', '100');
    const told = life.world.venue.outbox.shift();
    if (told !== undefined) await life.world.deliverWebhook(told);
    await life.seeAt(OPENS + 10 * MINUTE, '100');
    expect([life.state, life.world.venue.callsOf('amend').length]).toEqual(['NONE/LEAVING', 0]);
    await life.send('STOP_ACTION');
    expect(life.stops).toEqual(['99.8 x 10']);
    life.world.venue.prices.set('AAPL', d(life.p('99.8')));
    life.fill(life.liveStop, '7', '99.8');
    for (const webhook of life.world.venue.outbox.splice(0)) await life.world.deliverWebhook(webhook);
    expect([life.state, life.exits, life.held]).toEqual(['NONE/LEAVING', [], '3']);
    life.world.venue.fillShare = d(1);
    await life.drain();
    expect(life.exits).toEqual(['AUTO_EXIT']);
    await expectFlat(life);
  });
});

describe.each(['FULL', 'LAST_TRADE', 'CUMULATIVE', 'TRADES', 'BARE'] as const)('SL-10 a life that the venue tells of in the form %s', (form) => {
  it.each(SIDES)('of a %s comes to the same: entered, covered, sold by its stop at what that was worth', async (_, side) => {
    const life = await watchingLife(side, { watch: { takeProfitMultiple: null } });
    life.world.venue.form = form;
    await life.tick('99');
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    await life.world.pass(5);
    expect([life.held, life.stops]).toEqual(['4', ['99.8 x 4']]);
    life.world.venue.fillShare = d(1);
    await life.tick('100.1');
    await life.world.pass(5);
    expect([life.held, life.stops, life.stopPrice]).toEqual(['10', ['99.8 x 10'], '99.8']);
    await life.tick('99.8');
    await life.world.pass(5);
    const fills = [...life.world.account.fills.values()];
    expect(fills.map(({ purpose, price, counted }) => `${purpose} ${counted.toFixed()} at ${life.p(price.toFixed())}`).toSorted()).toEqual(['ENTRY 4 at 100', 'ENTRY 6 at 100.1', 'STOP 10 at 99.8']);
    await expectFlat(life);
  });
});

describe('SL-6 MH-3 the auto-exit of other markets', () => {
  it('NSE-like: 45 minutes before 15:30 Asia/Kolkata', async () => {
    const life = await held('buy', { at: Date.UTC(2025, 5, 4, 3, 46), watch: { hours: 'NSE' } });
    const exitAt = Date.UTC(2025, 5, 4, 9, 15);
    await life.tickAt(exitAt - 1, '100.2');
    expect(life.state).toBe('NONE/OPEN');
    await life.tickAt(exitAt, '100.2');
    expect(life.exits).toEqual(['AUTO_EXIT']);
    await expectFlat(life);
  });

  it('a market that never closes has none', async () => {
    const life = await held('buy', { at: Date.UTC(2025, 5, 4, 0, 1), watch: { symbol: 'BTC/USD', hours: 'ALWAYS' } });
    for (const hours of [9, 19, 23, 30, 47]) await life.tickAt(Date.UTC(2025, 5, 4, hours, 59), '100.2');
    expect([life.state.endsWith('OPEN'), life.exits, life.liveStops.length]).toEqual([true, [], 1]);
  });
});

describe('SL-6 WS-12 a probe that expires', () => {
  it('leaves by the same path', async () => {
    const life = await watchingLife('buy', { at: SATURDAY });
    await life.world.plan(2, [{ symbol: 'BTC/USD', quantity: '2', mode: 'probe', takeProfit: null }]);
    await life.world.tick({ 'BTC/USD': '99.9' });
    const from = life.world.venue.calls.length;
    life.world.now += 86_400_000;
    await life.world.tick({ 'BTC/USD': '100.9' });
    expect([life.calls(from), life.exits]).toEqual([['cancel STOP', 'place EXIT'], ['PROBE_EXPIRED']]);
  });
});

describe('EX-1 SL-6 the sale at the take-profit', () => {
  it('that misses puts the stop back, and is tried again with the next price there', async () => {
    const life = await watchingLife('buy', { at: NOON });
    await life.world.plan(2, [{ symbol: 'AAPL', takeProfit: '110' }]);
    await life.world.tick({ AAPL: '99.9' });
    await life.world.see({ AAPL: '110.1' });
    await life.send('STOP_ACTION');
    life.world.venue.prices.set('AAPL', d('108'));
    await life.drain();
    expect([life.state, life.stops]).toEqual(['NONE/OPEN', ['95 x 10']]);
    await life.world.tick({ AAPL: '110' });
    expect(life.exits).toEqual(['TAKE_PROFIT', 'TAKE_PROFIT']);
    await expectFlat(life);
  });
});
