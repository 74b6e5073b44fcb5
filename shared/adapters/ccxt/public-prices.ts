// Markets and prices of any exchange of ccxt, as everybody may read them: no keys, no orders.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Exchange } from '../../ports.ts';
import type { CcxtClass } from './ccxt-client.ts';
import { createCcxtExchange } from './ccxt-exchange.ts';
import type { Dialect } from './dialect.ts';
import { anyVenue } from './venues/any.ts';

export type PublicPrices = Pick<Exchange, 'markets' | 'quotes'> & {
  /** The currency that most of its markets are priced in, as far as is known. */
  readonly quoteCurrency: string;
};

export interface PublicPricesOptions {
  /** Name of the exchange, as ccxt has it or as this system does. */
  readonly exchange: string;
  readonly timeoutMs: number;
  /** Where it is instead of where ccxt thinks, by ccxt's own names; null for where it is. */
  readonly urls: Readonly<Record<string, string>> | null;
}

const CLASSES = new URL('../../../node_modules/ccxt/js/src/', import.meta.url);
const CLASS_FILE = /^([a-z0-9]+)\.js$/;
const USUAL_CURRENCY = 'USDT';
const TRIES = 2;

const DIALECTS: Readonly<Record<string, () => Promise<Dialect>>> = {
  binance: async () => (await import('./venues/binance.ts')).binance,
  binanceusdm: async () => (await import('./venues/binanceusdm.ts')).binanceusdm,
  bybit: async () => (await import('./venues/bybit.ts')).bybit,
  coinbase: async () => (await import('./venues/coinbase.ts')).coinbase,
  kraken: async () => (await import('./venues/kraken.ts')).kraken,
  okx: async () => (await import('./venues/okx.ts')).okx,
};

/** Names every exchange whose prices can be read, in order. */
export function pricedExchanges(): readonly string[] {
  return readdirSync(fileURLToPath(CLASSES)).flatMap((file) => CLASS_FILE.exec(file)?.[1] ?? []).sort();
}

/** Opens an exchange for reading; null for a name that is none. Its readers throw VenueReadError. */
export async function openPublicPrices({ exchange, timeoutMs, urls }: PublicPricesOptions): Promise<PublicPrices | null> {
  if (!pricedExchanges().includes(exchange)) return null;
  const dialect = await (DIALECTS[exchange] ?? (() => unknownDialect(exchange)))();
  const traits = { venue: exchange, amends: false, stopMoves: 'CANCEL_FIRST', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 32, quietSeconds: 60 } as const;
  const opened = createCcxtExchange({ dialect, traits, credentials: {}, timeoutMs, urls, attempts: TRIES });
  return { markets: () => opened.markets(), quotes: (symbols) => opened.quotes(symbols), quoteCurrency: dialect.quoteCurrency };
}

const classFile = z.object({ default: z.custom<CcxtClass>((value) => typeof value === 'function') });

// Not for a bundle: the file's name is known only here.
async function unknownDialect(exchange: string): Promise<Dialect> {
  const loaded: unknown = await import(new URL(`${exchange}.js`, CLASSES).href);
  const { default: exchangeClass } = classFile.parse(loaded);
  // Coins need keys at several exchanges, and prices do not need coins.
  return anyVenue({ venue: exchange, exchangeClass, quoteCurrency: USUAL_CURRENCY, config: { has: { fetchCurrencies: false } } });
}
