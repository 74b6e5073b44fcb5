import { describe, expect, it } from '@jest/globals';
import type { KillState } from '../../shared/domain/account.ts';
import { anomaly, haltsOnce, raceDetected } from '../../shared/domain/anomaly.ts';
import type { SymbolAnomaly } from '../../shared/domain/anomaly.ts';
import { decideEquityRead } from '../../shared/domain/decide-account.ts';
import { measuredOf } from '../../shared/adapters/telemetry/note-metrics.ts';
import type { Snapshot } from '../../shared/domain/decision.ts';
import { NOON, context, d, snapshot } from '../support/builders.ts';

const AT = { symbol: 'AAPL', assetClass: 'stock' } as const;
const found = (kind: SymbolAnomaly) => ({ kind, at: AT, message: 'AAPL holds -3', fields: { held: '-3' } });

const withSymbol = (state: KillState | null, account: KillState = 'ACTIVE'): Snapshot => {
  const decision = decideEquityRead({ equity: d('10000'), at: NOON }, snapshot(), context());
  const change = decision.kind === 'COMMIT' ? decision.changes[0] : undefined;
  if (change?.kind !== 'EQUITY') throw new Error('expected a reading');
  const { kill } = change.after;
  return snapshot({ capacity: { ...change.after, kill: { ...kill, account, symbols: state === null ? {} : { AAPL: state } } } });
};

describe('SL-13 an anomaly', () => {
  it.each(['ENTRIES_ABOVE_MAX', 'TWO_LIVE_ENTRIES', 'UNPROTECTED', 'NEGATIVE_POSITION', 'UNKNOWN_FILL'] as const)(
    '%s is told as an error, counted by its kind, and halts its symbol',
    (kind) => {
      const alarm = anomaly(found(kind), withSymbol(null));
      expect(alarm.changes).toEqual([{ kind: 'KILL', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, before: 'ACTIVE', state: 'HALTED' }]);
      expect(alarm.notes).toEqual([
        { name: 'ANOMALY', level: 'ERROR', message: 'ANOMALY DETECTED: AAPL holds -3', fields: { held: '-3', ...AT, kind } },
      ]);
      expect(alarm.notes.flatMap(measuredOf)).toEqual([{ metric: 'anomaly_detected_total', value: 1, labels: { kind } }]);
    },
  );

  it('halts what a person had reduced', () => {
    expect(anomaly(found('UNPROTECTED'), withSymbol('REDUCING')).changes).toMatchObject([{ before: 'REDUCING', state: 'HALTED' }]);
  });

  it('of a symbol that is halted already raises no second alarm', () => {
    const again = anomaly(found('UNPROTECTED'), withSymbol('HALTED'));
    expect([again.changes, again.notes.map(({ level }) => level), again.notes.flatMap(measuredOf)]).toEqual([[], ['DEBUG'], []]);
    expect(again.notes[0]?.message).not.toContain('ANOMALY DETECTED');
  });

  it('halts the symbol though the account is: who lifts the one has not seen to the other', () => {
    expect(anomaly(found('UNPROTECTED'), withSymbol(null, 'HALTED')).changes).toHaveLength(1);
  });

  it('is told where no ledger is known that could keep the halt', () => {
    const alarm = anomaly(found('UNKNOWN_FILL'), snapshot());
    expect([alarm.changes, alarm.notes.map(({ name }) => name)]).toEqual([[], ['ANOMALY']]);
  });

  it('beside another of its symbol, in one commit, asks for one halt', () => {
    const { changes } = anomaly(found('TWO_LIVE_ENTRIES'), withSymbol(null));
    const other = { kind: 'KILL', scope: { kind: 'SYMBOL', symbol: 'MSFT' }, before: 'ACTIVE', state: 'HALTED' } as const;
    const account = { ...other, scope: { kind: 'ACCOUNT' } } as const;
    expect(haltsOnce([...changes, account, ...changes, other])).toEqual([...changes, account, other]);
  });

  it('of the capacity halts no symbol', () => {
    const alarm = anomaly({ kind: 'CAPACITY', at: null, message: 'capacity does not add up', fields: { free: '1' } }, withSymbol(null));
    expect(alarm).toEqual({
      changes: [],
      notes: [{ name: 'ANOMALY', level: 'ERROR', message: 'ANOMALY DETECTED: capacity does not add up', fields: { free: '1', kind: 'CAPACITY' } }],
    });
  });
});

describe('SL-12 a race', () => {
  it('is told with what was expected and what was found, and counted', () => {
    const note = raceDetected('AAPL', 'fence 3', 'fence 4');
    expect(note).toEqual({
      name: 'RACE', level: 'WARN', message: 'RACE DETECTED: AAPL: expected fence 3, found fence 4', fields: { symbol: 'AAPL', expected: 'fence 3', found: 'fence 4' },
    });
    expect(measuredOf(note)).toEqual([{ metric: 'race_detected_total', value: 1, labels: {} }]);
  });
});
