// Seeded fills as they come from venues: orders filled in parts, positions turned over, fees in three assets, rebates.
import type { Decimal } from '../../shared/domain/decimal.ts';
import { parseDecimal } from '../../shared/domain/decimal.ts';
import type { PricedFill } from '../../shared/domain/round-trips.ts';
import type { Side } from '../../shared/domain/side.ts';
import { type Chance, chanceOf } from '../concurrency/chance.ts';

/** Every number of a fill counts units of 1e-8. */
export const PLACES = 8;

/** A fill in whole units, for a ledger that knows no decimals. */
export interface UnitFill {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly feeAsset: string;
  readonly feeAmount: bigint;
  readonly feeRate: bigint;
  /** Whether the order that this is a part of had more parts. */
  readonly partial: boolean;
}

interface Market {
  readonly base: string;
  readonly quote: string;
  readonly price: number;
  readonly lot: number;
}

const MARKETS: readonly Market[] = [
  { base: 'BTC', quote: 'USD', price: 6_400_000_000_000, lot: 1_000 },
  { base: 'ETH', quote: 'USD', price: 300_123_450_000, lot: 7 },
  { base: 'PEPE', quote: 'USD', price: 1_237, lot: 100_000_000 },
];
const THIRD = { asset: 'BNB', rate: 60_000_000_000 };
const START = Date.UTC(2025, 5, 11, 14);

/** Makes fills without end; positions swing about zero, so that lots stay few. */
export function* randomFills(seed: number): Generator<UnitFill> {
  const chance = chanceOf(seed);
  const positions = new Map<string, bigint>();
  for (;;) {
    const market = chance.pick(MARKETS);
    const symbol = `${market.base}/${market.quote}`;
    const held = positions.get(symbol) ?? 0n;
    const closing: Side = held > 0n ? 'sell' : 'buy';
    const side = chance.happens(0.55) ? closing : chance.pick<Side>(['buy', 'sell']);
    const parts = chance.happens(0.5) ? chance.whole(2, 6) : 1;
    for (let part = 0; part < parts; part += 1) {
      const quantity = BigInt(chance.whole(1, 3_000_000)) * BigInt(market.lot);
      positions.set(symbol, (positions.get(symbol) ?? 0n) + (side === 'buy' ? quantity : -quantity));
      yield { symbol, side, quantity, partial: parts > 1, ...priceAndFee(chance, market) };
    }
  }
}

/** Writes a fill of units as the domain takes it. */
export function pricedFill(fill: UnitFill, number: number): PricedFill {
  return {
    tradeId: String(number),
    side: fill.side,
    quantity: decimalOf(fill.quantity),
    price: decimalOf(fill.price),
    at: START + number * 137,
    fee: { asset: fill.feeAsset, amount: decimalOf(fill.feeAmount), rateToQuote: decimalOf(fill.feeRate) },
    liquidity: fill.feeAmount < 0n ? 'maker' : 'taker',
    policy: 'grid',
  };
}

function priceAndFee(chance: Chance, market: Market): Pick<UnitFill, 'price' | 'feeAsset' | 'feeAmount' | 'feeRate'> {
  const price = BigInt(Math.round(market.price * (0.97 + chance.fraction() * 0.06)));
  const size = BigInt(chance.whole(0, 5_000_000));
  const feeAmount = chance.happens(0.25) ? -size : size;
  const kind = chance.pick(['quote', 'base', 'third'] as const);
  if (kind === 'quote') return { price, feeAsset: market.quote, feeAmount, feeRate: 10n ** 8n };
  if (kind === 'base') return { price, feeAsset: market.base, feeAmount, feeRate: price };
  return { price, feeAsset: THIRD.asset, feeAmount, feeRate: BigInt(THIRD.rate + chance.whole(-99_999_999, 99_999_999)) };
}

function decimalOf(units: bigint): Decimal {
  return parseDecimal(`${units}e-${PLACES}`, 'units');
}
