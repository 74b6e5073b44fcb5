import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alphanumericIds, packedIds } from '../../shared/adapters/ccxt/id-codec.ts';
import type { IdCodec } from '../../shared/adapters/ccxt/id-codec.ts';
import { clientOrderId } from '../../shared/domain/client-order-id.ts';
import { VENUES } from './venues.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';

const intents = fc.record({
  account: fc.string(),
  symbol: fc.constantFrom('BTC/USD', 'ZEC/USDT', 'XTZ/USD', 'ZZZZZZ/USDT', '1000SHIB/USDT', 'A/B'),
  slot: fc.string(),
  purpose: fc.constantFrom('ENTRY', 'EXIT', 'STOP'),
  fence: fc.oneof(fc.nat(50), fc.nat(Number.MAX_SAFE_INTEGER)),
} as const);

const SPELLINGS: readonly (readonly [string, IdCodec, RegExp])[] = [
  ['letters and digits', alphanumericIds, /^[A-Za-z0-9]{1,32}$/],
  ['32 hexadecimal digits', packedIds, /^[0-9a-f]{32}$/],
];

describe('EX-11 our ids in the spelling of a venue', () => {
  it.each(SPELLINGS)('%s: come back as they were, and no two are one', (_words, codec, form) => {
    const maxLength = codec === packedIds ? 24 : 32;
    fc.assert(fc.property(intents, intents, (one, other) => {
      const [a, b] = [clientOrderId(one, { maxLength }), clientOrderId(other, { maxLength })];
      const [wire, otherWire] = [codec.toVenue(a), codec.toVenue(b)];
      expect(wire).toMatch(form);
      expect(codec.fromVenue(wire ?? '')).toBe(a);
      expect(wire === otherWire).toBe(a === b);
    }), { numRuns: 2_000 });
  });

  it.each(VENUES.map(({ dialect }) => [dialect.venue, dialect] as const))('of %s take every id that our rules make for its length', (venue, dialect) => {
    const maxLength = findVenueTraits(venue)?.maxClientOrderIdLength ?? 0;
    fc.assert(fc.property(intents, (intent) => {
      const id = clientOrderId(intent, { maxLength });
      const wire = dialect.ids.toVenue(id);
      expect(wire === null ? null : dialect.ids.fromVenue(wire)).toBe(id);
    }));
  });

  it.each([['an id of another, as it is', 'da8e4ad5-9b78-481c-93e5-89746b0cf91f'], ['a number that is none of ours', 'f'.repeat(32)], ['what was never one', 'hello world']])('leave %s', (_words, text) => {
    expect([packedIds.fromVenue(text), alphanumericIds.fromVenue(text)]).toEqual([text, text]);
  });

  it('are not made of what does not fit', () => {
    expect([packedIds.toVenue('x'.repeat(25)), packedIds.toVenue('Upper'), packedIds.toVenue('a b'), alphanumericIds.toVenue('a-b'), alphanumericIds.toVenue('x'.repeat(33))]).toEqual([null, null, null, null, null]);
  });
});
