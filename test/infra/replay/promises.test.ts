import { describe, expect, it } from '@jest/globals';
import { alarmCheck, coverCheck, entriesCheck, shortCheck, tickCheck } from '../../../infra/local/replay/promises.ts';
import { countStops, withoutOutages, withoutWatched } from '../../../infra/local/replay/stop-facts.ts';
import { createCounters } from '../../../infra/local/replay/run-counters.ts';
import type { Change } from '../../../shared/domain/decision.ts';
import type { Holding, Order, Slot } from '../../../shared/domain/slot.ts';
import type { StepEntry } from '../../../infra/local/replay/run-journal.ts';
import { d, event, filled, stop, stopFilled } from './venue-history.ts';

const HELD: Holding = {
  side: 'buy', lots: [], openedAt: 0, mode: 'normal', stopPrice: null, stop: { status: 'NONE' }, stopFailures: 0, exitFailures: 0, failedExit: null, unprotectedSince: null, reduction: null,
  rules: {
    takeProfit: null, maxHold: null, stop: { kind: 'limit', ownStop: null }, hours: 'NYSE', own: {}, netted: false,
    market: { tickSize: d('0.01'), lotSize: d('0.01'), minQuantity: d('0'), minNotional: d('0'), priceBand: null },
  },
};
const SALE_ORDER: Order = {
  clientOrderId: 'x1', exchangeOrderId: null, purpose: 'EXIT', fence: 2, side: 'sell', quantity: d('1'), limit: null, stopPrice: null, status: 'FILLED',
  filledQuantity: d('1'), filledNotional: d('1'), tradedQuantity: d('1'), createdAt: 0,
};
const slotWith = (position: Slot['position']): Slot => ({
  symbol: 'TDG', slot: 'main', assetClass: 'stock', revision: 1, fence: 2, watchVersion: 1, planVersions: {}, watch: null, pending: null,
  entry: { status: 'NONE' }, position, parts: null, dust: d('0'), attempts: { day: '', count: 0, refused: 0 }, lastStolen: null, triggered: null,
});

const stretch = { symbol: 'TDG', from: 10_000, to: 40_000, quantity: d('2') };
const worst = { symbol: 'TDG', seconds: 30, quantity: d('2') };

describe('The self-check: every second of every position was covered (SL-4, SL-7)', () => {
  it('allows what is within the limit, and says what was worst', () => {
    expect(coverCheck([stretch], { uncovered: { worst, limitSeconds: 65 }, watched: ['NVR'] })).toMatchObject({
      looked: 'at worst 30 s without (TDG, 2), held to 65 s; too small for a stop at the venue and watched by ourselves: NVR',
      differences: [],
    });
  });

  it('finds every stretch beyond it', () => {
    expect(coverCheck([stretch], { uncovered: { worst, limitSeconds: 0 }, watched: [] }).differences).toEqual([
      'TDG: 2 without cover for 30 s from 1970-01-01T00:00:10.000Z',
    ]);
  });

  it('leaves out only what was watched at the time', () => {
    const entry = (at: number, watched: readonly string[]): StepEntry => ({
      id: '', at, equity: '0', cap: '0', free: '0', wanted: '0', refused: {}, conflicts: {}, notes: {}, closed: {}, latency: {}, watched: [...watched], read: 0, write: 0, seconds: 0, afterKill: false,
    });
    expect(withoutWatched([stretch], [entry(10_000, ['TDG'])])).toEqual([]);
    expect(withoutWatched([stretch], [entry(9_000, ['TDG']), entry(20_000, ['AZO']), entry(41_000, ['TDG'])])).toEqual([stretch]);
  });
});

describe('The self-check: nobody was at work between a kill and the step at which the run went on (SL-7)', () => {
  const steps = (...killed: readonly boolean[]) => killed.map((afterKill, index) => ({ at: index * 20_000, afterKill }));

  it('leaves out a stretch that began in between, and counts it from where the run went on', () => {
    expect(withoutOutages([{ ...stretch, from: 5_000, to: 20_000 }], steps(false, true, false))).toEqual([]);
    expect(withoutOutages([{ ...stretch, from: 5_000, to: 29_000 }], steps(false, true, false))).toEqual([{ ...stretch, from: 20_000, to: 29_000 }]);
  });

  it('counts whole what began at work, or where nobody was killed', () => {
    expect(withoutOutages([stretch], steps(false, false, true))).toEqual([stretch]);
    expect(withoutOutages([{ ...stretch, from: 20_000 }], steps(false, true, false))).toEqual([{ ...stretch, from: 20_000 }]);
  });
});

describe('The self-check: no position was ever short (SL-6)', () => {
  it('finds a sale of more than was held, and none before it', () => {
    expect(shortCheck([filled(1, '2'), stopFilled(5, '2')]).differences).toEqual([]);
    expect(shortCheck([filled(1, '2'), stopFilled(5, '2'), stopFilled(6, '1', { clientOrderId: 'x1' })]).differences).toEqual([
      'TDG: -1 held after x1 filled at 1970-01-01T00:00:06.000Z',
    ]);
  });
});

