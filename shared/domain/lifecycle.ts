// Holds every decision to the lifecycle: a slot moves by a row of the table or not at all.
import type { Change, Decision } from './decision.ts';
import { ignore, note } from './draft.ts';
import type { Event, EventType } from './event.ts';
import { ENTRY_ROWS } from './lifecycle-entry.ts';
import { entryPhaseOf, positionPhaseOf } from './lifecycle-phase.ts';
import type { EntryPhase, PositionPhase } from './lifecycle-phase.ts';
import { POSITION_ROWS } from './lifecycle-position.ts';
import { rowEventOf } from './lifecycle-row.ts';
import type { LifecycleRow } from './lifecycle-row.ts';

/** A step that a decision takes, by a row or by none. */
export interface LifecycleStep {
  readonly symbol: string;
  readonly machine: LifecycleRow['machine'];
  readonly from: EntryPhase | PositionPhase;
  readonly event: EventType;
  readonly to: EntryPhase | PositionPhase;
}

/** Every legal step of a slot; what stays in its phase needs none. */
export const LIFECYCLE: readonly LifecycleRow[] = [...ENTRY_ROWS, ...POSITION_ROWS];

/** Names a step or a row by what it is. */
export const stepKey = ({ machine, from, event, to }: Omit<LifecycleStep, 'symbol'>): string =>
  `${machine} ${from} ${rowEventOf(event)} ${to}`;

const stepsOfSlot = ({ before, after }: Extract<Change, { kind: 'SLOT' }>, event: EventType): readonly LifecycleStep[] => {
  const { symbol } = after;
  const steps: readonly LifecycleStep[] = [
    { symbol, machine: 'ENTRY', from: entryPhaseOf(before), event, to: entryPhaseOf(after) },
    { symbol, machine: 'POSITION', from: positionPhaseOf(before), event, to: positionPhaseOf(after) },
  ];
  return steps.filter(({ from, to }) => from !== to);
};

/** Lists the steps that a decision takes, those of slots that another slot's event moves among them. */
export const stepsOf = (decision: Decision, event: EventType): readonly LifecycleStep[] =>
  decision.kind === 'IGNORE'
    ? []
    : decision.changes.flatMap((change) => (change.kind === 'SLOT' ? stepsOfSlot(change, event) : []));

const refused = ({ symbol, machine, from, event, to }: LifecycleStep): Decision => {
  const message = `ANOMALY DETECTED: ${symbol}: ${machine.toLowerCase()} ${from} → ${to} by ${event} is no step of the lifecycle`;
  return ignore('ILLEGAL_TRANSITION', [note('ANOMALY', message, { kind: 'ILLEGAL_TRANSITION', symbol, machine, from, event, to }, 'ERROR')]);
};

/** Builds the guard over some rows: it refuses whatever is none of them, and lets everything else through unchanged. */
export const lawfulBy = (rows: readonly LifecycleRow[]): ((decision: Decision, event: Pick<Event, 'type'>) => Decision) => {
  const legal = new Set(rows.map(stepKey));
  return (decision, { type }) => {
    const step = stepsOf(decision, type).find((each) => !legal.has(stepKey(each)));
    return step === undefined ? decision : refused(step);
  };
};

/** Lets a decision through if each of its steps is a row (SL-12, SL-13); otherwise nothing of it is done, and it is told. */
export const lawful = lawfulBy(LIFECYCLE);
