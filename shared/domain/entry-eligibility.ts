// Whether a watch may ask for room at all: its own state, its day, its market, its price (EW-1 to EW-3, EW-6).
import { entriesAllowed } from './account.ts';
import { shapeOrder } from './constraints.ts';
import type { Context } from './context.ts';
import type { Snapshot } from './decision.ts';
import { isResetting } from './grid-gate.ts';
import { isNyseOpen } from './market-hours.ts';
import { hoursOf, isEntrySession, settingsWith } from './market-time.ts';
import { ZERO } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { exitDue, isStopReached } from './exit-due.ts';
import { dueQuantity, isFreeToEnter, isUnderWay } from './parts.ts';
import { isUsableQuote } from './quote.ts';
import type { Quote } from './quote.ts';
import { hasAttemptsLeft, mayReenter } from './re-entry.ts';
import { heldQuantity } from './room.ts';
import { wouldCross } from './router.ts';
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
  | 'PART_NOT_DUE'
  | 'EXIT_DUE'
  | 'WOULD_CROSS_SPREAD'
  | 'AWAY';

/** A watch that may enter. `arms`: its price has triggered it now; `claims`: an attempt is left (SL-1). */
export interface Eligible {
  readonly watch: Watch;
  /** Units of the next order: the whole entry, or the part of it that is due (EX-1). */
  readonly quantity: Decimal;
  readonly forced: boolean;
  readonly arms: boolean;
  readonly claims: boolean;
}

/** The most entries of a slot in a day (EW-6). */
export const maxAttemptsOf = (watch: Watch, context: Context): number => watch.maxAttempts ?? context.settings.maxAttempts;

const counters = (slot: Slot, watch: Watch, context: Context): Ineligible | null => {
  const attempts = attemptsOn(slot, context);
  // The parts of one entry are one attempt (EW-6).
  if (!isUnderWay(slot) && !hasAttemptsLeft(attempts.count, maxAttemptsOf(watch, context))) return 'MAX_ATTEMPTS';
  return attempts.refused > settingsWith(watch.exit.own, context.settings).maxOrderRetries ? 'MAX_ORDER_RETRIES' : null;
};

/** Finds why a slot cannot take an entry whatever the price; null when it can. */
export const whyNotIdle = (slot: Slot, context: Context): Ineligible | null => {
  if (slot.watch === null) return 'NOT_WATCHING';
  if (slot.entry.status !== 'NONE') return 'ENTRY_LIVE';
  if (!isFreeToEnter(slot)) return 'POSITION_OPEN';
  if (slot.watch.expiresAt <= context.now) return 'EXPIRED';
  if (!isEntrySession(slot.watch.exit, context)) return 'SESSION_CLOSED';
  return counters(slot, slot.watch, context);
};

/** Tells whether an order would be sent whatever its distance (EW-3); one that does not rest would only end, price after price. */
const isForcedNow = (watch: Watch, context: Context): boolean =>
  watch.style.kind !== 'TAKER' && isForced(watch, isNyseOpen(context.now, context.calendar), context.settings);

const isPriced = (watch: Watch, forced: boolean, quote: Quote | null, context: Context): boolean => {
  // Within its tolerance and not through its limit, an order that does not rest would only end.
  const isTaker = watch.style.kind === 'TAKER';
  const tolerance = isTaker ? ZERO : toleranceOf(watch, isNyseOpen(context.now, context.calendar), context.settings);
  return mayEnter({ side: watch.side, limit: watch.limit, quote, tolerance, forced }, context.now, context.settings);
};

/** Why no part may follow the parts before it: none is due, or what they bought is reduced or about to be left (SL-7). */
const whyNoPart = (slot: Slot, quantity: Decimal, quote: Quote | null, context: Context): Ineligible | null => {
  if (quantity.isZero()) return 'PART_NOT_DUE';
  const { position } = slot;
  if (position.status !== 'OPEN') return null;
  const leaves = position.reduction !== null || isStopReached(position, quote, context) || exitDue(position, quote, context) !== null;
  return leaves ? 'EXIT_DUE' : null;
};

const heldOf = ({ position }: Slot): Decimal => (position.status === 'OPEN' ? heldQuantity(position.lots) : ZERO);

