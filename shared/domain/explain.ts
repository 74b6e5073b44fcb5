// Why a slot has or has not what it was to have: the present state in plain words, by the functions that decide on it.
import { judgeEntry } from './entry-eligibility.ts';
import { explainIneligible } from './explain-entry.ts';
import { explainHistory } from './explain-history.ts';
import { explainUnderWay, explainUnknown } from './explain-order.ts';
import type { Outbox } from './explain-order.ts';
import { explainPosition } from './explain-position.ts';
import { explainRoom } from './explain-room.ts';
import type { Known, Reason } from './explain-words.ts';
import type { Slot } from './slot.ts';

const explainPending = ({ pending }: Slot): readonly Reason[] => {
  if (pending === null) return [];
  const what = pending.kind === 'WATCH' ? 'a newer plan is applied' : 'its watch goes';
  return [{ about: 'ENTRY', code: 'PENDING', words: `${what} once what is under way has ended` }];
};

const explainIdle = (slot: Slot, known: Known): readonly Reason[] => {
  if (slot.entry.status !== 'NONE') return [];
  const judged = judgeEntry(slot, known.snapshot, known.context);
  return typeof judged === 'string' ? [explainIneligible(slot, judged, known)] : explainRoom(slot, judged, known);
};

/** Explains one slot: its entry, its orders without an answer, its position and stop, its steals. The first sentence is the one that counts. */
export const explainSlot = (slot: Slot, outbox: Outbox, known: Known): readonly Reason[] => [
  ...explainIdle(slot, known),
  ...explainUnderWay(slot, outbox, known),
  ...explainPending(slot),
  ...explainUnknown(slot, outbox, known),
  ...explainPosition(slot, known),
  ...explainHistory(slot, known),
];
