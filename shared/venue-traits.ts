// What each venue can do, for functions that decide about its orders and never call it.
import type { StopMoves } from './domain/context.ts';
import type { VenueTraits } from './ports.ts';

/** The ways in which a stop can be moved, as settings and environments spell them. */
export const STOP_MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const satisfies readonly StopMoves[];

/** What an installation may know better of its venue than this build. */
export type TraitOverrides = Partial<Pick<VenueTraits, 'amends' | 'stopMoves' | 'icebergs' | 'quietSeconds'>>;

/** The traits of the paper venue, with what is said of it beside; where nothing is amended, no stop is either. */
export const paperTraits = ({ amends = true, stopMoves = 'AMEND', icebergs = false, quietSeconds = 21 }: TraitOverrides = {}): VenueTraits => ({
  venue: 'paper',
  amends,
  stopMoves: !amends && stopMoves === 'AMEND' ? 'CANCEL_FIRST' : stopMoves,
  icebergs,
  mostIcebergParts: null,
  postOnly: true,
  maxClientOrderIdLength: 36,
  quietSeconds,
});

/**
 * What a real venue can do: its usual ways are only narrowed by what is said of it beside, since a venue that does not amend
 * cannot be told to. Seconds in which an order may still turn up: the request's validity, the skew of clocks, the engine.
 */
const venueTraits =
  (own: VenueTraits) =>
  ({ amends = true, stopMoves = own.stopMoves, icebergs = true, quietSeconds = own.quietSeconds }: TraitOverrides): VenueTraits => ({
    ...own,
    amends: own.amends && amends,
    icebergs: own.icebergs && icebergs,
    stopMoves: narrowed(stopMoves, amends && own.stopMoves === 'AMEND'),
    quietSeconds,
  });

const narrowed = (stopMoves: StopMoves, amendsStops: boolean): StopMoves => (stopMoves === 'AMEND' && !amendsStops ? 'CANCEL_FIRST' : stopMoves);

const CCXT_VENUES: readonly VenueTraits[] = [
  { venue: 'binance', amends: false, stopMoves: 'CANCEL_FIRST', icebergs: true, mostIcebergParts: 10, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
  { venue: 'binanceusdm', amends: true, stopMoves: 'PLACE_FIRST', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
  // Kraken takes 18 letters or a UUID, which holds 24 of ours.
  { venue: 'kraken', amends: true, stopMoves: 'AMEND', icebergs: true, mostIcebergParts: 15, postOnly: true, maxClientOrderIdLength: 24, quietSeconds: 30 },
  { venue: 'bybit', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
  { venue: 'okx', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 32, quietSeconds: 45 },
  { venue: 'coinbase', amends: true, stopMoves: 'CANCEL_FIRST', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 128, quietSeconds: 135 },
  { venue: 'alpaca-crypto', amends: false, stopMoves: 'CANCEL_FIRST', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 128, quietSeconds: 60 },
];

/** A replacement is another order there. How long an order may take to turn up is not said: well beyond its gateway's time-out. */
const ALPACA: VenueTraits = { venue: 'alpaca', amends: false, stopMoves: 'CANCEL_FIRST', icebergs: false, mostIcebergParts: null, postOnly: false, maxClientOrderIdLength: 128, quietSeconds: 60 };

const VENUES: ReadonlyMap<string, (overrides: TraitOverrides) => VenueTraits> = new Map([
  ['paper', paperTraits],
  ...[...CCXT_VENUES, ALPACA].map((traits) => [traits.venue, venueTraits(traits)] as const),
]);

/** Finds a venue's traits by its name, with what is said of it beside; null for a venue this build does not know. */
export const findVenueTraits = (venue: string, overrides: TraitOverrides = {}): VenueTraits | null => VENUES.get(venue)?.(overrides) ?? null;
