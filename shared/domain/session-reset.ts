// When the account's session begins anew (MH-3): some minutes before NYSE opens.
import type { Millis } from './instant.ts';
import type { MarketCalendar, Session } from './market-hours.ts';
import { minutes } from './session-window.ts';

const BEFORE_OPEN: Millis = minutes(5);
// Longer than any closure of NYSE since 1914.
const DAYS_TO_LOOK_AHEAD = 366;

/** When the reset before a session is due (MH-3), epoch milliseconds. */
export const resetOf = ({ opensAt }: Session): Millis => opensAt - BEFORE_OPEN;

/** Finds the first reset strictly after an instant (KS-2), which lifts what is reduced for a while only. Throws RangeError when the calendar holds no session for a year. */
export const nextReset = (at: Millis, calendar: MarketCalendar): Millis => {
  let date = calendar.newYorkDate(at);
  for (let day = 0; day <= DAYS_TO_LOOK_AHEAD; day += 1) {
    const session = calendar.sessionOn(date);
    if (session !== null && resetOf(session) > at) return resetOf(session);
    date = calendar.nextDate(date);
  }
  throw new RangeError(`no NYSE session within a year of ${new Date(at).toISOString()}`);
};
