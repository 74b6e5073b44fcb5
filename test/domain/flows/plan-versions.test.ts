import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import { d } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const aapl = (limit = '100', quantity = '10'): WatchInput => ({ symbol: 'AAPL', limit, quantity, takeProfit: '120' });
const limitOf = (world: World): string | undefined => world.slot('AAPL').watch?.limit.toFixed();
const terms = (world: World): string[] => [world.order('AAPL').quantity.toFixed(), world.order('AAPL').limit?.toFixed() ?? ''];
const intents = (world: World): string[] => [...world.account.actions.values()].map((action) => action.intent.kind);

/** A live order of 10 at 100, room 20,000. */
const working = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [aapl()]);
  await world.tick({ AAPL: '100.5' });
  return world;
};

/** The placement is planned; `sent` lets it go without an answer. */
const placing = async (sent: boolean): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [aapl()]);
  await world.see({ AAPL: '100.5' });
  world.webhooksHeld = true;
  world.venue.next('place', { kind: 'LOST_AFTER' });
  if (sent) await world.drain();
  return world;
};

describe('EW-6 versions of a plan', () => {
  it.each([['older', 1], ['equal', 2]])('an %s version changes nothing', async (_, version) => {
    const world = await World.open();
    await world.plan(2, [aapl('100')]);
    const before = world.slot('AAPL');
    expect((await world.plan(version, [aapl('99')])).results[0]?.outcome).toBe('UNCHANGED');
    expect(world.slot('AAPL')).toEqual(before);
  });

  it('a plan applied by half is sent again and applied to the rest', async () => {
    const world = await World.open();
    await world.plan(1, [aapl(), { symbol: 'MSFT' }, { symbol: 'TSLA' }]);
    await world.plan(2, [aapl('99')]).catch(() => undefined);
    // The first half of version 3 was applied, then its sender died.
    await world.apply({ type: 'WATCH_PLANNED', watch: { ...required(world), planVersion: 3 } });
    const result = await world.plan(3, [aapl('98'), { symbol: 'NVDA' }]);
    expect(result.results.map((each) => each.outcome)).toEqual(['UNCHANGED', 'ACCEPTED']);
    expect([limitOf(world), world.slot('NVDA').watch?.limit.toFixed()]).toEqual(['99', '100']);
  });

  it('watches left out are withdrawn last, and only those of the strategy', async () => {
    const world = await World.open();
    await world.plan(1, [aapl(), { symbol: 'MSFT' }]);
    await world.plan(1, [{ symbol: 'TSLA' }], 'beta');
    const { withdrawn } = await world.plan(2, [{ symbol: 'NVDA' }]);
    expect(withdrawn.toSorted()).toEqual(['AAPL', 'MSFT']);
    expect([world.slot('AAPL').watch, world.slot('TSLA').watch?.strategy]).toEqual([null, 'beta']);
    const order = world.telemetry.notes.filter((note) => note.name.startsWith('WATCH_')).map((note) => note.name);
    expect(order.slice(-3)).toEqual(['WATCH_PLANNED', 'WATCH_WITHDRAWN', 'WATCH_WITHDRAWN']);
  });

  it('an older version withdraws nothing that a newer one has asked for', async () => {
    const world = await World.open();
    await world.plan(5, [aapl()]);
    expect((await world.plan(4, [{ symbol: 'MSFT' }])).withdrawn).toEqual([]);
    expect(limitOf(world)).toBe('100');
  });

  it('a symbol held by another strategy is refused', async () => {
    const world = await working();
    const { results } = await world.plan(1, [aapl('90')], 'beta');
    expect(results[0]).toMatchObject({ outcome: 'REFUSED', reason: 'SYMBOL_TAKEN' });
    expect(limitOf(world)).toBe('100');
  });

  it('a symbol given up by its strategy can be taken by another, its counters with it', async () => {
    const world = await World.open();
    await world.plan(1, [aapl()]);
    await world.plan(2, []);
    expect((await world.plan(1, [aapl('90')], 'beta')).results[0]?.outcome).toBe('ACCEPTED');
    expect(world.slot('AAPL').watch?.strategy).toBe('beta');
  });
});

