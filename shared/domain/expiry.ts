import { type Millis, seconds } from './instant.ts';
import { type MarketCalendar, nextClose } from './market-hours.ts';
import { hoursOf, usualHours } from './market-time.ts';
import { type HoursName, sessionOfDay } from './session-window.ts';
import type { AssetClass } from './symbols.ts';

/** A watch being taken in; its own expiry and its minimum duration may be absent. */
export interface ExpiryInput {
  readonly assetClass: AssetClass;
  readonly at: Millis;
  readonly minimumDurationSeconds: number | null;
  readonly expiresAt: Millis | null;
}

const DAY: Millis = seconds(86_400);
const CRYPTO_HOUR = 22;
const DAYS_TO_LOOK_AHEAD = 366;

/**
 * Works out when a watch expires (EW-5): its own time, or a stock's at the next close of its market and any other's in
 * the evening; and never before its minimum duration has passed.
 */
export function watchExpiry(watch: ExpiryInput, calendar: MarketCalendar, hours: HoursName = usualHours(watch.assetClass)): Millis {
  const expiresAt = watch.expiresAt ?? expiryOfMarket(watch, calendar, hours);
  return Math.max(expiresAt, watch.at + seconds(watch.minimumDurationSeconds ?? 0));
}

function expiryOfMarket({ assetClass, at }: ExpiryInput, calendar: MarketCalendar, hours: HoursName): Millis {
  if (assetClass === 'crypto' || hours === 'ALWAYS') return nextCryptoEvening(at, calendar);
  return hours === 'NSE' ? nextIndianClose(at, calendar) : nextClose(at, calendar);
}

// India's clocks never change, so a day later is the same time of day.
function nextIndianClose(at: Millis, calendar: MarketCalendar): Millis {
  const hours = hoursOf('NSE', { calendar });
  for (let day = 0; day <= DAYS_TO_LOOK_AHEAD; day += 1) {
    const closesAt = sessionOfDay(at + day * DAY, hours)?.closesAt ?? null;
    if (closesAt !== null && closesAt > at) return closesAt;
  }
  throw new RangeError(`no NSE session within a year of ${new Date(at).toISOString()}`);
}

function nextCryptoEvening(at: Millis, calendar: MarketCalendar): Millis {
  const earliest = at + DAY;
  const date = calendar.newYorkDate(earliest);
  const evening = calendar.newYorkTime(date, CRYPTO_HOUR, 0);
  return evening >= earliest ? evening : calendar.newYorkTime(calendar.nextDate(date), CRYPTO_HOUR, 0);
}
