// Buckets that fill by themselves, who goes first when they run low, pauses and the circuit.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullBuckets, refill, spend, takeLease } from '../../shared/domain/rate-budget.ts';
import type { Buckets, Cost, Priority, RateLimit } from '../../shared/domain/rate-budget.ts';
import { circuitFor, newVenueState, pauseAt, withAccepted, withPause, withProbe, withRefused } from '../../shared/domain/venue-state.ts';
import type { VenueState } from '../../shared/domain/venue-state.ts';
import { judgeTurn } from '../../shared/domain/venue-turn.ts';

const NOW = Date.UTC(2025, 5, 4, 15, 0, 0);
const weights: RateLimit = { meter: 'WEIGHT', burst: 100, refill: 7, everyMs: 1_000 };
const orders: RateLimit = { meter: 'ORDERS', burst: 10, refill: 3, everyMs: 2_000 };
const costs = (WEIGHT: number, ORDERS = 0): Cost => ({ WEIGHT, ORDERS });

/** Buckets that hold exactly so many tokens of the weights, in parts of a token where it is no whole number. */
const holding = (parts: number): Buckets => ({ parts: [parts], at: NOW });
const taken = (buckets: Buckets, cost: Cost, priority: Priority, now = NOW, limits: readonly RateLimit[] = [weights]) => {
  const taking = takeLease(buckets, limits, { cost, priority, now });
  if (taking.kind !== 'TAKEN') throw new Error(`lacking for ${taking.waitMs} ms`);
  return taking;
};

describe('EX-4 a bucket fills by elapsed time, exactly', () => {
  it('in any number of steps to the very same level', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 20 }), fc.integer({ min: 0, max: 100_000 }), (steps, level) => {
        const total = steps.reduce((sum, step) => sum + step, 0);
        const once = refill(holding(level), [weights], NOW + total);
        let now = NOW;
        let often = holding(level);
        for (const step of steps) often = refill(often, [weights], (now += step));
        expect(often).toEqual({ ...once, at: now });
        expect(once.parts).toEqual([Math.min(100_000, level + total * 7)]);
      }),
    );
  });

  it('never beyond its burst, however long nobody called, and from nothing known it is full', () => {
    expect(refill(holding(0), [weights], NOW + 365 * 86_400_000).parts).toEqual([100_000]);
    expect(refill(fullBuckets(), [weights, orders], NOW).parts).toEqual([100_000, 20_000]);
  });

  it('a clock behind the one that took last adds nothing, and does not count the time twice', () => {
    const behind = refill(holding(0), [weights], NOW - 60_000);
    expect(behind).toEqual({ parts: [0], at: NOW });
    expect(refill(behind, [weights], NOW + 1_000).parts).toEqual([7_000]);
  });

  it('a clock that was an hour ahead for once starves nobody: buckets go on filling from the present', () => {
    const empty: Buckets = { parts: [0], at: NOW + 3_600_000 };
    const seen = refill(empty, [weights], NOW);
    expect(seen).toEqual({ parts: [0], at: NOW });
    expect(takeLease(seen, [weights], { cost: costs(7), priority: 'URGENT', now: NOW + 1_000 }).kind).toBe('TAKEN');
  });

  it('a bucket that shrinks with a newer build holds no more than it can', () => {
    expect(refill(holding(100_000), [{ ...weights, burst: 5 }], NOW).parts).toEqual([5_000]);
  });
});

describe('EX-4 a call takes what it costs of each meter', () => {
  it('weights and orders separately: where one is out, the other does not help', () => {
    const out: Buckets = { parts: [100_000, 0], at: NOW };
    expect(takeLease(out, [weights, orders], { cost: costs(1, 1), priority: 'URGENT', now: NOW })).toEqual({ kind: 'LACKING', waitMs: 667 });
    expect(takeLease(out, [weights, orders], { cost: costs(1), priority: 'URGENT', now: NOW }).kind).toBe('TAKEN');
  });

  it('tells exactly when there will be enough', () => {
    const lacking = takeLease(holding(999), [weights], { cost: costs(1), priority: 'URGENT', now: NOW });
    expect(lacking).toEqual({ kind: 'LACKING', waitMs: 1 });
    expect(takeLease(holding(0), [weights], { cost: costs(1), priority: 'URGENT', now: NOW })).toEqual({ kind: 'LACKING', waitMs: 143 });
    expect(takeLease(holding(0), [weights], { cost: costs(1), priority: 'URGENT', now: NOW + 142 }).kind).toBe('LACKING');
    expect(takeLease(holding(0), [weights], { cost: costs(1), priority: 'URGENT', now: NOW + 143 }).kind).toBe('TAKEN');
  });

  it('takes some calls’ worth where there is plenty, and the one call’s where there is not', () => {
    expect(taken(holding(100_000), costs(1), 'ENTRY').lease.left.WEIGHT).toBe(10);
    expect(taken(holding(44_000), costs(1), 'URGENT').lease.left.WEIGHT).toBe(1);
    expect(taken(holding(44_000), costs(1), 'URGENT').buckets.parts).toEqual([43_000]);
  });
});

