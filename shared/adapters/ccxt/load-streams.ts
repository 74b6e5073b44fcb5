// Brings in the streams of the venue that is named, and no other's.
import type { StreamDialect } from './ccxt-stream.ts';

const LOADERS: Readonly<Record<string, () => Promise<StreamDialect>>> = {
  binance: async () => (await import('./streams/binance.ts')).binanceStreams,
  binanceusdm: async () => (await import('./streams/binanceusdm.ts')).binanceusdmStreams,
  kraken: async () => (await import('./streams/kraken.ts')).krakenStreams,
  bybit: async () => (await import('./streams/bybit.ts')).bybitStreams,
  okx: async () => (await import('./streams/okx.ts')).okxStreams,
  coinbase: async () => (await import('./streams/coinbase.ts')).coinbaseStreams,
  'alpaca-crypto': async () => (await import('./streams/alpaca-crypto.ts')).alpacaCryptoStreams,
};

/** The venues that ccxt streams for. */
export const STREAMED_VENUES: readonly string[] = Object.keys(LOADERS);

/** Loads the streams of a venue; null for one that is not reached through ccxt. */
export async function loadStreams(venue: string): Promise<StreamDialect | null> {
  const load = LOADERS[venue];
  return load === undefined ? null : load();
}
