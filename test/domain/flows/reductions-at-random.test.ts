// Reductions at random: fills in part, refusals, lost and late answers, a crossing stop, plans in the middle. Nothing of it
// is told by our own book: what is live and what is held is asked of the venue, at every change there.
import { describe, expect, it } from '@jest/globals';
import type { PlanReduction } from '../../../shared/accept-reductions.ts';
import { Decimal, ZERO, max, sum } from '../../../shared/domain/decimal.ts';
import type { StopMoves } from '../../../shared/domain/context.ts';
import { d } from '../../support/builders.ts';
import { openLife } from '../../support/lifecycle-world.ts';
import type { Life } from '../../support/lifecycle-world.ts';
import type { CallKind, Fate, MemoryVenue, VenueOrder } from '../../support/memory-venue.ts';
import { filledOf } from '../../support/memory-venue.ts';

const MOVES: readonly StopMoves[] = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'];
const RUNS = 150;
const STEPS = 25;

/** A small generator, so that a run that fails can be had again by its seed. */
const randomOf = (seed: number): (() => number) => {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const leftOf = (order: VenueOrder): Decimal => max(ZERO, order.quantity.minus(filledOf(order)));

/** SL-6, SL-4: never a short, and what could sell is never more than what is held; two stops that overlap count as one. */
const faultOf = (venue: MemoryVenue, side: 'buy' | 'sell'): string | null => {
  const signed = venue.held('AAPL');
  const held = side === 'buy' ? signed : signed.negated();
  const closing = venue.live().filter((order) => order.reduceOnly);
  const stops = closing.filter(({ stopPrice }) => stopPrice !== null).map(leftOf);
  const sales = sum(closing.filter(({ stopPrice }) => stopPrice === null).map(leftOf));
  const selling = stops.reduce((most, each) => max(most, each), ZERO).plus(sales);
  if (held.lessThan(ZERO)) return `${side} ${held.toFixed()} held`;
  return selling.greaterThan(held) ? `${selling.toFixed()} could sell of ${held.toFixed()} held` : null;
};

const wish = (quantity: number, slices: number): PlanReduction => ({
  symbol: 'AAPL', assetClass: null, slot: 'main', quantity: d(quantity), slices, durationSeconds: 60,
});

interface Run {
  readonly life: Life;
  readonly faults: string[];
  /** The most that any plan of the run has asked for. */
  readonly wanted: number;
}

const FATES: readonly Fate[] = [
  { kind: 'REFUSED', code: 'BUSY' }, { kind: 'LOST_AFTER' }, { kind: 'LOST_BEFORE' }, { kind: 'NOT_SENT' }, { kind: 'LATE', afterMs: 4000 },
];

const runAtRandom = async (seed: number, crossing: boolean): Promise<Run> => {
  const random = randomOf(seed);
  const side = random() < 0.5 ? 'buy' : 'sell';
  const faults: string[] = [];
  let venue: MemoryVenue | null = null;
  let isRough = false;
  const fate = (_call: CallKind): Fate => (isRough && random() < 0.25 ? (FATES[Math.floor(random() * FATES.length)] ?? { kind: 'OK' }) : { kind: 'OK' });
  const form = () => {
    const fault = venue === null ? null : faultOf(venue, side);
    if (fault !== null) faults.push(`seed ${seed}: ${fault}`);
    return 'FULL' as const;
  };
  const stopMoves = MOVES[seed % MOVES.length] ?? 'AMEND';
  const life = await openLife(side, { watch: { takeProfitMultiple: null }, traits: { stopMoves }, venue: { fate, form } });
  const { world } = life;
  venue = world.venue;
  // Nothing but ourselves keeps a sale from going too far, but where stops overlap the venue has to.
  world.venue.keepsReduceOnly = stopMoves === 'PLACE_FIRST';
  isRough = true;
  let version = 2;
  let wanted = 2 + Math.floor(random() * 6);
  await world.reduce(version, [wish(wanted, 1 + Math.floor(random() * 5))]);
  for (let step = 0; step < STEPS; step += 1) {
    world.venue.fillShare = d(random() < 0.6 ? '1' : (random() * 0.9).toFixed(2));
    const price = (crossing && random() < 0.08 ? 99.7 : 99.95 + Math.floor(random() * 20) / 100).toFixed(2);
    world.webhooksHeld = random() < 0.3;
    await life.see(price);
    if (random() < 0.7) await world.drain();
    if (random() < 0.4) await world.pass(1 + Math.floor(random() * 25));
    if (random() < 0.15) await world.reconcile();
    if (random() < 0.08) {
      version += 1;
      const more = 1 + Math.floor(random() * 7);
      const ends = random() < 0.4;
      if (!ends) wanted = Math.max(wanted, more);
      await world.reduce(version, ends ? [] : [wish(more, 1 + Math.floor(random() * 4))]);
      if (ends) break;
    }
  }
  isRough = false;
  world.venue.fillShare = d(1);
  world.webhooksHeld = false;
  await world.drain();
  await world.pass(60);
  for (let look = 0; look < 3; look += 1) await life.tick(crossing ? '99.95' : '100.1');
  return { life, faults, wanted };
};

describe('EX-1 SL-6 SL-13 reductions at random', () => {
  it('never a short, never more under sale than is held, never more sold than was wanted', async () => {
    let sold = 0;
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const { life, faults, wanted } = await runAtRandom(seed, false);
      const left = new Decimal(life.atVenue);
      expect(faults).toEqual([]);
      expect({ seed, anomalies: life.anomalies, held: life.held }).toEqual({ seed, anomalies: [], held: life.atVenue });
      expect({ seed, enough: left.greaterThanOrEqualTo(10 - wanted) }).toEqual({ seed, enough: true });
      expect({ seed, covered: life.stops }).toEqual({ seed, covered: [`99.8 x ${life.held}`] });
      if (left.lessThan(10)) sold += 1;
    }
    expect(sold).toBeGreaterThan(RUNS / 2);
  });

  it('nor where the price comes to the stop in the middle: it ends at exactly nothing', async () => {
    let ended = 0;
    for (let seed = 1001; seed <= 1000 + RUNS; seed += 1) {
      const { life, faults } = await runAtRandom(seed, true);
      expect(faults).toEqual([]);
      expect({ seed, anomalies: life.anomalies, held: life.held }).toEqual({ seed, anomalies: [], held: life.atVenue });
      if (life.atVenue === '0') ended += 1;
    }
    expect(ended).toBeGreaterThan(RUNS / 3);
  });
});
