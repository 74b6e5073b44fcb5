// Pairs what was bought with what was sold, first in, first out, so that every sum is exact.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { ZERO, min, sum } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { FillFact } from './facts.ts';

/** One pair of lots; the PnL is in quote currency. */
export interface RoundTrip {
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly entryAt: Millis;
  readonly exitPrice: Decimal;
  readonly exitAt: Millis;
  readonly pnl: Decimal;
}

/** What of an entry's fill is still held. */
export interface OpenLot {
  readonly fill: FillFact;
  readonly quantity: Decimal;
}

export interface Paired {
  readonly roundTrips: readonly RoundTrip[];
  readonly openLots: readonly OpenLot[];
}

/** Pairs fills by symbol, oldest lot first (EX-6): a fill closes lots of the other side, and what is left of it opens one. */
export function pairFills(fills: readonly FillFact[]): Paired {
  const open = new Map<string, OpenLot[]>();
  const roundTrips: RoundTrip[] = [];
  for (const fill of [...fills].sort((a, b) => a.at - b.at)) {
    const lots = open.get(fill.symbol) ?? [];
    open.set(fill.symbol, lots);
    roundTrips.push(...pairFill(lots, fill));
  }
  return { roundTrips, openLots: [...open.values()].flat() };
}

function pairFill(lots: OpenLot[], fill: FillFact): readonly RoundTrip[] {
  const trips: RoundTrip[] = [];
  let left = fill.quantity;
  while (left.greaterThan(0)) {
    const lot = lots[0];
    if (lot === undefined || lot.fill.side === fill.side) {
      lots.push({ fill, quantity: left });
      return trips;
    }
    const quantity = min(lot.quantity, left);
    lots.shift();
    if (lot.quantity.greaterThan(quantity)) lots.unshift({ fill: lot.fill, quantity: lot.quantity.minus(quantity) });
    left = left.minus(quantity);
    trips.push(roundTrip(lot.fill, fill, quantity));
  }
  return trips;
}

function roundTrip(entry: FillFact, exit: FillFact, quantity: Decimal): RoundTrip {
  return {
    symbol: entry.symbol,
    quantity,
    entryPrice: entry.price,
    entryAt: entry.at,
    exitPrice: exit.price,
    exitAt: exit.at,
    pnl: gain(entry, exit.price, quantity),
  };
}

/** What a lot gains when it is closed at a price, quote currency; a short gains as the price falls. */
function gain(entry: FillFact, price: Decimal, quantity: Decimal): Decimal {
  const difference = entry.side === 'buy' ? price.minus(entry.price) : entry.price.minus(price);
  return difference.times(quantity);
}

/** Marks open lots to prices, quote currency; a symbol without a price counts as it was bought. */
export function markOpenLots(lots: readonly OpenLot[], prices: Readonly<Record<string, Decimal>>): Decimal {
  return sum(
    lots.map(({ fill, quantity }) => {
      const price = prices[fill.symbol];
      return price === undefined ? ZERO : gain(fill, price, quantity);
    }),
  );
}
