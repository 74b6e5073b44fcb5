import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reportOf } from '../../../infra/local/report/build-report.ts';
import { compareRuns } from '../../../infra/local/report/comparison.ts';
import { exact, gain, money, percent, share } from '../../../infra/local/report/format.ts';
import { pageOf } from '../../../infra/local/report/page.ts';
import { pairFills } from '../../../infra/local/report/round-trips.ts';
import { sparkline } from '../../../infra/local/report/sparkline.ts';
import { textReport } from '../../../infra/local/report/text-report.ts';
import { Decimal, sum } from '../../../shared/domain/decimal.ts';
import { at, d, facts, fill } from './report-facts.ts';

const trading = [
  fill({ tradeId: '1', price: d('0.1'), quantity: d('3'), at: at('15:01:00') }),
  fill({ tradeId: '2', price: d('0.2'), quantity: d('2'), at: at('15:02:00') }),
  fill({ tradeId: '3', purpose: 'EXIT', price: d('0.3'), quantity: d('4'), at: at('15:03:00') }),
];

describe('Round trips', () => {
  it('pair first in, first out, in parts', () => {
    const { roundTrips, openLots } = pairFills(trading);
    expect(roundTrips.map(({ quantity, pnl }) => [quantity.toFixed(), pnl.toFixed()])).toEqual([['3', '0.6'], ['1', '0.1']]);
    expect(openLots.map(({ fill: lot, quantity }) => [lot.tradeId, quantity.toFixed()])).toEqual([['2', '1']]);
  });

  it('gain as the price falls where the entry sold', () => {
    const short = [fill({ tradeId: '1', side: 'sell', price: d('5') }), fill({ tradeId: '2', purpose: 'EXIT', side: 'buy', price: d('4') })];
    expect(pairFills(short).roundTrips[0]?.pnl.toFixed()).toBe('1');
  });

  it('leave a short open where more was sold than held, so that the report can show it', () => {
    const { roundTrips, openLots } = pairFills([fill({ tradeId: '1', quantity: d('2') }), fill({ tradeId: '9', purpose: 'EXIT', quantity: d('3'), at: at('15:01:00') })]);
    expect(roundTrips.map(({ quantity }) => quantity.toFixed())).toEqual(['2']);
    expect(openLots.map(({ fill: lot, quantity }) => [lot.side, quantity.toFixed()])).toEqual([['sell', '1']]);
  });

  it('close by a stop as by an exit', () => {
    const stopped = [fill({ tradeId: '1' }), fill({ tradeId: '2', purpose: 'STOP', side: 'sell', price: d('99'), at: at('15:01:00') })];
    expect(pairFills(stopped).roundTrips[0]?.pnl.toFixed()).toBe('-1');
  });

  it('and open lots together hold every unit that was bought, and the PnL is what the fills paid and took, to the last digit', () => {
    const amounts = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), fc.boolean());
    const fromAmounts = (rows: readonly (readonly [number, number, boolean])[]) => {
      let held = new Decimal(0);
      return rows.flatMap(([price, quantity, wantsExit], index) => {
        const isExit = wantsExit && held.greaterThan(0);
        const size = isExit ? Decimal.min(held, new Decimal(quantity).dividedBy(1e8)) : new Decimal(quantity).dividedBy(1e8);
        held = isExit ? held.minus(size) : held.plus(size);
        return [fill({ tradeId: String(index), purpose: isExit ? 'EXIT' : 'ENTRY', price: new Decimal(price).dividedBy(1e4), quantity: size, at: index })];
      });
    };
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 30 }), (rows) => {
        const fills = fromAmounts(rows);
        const { roundTrips, openLots } = pairFills(fills);
        const cash = sum(fills.map((f) => f.price.times(f.quantity).times(f.purpose === 'EXIT' ? 1 : -1)));
        const open = sum(openLots.map((lot) => lot.fill.price.times(lot.quantity)));
        expect(sum(roundTrips.map((trip) => trip.pnl)).toFixed()).toBe(cash.plus(open).toFixed());
      }),
    );
  });
});

describe('The report of stops', () => {
  const stops = {
    placed: 3, moved: 5, hit: 2, uncovered: { worst: { symbol: 'TDG', seconds: 25, quantity: d('1.50') }, limitSeconds: 65 }, watched: ['NVR'],
    closed: { STOP: 2, AUTO_EXIT: 1 },
  };

  it('says in text and on the page how many there were, what was worst, and how positions ended', () => {
    const report = reportOf(facts({ stops }));
    expect(report.stops).toMatchObject({ uncovered: { symbol: 'TDG', seconds: 25, quantity: '1.5' }, uncoveredLimitSeconds: 65 });
    const text = textReport(report).join('\n');
    expect(text).toContain('placed 3, moved 5, hit 2; unprotected at worst 25 s (1.5 TDG); too small for a stop at the venue: NVR');
    expect(text).toContain('positions closed: STOP 2, AUTO_EXIT 1');
    const page = pageOf({ schema: 1, report, stealingOff: null });
    for (const words of ['25 s (1.5 TDG)', 'positions closed: AUTO_EXIT', 'too small for a stop at the venue']) expect(page).toContain(words);
  });

  it('says that nothing ever was without cover', () => {
    expect(textReport(reportOf(facts())).join('\n')).toContain('unprotected at worst 0 s\n');
  });
});

