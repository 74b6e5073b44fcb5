import { describe, expect, it } from '@jest/globals';
import { parsePlanRows } from '../../../infra/local/replay/market-files.ts';
import { planOf, rowsKnownIn } from '../../../infra/local/replay/plan-message.ts';
import { HOUR } from '../../../infra/local/replay/price-steps.ts';
import { DEFAULT_MARKET_RULES } from '../../../shared/adapters/paper/paper-markets.ts';

const at = (text: string) => Date.parse(`2026-01-${text}:00:00Z`);
const rows = parsePlanRows({
  file: 'p.csv',
  text: [
    'open_time,symbol,buy_price,sell_price,buy_weight,sell_weight',
    '2026-01-15T20:00:00Z,AAPL,150.009,151.001,0,100',
    '2026-01-15T20:00:00Z,BTCUSD,96680.11277343749,96961.3856796875,0,100',
    '2026-01-15T21:00:00Z,BTCUSD,90000,90000,0,100',
  ].join('\n'),
});
const known = (text: string) => rowsKnownIn(at(text), rows).map((row) => `${row.symbol} ${row.buyPrice.toFixed()}`);
const rulesOf = (symbol: string) => DEFAULT_MARKET_RULES[symbol.endsWith('USD') ? 'crypto' : 'stock'];

describe('The plan of an hour (EW-6)', () => {
  it('counts a row from the hour after its own', () => {
    expect(known('15T20')).toEqual([]);
    expect(known('15T21')).toEqual(['AAPL 150.009', 'BTC/USD 96680.11277343749']);
  });

  it('replaces a row by a newer one, and keeps one without a newer for a day', () => {
    expect(known('15T22')).toEqual(['AAPL 150.009', 'BTC/USD 90000']);
    expect(known('16T20')).toEqual(['AAPL 150.009', 'BTC/USD 90000']);
    expect(known('16T21')).toEqual(['BTC/USD 90000']);
    expect(known('16T22')).toEqual([]);
  });

  it('buys 2,000 a watch at the buy price and sells at the sell price, each on the side of the tick that keeps the plan', () => {
    const plan = planOf(at('15T21'), rowsKnownIn(at('15T21'), rows), rulesOf);
    expect(plan).toEqual({
      strategy: 'replay',
      version: at('15T21') / HOUR,
      watches: [
        {
          symbol: 'AAPL', assetClass: 'stock', side: 'buy', limit: '150', quantity: '13.333333333', takeProfit: '151.01',
          forecastPnl: '13.22587311', maxHold: { seconds: 14_400, barSeconds: 3600 },
        },
        {
          symbol: 'BTC/USD', assetClass: 'crypto', side: 'buy', limit: '96680.11277343', quantity: '0.02068677',
          takeProfit: '96961.38567969', forecastPnl: '5.81863008', maxHold: { seconds: 14_400, barSeconds: 3600 },
        },
      ],
    });
  });

  it('grows its version with every hour', () => {
    const version = (text: string) => planOf(at(text), [], rulesOf).version;
    expect(version('15T22') - version('15T21')).toBe(1);
  });
});
