// The life of an entry as data: every legal step is a row, and what is not a row is refused.
import type { EventType } from './event.ts';
import type { EntryPhase } from './lifecycle-phase.ts';
import type { EntryRow } from './lifecycle-row.ts';

const row = (from: EntryPhase, event: EventType, to: EntryPhase, reason: string | null = null): EntryRow => ({
  machine: 'ENTRY', from, event, to, reason,
});

const STAYS_TRIGGERED = 'a watch of kind stop: what has triggered it today still counts';
const NEW_TRIGGER = 'its position has ended: the next entry needs a new trigger';
const UNSENT = 'not sent yet, so that nothing is at the venue';
const LOST = 'the venue has no such order, asked twice';
const POSITION_LEFT = 'its position is left, and must not grow again';

/** The legal steps of an entry (WS-8, EW-5 to EW-7, SL-1 to SL-3, SL-9). */
export const ENTRY_ROWS: readonly EntryRow[] = [
  row('IDLE', 'ENTRY_WANTED', 'TRIGGERED', 'the trigger has come, and no attempt or no room is left to claim'),
  row('IDLE', 'ENTRY_WANTED', 'WAITING'),
  row('IDLE', 'ENTRY_WANTED', 'PLACING'),
  row('TRIGGERED', 'ENTRY_WANTED', 'WAITING'),
  row('TRIGGERED', 'ENTRY_WANTED', 'PLACING'),
  row('TRIGGERED', 'WATCH_PLANNED', 'IDLE', 'the newer watch has another trigger'),
  row('TRIGGERED', 'WATCH_WITHDRAWN', 'IDLE'),
  row('TRIGGERED', 'WATCH_EXPIRED', 'IDLE'),
  row('TRIGGERED', 'SLOT_RESET', 'IDLE'),
  row('TRIGGERED', 'SLOT_CHECKED', 'IDLE', NEW_TRIGGER),
  row('TRIGGERED', 'ORDER_REPORTED', 'IDLE', NEW_TRIGGER),
  row('TRIGGERED', 'ORDER_ABSENT', 'IDLE', NEW_TRIGGER),
  row('TRIGGERED', 'POSITION_SEEN', 'IDLE', NEW_TRIGGER),
  row('WAITING', 'ORDER_REPORTED', 'PLACING', 'told of its victim: that has ended and its room is free'),
  row('WAITING', 'ORDER_REPORTED', 'IDLE', 'told of its victim: that has filled, or the thief may not enter any more'),
  row('WAITING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('WAITING', 'ORDER_ABSENT', 'PLACING', 'its victim is not at the venue, and its room is free'),
  row('WAITING', 'ORDER_ABSENT', 'IDLE', 'its victim is not at the venue, and the thief may not enter any more'),
  row('WAITING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
  row('WAITING', 'CLAIM_ORPHANED', 'IDLE', 'healed: nobody yields to it'),
  row('WAITING', 'CLAIM_ORPHANED', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'ORDER_REPORTED', 'WORKING'),
  row('PLACING', 'ORDER_REPORTED', 'AMENDING', 'a newer plan waited for the acknowledgement'),
  row('PLACING', 'ORDER_REPORTED', 'CANCELLING', 'a withdrawal or another plan waited for the acknowledgement'),
  row('PLACING', 'ORDER_REPORTED', 'IDLE', 'refused, or ended before it was acknowledged'),
  row('PLACING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'ORDER_ABSENT', 'IDLE', LOST),
  row('PLACING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'ACTION_STOPPED', 'IDLE', 'too late to be sent, or against the kill switch'),
  row('PLACING', 'ACTION_STOPPED', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'ENTRY_HALTED', 'IDLE', UNSENT),
  row('PLACING', 'ENTRY_HALTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'WATCH_PLANNED', 'IDLE', UNSENT),
  row('PLACING', 'WATCH_PLANNED', 'TRIGGERED', STAYS_TRIGGERED),
  row('PLACING', 'WATCH_WITHDRAWN', 'IDLE', UNSENT),
  row('PLACING', 'WATCH_EXPIRED', 'IDLE', UNSENT),
  row('WORKING', 'WATCH_PLANNED', 'AMENDING'),
  row('WORKING', 'WATCH_PLANNED', 'CANCELLING', 'too different to be amended, or the venue cannot'),
  row('WORKING', 'WATCH_WITHDRAWN', 'CANCELLING'),
  row('WORKING', 'WATCH_EXPIRED', 'CANCELLING'),
  row('WORKING', 'ENTRY_HALTED', 'CANCELLING'),
  row('WORKING', 'ENTRY_WANTED', 'YIELDING', 'moved by its thief, which waits from the same commit on'),
  row('WORKING', 'SLOT_CHECKED', 'CANCELLING', 'too old, too near the close, or its position is left'),
  row('WORKING', 'ORDER_REPORTED', 'CANCELLING', POSITION_LEFT),
  row('WORKING', 'ORDER_ABSENT', 'CANCELLING', POSITION_LEFT),
  row('WORKING', 'POSITION_SEEN', 'CANCELLING', POSITION_LEFT),
  row('WORKING', 'ORDER_REPORTED', 'IDLE'),
  row('WORKING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('WORKING', 'ORDER_ABSENT', 'IDLE', LOST),
  row('WORKING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
  row('AMENDING', 'ORDER_REPORTED', 'WORKING'),
  row('AMENDING', 'ORDER_REPORTED', 'CANCELLING', 'the change was refused, a withdrawal waited for it, or its position is left'),
  row('AMENDING', 'ORDER_REPORTED', 'IDLE', 'it ended before the change'),
  row('AMENDING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('AMENDING', 'ORDER_ABSENT', 'IDLE', LOST),
  row('AMENDING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
  row('AMENDING', 'WATCH_WITHDRAWN', 'CANCELLING'),
  row('AMENDING', 'WATCH_EXPIRED', 'CANCELLING'),
  row('AMENDING', 'ENTRY_HALTED', 'CANCELLING'),
  row('AMENDING', 'SLOT_CHECKED', 'CANCELLING', 'too old, too near the close, or its position is left'),
  row('AMENDING', 'ORDER_ABSENT', 'CANCELLING', POSITION_LEFT),
  row('AMENDING', 'POSITION_SEEN', 'CANCELLING', POSITION_LEFT),
  row('YIELDING', 'ORDER_REPORTED', 'IDLE'),
  row('YIELDING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('YIELDING', 'ORDER_ABSENT', 'IDLE', LOST),
  row('YIELDING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
  row('CANCELLING', 'ORDER_REPORTED', 'IDLE'),
  row('CANCELLING', 'ORDER_REPORTED', 'TRIGGERED', STAYS_TRIGGERED),
  row('CANCELLING', 'ORDER_ABSENT', 'IDLE', LOST),
  row('CANCELLING', 'ORDER_ABSENT', 'TRIGGERED', STAYS_TRIGGERED),
];
