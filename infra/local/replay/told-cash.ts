// What the stored fills say, and what the stored round trips and the open lots say of the same money and units (EX-6).
import { ZERO, sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { baseOf } from '../../../shared/domain/commission.ts';
import type { Fill } from '../../../shared/domain/decision.ts';
import { isHeld } from '../../../shared/domain/position-moves.ts';
import type { Side } from '../../../shared/domain/side.ts';
import type { Lot, Slot } from '../../../shared/domain/slot.ts';
import type { TripRecord } from '../../../shared/domain/trip.ts';
import { resultOf } from '../../../shared/domain/trip.ts';
import type { CheckResult } from '../report/facts.ts';

/** What the table says of money. */
export interface Books {
  readonly fills: readonly Pick<Fill, 'ref' | 'side' | 'counted' | 'price' | 'fee' | 'commission'>[];
  readonly trips: readonly TripRecord[];
  readonly slots: readonly Slot[];
}

type BookedFill = Books['fills'][number];

const signed = ({ side, counted }: BookedFill): Decimal => (side === 'buy' ? counted : counted.negated());
const isTakenOut = ({ ref, fee }: BookedFill): boolean => fee !== null && fee.asset === baseOf(ref.symbol);

/** Cash that the fills moved, quote currency; a fee taken out of what was bought moved none. A commission not known counts as none. */
export const cashTold = ({ fills }: Books): Decimal =>
  sum(fills.map((fill) => signed(fill).times(fill.price).negated().minus(isTakenOut(fill) ? ZERO : (fill.commission ?? ZERO))));

/** What lots tie up: what was paid for them; of a short less what they brought. */
const tiedUp = (lots: readonly Lot[], side: Side): Decimal =>
  sum(lots.map((lot) => (side === 'buy' ? lot.price.times(lot.quantity) : lot.price.times(lot.quantity).negated()).plus(lot.commission ?? ZERO)));

const tripCash = ({ side, trips, late, lost }: TripRecord): Decimal =>
  sum(trips.map((trip) => resultOf(trip).gross.minus(trip.commission ?? ZERO))).minus(late ?? ZERO).minus(tiedUp(lost, side));

/** The same cash as round trips and open lots tell it. */
export const cashExplained = ({ trips, slots }: Books): Decimal => {
  const open = slots.map(({ position }) => (isHeld(position) ? tiedUp(position.lots, position.side) : ZERO));
  return sum(trips.map(tripCash)).minus(sum(open));
};

/** Units bought less units sold, and less what fees took out. */
export const unitsTold = ({ fills }: Books): Decimal =>
  sum(fills.map((fill) => signed(fill).minus(isTakenOut(fill) ? (fill.fee?.amount ?? ZERO) : ZERO)));

const unitsIn = (lots: readonly Lot[], side: Side): Decimal => {
  const held = sum(lots.map(({ quantity }) => quantity));
  return side === 'buy' ? held : held.negated();
};

/** The same units as lots tell it, those that left without a fill among them. */
export const unitsExplained = ({ trips, slots }: Books): Decimal => {
  const open = slots.map(({ position }) => (isHeld(position) ? unitsIn(position.lots, position.side) : ZERO));
  return sum(trips.map(({ lost, side }) => unitsIn(lost, side))).plus(sum(open));
};

const apart = (what: string, told: Decimal, explained: Decimal): readonly string[] =>
  told.equals(explained) ? [] : [`${what}: the fills say ${toPlain(told)}, round trips and open lots ${toPlain(explained)}`];

/** Tells whether what the fills say is what the round trips and the open lots say, to the last digit (EX-6). */
export const toldCheck = (books: Books): CheckResult => ({
  name: 'what the fills say is what round trips and open lots say',
  looked: `${books.fills.length} fills, ${sum(books.trips.map(({ trips }) => ZERO.plus(trips.length))).toFixed()} round trips`,
  differences: [
    ...apart('money', cashTold(books), cashExplained(books)),
    ...apart('units', unitsTold(books), unitsExplained(books)),
  ],
});
