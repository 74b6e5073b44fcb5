import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Event } from '../../../shared/domain/event.ts';
import { d } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const NEXT_RESET = Date.UTC(2025, 5, 5, 13, 25);
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
    await world.apply({ type: 'QUOTES_SEEN', quotes: { AAPL: { price: d('100.1'), at: world.now } }, grids: [], featured: [] });
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
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, state: 'REDUCING', by: 'PERSON', who: null });
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
      world.now += 60_000;
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
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'ACCOUNT' }, state: 'HALTED', by: 'PERSON', who: null });
    await world.drain();
    expect(world.state('AAPL')).toBe('NONE/FLAT');
  });
});

const limited = async (settings: Partial<Settings>, watches: readonly WatchInput[] = PLAN): Promise<World> => {
  const world = await World.open({ settings });
  await world.plan(1, watches);
  return world;
};

/** Reads this equity from the venue. */
const equityOf = async (world: World, equity: string): Promise<void> => {
  world.now += 1000;
  world.venue.equityNow = d(equity);
  await world.readEquity();
};

const switchOf = (world: World): string => {
  const { capacity } = world.account;
  return `${capacity?.kill.account ?? 'UNKNOWN'}, streak ${capacity?.stopStreak ?? 'unknown'}${capacity?.passing?.by === 'STREAK' ? ', reduced by it' : ''}`;
};

/** Decides now what will be committed only after somebody else has been there. */
const decidedEarly = async (world: World, event: Event) => {
  const seen = await world.deps.store.load('paper-1', { kind: 'ACCOUNT' });
  const decision = decide(seen, event, contextOf(world.deps));
  if (decision.kind === 'IGNORE') throw new Error(decision.reason);
  return () => world.deps.store.commit('paper-1', decision.changes, 'late');
};

const stopped = async (world: World, times: number): Promise<void> => {
  for (let count = 0; count < times; count += 1) {
    await world.deps.store.commit('paper-1', [{ kind: 'STREAK', to: 'ADD' }], `stop-${world.now}-${count}`);
  }
};

describe('KS-2 a loss', () => {
  it('that reaches its limit halts the account, and reconcile cancels what rests', async () => {
    const world = await limited({ maxDailyLoss: d('500') });
    await world.tick({ AAPL: '100.5' });
    await equityOf(world, '9500.01');
    expect(switchOf(world)).toBe('ACTIVE, streak 0');
    await equityOf(world, '9500');
    await world.reconcile();
    await world.drain();
    expect([switchOf(world), world.state('AAPL'), world.slot('AAPL').watch === null]).toEqual(['HALTED, streak 0', 'NONE/FLAT', false]);
    expect(world.telemetry.messages('KILL_SWITCH')).toEqual(['kill switch ACTIVE → HALTED: MAX_DAILY_LOSS is reached']);
  });

  it('is told once and stands, whatever the next days and resets bring', async () => {
    const world = await limited({ maxDrawdown: d('500') });
    await equityOf(world, '9400');
    await equityOf(world, '9300');
    world.now += 24 * 3_600_000;
    await equityOf(world, '20000');
    await world.session('PRE_OPEN_RESET');
    expect([switchOf(world), world.telemetry.messages('KILL_SWITCH').length]).toEqual(['HALTED, streak 0', 1]);
  });

  it('does not halt again what a person has lifted, but the next loss does', async () => {
    const world = await limited({ maxDailyLoss: d('500'), maxDrawdown: d('500') });
    await equityOf(world, '9400');
    await world.kill('ACTIVE');
    await equityOf(world, '9390');
    expect(switchOf(world)).toBe('ACTIVE, streak 0');
    await equityOf(world, '8890');
    expect(switchOf(world)).toBe('HALTED, streak 0');
  });

  it('read before a person lifted the halt and committed after does not bring the old peak back', async () => {
    const world = await limited({ maxDrawdown: d('500') });
    await equityOf(world, '9400');
    world.now += 1000;
    const late = await decidedEarly(world, { type: 'EQUITY_READ', equity: d('9400'), at: world.now });
    await world.kill('ACTIVE');
    await expect(late()).rejects.toMatchObject({ item: 'BOOK#1#CAPACITY' });
    await equityOf(world, '9400');
    expect(switchOf(world)).toBe('ACTIVE, streak 0');
  });

  it('decided on ACTIVE is decided again on what a person has set since', async () => {
    const world = await limited({ maxDailyLoss: d('500') });
    world.now += 1000;
    const late = await decidedEarly(world, { type: 'EQUITY_READ', equity: d('9000'), at: world.now });
    await world.kill('HALTED');
    await expect(late()).rejects.toMatchObject({ item: 'BOOK#1#CAPACITY' });
    await world.apply({ type: 'EQUITY_READ', equity: d('9000'), at: world.now });
    expect([switchOf(world), world.account.capacity?.equity.toFixed()]).toEqual(['HALTED, streak 0', '9000']);
  });
});

