import { describe, expect, it } from '@jest/globals';
import { isValidRank, rankCrypto } from '../../../shared/domain/rank.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { type EntryCheck, isForced, mayEnter, toleranceOf } from '../../../shared/domain/tolerance.ts';
import { NOW, decimal, quote } from './book.ts';

const enters = (changes: Partial<EntryCheck>): boolean =>
  mayEnter(
    { side: 'buy', limit: decimal('100'), quote: quote('110'), tolerance: decimal('0.0066'), forced: false, ...changes },
    NOW,
    DEFAULT_SETTINGS,
  );

describe('EW-1 may enter', () => {
  it('enters within its tolerance on the waiting side, and not past it', () => {
    expect(enters({ quote: quote('100.66') })).toBe(true);
    expect(enters({ quote: quote('100.661') })).toBe(false);
    expect(enters({ side: 'sell', quote: quote('99.34') })).toBe(true);
    expect(enters({ side: 'sell', quote: quote('99.339') })).toBe(false);
  });

  it('enters with the price through its limit, however far', () => {
    expect(enters({ quote: quote('50') })).toBe(true);
    expect(enters({ side: 'sell', quote: quote('500') })).toBe(true);
    expect(enters({ quote: quote('100'), tolerance: decimal('0') })).toBe(true);
    expect(enters({ quote: quote('100.01'), tolerance: decimal('0') })).toBe(false);
  });

  it('does not enter without a distance, not even through its limit', () => {
    for (const bad of [null, quote('50', 121), quote('50', -2), quote('0'), quote('NaN')]) expect(enters({ quote: bad })).toBe(false);
    expect(enters({ limit: null, quote: quote('50') })).toBe(false);
    expect(enters({ side: 'sell', limit: decimal('0'), quote: quote('50') })).toBe(false);
  });

  it('needs no quote when it is forced (EW-3)', () => {
    expect(enters({ quote: null, forced: true })).toBe(true);
  });
});

describe('EW-2 tolerance', () => {
  const toleranceFor = (assetClass: 'stock' | 'crypto', nyseOpen: boolean, own: string | null = null): string =>
    toleranceOf({ assetClass, tolerance: own === null ? null : decimal(own) }, nyseOpen, DEFAULT_SETTINGS).toFixed();

  it('is wider for crypto while New York is shut, and for nothing else', () => {
    expect(toleranceFor('crypto', false)).toBe('0.016');
    expect(toleranceFor('crypto', true)).toBe('0.0066');
    expect(toleranceFor('stock', false)).toBe('0.0066');
    expect(toleranceFor('stock', true)).toBe('0.0066');
  });

  it('is the watch’s own where it has one, also zero', () => {
    expect(toleranceFor('crypto', false, '0.001')).toBe('0.001');
    expect(toleranceFor('stock', true, '0')).toBe('0');
  });
});

describe('EW-3 force immediate', () => {
  const forced = (assetClass: 'stock' | 'crypto', rank: number | null, nyseOpen: boolean, count = 1): boolean =>
    isForced({ assetClass, rank }, nyseOpen, { cryptoOutOfHoursForceCount: count });

  it('forces the first crypto watches while New York is shut', () => {
    expect(forced('crypto', 1, false)).toBe(true);
    expect(forced('crypto', 3, false, 3)).toBe(true);
  });

  it('forces nobody else', () => {
    expect(forced('crypto', 2, false)).toBe(false);
    expect(forced('crypto', 1, true)).toBe(false);
    expect(forced('stock', 1, false)).toBe(false);
    expect(forced('crypto', null, false)).toBe(false);
    expect(forced('crypto', 1, false, 0)).toBe(false);
    expect(forced('crypto', 0, false)).toBe(false);
  });

  it('ranks crypto by greatest forecast, unknown as zero, ties by symbol, stocks left out', () => {
    const watch = (symbol: string, pnl: string | null, assetClass: 'stock' | 'crypto' = 'crypto') => ({
      symbol,
      assetClass,
      forecastPnl: pnl === null ? null : decimal(pnl),
    });
    const ranks = rankCrypto([
      watch('SOL/USD', '-1'), watch('ETH/USD', '7'), watch('AAPL', '90', 'stock'), watch('DOGE/USD', null), watch('BTC/USD', '7.0'),
    ]);
    expect([...ranks]).toEqual([['BTC/USD', 1], ['ETH/USD', 2], ['DOGE/USD', 3], ['SOL/USD', 4]]);
  });

  it('takes whole numbers from 1 for a rank', () => {
    expect([1, 2, 50].every(isValidRank)).toBe(true);
    expect([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].some(isValidRank)).toBe(false);
  });
});
