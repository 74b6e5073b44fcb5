// What fills make of a position: opened at the first, grown by the next, taken off first in, first out.
import type { Context } from './context.ts';
import { addCommissions, isBaseFee } from './commission.ts';
import { Decimal, ZERO, min, roundDownTo, sum } from './decimal.ts';
import type { OrderRecord } from './decision.ts';
import { settingsWith } from './market-time.ts';
import { isFirstFill, withFilledPart } from './parts.ts';
import type { PricedPart } from './order-progress.ts';
import type { Reported } from './reported.ts';
import { heldQuantity, lotsNotional } from './room.ts';
import type { Holding, Lot, Position, Slot } from './slot.ts';
import { isThrough } from './side.ts';
import { attemptsOn } from './slot-moves.ts';
import { protectionAt } from './stop-price.ts';
import { keepable, takeFromLots } from './trips.ts';
import type { ExitRules, Side } from './watch.ts';

const ONE = new Decimal(1);

/** A position of ours, in whatever state. */
export type Held = Extract<Position, Holding>;

/** Tells whether a slot holds a position of ours. */
export const isHeld = (position: Position): position is Held => position.status !== 'FLAT' && position.status !== 'FOREIGN';

// What was taken out of what was bought lessens the lots, and their commission grows by that (SL-4).
const lotOf = (symbol: string, part: PricedPart): Lot => ({
  tradeId: part.tradeId,
  price: part.price,
  quantity: part.counted,
  commission: isBaseFee(symbol, part) ? ZERO : part.commission,
  at: part.at,
});

/** When a position began: at its first fill, told however late, within what we know of its order and our clock. */
const filledAt = (record: OrderRecord, lots: readonly Lot[], context: Context): number => {
  const told = Math.min(context.now, ...lots.map((lot) => lot.at));
  return Math.max(told, Math.min(record.order.createdAt, context.now));
};

/** Tells whether a take-profit lies behind what was paid, so that it would sell at once for nothing. */
const isBehind = ({ takeProfit }: ExitRules, side: Side, paid: Decimal): boolean => takeProfit !== null && isThrough(side, paid, takeProfit);

// A plan may have been replaced since by one for the other side, by one that leaves the order as it was placed (EX-5), or
// by one whose order the venue has not moved: its exits are not this position's.
const rulesOf = ({ watch }: Slot, { order, rules }: OrderRecord, paid: Decimal): ExitRules => {
  if (watch === null) return rules;
  const { exit, side, level } = watch;
  const isOthers = side !== order.side || level?.reset === 'none' || isBehind(exit, side, paid);
  return { ...(isOthers ? rules : exit), stop: rules.stop, netted: rules.netted || exit.netted };
};

export interface FirstProtection {
  readonly stop: Decimal | null;
  readonly takeProfit: Decimal | null;
}

/** Where a position of these lots is protected at first (SL-4); nulls where no such price is above zero. */
export const firstProtection = (side: Side, { market, stop, own }: ExitRules, lots: readonly Lot[], context: Context): FirstProtection => {
  const price = lots[0]?.price ?? ZERO;
  const found = protectionAt({ side, price, tickSize: market.tickSize }, stop, settingsWith(own, context.settings));
  return found ?? { stop: null, takeProfit: null };
};

/** A position as its first fills make it (SL-4): where it is protected is decided now and grows no nearer later. */
const opened = (slot: Slot, record: OrderRecord, lots: readonly Lot[], context: Context): Position => {
  const { side } = record.order;
  const rules = rulesOf(slot, record, lots[0]?.price ?? ZERO);
  const protection = firstProtection(side, rules, lots, context);
  const openedAt = filledAt(record, lots, context);
  return {
    status: 'OPEN',
    side,
    lots,
    openedAt,
    mode: slot.watch?.mode ?? record.mode,
    rules: { ...rules, takeProfit: rules.takeProfit ?? protection.takeProfit },
    stopPrice: protection.stop,
    stop: { status: 'NONE' },
    stopFailures: 0,
    exitFailures: 0,
    failedExit: null,
    unprotectedSince: openedAt,
    reduction: null,
  };
};

const grown = (slot: Slot, record: OrderRecord, lots: readonly Lot[], context: Context): Position => {
  const { position } = slot;
  return isHeld(position) ? { ...position, lots: [...position.lots, ...lots] } : opened(slot, record, lots, context);
};

