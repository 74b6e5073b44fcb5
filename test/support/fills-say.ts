// What fills say, beside what round trips and open lots say of the same account (EX-6): in money and in units.
import { ZERO, sum, toPlain } from '../../shared/domain/decimal.ts';
import type { Decimal } from '../../shared/domain/decimal.ts';
import type { Fill } from '../../shared/domain/decision.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import type { Lot, Slot } from '../../shared/domain/slot.ts';
import type { TripRecord } from '../../shared/domain/trip.ts';
import { resultOf } from '../../shared/domain/trip.ts';
import { baseOf } from '../../shared/domain/commission.ts';

export interface Books {
  readonly fills: readonly Fill[];
  readonly trips: readonly TripRecord[];
  readonly slots: readonly Slot[];
}

const known = (value: Decimal | null): Decimal => {
  if (value === null) throw new Error('a commission is not known');
  return value;
};

const signed = ({ side, counted }: Fill): Decimal => (side === 'buy' ? counted : counted.negated());
const isTakenOut = (fill: Fill): boolean => fill.fee !== null && fill.fee.asset === baseOf(fill.ref.symbol);

/** What a lot ties up, quote currency: its cost and what was paid for it; of a short its proceeds less that. */
const tied = (lot: Lot, isLong: boolean): Decimal => {
  const notional = lot.price.times(lot.quantity);
  return (isLong ? notional : notional.negated()).plus(known(lot.commission));
};

/** Cash that the fills moved; a fee taken out of what was bought moved none. */
export const cashOf = ({ fills }: Books): Decimal =>
  sum(fills.map((fill) => signed(fill).times(fill.price).negated().minus(isTakenOut(fill) ? ZERO : known(fill.commission))));

/** The same cash as round trips and lots tell it; `isLong` is of the positions whose lots left without a fill. */
export const explainedCash = ({ trips, slots }: Books, isLong: (record: TripRecord) => boolean): Decimal => {
  const won = sum(trips.flatMap((record) => record.trips.map((trip) => known(resultOf(trip).net))));
  const late = sum(trips.map((record) => known(record.late)));
  const lost = sum(trips.flatMap((record) => record.lost.map((lot) => tied(lot, isLong(record)))));
  const open = sum(slots.flatMap(({ position }) => (isHeld(position) ? position.lots.map((lot) => tied(lot, position.side === 'buy')) : [])));
  return won.minus(late).minus(lost).minus(open);
};

/** Units bought less units sold, and less what fees took. */
export const unitsOf = ({ fills }: Books): string =>
  toPlain(sum(fills.map((fill) => signed(fill).minus(isTakenOut(fill) ? (fill.fee?.amount ?? ZERO) : ZERO))));

/** The same units as lots tell it, those that left without a fill among them. */
export const explainedUnits = ({ trips, slots }: Books, isLong: (record: TripRecord) => boolean): string => {
  const of = (lots: readonly Lot[], long: boolean): Decimal => sum(lots.map(({ quantity }) => (long ? quantity : quantity.negated())));
  const lost = sum(trips.map((record) => of(record.lost, isLong(record))));
  return toPlain(lost.plus(sum(slots.map(({ position }) => (isHeld(position) ? of(position.lots, position.side === 'buy') : ZERO)))));
};
