import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientOrderId } from '../../shared/domain/client-order-id.ts';
import type { OrderPurpose } from '../../shared/domain/client-order-id.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import { ownOrder, readClientOrderId, sideOf } from '../../shared/domain/own-order.ts';
import type { Side } from '../../shared/domain/side.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { NOON, d, watchingSlot } from '../support/builders.ts';

const SPACE = { account: 'paper-1', symbol: 'BTC/USD', slots: ['main', 'SELL_1'], maxLength: 36 };

const purposes = fc.constantFrom<OrderPurpose>('ENTRY', 'EXIT', 'STOP');
const fences = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe('EX-11 an id proves an order ours', () => {
  it('whatever it was placed for', () => {
    fc.assert(
      fc.property(purposes, fences, fc.constantFrom(...SPACE.slots), (purpose, fence, slot) => {
        const { account, symbol, maxLength } = SPACE;
        const id = clientOrderId({ account, symbol, slot, purpose, fence }, { maxLength });
        // A prefix that the digest leaves no room for cannot be read, and what cannot be read is foreign.
        if (readClientOrderId(id) === null) expect(fence).toBeGreaterThan(36 ** 9);
        else expect(ownOrder(id, SPACE)).toEqual({ ref: { symbol, slot }, purpose, fence });
      }),
    );
  });

  it('not where another account, symbol or slot made it, or nobody did', () => {
    const made = { account: 'paper-1', symbol: 'BTC/USD', slot: 'main', purpose: 'ENTRY', fence: 7 } as const;
    const others = [{ account: 'paper-2' }, { symbol: 'ETH/USD' }, { slot: 'SELL_2' }];
    for (const other of others) expect(ownOrder(clientOrderId({ ...made, ...other }, { maxLength: 36 }), SPACE)).toBeNull();
    const id = clientOrderId(made, { maxLength: 36 });
    expect(ownOrder(id, SPACE)).not.toBeNull();
    for (const forged of [`X${id.slice(1)}`, id.replace('E7', 'E8'), id.slice(0, -1), `${id}x`, '', 'by-hand', 'E-BTCUSD-x', 'Q7-BTCUSD-x']) {
      expect(ownOrder(forged, SPACE)).toBeNull();
    }
  });
});

const report = (changes: Partial<OrderReport>): OrderReport => ({
  clientOrderId: 'id', exchangeOrderId: null, symbol: 'AAPL', status: 'OPEN', filledQuantity: d(0), averagePrice: null,
  quantity: d(1), limit: null, stopPrice: null, refusal: null, trades: [], at: NOON, ...changes,
});

const own = (purpose: OrderPurpose) => ({ ref: { symbol: 'AAPL', slot: 'main' }, purpose, fence: 1 });
const quote = { price: d(100), at: NOON };

const foreign = (side: Side): Slot => ({
  ...watchingSlot({ symbol: 'AAPL' }),
  position: { status: 'FOREIGN', side, quantity: d(1), averagePrice: d(1), seenAt: NOON },
});

describe('EX-11 which way an order without a record trades', () => {
  it('an exit or a stop against what is held, whatever its price', () => {
    for (const purpose of ['EXIT', 'STOP'] as const) {
      expect(sideOf(own(purpose), report({ limit: d(99) }), foreign('buy'), quote)).toBe('sell');
      expect(sideOf(own(purpose), report({ limit: d(101) }), foreign('sell'), quote)).toBe('buy');
    }
  });

  it('otherwise by the side of the price it waits on', () => {
    const rows = [
      [{ limit: d(99) }, 'buy'], [{ limit: d(101) }, 'sell'], [{ stopPrice: d(101) }, 'buy'], [{ stopPrice: d(99) }, 'sell'],
      [{ limit: d(100) }, null], [{ stopPrice: d(100) }, null], [{}, null],
    ] as const;
    for (const [prices, side] of rows) expect(sideOf(own('STOP'), report(prices), null, quote)).toBe(side);
  });

  it('an entry by its watch where no price tells, and nothing else by it', () => {
    const slot = watchingSlot({ symbol: 'AAPL', side: 'sell' });
    expect([sideOf(own('ENTRY'), report({ limit: d(99) }), slot, null), sideOf(own('EXIT'), report({ limit: d(99) }), slot, null)]).toEqual(['sell', null]);
  });
});
