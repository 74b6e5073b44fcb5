import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bar, type BarGrid, addQuote, barStart } from '../../shared/domain/bar.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { decimal } from '../shared/domain/book.ts';

const OPEN = Date.UTC(2025, 5, 11, 3, 45);
const grid: BarGrid = { opensAt: OPEN, barMinutes: 15 };
const quote = (second: number, price: string): Quote => ({ price: decimal(price), at: OPEN + second * 1000 });

/** Builds all bars of some quotes; the last one is still being built. */
const build = (quotes: readonly Quote[], on: BarGrid = grid): { completed: Bar[]; building: Bar | null } => {
  const completed: Bar[] = [];
  let building: Bar | null = null;
  for (const one of quotes) {
    const step = addQuote(building, one, on);
    building = step.building;
    if (step.completed !== null) completed.push(step.completed);
  }
  return { completed, building };
};
const shown = (bar: Bar | null) => bar && [(bar.startsAt - OPEN) / 60_000, ...[bar.open, bar.high, bar.low, bar.close].map((price) => price.toFixed())];

describe('SL-5 bars', () => {
  it('begin with the session and are half-open', () => {
    const starts = [0, 899, 900, -1].map((second) => barStart(OPEN + second * 1000, grid) - OPEN);
    expect(starts).toEqual([0, 0, 900_000, -900_000]);
    expect(barStart(OPEN + 3599_999, { opensAt: OPEN, barMinutes: 60 })).toBe(OPEN);
  });

  it('hold first, greatest, least and last price, and complete with the first quote of a later bar', () => {
    const { completed, building } = build([quote(0, '10'), quote(10, '12'), quote(20, '9'), quote(899, '11'), quote(900, '13')]);
    expect(completed.map(shown)).toEqual([[0, '10', '12', '9', '11']]);
    expect(shown(building)).toEqual([15, '13', '13', '13', '13']);
  });

  it('leave out stretches without a price', () => {
    expect(build([quote(0, '10'), quote(7200, '11')]).completed.map(shown)).toEqual([[0, '10', '10', '10', '10']]);
  });

  it('take no price that is not newer than the last, nor one that is none', () => {
    const { completed, building } = build([quote(0, '10'), quote(60, '11'), quote(60, '99'), quote(30, '1'), quote(-900, '5'), quote(70, '0'), quote(2000, 'NaN')]);
    expect(completed).toEqual([]);
    expect(shown(building)).toEqual([0, '10', '11', '10', '11']);
    expect(addQuote(null, quote(0, '0'), grid)).toEqual({ building: null, completed: null });
  });

  it('are cut where the next session begins, whatever their length', () => {
    const first = addQuote(null, quote(0, '10'), { opensAt: OPEN, barMinutes: 420 }).building;
    const nextDay = addQuote(first, quote(86_400, '11'), { opensAt: OPEN + 86_400_000, barMinutes: 420 });
    expect([shown(nextDay.completed), shown(nextDay.building)]).toEqual([[0, '10', '10', '10', '10'], [1440, '11', '11', '11', '11']]);
  });

  it('partition the quotes: each is in exactly one bar, and the bars say what their quotes say', () => {
    const offers = fc.array(fc.record({ second: fc.integer({ min: 0, max: 20_000 }), cents: fc.integer({ min: 1, max: 9999 }) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(offers, fc.constantFrom(1, 5, 7, 15, 60), (given, barMinutes) => {
        // Only what is newer than everything before it counts.
        let newest = -1;
        const counted = given.filter(({ second }) => second > newest && ((newest = second), true));
        const groups = Map.groupBy(counted, ({ second }) => Math.floor(second / (barMinutes * 60)));
        const expected = [...groups].map(([index, group]) => {
          const cents = group.map((one) => one.cents);
          const prices = [cents.at(0), Math.max(...cents), Math.min(...cents), cents.at(-1)];
          return [index * barMinutes, ...prices.map((price) => decimal(String(price)).dividedBy(100).toFixed())];
        });
        const quotes = given.map(({ second, cents }) => ({ price: decimal(String(cents)).dividedBy(100), at: OPEN + second * 1000 }));
        const { completed, building } = build(quotes, { opensAt: OPEN, barMinutes });
        expect([...completed, building].map(shown)).toEqual(expected);
      }),
    );
  });
});
