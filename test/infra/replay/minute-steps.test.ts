import { describe, expect, it } from '@jest/globals';
import { parseMinuteBars } from '../../../infra/local/replay/minute-file.ts';
import { minuteStepsOf } from '../../../infra/local/replay/minute-steps.ts';
import type { Step } from '../../../infra/local/replay/price-steps.ts';

const HEADER = 'symbol,open_time,open,high,low,close,volume';
const barsOf = (...rows: readonly string[]) => parseMinuteBars({ file: 'm.csv', text: [HEADER, ...rows].join('\n') });
const day = (clock: string) => Date.parse(`2024-02-15T${clock}Z`);
const lineOf = (step: Step): string => {
  const time = new Date(step.at).toISOString().slice(11, 19);
  if (step.kind !== 'PRICES') return `${time} ${step.kind}`;
  const prices = step.prices.map(({ symbol, price }) => `${symbol} ${price.toFixed()}`).join(', ');
  return `${time} ${prices}${step.betweenSchedules ? ' (between)' : ''}`;
};
const linesOf = (bars: ReturnType<typeof barsOf>, plans: readonly number[] = [], from = day('14:30:00'), to = day('15:00:00')) =>
  minuteStepsOf(bars, { from, to }, plans).map(lineOf);

describe('The price steps of a minute', () => {
  it('are one close a stock where it fell no further, and none in a minute without trades', () => {
    const bars = barsOf('AZO,2024-02-15T14:30Z,10,,,,5', ',14:33,11,12,,12,5', 'TDG,2024-02-15T14:33Z,5,,,,1');
    expect(linesOf(bars)).toEqual(['14:29:00 START', '14:30:35 AZO 10', '14:33:35 AZO 12, TDG 5']);
  });

  it('are the low and then the close where it fell below its close and the price before it', () => {
    const bars = barsOf('AZO,2024-02-15T14:30Z,10,,,,5', ',14:31,9,9,7,8,6', 'TDG,2024-02-15T14:31Z,5,,,4,1');
    expect(linesOf(bars)).toEqual(['14:29:00 START', '14:30:35 AZO 10', '14:31:05 AZO 7', '14:31:35 AZO 8, TDG 4 (between)']);
  });

  it('leave a low out that the price before it has told already', () => {
    const bars = barsOf('AZO,2024-02-15T14:30Z,10,,,,5', ',14:31,11,13,10.5,12,6');
    expect(linesOf(bars)).toEqual(['14:29:00 START', '14:30:35 AZO 10', '14:31:35 AZO 12']);
  });

  it('hold each plan at its time, before the prices of its minute', () => {
    const bars = barsOf('AZO,2024-02-15T14:44Z,10,,,,5', ',14:45,11,,,,6');
    expect(linesOf(bars, [day('14:45:00'), day('15:45:00')])).toEqual(['14:43:00 START', '14:44:35 AZO 10', '14:45:00 PLAN', '14:45:35 AZO 11']);
  });

  it('keep to the range, and take the price before from before it', () => {
    const bars = barsOf('AZO,2024-02-15T14:30Z,10,,,,5', ',14:31,11,11,9,11,6', ',14:32,12,,,,6');
    expect(linesOf(bars, [], day('14:31:00'), day('14:32:00'))).toEqual(['14:30:00 START', '14:31:05 AZO 9', '14:31:35 AZO 11 (between)']);
  });

  it('may be sold at, and share the volume of the minute', () => {
    const bars = barsOf('AZO,2024-02-15T14:30Z,10,10,7,8,6');
    const prices = minuteStepsOf(bars, { from: 0, to: Number.MAX_SAFE_INTEGER }, []).flatMap((step) => (step.kind === 'PRICES' ? step.prices : []));
    expect(prices.map(({ sellable, volume }) => [sellable, volume?.toFixed()])).toEqual([[true, '3'], [true, '3']]);
  });
});
