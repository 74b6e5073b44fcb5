// Where a slot stands in its two lives, its entry's and its position's; the lifecycle's rows lead from one phase to the next.
import { isAcknowledged } from './order-progress.ts';
import { unreachable } from './room.ts';
import type { Entry, Holding, Slot, Stop } from './slot.ts';

/** Every phase of an entry, in the order of its life. AMENDING: a change of the live order is on its way to the venue. */
export const ENTRY_PHASES = ['IDLE', 'TRIGGERED', 'WAITING', 'PLACING', 'WORKING', 'AMENDING', 'YIELDING', 'CANCELLING'] as const;

/**
 * Every phase of a position, in the order of its life. PROTECTING: its stop is planned and not confirmed; MOVING: its
 * stop is being amended; REPLACING: the former stop rests beside the next; RENEWING: its stop is being cancelled so that
 * another can take its place; LEAVING: so that it can be sold.
 */
export const POSITION_PHASES = [
  'FLAT', 'UNPROTECTED', 'PROTECTING', 'PROTECTED', 'MOVING', 'REPLACING', 'RENEWING', 'WATCHED', 'LEAVING', 'EXITING', 'FOREIGN',
] as const;

export type EntryPhase = (typeof ENTRY_PHASES)[number];
export type PositionPhase = (typeof POSITION_PHASES)[number];

const phaseWithOrder = (entry: Exclude<Entry, { status: 'NONE' }>): EntryPhase =>
  entry.status === 'WORKING' && entry.amendment !== null ? 'AMENDING' : entry.status;

/** Tells where the entry of a slot stands; one that is not there yet is idle. */
export const entryPhaseOf = (slot: Pick<Slot, 'entry' | 'triggered'> | null): EntryPhase => {
  if (slot === null) return 'IDLE';
  if (slot.entry.status !== 'NONE') return phaseWithOrder(slot.entry);
  return slot.triggered === null ? 'IDLE' : 'TRIGGERED';
};

const placedPhase = (stop: Extract<Stop, { status: 'PLACED' }>): PositionPhase => {
  if (stop.former !== null) return 'REPLACING';
  if (!isAcknowledged(stop.order.status)) return 'PROTECTING';
  return stop.amendment === null ? 'PROTECTED' : 'MOVING';
};

const openPhase = ({ stop }: Pick<Holding, 'stop'>): PositionPhase => {
  switch (stop.status) {
    case 'NONE':
      return 'UNPROTECTED';
    case 'WATCHED':
      return 'WATCHED';
    case 'CANCELLING':
      return 'RENEWING';
    case 'PLACED':
      return placedPhase(stop);
    default:
      return unreachable(stop);
  }
};

/** Tells where the position of a slot stands; a slot that is not there yet holds nothing. */
export const positionPhaseOf = (slot: Pick<Slot, 'position'> | null): PositionPhase => {
  if (slot === null) return 'FLAT';
  return slot.position.status === 'OPEN' ? openPhase(slot.position) : slot.position.status;
};
