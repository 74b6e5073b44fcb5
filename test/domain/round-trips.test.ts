import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Decimal, ZERO, sum } from '../../shared/domain/decimal.ts';
import { type PricedFill, pairFill, pairFills, totalsOf } from '../../shared/domain/round-trips.ts';
import type { Side } from '../../shared/domain/side.ts';
import { decimal } from '../shared/domain/book.ts';
import { deepFreeze } from '../support/deep-freeze.ts';

const NOON = Date.UTC(2025, 5, 11, 12);
let trades = 0;
const fill = (side: Side, quantity: string, price: string, changes: Partial<PricedFill> = {}): PricedFill => ({
  tradeId: `t${(trades += 1)}`,
  side,
  quantity: decimal(quantity),
  price: decimal(price),
  at: NOON,
  fee: null,
  liquidity: null,
  policy: 'limit',
  ...changes,
});
const fee = (amount: string, asset = 'USD', rate = '1') => ({ fee: { amount: decimal(amount), asset, rateToQuote: decimal(rate) } });
const money = (values: Iterable<Decimal>): string[] => [...values].map((value) => value.toFixed());

describe('EX-6 round trips', () => {
  it('pair first in, first out, in parts', () => {
    const { roundTrips, openLots } = pairFills([fill('buy', '2', '100'), fill('buy', '2', '101'), fill('sell', '3', '103')]);
    expect(roundTrips.map((trip) => [trip.direction, trip.quantity.toFixed(), trip.entryPrice.toFixed(), trip.gross.toFixed()])).toEqual([
      ['long', '2', '100', '6'],
      ['long', '1', '101', '2'],
    ]);
    expect(openLots).toMatchObject([{ direction: 'long', quantity: decimal('1'), price: decimal('101') }]);
  });

  it('turn a position over with one fill, and a short gains as the price falls', () => {
    const { roundTrips, openLots } = pairFills([fill('sell', '1', '100'), fill('buy', '4', '95')]);
    expect(roundTrips).toMatchObject([{ direction: 'short', gross: decimal('5') }]);
    expect(openLots).toMatchObject([{ direction: 'long', quantity: decimal('3') }]);
  });

  it('share commissions by quantity, in quote currency, rebates negative', () => {
    const { roundTrips, openLots } = pairFills([fill('buy', '4', '100', fee('0.4')), fill('sell', '1', '110', fee('-0.001', 'BNB', '600'))]);
    expect(roundTrips.map((trip) => money([trip.commission, trip.net, trip.pnlBps]))).toEqual([['-0.5', '10.5', '1050']]);
    expect(money(openLots.map((lot) => lot.commission))).toEqual(['0.3']);
  });

  it('lose nothing of a commission that does not divide: the last part takes what is left', () => {
    const { roundTrips, openLots } = pairFills([fill('buy', '3', '100', fee('0.1')), ...['1', '1', '1'].map((quantity) => fill('sell', quantity, '100'))]);
    const shares = roundTrips.map((trip) => trip.commission);
    expect(money(shares)).toEqual([`0.0${'3'.repeat(39)}`, `0.0${'3'.repeat(38)}4`, `0.0${'3'.repeat(39)}`]);
    expect([sum(shares).toFixed(), openLots]).toEqual(['0.1', []]);
  });

  it('count a trade once, whoever tells it again', () => {
    const [bought, sold] = [fill('buy', '1', '100'), fill('sell', '1', '105')];
    expect(pairFills([bought, bought, sold, sold, bought])).toEqual(pairFills([bought, sold]));
  });

  it('keep the hold time in whole seconds, the entry’s policy, and who was maker and who taker', () => {
    const entry = fill('buy', '1', '100', { policy: 'grid', liquidity: 'maker' });
    const { roundTrips } = pairFills([entry, fill('sell', '1', '101', { at: NOON + 61_999, policy: 'stop', liquidity: 'taker' })]);
    expect(roundTrips).toMatchObject([{ holdSeconds: 61, openedAt: NOON, closedAt: NOON + 61_999, policy: 'grid', entryLiquidity: 'maker', exitLiquidity: 'taker' }]);
  });

  it('round PnL to nine places, halves away from zero, and nothing else', () => {
    const trip = (entry: string, exit: string) => pairFills([fill('buy', '1', entry), fill('sell', '1', exit)]).roundTrips.map((one) => money([one.gross, one.pnlBps]));
    expect(trip('103', '104')).toEqual([['1', '97.087378641']]);
    expect(trip('8', '8.000000000000400000000000000000001')).toEqual([['0.000000000000400000000000000000001', '0.000000001']]);
    expect(trip('8', '7.9999999999996')).toEqual([['-0.0000000000004', '-0.000000001']]);
  });

  it('refuse a fill of nothing or for nothing', () => {
    expect(() => pairFill([], fill('buy', '0', '1'))).toThrow('quantity');
    expect(() => pairFill([], fill('buy', '-1', '1'))).toThrow('quantity');
    expect(() => pairFill([], fill('buy', '1', '0'))).toThrow('price');
  });
});

