import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../shared/domain/action.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import { expiredClaims } from '../../shared/domain/reconcile-claims.ts';
import { compareOrders, findingId } from '../../shared/domain/reconcile-orders.ts';
import type { VenueOrders } from '../../shared/domain/reconcile-orders.ts';
import { isExplained, isSettled, mismatches, oursKey } from '../../shared/domain/reconcile-positions.ts';
import { isYoung, NEVER_RECONCILED, wasSeenBefore } from '../../shared/domain/reconcile-state.ts';
import { tradesAsReports } from '../../shared/domain/reconcile-trades.ts';
import type { Order, Slot } from '../../shared/domain/slot.ts';
import { NOON, d, watchingSlot } from '../support/builders.ts';

const LATER = NOON + 60_000;

const order = (changes: Partial<Order> = {}): Order => ({
  clientOrderId: 'E1-AAPL-x', exchangeOrderId: 'V1', purpose: 'ENTRY', fence: 1, side: 'buy', quantity: d(10), limit: d(100), stopPrice: null,
  status: 'OPEN', filledQuantity: d(0), filledNotional: d(0), tradedQuantity: d(0), createdAt: NOON, ...changes,
});

const working = (changes: Partial<Order> = {}): Slot => ({
  ...watchingSlot({ symbol: 'AAPL' }),
  entry: { status: 'WORKING', order: order(changes), amendment: null, attempts: 0 },
});

const report = (changes: Partial<OrderReport> = {}): OrderReport => ({
  clientOrderId: 'E1-AAPL-x', exchangeOrderId: 'V1', symbol: 'AAPL', status: 'OPEN', filledQuantity: d(0), averagePrice: null,
  quantity: d(10), limit: d(100), stopPrice: null, refusal: null, trades: [], at: NOON, ...changes,
});

const action = (changes: Partial<Action> = {}): Action => ({
  id: 'a', clientOrderId: 'E1-AAPL-x', purpose: 'ENTRY', ref: { symbol: 'AAPL', slot: 'main' }, assetClass: 'stock', intent: { kind: 'CANCEL' },
  state: 'SENT', plannedAt: NOON, sentAt: NOON, validUntil: null, notSent: 0, ...changes,
});

const PLACE: Action['intent'] = { kind: 'PLACE', side: 'buy', quantity: d(10), limit: d(100), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false };

const kinds = (slots: readonly Slot[], venue: VenueOrders, actions: readonly Action[] = [], now = LATER): readonly string[] =>
  compareOrders({ slots, actions }, venue, now).map((finding) => finding.kind);

const NONE: VenueOrders = { plain: [], conditional: [] };

describe('SL-11 what is found of orders', () => {
  it('nothing where the venue says what we know', () => {
    expect(kinds([working()], { plain: [report()], conditional: [] })).toEqual([]);
  });

  it.each<[string, Partial<OrderReport>]>([
    ['other fills', { filledQuantity: d(3) }],
    ['no word of its fills', { filledQuantity: null }],
    ['an end', { status: 'CANCELLED' }],
  ])('%s of a live order is news', (_name, changes) => {
    expect(kinds([working()], { plain: [report(changes)], conditional: [] })).toEqual(['REPORTED']);
  });

  it('an acknowledgement is news of an order that had none, and so is any word while it is being amended', () => {
    expect(kinds([working({ status: 'SUBMITTED' })], { plain: [report()], conditional: [] })).toEqual(['REPORTED']);
    const slot = working();
    const amendment = { attempt: 1, plannedAt: NOON, limit: d(101), stopPrice: null, quantity: d(10) };
    const amended: Slot = { ...slot, entry: { status: 'WORKING', order: order(), amendment, attempts: 1 } };
    expect(kinds([amended], { plain: [report()], conditional: [] })).toEqual(['REPORTED']);
  });

  it('a live order in no list is to be asked for, from the end of its grace on', () => {
    expect([kinds([working()], NONE, [], NOON + 9_999), kinds([working()], NONE, [], NOON + 10_000)]).toEqual([[], ['UNLISTED']]);
  });

  it('an order that something is being done about is left alone as long, from its send on', () => {
    const sent = action({ plannedAt: NOON, sentAt: LATER - 5_000 });
    expect([kinds([working()], NONE, [sent]), kinds([working()], NONE, [sent], LATER + 5_000)]).toEqual([[], ['UNLISTED']]);
  });

  it('a placement never sent is nowhere to be asked for, however old', () => {
    expect(kinds([working()], NONE, [action({ intent: PLACE, state: 'PLANNED', sentAt: null })], LATER + 1_000_000)).toEqual([]);
  });

  it('a list that failed says nothing of what it would have covered; a stop may stand in either', () => {
    const stop = working({ limit: null, stopPrice: d(95) });
    expect(kinds([working(), stop], { plain: null, conditional: [] })).toEqual([]);
    expect(kinds([working()], { plain: [], conditional: null })).toEqual(['UNLISTED']);
    expect(kinds([stop], { plain: [], conditional: null })).toEqual([]);
    expect(kinds([stop], { plain: [report()], conditional: null })).toEqual([]);
    expect(kinds([stop], { plain: null, conditional: [report()] })).toEqual([]);
  });

  it('an order of no slot is told of once, in whichever lists it stands', () => {
    const stranger = report({ clientOrderId: 'by-hand' });
    expect(kinds([], { plain: [stranger], conditional: [stranger] })).toEqual(['UNKNOWN']);
  });

  it('an entry on its way out that lives on without a cancel', () => {
    const slot = working();
    const leaving: Slot = { ...slot, entry: { status: 'CANCELLING', order: order(), reason: 'WITHDRAWN', amendment: null, attempts: 3 } };
    const venue = { plain: [report()], conditional: [] };
    expect(compareOrders({ slots: [leaving], actions: [] }, venue, LATER)).toEqual([{ kind: 'UNCANCELLED', clientOrderId: 'E1-AAPL-x', attempt: 3 }]);
    expect(kinds([leaving], venue, [action()])).toEqual([]);
  });
});

