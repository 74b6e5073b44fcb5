// Whether a watch may ask for room at all: its own state, its day, its market, its price (EW-1 to EW-3, EW-6).
import { entriesAllowed } from './account.ts';
import { shapeOrder } from './constraints.ts';
import type { Context } from './context.ts';
import type { Snapshot } from './decision.ts';
import { isResetting } from './grid-gate.ts';
import { isNyseOpen } from './market-hours.ts';
import { hoursOf, isEntrySession, settingsWith } from './market-time.ts';
import { ZERO } from './decimal.ts';
import { isUsableQuote } from './quote.ts';
import { hasAttemptsLeft, mayReenter } from './re-entry.ts';
import { sessionOfDay } from './session-window.ts';
import type { Slot } from './slot.ts';
import { attemptsOn, dayOf } from './slot-moves.ts';
import { protectionAt, stopRefusal } from './stop-price.ts';
import { isTriggered } from './trigger.ts';
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
  | 'GRID_RESETTING'
  | 'UNPLACEABLE'
  | 'STOP_UNPLACEABLE'
  | 'AWAY';

/** A watch that may enter. `arms`: its price has triggered it now; `claims`: an attempt is left (SL-1). */
export interface Eligible {
  readonly watch: Watch;
  readonly forced: boolean;
  readonly arms: boolean;
  readonly claims: boolean;
}

/** The most entries of a slot in a day (EW-6). */
export const maxAttemptsOf = (watch: Watch, context: Context): number => watch.maxAttempts ?? context.settings.maxAttempts;

const counters = (slot: Slot, watch: Watch, context: Context): Ineligible | null => {
  const attempts = attemptsOn(slot, context);
  if (!hasAttemptsLeft(attempts.count, maxAttemptsOf(watch, context))) return 'MAX_ATTEMPTS';
  return attempts.refused > settingsWith(watch.exit.own, context.settings).maxOrderRetries ? 'MAX_ORDER_RETRIES' : null;
};

/** Finds why a slot cannot take an entry whatever the price; null when it can. */
export const whyNotIdle = (slot: Slot, context: Context): Ineligible | null => {
  if (slot.watch === null) return 'NOT_WATCHING';
  if (slot.entry.status !== 'NONE') return 'ENTRY_LIVE';
  if (slot.position.status !== 'FLAT') return 'POSITION_OPEN';
  if (slot.watch.expiresAt <= context.now) return 'EXPIRED';
  if (!isEntrySession(slot.watch.exit, context)) return 'SESSION_CLOSED';
  return counters(slot, slot.watch, context);
};

const isPriced = (watch: Watch, forced: boolean, snapshot: Snapshot, context: Context): boolean => {
  const tolerance = toleranceOf(watch, isNyseOpen(context.now, context.calendar), context.settings);
  const quote = snapshot.board.quotes[watch.symbol] ?? null;
  return mayEnter({ side: watch.side, limit: watch.limit, quote, tolerance, forced }, context.now, context.settings);
};

/** Why the venue would not take an entry, or not the stop that its position needs (SL-4, EX-10). */
const whyUnplaceable = (watch: Watch, context: Context): Ineligible | null => {
  const { market, stop, own } = watch.exit;
  if ('refused' in shapeOrder(watch, market)) return 'UNPLACEABLE';
  const basis = { side: watch.side, price: watch.limit, tickSize: market.tickSize };
  const protection = protectionAt(basis, stop, settingsWith(own, context.settings));
  if (protection === null) return 'STOP_UNPLACEABLE';
  return stopRefusal(watch.quantity, { side: watch.side, stop: protection.stop }, market) === null ? null : 'STOP_UNPLACEABLE';
};

type StopWatch = Extract<Watch, { kind: 'stop' }>;

/** Judges a watch of kind `stop` (SL-1, SL-2): triggered by this price, or by an earlier one of this session and priced right. */
const judgeStop = (slot: Slot, watch: StopWatch, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const quote = snapshot.board.quotes[watch.symbol] ?? null;
  if (!isUsableQuote(quote, context.now, context.settings)) return 'AWAY';
  const { side, limit: entryPrice, trigger: triggerPrice } = watch;
  const session = sessionOfDay(context.now, hoursOf(watch.exit.hours, context));
  const isArmed = slot.triggered === dayOf(slot, context);
  const check = { side, triggerPrice, price: quote.price, at: quote.at, session };
  const arms = !isArmed && isTriggered(check, settingsWith(watch.exit.own, context.settings));
  const standing = { triggered: isArmed || arms, position: ZERO, liveEntry: false, entriesToday: attemptsOn(slot, context).count };
  const enters = { side, entryPrice, price: quote.price, at: context.now, session };
  const claims = mayReenter(enters, standing, maxAttemptsOf(watch, context));
  return arms || claims ? { watch, forced: false, arms, claims } : 'AWAY';
};

const judgeLimit = (watch: Watch, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const forced = isForced(watch, isNyseOpen(context.now, context.calendar), context.settings);
  return isPriced(watch, forced, snapshot, context) ? { watch, forced, arms: false, claims: true } : 'AWAY';
};

/** Judges whether a slot's watch may enter now (EW-1 to EW-3, SL-1, SL-2), room aside; otherwise says the first reason why not. */
export const judgeEntry = (slot: Slot, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const reason = whyNotIdle(slot, context);
  const { watch } = slot;
  if (watch === null) return 'NOT_WATCHING';
  // With no attempts left a price still triggers, and claims nothing.
  if (reason !== null && (reason !== 'MAX_ATTEMPTS' || watch.kind === 'limit')) return reason;
  const judged = whyRefused(slot, watch, snapshot, context) ?? judgePrice(slot, watch, snapshot, context);
  return judged === 'AWAY' ? (reason ?? judged) : judged;
};

const judgePrice = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): Eligible | Ineligible =>
  watch.kind === 'limit' ? judgeLimit(watch, snapshot, context) : judgeStop(slot, watch, snapshot, context);

const whyRefused = (slot: Slot, watch: Watch, { capacity, slots }: Snapshot, context: Context): Ineligible | null => {
  if (capacity !== null && !entriesAllowed(capacity.kill, slot.assetClass, slot.symbol)) return 'KILL_SWITCH';
  if (isResetting(watch, slots.values())) return 'GRID_RESETTING';
  return whyUnplaceable(watch, context);
};
