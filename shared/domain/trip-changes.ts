// What a commit closed of a slot's lots, as an item and as facts (EX-6).
import { addCommissions } from './commission.ts';
import type { Context } from './context.ts';
import { ZERO } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, Decision, Note } from './decision.ts';
import { slotKey } from './decision.ts';
import { note } from './draft.ts';
import { closingSide } from './exit-due.ts';
import type { PricedPart } from './order-progress.ts';
import type { Held } from './position-moves.ts';
import { isHeld, lateCommission } from './position-moves.ts';
import type { Reported } from './reported.ts';
import type { Side } from './side.ts';
import type { Lot, Slot, SlotRef } from './slot.ts';
import { sliceOf } from './slot-orders.ts';
import type { Trip, TripRecord } from './trip.ts';
import { inItems, resultOf } from './trip.ts';
import type { Taken } from './trips.ts';
import { takeFromLots } from './trips.ts';

/** Lots that left without a fill: too small for any order, or no longer at the venue. */
const NO_FILL = 'NO_FILL';
const NOTHING: Taken = { left: [], trips: [], lost: [], unpaired: ZERO };

const isNothing = ({ trips, late, lost, unpaired }: TripRecord): boolean =>
  trips.length === 0 && late?.isZero() === true && lost.length === 0 && unpaired.isZero();

const changesOf = (record: TripRecord): readonly Change[] => (isNothing(record) ? [] : inItems(record).map((each) => ({ kind: 'TRIP', record: each })));

const heldIn = ({ position }: Slot): Held | null => (isHeld(position) ? position : null);

/** Why a fill closed lots: its exit's reason; of a stop that it was one. */
const policyOf = ({ before, slot: { position } }: Reported): string => {
  if (before.purpose === 'STOP') return 'STOP_FILLED';
  if (sliceOf(position)?.clientOrderId === before.clientOrderId) return 'REDUCED';
  return position.status === 'EXITING' || position.status === 'LEAVING' ? position.reason : 'SOLD';
};

const takenBy = ({ slot, before, parts }: Reported): Taken => {
  const position = heldIn(slot);
  const closes = before.purpose !== 'ENTRY';
  const unpaired = parts.reduce((total, part) => total.plus(part.counted), ZERO);
  if (position === null) return { ...NOTHING, unpaired: closes ? unpaired : ZERO };
  return closes ? takeFromLots(position, parts) : { ...NOTHING, left: position.lots };
};

/** Commission of trades told late, where no lot is left to bear it: an entry's is borne by what is still held. */
const lateOf = ({ slot, before, parts }: Reported, after: Slot): Decimal | null => {
  if (before.purpose !== 'ENTRY') return addCommissions(parts.filter(({ counted }) => counted.isZero()).map(({ commission }) => commission));
  return heldIn(after) === null ? lateCommission(slot.symbol, parts) : ZERO;
};

// Of a position that has gone already the order that traded it tells.
const sideOf = ({ slot, before }: Reported): Side => heldIn(slot)?.side ?? (before.purpose === 'ENTRY' ? before.side : closingSide(before.side));

const idOf = ({ before, parts }: Reported): string => `${before.clientOrderId}#${parts[0]?.tradeId ?? NO_FILL}`;

const latest = (parts: readonly PricedPart[], context: Context): number =>
  parts.length === 0 ? context.now : Math.max(...parts.map(({ at }) => at));

/** Keeps what a report's fills closed (EX-6), and what was left of a position that ended with it. */
export const tripsOfReport = (reported: Reported, after: Slot): readonly Change[] => {
  const { record, parts, context } = reported;
  const taken = takenBy(reported);
  const lost = heldIn(after) === null ? [...taken.lost, ...taken.left] : taken.lost;
  const { trips, unpaired } = taken;
  const at = latest(parts, context);
  const side = sideOf(reported);
  return changesOf({ id: idOf(reported), ref: record.ref, side, policy: policyOf(reported), at, trips, late: lateOf(reported, after), lost, unpaired });
};

const missingOfLot = (lot: Lot, kept: Lot | undefined): readonly Lot[] => {
  if (kept === undefined) return [lot];
  const quantity = lot.quantity.minus(kept.quantity);
  if (!quantity.greaterThan(ZERO)) return [];
  const commission = lot.commission === null || kept.commission === null ? null : lot.commission.minus(kept.commission);
  return [{ ...lot, quantity, commission }];
};

// Units leave the oldest lots first, so what is left is the end of what there was.
const missingOf = (before: readonly Lot[], after: readonly Lot[]): readonly Lot[] =>
  before.flatMap((lot, place) => missingOfLot(lot, after[place - (before.length - after.length)]));

const isTold = (changes: readonly Change[], ref: SlotRef): boolean =>
  changes.some((change) => change.kind === 'FILL' && slotKey(change.fill.ref) === slotKey(ref)) ||
  changes.some((change) => change.kind === 'TRIP' && slotKey(change.record.ref) === slotKey(ref));

const lostOf = (held: Held, after: Slot, context: Context): readonly Change[] => {
  const { symbol, slot, revision } = after;
  const lost = missingOf(held.lots, heldIn(after)?.lots ?? []);
  const id = `${slotKey(after)}#${revision}`;
  return changesOf({ id, ref: { symbol, slot }, side: held.side, policy: NO_FILL, at: context.now, trips: [], late: ZERO, lost, unpaired: ZERO });
};

const lostIn = (changes: readonly Change[], context: Context): readonly Change[] =>
  changes.flatMap((change) => {
    if (change.kind !== 'SLOT' || change.before === null || isTold(changes, change.after)) return [];
    const held = heldIn(change.before);
    return held === null ? [] : lostOf(held, change.after, context);
  });

const amount = (value: Decimal | null): string | null => value?.toFixed() ?? null;

const tripNote = (trip: Trip, { ref: { symbol }, policy }: TripRecord): Note => {
  const { gross, net, pnlBps } = resultOf(trip);
  const { direction, quantity, entryTradeId, exitTradeId, commission, openedAt, closedAt } = trip;
  return note('ROUND_TRIP', `${symbol}: ${direction} ${quantity.toFixed()} from ${trip.entryPrice.toFixed()} to ${trip.exitPrice.toFixed()}`, {
    symbol,
    direction,
    quantity: quantity.toFixed(),
    entryPrice: trip.entryPrice.toFixed(),
    exitPrice: trip.exitPrice.toFixed(),
    gross: gross.toFixed(),
    commission: amount(commission),
    net: amount(net),
    pnlBps: pnlBps?.toNumber() ?? null,
    holdSeconds: Math.trunc((closedAt - openedAt) / 1000),
    policy,
    entryTradeId,
    exitTradeId,
  });
};

const tripNotes = (changes: readonly Change[]): readonly Note[] =>
  changes.flatMap((change) => (change.kind === 'TRIP' ? change.record.trips.map((trip) => tripNote(trip, change.record)) : []));

/** Tells of every round trip that a decision closes, and keeps what of a position leaves without a fill (EX-6). */
export const withTrips = (decision: Decision, context: Context): Decision => {
  if (decision.kind === 'IGNORE') return decision;
  const changes = [...decision.changes, ...lostIn(decision.changes, context)];
  return { ...decision, changes, notes: [...decision.notes, ...tripNotes(changes)] };
};
