// The page of the venues says what the code does: its second table is made of traits and dialects, line by line.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Dialect } from '../../shared/adapters/ccxt/dialect.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { VenueTraits } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { order } from './venue-bench.ts';
import { VENUES } from './venues.ts';

const PAGE = new URL('../../docs/venues.md', import.meta.url);
const HEADING = '### Native or emulated';

interface Venue {
  readonly dialect: Dialect;
  readonly traits: VenueTraits;
}

const PLAIN = order('BTC/USDT', 'one');
const paramsOf = ({ dialect }: Venue, intent: Parameters<typeof order>[2]): Readonly<Record<string, unknown>> =>
  dialect.placement(order('BTC/USDT', 'one', intent), 'one', new Decimal('0.01')).params;
const isNativeIoc = (venue: Venue): boolean => paramsOf(venue, { timeInForce: 'IOC' })['timeInForce'] === 'IOC';
const STOP_MOVES: Readonly<Record<VenueTraits['stopMoves'], string>> = { AMEND: 'amended', PLACE_FIRST: 'second one first', CANCEL_FIRST: 'cancel first' };
const each = (most: number, oneSymbol: boolean): string => `${most}${oneSymbol ? ' of one symbol' : ''}`;

const placed = ({ dialect: { batches } }: Venue): string => (batches === null || batches.place === null ? 'one by one' : each(batches.mostPlaced, batches.oneSymbol.place));
const cancelled = ({ dialect: { batches } }: Venue): string => (batches === null ? 'one by one' : each(batches.mostCancelled, batches.oneSymbol.cancel));

const ROWS: readonly (readonly [string, (venue: Venue) => string])[] = [
  ['limit, market', ({ dialect }) => (dialect.placement(PLAIN, 'one', new Decimal('0.01')).type === 'limit' ? 'native' : 'none')],
  ['maker limit (post-only)', ({ dialect }) => (dialect.postOnly === 'NATIVE' ? 'native' : '**emulated**: spread asked for first')],
  ['taker limit (IOC)', (venue) => (isNativeIoc(venue) ? 'native' : 'none')],
  ['TWAP', () => '**emulated**: in parts'],
  ['iceberg', ({ traits }) => (traits.icebergs ? 'native' : '**emulated**: in parts')],
  ['amend', ({ traits }) => (traits.amends ? 'native' : 'none: cancelled and placed')],
  ['placements in a call', placed],
  ['cancels in a call', cancelled],
  ['a stop is moved', ({ traits }) => STOP_MOVES[traits.stopMoves]],
  ['maker or taker of a trade', ({ dialect }) => (dialect.tellsLiquidity ? 'native' : 'not told')],
  ['letters of an id', ({ traits }) => traits.maxClientOrderIdLength.toString()],
  ['quiet time', ({ traits }) => `${traits.quietSeconds} s`],
];

const venuesOf = (): readonly Venue[] => VENUES.map(({ dialect }) => {
  const traits = findVenueTraits(dialect.venue);
  if (traits === null) throw new Error(`${dialect.venue} has no traits`);
  return { dialect, traits };
});

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

describe('EX-1 the page of the venues', () => {
  it('says of each order kind and batch what is native and what is emulated, as traits and dialects have it', async () => {
    const [, after = ''] = (await readFile(PAGE, 'utf8')).split(`${HEADING}\n`);
    const table = after.trimStart().split('\n\n')[0]?.split('\n') ?? [];
    const venues = venuesOf();
    expect(table).toEqual([
      line(['', ...venues.map(({ dialect }) => dialect.venue)]).replace('|  |', '| |'),
      `|${'---|'.repeat(venues.length + 1)}`,
      ...ROWS.map(([name, cell]) => line([name, ...venues.map(cell)])),
    ]);
  });

  it('amends nothing where a venue has no amendment, and shows nothing of an iceberg that is not sent', () => {
    for (const venue of venuesOf()) {
      expect([venue.dialect.venue, venue.traits.amends]).toEqual([venue.dialect.venue, venue.dialect.amendment !== null]);
      const shown = JSON.stringify(paramsOf(venue, { shown: new Decimal('0.5') }));
      expect([venue.dialect.venue, /0\.5"/.test(shown)]).toEqual([venue.dialect.venue, venue.traits.icebergs]);
    }
  });
});
