import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { type StealInput, chooseSteal } from '../../../shared/domain/steal-choice.ts';
import { NOW, aThief, anOrder, decimal, quote } from './book.ts';

const room = (free: string | null, freeOfClass: string | null = null): StealInput['room'] => ({
  free: free === null ? null : decimal(free),
  freeOfClass: freeOfClass === null ? null : decimal(freeOfClass),
  assetClass: 'stock',
});
const choose = (changes: Partial<StealInput>, settings: Partial<Settings> = {}) =>
  chooseSteal({
    room: room('0'),
    thief: aThief(),
    orders: [anOrder()],
    history: [],
    now: NOW,
    ...changes,
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
const fought = [
  { thief: 'MSFT', victim: 'AAPL', at: NOW - 1000 },
  { thief: 'AAPL', victim: 'MSFT', at: NOW - 2000 },
];

describe('WS-6 readiness and the order of reasons', () => {
  it('claims when it fits, also at exactly the room left, and robs nobody', () => {
    expect(choose({ room: room('500') })).toMatchObject({ outcome: 'CLAIM', needed: decimal('500') });
    expect(choose({ room: room('500'), thief: aThief({ quote: null }) }, { workStealingEnabled: false }).outcome).toBe('CLAIM');
  });

  it('is ready up to its tolerance, and with a price past its limit only where side-aware', () => {
    expect(choose({ thief: aThief({ quote: quote('100.3') }) }).outcome).toBe('STEAL');
    expect(choose({ thief: aThief({ quote: quote('100.31') }) })).toMatchObject({ reason: 'NOT_READY' });
    expect(choose({ thief: aThief({ quote: quote('90') }) })).toMatchObject({ reason: 'NOT_READY' });
    expect(choose({ thief: aThief({ quote: quote('90') }) }, { workStealingDistance: 'side-aware' }).outcome).toBe('STEAL');
    const short = aThief({ side: 'sell', quote: quote('110') });
    expect(choose({ thief: short }, { workStealingDistance: 'side-aware' }).outcome).toBe('STEAL');
  });

  it('asks for no better forecast than the victim’s', () => {
    expect(choose({ thief: aThief({ forecastPnl: decimal('-5') }) }).outcome).toBe('STEAL');
  });

  it('reports the first reason of the list', () => {
    // Everything is wrong at once; each step puts one thing right, and the next reason shows.
    const lost = { orders: [anOrder({ forecastPnl: decimal('9') })], history: fought };
    const far = aThief({ quote: quote('105') });
    const off = { workStealingEnabled: false };
    expect(choose({ room: room(null), thief: aThief({ quote: null }), orders: [] }, off)).toMatchObject({ reason: 'CAPACITY_UNKNOWN' });
    expect(choose({ thief: aThief({ quote: null }), orders: [] }, off)).toMatchObject({ reason: 'STEALING_DISABLED' });
    expect(choose({ thief: aThief({ quote: null }), orders: [] })).toMatchObject({ reason: 'NO_QUOTE' });
    expect(choose({ thief: far, orders: [] })).toMatchObject({ reason: 'NOT_READY' });
    expect(choose({ orders: [], history: fought })).toMatchObject({ reason: 'NO_VICTIM_LARGE_ENOUGH' });
    expect(choose(lost)).toMatchObject({ reason: 'FIGHT_LOST' });
  });

  it('does not know what a watch without limit and quote needs', () => {
    expect(choose({ room: room('500'), thief: aThief({ limit: null, quote: null }) })).toMatchObject({ reason: 'CAPACITY_UNKNOWN', needed: null });
    expect(choose({ room: room('501'), thief: aThief({ limit: null }) })).toMatchObject({ outcome: 'CLAIM', needed: decimal('500.5') });
  });
});

describe('WS-5 victim', () => {
  it('is the first whose unfilled part makes the thief fit', () => {
    const small = anOrder({ clientOrderId: 'small', quote: quote('150'), quantity: decimal('1') });
    const partly = anOrder({ clientOrderId: 'partly', symbol: 'X', quote: quote('140'), filledQuantity: decimal('6') });
    const large = anOrder({ clientOrderId: 'large', symbol: 'Y', quote: quote('120') });
    const choice = choose({ orders: [large, partly, small] });
    expect(choice).toMatchObject({ outcome: 'STEAL', victim: large, release: decimal('1000'), needed: decimal('500'), fight: false, cooldownSeconds: 300 });
    expect(choice).toMatchObject({ thiefDistance: decimal('0.001'), victimDistance: decimal('0.2') });
    expect(choose({ orders: [partly, small], room: room('100') })).toMatchObject({ outcome: 'STEAL', victim: partly });
  });

  it('must also cover what an over-committed account lacks', () => {
    expect(choose({ room: room('-500') }).outcome).toBe('STEAL');
    expect(choose({ room: room('-500.01') })).toMatchObject({ reason: 'NO_VICTIM_LARGE_ENOUGH' });
  });

  it('is never two together', () => {
    const two = [anOrder({ quantity: decimal('4') }), anOrder({ clientOrderId: 'b', symbol: 'B', quantity: decimal('4') })];
    expect(choose({ orders: two })).toMatchObject({ outcome: 'REFUSE', reason: 'NO_VICTIM_LARGE_ENOUGH' });
  });

  it('ends the attempt by a lost fight, and carries the victim for the log line', () => {
    const rival = anOrder({ quote: quote('150'), forecastPnl: decimal('9') });
    const other = anOrder({ clientOrderId: 'other', symbol: 'OTHER' });
    expect(choose({ orders: [other, rival], history: fought })).toMatchObject({ outcome: 'REFUSE', reason: 'FIGHT_LOST', victim: rival });
  });

  it('is chosen so that needed never exceeds free plus release', () => {
    const amount = fc.integer({ min: 0, max: 30 }).map((value) => decimal(String(value)).times('0.1'));
    const orders = fc.array(fc.record({ quantity: amount, gap: amount }), { maxLength: 6 });
    fc.assert(
      fc.property(orders, amount, amount, (specs, free, quantity) => {
        const book = specs.map((spec, index) =>
          anOrder({
            clientOrderId: String(index),
            symbol: `S${index}`,
            limit: decimal('1'),
            quantity: spec.quantity,
            quote: { price: decimal('1').plus(spec.gap), at: NOW },
          }),
        );
        const thief = aThief({ limit: decimal('1'), quantity, quote: quote('1.001') });
        const choice = choose({ room: { free, freeOfClass: null, assetClass: 'stock' }, thief, orders: book });
        if (choice.outcome === 'CLAIM') expect(choice.needed.lte(free)).toBe(true);
        else if (choice.outcome === 'STEAL') {
          expect(choice.needed.gt(free) && choice.needed.lte(free.plus(choice.release))).toBe(true);
          expect(choice.victimDistance.gt('0.004')).toBe(true);
        } else {
          const enough = book.filter((one) => one.quote?.price.gt('1.004') && quantity.lte(free.plus(one.quantity)));
          expect(enough).toEqual([]);
        }
      }),
    );
  });
});

describe('WS-7 fights inside an attempt', () => {
  it('are won with a greater forecast and give the long cooldown', () => {
    expect(choose({ history: fought })).toMatchObject({ outcome: 'STEAL', fight: true, cooldownSeconds: 1800 });
  });
});

describe('WS-9 dry run', () => {
  it('reports what it would do and refuses what it would refuse', () => {
    const dry = { workStealingDryRun: true };
    expect(choose({}, dry)).toMatchObject({ outcome: 'WOULD_STEAL', victim: { clientOrderId: 'order' } });
    expect(choose({ orders: [] }, dry)).toMatchObject({ outcome: 'REFUSE', reason: 'NO_VICTIM_LARGE_ENOUGH' });
    expect(choose({ room: room('500') }, dry).outcome).toBe('CLAIM');
  });
});

describe('WS-13 class caps', () => {
  it('hold under the common cap: room elsewhere is not enough', () => {
    expect(choose({ room: room('9000', '499'), orders: [] })).toMatchObject({ reason: 'NO_VICTIM_LARGE_ENOUGH' });
    expect(choose({ room: room('9000', '500'), orders: [] }).outcome).toBe('CLAIM');
  });

  it('are relieved only by a victim of the same class', () => {
    const coin = anOrder({ assetClass: 'crypto', clientOrderId: 'coin', symbol: 'BTC/USD', quote: quote('190') });
    const share = anOrder();
    expect(choose({ room: room('9000', '0'), orders: [coin, share] })).toMatchObject({ outcome: 'STEAL', victim: share });
    expect(choose({ room: room('9000', '0'), orders: [coin] })).toMatchObject({ reason: 'NO_VICTIM_LARGE_ENOUGH' });
    expect(choose({ room: room('0', '9000'), orders: [coin] })).toMatchObject({ outcome: 'STEAL', victim: coin });
  });
});
