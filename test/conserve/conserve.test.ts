import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ZERO } from '../../shared/domain/decimal.ts';
import { type Paired, pairFill } from '../../shared/domain/round-trips.ts';
import { conserve } from './conserve.ts';
import { randomFills } from './random-fills.ts';

/** Pairs as the rule does, then spoils one thing of every round trip or lot. */
const spoiled = (spoil: (paired: Paired) => Partial<Paired>): typeof pairFill => (lots, fill) => {
  const paired = pairFill(lots, fill);
  return { ...paired, ...spoil(paired) };
};

describe('EX-6 what the fills say is what round trips and open lots say', () => {
  it('conserves quantity and money to the last digit over 20,000 fills of every sort', () => {
    const found = conserve(randomFills(20_000), 20_000);
    expect(found.differences).toEqual([]);
    expect(found).toMatchObject({ fills: 20_000, checks: 20 });
    for (const count of [found.partials, found.flips, found.rebates, found.roundTrips]) expect(count).toBeGreaterThan(1000);
    expect(Object.keys(found.feesByAsset).toSorted()).toEqual(['BNB', 'BTC', 'ETH', 'PEPE', 'USD']);
    expect(found.mostLots).toBeLessThan(200);
  });

  it('makes the same fills of the same seed', () => {
    expect(conserve(randomFills(7), 500)).toEqual(conserve(randomFills(7), 500));
    expect(conserve(randomFills(7), 500)).not.toEqual(conserve(randomFills(8), 500));
  });

  it.each<[string, typeof pairFill, string]>([
    ['a share rounded to cents', spoiled(({ roundTrips }) => ({ roundTrips: roundTrips.map((trip) => ({ ...trip, commission: trip.commission.toDecimalPlaces(2) })) })), 'commission'],
    ['a lost round trip', spoiled(({ roundTrips }) => ({ roundTrips: roundTrips.slice(1) })), 'quantity'],
    ['a lost lot', spoiled(({ openLots }) => ({ openLots: openLots.slice(0, -1) })), 'position'],
    ['a last digit of gross', spoiled(({ roundTrips }) => ({ roundTrips: roundTrips.map((trip) => ({ ...trip, gross: trip.gross.plus('1e-40') })) })), 'money before commission'],
    ['a commission left out of net', spoiled(({ roundTrips }) => ({ roundTrips: roundTrips.map((trip) => ({ ...trip, net: trip.gross })) })), 'net'],
    ['an empty lot', spoiled(({ openLots }) => ({ openLots: openLots.flatMap((lot) => [lot, { ...lot, quantity: ZERO, commission: ZERO }]).slice(-3) })), 'empty'],
  ])('sees %s', (_name, pair, what) => {
    const { differences } = conserve(randomFills(1), 1000, pair);
    expect(differences.join('\n')).toContain(what);
  });

  it('says so by its status when run by hand, with the seed and the counts', () => {
    const run = (...flags: string[]) =>
      spawnSync(process.execPath, ['--no-warnings', join(import.meta.dirname, 'main.ts'), ...flags], { encoding: 'utf8' });
    const { status, stdout } = run('--fills', '1000', '--seed', '3');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^seed 3\n1000 fills: .*\n(.*\n)+quantity and money conserved to the last digit\n$/);
    expect(run('--fills', 'many').status).toBe(1);
  });
});
