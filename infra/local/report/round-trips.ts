// Round trips and open lots of a run, by the pairing of the domain (EX-6), so that every sum is exact.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { ZERO, sum } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { PricedFill, RoundTrip as Trip } from '../../../shared/domain/round-trips.ts';
import { pairFills as pair } from '../../../shared/domain/round-trips.ts';
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
  const bySymbol = Map.groupBy([...fills].sort((a, b) => a.at - b.at), ({ symbol }) => symbol);
  const paired = [...bySymbol].map(pairOfSymbol);
  return { roundTrips: paired.flatMap(({ roundTrips }) => roundTrips), openLots: paired.flatMap(({ openLots }) => openLots) };
}

function pairOfSymbol([symbol, fills]: readonly [string, readonly FillFact[]]): Paired {
  const told = new Map(fills.map((fill) => [fill.tradeId, fill]));
  const { roundTrips, openLots } = pair(fills.map(pricedFill));
  return {
    roundTrips: roundTrips.map((trip) => lineOf(symbol, trip)),
    openLots: openLots.flatMap(({ tradeId, quantity }) => lotOf(told.get(tradeId), quantity)),
  };
}

// A report tells what prices made; what was paid for it is in the equity.
const pricedFill = ({ tradeId, side, quantity, price, at }: FillFact): PricedFill => ({ tradeId, side, quantity, price, at, fee: null, liquidity: null, policy: '' });

const lotOf = (fill: FillFact | undefined, quantity: Decimal): readonly OpenLot[] => (fill === undefined ? [] : [{ fill, quantity }]);

const lineOf = (symbol: string, { quantity, entryPrice, openedAt, exitPrice, closedAt, gross }: Trip): RoundTrip => ({
  symbol, quantity, entryPrice, entryAt: openedAt, exitPrice, exitAt: closedAt, pnl: gross,
});

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