describe('EX-6 round trips, whatever is filled', () => {
  const anyFill = fc
    .record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      units: fc.integer({ min: 1, max: 7 }),
      cents: fc.integer({ min: 1, max: 20_000 }),
      feeUnits: fc.integer({ min: -999, max: 999 }),
      asset: fc.constantFrom(['USD', '1'] as const, ['BTC', '64000.01'] as const, ['BNB', '599.99'] as const),
    })
    .map(({ side, units, cents, feeUnits, asset }) => fill(side, String(units), `${cents}e-2`, fee(`${feeUnits}e-4`, ...asset)));
  const manyFills = fc.array(anyFill, { maxLength: 40 });
  const signed = ({ side, quantity }: PricedFill): Decimal => (side === 'buy' ? quantity : quantity.negated());

  it('conserve quantity and money to the last digit', () => {
    fc.assert(
      fc.property(manyFills, (fills) => {
        const { roundTrips, openLots } = pairFills(deepFreeze(fills));
        const totals = totalsOf(roundTrips);
        const open = openLots.map((lot) => (lot.direction === 'long' ? lot.quantity : lot.quantity.negated()));
        expect(sum(open).equals(sum(fills.map(signed)))).toBe(true);
        const cash = sum(fills.map((one) => signed(one).times(one.price).negated()));
        const tied = sum(openLots.map((lot, index) => lot.price.times(open[index] ?? ZERO)));
        expect(totals.gross.minus(tied).equals(cash)).toBe(true);
        const paid = sum(fills.map((one) => one.fee?.amount.times(one.fee.rateToQuote) ?? ZERO));
        expect(totals.commission.plus(sum(openLots.map((lot) => lot.commission))).equals(paid)).toBe(true);
        expect(totals.net.equals(totals.gross.minus(totals.commission))).toBe(true);
      }),
    );
  });

  it('agree with lots bought and sold one unit at a time', () => {
    fc.assert(
      fc.property(manyFills, (fills) => {
        const queue: { readonly side: Side; readonly price: Decimal }[] = [];
        const gains: Decimal[] = [];
        for (const { side, quantity, price } of fills) {
          for (let unit = 0; unit < quantity.toNumber(); unit += 1) {
            const oldest = queue[0];
            if (oldest === undefined || oldest.side === side) queue.push({ side, price });
            else {
              queue.shift();
              gains.push(side === 'sell' ? price.minus(oldest.price) : oldest.price.minus(price));
            }
          }
        }
        const { roundTrips, openLots } = pairFills(fills);
        const byUnit = roundTrips.flatMap((trip) => Array.from({ length: trip.quantity.toNumber() }, () => trip.gross.dividedBy(trip.quantity)));
        expect(money(byUnit)).toEqual(money(gains));
        const held = openLots.flatMap((lot) => Array.from({ length: lot.quantity.toNumber() }, () => lot.price));
        expect(money(held)).toEqual(money(queue.map(({ price }) => price)));
      }),
    );
  });

  it('leave lots on one side alone, none empty, and come out the same one fill at a time', () => {
    fc.assert(
      fc.property(manyFills, (fills) => {
        let lots = pairFills([]).openLots;
        const trips = fills.flatMap((one) => {
          const paired = pairFill(deepFreeze(lots), one);
          lots = paired.openLots;
          return paired.roundTrips;
        });
        expect({ openLots: lots, roundTrips: trips }).toEqual(pairFills(fills));
        expect(new Set(lots.map(({ direction }) => direction)).size).toBeLessThan(2);
        expect([...lots, ...trips].every(({ quantity }) => quantity.greaterThan(0))).toBe(true);
      }),
    );
  });
});
