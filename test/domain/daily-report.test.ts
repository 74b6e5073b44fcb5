import { describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import type { ReportFacts } from '../../shared/domain/daily-report.ts';
import { lastReportDay, reportDay, reportOf } from '../../shared/domain/daily-report.ts';
import { reportText } from '../../shared/domain/daily-report-text.ts';
import { toPlain } from '../../shared/domain/decimal.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';
import type { Trip, TripRecord } from '../../shared/domain/trip.ts';
import { capacityOf, holdingOf, stealOf } from '../contracts/store-samples.ts';
import { d } from '../support/builders.ts';

const calendar = nyseCalendar();
const at = (text: string): number => Date.parse(text);
const hour = 3_600_000;

describe('MH-3 the day of a report', () => {
  it.each([
    ['a usual day', '2025-06-04', '2025-06-03T17:00-04:00', '2025-06-04T17:00-04:00', 24],
    ['a Sunday', '2025-06-08', '2025-06-07T17:00-04:00', '2025-06-08T17:00-04:00', 24],
    ['the day that is an hour short', '2025-03-09', '2025-03-08T17:00-05:00', '2025-03-09T17:00-04:00', 23],
    ['the day that has an hour more', '2025-11-02', '2025-11-01T17:00-04:00', '2025-11-02T17:00-05:00', 25],
    ['the first of a year', '2026-01-01', '2025-12-31T17:00-05:00', '2026-01-01T17:00-05:00', 24],
  ])('is from 17:00 to 17:00 in New York: %s', (_, date, from, to, hours) => {
    const day = reportDay(date, calendar);
    expect([day.from, day.to, (day.to - day.from) / hour]).toEqual([at(from), at(to), hours]);
  });

  it.each([
    ['at its very end', '2025-06-04T17:00-04:00', '2025-06-04'],
    ['just before its end', '2025-06-04T16:59:59-04:00', '2025-06-03'],
    ['when the schedule calls', '2025-06-04T17:05-04:00', '2025-06-04'],
    ['for a run that is hours late', '2025-06-05T03:00-04:00', '2025-06-04'],
    ['on a Saturday', '2025-06-07T17:05-04:00', '2025-06-07'],
  ])('that is over %s', (_, now, date) => {
    expect(lastReportDay(at(now), calendar).date).toBe(date);
  });

  it('leaves no instant out and has none twice, over both nights that change the clock', () => {
    for (const [first, days] of [['2025-03-06', 6], ['2025-10-30', 6]] as const) {
      let day = reportDay(first, calendar);
      for (let count = 0; count < days; count += 1) {
        const next = reportDay(calendar.nextDate(day.date), calendar);
        expect(next.from).toBe(day.to);
        day = next;
      }
    }
  });
});

const DAY = reportDay('2025-06-04', calendar);
const NOON = at('2025-06-04T12:00-04:00');

const trip = (changes: Partial<Trip> = {}): Trip => ({
  entryTradeId: 'e1', exitTradeId: 'x1', direction: 'long', quantity: d('10'), entryPrice: d('100'), exitPrice: d('101.5'), commission: d('0.3'), openedAt: NOON - hour, closedAt: NOON, ...changes,
});
const record = (changes: Partial<TripRecord> = {}): TripRecord => ({
  id: 'r1', ref: { symbol: 'AAPL', slot: 'main' }, side: 'buy', policy: 'TAKE_PROFIT', at: NOON, trips: [trip()], late: d('0'), lost: [], unpaired: d('0'), ...changes,
});
const facts = (changes: Partial<ReportFacts> = {}): ReportFacts => ({
  day: DAY, now: DAY.to + 300_000, capacity: null, slots: [], trips: [], steals: [], deadLetters: null, ...changes,
});
const holding = (symbol: string, lots: readonly (readonly [string, string, string, number])[]): Slot => ({
  ...newSlot({ symbol, slot: 'main' }, 'stock'),
  position: { ...holdingOf(), status: 'OPEN', lots: lots.map(([tradeId, price, quantity, when]) => ({ tradeId, price: d(price), quantity: d(quantity), commission: null, at: when })) },
});

describe('EX-6 what a day came to', () => {
  it('is the sum of its round trips, by symbol and in all, to the last digit', () => {
    const many = Array.from({ length: 1000 }, (_, index) => record({
      id: `r${index}`,
      trips: [trip({ quantity: d('0.1'), entryPrice: d('0.1'), exitPrice: d('0.3'), commission: d('0.00000000000000000001'), exitTradeId: `x${index}` })],
    }));
    const report = reportOf(facts({ trips: [...many, record({ id: 'other', ref: { symbol: 'MSFT', slot: 'main' }, trips: [trip({ direction: 'short' })] })] }));
    expect(report.symbols.map(({ symbol, pairs, gross, commission, net }) => [symbol, pairs, toPlain(gross), toPlain(commission), net === null ? null : toPlain(net)])).toEqual([
      ['AAPL', 1000, '20', '0.00000000000000001', '19.99999999999999999'],
      ['MSFT', 1, '-15', '0.3', '-15.3'],
    ]);
    expect([report.total.pairs, report.total.net === null ? null : toPlain(report.total.net)]).toEqual([1001, '4.69999999999999999']);
  });

  it('has each closing in one day alone: from its first instant on, no longer at its last', () => {
    const all = [DAY.from - 1, DAY.from, DAY.to - 1, DAY.to].map((when, index) => record({ id: `r${index}`, at: when }));
    expect(reportOf(facts({ trips: all })).total.pairs).toBe(2);
    const next = reportDay('2025-06-05', calendar);
    expect(reportOf(facts({ trips: all, day: next })).total.pairs).toBe(1);
  });

  it('counts entry fills once, from what they became: pairs of today, pairs of since, and what is still held', () => {
    const report = reportOf(facts({
      trips: [
        record({ trips: [trip({ entryTradeId: 'a' }), trip({ entryTradeId: 'a', exitTradeId: 'x2' }), trip({ entryTradeId: 'yesterday', openedAt: DAY.from - 1 })] }),
        record({ id: 'since', at: DAY.to + 1, trips: [trip({ entryTradeId: 'b' })] }),
      ],
      slots: [holding('AAPL', [['a', '100', '2', NOON - hour], ['c', '99', '1', NOON]]), holding('NVDA', [['d', '5', '1', DAY.from - 1]])],
    }));
    expect(report.symbols.map(({ symbol, entryFills, exitFills, pairs }) => [symbol, entryFills, exitFills, pairs])).toEqual([['AAPL', 3, 2, 3]]);
  });

  it('says no net where a commission is not known', () => {
    const report = reportOf(facts({ trips: [record({ trips: [trip({ commission: null }), trip({ exitTradeId: 'x2' })] }), record({ id: 'r2', trips: [], late: null })] }));
    expect([report.total.net, report.total.unknown, toPlain(report.total.commission), toPlain(report.total.gross)]).toEqual([null, 2, '0.3', '30']);
  });

  it('tells what a person has to look at, and what is held at its cost', () => {
    const [lot] = holdingOf().lots;
    const report = reportOf(facts({
      capacity: capacityOf(),
      trips: [record({ trips: [], lost: lot === undefined ? [] : [lot], unpaired: d('-1') })],
      slots: [holding('AAPL', [['a', '100.5', '2', NOON], ['b', '99', '1', NOON]])],
    }));
    expect([report.lostLots, report.unpaired, report.account?.held.map(({ symbol, notional }) => [symbol, toPlain(notional)])]).toEqual([1, 1, [['AAPL', '300']]]);
  });

  it('counts the steals of the day and names the last', () => {
    const steals = Array.from({ length: 30 }, (_, index) => ({ ...stealOf(), at: DAY.from + index }));
    const report = reportOf(facts({ steals: [{ ...stealOf(), at: DAY.to }, ...steals] }));
    expect([report.steals, report.lastSteals.length, report.lastSteals[0]?.at, report.lastSteals.at(-1)?.at]).toEqual([30, 20, DAY.from + 10, DAY.from + 29]);
  });
});

describe('MH-3 a report in plain words', () => {
  it('says a fact a line', () => {
    const capacity = capacityOf({ passing: { by: 'PAUSE', since: NOON } });
    const report = reportOf(facts({
      capacity: { ...capacity, kill: { account: 'REDUCING', stock: 'ACTIVE', crypto: 'HALTED', symbols: { AAPL: 'HALTED', MSFT: 'ACTIVE' } } },
      trips: [record()],
      steals: [{ ...stealOf(), at: NOON }],
      deadLetters: [{ queue: 'actions', waiting: 2 }, { queue: 'stops', waiting: 0 }],
    }));
    const lines = reportText(report).split('\n');
    expect(lines[0]).toBe('Report of 2025-06-04 (to 17:00 New York), written at 2025-06-04 21:05 UTC');
    expect(lines).toContain('Kill switch: REDUCING, crypto HALTED, AAPL HALTED (paused, until the next reset)');
    expect(lines).toContain('Round trips: 1 pairs closed, gross 15, commission 0.3, net 14.7');
    expect(lines).toContain('  AAPL: 1 entry fills, 1 exit fills, 1 pairs closed, gross 15, commission 0.3, net 14.7');
    expect(lines).toContain('Held: nothing');
    expect(lines).toContain('Dead letters: actions 2');
    expect(lines.filter((line) => line.startsWith('  2025-06-04 16:00 UTC '))).toHaveLength(1);
  });

  it('says what it does not know', () => {
    const text = reportText(reportOf(facts({ trips: [record({ trips: [trip({ commission: null })], unpaired: d('1') })] })));
    expect(text).toContain('Account: equity has not been read yet');
    expect(text).toContain('commission 0 and 1 unknown, net unknown');
    expect(text).toContain('Look at: 0 lots left without a fill, 1 exits took more than was held');
    expect(text).toContain('Dead letters: not counted here');
  });
});
