import { describe, expect, it } from '@jest/globals';
import { type MarketRules, shapeOrder } from '../../../shared/domain/constraints.ts';
import type { Side } from '../../../shared/domain/side.ts';
import { decimal } from './book.ts';

const rules = (changes: Partial<MarketRules> = {}): MarketRules => ({
  tickSize: decimal('0.01'),
  lotSize: decimal('0.001'),
  minQuantity: decimal('0.002'),
  minNotional: decimal('5'),
  priceBand: null,
  ...changes,
});
const shape = (side: Side, limit: string, quantity: string, changes: Partial<MarketRules> = {}) => {
  const shaped = shapeOrder({ side, limit: decimal(limit), quantity: decimal(quantity) }, rules(changes));
  const { limit: price, quantity: units } = 'accepted' in shaped ? shaped.accepted : shaped.shape;
  return [price.toFixed(), units.toFixed(), 'accepted' in shaped ? 'accepted' : shaped.refused];
};

describe('EX-10 constraints', () => {
  it('rounds the quantity down and the price away from the market', () => {
    expect(shape('buy', '100.019', '1.2349')).toEqual(['100.01', '1.234', 'accepted']);
    expect(shape('sell', '100.011', '1.2349')).toEqual(['100.02', '1.234', 'accepted']);
  });

  it('leaves what is on the steps as it is', () => {
    expect(shape('sell', '99.99', '0.3')).toEqual(['99.99', '0.3', 'accepted']);
  });

  it('allows the bounds themselves and refuses beyond them', () => {
    const band = { priceBand: { low: decimal('90'), high: decimal('110') } };
    expect(shape('buy', '90', '1', band)[2]).toBe('accepted');
    expect(shape('sell', '110', '1', band)[2]).toBe('accepted');
    expect(shape('buy', '89.99', '1', band)[2]).toBe('PRICE_OUT_OF_BAND');
    expect(shape('sell', '110.001', '1', band)[2]).toBe('PRICE_OUT_OF_BAND');
    expect(shape('buy', '100', '0.05')[2]).toBe('accepted');
    expect(shape('buy', '100', '0.049')[2]).toBe('BELOW_MIN_NOTIONAL');
    expect(shape('buy', '5000', '0.002')[2]).toBe('accepted');
    expect(shape('buy', '5000', '0.0019')[2]).toBe('BELOW_MIN_QUANTITY');
  });

  it('reports the first of several reasons', () => {
    const band = { priceBand: { low: decimal('90'), high: null } };
    expect(shape('buy', '1', '0.001', band)[2]).toBe('BELOW_MIN_QUANTITY');
    expect(shape('buy', '1', '1', band)[2]).toBe('BELOW_MIN_NOTIONAL');
  });

  it('never lets through nothing at all, even where the venue names no minimum', () => {
    const none = { minQuantity: decimal('0'), minNotional: decimal('0') };
    expect(shape('buy', '100', '0.0009', none)[2]).toBe('BELOW_MIN_QUANTITY');
    expect(shape('buy', '0.009', '1', none)[2]).toBe('PRICE_OUT_OF_BAND');
  });
});
