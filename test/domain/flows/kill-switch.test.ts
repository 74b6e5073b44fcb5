import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const PLAN = [{ symbol: 'AAPL', takeProfit: '110' }, { symbol: 'BTC/USD' }];

const open = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, PLAN);
  return world;
};

const working = async (): Promise<World> => {
  const world = await open();
  await world.tick({ AAPL: '100.5' });
  return world;
};

describe('KS-1 no new entries', () => {
  it.each([
    ['the account', { kind: 'ACCOUNT' }, ['NONE/FLAT', 'NONE/FLAT']],
    ['its class', { kind: 'CLASS', assetClass: 'stock' }, ['NONE/FLAT', 'WORKING/FLAT']],
    ['its symbol', { kind: 'SYMBOL', symbol: 'AAPL' }, ['NONE/FLAT', 'WORKING/FLAT']],
  ] as const)('while %s is reduced or halted, and again once it is active', async (_, scope, expected) => {
    for (const state of ['REDUCING', 'HALTED'] as const) {
      const world = await open();
      await world.kill(state, scope);
      await world.tick({ AAPL: '100.1', 'BTC/USD': '100.1' });
      expect([world.state('AAPL'), world.state('BTC/USD')]).toEqual(expected);
      await world.kill('ACTIVE', scope);
      await world.tick({ AAPL: '100.1' });
      expect(world.state('AAPL')).toBe('WORKING/FLAT');
    }
  });

  it('is a condition of the commit: a switch thrown after the decision refuses it', async () => {
    const world = await open();
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now } } });
    const ref = { symbol: 'AAPL', slot: 'main' };
    const stale = await world.deps.store.load('paper-1', { kind: 'SLOT', ref });
    const early = decide(stale, { type: 'ENTRY_WANTED', ref, maySteal: false }, contextOf(world.deps));
    await world.kill('REDUCING', { kind: 'CLASS', assetClass: 'stock' });
    if (early.kind !== 'COMMIT') throw new Error(early.reason);
    await expect(world.deps.store.commit('paper-1', early.changes, 'late')).rejects.toMatchObject({ item: 'BOOK#1#CAPACITY' });
    expect(await world.outcome({ type: 'ENTRY_WANTED', ref, maySteal: false })).toBe('KILL_SWITCH');
  });

  it('planned and not sent, an entry is stopped where it would be sent, and its room returns', async () => {
    const world = await open();
    await world.see({ AAPL: '100.1' });
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, state: 'REDUCING' });
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.venue.departed]).toEqual(['NONE/FLAT', '20000', []]);
    expect(world.slot('AAPL').watch).not.toBeNull();
  });
});

describe('KS-1 REDUCING', () => {
  it('leaves live entries alone', async () => {
    const world = await working();
    await world.kill('REDUCING');
    await world.reconcile();
    await world.drain();
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('lets an order shrink and never grow', async () => {
    const world = await working();
    await world.kill('REDUCING');
    await world.plan(2, [{ symbol: 'AAPL', quantity: '8' }]);
    await world.drain();
    expect([world.state('AAPL'), world.order('AAPL').quantity.toFixed()]).toEqual(['WORKING/FLAT', '8']);
    await world.plan(3, [{ symbol: 'AAPL', quantity: '9' }]);
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });
});

describe('KS-1 HALTED', () => {
  it('cancels live entries of what it names, symbol by symbol, and keeps their watches', async () => {
    const world = await working();
    await world.tick({ 'BTC/USD': '100.1' });
    await world.kill('HALTED', { kind: 'CLASS', assetClass: 'stock' });
    await world.drain();
    expect([world.state('AAPL'), world.state('BTC/USD')]).toEqual(['NONE/FLAT', 'WORKING/FLAT']);
    expect(world.slot('AAPL').watch).not.toBeNull();
  });

  it('takes back what was planned and not sent', async () => {
    const world = await open();
    await world.see({ AAPL: '100.1' });
    await world.kill('HALTED');
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
  });

  it('repeats by reconcile for what was on its way', async () => {
    const world = await open();
    world.venue.next('place', { kind: 'LOST_AFTER' });
    world.webhooksHeld = true;
    await world.tick({ AAPL: '100.5' });
    await world.kill('HALTED');
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await world.reconcile();
    await world.drain();
    await world.reconcile();
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.venue.live().length]).toEqual(['NONE/FLAT', '20000', 0]);
  });

  it('repeats until a cancel that was lost has taken effect', async () => {
    const world = await working();
    world.venue.next('cancel', { kind: 'LOST_BEFORE' }, { kind: 'LOST_BEFORE' });
    await world.kill('HALTED');
    for (let count = 0; count < 3; count += 1) {
      await world.drain();
      await world.reconcile();
    }
    await world.drain();
    expect([world.state('AAPL'), world.venue.callsOf('cancel').length]).toEqual(['NONE/FLAT', 3]);
  });

  it('never stops an exit', async () => {
    const world = await open();
    await world.tick({ AAPL: '99.9' });
    await world.kill('HALTED');
    await world.tick({ AAPL: '110.1' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });

  it('lets a cancel that was planned before go on', async () => {
    const world = await working();
    await world.plan(2, []);
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'ACCOUNT' }, state: 'HALTED' });
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });
});
