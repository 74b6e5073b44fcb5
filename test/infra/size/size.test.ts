import { describe, expect, it } from '@jest/globals';
import { VENUE_NAMES } from '../../../shared/venue-names.ts';
import { ACCESS } from '../../../infra/access.ts';
import { MEASURED, isTooLarge } from '../../../infra/size/figures.ts';
import type { Figure } from '../../../infra/size/figures.ts';
import { measureBundle } from '../../../infra/size/measure-bundle.ts';
import type { MeasuredBundle } from '../../../infra/size/measure-bundle.ts';
import { sizeLines } from '../../../infra/size/size-table.ts';
import { findVenueTraits } from '../../../shared/venue-traits.ts';

const KIB = 1024;
const LIMIT: Figure = { kind: 'ENFORCED', bytes: 1536 * KIB };
const AIM: Figure = { kind: 'AIM', bytes: 400 * KIB, bound: 600 * KIB };

const knows = ({ contributors }: MeasuredBundle, name: string): boolean => contributors.some((one) => one.name === name && one.bytes > 0);

describe('what travels to a function', () => {
  it('is no exchange’s class at the stage of the paper venue', async () => {
    const bundle = await measureBundle('order-action', 'paper');
    expect([bundle.exchanges, knows(bundle, 'ccxt'), knows(bundle, '@alpacahq/alpaca-trade-api')]).toEqual([[], false, false]);
    expect(bundle.contributors.some(({ name }) => name.startsWith('shared/adapters/paper'))).toBe(true);
  }, 60_000);

  it.each([['kraken', ['kraken'], false], ['binanceusdm', ['binance', 'binanceusdm'], false], ['alpaca', [], true]] as const)(
    'is the class of %s alone where that is the venue, for those who ask it and for nobody else',
    async (venue, classes, alpaca) => {
      const asking = await measureBundle('quote-poll', venue);
      expect([asking.exchanges, knows(asking, '@alpacahq/alpaca-trade-api')]).toEqual([classes, alpaca]);
      expect(isTooLarge(asking.bytes, LIMIT)).toBe(false);
      const deciding = await measureBundle('steal-attempt', venue);
      expect([deciding.exchanges, knows(deciding, 'ccxt'), knows(deciding, '@alpacahq/alpaca-trade-api')]).toEqual([[], false, false]);
    },
    60_000,
  );

  it('is measured for every function, and for every venue where the venue is asked', () => {
    for (const [name, { asksVenue }] of Object.entries(ACCESS)) {
      const venues = MEASURED.filter(({ functionName }) => functionName === name).map(({ venue }) => venue);
      expect(venues).toEqual(asksVenue ? VENUE_NAMES : ['paper']);
    }
    const held = MEASURED.filter(({ functionName }) => functionName === 'order-action' || functionName === 'quote-poll');
    expect(held.every(({ figure }) => figure?.kind === 'ENFORCED' && figure.bytes === 1536 * KIB)).toBe(true);
  });

  it('has a figure that fails it, or an aim with a bound', () => {
    expect([1536 * KIB, 1536 * KIB + 1].map((bytes) => isTooLarge(bytes, LIMIT))).toEqual([false, true]);
    expect([400 * KIB + 1, 600 * KIB, 600 * KIB + 1].map((bytes) => isTooLarge(bytes, AIM))).toEqual([false, false, true]);
    expect(isTooLarge(Infinity, null)).toBe(false);
  });

  it('is told in a line each, with the verdict', () => {
    const row = { functionName: 'order-action', venue: 'kraken', contributors: [{ name: 'ccxt', bytes: 2 * KIB }, { name: 'zod', bytes: 1 }], exchanges: [] } as const;
    expect(sizeLines([
      { ...row, bytes: 100 * KIB, figure: LIMIT }, { ...row, bytes: 1537 * KIB, figure: LIMIT }, { ...row, bytes: 500 * KIB, figure: AIM }, { ...row, bytes: 5, figure: null },
    ])).toEqual([
      'function        venue             KiB  figure                     largest',
      'order-action    kraken            100    1536  ok                 ccxt 2, zod 1',
      'order-action    kraken           1537    1536  TOO LARGE          ccxt 2, zod 1',
      'order-action    kraken            500     400  over, at most 600  ccxt 2, zod 1',
      'order-action    kraken              1       -                     ccxt 2, zod 1',
    ]);
  });
});

describe('the venues by name', () => {
  it('are those whose traits are known', () => {
    for (const name of VENUE_NAMES) expect(findVenueTraits(name)?.venue).toBe(name);
  });
});
