// What must never be (SL-13) and what two sources wrote over each other (SL-12): told, counted, and the symbol halted.
import type { KillState } from './account.ts';
import type { Change, Note, Snapshot } from './decision.ts';
import { note } from './draft.ts';
import type { AssetClass } from './watch.ts';

export type SymbolAnomaly = 'ENTRIES_ABOVE_MAX' | 'TWO_LIVE_ENTRIES' | 'UNPROTECTED' | 'NEGATIVE_POSITION' | 'UNKNOWN_FILL' | 'FOREIGN_POSITION' | 'POSITION_GONE';
export type AnomalyKind = SymbolAnomaly | 'CAPACITY';

interface Found {
  readonly message: string;
  readonly fields: Note['fields'];
}

/** The place of an anomaly: the symbol as its slot spells it; capacity belongs to none. */
export type Anomaly =
  | (Found & { readonly kind: SymbolAnomaly; readonly at: { readonly symbol: string; readonly assetClass: AssetClass } })
  | (Found & { readonly kind: 'CAPACITY'; readonly at: null });

/** What follows from an anomaly, to be committed with whatever showed it. */
export interface Alarm {
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

/** Nothing to raise. */
export const NO_ALARM: Alarm = { changes: [], notes: [] };

const alarmNote = ({ kind, at, message, fields }: Anomaly): Note =>
  note('ANOMALY', `ANOMALY DETECTED: ${message}`, { ...fields, ...at, kind }, 'ERROR');

const haltOf = (symbol: string, before: KillState): Change => ({
  kind: 'KILL', scope: { kind: 'SYMBOL', symbol }, before, state: 'HALTED',
});

/**
 * Raises an anomaly (SL-13): one alarm, and its symbol HALTED until a person lifts it. A symbol that is halted already
 * raises no second alarm, since the same state is seen at every look; capacity halts no symbol.
 */
export const anomaly = (found: Anomaly, { capacity }: Pick<Snapshot, 'capacity'>): Alarm => {
  if (found.at === null || capacity === null) return { changes: [], notes: [alarmNote(found)] };
  // Its own state alone counts: a person who lifts the account's halt has not seen to the symbol.
  const before = capacity.kill.symbols[found.at.symbol] ?? 'ACTIVE';
  if (before !== 'HALTED') return { changes: [haltOf(found.at.symbol, before)], notes: [alarmNote(found)] };
  const fields = { ...found.fields, ...found.at, kind: found.kind };
  return { changes: [], notes: [note('ANOMALY_STANDS', `already halted: ${found.message}`, fields, 'DEBUG')] };
};

/** Keeps one halt of a symbol where several anomalies in one commit each ask for it. */
export const haltsOnce = (changes: readonly Change[]): readonly Change[] => {
  const halted = new Set<string>();
  return changes.filter((change) => {
    if (change.kind !== 'KILL' || change.scope.kind !== 'SYMBOL') return true;
    const isFirst = !halted.has(change.scope.symbol);
    halted.add(change.scope.symbol);
    return isFirst;
  });
};

/** Tells of a commit that found another order or fence than its call was made for (SL-12); nothing was overwritten. */
export const raceDetected = (symbol: string, expected: string, found: string): Note =>
  note('RACE', `RACE DETECTED: ${symbol}: expected ${expected}, found ${found}`, { symbol, expected, found }, 'WARN');
