// What closes the lots of a position: fills, first in, first out, by the pairing of round-trips.ts (EX-6).
import { storable } from './commission.ts';
import { Decimal, MONEY_PLACES, ZERO } from './decimal.ts';
import type { PricedPart } from './order-progress.ts';
import type { Direction, OpenLot, PricedFill, RoundTrip } from './round-trips.ts';
import { pairFill } from './round-trips.ts';
import type { Holding, Lot } from './slot.ts';
import type { Trip } from './trip.ts';

/** What fills make of lots. */
export interface Taken {
  readonly left: readonly Lot[];
  readonly trips: readonly Trip[];
  readonly lost: readonly Lot[];
  readonly unpaired: Decimal;
}

const UNKNOWN = new Decimal(Number.NaN);
const ONE = new Decimal(1);

const known = (commission: Decimal): Decimal | null => (commission.isNaN() ? null : storable(commission));

const openLotOf = ({ commission, ...lot }: Lot, direction: Direction): OpenLot => ({
  ...lot, direction, commission: commission ?? UNKNOWN, liquidity: null, policy: '',
});

const lotOf = ({ tradeId, price, quantity, commission, at }: OpenLot): Lot => ({ tradeId, price, quantity, commission: known(commission), at });

const fillOf = (part: PricedPart, direction: Direction): PricedFill => ({
  tradeId: part.tradeId,
  side: direction === 'long' ? 'sell' : 'buy',
  quantity: part.counted,
  price: part.price,
  at: part.at,
  fee: { asset: '', amount: part.commission ?? UNKNOWN, rateToQuote: ONE },
  liquidity: null,
  policy: '',
});

const tripOf = ({ entryTradeId, exitTradeId, direction, quantity, entryPrice, exitPrice, commission, openedAt, closedAt }: RoundTrip): Trip => ({
  entryTradeId, exitTradeId, direction, quantity, entryPrice, exitPrice, commission: known(commission), openedAt, closedAt,
});

/** A fee or a sale may have more places than the ledger can keep beside the lot's price: less is held then, never more. */
export const keepable = (lot: Lot): Decimal =>
  lot.quantity.toDecimalPlaces(Math.max(0, MONEY_PLACES - lot.price.decimalPlaces()), Decimal.ROUND_DOWN);

/** The lot in parts: what the ledger can keep of it, with its commission, and what it cannot. */
const cut = (lot: Lot): Pick<Taken, 'left' | 'lost'> => {
  const quantity = keepable(lot);
  if (quantity.equals(lot.quantity)) return { left: [lot], lost: [] };
  if (quantity.isZero()) return { left: [], lost: [lot] };
  return { left: [{ ...lot, quantity }], lost: [{ ...lot, quantity: lot.quantity.minus(quantity), commission: ZERO }] };
};

/** Takes fills off lots, first in, first out (EX-6): one round trip for each pair, commissions shared by quantity. */
export const takeFromLots = ({ side, lots }: Pick<Holding, 'side' | 'lots'>, parts: readonly PricedPart[]): Taken => {
  const direction: Direction = side === 'buy' ? 'long' : 'short';
  const trips: Trip[] = [];
  let open: readonly OpenLot[] = lots.map((lot) => openLotOf(lot, direction));
  for (const part of parts.filter(({ counted }) => counted.greaterThan(0))) {
    const paired = pairFill(open, fillOf(part, direction), MONEY_PLACES);
    open = paired.openLots;
    trips.push(...paired.roundTrips.map(tripOf));
  }
  const kept = open.filter((lot) => lot.direction === direction);
  const unpaired = open.filter((lot) => lot.direction !== direction).reduce((total, lot) => total.plus(lot.quantity), ZERO);
  return { ...withoutCrumbs(kept.map(lotOf), lots), trips, unpaired };
};

/** Only the oldest lot left can be a part of what it was. */
const withoutCrumbs = (left: readonly Lot[], before: readonly Lot[]): Pick<Taken, 'left' | 'lost'> => {
  const [first, ...others] = left;
  const whole = before[before.length - left.length];
  if (first === undefined || whole === undefined || first.quantity.equals(whole.quantity)) return { left, lost: [] };
  const { left: kept, lost } = cut(first);
  return { left: [...kept, ...others], lost };
};
