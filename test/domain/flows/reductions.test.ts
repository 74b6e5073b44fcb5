// Less of a position in slices (EX-1): the stop gives up a slice before it is sold, and takes back what it did not sell.
import { describe, expect, it } from '@jest/globals';
import type { PlanReduction } from '../../../shared/accept-reductions.ts';
import { contextOf } from '../../../shared/apply-event.ts';
import { reduceInSlices } from '../../../shared/domain/begin-slice.ts';
import { withProtection } from '../../../shared/domain/protect.ts';
import { isInMotion } from '../../../shared/domain/reconcile-positions.ts';
import type { Holding } from '../../../shared/domain/slot.ts';
import { d, marketRules } from '../../support/builders.ts';
import type { Fate } from '../../support/memory-venue.ts';
import { MINUTE, SIDES, armedLife, openLife, stopWatch } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

const REFUSED: Fate = { kind: 'REFUSED', code: 'BUSY' };
const MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const;
const WAYS = {
  AMEND: ['amend STOP', 'place EXIT'],
  PLACE_FIRST: ['place STOP', 'cancel STOP', 'place EXIT'],
  CANCEL_FIRST: ['cancel STOP', 'place STOP', 'place EXIT'],
};

const wish = (quantity: string, slices = 3, durationSeconds = 120): PlanReduction => ({
  symbol: 'AAPL', assetClass: null, slot: 'main', quantity: d(quantity), slices, durationSeconds,
});

const held = (side: 'buy' | 'sell' = 'buy', { watch, ...options }: LifeOptions = {}): Promise<Life> =>
  openLife(side, { ...options, watch: { takeProfitMultiple: null, ...watch } });

/** A position of 10 whose plan asks for less of it; nothing of that has begun. */
const reducing = async (given: PlanReduction, side: 'buy' | 'sell' = 'buy', options: LifeOptions = {}): Promise<Life> => {
  const life = await held(side, options);
  const { reductions } = await life.world.reduce(2, [given]);
  expect(reductions).toEqual([{ symbol: 'AAPL', slot: 'main', outcome: 'ACCEPTED', reason: null }]);
  return life;
};

/** The slice of 2 is planned, its stop shrunk to 8, and nothing was sent yet. */
const slicing = async (given: PlanReduction = wish('6'), options: LifeOptions = {}): Promise<Life> => {
  const life = await reducing(given, 'buy', options);
  await life.see('100.1');
  await life.send('STOP_ACTION');
  return life;
};

const later = async (life: Life, seconds: number, price = '100.1'): Promise<void> => {
  life.world.now += (seconds - 1) * 1000;
  await life.tick(price);
};

const rests = (life: Life): readonly unknown[] => life.world.telemetry.messages('REDUCTION_RESTS');
const reductionOf = (life: Life) => {
  const { position } = life.slot;
  return position.status === 'OPEN' ? position.reduction : null;
};

/** A position whose first slice is due, at an instant and a price, with nothing decided yet. */
const standing = async (at: number, price: string, changes: Partial<Holding>) => {
  const life = await held('buy', { traits: { stopMoves: 'CANCEL_FIRST' } });
  await life.world.reduce(2, [wish('6')]);
  const { slot } = life;
  const reduction = reductionOf(life);
  if (slot.position.status !== 'OPEN' || reduction === null) throw new Error('nothing is reduced');
  const now = at === 0 ? life.world.now : at;
  const board = { ...life.world.account.board, quotes: { AAPL: { price: d(price), at: now } } };
  const seen = { snapshot: { board }, context: { ...contextOf(life.world.deps), now } };
  return { slot, position: { ...slot.position, ...changes }, reduction, seen };
};

const expectAgreed = (life: Life): void => {
  expect(life.atVenue).toBe(life.held);
  expect(life.anomalies).toEqual([]);
};

