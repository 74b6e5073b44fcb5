// Who may steal from whom, decided and committed through the whole core.
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { afterStepOne, beforeSteal, stealOnce } from '../../support/steal-world.ts';
import { World } from '../../support/world.ts';

const want = (world: World, symbol = 'MSFT'): Promise<string> =>
  world.outcome({ type: 'ENTRY_WANTED', ref: { symbol, slot: 'main' }, maySteal: true });

/** The thief knows a price so far from its limit, ratio. */
const nearing = async (world: World, price: string): Promise<void> => {
  world.now += 1000;
  await world.readEquity();
  await world.apply({ type: 'QUOTES_SEEN', quotes: { MSFT: { price: d(price), at: world.now } }, grids: [], featured: [] });
};

describe('WS-6 WS-5 the reasons a thief gets no room, in their order', () => {
  it('CAPACITY_UNKNOWN before all others', async () => {
    const world = await beforeSteal({ settings: { workStealingEnabled: false } });
    await nearing(world, '100.1');
    world.now += 91_000;
    expect(await want(world)).toBe('CAPACITY_UNKNOWN');
  });

  it('what fits claims, and nobody is robbed, also where stealing is switched off', async () => {
    const world = await beforeSteal({ equity: '900', settings: { workStealingEnabled: false } });
    await nearing(world, '100.1');
    expect([await want(world), world.state('AAPL'), world.state('MSFT')]).toEqual(['COMMITTED', 'WORKING/FLAT', 'PLACING/FLAT']);
  });

  it('STEALING_DISABLED where it does not fit', async () => {
    const world = await beforeSteal({ settings: { workStealingEnabled: false } });
    await nearing(world, '100.1');
    expect(await want(world)).toBe('STEALING_DISABLED');
  });

  it('NOT_READY beyond 0.3 %, ready at exactly 0.3 %', async () => {
    const world = await beforeSteal();
    await nearing(world, '100.31');
    expect(await want(world)).toBe('NOT_READY');
    await nearing(world, '100.3');
    expect(await want(world)).toBe('COMMITTED');
  });

  it('NO_VICTIM_LARGE_ENOUGH where no single release makes it fit, and nothing is cancelled', async () => {
    const world = await beforeSteal({ thief: { quantity: '11.01' } });
    await nearing(world, '100.1');
    expect([await want(world), world.state('AAPL')]).toEqual(['NO_VICTIM_LARGE_ENOUGH', 'WORKING/FLAT']);
  });

  it('exactly enough is enough', async () => {
    const world = await afterStepOne({ thief: { quantity: '11' } });
    expect([world.state('MSFT'), world.free()]).toEqual(['WAITING/FLAT', '0']);
  });

  it('a refusal is told with its reason', async () => {
    const world = await beforeSteal({ thief: { quantity: '11.01' } });
    await stealOnce(world);
    expect(world.telemetry.notes.find((note) => note.name === 'STEAL_REFUSED')?.fields).toMatchObject({ symbol: 'MSFT', reason: 'NO_VICTIM_LARGE_ENOUGH' });
  });
});

