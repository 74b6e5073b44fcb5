// One legal step of a slot's entry or of its position, and the events that a step may name.
import type { EventType } from './event.ts';
import type { EntryPhase, PositionPhase } from './lifecycle-phase.ts';

interface Step<Phase> {
  readonly from: Phase;
  readonly event: EventType;
  readonly to: Phase;
  /** Why it may happen, where that is not the plain course. */
  readonly reason: string | null;
}

export type EntryRow = { readonly machine: 'ENTRY' } & Step<EntryPhase>;
export type PositionRow = { readonly machine: 'POSITION' } & Step<PositionPhase>;
export type LifecycleRow = EntryRow | PositionRow;

/**
 * What the venue says of an order is one event, whoever brings it (SL-11): a webhook or a poll, the answer of our own call,
 * or a look-up; and so is that it has no such order. A level of a grid wants room as any watch does.
 */
const SAME_AS: Readonly<Partial<Record<EventType, EventType>>> = {
  LEVEL_WANTED: 'ENTRY_WANTED',
  ACTION_ANSWERED: 'ORDER_REPORTED',
  ACTION_SEEN_LIVE: 'ORDER_REPORTED',
  ORDER_VANISHED: 'ORDER_ABSENT',
};

/** The event that the rows know an event by. */
export const rowEventOf = (type: EventType): EventType => SAME_AS[type] ?? type;