describe.each(SIDES)('EX-1 a %s reduced in slices', (_, side) => {
  it('sells each at its time, the stop behind it, and what is left stays protected', async () => {
    const life = await reducing(wish('6'), side);
    await life.tick('100.1');
    expect([life.held, life.stops]).toEqual(['8', ['99.8 x 8']]);
    await later(life, 30);
    expect(life.held).toBe('8');
    await later(life, 11);
    expect([life.held, life.stops]).toEqual(['6', ['99.8 x 6']]);
    await later(life, 40);
    expect([life.held, life.stops]).toEqual(['4', ['99.8 x 4']]);
    await later(life, 400);
    expect([life.held, life.stops, reductionOf(life)?.step.status]).toEqual(['4', ['99.8 x 4'], 'DONE']);
    expectAgreed(life);
  });

  it.each(MOVES)('has its stop shrunk before the sale, where stops are moved by %s', async (stopMoves) => {
    const life = await reducing(wish('6'), side, { traits: { stopMoves } });
    const from = life.world.venue.calls.length;
    await life.tick('100.1');
    expect(life.calls(from)).toEqual(WAYS[stopMoves]);
    expect([life.held, life.stops]).toEqual(['8', ['99.8 x 8']]);
    expectAgreed(life);
  });

  it('takes no worse a price than TAKER_SLIPPAGE_RATIO beyond the last', async () => {
    const life = await reducing(wish('6'), side);
    await life.see('100');
    await life.send('STOP_ACTION');
    const [slice] = [...life.world.account.actions.values()].filter(({ purpose }) => purpose === 'EXIT');
    expect(slice?.intent).toMatchObject({ kind: 'PLACE', timeInForce: 'IOC', reduceOnly: true, limit: d(life.p('99')) });
  });

  it('of all there is ends with the way out of every position', async () => {
    const life = await reducing(wish('10', 2, 60), side);
    await life.tick('100.1');
    expect(life.held).toBe('5');
    await later(life, 30);
    expect([life.state, life.stops, life.exits, life.closings]).toEqual(['NONE/FLAT', [], ['REDUCED'], ['REDUCED']]);
    expectAgreed(life);
  });
});

