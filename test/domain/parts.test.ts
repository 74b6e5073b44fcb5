import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Decimal } from '../../shared/domain/decimal.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import { nextParts } from '../../shared/domain/next-part.ts';
import type { OrderStatus } from '../../shared/domain/order-lifecycle.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';
import { dueQuantity, givesWay, isFreeToEnter, settledParts, withFilledPart } from '../../shared/domain/parts.ts';
import type { Order, Parts, Slot } from '../../shared/domain/slot.ts';
import type { EntryStyle, Watch } from '../../shared/domain/watch.ts';
import { shapeStyle } from '../../shared/entry-style.ts';
import { shapeWatch } from '../../shared/watch-shape.ts';
import { NOON, context, d, marketRules, planWatch, settings, watch } from '../support/builders.ts';

const MINUTE = 60_000;
const TWAP: EntryStyle = { kind: 'TWAP', slices: 4, durationSeconds: 240 };
const ICEBERG: EntryStyle = { kind: 'ICEBERG', shown: d(3) };
const whole = marketRules({ lotSize: d(1), minQuantity: d(1) });

const watched = (style: EntryStyle, quantity = '10', rules = whole): Watch => {
  const made = watch({ symbol: 'AAPL', quantity, style });
  return { ...made, exit: { ...made.exit, market: rules } };
};

const progress = (filled: string | Decimal, given: Partial<Parts> = {}): Parts => ({
  side: 'buy', startedAt: NOON, fromFence: 1, filled: d(filled.toString()), isOver: false, ...given,
});

const due = (of: Watch, parts: Parts | null, minutes = 0, icebergs = false): string =>
  dueQuantity({ parts }, of, context({ now: NOON + minutes * MINUTE, icebergs })).toFixed();

const order = (quantity: string, filled: string, fence = 1): Order => ({
  clientOrderId: `E${fence}`, exchangeOrderId: null, purpose: 'ENTRY', fence, side: 'buy', quantity: d(quantity), limit: d(100),
  stopPrice: null, status: 'OPEN', filledQuantity: d(filled), filledNotional: d(0), tradedQuantity: d(0), createdAt: NOON,
});

const slotWith = (of: Watch | null, parts: Parts | null, given: Partial<Slot> = {}): Slot => ({
  ...newSlot({ symbol: 'AAPL', slot: 'main' }, 'stock'), watch: of, parts, ...given,
});

describe('EX-1 how large the part of a TWAP is that is due', () => {
  it('is a whole lot share of it, and the remainder is in the last', () => {
    expect(due(watched(TWAP), null)).toBe('2');
    expect([0, 1, 2, 3, 4, 99].map((minutes) => due(watched(TWAP), progress(String(Math.min(3, minutes) * 2)), minutes))).toEqual(['2', '2', '2', '4', '4', '4']);
  });

  it('catches up with what earlier parts did not fill', () => {
    expect(due(watched(TWAP), progress('1'), 1)).toBe('3');
    expect(due(watched(TWAP), progress('0'), 2)).toBe('6');
    expect(due(watched(TWAP), progress('9'), 3)).toBe('1');
  });

  it('is nothing before its time, and nothing once all is bought', () => {
    expect(due(watched(TWAP), progress('2'), 0.99)).toBe('0');
    expect(due(watched(TWAP), progress('2'), 1)).toBe('2');
    expect(due(watched(TWAP), progress('10'), 5)).toBe('0');
    expect(due(watched(TWAP), progress('11'), 5)).toBe('0');
  });

  it('waits for the next slice where what is left of this one is less than the venue takes', () => {
    const rules = marketRules({ lotSize: d(1), minQuantity: d(2) });
    expect(due(watched(TWAP, '10', rules), progress('3'), 1)).toBe('0');
    expect(due(watched(TWAP, '10', rules), progress('3'), 2)).toBe('3');
  });

  it('takes the rest with it where that alone would be too small', () => {
    const rules = marketRules({ lotSize: d(1), minQuantity: d(3) });
    expect(due(watched({ ...TWAP, slices: 2 }, '8', rules), progress('3'), 0)).toBe('0');
    expect(due(watched({ kind: 'ICEBERG', shown: d(3) }, '8', rules), progress('3'))).toBe('5');
  });
});

