// What a plan may ask to reduce (EX-1), as it comes in.
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../../functions/plan-intake/plan-schema.ts';
import { InputError } from '../../../functions/support/input-error.ts';
import { d } from '../../support/builders.ts';
import { openLife } from '../../support/lifecycle-world.ts';

const REDUCTION = { symbol: 'AAPL', quantity: '6', slices: 3, durationSeconds: 120 };
const plan = (...reductions: unknown[]) => ({ strategy: 'dips', version: 4, watches: [], reductions });

const faultOf = (value: unknown): readonly [number, string] => {
  try {
    readPlan(value);
  } catch (error) {
    if (error instanceof InputError) return [error.status, error.message];
    throw error;
  }
  throw new Error('expected a refusal');
};

describe('EX-1 EW-6 a plan that asks for less of a position', () => {
  it('is read in full, in the slot main unless it says another', () => {
    expect(readPlan(plan(REDUCTION)).reductions).toEqual([{ ...REDUCTION, assetClass: null, slot: 'main', quantity: d(6) }]);
    expect(readPlan(plan({ ...REDUCTION, slot: 'SELL_1', quantity: '0' })).reductions[0]).toMatchObject({ slot: 'SELL_1', quantity: d(0) });
  });

  it('asks for none where it says nothing', () => {
    expect(readPlan({ strategy: 'dips', version: 4, watches: [] }).reductions).toEqual([]);
  });

  it.each([
    ['no list', { strategy: 'dips', version: 4, watches: [], reductions: 6 }, /reductions: .*a list of at most 500 reductions/],
    ['a number for an object', plan(6), /reductions\[0\]: .*a reduction/],
    ['a quantity as number', plan({ ...REDUCTION, quantity: 6 }), /reductions\[0\]\.quantity/],
    ['a negative quantity', plan({ ...REDUCTION, quantity: '-1' }), /reductions\[0\]\.quantity/],
    ['no slices', plan({ ...REDUCTION, slices: 0 }), /reductions\[0\]\.slices: .*from 1 to 1000/],
    ['too many slices', plan({ ...REDUCTION, slices: 1001 }), /reductions\[0\]\.slices/],
    ['half a slice', plan({ ...REDUCTION, slices: 1.5 }), /reductions\[0\]\.slices/],
    ['no time', plan({ ...REDUCTION, durationSeconds: 0 }), /reductions\[0\]\.durationSeconds/],
    ['a field nobody knows', plan(REDUCTION, { ...REDUCTION, price: '1' }), /reductions\[1\]\.price/],
  ])('is refused with the field and what was expected: %s', (_, value, expected) => {
    const [status, message] = faultOf(value);
    expect([status, message]).toEqual([400, expect.stringMatching(expected)]);
  });

  it('is refused whole, before anything is written, where a position comes twice in two spellings or nobody lists it', async () => {
    const { world } = await openLife('buy');
    const wish = { symbol: 'AAPL', assetClass: null, slot: 'main', quantity: d(6), slices: 3, durationSeconds: 60 } as const;
    const before = world.commits;
    await expect(world.reduce(2, [wish, { ...wish, symbol: 'aapl' }])).rejects.toThrow(/reductions\[1\]\.symbol/);
    await expect(world.reduce(2, [wish, { ...wish, symbol: 'NOPE' }])).rejects.toThrow(/reductions\[1\]\.symbol/);
    expect(world.commits).toBe(before);
  });
});
