import { describe, expect, it } from '@jest/globals';
import { parseBars } from '../../../infra/local/replay/market-files.ts';
import type { Step } from '../../../infra/local/replay/price-steps.ts';
import { HOUR, stepsOf } from '../../../infra/local/replay/price-steps.ts';

const from = Date.parse('2026-01-15T00:00:00Z');
const bars = parseBars({
  file: 'b.csv',
  text: [
    'open_time,symbol,high,low,close,volume',
    '2026-01-15T00:00:00Z,AAPL,300,100,104,8',
    '2026-01-15T01:00:00Z,AAPL,300,101,103,2',
    '2026-01-15T01:00:00Z,BTCUSD,9,1.00000001,2,1',
    '2026-01-15T03:00:00Z,AAPL,300,99,99.5,0',
  ].join('\n'),
});
const [start, ...all] = stepsOf(bars, { from, to: from + 4 * HOUR });
const timeOf = (step: Step) => new Date(step.at).toISOString().slice(11, 19);
const pricesOf = (steps: readonly Step[], symbol: string) =>
  steps.flatMap((step) => (step.kind === 'PRICES' ? step.prices : [])).filter((price) => price.symbol === symbol);
const hour = (number: number) => all.filter((step) => step.at >= from + number * HOUR && step.at < from + (number + 1) * HOUR);

describe('The price steps of a replay', () => {
  it('begin with a start that reads the account', () => {
    expect(start).toEqual({ kind: 'START', id: 'START', at: from });
  });

  it('are a plan at the start of an hour and four prices, each half a minute before a quarter ends', () => {
    expect(hour(1).map((step) => `${timeOf(step)} ${step.kind}`)).toEqual([
      '01:00:00 PLAN', '01:14:30 PRICES', '01:29:30 PRICES', '01:44:30 PRICES', '01:59:30 PRICES',
    ]);
  });

  it('go midway to the low, to the low, midway to the close and to the close, exactly', () => {
    expect(pricesOf(hour(1), 'AAPL').map(({ price }) => price.toFixed())).toEqual(['102.5', '101', '102', '103']);
    expect(pricesOf(hour(1), 'BTC/USD').map(({ price }) => price.toFixed())).toEqual([
      '1.00000001', '1.00000001', '1.500000005', '2',
    ]);
  });

  it('begin at the low where a symbol has no last price, and at the last close after a gap', () => {
    expect(pricesOf(hour(0), 'AAPL').map(({ price }) => price.toFixed())).toEqual(['100', '100', '102', '104']);
    expect(pricesOf(hour(3), 'AAPL').map(({ price }) => price.toFixed())).toEqual(['101', '99', '99.25', '99.5']);
  });

  it('never let a sale fill from a low', () => {
    expect(pricesOf(hour(1), 'AAPL').map(({ sellable }) => sellable)).toEqual([true, false, true, true]);
  });

  it('share the volume of the hour', () => {
    expect(pricesOf(hour(0), 'AAPL').map(({ volume }) => volume?.toFixed())).toEqual(['2', '2', '2', '2']);
  });

  it('leave out hours in which nothing traded', () => {
    expect(hour(2)).toEqual([]);
  });

  it('keep to the range, and take the last price from before it', () => {
    const steps = stepsOf(bars, { from: from + HOUR, to: from + 2 * HOUR });
    expect(steps.slice(1)).toEqual(hour(1));
  });
});
