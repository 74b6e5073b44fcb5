import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RoomInput, type RoomOrder, availableRoom, isEquityFresh, notional, remainingNotional } from '../../../shared/domain/capacity-room.ts';
import { Decimal, toPlain } from '../../../shared/domain/decimal.ts';
import { ORDER_STATUSES, isLive } from '../../../shared/domain/order-lifecycle.ts';
import { NOW, decimal } from './book.ts';

const leverage = { maxLeverage: decimal('2') };
const order = (changes: Partial<RoomOrder> = {}): RoomOrder => ({
  intent: 'entry',
  status: 'OPEN',
  quantity: decimal('10'),
  filledQuantity: decimal('0'),
  limit: decimal('10'),
  lastPrice: null,
  ...changes,
});
const room = (changes: Partial<RoomInput> = {}): RoomInput => ({
  account: { equity: decimal('1000') },
  positions: [],
  orders: [],
  claims: [],
  ...changes,
});
const left = (changes: Partial<RoomInput>): string | null => {
  const available = availableRoom(room(changes), leverage);
  return available === null ? null : toPlain(available);
};

describe('WS-2 room', () => {
  it('is leverage times equity in an empty account, also with none or negative equity', () => {
    expect(left({})).toBe('2000');
    expect(left({ account: { equity: decimal('0') } })).toBe('0');
    expect(left({ account: { equity: decimal('-10') } })).toBe('-20');
  });

  it('is used by positions of both directions, live entries and unplaced claims', () => {
    expect(left({ positions: [{ quantity: decimal('-3'), price: decimal('100') }] })).toBe('1700');
    expect(left({ positions: [{ quantity: decimal('3'), price: decimal('100') }] })).toBe('1700');
    expect(left({ orders: [order({ filledQuantity: decimal('4') })] })).toBe('1940');
    expect(left({ claims: [{ quantity: decimal('1'), limit: decimal('7'), placed: false }] })).toBe('1993');
    expect(left({ claims: [{ quantity: decimal('1'), limit: decimal('7'), placed: true }] })).toBe('2000');
  });

  it('is not used by exits, whatever their size', () => {
    expect(left({ orders: [order({ intent: 'exit', quantity: decimal('9999'), limit: null })] })).toBe('2000');
  });

  it.each(ORDER_STATUSES)('is used by an entry that is %s only while it is live', (status) => {
    expect(left({ orders: [order({ status })] })).toBe(isLive(status) ? '1900' : '2000');
  });

  it('goes below zero and is shown so', () => {
    expect(left({ positions: [{ quantity: decimal('50'), price: decimal('100') }] })).toBe('-3000');
  });

  it('is unknown when anything could not be read', () => {
    expect(left({ account: null })).toBeNull();
    expect(left({ positions: null })).toBeNull();
    expect(left({ orders: null })).toBeNull();
  });

  it('counts an entry without a limit at its last quote, and is unknown without one', () => {
    expect(left({ orders: [order({ limit: null, lastPrice: decimal('12') })] })).toBe('1880');
    expect(left({ orders: [order({ limit: null })] })).toBeNull();
    expect(left({ orders: [order({ limit: null, lastPrice: decimal('NaN') })] })).toBeNull();
    expect(left({ orders: [order({ limit: null, status: 'CANCELLED' })] })).toBe('2000');
  });

  it('never gives room back for more filled than ordered', () => {
    expect(remainingNotional(order({ filledQuantity: decimal('11') }))?.toFixed()).toBe('0');
  });

  it('adds up to the last digit: filling a part moves it from order to position', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((value) => new Decimal(`${value}e-8`));
    fc.assert(
      fc.property(amount, amount, amount, (filled, rest, limit) => {
        const before = availableRoom(room({ orders: [order({ quantity: filled.plus(rest), limit })] }), leverage);
        const after = availableRoom(
          room({
            orders: [order({ quantity: filled.plus(rest), filledQuantity: filled, limit })],
            positions: [{ quantity: filled, price: limit }],
          }),
          leverage,
        );
        expect(before !== null && after !== null && before.equals(after)).toBe(true);
      }),
    );
  });

  it('is money whatever the sign of the quantity', () => {
    expect(notional(decimal('-2'), decimal('1.5')).toFixed()).toBe('3');
  });

  it('rests on equity only up to its greatest age', () => {
    const settings = { equityMaxAgeSeconds: 90 };
    expect(isEquityFresh(NOW - 90_000, NOW, settings)).toBe(true);
    expect(isEquityFresh(NOW - 90_001, NOW, settings)).toBe(false);
  });
});
