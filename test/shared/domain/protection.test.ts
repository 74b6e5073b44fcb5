import { describe, expect, it } from '@jest/globals';
import { type CandidateOrder, type ProtectionReason, protectionOf } from '../../../shared/domain/protection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { NOW, anOrder, decimal, quote } from './book.ts';

const settings: Settings = { ...DEFAULT_SETTINGS, protectedGroups: ['core'] };
const sideAware: Settings = { ...settings, workStealingDistance: 'side-aware' };
const reasonOf = (changes: Partial<CandidateOrder>, given: Settings = settings): ProtectionReason | null =>
  protectionOf('MSFT', anOrder(changes), given, NOW);
const stolen = (secondsAgo: number, cooldownSeconds: number) => ({ at: NOW - secondsAgo * 1000, cooldownSeconds });

/** What makes each reason hold, in the order in which they are reported. */
const CAUSES: readonly (readonly [ProtectionReason, Partial<CandidateOrder>])[] = [
  ['PROBE', { mode: 'probe' }],
  ['PRIORITY', { group: 'core' }],
  ['EXIT', { intent: 'exit' }],
  ['SELF', { symbol: 'MSFT' }],
  ['NOT_ACKNOWLEDGED', { acknowledged: false }],
  ['YIELDING', { yielding: true }],
  ['NO_QUOTE', { quote: null }],
  ['NEAR_EXECUTION', { quote: quote('99.9') }],
  ['COOLDOWN', { lastStolen: stolen(1, 300) }],
  ['MARKETABLE', { quote: quote('90') }],
];

describe('WS-3 protected', () => {
  it('leaves an ordinary order far away free', () => {
    expect(reasonOf({})).toBeNull();
    expect(reasonOf({}, sideAware)).toBeNull();
  });

  it.each(CAUSES)('reports %s', (reason, cause) => {
    expect(reasonOf(cause, sideAware)).toBe(reason);
  });

  it('reports the first of several reasons', () => {
    for (const [index, [reason]] of CAUSES.entries()) {
      // Later causes first: where two set the same field, the earlier reason's own cause stands.
      const causes = CAUSES.slice(index).toReversed().map(([, cause]) => cause);
      expect(reasonOf(Object.assign({}, ...causes), sideAware)).toBe(reason);
    }
  });

  it('protects up to the protection and not past it', () => {
    expect(reasonOf({ quote: quote('100.4') })).toBe('NEAR_EXECUTION');
    expect(reasonOf({ quote: quote('99.6') })).toBe('NEAR_EXECUTION');
    expect(reasonOf({ quote: quote('100.400000000000000001') })).toBeNull();
  });

  it('frees an order at exactly the cooldown its symbol was given', () => {
    expect(reasonOf({ lastStolen: stolen(299, 300) })).toBe('COOLDOWN');
    expect(reasonOf({ lastStolen: stolen(300, 300) })).toBeNull();
    expect(reasonOf({ lastStolen: stolen(301, 1800) })).toBe('COOLDOWN');
    expect(reasonOf({ lastStolen: stolen(0, 0) })).toBeNull();
  });

  it('counts a steal dated ahead of the clock as just now', () => {
    expect(reasonOf({ lastStolen: stolen(-5, 300) })).toBe('COOLDOWN');
  });

  it('knows a group by its exact name only', () => {
    expect(reasonOf({ group: 'Core' })).toBeNull();
    expect(reasonOf({ group: null })).toBeNull();
  });

  it('finds no distance with a limit of zero or a stale, future or impossible price', () => {
    for (const changes of [
      { limit: decimal('0') },
      { limit: decimal('-1') },
      { limit: decimal('NaN') },
      { quote: quote('110', 121) },
      { quote: quote('110', -2) },
      { quote: quote('NaN') },
    ]) {
      expect(reasonOf(changes)).toBe('NO_QUOTE');
    }
  });

  it('looks at the side only where it is told to', () => {
    expect(reasonOf({ quote: quote('90') })).toBeNull();
    expect(reasonOf({ side: 'sell', quote: quote('110') }, sideAware)).toBe('MARKETABLE');
    expect(reasonOf({ side: 'sell', quote: quote('90') }, sideAware)).toBeNull();
  });
});
