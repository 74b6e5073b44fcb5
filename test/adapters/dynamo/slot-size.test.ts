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
import type { Watch } from '../../../shared/domain/watch.ts';
import { actionOf, AT, capacityOf, d, exitOf, factsOf, holdingOf, orderOf, placedOf, recordOf, slotOf, stopOrderOf, watchOf } from '../../contracts/store-samples.ts';

const owner = '0198c0de-0000-7000-8000-000000000000';
const bytesOf = (sortKey: string, attributes: Attributes): number =>
  sizeOf(stamped({ tableName: 'claimjump', account: 'paper-main', owner, writes: 'NEWEST' }, sortKey, attributes));

const order = orderOf({ clientOrderId: 'cj-9f86d081884c7d659a2feaa0c55ad015', status: 'PARTIALLY_FILLED', filledQuantity: d('0.01'), filledNotional: d('642.5012') });
const lots = [1, 2, 3].map((index) => ({ tradeId: `paper-${index}00231`, price: d('64250.12'), quantity: d('0.01037613'), commission: d('0.66666667'), at: AT }));
// As a strategy with stop entries asks for it that sets all it may.
const exit = exitOf({
  maxHold: { seconds: 14_400, barSeconds: 3600 },
  stop: { kind: 'stop', takeProfitMultiple: d('3') },
  hours: 'NSE',
  own: { triggerWindowMinutes: 60, ignoreInitialMinutes: 1, orderTimeoutMinutes: 15, exitBeforeCloseMinutes: 45, maxOrderRetries: 3, initialStopTicks: 20, trailTicks: 2, barMinutes: 15 },
});
const watch: Watch = { ...watchOf({ exit }), kind: 'stop', trigger: d('64100.01') };
const stopOrder = stopOrderOf({ clientOrderId: 'S8-BTCUSD-4k2m9x7q1w5e8r3t6y0u2i', exchangeOrderId: 'paper-100232' });
const amendment = { attempt: 3, plannedAt: AT, limit: null, stopPrice: d('61120.05'), quantity: d('0.03112841') };
const holding = holdingOf({ lots, stop: placedOf({ order: stopOrder }) });
const full = holdingOf({ lots, rules: exit, stop: placedOf({ order: stopOrder, amendment, attempts: 3, breachedAt: AT }) });

const ordinary: readonly (readonly [string, Slot])[] = [
  ['idle', slotOf({ lastStolen: { at: AT, cooldownSeconds: 300 } })],
  ['waiting', slotOf({ entry: { status: 'WAITING', limit: d('64250.12'), quantity: d('0.03112841'), needed: d('2000.000123'), hold: d('12.25'), classHold: d('12.25'), steal: factsOf({ thiefDistance: d('0.00151234567890123456789012345678901234'), victimDistance: d('0.00661234567890123456789012345678901234') }) } })],
  ['working', slotOf({ entry: { status: 'WORKING', order, amendment: { attempt: 1, plannedAt: AT, limit: d('64250.13'), stopPrice: null, quantity: d('0.03112841') }, attempts: 0 } })],
  ['triggered, its stop entry working', slotOf({ watch, entry: { status: 'WORKING', order: { ...order, limit: null, stopPrice: d('64250.12') }, amendment: null, attempts: 0 }, triggered: '2026-11-20' })],
  ['cancelling with a position', slotOf({ entry: { status: 'CANCELLING', order, reason: 'EXPIRED', amendment: null, attempts: 1 }, position: { status: 'OPEN', ...holding } })],
  ['protected, its stop on the move and breached, the watch and the position both with rules of their own', slotOf({ watch, position: { status: 'OPEN', ...full }, triggered: '2026-11-20' })],
  ['protected by one stop while another goes', slotOf({ position: { status: 'OPEN', ...holdingOf({ lots, stop: placedOf({ order: stopOrder, former: { order: stopOrder, attempts: 1 } }) }) } })],
  ['foreign', slotOf({ position: { status: 'FOREIGN', side: 'buy', quantity: d('0.03112841'), averagePrice: d('64250.12'), seenAt: AT } })],
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
    expect(bytesOf(CAPACITY_KEY, writeCapacity(capacityOf({ kill, day: { date: '2026-11-20', equity: d('10000.12') }, peak: d('12000.34'), stopStreak: 3, passing: { by: 'STREAK', since: 1_763_650_000_000 } })))).toBeLessThanOrEqual(1024);
    expect(bytesOf(orderSortKey(order.clientOrderId), writeOrderRecord(recordOf({ order, rules: exit })))).toBeLessThanOrEqual(1024);
    expect(bytesOf(actionSortKey(`${order.clientOrderId}:PLACE`), writeAction(actionOf()))).toBeLessThanOrEqual(1024);
  });
});
