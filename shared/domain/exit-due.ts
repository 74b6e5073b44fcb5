// When a position has to end (EW-6, SL-6, WS-12): its day, its time, its probe, its price.
import type { Context } from './context.ts';
import type { Millis } from './instant.ts';
import { autoExitAt, isMarketOpen } from './market-time.ts';
import { probePosition } from './probe.ts';
import type { Quote } from './quote.ts';
import { isUsableQuote } from './quote.ts';
import { isThrough } from './side.ts';
import type { ExitReason, Holding } from './slot.ts';
import type { MaxHold, Side } from './watch.ts';

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

const isTakeProfit = (holding: Holding, quote: Quote | null, context: Context): boolean => {
  const { takeProfit } = holding.rules;
  if (takeProfit === null || !isUsableQuote(quote, context.now, context.settings)) return false;
  return isThrough(closingSide(holding.side), takeProfit, quote.price);
};

/** Tells whether the price has come to where a position is protected (SL-7). */
export const isStopReached = ({ side, stopPrice }: Holding, quote: Quote | null, context: Context): boolean => {
  if (stopPrice === null || !isUsableQuote(quote, context.now, context.settings)) return false;
  return isThrough(side, stopPrice, quote.price);
};

const isProbeOver = (holding: Holding, context: Context): boolean => {
  if (holding.mode !== 'probe') return false;
  return probePosition({ startedAt: holding.openedAt, promoted: false }, context.now, context.calendar).close;
};

const timeReason = (holding: Holding, context: Context): ExitReason | null => {
  const exitAt = autoExitAt(holding.openedAt, holding.rules, context);
  if (exitAt !== null && context.now >= exitAt) return 'AUTO_EXIT';
  const { maxHold } = holding.rules;
  if (maxHold !== null && context.now >= holdEndsAt(holding.openedAt, maxHold)) return 'MAX_HOLD';
  return isProbeOver(holding, context) ? 'PROBE_EXPIRED' : null;
};

/** Finds why a position has to end now, null while it may stay; it waits for its market to be open. */
export const exitDue = (holding: Holding, quote: Quote | null, context: Context): ExitReason | null => {
  if (!isMarketOpen(holding.rules.hours, context)) return null;
  return timeReason(holding, context) ?? (isTakeProfit(holding, quote, context) ? 'TAKE_PROFIT' : null);
};
