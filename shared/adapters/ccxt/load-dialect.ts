// Brings in the chosen venue and no other: the bundler is told the name (`--define:process.env.VENUE="kraken"`), sees which
// comparisons cannot hold, and leaves out what they would have loaded. Unbundled, the environment chooses.
import type { Dialect } from './dialect.ts';

/** Loads the dialect of the venue that the environment names; null where ccxt is not asked for it. */
export async function loadDialect(): Promise<Dialect | null> {
  if (process.env.VENUE === 'binance') return (await import('./venues/binance.ts')).binance;
  if (process.env.VENUE === 'binanceusdm') return (await import('./venues/binanceusdm.ts')).binanceusdm;
  if (process.env.VENUE === 'kraken') return (await import('./venues/kraken.ts')).kraken;
  if (process.env.VENUE === 'bybit') return (await import('./venues/bybit.ts')).bybit;
  if (process.env.VENUE === 'okx') return (await import('./venues/okx.ts')).okx;
  if (process.env.VENUE === 'coinbase') return (await import('./venues/coinbase.ts')).coinbase;
  if (process.env.VENUE === 'alpaca-crypto') return (await import('./venues/alpaca-crypto.ts')).alpacaCrypto;
  return null;
}