/** Units that the venue kept of what was bought (SL-4). */
const baseFees = (symbol: string, parts: readonly PricedPart[]): Decimal =>
  sum(parts.map((part) => (part.fee !== null && isBaseFee(symbol, part) ? part.fee.amount : ZERO)));

/** An order's new fills, with the order as it was before them. */
export type Filled = Pick<Reported, 'record' | 'before' | 'parts'>;

/** Adds an entry's fills to the position, less fees taken in units; an entry counts at its first fill (SL-2, SL-4, EW-6). */
export const addFills = (slot: Slot, filled: Filled, context: Context): Slot => {
  const { record, before, parts } = filled;
  const lots = parts.filter((part) => part.counted.greaterThan(0)).map((part) => lotOf(slot.symbol, part));
  const charged = (next: Slot): Slot => withoutFees(withLate(next, parts), baseFees(slot.symbol, parts));
  if (lots.length === 0) return charged(slot);
  const attempts = attemptsOn(slot, context);
  const count = isFirstFill(slot.parts, before) ? attempts.count + 1 : attempts.count;
  const filledParts = withFilledPart(slot.parts, before, heldQuantity(lots));
  return charged({ ...slot, attempts: { ...attempts, count }, parts: filledParts, position: grown(slot, record, lots, context) });
};

/** What was paid for trades whose quantity had been counted before they were told. */
export const lateCommission = (symbol: string, parts: readonly PricedPart[]): Decimal | null =>
  addCommissions(parts.filter((part) => part.counted.isZero() && !isBaseFee(symbol, part)).map(({ commission }) => commission));

/** Puts a commission on the newest lot: a trade may be told after its quantity was counted. */
const chargeNewest = (lots: readonly Lot[], commission: Decimal | null): readonly Lot[] =>
  lots.map((lot, place) => (place === lots.length - 1 ? { ...lot, commission: addCommissions([lot.commission, commission]) } : lot));

const withLate = (slot: Slot, parts: readonly PricedPart[]): Slot => {
  const { position } = slot;
  const late = lateCommission(slot.symbol, parts);
  if (!isHeld(position) || late?.isZero() === true) return slot;
  return { ...slot, position: { ...position, lots: chargeNewest(position.lots, late) } };
};

/** Takes fees off the newest lots, and has the others pay for what that takes: what they cost stays what was spent. */
const withoutFees = (slot: Slot, fees: Decimal): Slot => {
  const { position } = slot;
  if (!isHeld(position) || fees.lessThanOrEqualTo(ZERO)) return slot;
  const lots = lessFees(position.lots, fees);
  const paid = lotsNotional(position.lots).minus(lotsNotional(lots));
  const freed = addCommissions(position.lots.slice(lots.length).map(({ commission }) => commission));
  return { ...slot, position: { ...position, lots: chargeNewest(lots, addCommissions([paid, freed])) } };
};

const lessFees = (lots: readonly Lot[], fees: Decimal): readonly Lot[] => {
  let left = fees;
  const lessened = lots.toReversed().flatMap((lot) => {
    const taken = min(lot.quantity, left);
    left = left.minus(taken);
    const rest = taken.isZero() ? lot.quantity : keepable({ ...lot, quantity: lot.quantity.minus(taken) });
    return rest.isZero() ? [] : [{ ...lot, quantity: rest }];
  });
  return lessened.toReversed();
};

/** Takes so many units out of a position, first in, first out; their commission goes with them. */
export const takeUnits = (slot: Slot, quantity: Decimal): Slot =>
  quantity.lessThanOrEqualTo(ZERO) ? slot : takeFills(slot, [unitsGone(quantity)]);

/** Units that left without a fill, as if they had been sold for nothing worth telling. */
const unitsGone = (quantity: Decimal): PricedPart => ({
  tradeId: '', price: ONE, quantity, counted: quantity, fee: null, commission: ZERO, liquidity: null, at: 0,
});

/** Takes the fills of an exit or a stop out of the position. */
export const takeFills = (slot: Slot, parts: readonly PricedPart[]): Slot => {
  const { position } = slot;
  if (!isHeld(position)) return slot;
  return { ...slot, position: { ...position, lots: takeFromLots(position, parts).left } };
};

/** Units of a position that an order could trade (EX-10); what is less than a lot is nobody's to sell. */
export const tradableQuantity = (holding: Pick<Holding, 'lots' | 'rules'>): Decimal =>
  roundDownTo(heldQuantity(holding.lots), holding.rules.market.lotSize);
