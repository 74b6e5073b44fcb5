// The life of a position as data: every legal step is a row, and what is not a row is refused.
import type { EventType } from './event.ts';
import type { PositionPhase } from './lifecycle-phase.ts';
import type { PositionRow } from './lifecycle-row.ts';

const row = (from: PositionPhase, event: EventType, to: PositionPhase, reason: string | null = null): PositionRow => ({
  machine: 'POSITION', from, event, to, reason,
});

const TOO_SMALL = 'what is held is too small for a stop at the venue';
const LEFT_TOO_SMALL = 'the stop has ended, and what is left is too small for another';
const NO_PRICE = 'its stop would be at or below zero';
const GREW = 'what is held has changed: the stop follows its size';
const ASTRAY = 'it rests at other terms than were confirmed to us, as after a change that was given up';
const TRAILS = 'a whole bar has moved its price, or it gives up what a slice is to sell';
const ENDED = 'the venue ended the stop by itself: the next is planned in this commit';
const LOST = 'the venue has no such stop, asked twice: the next is planned in this commit';
const LOST_FOR_GOOD = 'the venue has no such stop, and another cannot be placed';
const REFUSED_LATE = 'acknowledged first, and then refused by the exchange behind it';
const THROUGH = 'the stop was refused, and the price is through it already';
const OTHER_WAY = 'the way in which stops are moved was changed meanwhile';
const GONE = 'what was held has gone at the venue: its stop is cancelled';
const SOLD = 'sold by an order that had left its slot: the stop is cancelled';
const OVERDUE = 'refusals of the last session count no more, and it stands elsewhere than it is wanted';
const DUST = 'fees have left less of it than a lot, which no order could sell';
const UNSOLD = 'the sale ended with something left, and no stop can be placed at or below zero';
const SLICE_FIRST = 'a slice of it is out and ends before the rest is sold';
const SLICE_LOST = 'the venue has no such slice, asked twice: the stop takes its units back';
const FILLED_EARLY = 'a fill overtook the news of its cancel or of its move';

