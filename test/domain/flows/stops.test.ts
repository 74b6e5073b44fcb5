// The stop of a position: planned with its fill, as large as what is held, there until it is confirmed or refused (SL-4, SL-7).
import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../../shared/domain/decision.ts';
import { NOON, d, market, watch } from '../../support/builders.ts';
import type { Fate } from '../../support/memory-venue.ts';
import {
  SIDES, armedLife, commitsWith, isFillOf, isPlanOf, openLife, stopWatch, watchingLife,
} from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';

const REFUSED: Fate = { kind: 'REFUSED', code: 'BUSY' };

/** Gives a symbol other rules before its watch is planned. */
const withRules = async (side: 'buy' | 'sell', changes: Partial<MarketRules>, options: LifeOptions = {}): Promise<Life> => {
  const life = await watchingLife(side, options);
  const { world, symbol } = life;
  world.account.markets.set(symbol, market(symbol, changes));
  await world.plan(2, [stopWatch(side, options.watch)]);
  return life;
};

/** A position of 10 bought by a limit order at 100. */
const limitLife = async (side: 'buy' | 'sell', options: LifeOptions & { readonly stop?: string | null } = {}): Promise<Life> => {
  const life = await watchingLife(side, { at: NOON, ...options });
  const { world, symbol } = life;
  const stop = options.stop === undefined || options.stop === null ? null : life.p(options.stop);
  await world.plan(2, [{ symbol, side, limit: '100', quantity: '10', takeProfit: life.p('110'), stop, ...options.watch }]);
  return life;
};

const stopNotes = (life: Life, name: string): number => life.world.telemetry.messages(name).length;

describe.each(SIDES)('SL-4 the stop of a %s', (_, side) => {
  it('is planned in the very commit that records the fill', async () => {
    const life = await openLife(side);
    expect(commitsWith(life, isFillOf('ENTRY'))).toHaveLength(1);
    expect(commitsWith(life, isPlanOf('STOP'))).toEqual(commitsWith(life, isFillOf('ENTRY')));
    expect([life.stops, life.stopOrder.status, life.stopOrder.limit]).toEqual([['99.8 x 10'], 'OPEN', null]);
  });

  it('is sent through its own queue, reduce-only, on the other side', async () => {
    const life = await openLife(side);
    expect(life.world.queues.sent.filter(({ kind }) => kind === 'STOP_ACTION')).toHaveLength(1);
    expect([life.liveStop.reduceOnly, life.liveStop.side]).toEqual([true, side === 'buy' ? 'sell' : 'buy']);
  });

  it('lies INITIAL_STOP_TICKS from the first fill and the take-profit three times as far beyond it', async () => {
    const life = await openLife(side);
    expect([life.stopPrice, life.takeProfit]).toEqual(['99.8', '100.6']);
  });

  it('with ticks of its own lies as far as that', async () => {
    const life = await openLife(side, { watch: { settings: { initialStopTicks: 35 } } });
    expect([life.stops, life.takeProfit]).toEqual([['99.65 x 10'], '101.05']);
  });

  it('grows with each further part, and does not move for their prices', async () => {
    const life = await armedLife(side);
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    expect([life.held, life.stops]).toEqual(['4', ['99.8 x 4']]);
    life.world.venue.fillShare = d('0.5');
    await life.tick('100.3');
    expect([life.held, life.stops, life.stopPrice, life.takeProfit]).toEqual(['7', ['99.8 x 7'], '99.8', '100.6']);
    life.world.venue.fillShare = d(1);
    await life.tick('100.1');
    expect([life.held, life.stops, life.stopPrice]).toEqual(['10', ['99.8 x 10'], '99.8']);
  });

  it('is asked to grow in the very commit of the further part', async () => {
    const life = await armedLife(side);
    life.world.venue.fillShare = d('0.4');
    await life.tick('100');
    life.world.venue.fillShare = d(1);
    await life.tick('100.2');
    const grows = (change: Change): boolean => change.kind === 'ACTION' && change.before === null && change.after?.intent.kind === 'AMEND';
    expect(commitsWith(life, grows)).toEqual(commitsWith(life, isFillOf('ENTRY')).slice(1));
  });

  it('covers parts that come before it is confirmed as soon as it is', async () => {
    const life = await armedLife(side);
    life.world.venue.setPrice('AAPL', d(life.p('99.95')));
    life.fill(life.entry, '3', '100');
    life.fill(life.entry, '2', '100.01');
    life.fill(life.entry, '5', '100.02');
    await life.drain();
    expect([life.held, life.stops, life.stopPrice]).toEqual(['10', ['99.8 x 10'], '99.8']);
  });

  it('is not asked to grow before the venue has it', async () => {
    const life = await armedLife(side);
    life.world.venue.fillShare = d('0.4');
    life.world.webhooksHeld = true;
    await life.see('100');
    const part = life.world.venue.outbox.pop();
    if (part !== undefined) await life.world.deliverWebhook(part);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.drain();
    life.world.venue.fillShare = d(0);
    life.fill(life.entry, '6', '100');
    const rest = life.world.venue.outbox.pop();
    if (rest !== undefined) await life.world.deliverWebhook(rest);
    expect([life.held, life.stopOrder.status, life.world.stop('AAPL')]).toMatchObject(['10', 'PENDING', { amendment: null }]);
    await life.world.pass(5);
    expect(life.stops).toEqual(['99.8 x 10']);
  });

  it('is not confirmed by a fill: the seconds without one count until the venue has it', async () => {
    const life = await armedLife(side);
    await life.see('100');
    const fill = life.world.venue.outbox.pop();
    if (fill === undefined) throw new Error('the venue told nothing');
    await life.world.deliverWebhook(fill);
    expect([life.slot.position.status, life.stopOrder.status, stopNotes(life, 'PROTECTED')]).toEqual(['OPEN', 'PENDING', 0]);
    life.world.now += 1500;
    await life.drain();
    // The fill was a second old when its price was read.
    expect(life.world.telemetry.fields('PROTECTED', 'unprotectedSeconds')).toEqual([2.5]);
  });
});

