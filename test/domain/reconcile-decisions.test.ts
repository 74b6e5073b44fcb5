import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../shared/domain/decide.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import type { Change, Decision } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import type { Event } from '../../shared/domain/event.ts';
import { explainedOf, foreignQuantity } from '../../shared/domain/reconcile-positions.ts';
import type { Lot, Position, Slot } from '../../shared/domain/slot.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';
import { NOON, capacity, context, d, marketRules, snapshot, watch } from '../support/builders.ts';

const lot = (at: number, quantity: Decimal | string, price = '100'): Lot => ({ tradeId: `T${at}`, price: d(price), quantity: new Decimal(quantity), commission: d(0), at });

const holding = (side: 'buy' | 'sell', lots: readonly Lot[]): Position => ({
  status: 'OPEN', side, lots, openedAt: NOON, mode: 'normal', rules: watch({ symbol: 'AAPL' }).exit, stopPrice: d(side === 'buy' ? 95 : 105),
  stop: { status: 'WATCHED', reason: 'REFUSED' }, stopFailures: 0, exitFailures: 0, failedExit: null, unprotectedSince: null, reduction: null,
});

const slot = (name: string, position: Position): Slot => ({ ...newSlot({ symbol: 'AAPL', slot: name }, 'stock'), revision: 3, fence: 2, position });

const ledger = capacity('1000000');

const given = (...slots: readonly Slot[]) => snapshot({ capacity: ledger, slots: new Map(slots.map((each) => [slotKey(each), each])) });

type Seen = Extract<Event, { type: 'POSITION_SEEN' }>;

const seen = (quantity: string | Decimal, ours: string | Decimal, changes: Partial<Seen> = {}): Seen => ({
  type: 'POSITION_SEEN', symbol: 'AAPL', assetClass: 'stock', quantity: new Decimal(quantity), averagePrice: d(50), ours: new Decimal(ours), lotSize: d('0.01'), ...changes,
});

const decided = (event: Event, ...slots: readonly Slot[]): Decision => decide(given(...slots), event, context());

const changesOf = (decision: Decision): readonly Change[] => {
  if (decision.kind === 'IGNORE') throw new Error(`expected a commit, found ${decision.reason}`);
  return decision.changes;
};

const after = (decision: Decision): ReadonlyMap<string, Slot> =>
  new Map(changesOf(decision).flatMap((change) => (change.kind === 'SLOT' ? [[change.after.slot, change.after] as const] : [])));

const lotsOf = (held: Slot | undefined): readonly string[] =>
  held?.position.status === 'OPEN' ? held.position.lots.map((each) => `${each.tradeId}:${each.quantity.toFixed()}`) : [];

const reason = (decision: Decision): string => (decision.kind === 'IGNORE' ? decision.reason : decision.kind);

describe('SL-11 a position seen is judged again on what is there now', () => {
  const ours = slot('main', holding('buy', [lot(1, '10')]));

  it('not while a fill has come in since', () => {
    expect(reason(decided(seen('5', '10'), slot('main', holding('buy', [lot(1, '12')]))))).toBe('NOT_AS_SEEN');
  });

  it('not while anything of its symbol is in motion, and not for another symbol’s sake', () => {
    const { position } = ours;
    if (position.status !== 'OPEN') throw new Error('expected a position');
    const leaving: Slot = { ...ours, position: { ...position, status: 'LEAVING', reason: 'MAX_HOLD' } };
    expect(reason(decided(seen('5', '10'), leaving))).toBe('IN_MOTION');
    expect(reason(decided(seen('5', '10'), ours, { ...leaving, symbol: 'MSFT' }))).toBe('COMMIT');
  });

  it('not before the equity was read: there is no ledger to count it in', () => {
    expect(reason(decide({ ...given(ours), capacity: null }, seen('5', '10'), context()))).toBe('CAPACITY_UNKNOWN');
  });

  it('not where it is as known', () => {
    const known = slot('foreign', { status: 'FOREIGN', side: 'buy', quantity: d(20), averagePrice: d(50), seenAt: NOON });
    expect(reason(decided(seen('30', '10', { averagePrice: d(60) }), ours, known))).toBe('ALREADY_KNOWN');
    expect(reason(decided(seen('10.01', '10'), ours))).toBe('ALREADY_KNOWN');
  });

  it('under the condition that no slot of the symbol has moved, whichever of them changes', () => {
    const flat = slot('second', { status: 'FLAT' });
    const changes = changesOf(decided(seen('25', '10'), ours, flat));
    expect(changes.flatMap((change) => (change.kind === 'SLOT' ? [[change.after.slot, change.guard, change.before?.revision ?? null]] : []))).toEqual([
      ['main', 'STATE', 3],
      ['second', 'STATE', 3],
      ['foreign', 'STATE', null],
    ]);
  });
});