describe('The report', () => {
  it('weighs capacity used by time, exactly', () => {
    const { capacity } = reportOf(facts());
    // Half an hour at 0, an hour at 20,000.9, half an hour at 20,000.
    expect(capacity.averageUsed).toBe('15000.45');
    expect(capacity.maxUsed).toBe('20000.9');
    expect(capacity.maxUsedAt).toBe('2026-01-16T15:30:00.000Z');
  });

  it('counts idle room by the hour, what watches wanted of it, and none below zero', () => {
    const { capacity } = reportOf(facts());
    expect(capacity.idleHours).toBe('10000.1');
    expect(capacity.idleWantedHours).toBe('3000.1');
  });

  it('splits by day', () => {
    const samples = [
      { at: at('23:00:00'), equity: d('1'), cap: d('10'), free: d('4'), wanted: d('0') },
      { at: at('24:00:00'), equity: d('1'), cap: d('10'), free: d('0'), wanted: d('0') },
    ];
    const { days } = reportOf(facts({ samples, to: at('24:00:00') + 3_600_000 })).capacity;
    expect(days.map(({ day, averageUsed }) => [day, averageUsed])).toEqual([['2026-01-16', '6'], ['2026-01-17', '10']]);
  });

  it('tells both sides of each steal with distance and PnL, and why others were refused (WS-10)', () => {
    const { steals } = reportOf(facts());
    expect(steals).toMatchObject({ count: 1, averageThiefDistance: '0.0015', averageVictimDistance: '0.0066' });
    expect(steals.list[0]).toEqual({
      at: '2026-01-16T15:29:30.000Z',
      thief: { symbol: 'MSFT', distance: '0.0015', forecastPnl: '3' },
      victim: { symbol: 'BTC/USD', distance: '0.0066', forecastPnl: null },
      fight: false,
    });
    expect(textReport(reportOf(facts())).join('\n')).toContain('refused: NOT_READY 7, FIGHT_LOST 1');
  });

  it('adds PnL up without float noise', () => {
    const report = reportOf(facts({ fills: trading, lastPrices: { AAPL: d('0.7') } }));
    expect(report.trading).toMatchObject({ realisedPnl: '0.7', unrealisedPnl: '0.5', entriesFilled: 2, fills: 3, won: 2, lost: 0 });
    expect(report.trading.symbols[0]).toMatchObject({ symbol: 'AAPL', entriesFilled: 2, roundTrips: 2, pnl: '0.7' });
  });

  it('is the same document after JSON', () => {
    const report = reportOf(facts({ fills: trading }));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('names each difference that the self-check found, and a clean check as clean', () => {
    const failed = reportOf(facts({ checks: [{ name: 'orders agree', looked: '2 orders', differences: ['o1: FILLED here', 'o2: unknown'] }] }));
    const text = textReport(failed).join('\n');
    expect(text).toContain('FAILED orders agree (2 orders)');
    expect(text).toContain('o1: FILLED here');
    expect(pageOf({ schema: 1, report: failed, stealingOff: null })).toContain('self-check found differences');
    expect(pageOf({ schema: 1, report: reportOf(facts()), stealingOff: null })).toContain('self-check clean');
  });

  it('is plain text', () => {
    const text = textReport(reportOf(facts({ fills: trading }))).join('\n');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(text).toContain('average 15,000.45 of');
  });
});

describe('The comparison', () => {
  it('sets each figure beside that of the run without stealing', () => {
    const on = reportOf(facts({ fills: trading }));
    const off = reportOf(facts({ stealing: 'OFF', steals: [], fills: trading.slice(0, 1) }));
    const rows = Object.fromEntries(compareRuns(on, off).map((row) => [row.what, row]));
    expect(rows['entries filled']).toMatchObject({ stealing: '2', without: '1', change: '+1 (+100.0 %)' });
    expect(rows['steals']).toMatchObject({ stealing: '1', without: '0', change: '+1' });
    expect(rows['PnL realised']).toMatchObject({ stealing: '+0.70', without: '0.00', change: '+0.70' });
  });
});

describe('The page', () => {
  const evil = `<script>alert("1")</script>`;
  const page = pageOf({
    schema: 1,
    report: reportOf(facts({ fills: trading, refused: { [evil]: 1 } })),
    stealingOff: reportOf(facts({ stealing: 'OFF' })),
  });

  it('loads nothing: no address, no script, and a policy that forbids both', () => {
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|url\(|@import|<script|<link|<iframe/i);
    expect(page).toContain(`default-src 'none'`);
  });

  it('writes what it is given as text', () => {
    expect(page).toContain('&lt;script&gt;');
  });

  it('draws capacity, distances and equity, each with a description for who cannot see it', () => {
    for (const id of ['capacity', 'distance', 'equity']) expect(page).toContain(`<desc id="${id}-d">`);
    expect(page.match(/<path class="steal"/g)).toHaveLength(2);
    expect(page.match(/<circle class="thief"/g)).toHaveLength(2);
  });

  it('says so when there was no steal to draw', () => {
    expect(pageOf({ schema: 1, report: reportOf(facts({ steals: [] })), stealingOff: null })).toContain('Nobody was robbed.');
  });

  it('draws a run without a single sample', () => {
    expect(pageOf({ schema: 1, report: reportOf(facts({ samples: [] })), stealingOff: null })).not.toContain('NaN');
  });
});

describe('Figures', () => {
  it('are cut from exact decimals', () => {
    expect(money('1234567.895')).toBe('1,234,567.90');
    expect(money('-1234.5')).toBe('-1,234.50');
    expect(money('-999.99')).toBe('-999.99');
    expect(gain('0.001')).toBe('+0.00');
    expect(gain('-3')).toBe('-3.00');
    expect(percent('0.0015', 3)).toBe('0.150 %');
    expect(share('1', '0')).toBe('–');
    expect(exact('96680.11277343')).toBe('96,680.11277343');
  });

  it('draw ratios as bars', () => {
    expect(sparkline([0, 0.5, 1, 2], 10)).toBe('▁▅██');
    expect(sparkline([0, 1, 0, 1], 2)).toBe('▅▅');
    expect(sparkline([], 10)).toBe('');
  });
});