describe('KS-2 a streak of stops', () => {
  const reduced = async (): Promise<World> => {
    const world = await limited({ maxStopStreak: 2 });
    await stopped(world, 2);
    await equityOf(world, '10000');
    return world;
  };

  const holding = async (): Promise<World> => {
    // Entered once: what is stopped at 90 would be bought again at once.
    const world = await limited({ maxStopStreak: 2 }, PLAN.map((watch) => ({ ...watch, maxAttempts: 1 })));
    await world.tick({ AAPL: '99.9', 'BTC/USD': '99.9' });
    return world;
  };

  it('counts positions that their stops ended, and reduces with the one that reaches the limit', async () => {
    const world = await holding();
    await world.tick({ AAPL: '90' });
    expect([world.state('AAPL'), switchOf(world)]).toEqual(['NONE/FLAT', 'ACTIVE, streak 1']);
    await world.tick({ 'BTC/USD': '90' });
    expect([world.state('BTC/USD'), switchOf(world)]).toEqual(['NONE/FLAT', 'REDUCING, streak 2, reduced by it']);
  });

  it('ends with a position that ended otherwise', async () => {
    const world = await holding();
    await world.tick({ 'BTC/USD': '90' });
    await world.tick({ AAPL: '110.1' });
    expect([world.state('AAPL'), switchOf(world)]).toEqual(['NONE/FLAT', 'ACTIVE, streak 0']);
  });

  it('reduces until the reset before the open', async () => {
    const world = await reduced();
    expect(switchOf(world)).toBe('REDUCING, streak 2, reduced by it');
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    await world.session('EXPIRY');
    expect(switchOf(world)).toBe('REDUCING, streak 2, reduced by it');
    world.now = NEXT_RESET;
    await world.session('PRE_OPEN_RESET');
    expect(switchOf(world)).toBe('ACTIVE, streak 0');
    world.now += 6 * 60_000;
    await world.plan(2, PLAN);
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
  });

  it('lifted by a person does not reduce again at the next reading', async () => {
    const world = await reduced();
    await world.kill('ACTIVE');
    await equityOf(world, '10001');
    expect(switchOf(world)).toBe('ACTIVE, streak 0');
  });

  it.each(['REDUCING', 'HALTED'] as const)('is lifted by no reset once a person has said %s', async (state) => {
    const world = await reduced();
    await world.kill(state);
    world.now = NEXT_RESET;
    await world.session('PRE_OPEN_RESET');
    expect(switchOf(world)).toBe(`${state}, streak 0`);
  });

  it.each(['REDUCING', 'HALTED'] as const)('is not lifted by a reset that a person overtook with %s', async (state) => {
    const world = await reduced();
    world.now = NEXT_RESET;
    const late = await decidedEarly(world, { type: 'SESSION_RESET' });
    await world.kill(state);
    await expect(late()).rejects.toMatchObject({ item: 'BOOK#1#CAPACITY' });
    expect(switchOf(world)).toBe(`${state}, streak 2`);
  });
});
