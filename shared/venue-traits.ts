// What each venue can do, for functions that decide about its orders and never call it.
import type { StopMoves } from './domain/context.ts';
import type { VenueTraits } from './ports.ts';

/** The ways in which a stop can be moved, as settings and environments spell them. */
export const STOP_MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const satisfies readonly StopMoves[];

/** What an installation may know better of its venue than this build. */
export type TraitOverrides = Partial<Pick<VenueTraits, 'amends' | 'stopMoves' | 'quietSeconds'>>;

const PAPER: VenueTraits = { venue: 'paper', amends: true, stopMoves: 'AMEND', maxClientOrderIdLength: 36, quietSeconds: 21 };

const VENUES: Readonly<Record<string, VenueTraits>> = { paper: PAPER };

/** Finds a venue's traits by its name, with what is said of it beside; null for a venue this build does not know. */
export const findVenueTraits = (venue: string, overrides: TraitOverrides = {}): VenueTraits | null => {
  const known = VENUES[venue];
  return known === undefined ? null : withAmends({ ...known, ...overrides });
};

// Where nothing can be amended, a stop cannot be either.
const withAmends = (traits: VenueTraits): VenueTraits =>
  !traits.amends && traits.stopMoves === 'AMEND' ? { ...traits, stopMoves: 'CANCEL_FIRST' } : traits;
