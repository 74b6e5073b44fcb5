// Every sentence here is caused by real decisions over the memory store: prices, plans, answers of the venue, a person's word.
import { describe, expect, it } from '@jest/globals';
import { DomainInputError } from '../../../shared/domain/decimal.ts';
import { InvalidInputError } from '../../../shared/errors.ts';
import { tellJournal, tellWhy } from '../../../shared/operator/tell-why.ts';
import { SATURDAY, d, market } from '../../support/builders.ts';
import { operatorOf, whyOf } from '../../support/operator-world.ts';
import { afterStepOne, beforeSteal } from '../../support/steal-world.ts';
import { World } from '../../support/world.ts';
import type { WorldOptions } from '../../support/world.ts';
import type { WatchInput } from '../../support/builders.ts';

const watching = async (watch: Partial<WatchInput> = {}, options: WorldOptions = {}): Promise<World> => {
  const world = await World.open(options);
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null, ...watch }]);
  return world;
};

const MINUTE = 60_000;

describe('EW-1 WS-1 why a watch does not enter: its price', () => {
  it('has no price at all', async () => {
    const world = await watching();
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY AWAY: no entry: no price of it is known']);
  });

  it('is farther away than its tolerance, and says both', async () => {
    const world = await watching();
    await world.tick({ AAPL: '101' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY AWAY: no entry: the price 101 is 1 % from its limit 100, and its tolerance is 0.66 %']);
  });

  it('takes the tolerance of crypto out of hours (EW-2)', async () => {
    const world = await watching({ symbol: 'BTC/USD', rank: 2 }, { at: SATURDAY, settings: { cryptoOutOfHoursForceCount: 0 } });
    await world.tick({ 'BTC/USD': '102' });
    expect(await whyOf(world, 'btcusd')).toEqual(['ENTRY AWAY: no entry: the price 102 is 2 % from its limit 100, and its tolerance is 1.6 %']);
  });

  it('is too old to rest on', async () => {
    const world = await watching();
    await world.tick({ AAPL: '101' });
    world.now += 3 * MINUTE;
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY AWAY: no entry: its price is 3 min old, and one counts for 120 s']);
  });

  it('has not come to its trigger (SL-1)', async () => {
    const world = await watching({ trigger: '99' });
    await world.tick({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY AWAY: no entry: it is not triggered: a price at or below 99 has to come from minute 1 to 60 of the session; the price is 100.5',
    ]);
  });
});

describe('EW-5 EW-6 KS-1 why a watch does not enter: its day and the account', () => {
  it('meets the kill switch, of every scope that stands', async () => {
    const world = await watching();
    await world.kill('HALTED');
    await world.kill('REDUCING', { kind: 'SYMBOL', symbol: 'AAPL' });
    await world.tick({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY KILL_SWITCH: no entry: the kill switch is HALTED for the account and REDUCING for AAPL']);
  });

  it('meets a closed market (MH-1)', async () => {
    const world = await watching({}, { at: SATURDAY });
    await world.tick({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY SESSION_CLOSED: no entry: its market, NYSE, is closed']);
  });

  it('meets the time of the auto-exit in a market that is open (SL-6)', async () => {
    const world = await watching();
    world.now += 4.5 * 60 * MINUTE;
    await world.tick({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY SESSION_CLOSED: no entry: NYSE is open, but the time of the auto-exit has come']);
  });

  it('has expired, and is gone once that was seen to', async () => {
    const world = await watching({ expiresAt: Date.UTC(2025, 5, 4, 15, 10) });
    world.now += 11 * MINUTE;
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY EXPIRED: no entry: its watch expired at 2025-06-04 15:10:00 UTC']);
    await world.session('EXPIRY');
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY NOT_WATCHING: no entry: no plan asks for it now, or its watch has expired or was withdrawn']);
  });

  it('has had its entries of the day (EW-6)', async () => {
    const world = await watching({ maxAttempts: 1, takeProfit: '110' });
    await world.tick({ AAPL: '100.5' });
    world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
    await world.drain();
    await world.tick({ AAPL: '111' });
    expect(world.state('AAPL')).toBe('NONE/FLAT');
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY MAX_ATTEMPTS: no entry: it has entered once today, and may once']);
  });

  it('was refused too often, and rests (SL-9)', async () => {
    const world = await watching();
    world.venue.next('place', ...Array.from({ length: 4 }, () => ({ kind: 'REFUSED', code: 'NO_FUNDS' }) as const));
    for (let price = 0; price < 4; price += 1) await world.tick({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY MAX_ORDER_RETRIES: no entry: it was refused 4 times this session and has 3 retries; it rests until the next session',
    ]);
  });

  it('would be blocked for crossing the spread (EX-3)', async () => {
    const world = await watching({ style: { kind: 'MAKER' } });
    await world.tick({ AAPL: '99.9' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY WOULD_CROSS_SPREAD: no entry: at the price 99.9 its post-only limit 100 would trade at once']);
  });
});

describe('WS-2 WS-6 why a watch gets no room, by the first reason that refuses it', () => {
  it('equity was not read lately, for the account as for the symbol', async () => {
    const world = await watching();
    await world.see({ AAPL: '101' });
    world.now += 100_000;
    const answer = await tellWhy(operatorOf(world).deps, 'AAPL', { hours: 1, most: 5 });
    expect(answer.account).toEqual({ about: 'ACCOUNT', code: 'CAPACITY_UNKNOWN', words: 'nothing enters: equity was last read 100 s ago, and counts for 90 s' });
  });

  it('it is not near enough to its own limit to steal', async () => {
    const world = await beforeSteal();
    await world.see({ MSFT: '100.5' });
    expect(await whyOf(world, 'MSFT')).toEqual([
      'ENTRY NOT_READY: no room: it needs 1000, and 300 is free; to steal it has to be within 0.3 % of its limit, and it is 0.5 % away',
    ]);
  });

  it('stealing is switched off', async () => {
    const world = await beforeSteal({ settings: { workStealingEnabled: false } });
    await world.see({ MSFT: '100.1' });
    expect(await whyOf(world, 'MSFT')).toEqual(['ENTRY STEALING_DISABLED: no room: it needs 1000, and 300 is free; stealing is switched off']);
  });

  it('stealing is a dry run (WS-9)', async () => {
    const world = await beforeSteal({ settings: { workStealingDryRun: true } });
    await world.see({ MSFT: '100.1' });
    expect(await whyOf(world, 'MSFT')).toEqual(['ENTRY WOULD_STEAL: it needs 1000, and 300 is free; it would take the room of AAPL, but stealing is a dry run']);
  });

  it('there is nobody to take it from', async () => {
    const world = await watching({ quantity: '20' }, { equity: '550' });
    await world.see({ AAPL: '100.1' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY NO_VICTIM_LARGE_ENOUGH: no room: it needs 2000, and 1100 is free; there is no live order to take it from']);
  });

  it('the only other order is near its execution (WS-3)', async () => {
    const world = await beforeSteal();
    await world.tick({ AAPL: '100.4' });
    await world.see({ MSFT: '100.1' });
    expect(await whyOf(world, 'MSFT')).toEqual([
      'ENTRY NO_VICTIM_LARGE_ENOUGH: no room: it needs 1000, and 300 is free; no one order that may be taken from would release enough',
      'STEAL NEAR_EXECUTION: nothing is taken from AAPL: its price is within 0.4 % of its limit',
    ]);
  });

  it.each([
    ['a probe', { quantity: '2.5', mode: 'probe' as const }, {}, 'PROBE: nothing is taken from AAPL: it is a probe'],
    ['one of a protected group', { group: 'core', quantity: '5' }, { settings: { protectedGroups: ['core'] } }, 'PRIORITY: nothing is taken from AAPL: its group core is protected'],
    ['too small', { quantity: '2' }, {}, 'TOO_SMALL: taking from AAPL would release 200, which is not enough'],
  ])('the only other order is %s (WS-3, WS-5)', async (_, victim, options, words) => {
    const world = await beforeSteal({ victim, thief: { quantity: '9' }, equity: '300', ...options });
    await world.see({ MSFT: '100.1' });
    expect((await whyOf(world, 'MSFT')).filter((line) => line.startsWith('STEAL'))).toEqual([`STEAL ${words}`]);
  });

  it('the steal would be a fight that it loses (WS-7)', async () => {
    const world = await beforeSteal({ settings: { workStealingFightThreshold: 1 } });
    await world.see({ MSFT: '100.1' });
    expect(await whyOf(world, 'MSFT')).toEqual([
      'ENTRY FIGHT_LOST: no room: it needs 1000, and 300 is free; taking from AAPL would be a fight, the two having stolen from each other 0 times in 30 min, and its PnL 3 is not above 5',
    ]);
  });
});

describe('WS-8 WS-10 a steal while it is under way, and what it leaves behind', () => {
  it('names who waits for whom', async () => {
    const world = await afterStepOne();
    world.now += 4000;
    expect(await whyOf(world, 'MSFT')).toEqual(['ENTRY WAITING: it waits for the room of AAPL, whose cancel is not confirmed for 4 s; it needs 1000 and holds 200 of it']);
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY YIELDING: its order (buy 8 at 100) is being cancelled: MSFT takes its room']);
  });

  it('tells the victim of its cooldown, and the thief of what protects it', async () => {
    const world = await afterStepOne();
    await world.drain();
    world.now += 50_000;
    await world.see({ AAPL: '100.6', MSFT: '100.1' });
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY NOT_READY: no room: it needs 800, and 100 is free; to steal it has to be within 0.3 % of its limit, and it is 0.6 % away',
      'HISTORY COOLDOWN: its room was taken 51 s ago, and is not taken again for another 4 min',
      'HISTORY STEAL: MSFT took its room at 2025-06-04 15:00:02 UTC',
    ]);
    expect(await whyOf(world, 'MSFT')).toEqual([
      'ENTRY WORKING: its order (buy 10 at 100) rests at the venue for 51 s: the price 100.1 is 0.1 % away',
      'STEAL NEAR_EXECUTION: its room cannot be taken: its price is within 0.4 % of its limit',
      'HISTORY STEAL: it took the room of AAPL at 2025-06-04 15:00:02 UTC',
    ]);
  });
});

describe('EX-2 EX-9 an order on its way, and one whose answer was lost', () => {
  it('is planned and not sent', async () => {
    const world = await watching();
    await world.see({ AAPL: '100.5' });
    expect(await whyOf(world, 'AAPL')).toEqual(['ENTRY PLACING: it has its room; its order (buy 10 at 100) was planned 0 s ago and is not sent yet']);
  });

  it('is unknown, with the time from which the venue’s word that it has none is believed', async () => {
    const world = await watching();
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.tick({ AAPL: '100.5' });
    const { clientOrderId } = world.order('AAPL');
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY PLACING: it has its room; its order (buy 10 at 100) was sent, and the venue has not confirmed it',
      `ORDER UNKNOWN: nobody knows yet what placing the entry ${clientOrderId} came to, sent 0 s ago: the venue is asked for it until it is known, and that it has none is believed from 2025-06-04 15:00:22 UTC on`,
    ]);
  });

  it('rests, and its room may be taken', async () => {
    const world = await beforeSteal();
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY WORKING: its order (buy 8 at 100) rests at the venue for 0 s: the price 100.6 is 0.6 % away',
      'STEAL CANDIDATE: its room may be taken by a nearer entry of another symbol',
    ]);
  });

  it('is being cancelled, and a newer plan waits for that', async () => {
    const world = await watching();
    await world.tick({ AAPL: '100.5' });
    await world.plan(2, [{ symbol: 'MSFT' }]);
    expect(await whyOf(world, 'AAPL')).toEqual([
      'ENTRY CANCELLING: its order (buy 10 at 100) is being cancelled: its plan was withdrawn',
      'ENTRY PENDING: its watch goes once what is under way has ended',
    ]);
  });
});

/** Ten of AAPL at 100 have been bought; the first stop meets what a test says. */
const bought = async (...fates: readonly ('REFUSED' | 'OK')[]): Promise<World> => {
  const world = await watching();
  await world.tick({ AAPL: '100.5' });
  world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
  world.venue.next('place', ...fates.map((fate) => (fate === 'OK' ? ({ kind: 'OK' } as const) : ({ kind: 'REFUSED', code: 'BAD_STOP' } as const))));
  await world.drain();
  return world;
};

const HELD = ['ENTRY POSITION_OPEN: no entry: what it bought is still held', 'POSITION OPEN: it holds 10 at 100'];

describe('SL-4 SL-7 SL-11 what is held, and what covers it', () => {
  it('is covered by a stop at the venue', async () => {
    expect(await whyOf(await bought(), 'AAPL')).toEqual([...HELD, 'STOP PROTECTED: its stop rests at the venue at 95 for 10']);
  });

  it('is unprotected: its stop was refused', async () => {
    const world = await bought('REFUSED');
    world.now += 7000;
    expect(await whyOf(world, 'AAPL')).toEqual([...HELD, 'STOP UNPROTECTED: UNPROTECTED for 7 s: it has no stop at the venue; the venue has refused its stop once']);
  });

  it('is too small for a stop, and watched', async () => {
    const world = await watching();
    world.venue.listed.set('AAPL', market('AAPL', { minNotional: d(100) }));
    world.account.markets.set('AAPL', market('AAPL', { minNotional: d(100) }));
    await world.plan(2, [{ symbol: 'AAPL', takeProfit: null }]);
    await world.tick({ AAPL: '100.5' });
    world.venue.fill(world.order('AAPL').clientOrderId, '0.5', '100');
    await world.drain();
    expect((await whyOf(world, 'AAPL')).at(-1)).toBe(
      'STOP WATCHED: the venue takes no stop for it (BELOW_MIN_NOTIONAL): its price is watched here, and it is sold when that comes to 95',
    );
  });

  it('is being left, its stop first', async () => {
    const world = await watching({ takeProfit: '110' });
    await world.tick({ AAPL: '100.5' });
    world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
    await world.drain();
    await world.see({ AAPL: '111' });
    expect((await whyOf(world, 'AAPL')).slice(1, 2)).toEqual(['POSITION LEAVING: it holds 10 at 100, and is being left: its take-profit has come; its stop is cancelled first']);
  });

  it('is not ours, and waits for a person', async () => {
    const world = await bought();
    world.unexplained.add('MSFT');
    world.venue.positions = () => Promise.resolve([{ symbol: 'AAPL', quantity: d(10), averagePrice: d(100) }, { symbol: 'MSFT', quantity: d(20), averagePrice: d(50) }]);
    for (let run = 0; run < 3; run += 1) {
      world.now += 30_000;
      await world.reconcile();
      await world.drain();
    }
    expect((await whyOf(world, 'MSFT', 'foreign')).at(-1)).toBe(
      'POSITION FOREIGN_POSITION: the venue holds 20 at 50 that no order of ours explains, seen 30 s ago: it uses room and nothing is traded in it until a person adopts it (claimjump adopt MSFT)',
    );
  });
});

describe('SL-14 the course from the journal', () => {
  it('comes with the present state, of that symbol alone, and of a steal to both of its sides', async () => {
    const world = await afterStepOne();
    await world.drain();
    const facts = async (symbol: string) => (await tellWhy(operatorOf(world).deps, symbol, { hours: 2, most: 200 })).journal?.map(({ fact }) => fact);
    expect(await facts('MSFT')).toEqual(expect.arrayContaining(['STEAL_STARTED', 'STEAL', 'ORDER_PLACED']));
    expect(await facts('AAPL')).toEqual(expect.arrayContaining(['CLAIMED', 'STEAL_STARTED', 'STEAL', 'ORDER_CANCELLED']));
    expect(await facts('NVDA')).toEqual([]);
  });

  it('is asked for the time and the number given', async () => {
    const world = await watching();
    const operator = operatorOf(world);
    await tellWhy(operator.deps, 'aapl', { hours: 2, most: 7 });
    await tellJournal(operator.deps, null, { hours: 1, most: 3 });
    expect(operator.queries).toEqual([
      { symbol: 'AAPL', fact: null, from: world.now - 7_200_000, to: world.now, most: 7 },
      { symbol: null, fact: null, from: world.now - 3_600_000, to: world.now, most: 3 },
    ]);
  });

  it('may be missing: what stands is told all the same', async () => {
    const world = await watching();
    const operator = operatorOf(world);
    operator.broken = true;
    const answer = await tellWhy(operator.deps, 'AAPL', { hours: 2, most: 7 });
    expect([answer.journal, answer.fault, answer.slots.length]).toEqual([null, 'the journal could not be read', 1]);
  });

  it('refuses what is no symbol, and one that nobody lists', async () => {
    const { deps } = operatorOf(await watching());
    await expect(tellWhy(deps, 'NOBODY', { hours: 1, most: 1 })).rejects.toBeInstanceOf(InvalidInputError);
    await expect(tellWhy(deps, '"', { hours: 1, most: 1 })).rejects.toBeInstanceOf(InvalidInputError);
    await expect(tellJournal(deps, '" or 1=1', { hours: 1, most: 1 })).rejects.toBeInstanceOf(DomainInputError);
  });

  it('says of a listed symbol that no plan ever named that there is nothing', async () => {
    const { deps } = operatorOf(await watching());
    expect((await tellWhy(deps, 'nvda', { hours: 1, most: 1 })).slots).toEqual([]);
  });
});
