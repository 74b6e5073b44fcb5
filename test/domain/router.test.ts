import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { type LiveLevel, type RouteTerms, type RoutedWork, type WantedLevel, routeLevels } from '../../shared/domain/router.ts';
import { decimal } from '../shared/domain/book.ts';
import { deepFreeze } from '../support/deep-freeze.ts';

const terms: RouteTerms = {
  spread: { bid: decimal('99.99'), ask: decimal('100.01') },
  amends: true,
  amendThresholdBps: DEFAULT_SETTINGS.amendThresholdBps,
};
const want = (changes: Partial<WantedLevel> = {}): WantedLevel => ({
  level: 'BUY_1',
  side: 'buy',
  price: decimal('99.5'),
  quantity: decimal('1'),
  postOnly: true,
  ...changes,
});
const rest = (id: string, changes: Partial<LiveLevel> = {}): LiveLevel => ({
  id,
  level: 'BUY_1',
  side: 'buy',
  price: decimal('99.5'),
  remainingQuantity: decimal('1'),
  ...changes,
});
const route = (wanted: WantedLevel[], live: LiveLevel[], changes: Partial<RouteTerms> = {}): RoutedWork =>
  routeLevels(deepFreeze(wanted), deepFreeze(live), { ...terms, ...changes });

describe('EX-3 router', () => {
  it('places what is missing, leaves what is equal by value, cancels what is not wanted', () => {
    expect(route([want()], [])).toMatchObject({ sequence: ['PLACE'], place: [{ level: 'BUY_1', replaces: [] }] });
    expect(route([want()], [rest('a', { price: decimal('99.500'), remainingQuantity: decimal('1.0') })])).toMatchObject({ sequence: [] });
    expect(route([], [rest('b'), rest('a', { level: 'SELL_1' })])).toMatchObject({ sequence: ['CANCEL'], cancel: ['a', 'b'] });
  });

  it('amends up to the threshold and not a digit beyond', () => {
    const live = [rest('a', { price: decimal('100') })];
    const spread = { bid: decimal('101'), ask: decimal('102') };
    expect(route([want({ price: decimal('99.8') })], live, { spread }).sequence).toEqual(['AMEND']);
    expect(route([want({ price: decimal('99.79999999999999999999') })], live, { spread }).sequence).toEqual(['CANCEL', 'PLACE']);
    expect(route([want({ price: decimal('100.2') })], live, { spread }).sequence).toEqual(['AMEND']);
    expect(route([want({ price: decimal('100.20000000000000000001') })], live, { spread }).sequence).toEqual(['CANCEL', 'PLACE']);
  });

  it('measures against the price of the live order where the ratio does not end', () => {
    const live = [rest('a', { price: decimal('300') })];
    const spread = { bid: decimal('301'), ask: decimal('302') };
    expect(route([want({ price: decimal('299.4') })], live, { spread }).sequence).toEqual(['AMEND']);
    expect(route([want({ price: decimal('299.3999') })], live, { spread }).sequence).toEqual(['CANCEL', 'PLACE']);
  });

  it('replaces what changes its side, and names the orders that a new one waits for', () => {
    const changed = route([want({ side: 'sell', price: decimal('100.5') })], [rest('a', { price: decimal('100.5') })]);
    expect(changed).toMatchObject({ sequence: ['CANCEL', 'PLACE'], cancel: ['a'], place: [{ replaces: ['a'] }] });
  });

  it('falls back to cancel and place where the venue amends nothing, but still leaves what is equal', () => {
    const live = [rest('a')];
    expect(route([want({ quantity: decimal('2') })], live, { amends: false }).sequence).toEqual(['CANCEL', 'PLACE']);
    expect(route([want()], live, { amends: false }).sequence).toEqual([]);
  });

  it('blocks a post-only price at the touch or beyond, and leaves the live order of that level alone', () => {
    const blocked = (wanted: WantedLevel, live: LiveLevel[] = []) => route([wanted], live);
    expect(blocked(want({ price: decimal('100.01') }), [rest('a')])).toMatchObject({ sequence: [], blocked: [{ level: 'BUY_1', reason: 'WOULD_CROSS_SPREAD' }] });
    expect(blocked(want({ side: 'sell', price: decimal('99.99') })).blocked).toHaveLength(1);
    expect(blocked(want({ price: decimal('100.01'), postOnly: false })).sequence).toEqual(['PLACE']);
    expect(route([want({ price: decimal('100.01') })], [], { spread: { bid: decimal('99'), ask: null } }).sequence).toEqual(['PLACE']);
  });

  it('keeps, of several orders on a level, the one that needs least, and cancels the others', () => {
    const near = rest('b', { price: decimal('99.51') });
    expect(route([want()], [near, rest('c'), rest('d', { price: decimal('50') })])).toMatchObject({ sequence: ['CANCEL'], cancel: ['b', 'd'] });
    expect(route([want()], [rest('z', { price: decimal('99.49') }), near])).toMatchObject({ cancel: ['z'], amend: [{ id: 'b' }] });
    expect(route([want({ price: decimal('100.01') })], [near, rest('c')]).cancel).toHaveLength(1);
  });

  it('refuses a level that is wanted twice', () => {
    expect(() => route([want(), want({ price: decimal('99') })], [])).toThrow('wanted: expected every level once');
  });
});