describe('EX-1 SL-6 a slice and its stop', () => {
  it('is not sold before the venue has confirmed the smaller stop', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.next('amend', { kind: 'LOST_AFTER' });
    await life.see('100.1');
    await life.send('STOP_ACTION');
    expect(life.world.venue.callsOf('place')).toHaveLength(2);
    await life.world.pass(30);
    expect([life.held, life.stops]).toEqual(['8', ['99.8 x 8']]);
    expectAgreed(life);
  });

  it('that sells a part gives the rest back to the stop at once, and the next catches up', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.fillShare = d('0.5');
    await life.tick('100.1');
    expect([life.held, life.stops]).toEqual(['9', ['99.8 x 9']]);
    life.world.venue.fillShare = d(1);
    await life.tick('100.1');
    expect(life.held).toBe('9');
    await later(life, 41);
    expect([life.held, life.stops]).toEqual(['6', ['99.8 x 6']]);
    expectAgreed(life);
  });

  it('that was refused is tried again at the next event, and MAX_ORDER_RETRIES times', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.next('place', REFUSED, REFUSED, REFUSED, REFUSED, REFUSED);
    await life.tick('100.1');
    expect([life.held, life.stops, rests(life)]).toEqual(['10', ['99.8 x 10'], []]);
    for (let event = 0; event < 5; event += 1) await life.tick('100.1');
    expect(life.world.venue.callsOf('place')).toHaveLength(6);
    expect([life.held, life.stops, rests(life).length]).toEqual(['10', ['99.8 x 10'], 1]);
    expectAgreed(life);
  });

  it('whose answer was lost is looked up, and sold once', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    life.world.webhooksHeld = true;
    await life.tick('100.1');
    expect(life.held).toBe('10');
    await life.world.pass(10);
    expect([life.held, life.stops]).toEqual(['8', ['99.8 x 8']]);
    life.world.webhooksHeld = false;
    await life.drain();
    expectAgreed(life);
  });

  it('that never arrived is believed so after the quiet time, covered again, and sold with the next', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.next('place', { kind: 'LOST_BEFORE' });
    await life.tick('100.1');
    expect(life.stops).toEqual(['99.8 x 8']);
    await life.world.pass(38);
    expect([life.held, life.stops]).toEqual(['10', ['99.8 x 10']]);
    await later(life, 5);
    expect([life.held, life.stops]).toEqual(['6', ['99.8 x 6']]);
    expectAgreed(life);
  });

  it('is not taken for a position that has gone while its answer is out', async () => {
    const life = await reducing(wish('6'));
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    life.world.webhooksHeld = true;
    await life.tick('100.1');
    await life.world.reconcile();
    await life.world.reconcile();
    expect(life.world.telemetry.messages('POSITION_MISMATCH')).toEqual([]);
    expect(life.anomalies).toEqual([]);
  });

  it('that is told to have sold more after its end has that counted, and not sold again', async () => {
    const life = await reducing(wish('6', 1, 60));
    life.world.venue.fillShare = d('0.5');
    await life.tick('100.1');
    expect(life.held).toBe('7');
    const [slice] = [...life.world.venue.orders.values()].filter((order) => order.reduceOnly && order.stopPrice === null);
    life.fill({ clientOrderId: slice?.clientOrderId ?? '' }, '3', '100.1');
    await life.drain();
    expect([life.held, life.stops]).toEqual(['4', ['99.8 x 4']]);
    life.world.venue.fillShare = d(1);
    await life.tick('100.1');
    await life.tick('100.1');
    expect(life.held).toBe('4');
    expectAgreed(life);
  });

  it('leaves what is bought while it is out to the stop, at once', async () => {
    const life = await armedLife('buy', { watch: { takeProfitMultiple: null } });
    life.world.venue.fillShare = d('0.6');
    await life.tick('100');
    expect([life.held, life.stops]).toEqual(['6', ['99.8 x 6']]);
    life.world.venue.fillShare = d(0);
    await life.world.reduce(2, [wish('3')], [stopWatch('buy', { takeProfitMultiple: null })]);
    await life.see('100.1');
    await life.send('STOP_ACTION');
    expect(reductionOf(life)?.step.status).toBe('SELLING');
    life.fill(life.entry, '4', '100.1');
    for (const webhook of life.world.venue.outbox.splice(0)) await life.world.deliverWebhook(webhook);
    await life.send('STOP_ACTION');
    expect([life.held, life.stops, reductionOf(life)?.step.status]).toEqual(['10', ['99.8 x 9'], 'SELLING']);
    life.world.venue.fillShare = d(1);
    await life.drain();
    expect([life.held, life.stops]).toEqual(['9', ['99.8 x 9']]);
    expectAgreed(life);
  });
});

