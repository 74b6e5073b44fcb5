// Looks at everything of a slot that is due by time or price: exits, its stop, an entry that has waited for too long.
import { anomaly } from './anomaly.ts';
import { reduceInSlices } from './begin-slice.ts';
import type { Context } from './context.ts';
import type { Decision, Note, Snapshot } from './decision.ts';
import { barKey, slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import { exitDue, isStopReached } from './exit-due.ts';
import { leave, mayLeave } from './leave.ts';
import { isEntrySession, settingsWith, usualHours } from './market-time.ts';
import { isAcknowledged } from './order-progress.ts';
import { givesWay } from './parts.ts';
import { firstProtection, isHeld, tradableQuantity } from './position-moves.ts';
import type { Protected } from './protect.ts';
import { withProtection, withStop } from './protect.ts';
import { minutes } from './session-window.ts';
import type { CancelReason, ExitReason, Order, Position, Slot, SlotRef, Stop } from './slot.ts';
import { dayOf, startCancel } from './slot-moves.ts';
import { isStale } from './stale-entry.ts';
import { trailStop } from './trail.ts';
import type { ExitRules } from './watch.ts';

type Open = Extract<Position, { status: 'OPEN' }>;
type Placed = Extract<Stop, { status: 'PLACED' }>;

/** How long a stop whose price has come may take to fill before the position goes to market. */
export const STOP_FILL_MS = 10_000;
/** How long a position may be without a confirmed stop before a person is told (SL-13). */
export const LONGEST_UNPROTECTED_MS = 60_000;

interface Look {
  readonly slot: Slot;
  readonly position: Open;
  readonly snapshot: Snapshot;
  readonly context: Context;
}

const isReached = ({ slot, position, snapshot, context }: Look): boolean =>
  isStopReached(position, snapshot.board.quotes[slot.symbol] ?? null, context);

const isStuck = (stop: Placed, { context }: Look): boolean =>
  stop.breachedAt !== null && context.now - stop.breachedAt >= STOP_FILL_MS;

/** Why our own watch over the stop's price ends a position: the venue has no stop, or one that does not fill. */
const stopReason = (look: Look): ExitReason | null => {
  const { stop, stopPrice } = look.position;
  if (stopPrice === null) return 'STOP_REACHED';
  if (!isReached(look)) return null;
  if (stop.status === 'WATCHED') return 'STOP_REACHED';
  return stop.status === 'PLACED' && isStuck(stop, look) ? 'STOP_UNFILLED' : null;
};

/** What fees have left of a fill may be less than a lot: once nothing more is bought it goes, as any such rest (EX-7). */
const isTooSmall = ({ slot, position }: Look): boolean =>
  slot.entry.status === 'NONE' && slot.parts === null && tradableQuantity(position).isZero();

const exitReason = (look: Look): ExitReason | null => {
  const { slot, position, snapshot, context } = look;
  if (isTooSmall(look)) return 'TOO_SMALL';
  const due = stopReason(look) ?? exitDue(position, snapshot.board.quotes[slot.symbol] ?? null, context);
  return due === null || mayLeave(position, due, context) ? due : null;
};

/** A stop follows the last whole bar of the position's own time (SL-5). */
const trailed = ({ slot, position, snapshot, context }: Look): Open | null => {
  const { rules, stopPrice, side, openedAt } = position;
  if (rules.stop.kind !== 'stop' || stopPrice === null) return null;
  const settings = settingsWith(rules.own, context.settings);
  const bar = snapshot.board.bars[barKey(slot.symbol, settings.barMinutes)]?.completed ?? null;
  if (bar === null || bar.startsAt + minutes(settings.barMinutes) <= openedAt) return null;
  const moved = trailStop({ side, stop: stopPrice, tickSize: rules.market.tickSize }, bar, settings);
  return moved === null ? null : { ...position, stopPrice: moved };
};

/** Notes when the price went through a stop at the venue, and when it came back. */
const watchedFill = (look: Look): Slot | null => {
  const { slot, position, context } = look;
  const { stop } = position;
  if (stop.status !== 'PLACED' || !isAcknowledged(stop.order.status)) return null;
  const reached = isReached(look);
  if (reached === (stop.breachedAt !== null)) return null;
  return withStop(slot, position, { ...stop, breachedAt: reached ? context.now : null });
};

const decided = (look: Look, next: Protected): Decision =>
  commit({ ...EMPTY_DRAFT, slots: [moveSlot(look.slot, next.slot)], changes: next.changes, notes: next.notes });

const isUncovered = ({ position, context }: Look): boolean =>
  position.unprotectedSince !== null && context.now - position.unprotectedSince > LONGEST_UNPROTECTED_MS;

/** A position that stays without a stop is told to a person, and its symbol is halted (SL-13). */
const unprotected = (look: Look): Decision | null => {
  if (!isUncovered(look)) return null;
  const { slot, position, snapshot, context } = look;
  const seconds = Math.floor((context.now - (position.unprotectedSince ?? context.now)) / 1000);
  const at = { symbol: slot.symbol, assetClass: slot.assetClass };
  const message = `${slot.symbol} unprotected for ${seconds} s`;
  const alarm = anomaly({ kind: 'UNPROTECTED', at, message, fields: { seconds } }, snapshot);
  return alarm.changes.length === 0 ? null : commit({ ...EMPTY_DRAFT, ...alarm });
};

/** A position without a stop price gets the one it would have had from its first fill on (SL-7): an older version may have opened it. */
const priced = ({ position, context }: Look): Open => {
  if (position.stopPrice !== null) return position;
  const { stop } = firstProtection(position.side, position.rules, position.lots, context);
  return stop === null ? position : { ...position, stopPrice: stop };
};

const lookAtPosition = (seenAs: Look): Decision | null => {
  const look: Look = { ...seenAs, position: priced(seenAs) };
  const { slot, context } = look;
  const reason = exitReason(look);
  if (reason !== null) return decided(look, leave(slot, look.position, reason, look));
  const position = trailed(look) ?? look.position;
  const judged: Slot = position === seenAs.position ? slot : { ...slot, position };
  const covered = withProtection(judged, context);
  if (covered.slot !== slot) return decided(look, covered);
  const slice = reduceInSlices(slot, position, look);
  if (slice !== null) return decided(look, slice);
  const seen = watchedFill(look);
  return seen === null ? unprotected(look) : decided(look, { slot: seen, changes: [], notes: [] });
};

/** Why an entry's time at the venue is over: its session ends (SL-6), or it has waited for too long (SL-3). */
const lateReason = ({ watch, assetClass }: Slot, { createdAt }: Order, context: Context): CancelReason | null => {
  const rules: Pick<ExitRules, 'hours' | 'own'> = watch?.exit ?? { hours: usualHours(assetClass), own: {} };
  if (!isEntrySession(rules, context)) return 'AUTO_EXIT';
  // A limit order rests as long as its watch, unless that says otherwise: rest is what it is for.
  const waits = watch !== null && watch.kind === 'limit' && rules.own.orderTimeoutMinutes === undefined;
  return !waits && isStale(createdAt, context.now, settingsWith(rules.own, context.settings)) ? 'STALE' : null;
};

const partNote = ({ symbol, parts }: Slot, { clientOrderId }: Order): Note =>
  note('PART_GIVES_WAY', `${symbol}: a part of its entry gives way to the next`, { symbol, clientOrderId, filled: parts?.filled.toFixed() ?? null });

const lookAtEntry = (slot: Slot, context: Context): Decision => {
  if (slot.entry.status !== 'WORKING') return ignore('NOTHING_DUE');
  const { order, amendment } = slot.entry;
  const reason = lateReason(slot, order, context) ?? (givesWay(slot, order, context) ? 'NEXT_PART' : null);
  if (reason === null) return ignore('NOTHING_DUE');
  const cancelled = startCancel(slot, { order, reason, amendment, pending: null }, context);
  const fields = { symbol: slot.symbol, reason, clientOrderId: order.clientOrderId };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, cancelled.slot)],
    changes: [cancelled.change],
    notes: [reason === 'NEXT_PART' ? partNote(slot, order) : note('ENTRY_TOO_LATE', `${slot.symbol}: entry cancelled (${reason})`, fields)],
  });
};