/** The legal steps of a position (SL-4 to SL-8, SL-11). */
export const POSITION_ROWS: readonly PositionRow[] = [
  row('FLAT', 'ORDER_REPORTED', 'PROTECTING'),
  row('FLAT', 'ORDER_REPORTED', 'WATCHED', TOO_SMALL),
  row('FLAT', 'ORDER_REPORTED', 'UNPROTECTED', NO_PRICE),
  row('FLAT', 'POSITION_SEEN', 'FOREIGN', 'the venue holds what no order of ours explains'),
  row('FOREIGN', 'POSITION_SEEN', 'FLAT', 'the venue holds it no more'),
  row('FOREIGN', 'POSITION_ADOPTED', 'PROTECTING'),
  row('FOREIGN', 'POSITION_ADOPTED', 'WATCHED', TOO_SMALL),
  row('FOREIGN', 'POSITION_ADOPTED', 'UNPROTECTED', NO_PRICE),
  row('UNPROTECTED', 'SLOT_CHECKED', 'PROTECTING', 'a stop that was refused is tried again, once an event'),
  row('UNPROTECTED', 'SLOT_CHECKED', 'WATCHED', 'refused too often: its price is watched instead'),
  row('UNPROTECTED', 'SLOT_CHECKED', 'EXITING', 'no stop has to be cancelled first'),
  row('UNPROTECTED', 'SLOT_CHECKED', 'FLAT', DUST),
  row('UNPROTECTED', 'ORDER_REPORTED', 'PROTECTING', 'a stop that was refused is tried again, once an event'),
  row('UNPROTECTED', 'ORDER_REPORTED', 'WATCHED', 'refused too often: its price is watched instead'),
  row('UNPROTECTED', 'ORDER_REPORTED', 'FLAT', 'sold by an order that had left its slot'),
  row('UNPROTECTED', 'ORDER_ABSENT', 'PROTECTING', 'a stop that was refused is tried again, once an event'),
  row('UNPROTECTED', 'ORDER_ABSENT', 'WATCHED', 'refused too often: its price is watched instead'),
  row('UNPROTECTED', 'POSITION_SEEN', 'PROTECTING', 'a stop that was refused is tried again, once an event'),
  row('UNPROTECTED', 'POSITION_SEEN', 'WATCHED', TOO_SMALL),
  row('UNPROTECTED', 'POSITION_SEEN', 'FLAT', 'what was held has gone at the venue'),
  row('UNPROTECTED', 'SLOT_RESET', 'PROTECTING', 'refusals of the last session count no more'),
  row('UNPROTECTED', 'SLOT_RESET', 'WATCHED', TOO_SMALL),
  row('UNPROTECTED', 'SLOT_CHECKED', 'LEAVING', SLICE_FIRST),
  row('UNPROTECTED', 'ORDER_REPORTED', 'LEAVING', SLICE_FIRST),
  row('PROTECTING', 'ORDER_REPORTED', 'PROTECTED'),
  row('PROTECTING', 'ORDER_REPORTED', 'MOVING', GREW),
  row('PROTECTING', 'ORDER_REPORTED', 'REPLACING', GREW),
  row('PROTECTING', 'ORDER_REPORTED', 'RENEWING', GREW),
  row('PROTECTING', 'ORDER_REPORTED', 'UNPROTECTED', 'refused: one attempt an event'),
  row('PROTECTING', 'ORDER_REPORTED', 'WATCHED', LEFT_TOO_SMALL),
  row('PROTECTING', 'ORDER_REPORTED', 'EXITING', THROUGH),
  row('PROTECTING', 'ORDER_REPORTED', 'FLAT', 'a fill before the acknowledgement'),
  row('PROTECTING', 'ORDER_REPORTED', 'LEAVING', SOLD),
  row('PROTECTING', 'ORDER_ABSENT', 'WATCHED', LOST_FOR_GOOD),
  row('PROTECTING', 'SLOT_CHECKED', 'LEAVING'),
  row('PROTECTING', 'POSITION_SEEN', 'LEAVING', GONE),
  row('PROTECTED', 'ORDER_REPORTED', 'FLAT'),
  row('PROTECTED', 'ORDER_REPORTED', 'MOVING', GREW),
  row('PROTECTED', 'ORDER_REPORTED', 'REPLACING', GREW),
  row('PROTECTED', 'ORDER_REPORTED', 'RENEWING', GREW),
  row('PROTECTED', 'ORDER_REPORTED', 'PROTECTING', ENDED),
  row('PROTECTED', 'ORDER_REPORTED', 'WATCHED', LEFT_TOO_SMALL),
  row('PROTECTED', 'ORDER_REPORTED', 'UNPROTECTED', REFUSED_LATE),
  row('PROTECTED', 'ORDER_REPORTED', 'EXITING', THROUGH),
  row('PROTECTED', 'ORDER_REPORTED', 'LEAVING', SOLD),
  row('PROTECTED', 'ORDER_ABSENT', 'PROTECTING', LOST),
  row('PROTECTED', 'ORDER_ABSENT', 'WATCHED', LOST_FOR_GOOD),
  row('PROTECTED', 'ORDER_ABSENT', 'MOVING', SLICE_LOST),
  row('PROTECTED', 'ORDER_ABSENT', 'REPLACING', SLICE_LOST),
  row('PROTECTED', 'ORDER_ABSENT', 'RENEWING', SLICE_LOST),
  row('PROTECTED', 'SLOT_CHECKED', 'MOVING', TRAILS),
  row('PROTECTED', 'SLOT_CHECKED', 'REPLACING', TRAILS),
  row('PROTECTED', 'SLOT_CHECKED', 'RENEWING', TRAILS),
  row('PROTECTED', 'SLOT_CHECKED', 'LEAVING'),
  row('PROTECTED', 'SLOT_RESET', 'MOVING', OVERDUE),
  row('PROTECTED', 'SLOT_RESET', 'REPLACING', OVERDUE),
  row('PROTECTED', 'SLOT_RESET', 'RENEWING', OVERDUE),
  row('PROTECTED', 'STOP_DIFFERS', 'MOVING', ASTRAY),
  row('PROTECTED', 'STOP_DIFFERS', 'REPLACING', ASTRAY),
  row('PROTECTED', 'STOP_DIFFERS', 'RENEWING', ASTRAY),
  row('PROTECTED', 'POSITION_SEEN', 'MOVING', GREW),
  row('PROTECTED', 'POSITION_SEEN', 'REPLACING', GREW),
  row('PROTECTED', 'POSITION_SEEN', 'RENEWING', GREW),
  row('PROTECTED', 'POSITION_SEEN', 'LEAVING', GONE),
  row('MOVING', 'ORDER_REPORTED', 'PROTECTED'),
  row('MOVING', 'ORDER_REPORTED', 'RENEWING', 'the venue would not move it: another takes its place'),
  row('MOVING', 'ORDER_REPORTED', 'REPLACING', OTHER_WAY),
  row('MOVING', 'ORDER_REPORTED', 'LEAVING', 'the venue would not move it, the price being through already'),
  row('MOVING', 'ORDER_REPORTED', 'PROTECTING', ENDED),
  row('MOVING', 'ORDER_REPORTED', 'UNPROTECTED', REFUSED_LATE),
  row('MOVING', 'ORDER_REPORTED', 'EXITING', THROUGH),
  row('MOVING', 'ORDER_REPORTED', 'WATCHED', LEFT_TOO_SMALL),
  row('MOVING', 'ORDER_REPORTED', 'FLAT', FILLED_EARLY),
  row('MOVING', 'ORDER_ABSENT', 'PROTECTING', LOST),
  row('MOVING', 'ORDER_ABSENT', 'WATCHED', LOST_FOR_GOOD),
  row('MOVING', 'SLOT_CHECKED', 'LEAVING'),
  row('MOVING', 'POSITION_SEEN', 'LEAVING', GONE),
  row('REPLACING', 'ORDER_REPORTED', 'PROTECTED'),
  row('REPLACING', 'ORDER_REPORTED', 'PROTECTING', 'the former ended before the next was confirmed'),
  row('REPLACING', 'ORDER_REPORTED', 'RENEWING', 'the next has ended, and the former is being cancelled already'),
  row('REPLACING', 'ORDER_REPORTED', 'MOVING', OTHER_WAY),
  row('REPLACING', 'ORDER_REPORTED', 'LEAVING', 'one of the two has filled, or the price is through the next: the other is cancelled'),
  row('REPLACING', 'ORDER_ABSENT', 'PROTECTED', 'the venue has no such stop, and the other one covers'),
  row('REPLACING', 'ORDER_ABSENT', 'PROTECTING', 'the venue has no such former stop, and the next is not confirmed yet'),
  row('REPLACING', 'ORDER_ABSENT', 'RENEWING', 'the venue has no such next stop, and the former is being cancelled already'),
  row('REPLACING', 'ORDER_ABSENT', 'MOVING', OTHER_WAY),
  row('REPLACING', 'SLOT_CHECKED', 'LEAVING'),
  row('REPLACING', 'POSITION_SEEN', 'LEAVING', GONE),
  row('RENEWING', 'ORDER_REPORTED', 'PROTECTING'),
  row('RENEWING', 'ORDER_REPORTED', 'WATCHED', TOO_SMALL),
  row('RENEWING', 'ORDER_REPORTED', 'UNPROTECTED', REFUSED_LATE),
  row('RENEWING', 'ORDER_REPORTED', 'EXITING', THROUGH),
  row('RENEWING', 'ORDER_REPORTED', 'FLAT', FILLED_EARLY),
  row('RENEWING', 'ORDER_REPORTED', 'LEAVING', SOLD),
  row('RENEWING', 'ORDER_ABSENT', 'PROTECTING', LOST),
  row('RENEWING', 'ORDER_ABSENT', 'WATCHED', LOST_FOR_GOOD),
  row('RENEWING', 'SLOT_CHECKED', 'LEAVING'),
  row('RENEWING', 'POSITION_SEEN', 'LEAVING', GONE),
  row('WATCHED', 'SLOT_CHECKED', 'EXITING'),
  row('WATCHED', 'SLOT_CHECKED', 'FLAT', DUST),
  row('WATCHED', 'SLOT_CHECKED', 'PROTECTING', 'its price has moved to where what is held is enough for a stop'),
  row('WATCHED', 'ORDER_REPORTED', 'PROTECTING', 'enough was bought for a stop at the venue'),
  row('WATCHED', 'ORDER_REPORTED', 'FLAT', 'sold by an order that had left its slot'),
  row('WATCHED', 'SLOT_RESET', 'PROTECTING', 'refusals of the last session count no more'),
  row('WATCHED', 'POSITION_SEEN', 'FLAT', 'what was held has gone at the venue'),
  row('WATCHED', 'SLOT_CHECKED', 'LEAVING', SLICE_FIRST),
  row('WATCHED', 'ORDER_REPORTED', 'LEAVING', SLICE_FIRST),
  row('WATCHED', 'ORDER_ABSENT', 'PROTECTING', SLICE_LOST),
  row('LEAVING', 'ORDER_REPORTED', 'EXITING'),
  row('LEAVING', 'ORDER_REPORTED', 'FLAT', 'the stop had filled before its cancel: nothing is left to sell'),
  row('LEAVING', 'ORDER_ABSENT', 'EXITING', 'the venue has no such stop, asked twice'),
  row('LEAVING', 'ORDER_ABSENT', 'FLAT', 'the venue has no such stop, and nothing is left to sell'),
  row('EXITING', 'ORDER_REPORTED', 'FLAT'),
  row('EXITING', 'ORDER_REPORTED', 'PROTECTING', 'the sale ended with something left: its stop is put back in this commit'),
  row('EXITING', 'ORDER_REPORTED', 'WATCHED', 'the sale ended with something left, for which no stop can be placed'),
  row('EXITING', 'ORDER_REPORTED', 'UNPROTECTED', UNSOLD),
  row('EXITING', 'ORDER_ABSENT', 'UNPROTECTED', UNSOLD),
  row('EXITING', 'ORDER_ABSENT', 'PROTECTING', 'the sale never reached the venue: its stop is put back in this commit'),
  row('EXITING', 'ORDER_ABSENT', 'WATCHED', 'the sale never reached the venue, and no stop can be placed'),
];
