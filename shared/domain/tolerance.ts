import type { Decimal } from './decimal.ts';
import { isWithin } from './distance.ts';
import type { Millis } from './instant.ts';
import { type Quote, isUsableQuote } from './quote.ts';
import type { Settings } from './settings.ts';
import { type Side, isThrough } from './side.ts';
import type { AssetClass } from './symbols.ts';

/** A watch about to enter; the tolerance is a ratio. */
export interface EntryCheck {
  readonly side: Side;
  readonly limit: Decimal | null;
  readonly quote: Quote | null;
  readonly tolerance: Decimal;
  readonly forced: boolean;
}

/** Finds the tolerance of a watch as a ratio (EW-2): its own, else that of its class and hour. */
export function toleranceOf(
  watch: { readonly assetClass: AssetClass; readonly tolerance: Decimal | null },
  nyseOpen: boolean,
  settings: Pick<Settings, 'entryTolerance' | 'cryptoOutOfHoursTolerance'>,
): Decimal {
  if (watch.tolerance !== null) return watch.tolerance;
  return watch.assetClass === 'crypto' && !nyseOpen ? settings.cryptoOutOfHoursTolerance : settings.entryTolerance;
}

/** Tells whether a watch is placed at once, whatever its distance (EW-3): only the first crypto watches while NYSE is closed. */
export function isForced(
  watch: { readonly assetClass: AssetClass; readonly rank: number | null },
  nyseOpen: boolean,
  settings: Pick<Settings, 'cryptoOutOfHoursForceCount'>,
): boolean {
  if (nyseOpen || watch.assetClass !== 'crypto' || watch.rank === null) return false;
  return watch.rank >= 1 && watch.rank <= settings.cryptoOutOfHoursForceCount;
}

/** Tells whether a watch may enter (EW-1): forced, or with a usable quote through its limit or within its tolerance. */
export function mayEnter(entry: EntryCheck, now: Millis, settings: Pick<Settings, 'quoteMaxAgeSeconds'>): boolean {
  if (entry.forced) return true;
  if (entry.limit === null || !entry.limit.greaterThan(0) || !isUsableQuote(entry.quote, now, settings)) return false;
  const { price } = entry.quote;
  return isThrough(entry.side, entry.limit, price) || isWithin(entry.limit, price, entry.tolerance);
}