/** Why the venue would not take an entry, or not the stop that its position needs (SL-4, EX-10). */
const whyUnplaceable = (slot: Slot, watch: Watch, quantity: Decimal, context: Context): Ineligible | null => {
  const { market, stop, own } = watch.exit;
  if ('refused' in shapeOrder({ ...watch, quantity }, market)) return 'UNPLACEABLE';
  const basis = { side: watch.side, price: watch.limit, tickSize: market.tickSize };
  const protection = protectionAt(basis, stop, settingsWith(own, context.settings));
  if (protection === null) return 'STOP_UNPLACEABLE';
  return stopRefusal(heldOf(slot).plus(quantity), { side: watch.side, stop: protection.stop }, market) === null ? null : 'STOP_UNPLACEABLE';
};

type StopWatch = Extract<Watch, { kind: 'stop' }>;

/** Judges a watch of kind `stop` (SL-1, SL-2): triggered by this price, or by an earlier one of this session and priced right. */
const judgeStop = (slot: Slot, watch: StopWatch, quote: Quote | null, context: Context): Eligible | Ineligible => {
  if (!isUsableQuote(quote, context.now, context.settings)) return 'AWAY';
  const { side, limit: entryPrice, trigger: triggerPrice } = watch;
  const session = sessionOfDay(context.now, hoursOf(watch.exit.hours, context));
  const isArmed = slot.triggered === dayOf(slot, context);
  const check = { side, triggerPrice, price: quote.price, at: quote.at, session };
  const arms = !isArmed && isTriggered(check, settingsWith(watch.exit.own, context.settings));
  const standing = { triggered: isArmed || arms, position: ZERO, liveEntry: false, entriesToday: attemptsOn(slot, context).count };
  const enters = { side, entryPrice, price: quote.price, at: context.now, session };
  const claims = mayReenter(enters, standing, maxAttemptsOf(watch, context));
  return arms || claims ? { watch, quantity: watch.quantity, forced: false, arms, claims } : 'AWAY';
};

/** Tells whether a post-only order would trade at once (EX-3): prices come without a spread, so the last stands for both sides. */
const crossesNow = ({ style, side, limit: price }: Watch, quote: Quote | null, { now, settings }: Context): boolean =>
  style.kind === 'MAKER' && isUsableQuote(quote, now, settings) && wouldCross({ side, price }, { bid: quote.price, ask: quote.price });

const judgeLimit = (watch: Watch, quantity: Decimal, quote: Quote | null, context: Context): Eligible | Ineligible => {
  const forced = isForcedNow(watch, context);
  if (crossesNow(watch, quote, context)) return 'WOULD_CROSS_SPREAD';
  return isPriced(watch, forced, quote, context) ? { watch, quantity, forced, arms: false, claims: true } : 'AWAY';
};

/** Judges whether a slot's watch may enter now (EW-1 to EW-3, SL-1, SL-2), room aside; otherwise says the first reason why not. */
export const judgeEntry = (slot: Slot, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const reason = whyNotIdle(slot, context);
  const { watch } = slot;
  if (watch === null) return 'NOT_WATCHING';
  // With no attempts left a price still triggers, and claims nothing.
  if (reason !== null && (reason !== 'MAX_ATTEMPTS' || watch.kind === 'limit')) return reason;
  const judged = judgeIdle(slot, watch, snapshot, context);
  return judged === 'AWAY' ? (reason ?? judged) : judged;
};

const judgeIdle = (slot: Slot, watch: Watch, snapshot: Snapshot, context: Context): Eligible | Ineligible => {
  const quote = snapshot.board.quotes[watch.symbol] ?? null;
  const quantity = dueQuantity(slot, watch, context);
  const reason = whyBarred(slot, watch, snapshot) ?? whyNoPart(slot, quantity, quote, context) ?? whyUnplaceable(slot, watch, quantity, context);
  if (reason !== null) return reason;
  return watch.kind === 'limit' ? judgeLimit(watch, quantity, quote, context) : judgeStop(slot, watch, quote, context);
};

const whyBarred = (slot: Slot, watch: Watch, { capacity, slots }: Snapshot): Ineligible | null => {
  if (capacity !== null && !entriesAllowed(capacity.kill, slot.assetClass, slot.symbol)) return 'KILL_SWITCH';
  return isResetting(watch, slots.values()) ? 'GRID_RESETTING' : null;
};
