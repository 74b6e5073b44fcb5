import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QuoteBoard } from '../../shared/domain/decision.ts';
import { decide } from '../../shared/domain/decide.ts';
import { addToFeatures } from '../../shared/domain/market-features.ts';
import type { MarketFeatures } from '../../shared/domain/market-features.ts';
import { NATR_BARS, addRange, natrOf, natrSeen } from '../../shared/domain/natr.ts';
import type { RangeSeen } from '../../shared/domain/natr.ts';
import type { BarPrices } from '../../shared/domain/trail.ts';
import { featuredSymbols } from '../../shared/domain/wanted-bars.ts';
import { NOON, SATURDAY, context, d, snapshot, watch, watchingSlot } from '../support/builders.ts';

const MINUTE = 60_000;
const cents = fc.integer({ min: 1, max: 1_000_000 }).map((value) => d(value).dividedBy(100));
const anyBar: fc.Arbitrary<BarPrices> = fc.tuple(cents, cents, cents).map((prices) => {
  const [low, close, high] = prices.toSorted((a, b) => a.comparedTo(b));
  if (low === undefined || close === undefined || high === undefined) throw new Error('three prices');
  return { open: low, high, low, close };
});

describe('FP-1 the range of bars that are not kept', () => {
  it('is what it is worked out to from all of them', () => {
    fc.assert(
      fc.property(fc.array(anyBar, { minLength: 1, maxLength: 60 }), (bars) => {
        const seen = bars.reduce<RangeSeen | null>(addRange, null);
        const [told, exact] = [natrSeen(seen), natrOf(bars)];
        if (told === null || exact === null) return expect([told, exact]).toEqual([null, null]);
        return expect(told.minus(exact).abs().lessThan('1e-12')).toBe(true);
      }),
    );
  });

  it('is told from fourteen bars on', () => {
    const bar = { open: d(100), high: d(102), low: d(100), close: d(100) };
    const after = (count: number) => natrSeen(Array.from({ length: count }, () => bar).reduce<RangeSeen | null>(addRange, null));
    expect([after(NATR_BARS - 1), after(NATR_BARS)?.toFixed(), after(100)?.toFixed()]).toEqual([null, '0.02', '0.02']);
  });
});

const seeEach = (prices: readonly (readonly [minute: number, price: string])[], opensAt = NOON): MarketFeatures | undefined =>
  prices.reduce<{ known: MarketFeatures | undefined; before: { price: ReturnType<typeof d>; at: number } | undefined }>(
    ({ known, before }, [minute, price]) => {
      const quote = { price: d(price), at: NOON + minute * MINUTE };
      return { known: addToFeatures(known, { before, quote, grid: { opensAt, barMinutes: 5 } }), before: quote };
    },
    { known: undefined, before: undefined },
  ).known;

describe('FP-1 what is kept of a symbol that a grid watches', () => {
  it('adds a bar of five minutes to its range once a later price has completed it', () => {
    expect(seeEach([[0, '100'], [2, '104'], [4, '101']])?.range).toBeNull();
    expect(seeEach([[0, '100'], [2, '104'], [4, '101'], [5, '102']])?.range).toEqual({ bars: 1, average: d(4), close: d(101) });
  });

  it('counts the distance from the close of the bar before into a bar\'s range', () => {
    expect(seeEach([[0, '100'], [5, '110'], [10, '110']])?.range).toEqual({ bars: 2, average: d(5), close: d(110) });
  });

  it('makes nothing of a price from before the session', () => {
    expect(seeEach([[0, '100'], [1, '101'], [6, '99']], NOON + 60 * MINUTE)).toEqual({ building: null, range: null, flow: { buys: d(0), sells: d(0), towards: null } });
  });
});

const level = (symbol: string) => {
  const slot = watchingSlot({ symbol, slot: 'BUY_1' });
  return { ...slot, watch: watch({ symbol, slot: 'BUY_1' }, { level: { grid: '', reset: 'soft' } }) };
};

describe('FP-1 whose features are kept', () => {
  it('only those of symbols that a grid watches, each once', () => {
    const slots = [level('BTC/USD'), { ...level('BTC/USD'), slot: 'BUY_2' }, watchingSlot({ symbol: 'ETH/USD' }), { ...level('MSFT'), watch: null }];
    expect(featuredSymbols(slots, context()).map(({ symbol }) => symbol)).toEqual(['BTC/USD']);
  });

  it('of a stock its session alone, of crypto the whole day and the last bar of each', () => {
    const opensAt = (symbol: string, now: number) => featuredSymbols([level(symbol)], context({ now }))[0]?.grid.opensAt ?? -1;
    expect(opensAt('AAPL', NOON)).toBe(Date.UTC(2025, 5, 4, 13, 30));
    expect(opensAt('AAPL', SATURDAY)).toBeGreaterThan(SATURDAY);
    expect(opensAt('BTC/USD', SATURDAY)).toBe(0);
  });

  const see = (board: QuoteBoard, featured: readonly string[], price: string): QuoteBoard => {
    const now = NOON + board.revision * MINUTE;
    const quotes = { 'BTC/USD': { price: d(price), at: now } };
    const wanted = featured.map((symbol) => ({ symbol, grid: { opensAt: 0, barMinutes: 5 } }));
    const decision = decide(snapshot({ board }), { type: 'QUOTES_SEEN', quotes, grids: [], featured: wanted }, context({ now }));
    if (decision.kind === 'IGNORE') throw new Error(decision.reason);
    const [change] = decision.changes;
    if (change?.kind !== 'QUOTES') throw new Error('no board');
    return change.after;
  };

  it('where no grid watches, a board has none, and what it had is gone with the next price', () => {
    const none = see({ revision: 0, quotes: {}, bars: {}, features: {} }, [], '100');
    expect(none.features).toEqual({});
    const kept = see(none, ['BTC/USD', 'ETH/USD'], '101');
    expect(Object.keys(kept.features)).toEqual(['BTC/USD']);
    expect(kept.features['BTC/USD']?.flow.buys.toFixed()).toBe('1');
    expect(see(kept, [], '102').features).toEqual({});
  });

  it('stays as it is where only others have new prices', () => {
    const flow = { buys: d(3), sells: d(1), towards: 'UP' as const };
    const features = { 'ETH/USD': { building: null, range: null, flow } };
    expect(see({ revision: 3, quotes: {}, bars: {}, features }, ['ETH/USD'], '100').features).toEqual(features);
  });
});
