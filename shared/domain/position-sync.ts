import { Decimal, ZERO } from './decimal.ts';
import { compareText } from './text-order.ts';

/** What is held of a symbol, in units, negative when short. */
export interface HeldPosition {
  readonly symbol: string;
  readonly quantity: Decimal;
}

/** A symbol on which we and the venue do not agree; `difference` is the venue's quantity minus ours, in units of the base. */
export interface PositionDifference {
  readonly symbol: string;
  readonly local: Decimal;
  readonly exchange: Decimal;
  readonly difference: Decimal;
  readonly reconcile: boolean;
  readonly alert: boolean;
}

/** What a comparison found; `known` is false where the venue could not be read, which says nothing of any position (SL-11). */
export interface PositionComparison {
  readonly known: boolean;
  readonly differences: readonly PositionDifference[];
}

/** What is compared; `exchange` is null when the answer failed or was malformed, `lots` holds the lot by symbol. */
export interface PositionSides {
  readonly local: readonly HeldPosition[];
  readonly exchange: readonly HeldPosition[] | null;
  readonly lots: ReadonlyMap<string, Decimal>;
}

const ONE_UNIT = new Decimal(1);

/**
 * Compares positions in both directions (EX-7): a symbol missing on one side counts as 0 there. Up to one lot is
 * ignored, more is to be reconciled, more than one unit of the base alerts; a symbol without a known lot has none to spare.
 */
export function comparePositions({ local, exchange, lots }: PositionSides): PositionComparison {
  if (exchange === null) return { known: false, differences: [] };
  const ours = bySymbol(local);
  const theirs = bySymbol(exchange);
  const symbols = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted(compareText);
  const differences = symbols
    .map((symbol) => difference(symbol, ours.get(symbol) ?? ZERO, theirs.get(symbol) ?? ZERO, lots.get(symbol) ?? ZERO))
    .filter((found) => !found.difference.isZero());
  return { known: true, differences };
}

function difference(symbol: string, local: Decimal, exchange: Decimal, lot: Decimal): PositionDifference {
  const gap = exchange.minus(local);
  const size = gap.abs();
  return { symbol, local, exchange, difference: gap, reconcile: size.greaterThan(lot), alert: isAlarming(gap) };
}

/** Tells whether a difference, in units of the base, is for a person to know of (EX-7). */
export function isAlarming(difference: Decimal): boolean {
  return difference.abs().greaterThan(ONE_UNIT);
}

function bySymbol(positions: readonly HeldPosition[]): ReadonlyMap<string, Decimal> {
  const totals = new Map<string, Decimal>();
  // One symbol may be held by several slots; a venue knows it once.
  for (const { symbol, quantity } of positions) totals.set(symbol, (totals.get(symbol) ?? ZERO).plus(quantity));
  return totals;
}
