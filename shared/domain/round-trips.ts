// Pairs fills of one symbol, first in, first out (EX-6): what the fills say is what round trips and open lots say.
import { type Decimal, DomainInputError, MONEY_PLACES, ZERO, min } from './decimal.ts';
import { type Millis, MILLIS_PER_SECOND } from './instant.ts';
import type { Fee } from './order-report.ts';
import type { Side } from './side.ts';

/** Whether an order waited in the book or took from it; null where the venue does not say. */
export type Liquidity = 'maker' | 'taker' | null;

/** A fee and the price of its asset in the quote currency at the time, NaN where nobody knows it; a rebate is negative. */
export interface PricedFee extends Fee {
  readonly rateToQuote: Decimal;
}

/** One counted fill; `policy` names what had the order placed. */
export interface PricedFill {
  readonly tradeId: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly at: Millis;
  readonly fee: PricedFee | null;
  readonly liquidity: Liquidity;
  readonly policy: string;
}

/** Which way a position is open. */
export type Direction = 'long' | 'short';

/** What is still open of a fill, with its part of the commission in quote currency. */
export interface OpenLot {
  readonly tradeId: string;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly commission: Decimal;
  readonly at: Millis;
  readonly liquidity: Liquidity;
  readonly policy: string;
}

/** A part of a lot and the part of a fill that closed it; money in quote currency, `policy` the entry's. */
export interface RoundTrip {
  readonly entryTradeId: string;
  readonly exitTradeId: string;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly exitPrice: Decimal;
  readonly gross: Decimal;
  readonly commission: Decimal;
  readonly net: Decimal;
  readonly pnlBps: Decimal;
  readonly openedAt: Millis;
  readonly closedAt: Millis;
  readonly holdSeconds: number;
  readonly entryLiquidity: Liquidity;
  readonly exitLiquidity: Liquidity;
  readonly policy: string;
}

/** Lots oldest first, and the round trips that one or more fills closed, in the order of closing. */
export interface Paired {
  readonly openLots: readonly OpenLot[];
  readonly roundTrips: readonly RoundTrip[];
}

/** What round trips come to together, in quote currency. */
export interface RoundTripTotals {
  readonly gross: Decimal;
  readonly commission: Decimal;
  readonly net: Decimal;
}

const BPS = 10_000;
const PNL_PLACES = 9;
/** An amount and a rate of the ledger make a commission of so many places; a share that does not end is cut there. */
const COMMISSION_PLACES = 2 * MONEY_PLACES;

/** Shares a commission by quantity (EX-6), cut to so many places; what is left of it belongs to the last part. */
export const shareOf = (commission: Decimal, part: Decimal, whole: Decimal, places: number): Decimal =>
  commission.times(part).dividedBy(whole).toDecimalPlaces(places);

/**
 * Adds one fill to the lots of its symbol (EX-6): it closes the oldest of the other side, in parts, and what is left
 * of it opens a lot. Commissions go with the quantity, in shares of so many places, and the last part takes what is left
 * of one. Throws DomainInputError for a quantity or price not above 0.
 */
export function pairFill(openLots: readonly OpenLot[], fill: PricedFill, places = COMMISSION_PLACES): Paired {
  const lots = [...openLots];
  const roundTrips: RoundTrip[] = [];
  let left: OpenLot | null = lotOf(fill);
  while (left !== null) {
    const lot = lots[0];
    if (lot === undefined || lot.direction === left.direction) return { openLots: [...lots, left], roundTrips };
    const quantity = min(lot.quantity, left.quantity);
    const entry = split(lot, quantity, places);
    const exit: Split = split(left, quantity, places);
    roundTrips.push(close(entry.part, exit.part));
    lots.splice(0, 1, ...(entry.rest === null ? [] : [entry.rest]));
    left = exit.rest;
  }
  return { openLots: lots, roundTrips };
}

/** Pairs fills in the order given (EX-6), each trade id once. Throws DomainInputError for a quantity or price not above 0. */
export function pairFills(fills: Iterable<PricedFill>): Paired {
  const known = new Set<string>();
  const roundTrips: RoundTrip[] = [];
  let openLots: readonly OpenLot[] = [];
  for (const fill of fills) {
    if (known.has(fill.tradeId)) continue;
    known.add(fill.tradeId);
    const paired = pairFill(openLots, fill);
    openLots = paired.openLots;
    roundTrips.push(...paired.roundTrips);
  }
  return { openLots, roundTrips };
}

/** Adds up round trips (EX-6). */
export function totalsOf(roundTrips: Iterable<RoundTripTotals>): RoundTripTotals {
  let totals: RoundTripTotals = { gross: ZERO, commission: ZERO, net: ZERO };
  for (const { gross, commission, net } of roundTrips) {
    totals = { gross: totals.gross.plus(gross), commission: totals.commission.plus(commission), net: totals.net.plus(net) };
  }
  return totals;
}

function lotOf({ tradeId, side, quantity, price, at, fee, liquidity, policy }: PricedFill): OpenLot {
  if (!quantity.greaterThan(0)) throw new DomainInputError('quantity', 'a quantity above 0', quantity.toFixed());
  if (!price.greaterThan(0)) throw new DomainInputError('price', 'a price above 0', price.toFixed());
  const commission = fee === null ? ZERO : fee.amount.times(fee.rateToQuote);
  return { tradeId, direction: side === 'buy' ? 'long' : 'short', quantity, price, commission, at, liquidity, policy };
}

interface Split {
  readonly part: OpenLot;
  readonly rest: OpenLot | null;
}

function split(lot: OpenLot, quantity: Decimal, places: number): Split {
  if (quantity.equals(lot.quantity)) return { part: lot, rest: null };
  const commission = shareOf(lot.commission, quantity, lot.quantity, places);
  return {
    part: { ...lot, quantity, commission },
    rest: { ...lot, quantity: lot.quantity.minus(quantity), commission: lot.commission.minus(commission) },
  };
}

function close(entry: OpenLot, exit: OpenLot): RoundTrip {
  const { direction, quantity, policy } = entry;
  const gain = direction === 'long' ? exit.price.minus(entry.price) : entry.price.minus(exit.price);
  const gross = gain.times(quantity);
  const commission = entry.commission.plus(exit.commission);
  const net = gross.minus(commission);
  return {
    entryTradeId: entry.tradeId,
    exitTradeId: exit.tradeId,
    direction,
    quantity,
    entryPrice: entry.price,
    exitPrice: exit.price,
    gross,
    commission,
    net,
    pnlBps: net.times(BPS).dividedBy(entry.price.times(quantity)).toDecimalPlaces(PNL_PLACES),
    openedAt: entry.at,
    closedAt: exit.at,
    holdSeconds: Math.trunc((exit.at - entry.at) / MILLIS_PER_SECOND),
    entryLiquidity: entry.liquidity,
    exitLiquidity: exit.liquidity,
    policy,
  };
}
