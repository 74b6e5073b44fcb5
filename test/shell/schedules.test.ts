// Schedules call every day; what a run does is for the calendar to say. Times over both nights that change the clock,
// holidays and early closes; a run that comes twice, late, or not at all.
import { describe, expect, it } from '@jest/globals';
import { readSchedule } from '../../infra/schedule-expression.ts';
import { SCHEDULES } from '../../infra/pipeline-schedules.ts';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import { lastReportDay } from '../../shared/domain/daily-report.ts';
import { resetOf } from '../../shared/domain/session-reset.ts';
import { d } from '../support/builders.ts';
import { World } from '../support/world.ts';

const calendar = nyseCalendar();
const at = (text: string): number => Date.parse(text);
const MINUTE = 60_000;
const NEW_YORK = 'America/New_York';

type Session = keyof typeof SCHEDULES.session;
const timesOf = (name: Session) => {
  const { expression, zone } = SCHEDULES.session[name] ?? { expression: '', zone: undefined };
  return readSchedule(expression, zone ?? NEW_YORK);
};
const callsWithin = (name: Session, from: number, until: number): readonly number[] => {
  const times = timesOf(name);
  const found: number[] = [];
  for (let next = times.nextAfter(from - 1); next < until; next = times.nextAfter(next)) found.push(next);
  return found;
};
const daysOf = (first: string, last: string): readonly string[] => {
  const found = [first];
  while (found.at(-1) !== last) found.push(calendar.nextDate(found.at(-1) ?? last));
  return found;
};
const YEAR = daysOf('2025-01-01', '2025-12-31');