describe('EX-1 SL-6 a slice that is out when its position ends', () => {
  it('by its stop: both sell what was theirs, and never a short', async () => {
    const life = await slicing();
    life.world.venue.keepsReduceOnly = false;
    life.world.venue.setPrice('AAPL', d('99.7'));
    await life.drain();
    expect([life.state, life.atVenue, life.stops]).toEqual(['NONE/FLAT', '0', []]);
    expectAgreed(life);
  });

  it('by its stop, and sells nothing: what is left is sold at market', async () => {
    const life = await slicing();
    life.world.venue.next('place', REFUSED);
    life.world.venue.setPrice('AAPL', d('99.7'));
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['STOP_FILLED']]);
    expectAgreed(life);
  });

  it('by its stop: that lengthens the streak of KS-2', async () => {
    const life = await slicing();
    life.world.venue.setPrice('AAPL', d('99.7'));
    await life.drain();
    expect(life.world.account.capacity?.stopStreak).toBe(1);
  });

  it('by the auto-exit: the sale waits for the slice, and sells the rest once', async () => {
    const life = await slicing();
    await life.leaveFor('AUTO_EXIT');
    await life.send('STOP_ACTION');
    expect([life.state, life.stops, life.exits]).toEqual(['NONE/LEAVING', [], []]);
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['AUTO_EXIT']]);
    expectAgreed(life);
  });

  it('by the auto-exit, before the stop’s cancel is heard: the sale waits for both', async () => {
    const life = await slicing();
    await life.leaveFor('AUTO_EXIT');
    await life.send('ACTION');
    expect([life.state, life.held, life.exits]).toEqual(['NONE/LEAVING', '8', []]);
    await life.drain();
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['AUTO_EXIT']]);
    expectAgreed(life);
  });

  it('by the auto-exit, where no stop rests: the sale waits for the slice alone', async () => {
    const life = await held();
    life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
    life.world.venue.next('place', REFUSED, REFUSED, REFUSED, REFUSED);
    for (let event = 0; event < 6; event += 1) await life.tick('100.1');
    expect(life.world.stop('AAPL').status).toBe('WATCHED');
    await life.world.reduce(2, [wish('6')]);
    await life.see('100.1');
    expect(reductionOf(life)?.step.status).toBe('SELLING');
    await life.leaveFor('AUTO_EXIT');
    expect([life.state, life.exits]).toEqual(['NONE/LEAVING', []]);
    await life.drain();
    await life.world.pass(5);
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['AUTO_EXIT']]);
    expectAgreed(life);
  });

  it('by a take-profit that misses: what only shrank begins anew, at a price of then', async () => {
    const life = await reducing(wish('6'), 'buy', { watch: { takeProfit: '101' } });
    await life.see('100.1');
    await life.see('101.1');
    life.world.venue.prices.set('AAPL', d('100.5'));
    await life.drain();
    expect([life.state, life.held, reductionOf(life)?.step.status]).toEqual(['NONE/OPEN', '10', 'WAITING']);
    expect(life.world.telemetry.messages('SLICE_PLANNED')).toEqual([]);
  });

  it.each(['LEAVING', 'EXITING'])('by a take-profit that misses, after a plan has let go of it while the position was %s: it does not begin anew (EW-6)', async (state) => {
    const life = await reducing(wish('6'), 'buy', { watch: { takeProfit: '101' } });
    await life.see('101.1');
    if (state === 'EXITING') await life.send('STOP_ACTION');
    expect(life.state).toBe(`NONE/${state}`);
    await life.world.reduce(3, []);
    life.world.venue.prices.set('AAPL', d('100.5'));
    await life.drain();
    expect([life.state, life.held, reductionOf(life)]).toEqual(['NONE/OPEN', '10', null]);
    await later(life, 60);
    expect([life.held, life.stops]).toEqual(['10', ['99.8 x 10']]);
  });

  it('while its stop only shrinks: nothing of it is sold', async () => {
    const life = await reducing(wish('6'));
    await life.see('100.1');
    await life.leaveFor('AUTO_EXIT');
    await life.drain();
    await life.world.pass(5);
    expect([life.state, life.atVenue, life.exits]).toEqual(['NONE/FLAT', '0', ['AUTO_EXIT']]);
    expect(life.world.telemetry.messages('SLICE_PLANNED')).toEqual([]);
    expectAgreed(life);
  });
});

describe('EX-1 SL-6 SL-11 a slice as the rest of the core sees it', () => {
  it('has its symbol in motion, so that its position is compared with nothing', async () => {
    const life = await slicing();
    expect(isInMotion([life.slot], 'AAPL')).toBe(true);
    await life.drain();
    expect(isInMotion([life.slot], 'AAPL')).toBe(false);
  });

  it('is not sold while a stop that cannot be moved any more rests over all of it', async () => {
    const life = await held('buy', { traits: { stopMoves: 'CANCEL_FIRST' } });
    await life.world.reduce(2, [wish('6')]);
    const { position } = life.slot;
    const reduction = reductionOf(life);
    if (position.status !== 'OPEN' || reduction === null) throw new Error('nothing is reduced');
    const shrinking = { ...reduction, step: { status: 'SHRINKING', quantity: d(2), limit: d(99) } } as const;
    const stuck = { ...life.slot, position: { ...position, stopFailures: 99, reduction: shrinking } };
    expect(withProtection(stuck, contextOf(life.world.deps)).changes).toEqual([]);
  });
});