describe('SL-11 EX-7 what is gone comes off first in, first out', () => {
  it('over the lots of all the slots of the side that was held, oldest first', () => {
    const first = slot('a', holding('buy', [lot(1, '3'), lot(4, '3')]));
    const second = slot('b', holding('buy', [lot(2, '2'), lot(3, '2')]));
    const slots = after(decided(seen('4.5', '10'), first, second));
    expect([lotsOf(slots.get('a')), lotsOf(slots.get('b'))]).toEqual([['T4:3'], ['T3:1.5']]);
  });

  it('never off the other side, which nothing is missing of', () => {
    const long = slot('a', holding('buy', [lot(1, '10')]));
    const short = slot('b', holding('sell', [lot(2, '4')]));
    const slots = after(decided(seen('2', '6'), long, short));
    expect([lotsOf(slots.get('a')), lotsOf(slots.get('b'))]).toEqual([['T1:6'], ['T2:4']]);
  });

  it('halts the symbol in the same commit, once, and sends nothing', () => {
    const decision = decided(seen('4', '10'), slot('main', holding('buy', [lot(1, '10')])));
    expect(changesOf(decision).map((change) => change.kind)).toEqual(['SLOT', 'ROOM', 'KILL', 'TRIP']);
    expect(decision.notes.map((note) => note.name)).toEqual(['POSITION_MISMATCH', 'POSITION_GONE', 'ANOMALY']);
  });

  it('EX-6 keeps the lots that left without a fill, the commission of each with it', () => {
    const paid = { ...lot(1, '10'), commission: d('0.3') };
    const [trip] = changesOf(decided(seen('4', '10'), slot('main', holding('buy', [paid])))).flatMap((change) => (change.kind === 'TRIP' ? [change.record] : []));
    expect(trip).toMatchObject({ policy: 'NO_FILL', side: 'buy', trips: [], lost: [{ quantity: d(6), commission: d('0.18') }] });
  });

  it.each([['8.99', true, 'ERROR'], ['9', false, 'WARN'], ['9.5', false, 'WARN']] as const)('EX-7 a difference of 10 to %s tells a person: %s', (venue, alert, level) => {
    const decision = decided(seen(venue, '10'), slot('main', holding('buy', [lot(1, '10')])));
    expect(decision.notes.find(({ name }) => name === 'POSITION_MISMATCH')).toMatchObject({ level, fields: { alert } });
  });
});

describe('SL-11 where a foreign position is kept', () => {
  it('never in a slot that is somebody’s: the next name is taken', () => {
    const taken: Slot = { ...slot('foreign', { status: 'FLAT' }), watch: watch({ symbol: 'AAPL', slot: 'foreign' }) };
    expect([...after(decided(seen('5', '0'), taken)).keys()]).toEqual(['foreign', 'foreign-2']);
    const adopted = slot('foreign', holding('buy', [lot(1, '10')]));
    expect(after(decided(seen('15', '10'), adopted)).get('foreign-2')?.position).toMatchObject({ status: 'FOREIGN', quantity: d(5) });
  });

  it('keeps since when it was seen, while its size changes', () => {
    const known = slot('foreign', { status: 'FOREIGN', side: 'buy', quantity: d(20), averagePrice: d(50), seenAt: NOON - 5 });
    expect(after(decided(seen('21', '0'), known)).get('foreign')?.position).toMatchObject({ seenAt: NOON - 5, quantity: d(21) });
    expect(after(decided(seen('-21', '0'), known)).get('foreign')?.position).toMatchObject({ side: 'sell', quantity: d(21) });
  });
});