const required = (world: World) => {
  const { watch } = world.slot('AAPL');
  if (watch === null) throw new Error('AAPL has no watch');
  return watch;
};

describe('EW-6 EX-3 a newer plan for a live order', () => {
  it('that asks for the same leaves the order alone', async () => {
    const world = await working();
    await world.plan(2, [aapl()]);
    expect([intents(world), world.slot('AAPL').watch?.planVersion]).toEqual([[], 2]);
  });

  it('that grows it claims the difference first', async () => {
    const world = await working();
    await world.plan(2, [aapl('100', '12')]);
    expect([world.free(), terms(world)]).toEqual(['18800', ['10', '100']]);
    await world.drain();
    expect([world.free(), terms(world), world.venue.callsOf('amend').length]).toEqual(['18800', ['12', '100'], 1]);
  });

  it('that shrinks it returns the difference when it is confirmed', async () => {
    const world = await working();
    await world.plan(2, [aapl('99', '8')]);
    expect(world.free()).toBe('19000');
    await world.drain();
    expect([world.free(), terms(world)]).toEqual(['19208', ['8', '99']]);
  });

  it('while its outcome is unknown the larger counts, and it is looked up, not assumed', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LOST_AFTER' });
    await world.plan(2, [aapl('99', '8')]);
    await world.drain();
    expect([world.free(), world.state('AAPL')]).toEqual(['19000', 'WORKING/FLAT']);
    await world.pass(5);
    expect([world.free(), terms(world), world.venue.callsOf('amend').length]).toEqual(['19208', ['8', '99'], 1]);
  });

  it('lost before it took effect, it is sent again, but only once it can no longer take effect late (EX-9)', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LOST_BEFORE' });
    await world.plan(2, [aapl('100', '12')]);
    await world.pass(20);
    expect([world.venue.callsOf('amend').length, world.free()]).toEqual([1, '18800']);
    await world.pass(20);
    expect([world.venue.callsOf('amend').length, terms(world), world.free()]).toEqual([2, ['12', '100'], '18800']);
  });

  it('taken late, within the quiet time, it is not sent a second time', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LATE', afterMs: 12_000 });
    await world.plan(2, [aapl('100', '12')]);
    await world.pass(60);
    expect([world.venue.callsOf('amend').length, terms(world)]).toEqual([1, ['12', '100']]);
  });

  it('refused by the venue, the order is cancelled and its watch enters again by the plan', async () => {
    const world = await working();
    world.venue.next('amend', { kind: 'REFUSED', code: 'BAND' });
    await world.plan(2, [aapl('99', '8')]);
    await world.drain();
    expect([world.state('AAPL'), world.free(), limitOf(world)]).toEqual(['NONE/FLAT', '20000', '99']);
  });

  it.each(['99.79', '95', '100.4'])('that moves it to %s amends it, however far: the threshold is for levels of a grid', async (limit) => {
    const world = await working();
    world.venue.calls.length = 0;
    await world.plan(2, [aapl(limit)]);
    await world.drain();
    expect([world.venue.calls.map(({ kind }) => kind), terms(world)]).toEqual([['amend'], ['10', limit]]);
  });

  it('that does not fit cancels the order instead, and waits for room', async () => {
    const world = await working();
    await world.plan(2, [aapl('100', '200.01')]);
    expect(world.state('AAPL')).toBe('CANCELLING/FLAT');
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.slot('AAPL').watch?.quantity.toFixed()]).toEqual(['NONE/FLAT', '20000', '200.01']);
  });

  it('of the other side cancels and places', async () => {
    const world = await working();
    await world.plan(2, [{ ...aapl(), side: 'sell', takeProfit: '80' }]);
    await world.drain();
    await world.tick({ AAPL: '99.8' });
    expect([world.order('AAPL').side, world.venue.callsOf('cancel').length]).toEqual(['sell', 1]);
  });

  it('where the venue cannot amend, cancels and places', async () => {
    const world = await World.open({ traits: { amends: false } });
    await world.plan(1, [aapl()]);
    await world.tick({ AAPL: '100.5' });
    await world.plan(2, [aapl('99.9')]);
    await world.drain();
    await world.tick({ AAPL: '100.5' });
    expect([terms(world), world.venue.callsOf('amend')]).toEqual([['10', '99.9'], []]);
  });

  it('that comes while an amendment is under way is applied after it', async () => {
    const world = await working();
    await world.plan(2, [aapl('99')]);
    await world.plan(3, [aapl('98')]);
    expect(world.slot('AAPL').pending).not.toBeNull();
    await world.drain();
    expect([terms(world), world.slot('AAPL').pending, world.free()]).toEqual([['10', '98'], null, '19020']);
  });

  it.each([
    ['95', '120'],
    ['100', '120'],
    ['105', '105'],
  ])('fills before it has moved: a new take-profit of %s is %s, for none ends at once what was just bought (SL-4)', async (takeProfit, kept) => {
    const world = await working();
    await world.plan(2, [{ ...aapl('90'), takeProfit }]);
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '10');
    await world.tick({ AAPL: '100' });
    const { position } = world.slot('AAPL');
    expect(position).toMatchObject({ status: 'OPEN', rules: { takeProfit: d(kept) } });
  });

  it('an order that grew and fills past its old size lives on, its room with it', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LOST_AFTER' });
    await world.plan(2, [aapl('100', '15')]);
    world.now += 1;
    await world.drain();
    world.venue.fill(world.order('AAPL').clientOrderId, '12', '100');
    const filled = world.venue.outbox.at(-1);
    // Not even the venue's word for its size has come yet: what fills is measured against the larger one.
    if (filled !== undefined) await world.report({ ...filled.report, quantity: null });
    expect([world.state('AAPL'), terms(world), world.held('AAPL'), world.free()]).toEqual(['WORKING/OPEN', ['10', '100'], '12', '18500']);
    if (filled !== undefined) await world.deliverWebhook(filled);
    expect([world.state('AAPL'), terms(world), world.held('AAPL'), world.free()]).toEqual(['WORKING/OPEN', ['15', '100'], '12', '18500']);
  });

  it('an order that shrank and fills at its new size has ended', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LOST_AFTER' });
    await world.plan(2, [aapl('100', '6')]);
    await world.drain();
    world.venue.fill(world.order('AAPL').clientOrderId, '6', '100');
    const filled = world.venue.outbox.at(-1);
    if (filled !== undefined) await world.deliverWebhook(filled);
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '6', '19400']);
  });

  it('a bare word that it filled is not believed while its size is in question (SL-10)', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.next('amend', { kind: 'LOST_AFTER' });
    await world.plan(2, [aapl('100', '6')]);
    await world.drain();
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '6', '100');
    expect(await world.report(world.venue.report(world.venue.order(clientOrderId), 'BARE'))).toBe('LOOK_UP');
    await world.pass(5);
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '6', '19400']);
  });

  it.each([['old', 5000], ['of the same millisecond', 0]])('a report %s of the same terms does not confirm an amendment back to them', async (_, later) => {
    const world = await working();
    const old = world.venue.report(world.venue.order(world.order('AAPL').clientOrderId));
    await world.plan(2, [aapl('99')]);
    await world.drain();
    world.now += later;
    await world.plan(3, [aapl('100')]);
    await world.report(old);
    expect(world.order('AAPL').limit?.toFixed()).toBe('99');
  });

  it('its own answer does, whatever the venue\'s clock says', async () => {
    const world = await working();
    world.webhooksHeld = true;
    await world.plan(2, [aapl('99')]);
    const [action] = [...world.account.actions.values()];
    if (action === undefined) throw new Error('nothing planned');
    const { clientOrderId, id: actionId } = action;
    const report = { ...world.venue.report(world.venue.order(clientOrderId)), limit: d(99), at: world.now - 30_000 };
    await world.apply({ type: 'ACTION_ANSWERED', actionId, clientOrderId, outcome: { kind: 'ACCEPTED', report } });
    expect([terms(world), world.account.actions.size]).toEqual([['10', '99'], 0]);
  });

  it('an answer that does not show it is not believed', async () => {
    const world = await working();
    world.webhooksHeld = true;
    world.venue.answerForm = 'BARE';
    await world.plan(2, [aapl('99')]);
    await world.drain();
    expect([terms(world), world.account.actions.size]).toEqual([['10', '100'], 1]);
    await world.pass(5);
    expect([terms(world), world.account.actions.size, world.venue.callsOf('amend').length]).toEqual([['10', '99'], 0, 1]);
  });

  it('a refusal that comes late is not taken for the order that came after (SL-12)', async () => {
    const world = await working();
    await world.plan(2, [aapl('99')]);
    const [first] = [...world.account.actions.values()];
    if (first === undefined) throw new Error('nothing planned');
    await world.drain();
    world.venue.end(first.clientOrderId, 'CANCELLED');
    await world.drain();
    await world.tick({ AAPL: '99.5' });
    await world.plan(3, [aapl('99.1')]);
    // The first order's amendment comes back refused, when the slot has another order that is being amended.
    await world.deps.store.commit('paper-1', [{ kind: 'ACTION', before: null, after: { ...first, state: 'SENT', sentAt: world.now } }], 'late');
    await world.apply({ type: 'ACTION_ANSWERED', actionId: first.id, clientOrderId: first.clientOrderId, outcome: { kind: 'REFUSED', code: 'ORDER_CLOSED' } });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    expect(world.account.actions.has(first.id)).toBe(false);
  });
});

