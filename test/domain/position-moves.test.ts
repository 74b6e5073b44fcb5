import { describe, expect, it } from '@jest/globals';
import { entryTerms, planOrder } from '../../shared/domain/new-order.ts';
import { addFills } from '../../shared/domain/position-moves.ts';
import type { Change, OrderRecord } from '../../shared/domain/decision.ts';
import { NOON, context, d, watchingSlot } from '../support/builders.ts';

const recordOf = (changes: readonly Change[]): OrderRecord => {
  const change = changes.find((each) => each.kind === 'ORDER');
  if (change === undefined) throw new Error('no record was planned');
  return change.after;
};

const openedAt = (filledAt: number, toldAt: number): number | null => {
  const slot = watchingSlot({ symbol: 'AAPL' });
  if (slot.watch === null) throw new Error('no watch');
  const { order, changes } = planOrder(slot, entryTerms(slot.watch, slot.watch.quantity, context()), context());
  const part = { tradeId: 't1', price: d(100), quantity: d(10), counted: d(10), fee: null, commission: d(0), liquidity: null, at: filledAt };
  const filled = addFills(slot, { record: recordOf(changes), before: order, parts: [part] }, context({ now: toldAt }));
  return filled.position.status === 'OPEN' ? filled.position.openedAt : null;
};

describe('EW-6 how long a position is held', () => {
  it('counts from its first fill, not from when that was told', () => {
    expect(openedAt(NOON + 60_000, NOON + 7_200_000)).toBe(NOON + 60_000);
  });

  it('never begins before its order, nor ahead of the clock, whatever the venue’s clock says', () => {
    expect(openedAt(NOON - 86_400_000, NOON + 5_000)).toBe(NOON);
    expect(openedAt(NOON + 86_400_000, NOON + 5_000)).toBe(NOON + 5_000);
  });
});