describe('EX-1 EW-6 a plan that asks for less', () => {
  it('changes nothing the second time', async () => {
    const life = await reducing(wish('6'));
    await life.tick('100.1');
    const again = await life.world.reduce(2, [wish('6')]);
    expect(again.reductions).toMatchObject([{ outcome: 'UNCHANGED', reason: 'OLD_VERSION' }]);
    await later(life, 200);
    expect(life.held).toBe('4');
  });

  it('keeps its times where a newer one asks for the same', async () => {
    const life = await reducing(wish('6'));
    await life.tick('100.1');
    await life.world.reduce(3, [wish('6')]);
    await later(life, 10);
    expect(life.held).toBe('8');
    await later(life, 31);
    expect(life.held).toBe('6');
  });

  it('goes on where a newer one asks for the same, also once it is done', async () => {
    const life = await reducing(wish('6'));
    await life.tick('100.1');
    await life.world.reduce(3, [wish('6')]);
    await later(life, 200);
    await life.world.reduce(4, [wish('6')]);
    await later(life, 200);
    expect(life.held).toBe('4');
  });

  it('asks for another sum: what was sold counts', async () => {
    const life = await reducing(wish('6'));
    await life.tick('100.1');
    await life.world.reduce(3, [wish('5', 1, 1)]);
    await later(life, 5);
    await later(life, 5);
    expect([life.held, reductionOf(life)?.step.status]).toEqual(['5', 'DONE']);
    await life.world.reduce(4, [wish('3', 1, 1)]);
    await later(life, 5);
    expect([life.held, reductionOf(life)?.step.status]).toEqual(['5', 'DONE']);
  });

  it.each([['leaves it out', []], ['asks for none', [wish('0')]]])('ends in the middle where a newer one %s', async (_, reductions) => {
    const life = await reducing(wish('6'));
    await life.tick('100.1');
    await life.world.reduce(3, reductions);
    await later(life, 200);
    expect([life.held, life.stops, reductionOf(life)]).toEqual(['8', ['99.8 x 8'], null]);
    expectAgreed(life);
  });

  it('ends while the stop shrinks: it grows back', async () => {
    const life = await reducing(wish('6'));
    await life.see('100.1');
    await life.world.reduce(3, []);
    await life.drain();
    await life.tick('100.1');
    expect([life.held, life.stops]).toEqual(['10', ['99.8 x 10']]);
  });

  it('ends with a slice out: that one is heard, covered again where it sold nothing, and followed by none', async () => {
    const life = await slicing();
    await life.world.reduce(3, []);
    life.world.venue.next('place', REFUSED);
    await life.drain();
    await later(life, 200);
    expect([life.held, life.stops, reductionOf(life)]).toEqual(['10', ['99.8 x 10'], null]);
  });

  it('begins anew once it was left out', async () => {
    const life = await reducing(wish('2', 1, 1));
    await life.tick('100.1');
    await life.world.reduce(3, []);
    await life.world.reduce(4, [wish('2', 1, 1)]);
    await life.tick('100.1');
    expect(life.held).toBe('6');
  });

  it('does not speak for another strategy’s position, nor for none', async () => {
    const life = await held();
    const event = { type: 'REDUCTION_PLANNED', ref: { symbol: 'AAPL', slot: 'main' }, strategy: 'beta', planVersion: 9, wanted: wish('6') } as const;
    expect(await life.world.outcome(event)).toBe('SYMBOL_TAKEN');
    expect(await life.world.outcome({ ...event, ref: { symbol: 'MSFT', slot: 'main' } })).toBe('NOT_HELD');
  });

  it('older than the plan that its watch has is refused', async () => {
    const life = await held();
    await life.world.plan(5, [{ symbol: 'AAPL' }]);
    const event = { type: 'REDUCTION_PLANNED', ref: { symbol: 'AAPL', slot: 'main' }, strategy: 'alpha', planVersion: 4, wanted: wish('6') } as const;
    expect(await life.world.outcome(event)).toBe('OLD_VERSION');
  });
});