describe('MH-3 schedules in New York time', () => {
  it('call for the reset five minutes before every open of a year', () => {
    const times = timesOf('pre-open-reset');
    for (const date of YEAR) {
      const session = calendar.sessionOn(date);
      if (session !== null) expect(times.nextAfter(session.opensAt - 6 * MINUTE)).toBe(resetOf(session));
    }
  });

  it.each([
    ['the night that is an hour short', '2025-03-07', '2025-03-11'],
    ['the night that has an hour more', '2025-10-31', '2025-11-04'],
    ['holidays and an early close', '2025-12-23', '2025-12-26'],
  ])('call for a reset and for a report once on every date, closed ones too: %s', (_, first, last) => {
    const dates = daysOf(first, last);
    const until = calendar.newYorkTime(calendar.nextDate(last), 0, 0);
    const from = calendar.newYorkTime(first, 0, 0);
    expect(callsWithin('pre-open-reset', from, until).map((call) => calendar.newYorkDate(call))).toEqual(dates);
    expect(callsWithin('daily-report', from, until).map((call) => lastReportDay(call, calendar).date)).toEqual(dates);
  });

  it('look for what is to be sold 45 minutes before each close of a year, normal or early, and after it', () => {
    const times = timesOf('auto-exit');
    for (const date of YEAR) {
      const session = calendar.sessionOn(date);
      if (session === null) continue;
      for (const minute of [-45, -40, 0, 5]) expect(times.nextAfter(session.closesAt + minute * MINUTE - 1)).toBe(session.closesAt + minute * MINUTE);
    }
  });

  it('know no weekday: a run that is missing shows within a day', () => {
    for (const schedules of Object.values(SCHEDULES)) for (const { expression } of Object.values(schedules)) expect(expression).not.toMatch(/MON|FRI|SAT|SUN/);
  });

  it('have names that no two of them share', () => {
    const names = Object.values(SCHEDULES).flatMap((schedules) => Object.keys(schedules));
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Holds ten of a stock, bought in a session. */
const holding = async (boughtAt: string): Promise<World> => {
  const world = await World.open({ at: at(boughtAt) });
  await world.plan(1, [{ symbol: 'AAPL' }]);
  await world.tick({ AAPL: '99.9' });
  expect(world.state('AAPL')).toBe('NONE/OPEN');
  return world;
};

const runAt = async (world: World, when: number, kind: Parameters<World['session']>[0]): Promise<void> => {
  world.now = when;
  await world.readEquity();
  await world.session(kind);
  await world.drain();
};

/** What was sent to end the position, by time. */
const sold = (world: World): readonly string[] =>
  [...world.account.orders.values()].flatMap(({ order }) => (order.purpose === 'EXIT' ? [new Date(order.createdAt).toISOString()] : []));

describe('SL-6 the auto-exit by its schedule', () => {
  it.each([
    ['a normal close', '2025-06-04T11:00-04:00', '2025-06-04T19:15:00.000Z'],
    ['an early close in summer', '2025-07-03T10:00-04:00', '2025-07-03T16:15:00.000Z'],
    ['an early close in winter', '2025-11-28T10:00-05:00', '2025-11-28T17:15:00.000Z'],
    ['the close after the night that is an hour short', '2025-03-10T11:00-04:00', '2025-03-10T19:15:00.000Z'],
    ['the close after the night that has an hour more', '2025-11-03T11:00-05:00', '2025-11-03T20:15:00.000Z'],
  ])('sells once before %s, whenever else it runs that day', async (_, boughtAt, expected) => {
    const world = await holding(boughtAt);
    const date = calendar.newYorkDate(world.now);
    for (const call of callsWithin('auto-exit', world.now, calendar.newYorkTime(date, 23, 59))) await runAt(world, call, 'AUTO_EXIT');
    expect([sold(world), world.state('AAPL')]).toEqual([[expected], 'NONE/FLAT']);
  });

  it('that runs twice at once sells once', async () => {
    const world = await holding('2025-06-04T11:00-04:00');
    world.now = at('2025-06-04T15:15-04:00');
    await Promise.all([world.session('AUTO_EXIT'), world.session('AUTO_EXIT')]);
    await world.drain();
    await runAt(world, world.now + 1000, 'AUTO_EXIT');
    expect(sold(world)).toHaveLength(1);
  });

  it('that comes late sells before the close, and after it leaves the position its stop', async () => {
    const late = await holding('2025-06-04T11:00-04:00');
    await runAt(late, at('2025-06-04T15:59:30-04:00'), 'AUTO_EXIT');
    expect(sold(late)).toHaveLength(1);
    const missed = await holding('2025-06-04T11:00-04:00');
    await runAt(missed, at('2025-06-04T16:05-04:00'), 'AUTO_EXIT');
    expect([sold(missed), missed.state('AAPL'), missed.stopOrder('AAPL').status]).toEqual([[], 'NONE/OPEN', 'OPEN']);
    await runAt(missed, at('2025-06-05T12:00-04:00'), 'AUTO_EXIT');
    expect([sold(missed), missed.state('AAPL')]).toEqual([['2025-06-05T16:00:00.000Z'], 'NONE/FLAT']);
  });
});

describe('MH-1 a day without a session', () => {
  it.each([
    ['a weekend', '2025-06-06T11:00-04:00', ['2025-06-07', '2025-06-08']],
    ['a holiday', '2025-06-18T11:00-04:00', ['2025-06-19']],
    ['a weekend with the night that is an hour short', '2025-03-07T11:00-05:00', ['2025-03-08', '2025-03-09']],
    ['a weekend with the night that has an hour more', '2025-10-31T11:00-04:00', ['2025-11-01', '2025-11-02']],
  ])('changes nothing of stocks by its resets and auto-exits: %s', async (_, boughtAt, dates) => {
    const world = await holding(boughtAt);
    // What counts for a session counts until the next one begins.
    const slot = world.slot('AAPL');
    world.account.slots.set(slotKey(slot), { ...slot, triggered: boughtAt.slice(0, 10) });
    await world.deps.store.commit('paper-1', [{ kind: 'STREAK', to: 'ADD' }], 'stop');
    const before = JSON.stringify([world.slot('AAPL'), world.account.capacity?.kill, world.account.capacity?.stopStreak]);
    for (const date of dates) {
      const [from, until] = [calendar.newYorkTime(date, 0, 0), calendar.newYorkTime(date, 23, 59)];
      for (const call of callsWithin('pre-open-reset', from, until)) await runAt(world, call, 'PRE_OPEN_RESET');
      for (const call of callsWithin('auto-exit', from, until)) await runAt(world, call, 'AUTO_EXIT');
    }
    expect(JSON.stringify([world.slot('AAPL'), world.account.capacity?.kill, world.account.capacity?.stopStreak])).toBe(before);
  });
});

describe('MH-2 EW-3 crypto runs out of hours', () => {
  it('leave a session to the prices: even what is at its limit is not entered by them', async () => {
    const world = await World.open({ at: at('2025-06-04T11:00-04:00') });
    await world.plan(1, [{ symbol: 'BTC/USD', rank: 1 }]);
    await world.apply({ type: 'QUOTES_SEEN', quotes: { 'BTC/USD': { price: d('99.9'), at: world.now } }, grids: [], featured: [] });
    await runAt(world, world.now, 'CRYPTO_RUN');
    expect(world.venue.departed).toEqual([]);
  });

  it.each([
    ['a weeknight', '2025-06-04T20:00-04:00', true],
    ['a Saturday at noon', '2025-06-07T12:00-04:00', true],
    ['a holiday at noon', '2025-06-19T12:00-04:00', true],
    ['after an early close', '2025-07-03T13:00-04:00', true],
    ['before an early close', '2025-07-03T12:55-04:00', false],
    ['a session', '2025-06-04T11:00-04:00', false],
    ['the hour before the open', '2025-06-04T09:25-04:00', true],
    ['the open itself', '2025-06-04T09:30-04:00', false],
    ['after the night that is an hour short, an hour earlier by the sun', '2025-03-10T09:30-04:00', false],
    ['the hour that comes twice', '2025-11-02T01:30-05:00', true],
  ])('force the first rank in %s: the calendar decides', async (_, when, forced) => {
    const world = await World.open({ at: at(when) });
    await world.plan(1, [{ symbol: 'BTC/USD', rank: 1 }]);
    await runAt(world, at(when), 'CRYPTO_RUN');
    expect(world.state('BTC/USD')).toBe(forced ? 'WORKING/FLAT' : 'NONE/FLAT');
    await runAt(world, at(when), 'CRYPTO_RUN');
    expect(world.venue.departed).toHaveLength(forced ? 1 : 0);
  });
});
