// Cash and lots of the one account of the paper venue; first in, first out.
import { type Decimal, ZERO, min, sum } from '../../domain/decimal.ts';
import type { VenueFill, VenueHolding, VenueLot } from './venue-model.ts';

/** Digits of an average price, which may not terminate; nothing is counted with it. */
const AVERAGE_DIGITS = 34;

export interface Ledger {
  /** Books one fill: cash and lots move together. */
  book(fill: VenueFill): void;
  cash(): Decimal;
  /** Units held of a symbol; negative when short. */
  quantityOf(symbol: string): Decimal;
  holdings(): readonly VenueHolding[];
}

/** Opens the account's ledger with so much cash, in quote currency. */
export function createLedger(startingCash: Decimal): Ledger {
  let cash = startingCash;
  const lots = new Map<string, readonly VenueLot[]>();
  const lotsOf = (symbol: string): readonly VenueLot[] => lots.get(symbol) ?? [];
  return {
    book: (fill) => {
      const signed = fill.side === 'buy' ? fill.quantity : fill.quantity.negated();
      const [money, units] = fill.feeIn === 'BASE' ? [ZERO, fill.fee] : [fill.fee, ZERO];
      cash = cash.minus(signed.times(fill.price)).minus(money);
      const rest = addToLots(lotsOf(fill.symbol), { ...fill, quantity: signed.minus(units) });
      if (rest.length === 0) lots.delete(fill.symbol);
      else lots.set(fill.symbol, rest);
    },
    cash: () => cash,
    quantityOf: (symbol) => sum(lotsOf(symbol).map((lot) => lot.quantity)),
    holdings: () => [...lots].map(([symbol, open]) => holding(symbol, open)),
  };
}

/** Divides money by units for people to read: 34 digits, never an operand of the ledger. */
export function averagePrice(notional: Decimal, quantity: Decimal): Decimal {
  return notional.dividedBy(quantity).toSignificantDigits(AVERAGE_DIGITS);
}

function holding(symbol: string, lots: readonly VenueLot[]): VenueHolding {
  const quantity = sum(lots.map((lot) => lot.quantity));
  const notional = sum(lots.map((lot) => lot.quantity.times(lot.price)));
  return { symbol, quantity, averagePrice: averagePrice(notional, quantity), lots };
}

function addToLots(lots: readonly VenueLot[], { tradeId, price, quantity, at }: VenueLot): readonly VenueLot[] {
  const kept: VenueLot[] = [];
  let rest = quantity;
  for (const lot of lots) {
    const closing = isOpposite(lot.quantity, rest) ? min(lot.quantity.abs(), rest.abs()) : ZERO;
    const left = towardsZero(lot.quantity, closing);
    rest = towardsZero(rest, closing);
    if (!left.isZero()) kept.push({ ...lot, quantity: left });
  }
  return rest.isZero() ? kept : [...kept, { tradeId, price, quantity: rest, at }];
}

function isOpposite(a: Decimal, b: Decimal): boolean {
  return !a.isZero() && !b.isZero() && a.isNegative() !== b.isNegative();
}

function towardsZero(value: Decimal, by: Decimal): Decimal {
  return value.isNegative() ? value.plus(by) : value.minus(by);
}
