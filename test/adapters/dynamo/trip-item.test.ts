import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writesOf } from '../../../shared/adapters/dynamo/change-writes.ts';
import { ItemReader } from '../../../shared/adapters/dynamo/item-reader.ts';
import { tripRange, tripSortKey } from '../../../shared/adapters/dynamo/table-keys.ts';
import { readTrips, writeTrips } from '../../../shared/adapters/dynamo/trip-item.ts';
import { sizeOf } from '../../../shared/adapters/dynamo/units.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Trip, TripRecord } from '../../../shared/domain/trip.ts';
import { inItems } from '../../../shared/domain/trip.ts';

const d = (text: string): Decimal => new Decimal(text);
const AT = 1_790_000_000_000;
const MOST_BYTES = 400 * 1024;

const tripOf = (given: Partial<Trip> = {}): Trip => ({
  entryTradeId: 'T1', exitTradeId: 'T2', direction: 'long', quantity: d('0.03112841'), entryPrice: d('64250.12'), exitPrice: d('64300.5'),
  commission: d('-0.00000000000000000001'), openedAt: AT, closedAt: AT + 61_000, ...given,
});
const recordOf = (given: Partial<TripRecord> = {}): TripRecord => ({
  id: 'X3-BTCUSD-1#T2', ref: { symbol: 'BTC/USD', slot: 'main' }, side: 'buy', policy: 'TAKE_PROFIT', at: AT, trips: [tripOf()],
  late: d('0.1'), lost: [
    { tradeId: 'T8', price: d('1'), quantity: d('0.5'), commission: d('0.2'), at: AT },
    { tradeId: 'T9', price: d('1'), quantity: d('0.5'), commission: null, at: AT },
  ], unpaired: d('0'), ...given,
});
const back = (record: TripRecord): TripRecord => readTrips(new ItemReader(writeTrips(record), 'TRIP'));

describe('EX-6 round trips in the table', () => {
  it('come back as they went in, what is not known as not known', () => {
    for (const record of [recordOf(), recordOf({ late: null, side: 'sell', trips: [tripOf({ commission: null, direction: 'short' })] })]) expect(back(record)).toEqual(record);
  });

  it('keep every digit', () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 38n - 1n }).map((whole) => new Decimal(whole.toString()).dividedBy(new Decimal(10).pow(20)));
    fc.assert(
      fc.property(digits, digits, (quantity, commission) => {
        const [trip] = back(recordOf({ trips: [tripOf({ quantity, commission })] })).trips;
        expect([trip?.quantity.toFixed(), trip?.commission?.toFixed()]).toEqual([quantity.toFixed(), commission.toFixed()]);
      }),
    );
  });

  it('sort by the time of their closing, so that a period is one range', () => {
    const keys = [999, AT, AT + 1].map((at) => tripSortKey(at, 'id'));
    expect(keys.toSorted()).toEqual(keys);
    const { from, to } = tripRange(AT, AT);
    expect(keys.map((key) => key >= from && key <= to)).toEqual([false, true, false]);
  });

  it('are written once, in the commit of their fills', () => {
    const [write] = writesOf([{ kind: 'TRIP', record: recordOf() }], new Set());
    expect(write).toMatchObject({ kind: 'PUT', clauses: [{ name: 'fill once' }] });
  });

  it('stay far below what an item may weigh, however long a venue’s ids are', () => {
    const long = tripOf({ entryTradeId: 'e'.repeat(128), exitTradeId: 'x'.repeat(128), commission: d('1').dividedBy(3).toSignificantDigits(38) });
    const items = inItems(recordOf({ trips: Array.from({ length: 2_000 }, () => long) }));
    expect(items.map(({ trips }) => trips.length)).toEqual([500, 500, 500, 500]);
    for (const item of items) expect(sizeOf(writeTrips(item))).toBeLessThan(MOST_BYTES / 1.5);
  });
});
