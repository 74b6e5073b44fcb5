import { describe, expect, it } from '@jest/globals';
import { measuredOf } from '../../../shared/adapters/telemetry/note-metrics.ts';
import type { Note } from '../../../shared/domain/decision.ts';

const measured = (name: string, fields: Note['fields'] = {}) => measuredOf({ name, level: 'INFO', message: '', fields });

describe('EX-12 a note', () => {
  it.each([
    ['STEAL', {}, 'steals_total', {}],
    ['STEAL_REFUSED', { reason: 'FIGHT_LOST' }, 'steal_refused_total', { reason: 'FIGHT_LOST' }],
    ['ORDER_REFUSED', { code: 'NO_FUNDS' }, 'orders_rejected_total', {}],
    ['ENTRY_ENDED', { status: 'FILLED' }, 'orders_ended_total', { status: 'FILLED' }],
    ['POSITION_CLOSED', {}, 'round_trips_total', {}],
    ['STOP_REFUSED', { symbol: 'AAPL', code: 'PRICE_BAND' }, 'stops_refused_total', { code: 'PRICE_BAND' }],
    ['POSITION_MISMATCH', { symbol: 'AAPL' }, 'position_mismatch_total', {}],
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

  it.each(['CLAIMED', 'ANOMALY_STANDS', 'toString', '__proto__'])('%s feeds no metric', (name) => {
    expect(measured(name)).toEqual([]);
  });

  it('leaves out a label that it does not have', () => {
    expect(measured('HEALED', { reason: null })).toEqual([{ metric: 'healed_total', value: 1, labels: {} }]);
  });
});