describe('EX-3 router, whatever is wanted and whatever rests', () => {
  const level = fc.constantFrom('BUY_1', 'BUY_2', 'SELL_1', 'SELL_2', 'BUY_10');
  const side = fc.constantFrom('buy' as const, 'sell' as const);
  const price = fc.integer({ min: 9950, max: 10050 }).map((cents) => decimal(`${cents}e-2`));
  const quantity = fc.integer({ min: 1, max: 3 }).map((units) => decimal(String(units)));
  const wanted = fc.uniqueArray(fc.record({ level, side, price, quantity, postOnly: fc.boolean() }), { selector: (one) => one.level });
  const live = fc
    .array(fc.record({ level, side, price, remainingQuantity: quantity }), { maxLength: 8 })
    .map((orders) => orders.map((order, index) => ({ ...order, id: `o${index}` })));
  const route = fc.record({ spread: fc.constant(terms.spread), amends: fc.boolean(), amendThresholdBps: fc.constantFrom(0, 20, 200) });

  /** What rests once all the work is done. */
  const after = (orders: readonly LiveLevel[], work: RoutedWork): LiveLevel[] => [
    ...orders
      .filter(({ id }) => !work.cancel.includes(id))
      .map((order) => {
        const amend = work.amend.find(({ id }) => id === order.id);
        return amend === undefined ? order : { ...order, price: amend.price, remainingQuantity: amend.quantity };
      }),
    ...work.place.map(({ level: name, side: way, price: at, quantity: size }) => ({ id: `new ${name}`, level: name, side: way, price: at, remainingQuantity: size })),
  ];

  it('never leaves two orders on a level, and on a wanted one exactly what is wanted', () => {
    fc.assert(
      fc.property(wanted, live, route, (levels, orders, given) => {
        const work = routeLevels(levels, orders, given);
        const resting = after(orders, work);
        expect(new Set(resting.map((order) => order.level)).size).toBe(resting.length);
        const blocked = new Set(work.blocked.map((one) => one.level));
        for (const one of levels) {
          const order = resting.find((found) => found.level === one.level);
          if (blocked.has(one.level)) {
            // Left alone: as it stood, or nothing where nothing stood.
            if (order === undefined) expect(orders.some((known) => known.level === one.level)).toBe(false);
            else expect(orders).toContain(order);
          } else {
            expect([order?.side, order?.price.equals(one.price), order?.remainingQuantity.equals(one.quantity)]).toEqual([one.side, true, true]);
          }
        }
        expect(resting.every((order) => levels.some((one) => one.level === order.level))).toBe(true);
      }),
    );
  });

  it('finds nothing more to do once its work is done', () => {
    fc.assert(
      fc.property(wanted, live, route, (levels, orders, given) => {
        const resting = after(orders, routeLevels(levels, orders, given));
        expect(routeLevels(levels, resting, given).sequence).toEqual([]);
      }),
    );
  });

  it('touches an order at most once, amends only small moves of one side, and depends on no order of its lists', () => {
    fc.assert(
      fc.property(wanted, live, route, (levels, orders, given) => {
        const work = routeLevels(levels, orders, given);
        const touched = [...work.cancel, ...work.amend.map(({ id }) => id)];
        expect(new Set(touched).size).toBe(touched.length);
        for (const { id, price: to } of work.amend) {
          const from = orders.find((order) => order.id === id);
          expect(from?.price.minus(to).abs().dividedBy(from.price).times(10_000).lessThanOrEqualTo(given.amendThresholdBps)).toBe(true);
        }
        if (!given.amends) expect(work.amend).toEqual([]);
        expect(routeLevels(levels.toReversed(), orders.toReversed(), given)).toEqual(work);
      }),
    );
  });
});
