import { describe, expect, it } from '@jest/globals';
import { NO_FLOW, addPrice, flowZ } from '../../shared/domain/order-flow.ts';
import { d } from '../support/builders.ts';

const flowOf = (...prices: readonly string[]) =>
  prices.slice(1).reduce((flow, price, index) => addPrice(flow, d(prices[index] ?? '0'), d(price)), NO_FLOW);
const told = (...prices: readonly string[]): readonly string[] => {
  const { buys, sells } = flowOf(...prices);
  return [buys.toFixed(), sells.toFixed()];
};

describe('FP-1 the order flow told from prices', () => {
  it.each([
    ['nothing before there are two prices', ['100'], ['0', '0']],
    ['nothing while the price has not changed', ['100', '100', '100'], ['0', '0']],
    ['a buy for a price above the one before', ['100', '101'], ['1', '0']],
    ['a sale for a price below it', ['100', '99'], ['0', '1']],
    ['an equal price as whose the last change was', ['100', '101', '101'], ['1.95', '0']],
    ['each way for itself, the older of less weight', ['100', '101', '102', '101'], ['1.8525', '1']],
  ])('counts %s', (_, prices, counted) => {
    expect(told(...prices)).toEqual(counted);
  });

  it.each([
    [['100'], '0'],
    [['100', '101'], '1'],
    [['100', '99'], '-1'],
    [['100', '101', '100'], '-0.035806'],
    [['1', '2', '3', '4', '5'], '1.926104'],
  ])('z = (b − s) ÷ √(b + s): of %j it is %s', (prices, z) => {
    expect(flowZ(flowOf(...prices)).toFixed()).toBe(z);
  });

  it('forgets: after sixty prices the other way nothing is left of sixty the one way', () => {
    const up = Array.from({ length: 60 }, (_, index) => String(100 + index));
    const down = Array.from({ length: 60 }, (_, index) => String(158 - index));
    expect(flowZ(flowOf(...up)).greaterThan(4)).toBe(true);
    expect(flowZ(flowOf(...up, ...down)).lessThan(-3.5)).toBe(true);
  });

  it('is kept in so many digits, however long it goes on', () => {
    const prices = Array.from({ length: 500 }, (_, index) => String(100 + (index % 7)));
    const { buys, sells } = flowOf(...prices);
    expect([buys.decimalPlaces(), sells.decimalPlaces()].every((places) => places <= 6)).toBe(true);
  });
});
