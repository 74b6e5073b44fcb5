// Every way a steal can end, with the room accounted for: the world checks the sum after each commit.
import { describe, expect, it } from '@jest/globals';
import { applyEvent, contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import { ConflictError } from '../../../shared/errors.ts';
import { d } from '../../support/builders.ts';
import { afterStepOne, beforeSteal, stealOnce } from '../../support/steal-world.ts';
import type { World } from '../../support/world.ts';

const TRACE = { account: 'paper-1', source: 'tick', requestId: 'r', correlationId: 'c' } as const;
const LOST_BEFORE = { kind: 'LOST_BEFORE' } as const;
const LOST_AFTER = { kind: 'LOST_AFTER' } as const;

const states = (world: World): string[] => [world.state('AAPL'), world.state('MSFT')];
const endings = (world: World): unknown[] => world.telemetry.notes.filter((note) => note.name === 'STEAL_ENDED').map((note) => note.fields['reason']);

/** The steal left no trace in history and no cooldown. */
const expectNoSteal = (world: World): void => {
  expect([world.account.steals, world.slot('AAPL').lastStolen]).toEqual([[], null]);
};

describe('WS-8 step 1 of a steal', () => {
  it('makes the victim yield and the thief wait, plans the cancel and holds what the release will not cover', async () => {
    const world = await afterStepOne();
    expect(states(world)).toEqual(['YIELDING/FLAT', 'WAITING/FLAT']);
    expect(world.free()).toBe('100');
    expect([...world.account.actions.values()].map((action) => action.intent.kind)).toEqual(['CANCEL']);
    expectNoSteal(world);
  });

  it('holds nothing where the release is more than the thief needs', async () => {
    const world = await afterStepOne({ thief: { quantity: '5' }, equity: '450' });
    expect([world.state('MSFT'), world.free()]).toEqual(['WAITING/FLAT', '100']);
  });
});

describe('WS-8 step 2 of a steal', () => {
  it('passes the room to the thief, places it, and only then records history and cooldown (WS-10)', async () => {
    const world = await afterStepOne();
    await world.drain();
    expect(states(world)).toEqual(['NONE/FLAT', 'WORKING/FLAT']);
    expect(world.free()).toBe('100');
    expect(world.account.steals).toHaveLength(1);
    expect(world.slot('AAPL').lastStolen).toEqual({ at: world.now, cooldownSeconds: 300 });
    expect(world.slot('AAPL').watch?.symbol).toBe('AAPL');
  });

  it('says so in the words of WS-11', async () => {
    const world = await afterStepOne();
    await world.drain();
    expect(world.telemetry.messages('STEAL')).toEqual(['Work steal: MSFT (dist=0.001, PnL=3.0) stealing from AAPL (dist=0.006, PnL=5.0)']);
  });

  it('gives up when the victim fills: its room is a position now, and nobody else has lost any', async () => {
    const world = await afterStepOne();
    world.venue.fill(world.order('AAPL').clientOrderId, '8');
    await world.drain();
    expect([...states(world), world.free()]).toEqual(['NONE/OPEN', 'NONE/FLAT', '300']);
    expect(endings(world)).toEqual(['VICTIM_FILLED']);
    expectNoSteal(world);
  });

  it('still places the thief when the victim fills and the free room has grown enough', async () => {
    const world = await afterStepOne();
    world.venue.equityNow = d(1000);
    world.now += 1;
    await world.readEquity();
    world.venue.fill(world.order('AAPL').clientOrderId, '8');
    await world.drain();
    expect([...states(world), world.free()]).toEqual(['NONE/OPEN', 'WORKING/FLAT', '200']);
  });

  it.each([
    ['takes the difference from the free room where it can', '1', 'WORKING/FLAT', '0'],
    ['returns everything where it cannot', '3', 'NONE/FLAT', '800'],
  ])('%s when the report of the cancel overtakes a part fill, and the trade that follows is matched, not added', async (_, part, thief, free) => {
    const world = await afterStepOne();
    world.webhooksHeld = true;
    world.venue.answerForm = 'CUMULATIVE';
    world.venue.fill(world.order('AAPL').clientOrderId, part, '100');
    await world.drain();
    const before = [...states(world), world.held('AAPL'), world.free()];
    world.webhooksHeld = false;
    await world.drain();
    expect([...states(world), world.held('AAPL'), world.free()]).toEqual(before);
    expect(before).toEqual(['NONE/OPEN', thief, part, free]);
  });

  it('asks again when the cancel is lost before it takes effect', async () => {
    const world = await afterStepOne();
    world.venue.next('cancel', LOST_BEFORE);
    await world.drain();
    expect(states(world)).toEqual(['YIELDING/FLAT', 'WAITING/FLAT']);
    await world.pass(5);
    expect([...states(world), world.free()]).toEqual(['NONE/FLAT', 'WORKING/FLAT', '100']);
    expect(world.venue.callsOf('cancel')).toHaveLength(2);
  });

  it('learns of a cancel that took effect and was not answered, and sends no second one', async () => {
    const world = await afterStepOne();
    world.webhooksHeld = true;
    world.venue.next('cancel', LOST_AFTER);
    await world.drain();
    expect(world.state('MSFT')).toBe('WAITING/FLAT');
    await world.pass(5);
    expect([...states(world), world.free()]).toEqual(['NONE/FLAT', 'WORKING/FLAT', '100']);
    expect(world.venue.callsOf('cancel')).toHaveLength(1);
  });

  it('asks the venue for the filled quantity that its final report lacks', async () => {
    const world = await afterStepOne();
    world.webhooksHeld = true;
    world.venue.answerForm = 'BARE';
    world.venue.fill(world.order('AAPL').clientOrderId, '1', '100');
    await world.drain();
    expect(states(world)).toEqual(['YIELDING/FLAT', 'WAITING/FLAT']);
    await world.pass(5);
    expect([...states(world), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', 'WORKING/FLAT', '1', '0']);
  });

  it('waits for the confirmation, whatever else is reported of the victim', async () => {
    const world = await afterStepOne();
    world.venue.fill(world.order('AAPL').clientOrderId, '2', '100');
    for (const webhook of world.venue.outbox.splice(0)) await world.deliverWebhook(webhook);
    expect([...states(world), world.free()]).toEqual(['YIELDING/OPEN', 'WAITING/FLAT', '100']);
  });

  it('does not confirm a cancel that the venue has only taken', async () => {
    const world = await afterStepOne();
    const victim = world.order('AAPL').clientOrderId;
    const taken = world.venue.report(world.venue.order(victim));
    const actionId = [...world.account.actions.keys()][0] ?? '';
    await world.apply({ type: 'ACTION_ANSWERED', actionId, clientOrderId: victim, outcome: { kind: 'ACCEPTED', report: taken } });
    expect(states(world)).toEqual(['YIELDING/FLAT', 'WAITING/FLAT']);
  });

  it('passes the room on when the venue knows the victim no more, and the thief keeps a record of its own (EX-9)', async () => {
    const world = await afterStepOne();
    world.webhooksHeld = true;
    const victim = world.order('AAPL').clientOrderId;
    world.venue.next('cancel', LOST_BEFORE);
    world.venue.orders.delete(victim);
    await world.drain();
    await world.pass(30);
    expect([...states(world), world.account.orders.get(victim)?.place]).toEqual(['NONE/FLAT', 'WORKING/FLAT', 'TOMBSTONE']);
    expect(world.account.orders.get(world.order('MSFT').clientOrderId)?.place).toBe('IN_SLOT');
  });
});

describe('WS-8 the thief is gone', () => {
  const expectAllReturned = (world: World, reason: string): void => {
    expect([world.state('AAPL'), world.state('MSFT'), world.free()]).toEqual(['NONE/FLAT', 'NONE/FLAT', '1100']);
    expect(endings(world)).toEqual([reason]);
    expect(world.slot('AAPL').watch).not.toBeNull();
    expectNoSteal(world);
  };

  it('because it expired', async () => {
    const start = await beforeSteal();
    const world = await afterStepOne({ thief: { expiresAt: start.now + 60_000 } });
    world.now += 61_000;
    await world.readEquity();
    await world.drain();
    expectAllReturned(world, 'EXPIRED');
  });

  it('because it was withdrawn, and then it watches no more', async () => {
    const world = await afterStepOne();
    await world.plan(2, [{ symbol: 'AAPL', quantity: '8', pnl: '5' }]);
    expect(world.state('MSFT')).toBe('WAITING/FLAT');
    await world.drain();
    expectAllReturned(world, 'WITHDRAWN');
    expect(world.slot('MSFT').watch).toBeNull();
  });

  it('because it was changed beyond the room held for it, and then it watches by its newer plan', async () => {
    const world = await afterStepOne();
    await world.plan(2, [{ symbol: 'AAPL', quantity: '8' }, { symbol: 'MSFT', quantity: '10.01' }]);
    await world.drain();
    expectAllReturned(world, 'CHANGED');
    expect(world.slot('MSFT').watch?.quantity.toFixed()).toBe('10.01');
  });

  it.each(['HALTED', 'REDUCING'] as const)('because the kill switch fell to %s between the phases (KS-1)', async (state) => {
    const world = await afterStepOne();
    await world.kill(state);
    await world.drain();
    expectAllReturned(world, 'HALTED');
  });

  it('because the equity has grown too old to place anything on (WS-2)', async () => {
    const world = await afterStepOne();
    world.now += 91_000;
    await world.drain();
    expectAllReturned(world, 'CAPACITY_UNKNOWN');
  });

  it('because its session has come too near its end', async () => {
    const world = await afterStepOne();
    world.now = Date.UTC(2025, 5, 4, 19, 16);
    await world.readEquity();
    await world.drain();
    expectAllReturned(world, 'SESSION_CLOSED');
  });

  it('because a late fill has given it a position', async () => {
    const world = await beforeSteal();
    const first = await soldOut(world);
    await stealOnce(world);
    expect(world.state('MSFT')).toBe('WAITING/FLAT');
    world.venue.fill(first, '0.5', '100');
    await world.drain();
    expect([world.state('MSFT'), world.held('MSFT')]).toEqual(['NONE/OPEN', '0.5']);
  });
});

/** The thief once had an order of its own, which the venue cancelled. Answers its id. */
const soldOut = async (world: World): Promise<string> => {
  await world.plan(2, [{ symbol: 'AAPL', quantity: '8', pnl: '5' }, { symbol: 'MSFT', quantity: '3', pnl: '3' }]);
  await world.tick({ MSFT: '100.1' });
  const { clientOrderId } = world.order('MSFT');
  world.venue.end(clientOrderId, 'CANCELLED');
  await world.drain();
  await world.plan(3, [{ symbol: 'AAPL', quantity: '8', pnl: '5' }, { symbol: 'MSFT', quantity: '10', pnl: '3' }]);
  return clientOrderId;
};

describe('WS-8 what else happens between the phases', () => {
  it('places a thief that was changed within the room held for it, by its newer plan', async () => {
    const world = await afterStepOne();
    await world.plan(2, [{ symbol: 'AAPL', quantity: '8' }, { symbol: 'MSFT', quantity: '9', limit: '99.99' }]);
    await world.drain();
    expect([world.order('MSFT').quantity.toFixed(), world.order('MSFT').limit?.toFixed(), world.free()]).toEqual(['9', '99.99', '200.09']);
  });

  it('returns the room when the thief\'s placement is refused', async () => {
    const world = await afterStepOne();
    world.venue.next('place', { kind: 'REFUSED', code: 'BAND' });
    await world.drain();
    expect([...states(world), world.free()]).toEqual(['NONE/FLAT', 'NONE/FLAT', '1100']);
    expect(world.slot('MSFT').attempts.refused).toBe(1);
  });

  it('does not send the thief\'s order when the kill switch falls between planned and sent (KS-1)', async () => {
    const world = await afterStepOne();
    await world.step((queued) => queued.message.kind === 'ACTION');
    expect(world.state('MSFT')).toBe('PLACING/FLAT');
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'ACCOUNT' }, state: 'REDUCING', by: 'PERSON', who: null });
    await world.drain();
    expect([world.state('MSFT'), world.free(), world.venue.callsOf('place').length]).toEqual(['NONE/FLAT', '1100', 1]);
  });

  it('returns everything when equity dropped so far that the release does not cover the thief', async () => {
    const world = await afterStepOne();
    world.venue.equityNow = d(400);
    world.now += 1;
    await world.readEquity();
    expect(world.free()).toBe('-200');
    await world.drain();
    expect([...states(world), world.free()]).toEqual(['NONE/FLAT', 'NONE/FLAT', '800']);
  });

  it.each([
    ['fits into what is left, and the thief is placed all the same', '1', 'PLACING/FLAT', '0'],
    ['is refused what is held for the thief', '1.01', 'NONE/FLAT', '100'],
  ])('a third claim %s', async (_, quantity, state, free) => {
    const world = await afterStepOne({ settings: { workStealingEnabled: true } });
    await world.plan(1, [{ symbol: 'NVDA', limit: '100', quantity }], 'beta');
    await world.see({ NVDA: '100.4' });
    expect([world.state('NVDA'), world.free()]).toEqual([state, free]);
    await world.drain();
    expect(world.state('MSFT')).toBe('WORKING/FLAT');
  });

  it('applies a newer plan of the victim afterwards', async () => {
    const world = await afterStepOne();
    await world.plan(2, [{ symbol: 'AAPL', quantity: '7', limit: '99' }, { symbol: 'MSFT', quantity: '10' }]);
    expect(world.slot('AAPL').watch?.limit.toFixed()).toBe('100');
    await world.drain();
    expect([world.state('AAPL'), world.slot('AAPL').watch?.limit.toFixed(), world.slot('AAPL').pending]).toEqual(['NONE/FLAT', '99', null]);
  });

  it('lets an over-committed account steal where the release covers the excess', async () => {
    const world = await beforeSteal({ thief: { quantity: '5' } });
    world.venue.equityNow = d(350);
    await stealOnce(world);
    expect([...states(world), world.free()]).toEqual(['YIELDING/FLAT', 'WAITING/FLAT', '-100']);
    await world.drain();
    expect([...states(world), world.free()]).toEqual(['NONE/FLAT', 'WORKING/FLAT', '200']);
  });

  it('does not where the release leaves it short', async () => {
    const world = await beforeSteal({ thief: { quantity: '5' } });
    world.venue.equityNow = d(200);
    await stealOnce(world);
    expect([...states(world), world.free()]).toEqual(['WORKING/FLAT', 'NONE/FLAT', '-400']);
  });
});