describe('EX-1 how large the next part of an iceberg is', () => {
  it('is what it shows, and at last what is left', () => {
    expect(['0', '3', '6', '9', '10'].map((filled) => due(watched(ICEBERG), progress(filled)))).toEqual(['3', '3', '3', '1', '0']);
  });

  it('is the whole at a venue that keeps icebergs itself, unless parts of it are out already', () => {
    expect(due(watched(ICEBERG), null, 0, true)).toBe('10');
    expect(due(watched(ICEBERG), progress('3'), 0, true)).toBe('3');
  });
});

describe('EX-1 the parts of an entry', () => {
  it('together are what was wanted and no more, whatever each of them fills and whenever the next is asked for', () => {
    const style = fc.oneof(
      fc.record({ kind: fc.constant('TWAP' as const), slices: fc.integer({ min: 2, max: 40 }), durationSeconds: fc.integer({ min: 40, max: 400 }) }),
      fc.record({ kind: fc.constant('ICEBERG' as const), shown: fc.integer({ min: 1, max: 30 }).map(d) }),
    );
    const asks = fc.array(fc.record({ seconds: fc.integer({ min: 0, max: 60 }), share: fc.integer({ min: 0, max: 4 }) }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(style, fc.integer({ min: 41, max: 400 }), asks, (found, quantity, steps) => {
        const of = watched(found, String(quantity));
        let filled = d(0);
        let at = 0;
        const ask = (share: number): void => {
          const part = d(due(of, progress(filled), at / 60));
          filled = filled.plus(part.times(share).dividedBy(4).floor());
          expect(filled.lessThanOrEqualTo(quantity)).toBe(true);
        };
        for (const { seconds, share } of steps) {
          at += seconds;
          ask(share);
        }
        at += 100_000;
        for (let left = 0; left < 500 && filled.lessThan(quantity); left += 1) ask(4);
        expect(filled.toFixed()).toBe(String(quantity));
      }),
    );
  });

  it('give way to the next part as soon as that is due, and not while they reach what is', () => {
    const slot = slotWith(watched(TWAP), progress('0'));
    const live = order('2', '0');
    expect(givesWay(slot, live, { now: NOON + MINUTE - 1 })).toBe(false);
    expect(givesWay(slot, live, { now: NOON + MINUTE })).toBe(true);
    expect(givesWay(slotWith(watched(TWAP), progress('2')), live, { now: NOON + MINUTE })).toBe(false);
    expect(givesWay(slot, order('10', '0'), { now: NOON + 9 * MINUTE })).toBe(false);
  });

  it('give way where with them more would be bought than was wanted: a fill was told late', () => {
    expect(givesWay(slotWith(watched(ICEBERG), progress('8')), order('3', '0'), { now: NOON })).toBe(true);
    expect(givesWay(slotWith(watched(ICEBERG), progress('7')), order('3', '0'), { now: NOON })).toBe(false);
    expect(givesWay(slotWith(watched(ICEBERG), progress('8')), order('3', '1'), { now: NOON })).toBe(false);
  });

  it('count a fill whenever it is told, and none of an order from before the entry began', () => {
    expect(withFilledPart(progress('2', { fromFence: 4 }), order('2', '0', 4), d(1))?.filled.toFixed()).toBe('3');
    expect(withFilledPart(progress('2', { fromFence: 4 }), order('2', '0', 3), d(1))?.filled.toFixed()).toBe('2');
    expect(withFilledPart(null, order('2', '0'), d(1))).toBeNull();
  });
});

describe('EX-1 EW-6 when no part follows any more', () => {
  const open = { ...slotWith(null, null).position, status: 'OPEN' as const };
  const ofStatus = (status: 'OPEN' | 'LEAVING'): Slot['position'] => ({
    ...open, status, side: 'buy', lots: [], openedAt: NOON, mode: 'normal', rules: watched(TWAP).exit, stopPrice: d(95), stop: { status: 'NONE' },
    stopFailures: 0, exitFailures: 0, failedExit: null, unprotectedSince: null, reduction: null, ...(status === 'LEAVING' ? { reason: 'MAX_HOLD' } : {}),
  }) as Slot['position'];
  const live: Slot['entry'] = { status: 'WORKING', order: order('2', '0'), amendment: null, attempts: 0 };

  it.each<readonly [string, Partial<Slot>]>([
    ['the watch is gone', { watch: null }],
    ['it enters otherwise now', { watch: watched({ kind: 'PLAIN' }) }],
    ['it enters on the other side now', { watch: { ...watched(TWAP), side: 'sell' } }],
    ['its position has closed', { position: { status: 'FLAT' } }],
    ['its position is left', { position: ofStatus('LEAVING') }],
  ])('%s: with nothing at the venue they are gone, with an order there they are over', (_why, given) => {
    const slot = slotWith(watched(TWAP), progress('2'), { position: ofStatus('OPEN') });
    expect(settledParts(slot)).toBe(slot.parts);
    expect(settledParts({ ...slot, ...given })).toBeNull();
    expect(settledParts({ ...slot, ...given, entry: live })).toEqual(progress('2', { isOver: true }));
  });

  it('all of it is bought', () => {
    const slot = slotWith(watched(TWAP), progress('10'), { position: ofStatus('OPEN') });
    expect(settledParts(slot)).toBeNull();
    expect(settledParts({ ...slot, entry: live })).toBe(slot.parts);
  });

  it('what is over stays so until its order has ended', () => {
    const slot = slotWith(watched(TWAP), progress('2', { isOver: true }), { position: ofStatus('OPEN'), entry: live });
    expect(settledParts(slot)).toEqual(slot.parts);
    expect(settledParts({ ...slot, entry: { status: 'NONE' } })).toBeNull();
  });

  it('before its first fill a position that is not of it ends it, and EW-7 a slot enters beside its own parts alone', () => {
    const slot = slotWith(watched(TWAP), progress('0'), { position: ofStatus('OPEN') });
    expect(settledParts(slot)).toBeNull();
    expect(isFreeToEnter(slot)).toBe(false);
    expect(isFreeToEnter({ ...slot, parts: progress('2') })).toBe(true);
    expect(isFreeToEnter({ parts: progress('2'), position: ofStatus('LEAVING') })).toBe(false);
  });
});

describe('EX-1 EX-10 a style at intake', () => {
  const fit = (style: EntryStyle, quantity: string, rules = marketRules({ lotSize: d(1), minNotional: d(1000) }), given = {}, venue: { postOnly?: boolean; mostIcebergParts?: number } = {}) => {
    const plan = planWatch({ symbol: 'AAPL', quantity, ...given });
    const shape = shapeWatch(plan, { rules, settings: settings(), field: 'watches[0]' });
    if ('refused' in shape) throw new Error(shape.refused);
    return shapeStyle(style, { side: 'buy', shape, rules, settings: settings(), venue: { postOnly: true, mostIcebergParts: null, ...venue }, field: 'watches[0]' });
  };

  it('lowers the slices until each is what the venue takes, of its stop as well', () => {
    // Eleven units at 100 are 1100, and at their stop of 95 they are 1045; ten would be 950.
    expect(fit({ kind: 'TWAP', slices: 50, durationSeconds: 600 }, '110')).toEqual({ kind: 'TWAP', slices: 10, durationSeconds: 600 });
    expect(fit({ kind: 'TWAP', slices: 5, durationSeconds: 600 }, '110')).toEqual({ kind: 'TWAP', slices: 5, durationSeconds: 600 });
  });

  it('refuses a maker where the venue has no orders that only rest, which it would refuse at every try (SL-9)', () => {
    expect(fit({ kind: 'MAKER' }, '110')).toEqual({ kind: 'MAKER' });
    expect(() => fit({ kind: 'MAKER' }, '110', undefined, {}, { postOnly: false })).toThrow('watches[0].style: expected another than maker');
    expect(fit({ kind: 'TAKER' }, '110', undefined, {}, { postOnly: false })).toEqual({ kind: 'TAKER' });
  });

  it('refuses an iceberg of more parts than the venue keeps, by its field', () => {
    const tenParts = { mostIcebergParts: 10 };
    expect(fit({ kind: 'ICEBERG', shown: d(11) }, '110', undefined, {}, tenParts)).toEqual({ kind: 'ICEBERG', shown: d(11) });
    expect(() => fit({ kind: 'ICEBERG', shown: d(11) }, '111', undefined, {}, tenParts)).toThrow('watches[0].style.shown: expected a part of the quantity in 10 or fewer');
  });

  it('is plain where one part would be all of it', () => {
    expect(fit({ kind: 'TWAP', slices: 50, durationSeconds: 600 }, '20')).toEqual({ kind: 'PLAIN' });
    expect(fit({ kind: 'ICEBERG', shown: d(20) }, '20')).toEqual({ kind: 'PLAIN' });
  });

  it('refuses an iceberg that shows less than the venue takes, and shows whole lots', () => {
    expect(fit({ kind: 'ICEBERG', shown: d('11.9') }, '110')).toEqual({ kind: 'ICEBERG', shown: d(11) });
    expect(fit({ kind: 'ICEBERG', shown: d(10) }, '110')).toEqual({ refused: 'STOP_BELOW_MIN_NOTIONAL' });
    expect(fit({ kind: 'ICEBERG', shown: d(9) }, '110')).toEqual({ refused: 'BELOW_MIN_NOTIONAL' });
  });

  it('names what contradicts itself', () => {
    expect(() => fit({ kind: 'TWAP', slices: 50, durationSeconds: 49 }, '110')).toThrow('watches[0].style.durationSeconds');
    expect(() => fit({ kind: 'MAKER' }, '110', undefined, { trigger: '99', takeProfit: null })).toThrow('watches[0].style');
  });
});

describe('EX-1 EX-5 whose next part is asked for at once', () => {
  const given = slotWith(watched(ICEBERG), progress('3'));
  const before: Slot = { ...given, entry: { status: 'WORKING', order: order('3', '0'), amendment: null, attempts: 0 } };
  const decision = (after: Slot, status: OrderStatus, from = before): Decision => {
    const ended = { ...order('3', '3'), status };
    const { exit: rules } = watched(ICEBERG);
    const record = { ref: { symbol: 'AAPL', slot: 'main' }, assetClass: 'stock', order: ended, mode: 'normal', rules, place: 'CLOSED', revision: 2 } as const;
    return { kind: 'COMMIT', changes: [{ kind: 'SLOT', before: from, after, guard: 'STATE' }, { kind: 'ORDER', before: record, after: record }], notes: [] };
  };
  const ref = { symbol: 'AAPL', slot: 'main' };

  it('the one whose part has filled, or made way to it', () => {
    expect(nextParts(decision(given, 'FILLED'))).toEqual([ref]);
    const cancelling: Slot = { ...before, entry: { status: 'CANCELLING', order: order('3', '0'), reason: 'NEXT_PART', amendment: null, attempts: 1 } };
    expect(nextParts(decision(given, 'CANCELLED', cancelling))).toEqual([ref]);
  });

  it('nobody’s who was refused, stolen from, halted, is done, or waits for the rest of a grid', () => {
    expect(nextParts(decision(given, 'REJECTED'))).toEqual([]);
    const yielding: Slot = { ...before, entry: { status: 'YIELDING', order: order('3', '0'), thief: ref, attempts: 1 } };
    expect(nextParts(decision(given, 'CANCELLED', yielding))).toEqual([]);
    const halted: Slot = { ...before, entry: { status: 'CANCELLING', order: order('3', '0'), reason: 'HALTED', amendment: null, attempts: 1 } };
    expect(nextParts(decision(given, 'CANCELLED', halted))).toEqual([]);
    expect(nextParts(decision({ ...given, parts: null }, 'FILLED'))).toEqual([]);
    expect(nextParts(decision({ ...given, watch: { ...watched(ICEBERG), level: { grid: '', reset: 'hard' } } }, 'FILLED'))).toEqual([]);
  });
});
