import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HeldPosition, comparePositions } from '../../shared/domain/position-sync.ts';
import { decimal } from '../shared/domain/book.ts';

const held = (positions: Record<string, string>): HeldPosition[] =>
  Object.entries(positions).map(([symbol, quantity]) => ({ symbol, quantity: decimal(quantity) }));
const lots = new Map([['AAPL', decimal('1')], ['BTC/USD', decimal('0.0001')], ['MSFT', decimal('0.5')]]);
const compare = (local: Record<string, string>, exchange: Record<string, string> | null) =>
  comparePositions({ local: held(local), exchange: exchange && held(exchange), lots });

describe('EX-7 position sync', () => {
  it('stays quiet where both agree, also on nothing', () => {
    expect(compare({ AAPL: '10', MSFT: '0' }, { AAPL: '10.0' })).toEqual({ known: true, differences: [] });
  });

  it('compares in both directions, the venue’s minus ours', () => {
    expect(compare({ AAPL: '10' }, { MSFT: '-3' }).differences).toMatchObject([
      { symbol: 'AAPL', local: decimal('10'), exchange: decimal('0'), difference: decimal('-10'), reconcile: true, alert: true },
      { symbol: 'MSFT', local: decimal('0'), exchange: decimal('-3'), difference: decimal('-3'), reconcile: true, alert: true },
    ]);
  });

  it.each([
    ['MSFT', '0.5', false, false],
    ['MSFT', '0.5000001', true, false],
    ['AAPL', '1', false, false],
    ['AAPL', '-1', false, false],
    ['AAPL', '1.01', true, true],
    ['AAPL', '-1.01', true, true],
    ['BTC/USD', '0.0002', true, false],
    ['BTC/USD', '1', true, false],
    ['UNKNOWN', '0.00000001', true, false],
  ])('ignores up to a lot, reconciles more, alerts above a unit: %s by %s', (symbol, difference, reconcile, alert) => {
    const exchange = decimal('100').plus(difference).toFixed();
    expect(compare({ [symbol]: '100' }, { [symbol]: exchange }).differences).toMatchObject([{ symbol, reconcile, alert }]);
  });

  it('adds up what several slots hold of a symbol', () => {
    const local = [...held({ AAPL: '4' }), ...held({ AAPL: '6' })];
    expect(comparePositions({ local, exchange: held({ AAPL: '10' }), lots }).differences).toEqual([]);
  });

  it('SL-11 takes an answer that failed for no answer, not for flat', () => {
    expect(compare({ AAPL: '10' }, null)).toEqual({ known: false, differences: [] });
    expect(compare({ AAPL: '10' }, {})).toMatchObject({ known: true, differences: [{ symbol: 'AAPL' }] });
  });

  it('explains the venue wholly: ours plus the differences are theirs, by symbol ascending, and the mirror negates', () => {
    const book = fc.dictionary(fc.constantFrom('AAPL', 'BTC/USD', 'MSFT', 'X', 'A'), fc.integer({ min: -5, max: 5 }).map(String));
    fc.assert(
      fc.property(book, book, (local, exchange) => {
        const { differences } = compare(local, exchange);
        for (const symbol of ['AAPL', 'BTC/USD', 'MSFT', 'X', 'A']) {
          const found = differences.find((one) => one.symbol === symbol);
          expect(Number(local[symbol] ?? 0) + Number(found?.difference ?? 0)).toBe(Number(exchange[symbol] ?? 0));
        }
        expect(differences.map((one) => one.symbol)).toEqual(differences.map((one) => one.symbol).toSorted());
        const mirrored = compare(exchange, local).differences;
        expect(mirrored.map((one) => one.difference.negated().toFixed())).toEqual(differences.map((one) => one.difference.toFixed()));
      }),
    );
  });
});