describe('SL-11 property: whatever the venue says, the books say afterwards', () => {
  const units = fc.integer({ min: 1, max: 5000 }).map((cents) => new Decimal(cents).dividedBy(100));
  const side = fc.constantFrom<'buy' | 'sell'>('buy', 'sell');
  const venue = fc.integer({ min: -9000, max: 9000 }).map((cents) => new Decimal(cents).dividedBy(100));
  const signed = (way: 'buy' | 'sell', quantity: Decimal): Decimal => (way === 'buy' ? quantity : quantity.negated());

  it('to the unit, in one commit, with no order for what is nobody’s and room for all of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(side, units), { maxLength: 4 }), fc.option(fc.tuple(side, units)), venue, (own, other, quantity) => {
        const slots = own.map(([way, size], place) => slot(`s${place}`, holding(way, [lot(place, size)])));
        const foreign = other === null ? [] : [slot('foreign', { status: 'FOREIGN', side: other[0], quantity: other[1], averagePrice: d(50), seenAt: NOON })];
        const ours = sum(own.map(([way, size]) => signed(way, size)));
        const decision = decided(seen(quantity, ours), ...slots, ...foreign);
        const known = ours.plus(other === null ? 0 : signed(other[0], other[1]));
        if (decision.kind === 'IGNORE') {
          expect(decision.reason).toBe('ALREADY_KNOWN');
          expect(known.minus(quantity).abs().lessThanOrEqualTo('0.01')).toBe(true);
          return;
        }
        const changed = after(decision);
        const all = [...slots, ...foreign].map((each) => changed.get(each.slot) ?? each);
        const fresh = [...changed.values()].filter((each) => all.every((one) => one.slot !== each.slot));
        const told = explainedOf([...all, ...fresh], 'AAPL').plus(sum([...all, ...fresh].map((each) => foreignQuantity(each.position))));
        expect(told.minus(quantity).abs().lessThanOrEqualTo('0.01')).toBe(true);
        expect(decision.changes.some((change) => change.kind === 'ACTION')).toBe(false);
      }),
    );
  });
});

describe('SL-11 adoption', () => {
  const foreign = (side: 'buy' | 'sell'): Slot => slot('foreign', { status: 'FOREIGN', side, quantity: d(20), averagePrice: d('50.01'), seenAt: NOON - 5 });
  const adopt = (held: Slot): Decision => decided({ type: 'POSITION_ADOPTED', ref: { symbol: 'AAPL', slot: held.slot }, market: marketRules() }, held);

  it.each([['buy', '47.51', 'sell'], ['sell', '52.51', 'buy']] as const)('a %s gets a stop at %s in the commit that makes it ours, and no room moves', (side, stopPrice, closing) => {
    const decision = adopt(foreign(side));
    const [changed] = after(decision).values();
    expect(changed?.position).toMatchObject({ status: 'OPEN', side, stopPrice: d(stopPrice), stop: { status: 'PLACED', order: { side: closing, quantity: d(20) } } });
    expect(changesOf(decision).map((change) => change.kind)).toEqual(['SLOT', 'ORDER', 'ACTION']);
  });

  it('is of what is foreign alone', () => {
    expect(reason(adopt(slot('main', holding('buy', [lot(1, '10')]))))).toBe('NOT_FOREIGN');
    expect(reason(adopt({ ...slot('x', { status: 'FLAT' }) }))).toBe('NOT_FOREIGN');
  });
});
