import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type OrderIntent, clientOrderId } from '../../../shared/domain/client-order-id.ts';

const intent = (changes: Partial<OrderIntent> = {}): OrderIntent => ({
  account: 'main',
  symbol: 'BTC/USD',
  slot: 'watch',
  purpose: 'ENTRY',
  fence: 1,
  ...changes,
});
const idOf = (changes: Partial<OrderIntent> = {}, maxLength = 36): string => clientOrderId(intent(changes), { maxLength });

describe('EX-11 client order id', () => {
  it('is the same for the same intent, today and after every release', () => {
    expect(idOf()).toBe(idOf());
    expect(idOf()).toMatchInlineSnapshot(`"E1-BTCUSD-brkpe1rycb9w35hlgdp2yc"`);
  });

  it('is another for another account, symbol, slot, purpose or fence', () => {
    const others: Partial<OrderIntent>[] = [
      {}, { account: 'other' }, { symbol: 'BTC/USDT' }, { slot: 'BUY_1' }, { purpose: 'EXIT' }, { purpose: 'STOP' }, { fence: 2 },
      { account: 'mainB', symbol: 'TC/USD' },
    ];
    expect(new Set(others.map((changes) => idOf(changes))).size).toBe(others.length);
  });

  it('keeps to the venue’s length and to letters, digits and hyphens', () => {
    fc.assert(
      fc.property(
        fc.record({ account: fc.string(), symbol: fc.string(), slot: fc.string(), fence: fc.maxSafeNat() }),
        fc.integer({ min: 24, max: 64 }),
        (parts, maxLength) => {
          const id = idOf(parts, maxLength);
          expect(id).toMatch(/^[A-Za-z0-9-]+$/);
          expect(id.length).toBeLessThanOrEqual(Math.min(maxLength, 32));
        },
      ),
    );
  });

  it('refuses a fence that is no count and a length in which ids would meet', () => {
    for (const fence of [-1, 1.5, Number.NaN, 2 ** 53]) expect(() => idOf({ fence })).toThrow(RangeError);
    expect(() => idOf({}, 23)).toThrow(RangeError);
  });

  it('meets no other id among 100,000 neighbours, even in the shortest form', () => {
    const ids = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) {
      ids.add(idOf({ symbol: `S${index % 100}`, slot: `L${Math.floor(index / 100) % 10}`, fence: Math.floor(index / 1000) }, 24).slice(-14));
    }
    expect(ids.size).toBe(100_000);
  });
});
