// The venues by name, for whoever deploys: what each can do stands in venue-traits.ts.

/** Every venue that functions are built for. */
export const VENUE_NAMES = ['paper', 'alpaca', 'alpaca-crypto', 'binance', 'binanceusdm', 'bybit', 'coinbase', 'kraken', 'okx'] as const;
export type VenueName = (typeof VENUE_NAMES)[number];

/** Real venues that have a sandbox which can be reached by a switch; the paper venue is one itself. */
export const SANDBOX_VENUES: ReadonlySet<VenueName> = new Set<VenueName>(['alpaca', 'alpaca-crypto', 'binance', 'bybit', 'okx']);