describe('EX-4 who goes first', () => {
  // What has to be left of a bucket of 100 once the call is paid: nothing, a tenth, a fifth, two fifths.
  it.each<readonly [Priority, number]>([['URGENT', 1_000], ['READ', 11_000], ['ENTRY', 21_000], ['REPRICE', 41_000]])(
    '%s goes down to its reserve and not a part below', (priority, least) => {
      expect(takeLease(holding(least), [weights], { cost: costs(1), priority, now: NOW }).kind).toBe('TAKEN');
      expect(takeLease(holding(least - 1), [weights], { cost: costs(1), priority, now: NOW })).toEqual({ kind: 'LACKING', waitMs: 1 });
    });

  it('what a stop took from low buckets, no entry spends', () => {
    const { lease } = taken(holding(15_000), costs(1), 'URGENT');
    const kept = { ...lease, left: costs(5) };
    expect(spend(kept, costs(1), 'URGENT', NOW)?.left.WEIGHT).toBe(4);
    expect(spend(kept, costs(1), 'READ', NOW)?.left.WEIGHT).toBe(4);
    expect([spend(kept, costs(1), 'ENTRY', NOW), spend(kept, costs(1), 'REPRICE', NOW)]).toEqual([null, null]);
  });

  it('a lease ends in time, and is never overspent', () => {
    const { lease } = taken(holding(100_000), costs(1), 'ENTRY');
    expect(lease.until).toBe(NOW + 500);
    expect([spend(lease, costs(10), 'ENTRY', NOW + 499)?.left.WEIGHT, spend(lease, costs(10), 'ENTRY', NOW + 500), spend(lease, costs(11), 'ENTRY', NOW)]).toEqual([0, null, null]);
    expect(spend(lease, costs(1, 1), 'ENTRY', NOW)).toBeNull();
  });
});

describe('EX-9 a venue that wants quiet', () => {
  const banned = withPause(newVenueState(), { kind: 'BANNED', milliseconds: 30_000 }, NOW);

  it('is not called until then, by nobody, and is from then on', () => {
    for (const priority of ['URGENT', 'READ', 'ENTRY', 'REPRICE'] as const) {
      const asking = { cost: costs(1), priority, isEntry: false, now: NOW + 29_999 };
      expect(judgeTurn(banned, [weights], asking)).toEqual({ kind: 'HELD', reason: 'BANNED', milliseconds: 1 });
      expect(judgeTurn(banned, [weights], { ...asking, now: NOW + 30_000 }).kind).toBe('GO');
    }
  });

  it('a shorter pause does not end a longer one', () => {
    const later = withPause(banned, { kind: 'RATE_LIMITED', milliseconds: 1_000 }, NOW + 5_000);
    expect(later).toBe(banned);
    expect(pauseAt(withPause(banned, { kind: 'RATE_LIMITED', milliseconds: 60_000 }, NOW), NOW)?.until).toBe(NOW + 60_000);
  });

  it.each([['RATE_LIMITED', [5_000, 10_000, 20_000]], ['BANNED', [120_000, 240_000, 480_000]]] as const)(
    'one of kind %s that says no time lasts twice as long each time it comes upon the last', (kind, lengths) => {
      let state: VenueState = newVenueState();
      let now = NOW;
      for (const length of lengths) {
        state = withPause(state, { kind, milliseconds: null }, now);
        // The answers of calls that were under way count as the same pause.
        state = withPause(state, { kind, milliseconds: null }, now);
        expect(state.pause?.until).toBe(now + length);
        now += length + 59_999;
      }
      expect(withPause(state, { kind, milliseconds: null }, now + 1).pause?.times).toBe(1);
    });

  it.each([
    ['a time beyond every ban there is', 'BANNED', 1e15, 120_000],
    ['no end at all', 'RATE_LIMITED', Infinity, 5_000],
    ['what is no number', 'RATE_LIMITED', Number.NaN, 5_000],
    ['a ban until a moment that is past', 'BANNED', 0, 120_000],
    ['a ban of less than nothing', 'BANNED', -5_000, 120_000],
    ['a rate limit of nothing', 'RATE_LIMITED', 0, 1_000],
    ['a part of a millisecond', 'RATE_LIMITED', 1_500.25, 1_501],
    ['three days', 'BANNED', 259_200_000, 259_200_000],
  ] as const)('%s is not taken by its word where it cannot be meant', (_name, kind, milliseconds, lasts) => {
    expect(withPause(newVenueState(), { kind, milliseconds }, NOW).pause).toEqual({ kind, until: NOW + lasts, times: 1 });
    const long: VenueState = { ...newVenueState(), pause: { kind: 'BANNED', until: NOW + 600_000, times: 1 } };
    expect(withPause(long, { kind, milliseconds }, NOW).pause?.until).toBeGreaterThanOrEqual(NOW + 600_000);
  });

  it('never doubles beyond an hour', () => {
    const often: VenueState = { ...newVenueState(), pause: { kind: 'BANNED', until: NOW, times: 40 } };
    expect(withPause(often, { kind: 'BANNED', milliseconds: null }, NOW).pause?.until).toBe(NOW + 3_600_000);
  });
});

