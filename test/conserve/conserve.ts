// Counts what fills say in whole units, without the domain's decimals, and compares it with what round trips and open
// lots say. Only running sums and the open lots are kept, however many fills there are.
import type { Decimal } from '../../shared/domain/decimal.ts';
import { type OpenLot, type Paired, type PricedFill, type RoundTrip, pairFill } from '../../shared/domain/round-trips.ts';
import { PLACES, type UnitFill, pricedFill } from './random-fills.ts';

/** What was seen on the way. */
export interface Conserved {
  readonly fills: number;
  readonly partials: number;
  readonly flips: number;
  readonly rebates: number;
  readonly feesByAsset: Readonly<Record<string, number>>;
  readonly roundTrips: number;
  readonly openLots: number;
  readonly mostLots: number;
  readonly checks: number;
  /** Each difference in words; the run stops at the first fill that shows one. */
  readonly differences: readonly string[];
}

/** One symbol's sums, every one in units of 1e-40 of the quote currency or of the base. */
interface Sums {
  lots: readonly OpenLot[];
  bought: bigint;
  sold: bigint;
  cash: bigint;
  fees: bigint;
  matched: bigint;
  gross: bigint;
  commission: bigint;
  net: bigint;
}

type Pair = (lots: readonly OpenLot[], fill: PricedFill) => Paired;

const UNIT_PLACES = 40;
const CHECK_EVERY = 1000;
const QUANTITY_SCALE = 10n ** BigInt(UNIT_PLACES - PLACES);
const MONEY_SCALE = 10n ** BigInt(UNIT_PLACES - 2 * PLACES);

/** Pairs so many fills and checks the sums of their symbol every thousand fills, and of all at the end. */
export function conserve(fills: Iterator<UnitFill>, count: number, pair: Pair = pairFill): Conserved {
  const books = new Map<string, Sums>();
  const seen = { fills: 0, partials: 0, flips: 0, rebates: 0, roundTrips: 0, mostLots: 0, checks: 0 };
  const feesByAsset: Record<string, number> = {};
  const differences: string[] = [];
  for (let number = 1; number <= count && differences.length === 0; number += 1) {
    const next = fills.next();
    if (next.done === true) break;
    const fill = next.value;
    const sums = books.get(fill.symbol) ?? emptySums();
    books.set(fill.symbol, sums);
    const before = sums.lots[0]?.direction;
    const trips = add(sums, fill, number, pair);
    seen.fills += 1;
    seen.partials += fill.partial ? 1 : 0;
    seen.flips += before !== undefined && sums.lots[0] !== undefined && sums.lots[0].direction !== before ? 1 : 0;
    seen.rebates += fill.feeAmount < 0n ? 1 : 0;
    seen.roundTrips += trips;
    seen.mostLots = Math.max(seen.mostLots, sums.lots.length);
    feesByAsset[fill.feeAsset] = (feesByAsset[fill.feeAsset] ?? 0) + 1;
    if (number % CHECK_EVERY !== 0) continue;
    seen.checks += 1;
    differences.push(...differencesOf(sums).map((what) => `${fill.symbol} after fill ${number}: ${what}`));
  }
  if (differences.length === 0) {
    for (const [symbol, sums] of books) differences.push(...differencesOf(sums).map((what) => `${symbol} at the end: ${what}`));
  }
  const openLots = [...books.values()].reduce((total, { lots }) => total + lots.length, 0);
  return { ...seen, feesByAsset, openLots, differences };
}

function add(sums: Sums, fill: UnitFill, number: number, pair: Pair): number {
  const { openLots, roundTrips } = pair(sums.lots, pricedFill(fill, number));
  const notional = fill.price * fill.quantity * MONEY_SCALE;
  sums.lots = openLots;
  if (fill.side === 'buy') sums.bought += fill.quantity * QUANTITY_SCALE;
  else sums.sold += fill.quantity * QUANTITY_SCALE;
  sums.cash += fill.side === 'buy' ? -notional : notional;
  sums.fees += fill.feeAmount * fill.feeRate * MONEY_SCALE;
  for (const trip of roundTrips) addTrip(sums, trip);
  return roundTrips.length;
}

function addTrip(sums: Sums, trip: RoundTrip): void {
  sums.matched += unitsOf(trip.quantity);
  sums.gross += unitsOf(trip.gross);
  sums.commission += unitsOf(trip.commission);
  sums.net += unitsOf(trip.net);
}

function differencesOf(sums: Sums): string[] {
  let [open, cost, commission] = [0n, 0n, 0n];
  for (const lot of sums.lots) {
    const sign = lot.direction === 'long' ? 1n : -1n;
    open += sign * unitsOf(lot.quantity);
    cost += sign * unitsOf(lot.quantity.times(lot.price));
    commission += unitsOf(lot.commission);
  }
  const held = open < 0n ? -open : open;
  const mixed = sums.lots.some((lot) => lot.direction !== sums.lots[0]?.direction || !lot.quantity.greaterThan(0));
  return [
    ...difference('position', sums.bought - sums.sold, open),
    ...difference('quantity', sums.bought + sums.sold, 2n * sums.matched + held),
    ...difference('money before commission', sums.cash, sums.gross - cost),
    ...difference('commission', sums.fees, sums.commission + commission),
    ...difference('net', sums.gross - sums.commission, sums.net),
    ...(mixed ? ['open lots on both sides, or an empty one'] : []),
  ];
}

function difference(what: string, told: bigint, found: bigint): string[] {
  return told === found ? [] : [`${what}: the fills say ${told}e-${UNIT_PLACES}, round trips and open lots ${found}e-${UNIT_PLACES}`];
}

function emptySums(): Sums {
  return { lots: [], bought: 0n, sold: 0n, cash: 0n, fees: 0n, matched: 0n, gross: 0n, commission: 0n, net: 0n };
}

/** Counts the units of 1e-40 of a decimal; one that is finer has lost its last digit somewhere, and is thrown. */
function unitsOf(value: Decimal): bigint {
  if (value.decimalPlaces() > UNIT_PLACES) throw new RangeError(`finer than 1e-${UNIT_PLACES}: ${value.toFixed()}`);
  return BigInt(value.toFixed(UNIT_PLACES).replace('.', ''));
}