describe('SL-4 the prices of a stop', () => {
  it.each([
    ['511.95, never 511.95000000000005', '512.15', '0.01', '511.95', '512.75'],
    ['a fill between two ticks, rounded half up', '100.005', '0.01', '99.81', '100.59'],
    ['a tick of five hundredths', '100.05', '0.05', '99.05', '103.05'],
    ['a fill of many places', '100.123456789', '0.01', '99.92', '100.73'],
  ])('to the last digit: %s', async (__, price, tickSize, stop, takeProfit) => {
    const life = await withRules('buy', { tickSize: d(tickSize) });
    await life.tick('99');
    life.world.venue.prices.set('AAPL', d(price));
    life.fill(life.entry, '10', price);
    await life.drain();
    expect([life.stopPrice, life.takeProfit, life.stopOrder.stopPrice?.toFixed()]).toEqual([stop, takeProfit, stop]);
  });

  it('of a short mirror: half up to the tick', async () => {
    const life = await withRules('sell', {});
    await life.tick('99');
    life.world.venue.prices.set('AAPL', d('100.005'));
    life.world.venue.fill(life.entry.clientOrderId, '10', '100.005');
    await life.drain();
    expect([life.stopOrder.stopPrice?.toFixed(), life.p(life.takeProfit)]).toEqual(['100.21', '99.39']);
  });
});