describe('The self-check: entries of a day (SL-2, EW-6)', () => {
  const NIGHT = Date.parse('2024-02-16T03:00Z') / 1000;
  const entry = (seconds: number, clientOrderId: string, symbol = 'TDG') => filled(seconds, '1', { clientOrderId, symbol });

  it('are counted once an order, by the day of New York for a stock and of UTC for a pair', () => {
    const two = [entry(NIGHT, 'e1'), entry(NIGHT, 'e1'), entry(NIGHT + 7200, 'e2')];
    expect(entriesCheck(two, 1)).toMatchObject({ looked: 'at most 1 entries, held to 1', differences: [] });
    const pair = [entry(NIGHT, 'b1', 'BTC/USD'), entry(NIGHT + 7200, 'b2', 'BTC/USD')];
    expect(entriesCheck(pair, 1).differences).toEqual(['BTC/USD on 2024-02-16: 2 entries']);
  });

  it('do not count what closes', () => {
    expect(entriesCheck([entry(NIGHT, 'e1'), stopFilled(NIGHT, '1')], 1).differences).toEqual([]);
  });
});

describe('The self-check: stop prices (SL-4)', () => {
  it('finds one that is off the tick by its last digit', () => {
    const tick = () => d('0.01');
    const { order } = stop(1, 'ACKNOWLEDGED', { stopPrice: d('511.95') });
    expect(tickCheck([order], tick)).toMatchObject({ looked: '1 stop prices', differences: [] });
    expect(tickCheck([{ ...order, stopPrice: d('511.95000000000005') }], tick).differences).toEqual(['TDG: s1 at 511.95000000000005']);
  });
});

describe('The self-check: alarms (SL-12, SL-13)', () => {
  it('are differences in a run without faults, and told in one with', () => {
    expect(alarmCheck({ STEAL: 3 }, false)).toMatchObject({ looked: '3 notes', differences: [] });
    expect(alarmCheck({ RACE: 2, ANOMALY: 1 }, false).differences).toEqual(['RACE DETECTED 2 times', 'ANOMALY DETECTED 1 times']);
    expect(alarmCheck({ RACE: 2 }, true)).toMatchObject({ looked: '2 notes; faults were asked for: RACE DETECTED 2 times', differences: [] });
  });

  it('are counted by the name of the note', () => {
    const counters = createCounters(() => undefined);
    const note = { name: 'RACE', level: 'WARN', message: '', fields: {} } as const;
    const trace = { account: 'a', source: 'tick', requestId: '', correlationId: '' } as const;
    counters.telemetry.record(note, trace);
    counters.telemetry.record(note, trace);
    expect([counters.take().notes, counters.take().notes]).toEqual([{ RACE: 2 }, {}]);
  });
});

describe('The stops of a run', () => {
  it('end a position as the slot said it was leaving, or by the stop that was faster', () => {
    const counters = createCounters(() => undefined);
    const ended = (before: Slot['position']): Change => ({ kind: 'SLOT', before: slotWith(before), after: slotWith({ status: 'FLAT' }), guard: 'STATE' });
    counters.committed([ended({ ...HELD, status: 'OPEN' })]);
    counters.committed([ended({ ...HELD, status: 'LEAVING', reason: 'AUTO_EXIT' }), ended({ ...HELD, status: 'EXITING', reason: 'AUTO_EXIT', exit: SALE_ORDER })]);
    counters.committed([ended({ status: 'FLAT' }), { kind: 'SLOT', before: slotWith({ ...HELD, status: 'OPEN' }), after: slotWith({ ...HELD, status: 'OPEN' }), guard: 'STATE' }]);
    expect([counters.take().closed, counters.take().closed]).toEqual([{ STOP: 2, AUTO_EXIT: 1 }, {}]);
  });

  it('count as moved by an amendment or by another order, while their position is held', () => {
    const history = [
      filled(1, '2'), stop(1, 'ACKNOWLEDGED'), stop(2, 'AMENDED', { stopPrice: d('96') }), stop(3, 'AMENDED', { stopPrice: d('96'), quantity: d('1') }),
      stop(4, 'ACKNOWLEDGED', { clientOrderId: 's2', stopPrice: d('97') }), stop(4, 'CANCELLED', { status: 'CANCELLED' }),
      stopFilled(5, '2', { clientOrderId: 's2' }),
      filled(6, '2', { clientOrderId: 'e2' }), stop(6, 'ACKNOWLEDGED', { clientOrderId: 's3', stopPrice: d('90') }),
      event(7, 'REJECTED', { clientOrderId: 's4', reduceOnly: true, stopPrice: d('91'), status: 'REJECTED' }),
    ];
    expect(countStops(history)).toEqual({ placed: 3, moved: 2, hit: 1 });
  });
});
