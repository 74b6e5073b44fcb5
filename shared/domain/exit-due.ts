// When a position has to end (EW-6, SL-6, WS-12): its day, its time, its probe, its price.
import type { Context } from './context.ts';
import type { Millis } from './instant.ts';
import { isNyseOpen } from './market-hours.ts';
import { probePosition } from './probe.ts';
import type { Quote } from './quote.ts';
import { isUsableQuote } from './quote.ts';
import { isThrough } from './side.ts';
import type { ExitReason, Holding } from './slot.ts';
import type { AssetClass, MaxHold, Side } from './watch.ts';

// An order for a bar's close has to be at the venue before the bar ends.
const BAR_LEAD_MS = 60_000;

/** The side that closes a position. */
export const closingSide = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** When a position held since `openedAt` has been held for long enough (EW-6). */
export const holdEndsAt = (openedAt: Millis, hold: MaxHold): Millis => {
  if (hold.barSeconds === null) return openedAt + hold.seconds * 1000;
  const bar = hold.barSeconds * 1000;
  const barOfFill = Math.floor(openedAt / bar) * bar;
  return barOfFill + hold.seconds * 1000 + bar - BAR_LEAD_MS;
};

/** When stocks bought at an instant are sold (SL-6): before the close of that session, at once where there is none. */
export const autoExitAt = (openedAt: Millis, context: Context): Millis => {
  const session = context.calendar.sessionOn(context.calendar.newYorkDate(openedAt));
  if (session === null) return openedAt;
  return session.closesAt - context.settings.exitBeforeCloseMinutes * 60_000;
};

const isTakeProfit = (holding: Holding, quote: Quote | null, context: Context): boolean => {
  const { takeProfit } = holding.rules;
  if (takeProfit === null || !isUsableQuote(quote, context.now, context.settings)) return false;
  return isThrough(closingSide(holding.side), takeProfit, quote.price);
};

const isProbeOver = (holding: Holding, context: Context): boolean => {
  if (holding.mode !== 'probe') return false;
  return probePosition({ startedAt: holding.openedAt, promoted: false }, context.now, context.calendar).close;
};

const timeReason = (holding: Holding, assetClass: AssetClass, context: Context): ExitReason | null => {
  if (assetClass === 'stock' && context.now >= autoExitAt(holding.openedAt, context)) return 'AUTO_EXIT';
  const { maxHold } = holding.rules;
  if (maxHold !== null && context.now >= holdEndsAt(holding.openedAt, maxHold)) return 'MAX_HOLD';
  return isProbeOver(holding, context) ? 'PROBE_EXPIRED' : null;
};

/** Finds why a position has to end now, null while it may stay; a stock waits for its market to be open. */
export const exitDue = (holding: Holding, assetClass: AssetClass, quote: Quote | null, context: Context): ExitReason | null => {
  if (assetClass === 'stock' && !isNyseOpen(context.now, context.calendar)) return null;
  return timeReason(holding, assetClass, context) ?? (isTakeProfit(holding, quote, context) ? 'TAKE_PROFIT' : null);
};
