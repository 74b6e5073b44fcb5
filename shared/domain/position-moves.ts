// What fills make of a position: opened at the first, grown by the next, taken off first in, first out.
import type { Context } from './context.ts';
import { Decimal, MONEY_PLACES, ZERO, roundDownTo, sum } from './decimal.ts';
import type { OrderRecord } from './decision.ts';
import { settingsWith } from './market-time.ts';
import type { FillPart } from './order-progress.ts';
import type { Reported } from './reported.ts';
import { heldQuantity } from './room.ts';
import type { Holding, Lot, Position, Slot } from './slot.ts';
import { attemptsOn } from './slot-moves.ts';
import { protectionAt } from './stop-price.ts';
import type { ExitRules, Side } from './watch.ts';

/** A position of ours, in whatever state. */
export type Held = Extract<Position, Holding>;

/** Tells whether a slot holds a position of ours. */
export const isHeld = (position: Position): position is Held => position.status !== 'FLAT' && position.status !== 'FOREIGN';

const lotOf = (part: FillPart): Lot => ({ tradeId: part.tradeId, price: part.price, quantity: part.counted, at: part.at });

/** When a position began: at its first fill, told however late, within what we know of its order and our clock. */
const filledAt = (record: OrderRecord, lots: readonly Lot[], context: Context): number => {
  const told = Math.min(context.now, ...lots.map((lot) => lot.at));
  return Math.max(told, Math.min(record.order.createdAt, context.now));
};

// A plan may have been replaced since by one for the other side, whose exits are not this position's.
const rulesOf = ({ watch }: Slot, { order, rules }: OrderRecord): ExitRules =>
  watch === null || watch.side !== order.side ? rules : { ...watch.exit, stop: rules.stop };

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
  const rules = rulesOf(slot, record);
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
  };
};

const grown = (slot: Slot, record: OrderRecord, lots: readonly Lot[], context: Context): Position => {
  const { position } = slot;
  return isHeld(position) ? { ...position, lots: [...position.lots, ...lots] } : opened(slot, record, lots, context);
};

/** Base asset of a pair; a stock has none that a fee could be taken in. */
const baseOf = (symbol: string): string | null => (symbol.includes('/') ? (symbol.split('/')[0] ?? null) : null);

/** Units that the venue kept of what was bought (SL-4). */
const baseFees = (symbol: string, parts: readonly FillPart[]): Decimal =>
  sum(parts.map(({ fee }) => (fee !== null && fee.asset === baseOf(symbol) ? fee.amount : ZERO)));

/** An order's new fills, with the order as it was before them. */
export type Filled = Pick<Reported, 'record' | 'before' | 'parts'>;

/** Adds an entry's fills to the position, less fees taken in units; an entry counts at its first fill (SL-2, SL-4, EW-6). */
export const addFills = (slot: Slot, filled: Filled, context: Context): Slot => {
  const { record, before, parts } = filled;
  const lots = parts.filter((part) => part.counted.greaterThan(0)).map(lotOf);
  const fees = baseFees(slot.symbol, parts);
  if (lots.length === 0) return fees.isZero() ? slot : withoutFees(slot, fees);
  const attempts = attemptsOn(slot, context);
  const count = before.filledQuantity.isZero() ? attempts.count + 1 : attempts.count;
  return withoutFees({ ...slot, attempts: { ...attempts, count }, position: grown(slot, record, lots, context) }, fees);
};

/** Takes fees off the newest lots: a trade may be told after its quantity was counted. */
const withoutFees = (slot: Slot, fees: Decimal): Slot => {
  const { position } = slot;
  if (!isHeld(position) || fees.lessThanOrEqualTo(ZERO)) return slot;
  return { ...slot, position: { ...position, lots: takeFromLots(position.lots.toReversed(), fees).toReversed() } };
};

/** A fee or a sale may have more places than the ledger can keep beside the lot's price: less is held then, never more. */
const restOf = (lot: Lot, taken: Decimal): Decimal =>
  lot.quantity.minus(taken).toDecimalPlaces(Math.max(0, MONEY_PLACES - lot.price.decimalPlaces()), Decimal.ROUND_DOWN);

const takeFromLots = (lots: readonly Lot[], quantity: Decimal): readonly Lot[] => {
  let left = quantity;
  return lots.flatMap((lot) => {
    const taken = lot.quantity.lessThan(left) ? lot.quantity : left;
    left = left.minus(taken);
    const rest = taken.isZero() ? lot.quantity : restOf(lot, taken);
    return rest.isZero() ? [] : [{ ...lot, quantity: rest }];
  });
};

/** Takes so many units out of a position, first in, first out. */
export const takeUnits = (slot: Slot, quantity: Decimal): Slot => {
  const { position } = slot;
  if (!isHeld(position) || quantity.lessThanOrEqualTo(ZERO)) return slot;
  return { ...slot, position: { ...position, lots: takeFromLots(position.lots, quantity) } };
};

/** Takes the fills of an exit or a stop out of the position. */
export const takeFills = (slot: Slot, parts: readonly FillPart[]): Slot => takeUnits(slot, sum(parts.map((part) => part.counted)));

/** Units of a position that an order could trade (EX-10); what is less than a lot is nobody's to sell. */
export const tradableQuantity = (holding: Pick<Holding, 'lots' | 'rules'>): Decimal =>
  roundDownTo(heldQuantity(holding.lots), holding.rules.market.lotSize);