describe('EW-6 a newer plan for an order that is on its way', () => {
  it('takes back a placement that was not sent: its room returns at once, and nothing goes out', async () => {
    const world = await placing(false);
    await world.plan(2, [aapl('99')]);
    expect([world.state('AAPL'), world.free(), limitOf(world)]).toEqual(['NONE/FLAT', '20000', '99']);
    await world.drain();
    expect(world.venue.departed).toEqual([]);
  });

  it('waits for the answer of one that was sent, then amends it', async () => {
    const world = await placing(true);
    await world.plan(2, [aapl('99.9')]);
    expect([world.state('AAPL'), limitOf(world)]).toEqual(['PLACING/FLAT', '100']);
    world.webhooksHeld = false;
    await world.drain();
    expect([terms(world), world.slot('AAPL').pending]).toEqual([['10', '99.9'], null]);
  });

  it('withdraws one that was sent by cancelling it as soon as it is known', async () => {
    const world = await placing(true);
    await world.plan(2, [{ symbol: 'MSFT' }]);
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await world.pass(5);
    expect([world.state('AAPL'), world.free(), world.slot('AAPL').watch]).toEqual(['NONE/FLAT', '20000', null]);
  });

  it('a watch planned again after its withdrawal is kept', async () => {
    const world = await placing(true);
    await world.plan(2, [{ symbol: 'MSFT' }]);
    await world.plan(3, [{ symbol: 'MSFT' }, aapl('99.9')]);
    await world.pass(5);
    expect([world.state('AAPL'), terms(world)]).toEqual(['WORKING/FLAT', ['10', '99.9']]);
  });

  it('applies to a cancelling order once it has ended', async () => {
    const world = await working();
    await world.plan(2, [{ symbol: 'MSFT' }]);
    expect(world.state('AAPL')).toBe('CANCELLING/FLAT');
    await world.plan(3, [{ symbol: 'MSFT' }, aapl('97')]);
    expect(limitOf(world)).toBe('100');
    await world.drain();
    expect([world.state('AAPL'), limitOf(world)]).toEqual(['NONE/FLAT', '97']);
  });

  it('an entry decided before a newer plan cannot go out after it', async () => {
    const world = await World.open();
    await world.plan(1, [aapl()]);
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now } }, grids: [], featured: [] });
    const ref = { symbol: 'AAPL', slot: 'main' };
    const stale = await world.deps.store.load('paper-1', { kind: 'SLOT', ref });
    const early = decide(stale, { type: 'ENTRY_WANTED', ref, maySteal: false }, contextOf(world.deps));
    await world.plan(2, [aapl('90')]);
    if (early.kind !== 'COMMIT') throw new Error(early.reason);
    await expect(world.deps.store.commit('paper-1', early.changes, 'late')).rejects.toMatchObject({ item: 'BOOK#3#SLOT#AAPL#main' });
  });
});
