import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../shared/apply-event.ts';
import { decide } from '../../../shared/domain/decide.ts';
import type { Event } from '../../../shared/domain/event.ts';
import type { KillAnswer, KillOrder } from '../../../shared/sessions.ts';
import { EquityUnknownError, setKillSwitch } from '../../../shared/sessions.ts';
import { World } from '../../support/world.ts';

const TRACE = { account: 'paper-1', source: 'operator', requestId: 'r', correlationId: 'c' } as const;
const at = (text: string): number => Date.parse(text);
const MINUTE = 60_000;

/** A world at this time of New York's clock, its equity just read. */
const opened = async (text: string): Promise<World> => World.open({ at: at(text), settings: { maxStopStreak: 2 } });

const say = (world: World, state: KillOrder['state'], who: string | null = 'ann'): Promise<KillAnswer> =>
  setKillSwitch(world.deps, { scope: { kind: 'ACCOUNT' }, state, who }, TRACE);

const stands = (world: World): string => {
  const { capacity } = world.account;
  return `${capacity?.kill.account ?? 'UNKNOWN'}${capacity?.passing === null ? '' : ` by ${capacity?.passing.by ?? 'nobody'}`}`;
};

const resetAt = async (world: World, text: string): Promise<string> => {
  world.now = at(text);
  await world.session('PRE_OPEN_RESET');
  return stands(world);
};

const stopped = async (world: World): Promise<void> => {
  await world.deps.store.commit('paper-1', [{ kind: 'STREAK', to: 'ADD' }], `stop-1-${world.now}`);
  await world.deps.store.commit('paper-1', [{ kind: 'STREAK', to: 'ADD' }], `stop-2-${world.now}`);
  world.now += 1000;
  await world.readEquity();
};

