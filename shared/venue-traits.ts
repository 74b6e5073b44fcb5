// What each venue can do, for functions that decide about its orders and never call it.
import type { VenueTraits } from './ports.ts';

const PAPER: VenueTraits = { venue: 'paper', amends: true, maxClientOrderIdLength: 36, quietSeconds: 21 };

const VENUES: Readonly<Record<string, VenueTraits>> = { paper: PAPER };

/** Finds a venue's traits by its name; null for a venue this build does not know. */
export const findVenueTraits = (venue: string): VenueTraits | null => VENUES[venue] ?? null;
