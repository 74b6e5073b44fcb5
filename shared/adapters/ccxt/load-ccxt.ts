// Brings in ccxt's side of things where the chosen venue is reached through it, and nothing of it elsewhere: the bundler
// is told the venue's name and leaves out what cannot be reached.
import type { createCcxtExchange } from './ccxt-exchange.ts';
import type { Dialect } from './dialect.ts';
import { loadDialect } from './load-dialect.ts';

export interface CcxtVenue {
  readonly dialect: Dialect;
  readonly connect: typeof createCcxtExchange;
}

/** Loads the venue that the environment names; null where ccxt is not asked for it. */
export async function loadCcxtVenue(): Promise<CcxtVenue | null> {
  // One condition around it all: what stands after a return would travel.
  if (process.env.VENUE !== undefined && process.env.VENUE !== 'paper' && process.env.VENUE !== 'alpaca') {
    const dialect = await loadDialect();
    return dialect === null ? null : { dialect, connect: (await import('./ccxt-exchange.ts')).createCcxtExchange };
  }
  return null;
}
