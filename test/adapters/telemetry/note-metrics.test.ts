import { describe, expect, it } from '@jest/globals';
import { measuredOf } from '../../../shared/adapters/telemetry/note-metrics.ts';
import type { Note } from '../../../shared/domain/decision.ts';

const measured = (name: string, fields: Note['fields'] = {}) => measuredOf({ name, level: 'INFO', message: '', fields });

describe('EX-12 a note', () => {
  it.each([
    ['STEAL', {}, 'steals_total', {}],
    ['STEAL_REFUSED', { reason: 'FIGHT_LOST' }, 'steal_refused_total', { reason: 'FIGHT_LOST' }],
    ['ORDER_PLACED', { symbol: 'AAPL', purpose: 'STOP' }, 'orders_placed_total', { purpose: 'STOP' }],
    ['ORDER_REJECTED', { symbol: 'AAPL', purpose: 'ENTRY', fillRate: null }, 'orders_rejected_total', { purpose: 'ENTRY' }],
    ['ORDER_SLOW', { symbol: 'AAPL', venue: 'paper', kind: 'PLACE', ms: 501 }, 'order_latency_slow_total', { venue: 'paper', kind: 'PLACE' }],
    ['ROUND_TRIP', { symbol: 'AAPL', policy: 'STOP_FILLED', pnlBps: null }, 'round_trips_total', { policy: 'STOP_FILLED' }],
    ['POSITION_CLOSED', { reason: 'AUTO_EXIT', dust: '0' }, 'positions_closed_total', { reason: 'AUTO_EXIT' }],
    ['STOP_REFUSED', { symbol: 'AAPL', code: 'PRICE_BAND' }, 'stops_refused_total', { code: 'PRICE_BAND' }],
    ['POSITION_MISMATCH', { symbol: 'AAPL', alert: true }, 'position_mismatch_total', { alert: 'true' }],
    ['HEALED', { reason: 'ORPHANED_CLAIM' }, 'healed_total', { reason: 'ORPHANED_CLAIM' }],
    ['RACE', { expected: 'a', found: 'b' }, 'race_detected_total', {}],
    ['ANOMALY', { kind: 'UNPROTECTED', symbol: 'AAPL' }, 'anomaly_detected_total', { kind: 'UNPROTECTED' }],
    ['FILL', { purpose: 'EXIT' }, 'fills_total', { purpose: 'EXIT' }],
  ])('%s is counted, by few labels', (name, fields, metric, labels) => {
    expect(measured(name, fields)).toEqual([{ metric, value: 1, labels }]);
  });

  it('PROTECTED counts a stop and measures the seconds without one, none included', () => {
    const placed = { metric: 'stops_placed_total', value: 1, labels: {} };
    expect(measured('PROTECTED', { symbol: 'AAPL', unprotectedSeconds: 2.5 })).toEqual([placed, { metric: 'unprotected_seconds', value: 2.5, labels: {} }]);
    expect(measured('PROTECTED', { unprotectedSeconds: 0 })).toMatchObject([placed, { value: 0 }]);
  });

  it('FILL of an entry measures the entries of the day beside', () => {
    expect(measured('FILL', { purpose: 'ENTRY', entriesToday: 2 })).toEqual([
      { metric: 'fills_total', value: 1, labels: { purpose: 'ENTRY' } },
      { metric: 'entries_today', value: 2, labels: {} },
    ]);
  });

  it.each([[{}], [{ unprotectedSeconds: null }], [{ unprotectedSeconds: '3' }], [{ unprotectedSeconds: Number.NaN }]])(
    'without a number measures nothing by it: %j',
    (fields) => {
      expect(measured('PROTECTED', fields).map(({ metric }) => metric)).toEqual(['stops_placed_total']);
    },
  );

  it.each([['ORDER_FILLED', 'orders_filled_total'], ['ORDER_CANCELLED', 'orders_cancelled_total']])('%s measures how much of the order filled', (name, metric) => {
    expect(measured(name, { purpose: 'ENTRY', fillRate: 0.25 })).toEqual([
      { metric, value: 1, labels: { purpose: 'ENTRY' } },
      { metric: 'fill_rate', value: 0.25, labels: { purpose: 'ENTRY' } },
    ]);
  });

  it('ROUND_TRIP measures its PnL, by no label', () => {
    expect(measured('ROUND_TRIP', { policy: 'TAKE_PROFIT', pnlBps: -12.5 })[1]).toEqual({ metric: 'round_trip_pnl_bps', value: -12.5, labels: {} });
  });

  it.each(['CLAIMED', 'ORDER_REFUSED', 'ENTRY_ENDED', 'ANOMALY_STANDS', 'toString', '__proto__'])('%s feeds no metric', (name) => {
    expect(measured(name)).toEqual([]);
  });

  it('leaves out a label that it does not have', () => {
    expect(measured('HEALED', { reason: null })).toEqual([{ metric: 'healed_total', value: 1, labels: {} }]);
  });
});