describe('KS-2 a pause', () => {
  it('lets nothing enter, cancels nothing, and is told with who said it', async () => {
    const world = await opened('2025-06-04T11:00-04:00');
    await world.plan(1, [{ symbol: 'AAPL' }, { symbol: 'MSFT' }]);
    await world.tick({ AAPL: '100.5' });
    expect(await say(world, 'PAUSED', 'arn:ann')).toEqual({ changed: true, state: 'REDUCING', until: at('2025-06-05T09:25-04:00') });
    await world.tick({ MSFT: '100.1' });
    await world.reconcile();
    await world.drain();
    expect([world.state('AAPL'), world.state('MSFT')]).toEqual(['WORKING/FLAT', 'NONE/FLAT']);
    expect(world.telemetry.fields('KILL_SWITCH', 'by')).toEqual(['arn:ann']);
    expect(world.telemetry.messages('KILL_SWITCH')).toEqual(['kill switch ACTIVE → REDUCING: paused until the reset before the next open']);
  });

  it('is lifted by the next reset, and entries go out again', async () => {
    const world = await opened('2025-06-04T11:00-04:00');
    await say(world, 'PAUSED');
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
    world.now += 6 * MINUTE;
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    expect(world.telemetry.fields('KILL_SWITCH', 'by')).toEqual(['ann', 'RULE']);
  });

  it.each([
    ['of a Friday, over a weekend', '2025-06-06T15:00-04:00', ['2025-06-07T09:25-04:00', '2025-06-08T09:25-04:00'], '2025-06-09T09:25-04:00'],
    ['over Independence Day and the weekend after', '2025-07-03T12:00-04:00', ['2025-07-04T09:25-04:00', '2025-07-05T09:25-04:00', '2025-07-06T09:25-04:00'], '2025-07-07T09:25-04:00'],
    ['over the night that is an hour short', '2025-03-07T15:00-05:00', ['2025-03-08T09:25-05:00', '2025-03-09T09:25-04:00'], '2025-03-10T09:25-04:00'],
    ['over the night that has an hour more', '2025-10-31T15:00-04:00', ['2025-11-01T09:25-04:00', '2025-11-02T09:25-05:00'], '2025-11-03T09:25-05:00'],
    ['after an early close', '2025-11-28T13:30-05:00', ['2025-11-28T20:00-05:00', '2025-11-29T09:25-05:00', '2025-11-30T09:25-05:00'], '2025-12-01T09:25-05:00'],
    ['before the open of the same day', '2025-06-04T08:00-04:00', [], '2025-06-04T09:25-04:00'],
  ])('%s is lifted before a real open and not before', async (_, said, closed, open) => {
    const world = await opened(said);
    expect((await say(world, 'PAUSED')).until).toBe(at(open));
    for (const text of closed) expect(await resetAt(world, text)).toBe('REDUCING by PAUSE');
    expect(await resetAt(world, open)).toBe('ACTIVE');
  });

  it('said after the reset of its day waits for the next one, however late or often that of its day runs', async () => {
    const world = await opened('2025-06-04T09:26-04:00');
    await say(world, 'PAUSED');
    for (const late of ['2025-06-04T09:27-04:00', '2025-06-04T09:40-04:00', '2025-06-04T15:59-04:00']) {
      expect(await resetAt(world, late)).toBe('REDUCING by PAUSE');
    }
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
  });

  it('is lifted by a reset that comes late within its session; one that was missed leaves it to the next', async () => {
    const late = await opened('2025-06-04T08:00-04:00');
    await say(late, 'PAUSED');
    expect(await resetAt(late, '2025-06-04T10:10-04:00')).toBe('ACTIVE');
    const missed = await opened('2025-06-04T08:00-04:00');
    await say(missed, 'PAUSED');
    expect(await resetAt(missed, '2025-06-04T16:00-04:00')).toBe('REDUCING by PAUSE');
    expect(await resetAt(missed, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
  });

  it('stands until the reset that it was said to last until, although a person makes up for a missed one at night', async () => {
    const world = await opened('2025-06-08T20:00-04:00');
    await stopped(world);
    expect((await say(world, 'PAUSED')).until).toBe(at('2025-06-09T09:25-04:00'));
    expect(await resetAt(world, '2025-06-09T02:00-04:00')).toBe('REDUCING by PAUSE');
    expect(world.account.capacity?.stopStreak).toBe(2);
    expect(await resetAt(world, '2025-06-09T09:24:59.500-04:00')).toBe('ACTIVE');
  });

  it.each([
    ['09:24:59', '2025-06-04T09:25-04:00'],
    ['09:25:00', '2025-06-05T09:25-04:00'],
    ['09:25:01', '2025-06-05T09:25-04:00'],
  ])('said at %s lasts until %s, as it is told', async (time, until) => {
    const world = await opened(`2025-06-04T${time}-04:00`);
    expect((await say(world, 'PAUSED')).until).toBe(at(until));
    const isToday = until.startsWith('2025-06-04');
    expect(await resetAt(world, '2025-06-04T09:25:02-04:00')).toBe(isToday ? 'ACTIVE' : 'REDUCING by PAUSE');
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
  });

  it.each(['REDUCING', 'HALTED'] as const)('that a person has made %s since is lifted by no reset', async (state) => {
    const world = await opened('2025-06-04T11:00-04:00');
    await say(world, 'PAUSED');
    expect(await say(world, state)).toEqual({ changed: true, state, until: null });
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe(state);
  });

  it.each(['REDUCING', 'HALTED'] as const)('does not let a standing %s end by itself', async (state) => {
    const world = await opened('2025-06-04T11:00-04:00');
    await say(world, state);
    expect(await say(world, 'PAUSED')).toEqual({ changed: false, state, until: null });
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe(state);
  });

  it('after a halt that was resumed is a pause like any other', async () => {
    const world = await opened('2025-06-04T11:00-04:00');
    await say(world, 'PAUSED');
    await say(world, 'HALTED');
    expect(await say(world, 'ACTIVE')).toEqual({ changed: true, state: 'ACTIVE', until: null });
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
    world.now += MINUTE;
    await say(world, 'PAUSED');
    expect(await resetAt(world, '2025-06-06T09:25-04:00')).toBe('ACTIVE');
  });

  it('over a streak of stops lasts from then on, and a streak leaves a pause as it is', async () => {
    const first = await opened('2025-06-04T09:00-04:00');
    await stopped(first);
    expect(stands(first)).toBe('REDUCING by STREAK');
    first.now = at('2025-06-04T09:26-04:00');
    await say(first, 'PAUSED');
    expect(await resetAt(first, '2025-06-04T09:40-04:00')).toBe('REDUCING by PAUSE');
    const second = await opened('2025-06-04T11:00-04:00');
    await say(second, 'PAUSED');
    await stopped(second);
    expect([stands(second), second.account.capacity?.stopStreak]).toEqual(['REDUCING by PAUSE', 2]);
    expect([await resetAt(second, '2025-06-05T09:25-04:00'), second.account.capacity?.stopStreak]).toEqual(['ACTIVE', 0]);
  });

  it('over a halt by a loss changes nothing: only a person lifts it, by saying so', async () => {
    const world = await opened('2025-06-04T11:00-04:00');
    await world.apply({ type: 'KILL_SWITCH_SET', scope: { kind: 'ACCOUNT' }, state: 'HALTED', by: 'RULE', who: null });
    expect((await say(world, 'PAUSED')).state).toBe('HALTED');
  });

  it.each([{ kind: 'CLASS', assetClass: 'crypto' }, { kind: 'SYMBOL', symbol: 'BTC/USD' }] as const)('of $kind is refused: it has no open to end before', async (scope) => {
    const world = await opened('2025-06-04T11:00-04:00');
    await expect(setKillSwitch(world.deps, { scope, state: 'PAUSED', who: null }, TRACE)).rejects.toMatchObject({ field: 'scope' });
    expect(world.account.capacity?.kill).toMatchObject({ account: 'ACTIVE', crypto: 'ACTIVE', symbols: {} });
  });

  it.each(['PAUSED', 'REDUCING', 'HALTED'] as const)('or %s before equity was read is not taken for done', async (state) => {
    const world = new World();
    await expect(say(world, state)).rejects.toBeInstanceOf(EquityUnknownError);
  });
});

/** Decides now what will be committed only after somebody else has been there. */
const decidedEarly = async (world: World, event: Event) => {
  const seen = await world.deps.store.load('paper-1', { kind: 'ACCOUNT' });
  const decision = decide(seen, event, contextOf(world.deps));
  if (decision.kind === 'IGNORE') throw new Error(decision.reason);
  return () => world.deps.store.commit('paper-1', decision.changes, 'late');
};

describe('KS-2 a reset that was decided', () => {
  it.each([
    ['reduced', ['REDUCING']],
    ['resumed and paused anew', ['ACTIVE', 'PAUSED']],
    ['paused once more', ['PAUSED']],
  ] as const)('before a person %s lifts nothing', async (_, orders) => {
    const world = await opened('2025-06-04T11:00-04:00');
    await say(world, 'PAUSED');
    world.now = at('2025-06-05T09:25:01-04:00');
    const late = await decidedEarly(world, { type: 'SESSION_RESET' });
    for (const order of orders) await say(world, order);
    const before = stands(world);
    await expect(late()).rejects.toMatchObject({ item: 'BOOK#1#CAPACITY' });
    expect([stands(world), world.account.capacity?.kill.account]).toEqual([before, 'REDUCING']);
  });
});

describe('KS-2 a streak of stops', () => {
  it('of a session is not forgotten by its own reset, late or twice', async () => {
    const world = await opened('2025-06-04T11:00-04:00');
    await stopped(world);
    expect(await resetAt(world, '2025-06-04T11:30-04:00')).toBe('REDUCING by STREAK');
    expect(world.account.capacity?.stopStreak).toBe(2);
    expect(await resetAt(world, '2025-06-05T09:25-04:00')).toBe('ACTIVE');
    expect(world.account.capacity?.stopStreak).toBe(0);
  });

  it('goes on over a weekend and a holiday, whatever runs there', async () => {
    const world = await opened('2025-07-03T11:00-04:00');
    await world.deps.store.commit('paper-1', [{ kind: 'STREAK', to: 'ADD' }], 'stop');
    for (const closed of ['2025-07-04T09:25-04:00', '2025-07-06T09:25-04:00']) await resetAt(world, closed);
    expect(world.account.capacity?.stopStreak).toBe(1);
    await resetAt(world, '2025-07-07T09:25-04:00');
    expect(world.account.capacity?.stopStreak).toBe(0);
  });
});
