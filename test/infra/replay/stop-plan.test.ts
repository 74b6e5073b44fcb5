import { describe, expect, it } from '@jest/globals';
import { parseMinuteBars } from '../../../infra/local/replay/minute-file.ts';
import { openingsOf, stopPlanOf } from '../../../infra/local/replay/stop-plan.ts';
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import { DEFAULT_MARKET_RULES } from '../../../shared/adapters/paper/paper-markets.ts';

const bars = parseMinuteBars({
  file: 'm.csv',
  text: [
    'symbol,open_time,open,high,low,close,volume',
    'AZO,2024-02-15T14:29Z,1,,,,1',
    ',14:30,2720.23,2721,,,1',
    ',14:44,2710,,2706.0399,2707,1',
    ',14:45,2,,,,1',
    ',2024-07-03T13:31Z,2500,2500.3,2500,2500,1',
    'NVR,2024-02-15T14:50Z,7500,,,,1',
    'TDG,2024-02-17T14:30Z,1100,,,,1',
  ].join('\n'),
});
const openings = openingsOf(bars, nyseCalendar());
const at = (text: string) => Date.parse(`${text}Z`);
const planOf = (time: string) => stopPlanOf(at(time), openings.get(at(time)) ?? [], () => DEFAULT_MARKET_RULES.stock, { initialStopTicks: 20 });

describe('The openings of a day', () => {
  it('are the first fifteen minutes of the session in New York, known when they have ended', () => {
    expect([...openings].map(([time, list]) => [new Date(time).toISOString(), list.map(({ symbol, low, high }) => `${symbol} ${low.toFixed()} ${high.toFixed()}`)])).toEqual([
      ['2024-02-15T14:45:00.000Z', ['AZO 2706.0399 2721']],
      ['2024-07-03T13:45:00.000Z', ['AZO 2500 2500.3']],
    ]);
  });
});

describe('The plan of a day (SL-1)', () => {
  it('waits for the low, enters a tick above it, and risks half of the range of the opening', () => {
    expect(planOf('2024-02-15T14:45:00')).toEqual({
      strategy: 'replay',
      version: 19_768,
      watches: [
        {
          symbol: 'AZO', assetClass: 'stock', kind: 'stop', side: 'buy', trigger: '2706.03', limit: '2706.04', quantity: '0.739087374',
          settings: { INITIAL_STOP_TICKS: '748' },
        },
      ],
    });
  });

  it('risks no less than the account does', () => {
    expect(planOf('2024-07-03T13:45:00').watches[0]?.settings).toEqual({ INITIAL_STOP_TICKS: '20' });
  });

  it('grows its version with every day', () => {
    expect(planOf('2024-07-03T13:45:00').version - planOf('2024-02-15T14:45:00').version).toBe(139);
  });
});
