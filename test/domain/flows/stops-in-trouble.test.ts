// Stops that cannot be as they should: too small at first, at no price at all, refused beside another, sold by two (SL-4 to SL-8).
import { describe, expect, it } from '@jest/globals';
import { d, market } from '../../support/builders.ts';
import { MINUTE, OPENS, SIDES, openLife, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';
import type { Fate } from '../../support/memory-venue.ts';

const OK: Fate = { kind: 'OK' };
const OVERLAP: Fate = { kind: 'REFUSED', code: 'OVERLAP' };

/** A whole bar has gone the position's way, its low at 100.4: the stop is wanted at 100.38. */
const trail = async (life: Life): Promise<void> => {
  for (const [minute, price] of [[14, '100.3'], [15, '100.4'], [29, '100.5']] as const) await life.tickAt(OPENS + minute * MINUTE, price);
  await life.seeAt(OPENS + 31 * MINUTE, '100.5');
};

describe('SL-4 SL-5 a holding that was too small for a stop at first', () => {
  it('gets one when its price has trailed to where the venue takes it', async () => {
    const life = await watchingLife('buy', { watch: { takeProfitMultiple: null } });
    const rules = { minNotional: d(100) };
    life.world.venue.listed.set('AAPL', market('AAPL', rules));
    life.world.account.markets.set('AAPL', market('AAPL', rules));
    await life.world.plan(2, [{ symbol: 'AAPL', trigger: '99', limit: '100', quantity: '10', takeProfitMultiple: null }]);
    await life.tick('99');
    life.world.venue.fillShare = d('0.1');
    await life.tick('100');
    expect(life.world.stop('AAPL')).toEqual({ status: 'WATCHED', reason: 'BELOW_MIN_NOTIONAL' });
    life.world.venue.fillShare = d(0);
    await trail(life);
    await life.drain();
    expect([life.held, life.stops, life.anomalies]).toEqual(['1', ['100.38 x 1'], []]);
  });
});

describe('SL-4 SL-6 a position whose stop would be at or below zero', () => {
  it('is sold at the next look, and a sale that fails is tried again', async () => {
    const life = await watchingLife('buy', { watch: { trigger: '0.21', limit: '0.22', quantity: '100', takeProfitMultiple: null, maxAttempts: 1 } });
    await life.tick('0.21');
    life.fill(life.entry, '100', '0.20');
    await life.drain();
    expect([life.state, life.stopPrice]).toEqual(['NONE/OPEN', 'none']);
    // With its limit first, and then at market at once (EX-1).
    life.world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' }, { kind: 'REFUSED', code: 'BUSY' });
    await life.tick('0.21');
    expect([life.state, life.held, life.exits.length]).toEqual(['NONE/OPEN', '100', 2]);
    await life.tick('0.21');
    expect([life.state, life.atVenue, life.exits.length, life.anomalies]).toEqual(['NONE/FLAT', '0', 3, []]);
  });
});

describe.each(SIDES)('SL-5 SL-7 a %s at a venue that refuses a second stop beside the first', (_, side) => {
  const refusing = (fates: (count: number) => Fate): LifeOptions => {
    let stops = 0;
    const fate = (call: string, id: string): Fate => (call === 'place' && id.startsWith('S') ? fates((stops += 1)) : OK);
    return { traits: { stopMoves: 'PLACE_FIRST' }, watch: { takeProfitMultiple: null }, venue: { fate } };
  };

  it('has the first taken away before the next try', async () => {
    const life = await openLife(side, refusing((count) => (count === 2 ? OVERLAP : OK)));
    await trail(life);
    await life.drain();
    expect(life.stops).toEqual(['99.8 x 10']);
    const from = life.world.venue.calls.length;
    await life.tick('100.5');
    expect([life.calls(from), life.stops]).toEqual([['cancel STOP', 'place STOP'], ['100.38 x 10']]);
  });

  it('is asked no more often than MAX_ORDER_RETRIES, however many prices come', async () => {
    const life = await openLife(side, refusing((count) => (count >= 2 ? OVERLAP : OK)));
    await trail(life);
    await life.drain();
    for (let count = 0; count < 12; count += 1) await life.tick('100.5');
    expect(life.calls().filter((call) => call === 'place STOP')).toHaveLength(5);
    expect(life.world.stop('AAPL')).toEqual({ status: 'WATCHED', reason: 'REFUSED' });
  });

  it('keeps the stop that is there once no other may be tried', async () => {
    const watch = { takeProfitMultiple: null, settings: { maxOrderRetries: 0 } };
    const life = await openLife(side, { ...refusing((count) => (count >= 2 ? OVERLAP : OK)), watch });
    await trail(life);
    await life.drain();
    for (let count = 0; count < 3; count += 1) await life.tick('100.5');
    expect([life.stops, life.calls().filter((call) => call === 'place STOP').length]).toEqual([['99.8 x 10'], 2]);
  });
});

describe.each(SIDES)('SL-8 a %s that two stops have sold in part each', (_, side) => {
  it('is closed when nothing is left, and what rests of both is cancelled', async () => {
    const life = await openLife(side, { traits: { stopMoves: 'PLACE_FIRST' }, watch: { takeProfitMultiple: null, maxAttempts: 1 } });
    await trail(life);
    await life.send('STOP_ACTION');
    expect(life.stops).toEqual(['99.8 x 10', '100.38 x 10']);
    const [former, next] = life.liveStops;
    life.fill(former ?? { clientOrderId: '' }, '6', '99.8');
    life.fill(next ?? { clientOrderId: '' }, '4', '100.38');
    await life.world.pass(10);
    expect([life.state, life.held, life.atVenue, life.stops, life.anomalies]).toEqual(['NONE/FLAT', '0', '0', [], []]);
    expect(life.closings).toEqual(['STOP_FILLED']);
  });
});


describe.each(SIDES)('SL-6 a %s whose take-profit was refused too often', (_, side) => {
  it('is sold before the close all the same: each reason has its own tries', async () => {
    const life = await openLife(side);
    for (let count = 0; count < 6; count += 1) {
      if (count < 4) life.world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
      await life.quote('101');
      await life.drain();
    }
    expect([life.state, life.exits]).toEqual(['NONE/OPEN', ['TAKE_PROFIT', 'TAKE_PROFIT', 'TAKE_PROFIT', 'TAKE_PROFIT']]);
    await life.tickAt(Date.UTC(2025, 5, 4, 19, 15), '100.2');
    await life.world.pass(10);
    expect([life.state, life.atVenue, life.exits.at(-1)]).toEqual(['NONE/FLAT', '0', 'AUTO_EXIT']);
  });
});

describe('SL-6 SL-7 a position that no stop can cover and whose sale is refused', () => {
  it('is tried as often as MAX_ORDER_RETRIES, and then a person is told, once', async () => {
    const fate = (call: string, id: string): Fate => (call === 'place' && id.startsWith('X') ? { kind: 'REFUSED', code: 'TOO_SMALL' } : OK);
    const life = await watchingLife('buy', { watch: { takeProfitMultiple: null }, venue: { fate } });
    const rules = { minNotional: d(100) };
    life.world.venue.listed.set('AAPL', market('AAPL', rules));
    life.world.account.markets.set('AAPL', market('AAPL', rules));
    await life.world.plan(2, [{ symbol: 'AAPL', trigger: '99', limit: '100', quantity: '10', takeProfitMultiple: null, maxAttempts: 1 }]);
    await life.tick('99');
    life.world.venue.fillShare = d('0.1');
    await life.tick('100');
    for (let count = 0; count < 8; count += 1) await life.tick('99.7');
    expect([life.state, life.world.stop('AAPL').status, life.exits.length]).toEqual(['NONE/OPEN', 'WATCHED', 4]);
    const told = life.world.telemetry.notes.filter(({ name }) => name === 'EXIT_RESTS');
    expect(told.map(({ level, fields }) => [level, fields['reason'], fields['failures']])).toEqual([['ERROR', 'STOP_REACHED', 4]]);
  });
});
