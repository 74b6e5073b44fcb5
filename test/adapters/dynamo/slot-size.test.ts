import { describe, expect, it } from '@jest/globals';
import { writeAction } from '../../../shared/adapters/dynamo/action-item.ts';
import type { Attributes } from '../../../shared/adapters/dynamo/attributes.ts';
import { writeCapacity } from '../../../shared/adapters/dynamo/capacity-item.ts';
import { writeOrderRecord } from '../../../shared/adapters/dynamo/order-item.ts';
import { writeSlot } from '../../../shared/adapters/dynamo/slot-item.ts';
import { actionSortKey, CAPACITY_KEY, orderSortKey, slotSortKey } from '../../../shared/adapters/dynamo/table-keys.ts';
import { sizeOf } from '../../../shared/adapters/dynamo/units.ts';
import { stamped } from '../../../shared/adapters/dynamo/write.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import { actionOf, AT, capacityOf, d, factsOf, orderOf, recordOf, slotOf } from '../../contracts/store-samples.ts';

const owner = '0198c0de-0000-7000-8000-000000000000';
const bytesOf = (sortKey: string, attributes: Attributes): number =>
  sizeOf(stamped({ tableName: 'claimjump', account: 'paper-main', owner }, sortKey, attributes));

const order = orderOf({ clientOrderId: 'cj-9f86d081884c7d659a2feaa0c55ad015', status: 'PARTIALLY_FILLED', filledQuantity: d('0.01'), filledNotional: d('642.5012') });
const lots = [1, 2, 3].map((index) => ({ tradeId: `paper-${index}00231`, price: d('64250.12'), quantity: d('0.01037613'), at: AT }));
const holding = { side: 'buy', lots, openedAt: AT, mode: 'normal', rules: { takeProfit: d('64950.55'), maxHold: { seconds: 14_400, barSeconds: 3600 } }, stop: { status: 'NONE' }, exitFailures: 0 } as const;

const ordinary: readonly (readonly [string, Slot])[] = [
  ['idle', slotOf({ lastStolen: { at: AT, cooldownSeconds: 300 } })],
  ['waiting', slotOf({ entry: { status: 'WAITING', limit: d('64250.12'), quantity: d('0.03112841'), needed: d('2000.000123'), hold: d('12.25'), classHold: d('12.25'), steal: factsOf({ thiefDistance: d('0.00151234567890123456789012345678901234'), victimDistance: d('0.00661234567890123456789012345678901234') }) } })],
  ['working', slotOf({ entry: { status: 'WORKING', order, amendment: { attempt: 1, plannedAt: AT, limit: d('64250.13'), quantity: d('0.03112841') }, attempts: 0 } })],
  ['cancelling with a position', slotOf({ entry: { status: 'CANCELLING', order, reason: 'EXPIRED', amendment: null, attempts: 1 }, position: { status: 'OPEN', ...holding } })],
  ['exiting', slotOf({ position: { status: 'EXITING', exit: { ...order, purpose: 'EXIT' }, reason: 'TAKE_PROFIT', ...holding } })],
];

describe('an ordinary item is one kilobyte at most, the measure that a write is billed by', () => {
  it.each(ordinary)('a slot that is %s', (_state, slot) => {
    const bytes = bytesOf(slotSortKey(slot), writeSlot(slot));
    expect(bytes).toBeGreaterThan(300);
    expect(bytes).toBeLessThanOrEqual(1024);
  });

  it('the ledger with twenty halted symbols, an order and an action', () => {
    const symbols = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`SYM${index}`, 'HALTED' as const]));
    const kill = { account: 'ACTIVE', stock: 'ACTIVE', crypto: 'ACTIVE', symbols } as const;
    expect(bytesOf(CAPACITY_KEY, writeCapacity(capacityOf({ kill })))).toBeLessThanOrEqual(1024);
    expect(bytesOf(orderSortKey(order.clientOrderId), writeOrderRecord(recordOf({ order })))).toBeLessThanOrEqual(1024);
    expect(bytesOf(actionSortKey(`${order.clientOrderId}:PLACE`), writeAction(actionOf()))).toBeLessThanOrEqual(1024);
  });
});