describe('WS-3 protected orders', () => {
  it.each([
    ['a probe', { quantity: '2.5', mode: 'probe' as const }, {}],
    ['one of a protected group', { group: 'core' }, { settings: { protectedGroups: ['core'] } }],
  ])('%s is not stolen from', async (_, victim, options) => {
    const world = await beforeSteal({ victim, thief: { quantity: '8' }, equity: '400', ...options });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    await nearing(world, '100.1');
    expect(await want(world)).toBe('NO_VICTIM_LARGE_ENOUGH');
  });

  it('one that is near its own limit is not', async () => {
    const world = await beforeSteal();
    await world.tick({ AAPL: '100.4' });
    await nearing(world, '100.1');
    expect(await want(world)).toBe('NO_VICTIM_LARGE_ENOUGH');
  });

  it('one that the venue has not acknowledged is not', async () => {
    const world = await World.open({ equity: '550' });
    await world.plan(1, [{ symbol: 'AAPL', quantity: '8' }, { symbol: 'MSFT' }]);
    await world.see({ AAPL: '100.6' });
    await nearing(world, '100.1');
    expect(await want(world)).toBe('NO_VICTIM_LARGE_ENOUGH');
  });

  it('one whose amendment is under way is not: its room is in question', async () => {
    const world = await beforeSteal();
    await world.plan(2, [{ symbol: 'AAPL', quantity: '7.5' }, { symbol: 'MSFT' }]);
    await nearing(world, '100.1');
    expect(await want(world)).toBe('NO_VICTIM_LARGE_ENOUGH');
    await world.drain();
    await nearing(world, '100.2');
    expect(await want(world)).toBe('COMMITTED');
  });

  it('one that was stolen from less than the cooldown ago is not, at exactly the cooldown it is', async () => {
    const world = await afterStepOne();
    await world.drain();
    const stolenAt = world.now;
    world.venue.end(world.order('MSFT').clientOrderId, 'CANCELLED');
    await world.drain();
    await world.quote({ MSFT: '103' });
    await world.tick({ AAPL: '100.6' });
    world.now = stolenAt + 297_999;
    await world.tick({ AAPL: '100.6' });
    await nearing(world, '100.1');
    expect([stolenAt + 299_999 === world.now, await want(world)]).toEqual([true, 'NO_VICTIM_LARGE_ENOUGH']);
    world.now = stolenAt + 300_000;
    expect(await want(world)).toBe('COMMITTED');
  });
});

describe('WS-4 the order of candidates', () => {
  it('the farthest is robbed first, and of equals the one with the lower forecast', async () => {
    for (const [msftPrice, nvdaPnl, victim] of [['100.65', '5', 'NVDA'], ['100.6', '2', 'NVDA'], ['100.6', '9', 'AAPL']] as const) {
      const world = await World.open({ equity: '800' });
      await world.plan(1, [{ symbol: 'AAPL', quantity: '8', pnl: '5' }, { symbol: 'NVDA', quantity: '8', pnl: nvdaPnl }, { symbol: 'MSFT', quantity: '8' }]);
      await world.tick({ AAPL: '100.6' });
      await world.tick({ NVDA: msftPrice });
      await stealOnce(world);
      expect(world.state(victim)).toBe('YIELDING/FLAT');
    }
  });
});

describe('WS-7 fights', () => {
  /** The pair has stolen from one another twice; the third attempt is MSFT's, with this forecast against AAPL's 5. */
  const third = async (pnl: string | null): Promise<World> => {
    const world = await beforeSteal({ thief: { pnl, quantity: '8' }, victim: { quantity: '8' }, equity: '500' });
    for (const [thief, victim] of [['MSFT', 'AAPL'], ['AAPL', 'MSFT']] as const) {
      await world.tick({ [victim]: '100.6' });
      await stealOnce(world, thief);
      await world.drain();
      expect([thief, world.state(thief)]).toEqual([thief, 'WORKING/FLAT']);
      world.now += 301_000;
    }
    await world.tick({ AAPL: '100.6' });
    await nearing(world, '100.1');
    return world;
  };

  it('lost with an equal or unknown forecast: nothing is set, and a warning says so (WS-11)', async () => {
    for (const pnl of ['5', null]) {
      const world = await third(pnl);
      const before = world.slot('AAPL');
      expect([await want(world), world.slot('AAPL')]).toEqual(['FIGHT_LOST', before]);
      const line = world.telemetry.notes.find((note) => note.name === 'FIGHT_LOST');
      expect([line?.message, line?.level]).toEqual(['MSFT: Would cause fighting with AAPL, aborting steal', 'WARN']);
    }
  });

  it('won with a strictly greater one: it says so, and the victim cools down for FIGHT_COOLDOWN', async () => {
    const world = await third('5.5');
    expect(await want(world)).toBe('COMMITTED');
    await world.drain();
    expect(world.telemetry.messages('FIGHT_WON')).toEqual(['MSFT: Fighting with AAPL but PnL better (5.5 > 5.0), allowing steal']);
    expect(world.slot('AAPL').lastStolen?.cooldownSeconds).toBe(1800);
    expect(world.account.steals.at(-1)?.fight).toBe(true);
  });

  it('a fight with the first candidate ends the attempt: the next is not tried (WS-5)', async () => {
    const world = await third('5');
    await world.plan(1, [{ symbol: 'NVDA', quantity: '1' }], 'beta');
    await world.tick({ NVDA: '100.5' });
    await nearing(world, '100.1');
    expect(await want(world)).toBe('FIGHT_LOST');
  });

  it('steals that ended without a thief being placed do not count', async () => {
    const world = await afterStepOne();
    await world.kill('REDUCING');
    await world.drain();
    expect(world.account.steals).toEqual([]);
  });
});