describe('EX-1 EX-10 what a slice is at least', () => {
  const small = { minQuantity: d(3), lotSize: d(1) };
  const heldWith = async (changes: Parameters<typeof marketRules>[0]): Promise<Life> => {
    const life = await held('buy');
    const { position } = life.slot;
    if (position.status !== 'OPEN') throw new Error('not open');
    const rules = { ...position.rules, market: marketRules(changes) };
    life.world.account.slots.set('AAPL#main', { ...life.slot, position: { ...position, rules } });
    return life;
  };

  it('slices too small for the venue are fewer, the remainder in the last', async () => {
    const life = await heldWith(small);
    await life.world.reduce(2, [wish('7', 7, 70)]);
    expect(reductionOf(life)).toMatchObject({ slices: 2, total: d(7) });
    await life.tick('100.1');
    expect(life.held).toBe('7');
    await later(life, 36);
    expect([life.held, life.stops]).toEqual(['3', ['99.8 x 3']]);
  });

  it('less than one slice of the venue’s is refused', async () => {
    const life = await heldWith(small);
    expect((await life.world.reduce(2, [wish('2')])).reductions).toMatchObject([{ outcome: 'REFUSED', reason: 'BELOW_MIN_QUANTITY' }]);
  });

  it('what would leave less than a stop may protect takes all', async () => {
    const life = await heldWith(small);
    await life.world.reduce(2, [wish('8', 2, 60)]);
    await life.tick('100.1');
    expect(life.held).toBe('6');
    await later(life, 31);
    expect([life.state, life.exits]).toEqual(['NONE/FLAT', ['REDUCED']]);
  });

  it('nothing is sold without a price that can be relied on', async () => {
    const life = await reducing(wish('6'));
    life.world.now += 10 * MINUTE;
    expect(await life.look()).toBe('NOTHING_DUE');
  });

  it.each([
    ['before the open', Date.UTC(2025, 5, 5, 11), '100.1', {}],
    ['at a price that ends the whole position', 0, '99.8', {}],
    ['while its stop could not follow', 0, '100.1', { stopFailures: 99 }],
  ])('no slice begins %s', async (_, at, price, changes) => {
    const { slot, position, seen } = await standing(at, price, changes);
    expect(reduceInSlices(slot, position, seen)).toBeNull();
  });

  it('one whose stop stays where it is counts as one that sold nothing, and is given up after MAX_ORDER_RETRIES', async () => {
    const { slot, position, reduction, seen } = await standing(0, '100.1', { stopFailures: 99 });
    const shrinking = { ...reduction, step: { status: 'SHRINKING', quantity: d(2), limit: d(99) } } as const;
    const after = (failures: number) => reduceInSlices(slot, { ...position, reduction: { ...shrinking, failures } }, seen)?.slot.position;
    expect(after(0)).toMatchObject({ reduction: { failures: 1, step: { status: 'WAITING' } } });
    expect(after(3)).toMatchObject({ reduction: { failures: 4, step: { status: 'DONE' } } });
  });

  it('the last of all there is, whose sale has failed too often, rests', async () => {
    const { slot, position, reduction, seen } = await standing(0, '100.1', { failedExit: 'REDUCED', exitFailures: 4 });
    const whole = { ...reduction, total: d(10), slices: 1 };
    expect(reduceInSlices(slot, { ...position, reduction: whole }, seen)?.slot.position).toMatchObject({ status: 'OPEN', reduction: { step: { status: 'DONE' } } });
  });
});
