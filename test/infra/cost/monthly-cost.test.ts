import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { costTable, monthlyCost } from '../../../infra/cost/monthly-cost.ts';
import { FIXED_EGRESS_MONTHLY } from '../../../infra/watch/prices.ts';
import { fileOf } from '../stage-builder.ts';

const USAGE = { symbols: 100, ordersPerDay: 500 };
const together = (egress: 'ANY' | 'FIXED', usage = USAGE): number => monthlyCost(usage, egress).reduce((sum, { dollars }) => sum + dollars, 0);

describe('what a month costs', () => {
  it('is told by docs/deploy.md to the cent', () => {
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain(costTable(USAGE).join('\n'));
  });

  it('grows with the symbols, with the orders, and by the fixed address alone', () => {
    expect(together('ANY', { ...USAGE, symbols: 200 })).toBeGreaterThan(together('ANY'));
    expect(together('ANY', { ...USAGE, ordersPerDay: 1000 })).toBeGreaterThan(together('ANY'));
    expect(together('FIXED') - together('ANY')).toBeCloseTo(FIXED_EGRESS_MONTHLY);
  });

  it.each(['paper', 'sandbox', 'live'] as const)('is below the limit that the stage %s is alarmed at', (kind) => {
    expect(together('ANY')).toBeLessThan(Number(fileOf(kind)['monthlySpendLimitUsd']));
  });
});