describe('WS-9 a dry run', () => {
  it('reports what it would do, and changes nothing', async () => {
    const world = await beforeSteal({ settings: { workStealingDryRun: true } });
    const { commits } = world;
    await nearing(world, '100.1');
    const before = [world.slot('AAPL'), world.slot('MSFT'), world.account.capacity, world.account.actions.size];
    expect(await want(world)).toBe('WOULD_STEAL');
    expect([world.slot('AAPL'), world.slot('MSFT'), world.account.capacity, world.account.actions.size]).toEqual(before);
    expect([world.commits - commits, world.telemetry.messages('WOULD_STEAL').length]).toEqual([2, 1]);
  });
});

describe('WS-13 caps of a class', () => {
  const capped = { settings: { capacityStock: d('0.8') }, symbols: ['AAPL', 'MSFT', 'NVDA', 'BTC/USD'] };

  it('a claim has to fit into the room of its class as well', async () => {
    const world = await World.open({ equity: '500', ...capped });
    await world.plan(1, [{ symbol: 'AAPL', quantity: '8.01' }, { symbol: 'BTC/USD', quantity: '8.01' }]);
    await world.tick({ AAPL: '100.1', 'BTC/USD': '100.1' });
    expect([world.state('AAPL'), world.state('BTC/USD')]).toEqual(['NONE/FLAT', 'WORKING/FLAT']);
  });

  it('a victim of the other class frees the common room and none of the thief\'s class', async () => {
    const world = await World.open({ equity: '500', ...capped });
    await world.plan(1, [{ symbol: 'BTC/USD', quantity: '8' }, { symbol: 'MSFT', quantity: '8' }]);
    await world.tick({ 'BTC/USD': '100.6' });
    await stealOnce(world);
    const ofStock = () => world.account.capacity?.freeOfClass.stock.toFixed();
    expect([world.state('MSFT'), world.free(), ofStock()]).toEqual(['WAITING/FLAT', '200', '0']);
    await world.drain();
    expect([world.state('MSFT'), world.free(), ofStock()]).toEqual(['WORKING/FLAT', '200', '0']);
    await world.plan(1, [{ symbol: 'NVDA', quantity: '1' }], 'beta');
    await world.tick({ NVDA: '100.1' });
    expect(world.state('NVDA')).toBe('NONE/FLAT');
  });

  it('where the thief\'s own class has no room, a victim of the other is no help', async () => {
    const world = await World.open({ equity: '500', ...capped });
    await world.plan(1, [{ symbol: 'NVDA', quantity: '4' }, { symbol: 'BTC/USD', quantity: '5' }, { symbol: 'MSFT', quantity: '4.5' }]);
    await world.tick({ NVDA: '100.2', 'BTC/USD': '100.6' });
    await nearing(world, '100.1');
    expect(await want(world)).toBe('NO_VICTIM_LARGE_ENOUGH');
  });
});

describe('WS-10 the history of steals', () => {
  it('keeps both sides with their distance and forecast', async () => {
    const world = await afterStepOne();
    await world.drain();
    const [steal] = world.account.steals;
    expect([steal?.thief.symbol, steal?.thiefDistance.toFixed(), steal?.thiefPnl?.toFixed()]).toEqual(['MSFT', '0.001', '3']);
    expect([steal?.victim.symbol, steal?.victimDistance.toFixed(), steal?.victimPnl?.toFixed()]).toEqual(['AAPL', '0.006', '5']);
    expect(steal?.thiefClientOrderId).toBe(world.order('MSFT').clientOrderId);
  });
});