/**
 * Decides what is due on a slot now (EW-6, SL-3 to SL-7, WS-12), one step at a time: an exit before anything else, then
 * its stop, then an entry that comes too late.
 */
export const decideSlotChecked = (ref: SlotRef, snapshot: Snapshot, context: Context): Decision => {
  const slot = snapshot.slots.get(slotKey(ref));
  if (slot === undefined) return ignore('NOTHING_DUE');
  const { position } = slot;
  const found = position.status === 'OPEN' ? lookAtPosition({ slot, position, snapshot, context }) : null;
  return found ?? lookAtEntry(slot, context);
};

const resetPosition = (position: Position): Position =>
  position.status === 'OPEN' && (position.exitFailures > 0 || position.stopFailures > 0)
    ? { ...position, exitFailures: 0, failedExit: null, stopFailures: 0, stop: position.stop.status === 'WATCHED' ? { status: 'NONE' } : position.stop }
    : position;

/** Lets go of what counted for the last trading day (SL-1, SL-9): yesterday's trigger, refused stops and failed sales. */
export const decideSlotReset = (ref: SlotRef, snapshot: Snapshot, context: Context): Decision => {
  const slot = snapshot.slots.get(slotKey(ref));
  if (slot === undefined) return ignore('NOTHING_DUE');
  const triggered = slot.triggered === dayOf(slot, context) ? slot.triggered : null;
  const position = resetPosition(slot.position);
  if (triggered === slot.triggered && position === slot.position) return ignore('NOTHING_DUE');
  // A stop that is tried anew is planned in this very commit, as any other (SL-4).
  const covered = withProtection({ ...slot, triggered, position }, context);
  return commit({ ...EMPTY_DRAFT, slots: [moveSlot(slot, covered.slot)], changes: covered.changes, notes: covered.notes });
};

/** Has a position closed by orders that are not reduce-only from now on (EX-5): another slot trades the other side of its symbol. */
export const decideSlotNetted = (ref: SlotRef, snapshot: Snapshot): Decision => {
  const slot = snapshot.slots.get(slotKey(ref));
  if (slot === undefined || !isHeld(slot.position) || slot.position.rules.netted) return ignore('NOTHING_DUE');
  const { position } = slot;
  const netted: Slot = { ...slot, position: { ...position, stopFailures: 0, exitFailures: 0, failedExit: null, rules: { ...position.rules, netted: true } } };
  return commit({ ...EMPTY_DRAFT, slots: [moveSlot(slot, netted)], notes: [note('NETTED', `${slot.symbol}: held on both sides from now on`, { symbol: slot.symbol })] });
};