describe('SL-10 a finding is named by what it says', () => {
  it('the same finding twice is one event, and any other is another', () => {
    const changes: readonly Partial<OrderReport>[] = [
      {}, { status: 'FILLED' }, { filledQuantity: d(1) }, { stopPrice: d(95) }, { limit: d(99) }, { quantity: d(9) }, { at: NOON + 1 }, { clientOrderId: 'E2-AAPL-x' },
    ];
    expect(findingId(report({ filledQuantity: d('1.0') }))).toBe(findingId(report({ filledQuantity: d(1), trades: [], refusal: 'x' })));
    expect(new Set(changes.map((each) => findingId(report(each)))).size).toBe(changes.length);
  });
});

describe('SL-10 trades of the account', () => {
  const trade = (id: number, clientOrderId: string | null, symbol = 'AAPL') => ({
    tradeId: `T${id}`, price: d(100), quantity: d(1), fee: null, liquidity: null, at: NOON + id, clientOrderId, symbol, side: 'buy' as const,
  });

  it('are one report for each order, open or not, with nothing claimed that a trade does not say', () => {
    const events = tradesAsReports([trade(1, 'a'), trade(2, 'b', 'MSFT'), trade(3, null), trade(4, 'a')]);
    expect(events.map(({ event }) => [event.report.clientOrderId, event.report.symbol, event.report.trades.map((each) => each.tradeId), event.report.at])).toEqual([
      ['a', 'AAPL', ['T1', 'T4'], NOON + 4],
      ['b', 'MSFT', ['T2'], NOON + 2],
    ]);
    expect(events[0]?.event.report).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: null, quantity: null, limit: null });
  });

  it('are told in parts that one commit can count, each an event of its own', () => {
    const events = tradesAsReports(Array.from({ length: 120 }, (_, id) => trade(id, 'a')));
    expect(events.map(({ event }) => event.report.trades.length)).toEqual([50, 50, 20]);
    expect(new Set(events.map(({ event }) => event.webhookId)).size).toBe(3);
  });
});

describe('SL-11 a sighting', () => {
  it('counts from the end of the grace on, and only under its own name', () => {
    const state = { ...NEVER_RECONCILED, sightings: { 'ORDER a': NOON } };
    expect([wasSeenBefore(state, 'ORDER a', NOON + 9_999), wasSeenBefore(state, 'ORDER a', NOON + 10_000)]).toEqual([false, true]);
    expect([wasSeenBefore(state, 'ORDER b', LATER), wasSeenBefore(state, 'constructor', LATER)]).toEqual([false, false]);
    expect([isYoung(NOON, NOON + 9_999), isYoung(NOON, NOON + 10_000)]).toEqual([true, false]);
  });
});

describe('EX-9 an entry planned and never sent', () => {
  it('is given up after its time, and nothing else is', () => {
    const planned = action({ intent: PLACE, state: 'PLANNED', sentAt: null, validUntil: NOON });
    expect([expiredClaims([planned], NOON), expiredClaims([planned], NOON + 1)]).toEqual([
      [],
      [{ type: 'ACTION_STOPPED', actionId: 'a', clientOrderId: 'E1-AAPL-x', reason: 'ACTION_EXPIRED' }],
    ]);
    const kept = [{ state: 'SENT' }, { purpose: 'EXIT' }, { intent: { kind: 'CANCEL' } }, { validUntil: null }] as const;
    expect(expiredClaims(kept.map((changes) => ({ ...planned, ...changes })), LATER)).toEqual([]);
  });
});

describe('SL-11 EX-7 what is found of positions', () => {
  const held = (symbol: string, slot: string, side: 'buy' | 'sell', quantity: Decimal): Slot => ({
    ...watchingSlot({ symbol, slot }),
    position: { status: 'FOREIGN', side, quantity, averagePrice: d(1), seenAt: NOON },
  });
  const units = fc.integer({ min: 1, max: 1000 }).map((cents) => new Decimal(cents).dividedBy(100));

  it('all the slots of a symbol together are what the venue knows once, whichever way each is held', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom<'buy' | 'sell'>('buy', 'sell'), units), { maxLength: 5 }), (list) => {
        const slots = list.map(([side, quantity], place) => held('AAPL', `s${place}`, side, quantity));
        const total = sum(list.map(([side, quantity]) => (side === 'buy' ? quantity : quantity.negated())));
        expect(mismatches(slots, [{ symbol: 'AAPL', quantity: total }], new Map())).toEqual([]);
        expect(mismatches(slots, [{ symbol: 'AAPL', quantity: total.plus(1) }], new Map())).toHaveLength(1);
      }),
    );
  });

  it('nothing where the positions could not be read, whatever is held', () => {
    expect(mismatches([held('AAPL', 'main', 'buy', d(5))], null, new Map())).toEqual([]);
  });

  it('what orders of ours without a record had filled explains as much and no more', () => {
    const keys = [oursKey('AAPL', d(4), 'a'), oursKey('AAPL', d(3), 'b'), oursKey('MSFT', d(9), 'c'), 'POSITION AAPL 100 100'];
    expect([isExplained(keys, 'AAPL', d(7)), isExplained(keys, 'AAPL', d('7.01')), isExplained(keys, 'NVDA', d(0))]).toEqual([true, false, false]);
    expect(keys.map((key) => isSettled(key, new Set(['AAPL'])))).toEqual([false, false, true, false]);
  });
});
