import { describe, expect, it } from '@jest/globals';
import { DomainInputError } from '../../../shared/domain/decimal.ts';
import { type Market, assetClassOf, groupSymbols, isSameSymbol, isSymbol, normaliseSymbol, plainSymbol } from '../../../shared/domain/symbols.ts';

const markets: readonly Market[] = [
  { symbol: 'BTC/USD', assetClass: 'crypto' },
  { symbol: 'ETHUSD', assetClass: 'crypto' },
  { symbol: 'AAPL', assetClass: 'stock' },
  { symbol: 'FUSD', assetClass: 'stock' },
  { symbol: 'not a symbol', assetClass: 'stock' },
];

describe('EW-4 symbols', () => {
  it.each([
    ['BTC/USD', null, 'BTC/USD'],
    ['BTCUSD', null, 'BTC/USD'],
    ['BTC-USD', null, 'BTC/USD'],
    ['btc_usd', null, 'BTC/USD'],
    [' BTCUSD ', 'crypto', 'BTC/USD'],
    ['BTCUSDT', null, 'BTC/USDT'],
    ['USDCUSD', null, 'USDC/USD'],
    ['USDTUSD', null, 'USDT/USD'],
    ['SHIBUSD', 'crypto', 'SHIB/USD'],
    ['DOTUSD', 'crypto', 'DOT/USD'],
    ['ETHBTC', 'crypto', 'ETH/BTC'],
    ['1INCHUSD', 'crypto', '1INCH/USD'],
    ['AAPL', 'stock', 'AAPL'],
    ['aapl', null, 'AAPL'],
    ['FUSD', 'stock', 'FUSD'],
    ['BTC', 'crypto', 'BTC'],
    ['USD', null, 'USD'],
    ['BRK.B', 'stock', 'BRK.B'],
    ['BRK-B', 'stock', 'BRK.B'],
    ['BRK/B', 'stock', 'BRK.B'],
    ['BRK-B', null, 'BRK.B'],
    ['BRK.B', null, 'BRK.B'],
  ] as const)('writes %s (%s) as %s', (text, assetClass, inside) => {
    expect(normaliseSymbol(text, assetClass)).toBe(inside);
    expect(normaliseSymbol(inside, assetClass)).toBe(inside);
  });

  it.each(['', ' ', '/', 'BTC/', '/USD', 'A/B/C', 'BTC USD', 'BTC//USD', 'B$', '<b>', 'É', 'A'.repeat(33), 'SYMBOL#x'])(
    'refuses %j',
    (text) => {
      expect(() => normaliseSymbol(text)).toThrow(DomainInputError);
      expect(isSymbol(text)).toBe(false);
    },
  );

  it('groups spellings by their symbol, and keeps quote currencies apart', () => {
    expect(groupSymbols(['ETHUSD', 'BTC/USD', 'ETH-USD', 'BTC/USDT', 'BTCUSD'])).toEqual([[0, 2], [1, 4], [3]]);
    expect(groupSymbols([])).toEqual([]);
    expect(isSameSymbol('BTC-USD', 'BTCUSD')).toBe(true);
    expect(isSameSymbol('BTC/USD', 'BTC/USDT')).toBe(false);
  });

  it('takes the watch’s word for its class first', () => {
    expect(assetClassOf('NEWCO', 'stock', [])).toBe('stock');
    expect(assetClassOf('BTC/USD', 'stock', markets)).toBe('stock');
  });

  it('looks the class up under any spelling', () => {
    expect(assetClassOf('BTCUSD', null, markets)).toBe('crypto');
    expect(assetClassOf('ETH-USD', null, markets)).toBe('crypto');
    expect(assetClassOf('aapl', null, markets)).toBe('stock');
    expect(assetClassOf('FUSD', null, markets)).toBe('stock');
  });

  it('refuses what is unknown, in doubt or no symbol, and takes nothing for a stock', () => {
    expect(assetClassOf('UNKNOWN', null, markets)).toBeNull();
    expect(assetClassOf('BTC', null, markets)).toBeNull();
    expect(assetClassOf('AAPLX', null, markets)).toBeNull();
    expect(assetClassOf('AAPL', 'bond', markets)).toBeNull();
    expect(assetClassOf('A B', 'stock', markets)).toBeNull();
    const both = [...markets, { symbol: 'F/USD', assetClass: 'crypto' } as const];
    expect(assetClassOf('FUSD', null, both)).toBe('stock');
    expect(assetClassOf('F-USD', null, [...both, { symbol: 'F-USD', assetClass: 'stock' }, { symbol: 'F-USD', assetClass: 'crypto' }])).toBeNull();
  });

  it('drops the slash where people read it', () => {
    expect(plainSymbol('BTC/USD')).toBe('BTCUSD');
    expect(plainSymbol('AAPL')).toBe('AAPL');
  });
});
