// Whether a watch may ask for room at all: its own state, its day, its market, its price (EW-1 to EW-3, EW-6).
import { entriesAllowed } from './account.ts';
import { shapeOrder } from './constraints.ts';
import type { Context } from './context.ts';
import type { Snapshot } from './decision.ts';
import { isNyseOpen, sessionAt } from './market-hours.ts';
import type { Slot } from './slot.ts';
import { attemptsOn } from './slot-moves.ts';
import { isForced, mayEnter, toleranceOf } from './tolerance.ts';
import type { Watch } from './watch.ts';

export type Ineligible =
  | 'NOT_WATCHING'
  | 'ENTRY_LIVE'
  | 'POSITION_OPEN'
  | 'EXPIRED'
  | 'MAX_ATTEMPTS'
  | 'MAX_ORDER_RETRIES'
  | 'SESSION_CLOSED'
  | 'KILL_SWITCH'
  | 'UNPLACEABLE'
  | 'AWAY';

export interface Eligible {
  readonly watch: Watch;
  readonly forced: boolean;
}

/** Tells whether a stock may be entered now: NYSE is open and the auto-exit has not come yet (MH-1, SL-6). */
export const isEntrySession = (assetClass: Watch['assetClass'], context: Context): boolean => {
  if (assetClass === 'crypto') return true;
  const session = sessionAt(context.now, context.calendar);
  return session !== null && context.now < session.closesAt - context.settings.exitBeforeCloseMinutes * 60_000;
};

const counters = (slot: Slot, watch: Watch, context: Context): Ineligible | null => {
  const attempts = attemptsOn(slot, context);
  const { maxAttempts, maxOrderRetries } = context.settings;
  if (attempts.count >= (watch.maxAttempts ?? maxAttempts)) return 'MAX_ATTEMPTS';
  return attempts.refused >= maxOrderRetries ? 'MAX_ORDER_RETRIES' : null;
};

/** Finds why a slot cannot take an entry whatever the price; null when it can. */
export const whyNotIdle = (slot: Slot, context: Context): Ineligible | null => {
  if (slot.watch === null) return 'NOT_WATCHING';
  if (slot.entry.status !== 'NONE') return 'ENTRY_LIVE';
  if (slot.position.status !== 'FLAT') return 'POSITION_OPEN';
  if (slot.watch.expiresAt <= context.now) return 'EXPIRED';
  if (!isEntrySession(slot.assetClass, context)) return 'SESSION_CLOSED';
  return counters(slot, slot.watch, context);
};

const isPriced = (watch: Watch, forced: boolean, snapshot: Snapshot, context: Context): boolean => {
  const tolerance = toleranceOf(watch, isNyseOpen(context.now, context.calendar), context.settings);
  const quote = snapshot.board.quotes[watch.symbol] ?? null;
  return mayEnter({ side: watch.side, limit: watch.limit, quote, tolerance, forced }, context.now, context.settings);
};

/** Judges whether a slot's watch may enter now (EW-1 to EW-3), room aside; otherwise says the first reason why not. */
export const judgeEntry = (slot: Slot, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const reason = whyNotIdle(slot, context);
  const { watch } = slot;
  if (reason !== null || watch === null) return reason ?? 'NOT_WATCHING';
  const { capacity } = snapshot;
  if (capacity !== null && !entriesAllowed(capacity.kill, slot.assetClass, slot.symbol)) return 'KILL_SWITCH';
  if ('refused' in shapeOrder(watch, watch.rules)) return 'UNPLACEABLE';
  const forced = isForced(watch, isNyseOpen(context.now, context.calendar), context.settings);
  return isPriced(watch, forced, snapshot, context) ? { watch, forced } : 'AWAY';
};
