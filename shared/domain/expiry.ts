import { type Millis, seconds } from './instant.ts';
import { type MarketCalendar, nextClose } from './market-hours.ts';
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

/** Works out when a watch expires (EW-5): its own time or that of its class, and never before its minimum duration has passed. */
export function watchExpiry(watch: ExpiryInput, calendar: MarketCalendar): Millis {
  const expiresAt = watch.expiresAt ?? expiryOfClass(watch, calendar);
  return Math.max(expiresAt, watch.at + seconds(watch.minimumDurationSeconds ?? 0));
}

function expiryOfClass(watch: ExpiryInput, calendar: MarketCalendar): Millis {
  return watch.assetClass === 'stock' ? nextClose(watch.at, calendar) : nextCryptoEvening(watch.at, calendar);
}

function nextCryptoEvening(at: Millis, calendar: MarketCalendar): Millis {
  const earliest = at + DAY;
  const date = calendar.newYorkDate(earliest);
  const evening = calendar.newYorkTime(date, CRYPTO_HOUR, 0);
  return evening >= earliest ? evening : calendar.newYorkTime(calendar.nextDate(date), CRYPTO_HOUR, 0);
}