describe.each(SIDES)('SL-4 a limit watch that is %s', (_, side) => {
  it('has its stop at LIMIT_STOP_RATIO of the fill', async () => {
    const life = await limitLife(side);
    await life.tick('99.9');
    expect([life.stops, life.takeProfit]).toEqual([['95 x 10'], '110']);
  });

  it('with a ratio of its own has it there', async () => {
    const life = await limitLife(side, { watch: { settings: { limitStopRatio: d('0.02') } } });
    await life.tick('99.9');
    expect(life.stops).toEqual(['98 x 10']);
  });

  it('has its own stop where it says so', async () => {
    const life = await limitLife(side, { stop: '97.37' });
    await life.tick('99.9');
    expect(life.stops).toEqual(['97.37 x 10']);
  });

  it('filled under a newer plan ends as that says (EW-6)', async () => {
    const life = await limitLife(side);
    await life.tick('100.5');
    await life.world.plan(3, [{ symbol: 'AAPL', side, limit: '100', quantity: '10', takeProfit: life.p('120') }]);
    await life.tick('99.9');
    expect([life.takeProfit, life.stops]).toEqual(['120', ['95 x 10']]);
  });

  it('is left by its stop, and may enter again', async () => {
    const life = await limitLife(side);
    await life.tick('99.9');
    await life.tick('95');
    expect([life.state, life.atVenue, life.closings, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_FILLED'], []]);
    await life.tick('99.9');
    expect([life.held, life.stops]).toEqual(['10', ['95 x 10']]);
  });
});

describe('SL-4 fees that the venue takes in the base asset', () => {
  it('are not there to be sold: the stop covers what is left, down to the lot', async () => {
    const life = await watchingLife('buy', { at: NOON });
    const { world } = life;
    world.account.markets.set('BTC/USD', market('BTC/USD', { lotSize: d('0.01') }));
    await world.plan(2, [{ symbol: 'BTC/USD', limit: '100', quantity: '10' }]);
    world.venue.baseFeeRate = d('0.0015');
    await world.tick({ 'BTC/USD': '99.9' });
    expect([world.held('BTC/USD'), world.stopOrder('BTC/USD').quantity.toFixed()]).toEqual(['9.985', '9.98']);
    await world.tick({ 'BTC/USD': '95' });
    expect([world.state('BTC/USD'), world.venue.held('BTC/USD').toFixed(), world.free()]).toEqual(['NONE/FLAT', '0.005', '20000']);
  });

  it('told of only after the quantity was counted shrink the stop', async () => {
    const life = await watchingLife('buy', { at: NOON });
    const { world } = life;
    await world.plan(2, [{ symbol: 'BTC/USD', limit: '100', quantity: '10' }]);
    world.venue.baseFeeRate = d('0.001');
    world.venue.reduceOnlyOverlap = true;
    world.venue.form = 'CUMULATIVE';
    await world.tick({ 'BTC/USD': '100.5' });
    const { clientOrderId } = world.order('BTC/USD');
    world.venue.fill(clientOrderId, '4', '100');
    world.webhooksHeld = true;
    const told = world.venue.outbox.pop();
    if (told !== undefined) await world.deliverWebhook(told);
    expect([world.held('BTC/USD'), world.stopOrder('BTC/USD').quantity.toFixed()]).toEqual(['4', '4']);
    await world.report(world.venue.report(world.venue.order(clientOrderId), 'FULL'));
    world.webhooksHeld = false;
    await world.drain();
    await world.pass(40);
    await world.tick({ 'BTC/USD': '100.5' });
    expect([world.held('BTC/USD'), world.stopOrder('BTC/USD').quantity.toFixed(), world.stopOrder('BTC/USD').status]).toEqual(['3.996', '3.996', 'OPEN']);
  });

  it('of each part are taken off as it comes', async () => {
    const life = await watchingLife('buy', { at: NOON });
    const { world } = life;
    await world.plan(2, [{ symbol: 'BTC/USD', limit: '100', quantity: '10' }]);
    world.venue.baseFeeRate = d('0.001');
    await world.tick({ 'BTC/USD': '100.5' });
    world.venue.fill(world.order('BTC/USD').clientOrderId, '4', '100');
    await world.drain();
    expect([world.held('BTC/USD'), world.stopOrder('BTC/USD').quantity.toFixed()]).toEqual(['3.996', '3.996']);
    world.venue.fill(world.order('BTC/USD').clientOrderId, '6', '100');
    await world.drain();
    expect([world.held('BTC/USD'), world.stopOrder('BTC/USD').quantity.toFixed()]).toEqual(['9.99', '9.99']);
  });
});

describe.each(SIDES)('SL-4 a %s too small for a stop at the venue', (_, side) => {
  const small = async (): Promise<Life> => {
    const life = await withRules(side, { minNotional: d(500) });
    await life.tick('99');
    life.world.venue.fillShare = d('0.2');
    await life.tick('100');
    return life;
  };

  it('is watched, and said so once', async () => {
    const life = await small();
    life.world.venue.fillShare = d(0);
    for (const price of ['100.1', '100', '99.9']) await life.tick(price);
    expect([life.held, life.stops, life.world.stop('AAPL')]).toEqual(['2', [], { status: 'WATCHED', reason: 'BELOW_MIN_NOTIONAL' }]);
    expect([stopNotes(life, 'STOP_WATCHED'), life.anomalies]).toEqual([1, []]);
  });

  it('is sold by ourselves when its price comes', async () => {
    const life = await small();
    life.world.venue.fillShare = d(0);
    await life.tick('99.81');
    expect(life.exits).toEqual([]);
    life.world.venue.fillShare = d(1);
    life.world.venue.end(life.entry.clientOrderId, 'CANCELLED');
    await life.tick('99.8');
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
  });

  it('gets its stop as soon as it has grown to it', async () => {
    const life = await small();
    life.world.venue.fillShare = d(1);
    await life.tick('100.1');
    expect([life.held, life.stops]).toEqual(['10', ['99.8 x 10']]);
  });
});

describe.each(SIDES)('SL-4 EX-10 an entry whose stop could not be placed, %s', (_, side) => {
  it('for the venue\'s minimum at the stop\'s price is not sent', async () => {
    const life = await watchingLife(side);
    const rules = market('AAPL', side === 'buy' ? { minNotional: d(999) } : { priceBand: { low: null, high: d('100.1') } }).rules;
    const planned = watch(stopWatch(side), { planVersion: 2 });
    await life.world.apply({ type: 'WATCH_PLANNED', watch: { ...planned, exit: { ...planned.exit, market: rules } } });
    await life.tick('99');
    expect([life.state, life.world.venue.departed, await life.want()]).toEqual(['NONE/FLAT', [], 'STOP_UNPLACEABLE']);
  });
});

describe('SL-4 an entry whose stop would be at or below zero', () => {
  it('is refused at intake', async () => {
    const life = await watchingLife('buy');
    const { results } = await life.world.plan(2, [{ symbol: 'AAPL', trigger: '0.1', limit: '0.2', quantity: '100' }]);
    expect(results).toMatchObject([{ outcome: 'REFUSED', reason: 'STOP_NOT_POSITIVE' }]);
  });

  it('and again before it is sent, should it have come by', async () => {
    const life = await watchingLife('buy');
    const planned = watch(stopWatch('buy'), { planVersion: 2, limit: d('0.2'), quantity: d(100) });
    await life.world.apply({ type: 'WATCH_PLANNED', watch: planned });
    await life.world.tick({ AAPL: '0.1' });
    expect([life.state, await life.want()]).toEqual(['NONE/FLAT', 'STOP_UNPLACEABLE']);
  });

  it('filled so far below that no stop is left, is sold at the next look', async () => {
    const life = await limitLife('buy', { stop: null, watch: { settings: { limitStopRatio: d('0.99') } } });
    await life.tick('100.5');
    life.fill(life.entry, '10', '0.01');
    await life.drain();
    await life.tick('100.5');
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
  });
});

describe.each(SIDES)('SL-7 the emergency stop of a %s', (_, side) => {
  it('that the venue cancelled by itself is replaced at once, in one commit', async () => {
    const life = await openLife(side);
    const first = life.stopOrder.clientOrderId;
    life.world.venue.end(first, 'CANCELLED');
    await life.drain();
    expect([life.stops, life.stopOrder.clientOrderId === first]).toEqual([['99.8 x 10'], false]);
    const ends = (change: Change): boolean => change.kind === 'ORDER' && change.after.order.clientOrderId === first && change.after.place === 'CLOSED';
    expect(commitsWith(life, isPlanOf('STOP')).slice(1)).toEqual(commitsWith(life, ends));
  });

  it('that expired is replaced, and once the price is through it the position is sold', async () => {
    const life = await openLife(side);
    life.world.venue.end(life.stopOrder.clientOrderId, 'EXPIRED');
    life.world.venue.prices.set('AAPL', d(life.p('99.7')));
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
  });

  it('is placed once: looks and prices while it is under way place no other', async () => {
    const life = await armedLife(side);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.tick('100');
    const before = life.world.commits;
    for (let count = 0; count < 5; count += 1) expect(await life.look()).toBe('NOTHING_DUE');
    expect([life.world.commits, stopNotes(life, 'STOP_PLANNED'), life.liveStops.length]).toEqual([before, 1, 1]);
  });

  it('whose answer is lost, and that did not come about, is planned anew when that is certain', async () => {
    const life = await armedLife(side);
    life.world.venue.next('place', { kind: 'LOST_BEFORE' });
    await life.tick('100');
    expect(life.stops).toEqual([]);
    await life.world.pass(40);
    expect([life.stops, stopNotes(life, 'STOP_PLANNED')]).toEqual([['99.8 x 10'], 2]);
  });

  it('whose answer is lost, and that did come about, is found and not placed again', async () => {
    const life = await armedLife(side);
    life.world.webhooksHeld = true;
    await life.see('100');
    const webhook = life.world.venue.outbox.pop();
    if (webhook !== undefined) await life.world.deliverWebhook(webhook);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.drain();
    expect(life.stopOrder.status).toBe('PENDING');
    await life.world.pass(3);
    expect([life.stopOrder.status, life.stops, stopNotes(life, 'STOP_PLANNED')]).toEqual(['OPEN', ['99.8 x 10'], 1]);
  });
});

describe.each(SIDES)('SL-7 a refused stop of a %s', (_, side) => {
  const refusedLife = async (...fates: readonly Fate[]): Promise<Life> => {
    const life = await armedLife(side);
    life.world.venue.next('place', ...fates);
    await life.tick('100');
    return life;
  };

  it('is tried again once an event', async () => {
    const life = await refusedLife(REFUSED, REFUSED);
    expect([life.stops, life.world.stop('AAPL').status, stopNotes(life, 'STOP_PLANNED')]).toEqual([[], 'NONE', 1]);
    await life.tick('100');
    expect([life.stops, stopNotes(life, 'STOP_PLANNED')]).toEqual([[], 2]);
    await life.tick('100');
    expect([life.stops, stopNotes(life, 'STOP_PLANNED')]).toEqual([['99.8 x 10'], 3]);
  });

  it('after the first and MAX_ORDER_RETRIES more is watched, said once, and the symbol halted once when it lasts', async () => {
    const life = await refusedLife(REFUSED, REFUSED, REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 8; count += 1) await life.tick('100');
    expect([life.world.stop('AAPL'), stopNotes(life, 'STOP_PLANNED'), stopNotes(life, 'STOP_WATCHED')]).toEqual([{ status: 'WATCHED', reason: 'REFUSED' }, 4, 1]);
    expect(life.anomalies).toEqual([]);
    for (let count = 1; count <= 5; count += 1) await life.tickAt(life.world.now + 60_000, '100');
    expect([life.anomalies, life.world.account.capacity?.kill.symbols]).toEqual([['UNPROTECTED'], { AAPL: 'HALTED' }]);
  });

  it('with retries of its own is tried as often as that', async () => {
    const life = await armedLife(side, { watch: { settings: { maxOrderRetries: 1 } } });
    life.world.venue.next('place', REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 4; count += 1) await life.tick('100');
    expect([life.world.stop('AAPL').status, stopNotes(life, 'STOP_PLANNED')]).toEqual(['WATCHED', 2]);
  });

  it('watched, is sold by ourselves when its price comes', async () => {
    const life = await refusedLife(REFUSED, REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 5; count += 1) await life.tick('100');
    await life.tick('99.8');
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
  });

  it('because its price is through already becomes an exit at once, in the commit of the refusal', async () => {
    const life = await armedLife(side);
    await life.see('100');
    life.world.venue.prices.set('AAPL', d(life.p('99.7')));
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
    const closes = (change: Change): boolean => change.kind === 'ORDER' && change.after.order.purpose === 'STOP' && change.after.order.status === 'REJECTED';
    expect(commitsWith(life, isPlanOf('EXIT'))).toEqual(commitsWith(life, closes));
  });

  it('for whatever reason, with a price through it that we have seen, becomes an exit too', async () => {
    const life = await armedLife(side);
    await life.see('100');
    await life.quote('99.75');
    life.world.venue.next('place', REFUSED);
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_REACHED']]);
  });

  it('that could not be sent at all is given up and planned anew', async () => {
    const life = await refusedLife({ kind: 'NOT_SENT' }, { kind: 'NOT_SENT' }, { kind: 'NOT_SENT' });
    expect([life.world.stop('AAPL').status, life.world.venue.callsOf('place').length]).toEqual(['NONE', 4]);
    await life.tick('100');
    expect(life.stops).toEqual(['99.8 x 10']);
  });

  it('yesterday is tried again after the reset before the open (SL-9)', async () => {
    const life = await refusedLife(REFUSED, REFUSED, REFUSED, REFUSED);
    for (let count = 1; count <= 5; count += 1) await life.tick('100');
    expect(life.world.stop('AAPL').status).toBe('WATCHED');
    await life.world.session('PRE_OPEN_RESET');
    await life.tick('100');
    expect(life.stops).toEqual(['99.8 x 10']);
  });
});

describe.each(SIDES)('SL-7 a stop of a %s that is reached and does not fill', (_, side) => {
  it('within its time is left to the venue, after it the position goes to market', async () => {
    const life = await openLife(side);
    await life.quote('99.79');
    const breached = life.world.now;
    await life.drain();
    life.world.now = breached + 8_999;
    await life.quote('99.79');
    await life.drain();
    expect([life.state, life.stops, life.exits]).toEqual(['NONE/OPEN', ['99.8 x 10'], []]);
    life.world.now = breached + 9_000;
    await life.quote('99.79');
    await life.drain();
    expect([life.state, life.atVenue, life.exits, life.stops]).toEqual(['NONE/FLAT', '0', ['STOP_UNFILLED'], []]);
  });

  it('has its time anew when the price was back meanwhile', async () => {
    const life = await openLife(side);
    await life.quote('99.79');
    await life.quote('99.9');
    life.world.now += 20_000;
    await life.quote('99.79');
    await life.drain();
    expect([life.state, life.exits]).toEqual(['NONE/OPEN', []]);
  });

  it('filled in part goes to market for the rest', async () => {
    const life = await openLife(side);
    life.world.venue.fillShare = d('0.3');
    await life.tick('99.8');
    expect([life.state, life.held]).toEqual(['NONE/OPEN', '7']);
    life.world.venue.fillShare = d(0);
    life.world.now += 10_000;
    await life.see('99.8');
    life.world.venue.fillShare = d(1);
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_UNFILLED']]);
  });
});