describe('WS-8 steals that cross', () => {
  const steal = (world: World, symbol: string, snapshot: Awaited<ReturnType<World['deps']['store']['load']>>) =>
    applyEvent(world.deps, { type: 'ENTRY_WANTED', ref: { symbol, slot: 'main' }, maySteal: true }, TRACE, snapshot);
  const book = (world: World) => world.deps.store.load('paper-1', { kind: 'BOOK', stealsSince: 0 });

  it('cannot both pass step 1: A from B, decided on a book where B worked, while B steals from A', async () => {
    const world = await beforeSteal();
    await world.see({ MSFT: '100.1' });
    const early = decide(await book(world), { type: 'ENTRY_WANTED', ref: { symbol: 'MSFT', slot: 'main' }, maySteal: true }, contextOf(world.deps));
    // The other way round by now: the victim of that decision is idle and near, its thief rests far away.
    await world.drain();
    world.now += 301_000;
    await world.see({ MSFT: '100.6', AAPL: '100.1' });
    await world.step((queued) => queued.message.kind === 'STEAL');
    expect(states(world)).toEqual(['WAITING/FLAT', 'YIELDING/FLAT']);
    if (early.kind !== 'COMMIT') throw new Error(early.reason);
    await expect(world.deps.store.commit('paper-1', early.changes, 'late')).rejects.toBeInstanceOf(ConflictError);
  });

  it('two thieves of one victim: the second finds it yielding', async () => {
    const world = await beforeSteal();
    await world.plan(1, [{ symbol: 'NVDA', limit: '100', quantity: '10' }], 'beta');
    await world.see({ MSFT: '100.1', NVDA: '100.1' });
    const stale = await book(world);
    expect((await steal(world, 'MSFT', stale)).kind).toBe('COMMITTED');
    expect((await steal(world, 'NVDA', stale)).reason).toBe('NO_VICTIM_LARGE_ENOUGH');
    expect(world.telemetry.counted.get('commit_conflicts_total')).toBe(1);
  });
});
