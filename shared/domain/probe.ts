import { notional } from './capacity-room.ts';
import type { Decimal } from './decimal.ts';
import { type Millis, seconds } from './instant.ts';
import type { MarketCalendar } from './market-hours.ts';
import type { Mode } from './protection.ts';
import type { Settings } from './settings.ts';

/** How a probe position stands; a promoted one is a position like any other. */
export type ProbeStanding =
  | { readonly promoted: true; readonly close: false }
  | { readonly promoted: false; readonly readyForPromotion: boolean; readonly expired: boolean; readonly close: boolean };

const LONGEST_PROBE: Millis = seconds(86_400);

/** Decides the mode of a watch at intake (WS-12): a probe above the notional limit is promoted to normal. */
export function modeAtIntake(
  watch: { readonly mode: Mode; readonly quantity: Decimal; readonly limit: Decimal },
  settings: Pick<Settings, 'probeNotionalLimit'>,
): Mode {
  if (watch.mode === 'normal') return 'normal';
  return notional(watch.quantity, watch.limit).greaterThan(settings.probeNotionalLimit) ? 'normal' : 'probe';
}

/** Judges a probe position (WS-12): ready once New York's date has changed, expired after more than a day, closed when that comes first. */
export function probePosition(
  position: { readonly startedAt: Millis; readonly promoted: boolean },
  now: Millis,
  calendar: Pick<MarketCalendar, 'newYorkDate'>,
): ProbeStanding {
  if (position.promoted) return { promoted: true, close: false };
  const readyForPromotion = calendar.newYorkDate(now) > calendar.newYorkDate(position.startedAt);
  const expired = now - position.startedAt > LONGEST_PROBE;
  return { promoted: false, readyForPromotion, expired, close: expired };
}
