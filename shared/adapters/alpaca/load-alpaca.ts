// Brings in the broker's client where stocks are traded there, and nothing of it elsewhere, as load-ccxt.ts does for ccxt.
import type { createAlpacaExchange } from './alpaca-exchange.ts';

/** Loads the connection to Alpaca where the environment names it; null elsewhere. */
export async function loadAlpaca(): Promise<typeof createAlpacaExchange | null> {
  if (process.env.VENUE === 'alpaca') return (await import('./alpaca-exchange.ts')).createAlpacaExchange;
  return null;
}
