// The stop that follows the price: bars of real quotes, only up, at the venue too, however the venue moves a stop (SL-5).
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import type { Fate } from '../../support/memory-venue.ts';
import { FIRST_MINUTE_OVER, MINUTE, OPENS, SIDES, openLife, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

const MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const;
const REFUSED: Fate = { kind: 'REFUSED', code: 'BUSY' };
const WOULD_TRIGGER: Fate = { kind: 'REFUSED', code: 'WOULD_TRIGGER' };
/** The first bar that begins after the entry, and the one after it. */
const SECOND_BAR = OPENS + 15 * MINUTE;
const THIRD_BAR = OPENS + 30 * MINUTE;

/** A position without a take-profit in its way. */
const held = (side: 'buy' | 'sell', { watch, ...options }: LifeOptions = {}): Promise<Life> =>
  openLife(side, { ...options, watch: { takeProfitMultiple: null, ...watch } });

/** Lets the second bar run its course; its prices are read one after the other, and nothing completes it yet. */
const secondBar = async (life: Life, prices: readonly string[] = ['100.3', '100.45', '100.4']): Promise<void> => {
  for (const [place, price] of prices.entries()) await life.tickAt(SECOND_BAR + place * 4 * MINUTE, price);
};

/** A stop that has begun to move from 99.8 to 100.28, and nothing more has happened. */
const moving = async (side: 'buy' | 'sell', options: LifeOptions = {}): Promise<Life> => {
  const life = await held(side, options);
  await secondBar(life);
  await life.seeAt(THIRD_BAR, '100.5');
  return life;
};

describe.each(SIDES)('SL-5 a bar of a %s', (_, side) => {
  it('moves the stop when it is whole, not before: low less TRAIL_TICKS', async () => {
    const life = await held(side);
    await secondBar(life);
    await life.tickAt(THIRD_BAR - 1, '100.4');
    expect(life.stops).toEqual(['99.8 x 10']);
    await life.tickAt(THIRD_BAR, '100.5');
    expect([life.stopPrice, life.stops]).toEqual(['100.28', ['100.28 x 10']]);
  });

  it('is whole at the first price after it, however late that comes', async () => {
    const life = await held(side);
    await secondBar(life);
    await life.tickAt(THIRD_BAR + 22 * MINUTE, '100.5');
    expect(life.stops).toEqual(['100.28 x 10']);
  });

  it('that ended where it began moves it, one that went the other way does not', async () => {
    const even = await held(side);
    await secondBar(even, ['100.3', '100.45', '100.3']);
    await even.tickAt(THIRD_BAR, '100.5');
    expect(even.stops).toEqual(['100.28 x 10']);
    const against = await held(side);
    await secondBar(against, ['100.3', '100.45', '100.29']);
    await against.tickAt(THIRD_BAR, '100.5');
    expect(against.stops).toEqual(['99.8 x 10']);
  });

  it('never moves it back', async () => {
    const life = await held(side);
    await secondBar(life, ['100.6', '100.9', '100.8']);
    await life.tickAt(THIRD_BAR, '100.7');
    expect(life.stops).toEqual(['100.58 x 10']);
    for (const [place, price] of ['100.6', '100.65', '100.9'].entries()) await life.tickAt(THIRD_BAR + (place + 1) * 4 * MINUTE, price);
    await life.tickAt(OPENS + 45 * MINUTE, '100.9');
    expect([life.stops, life.world.telemetry.messages('STOP_MOVED').length]).toEqual([['100.58 x 10'], 1]);
  });

  it('moves it again with each that follows', async () => {
    const life = await held(side);
    await secondBar(life);
    await life.tickAt(THIRD_BAR, '100.5');
    await life.tickAt(THIRD_BAR + 5 * MINUTE, '100.9');
    await life.tickAt(OPENS + 45 * MINUTE, '101');
    expect(life.stops).toEqual(['100.48 x 10']);
  });

  it('moves it once, whatever is looked at afterwards', async () => {
    const life = await held(side);
    await secondBar(life);
    await life.tickAt(THIRD_BAR, '100.5');
    const before = life.world.commits;
    for (let count = 0; count < 3; count += 1) expect(await life.look()).toBe('NOTHING_DUE');
    expect([life.world.commits, life.world.venue.callsOf('amend').length]).toEqual([before, 1]);
  });

  it('of before the entry says nothing of it', async () => {
    const life = await watchingLife(side, { watch: { takeProfitMultiple: null, settings: { orderTimeoutMinutes: 100 } } });
    await life.tick('99');
    await secondBar(life, ['99.9', '99.93', '99.95']);
    // It rose from 99.9, and its last price was read before the position was there.
    await life.tickAt(THIRD_BAR + 2000, '100');
    await life.tick('100.1');
    expect([life.held, life.stopPrice, life.stops]).toEqual(['10', '99.8', ['99.8 x 10']]);
  });

  it('is rounded away from the price to the tick', async () => {
    const life = await held(side, { watch: { settings: { trailTicks: 0 } } });
    await secondBar(life, ['100.305', '100.45', '100.4']);
    await life.tickAt(THIRD_BAR, '100.5');
    expect(life.stops).toEqual(['100.3 x 10']);
  });

  it('moves the price that we watch ourselves where the venue takes no stop', async () => {
    const life = await held(side, { watch: { settings: { maxOrderRetries: 0 } } });
    life.world.venue.next('place', REFUSED);
    life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
    await life.drain();
    await secondBar(life);
    await life.tickAt(THIRD_BAR, '100.5');
    expect([life.world.stop('AAPL').status, life.stopPrice, life.stops]).toEqual(['WATCHED', '100.28', []]);
    await life.tick('100.28');
    expect([life.state, life.exits]).toEqual(['NONE/FLAT', ['STOP_REACHED']]);
  });

  it('goes by trail and length of its own', async () => {
    const life = await held(side, { watch: { settings: { trailTicks: 7, barMinutes: 5 } } });
    await life.tickAt(OPENS + 5 * MINUTE, '100.3');
    await life.tickAt(OPENS + 9 * MINUTE, '100.4');
    await life.tickAt(OPENS + 10 * MINUTE, '100.5');
    expect(life.stops).toEqual(['100.23 x 10']);
  });

  it('sells where it has been moved to', async () => {
    const life = await held(side);
    await secondBar(life);
    await life.tickAt(THIRD_BAR, '100.5');
    await life.tick('100.29');
    expect(life.state).toBe('NONE/OPEN');
    await life.tick('100.28');
    expect([life.state, life.atVenue, life.closings]).toEqual(['NONE/FLAT', '0', ['STOP_FILLED']]);
  });

  it('leaves the stop of a limit watch where it is, also where another slot of its symbol has bars', async () => {
    const life = await watchingLife(side);
    const other = { symbol: 'AAPL', slot: 'other', side, trigger: life.p('80'), limit: life.p('81'), quantity: '10' };
    await life.world.plan(2, [{ symbol: 'AAPL', side, limit: '100', quantity: '10', takeProfit: life.p('120') }, other]);
    await life.tick('99.9');
    await secondBar(life);
    expect(Object.keys(life.world.account.board.bars)).toEqual(['AAPL@15']);
    await life.tickAt(THIRD_BAR, '100.5');
    expect(life.stops).toEqual(['95 x 10']);
  });
});

describe('SL-5 MH-3 the bars of other markets', () => {
  it.each([
    ['NSE', 'AAPL', Date.UTC(2025, 5, 4, 3, 45)],
    ['ALWAYS', 'BTC/USD', Date.UTC(2025, 5, 4)],
  ] as const)('%s: they lie on the start of its own session', async (hours, symbol, opens) => {
    const life = await openLife('buy', { at: opens + MINUTE, watch: { symbol, hours, takeProfitMultiple: null } });
    await life.tickAt(opens + 15 * MINUTE, '100.3');
    await life.tickAt(opens + 29 * MINUTE, '100.4');
    expect(life.stops).toEqual(['99.8 x 10']);
    await life.tickAt(opens + 30 * MINUTE, '100.5');
    expect(life.stops).toEqual(['100.28 x 10']);
  });
});

describe.each(MOVES)('SL-5 EX-3 the order at the venue moves with the stop: %s', (stopMoves) => {
  const traits = { stopMoves };

  it.each(SIDES)('a %s, never with less at the venue than is held, never with two', async (_, side) => {
    const life = await moving(side, { traits });
    const from = life.world.venue.calls.length;
    await life.drain();
    expect([life.stops, life.held, life.world.account.actions.size]).toEqual([['100.28 x 10'], '10', 0]);
    const called = { AMEND: ['amend STOP'], PLACE_FIRST: ['place STOP', 'cancel STOP'], CANCEL_FIRST: ['cancel STOP', 'place STOP'] };
    expect(life.calls(from)).toEqual(called[stopMoves]);
  });

  it.each(SIDES)('a %s whose answer is lost after it took effect', async (_, side) => {
    for (const kind of ['amend', 'place', 'cancel'] as const) {
      const life = await moving(side, { traits });
      life.world.webhooksHeld = true;
      life.world.venue.next(kind, { kind: 'LOST_AFTER' });
      await life.world.pass(40);
      expect([life.stops, life.stopPrice, life.world.account.actions.size]).toEqual([['100.28 x 10'], '100.28', 0]);
    }
  });

  it.each(SIDES)('a %s whose call never arrived', async (_, side) => {
    for (const kind of ['amend', 'place', 'cancel'] as const) {
      const life = await moving(side, { traits });
      life.world.webhooksHeld = true;
      life.world.venue.next(kind, { kind: 'LOST_BEFORE' });
      await life.world.pass(60);
      await life.look();
      await life.world.pass(60);
      expect([life.stops, life.stopPrice, life.world.account.actions.size]).toEqual([['100.28 x 10'], '100.28', 0]);
    }
  });

  it.each(SIDES)('a %s whose call takes effect late', async (_, side) => {
    for (const kind of ['amend', 'place', 'cancel'] as const) {
      const life = await moving(side, { traits });
      life.world.venue.next(kind, { kind: 'LATE', afterMs: 9000 });
      await life.world.pass(60);
      expect([life.stops, life.stopPrice, life.world.account.actions.size]).toEqual([['100.28 x 10'], '100.28', 0]);
    }
  });

  it.each(SIDES)('a %s whose move is refused is moved after all, by the next event at the latest', async (_, side) => {
    const life = await moving(side, { traits });
    const kind = stopMoves === 'AMEND' ? 'amend' : 'place';
    life.world.venue.next(kind, REFUSED);
    await life.drain();
    expect(life.stops).toEqual(stopMoves === 'CANCEL_FIRST' ? [] : stopMoves === 'AMEND' ? ['100.28 x 10'] : ['99.8 x 10']);
    await life.tick('100.5');
    expect([life.stops, life.world.account.actions.size]).toEqual([['100.28 x 10'], 0]);
  });

  it.each(SIDES)('a %s whose move is refused because the price is through becomes an exit at once', async (_, side) => {
    const life = await moving(side, { traits });
    life.world.venue.next(stopMoves === 'AMEND' ? 'amend' : 'place', WOULD_TRIGGER);
    await life.drain();
    expect([life.state, life.atVenue, life.exits, life.stops]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED'], []]);
  });

  it.each(SIDES)('a %s whose price is beyond the next stop already when its bar is whole is sold, by the venue or by ourselves', async (_, side) => {
    for (const immediateStops of ['REFUSE', 'TRIGGER'] as const) {
      const life = await held(side, { traits });
      life.world.venue.immediateStops = immediateStops;
      await secondBar(life);
      await life.tickAt(THIRD_BAR, '100.1');
      await life.world.pass(40);
      expect([life.state, life.atVenue, life.stops, life.world.account.actions.size, life.anomalies]).toEqual(['NONE/FLAT', '0', [], 0, []]);
    }
  });

  it.each(SIDES)('a %s whose stop the venue cancels by itself meanwhile has another at once', async (_, side) => {
    const life = await moving(side, { traits });
    life.world.venue.end(life.liveStop.clientOrderId, 'CANCELLED');
    await life.drain();
    expect(life.stops).toEqual(['100.28 x 10']);
    await life.world.pass(5);
    expect([life.stops, life.world.account.actions.size]).toEqual([['100.28 x 10'], 0]);
  });

  it.each(SIDES)('a %s whose stop fills before the move arrives is flat, and nothing is left behind', async (_, side) => {
    const life = await moving(side, { traits });
    life.fill(life.liveStop, '10', '99.8');
    await life.drain();
    await life.world.pass(40);
    expect([life.state, life.atVenue, life.stops, life.world.account.actions.size]).toEqual(['NONE/FLAT', '0', [], 0]);
    expect([life.closings, life.exits, life.anomalies]).toEqual([['STOP_FILLED'], [], []]);
  });

  it.each(SIDES)('a %s whose stop fills before the move arrives, told of after its answer', async (_, side) => {
    const life = await moving(side, { traits });
    life.world.webhooksHeld = true;
    life.fill(life.liveStop, '10', '99.8');
    await life.drain();
    await life.world.pass(40);
    life.world.webhooksHeld = false;
    await life.world.pass(40);
    expect([life.state, life.atVenue, life.stops, life.world.account.actions.size]).toEqual(['NONE/FLAT', '0', [], 0]);
    expect([life.closings, life.anomalies]).toEqual([['STOP_FILLED'], []]);
  });

  it.each(SIDES)('a %s whose stop fills in part before the move arrives is covered for the rest', async (_, side) => {
    const life = await moving(side, { traits });
    life.fill(life.liveStop, '3', '99.8');
    await life.drain();
    // Of a second stop as large as before the part, the venue may want none: then the first covers on, until the next look.
    expect([life.held, life.stops.length]).toEqual(['7', 1]);
    await life.world.pass(40);
    await life.look();
    await life.drain();
    expect([life.held, life.atVenue, life.stops, life.anomalies]).toEqual(['7', '7', ['100.28 x 7'], []]);
  });

  it.each(SIDES)('a %s whose new stop fills as soon as it is there is flat', async (_, side) => {
    const life = await moving(side, { traits });
    const done = { AMEND: 1, PLACE_FIRST: 1, CANCEL_FIRST: 2 }[stopMoves];
    for (let count = 0; count < done; count += 1) await life.send('STOP_ACTION');
    const next = life.liveStops.find((order) => order.stopPrice?.toFixed() === life.p('100.28'));
    if (next === undefined) throw new Error('the new stop is not there');
    life.fill(next, '10', '100.28');
    await life.drain();
    await life.world.pass(40);
    expect([life.state, life.atVenue, life.stops, life.world.account.actions.size, life.anomalies]).toEqual(['NONE/FLAT', '0', [], 0, []]);
  });

  it.each(SIDES)('a %s that grows while its stop moves is covered whole in the end', async (_, side) => {
    const life = await watchingLife(side, { traits, watch: { takeProfitMultiple: null, settings: { orderTimeoutMinutes: 100 } } });
    await life.tick('99');
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    life.world.venue.fillShare = d(0);
    const entry = life.entry;
    await secondBar(life);
    await life.seeAt(THIRD_BAR, '100.5');
    life.fill(entry, '6', '100.4');
    await life.drain();
    await life.world.pass(40);
    expect([life.held, life.stops, life.world.account.actions.size]).toEqual(['10', ['100.28 x 10'], 0]);
  });

  it.each(SIDES)('a %s that is left while its stop moves leaves nothing behind', async (_, side) => {
    const life = await moving(side, { traits });
    await life.leaveFor('AUTO_EXIT');
    await life.drain();
    await life.world.pass(60);
    await life.leaveFor('AUTO_EXIT');
    await life.drain();
    expect([life.state, life.atVenue, life.stops, life.world.account.actions.size, life.exits]).toEqual(['NONE/FLAT', '0', [], 0, ['AUTO_EXIT']]);
  });
});

describe('SL-5 EX-9 a stop that is amended', () => {
  it('is amended again, without waiting for the next price, once it is certain that the first did not take effect', async () => {
    const life = await moving('buy');
    life.world.venue.next('amend', { kind: 'LOST_BEFORE' });
    await life.drain();
    const { commits } = life.world;
    await life.world.pass(20);
    expect([life.stops, life.world.commits]).toEqual([['99.8 x 10'], commits]);
    await life.world.pass(15);
    expect([life.stops, life.world.venue.callsOf('amend').length]).toEqual([['100.28 x 10'], 2]);
  });
});

describe('SL-5 a stop that is placed before the one it replaces is cancelled', () => {
  const traits = { stopMoves: 'PLACE_FIRST' as const };

  it('covers all the while: at every moment the venue has one for all that is held', async () => {
    const life = await moving('buy', { traits });
    const covers: (readonly string[])[] = [];
    while (await life.world.step()) covers.push(life.stops);
    expect(covers[0]).toEqual(['99.8 x 10', '100.28 x 10']);
    expect(covers.every((stops) => stops.includes('99.8 x 10') || stops.includes('100.28 x 10'))).toBe(true);
    await life.drain();
    expect(life.stops).toEqual(['100.28 x 10']);
  });

  it('the one before is cancelled only when the venue has confirmed the next, not for being on its way', async () => {
    const life = await moving('buy', { traits });
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    life.world.webhooksHeld = true;
    await life.send('STOP_ACTION');
    const next = life.liveStops.find((order) => order.stopPrice?.toFixed() === '100.28');
    if (next === undefined) throw new Error('the new stop is not there');
    const report = life.world.venue.report(next);
    expect(await life.world.report({ ...report, status: 'SUBMITTED' })).toBe('COMMITTED');
    expect(life.world.stop('AAPL')).toMatchObject({ status: 'PLACED', former: { attempts: 0 } });
    expect(await life.world.report(report)).toBe('COMMITTED');
    expect(life.world.stop('AAPL')).toMatchObject({ status: 'PLACED', former: { attempts: 1 } });
  });

  it('is not counted as unprotected meanwhile', async () => {
    const life = await moving('buy', { traits });
    expect(life.slot.position).toMatchObject({ status: 'OPEN', unprotectedSince: null });
  });

  it('both fill at once: nothing is sold twice', async () => {
    const life = await moving('buy', { traits });
    life.world.webhooksHeld = true;
    await life.send('STOP_ACTION');
    expect(life.stops).toHaveLength(2);
    await life.see('99.5');
    life.world.webhooksHeld = false;
    await life.drain();
    await life.world.pass(40);
    expect([life.state, life.atVenue, life.stops, life.anomalies]).toEqual(['NONE/FLAT', '0', [], []]);
  });
});

describe('SL-5 a stop that is cancelled before the next is placed', () => {
  const traits = { stopMoves: 'CANCEL_FIRST' as const };

  it('counts as unprotected from the cancel on, until the next is confirmed', async () => {
    const life = await moving('buy', { traits });
    await life.send('STOP_ACTION');
    expect(life.slot.position).toMatchObject({ status: 'OPEN', unprotectedSince: life.world.now });
    life.world.now += 700;
    await life.drain();
    expect(life.world.telemetry.fields('PROTECTED', 'unprotectedSeconds').at(-1)).toBe(0.7);
  });

  it('the next is planned in the commit that learns of the end', async () => {
    const life = await moving('buy', { traits });
    await life.send('STOP_ACTION');
    expect([life.world.stop('AAPL').status, life.stopOrder.stopPrice?.toFixed()]).toEqual(['PLACED', '100.28']);
  });
});

describe('SL-5 the board that bars are built on', () => {
  it('keeps no bars of what nobody trails', async () => {
    const life = await watchingLife('buy');
    expect(Object.keys(life.world.account.board.bars)).toEqual([]);
    await life.tick('99.9');
    expect(Object.keys(life.world.account.board.bars)).toEqual(['AAPL@15']);
    await life.world.plan(2, []);
    await life.tick('99.8');
    expect(Object.keys(life.world.account.board.bars)).toEqual([]);
  });

  it('builds on where a second source brings the same prices again', async () => {
    const life = await held('buy');
    await secondBar(life);
    const { bars } = life.world.account.board;
    await life.world.run({
      schema: 1, kind: 'QUOTES', account: 'paper-1', correlationId: 'c',
      quotes: [{ symbol: 'AAPL', price: '99.81', at: FIRST_MINUTE_OVER + 5 * MINUTE }],
    });
    expect(life.world.account.board.bars).toEqual(bars);
  });
});