describe('EX-9 three identical refusals open the circuit', () => {
  const refusedBy = (...codes: readonly string[]): VenueState => codes.reduce((state, code) => withRefused(state, code, NOW), newVenueState());

  it.each([
    ['two alike', ['NO_FUNDS', 'NO_FUNDS'], 'CLOSED'],
    ['three alike', ['NO_FUNDS', 'NO_FUNDS', 'NO_FUNDS'], 'OPEN'],
    ['another between them', ['NO_FUNDS', 'NO_FUNDS', 'TICK_SIZE', 'NO_FUNDS'], 'CLOSED'],
    ['post-only ones, which the market refuses', ['WOULD_CROSS', 'WOULD_CROSS', 'WOULD_CROSS', 'WOULD_CROSS'], 'CLOSED'],
    ['stops whose price is through', ['WOULD_TRIGGER', 'WOULD_TRIGGER', 'WOULD_TRIGGER'], 'CLOSED'],
    ['a post-only one between, which says nothing', ['NO_FUNDS', 'NO_FUNDS', 'WOULD_CROSS', 'NO_FUNDS'], 'OPEN'],
  ])('%s: %j → %s', (_name, codes, expected) => {
    expect(circuitFor(refusedBy(...codes), NOW)).toBe(expected);
  });

  it('an accepted one between begins anew, and an accepted one closes it', () => {
    const two = refusedBy('NO_FUNDS', 'NO_FUNDS');
    expect(circuitFor(withRefused(withAccepted(two), 'NO_FUNDS', NOW), NOW)).toBe('CLOSED');
    expect(withAccepted(refusedBy('A', 'A', 'A'))).toMatchObject({ refusals: null, probeAt: null });
    const quiet = newVenueState();
    expect(withAccepted(quiet)).toBe(quiet);
  });

  it('lets one try a minute through, and a refused try keeps it open whatever it says', () => {
    const open = refusedBy('A', 'A', 'A');
    expect([circuitFor(open, NOW + 59_999), circuitFor(open, NOW + 60_000)]).toEqual(['OPEN', 'PROBE']);
    const tried = withProbe(open, NOW + 60_000);
    expect([circuitFor(tried, NOW + 60_000), circuitFor(tried, NOW + 120_000)]).toEqual(['OPEN', 'PROBE']);
    const again = withRefused(tried, 'B', NOW + 61_000);
    expect([circuitFor(again, NOW + 119_999), circuitFor(again, NOW + 120_000)]).toEqual(['OPEN', 'PROBE']);
  });

  it('is tried once a minute however often a stop is refused meanwhile', () => {
    let state = refusedBy('A', 'A', 'A');
    for (let now = NOW + 5_000; now < NOW + 60_000; now += 5_000) state = withRefused(state, 'B', now);
    expect(circuitFor(state, NOW + 60_000)).toBe('PROBE');
  });

  it('holds entries alone: a stop, an exit, a cancel and a read go', () => {
    const open = refusedBy('A', 'A', 'A');
    const asking = { cost: costs(1), priority: 'ENTRY', isEntry: true, now: NOW } as const;
    expect(judgeTurn(open, [weights], asking)).toEqual({ kind: 'CIRCUIT_OPEN' });
    expect(judgeTurn(open, [weights], { ...asking, priority: 'URGENT', isEntry: false }).kind).toBe('GO');
    const judged = judgeTurn(open, [weights], { ...asking, now: NOW + 60_000 });
    expect(judged.kind === 'GO' ? judged.after.probeAt : null).toBe(NOW + 120_000);
  });
});
