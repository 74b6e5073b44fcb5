// The exchange whose prices a live run reads; what keeps them from coming is said in one line.
import { openPublicPrices, pricedExchanges } from '../../../shared/adapters/ccxt/public-prices.ts';
import type { PublicPrices } from '../../../shared/adapters/ccxt/public-prices.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import type { Market } from '../../../shared/ports.ts';
import { InputError } from '../replay/input-error.ts';
import { RECORDED, recordedPrices } from './recorded-prices.ts';

const ANSWER_MILLISECONDS = 8_000;

/** Says in one line that prices cannot be had. */
export class NoPricesError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoPricesError';
  }
}

export interface LivePrices extends PublicPrices {
  readonly exchange: string;
  /** What is listed, by symbol. */
  readonly listed: ReadonlyMap<string, Market>;
}

/**
 * Opens the exchange and reads its markets.
 * @throws InputError for a name that is none, NoPricesError where it cannot be reached
 */
export async function openLivePrices(exchange: string, urls: Readonly<Record<string, string>> | null): Promise<LivePrices> {
  if (exchange === RECORDED) return recordedPrices();
  const prices = await openPublicPrices({ exchange, timeoutMs: ANSWER_MILLISECONDS, urls });
  if (prices === null) {
    throw new InputError(`--prices: there is no exchange ${JSON.stringify(exchange)}; expected one of ${pricedExchanges().join(', ')}`);
  }
  try {
    const markets = await prices.markets();
    return { ...prices, exchange, listed: new Map(markets.map((market) => [market.symbol, market])) };
  } catch (error) {
    throw noPrices(exchange, error);
  }
}

const UNREACHED = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|no answer within \d+ ms|fetch failed/;

/** Tells what keeps prices from coming. */
export function noPrices(exchange: string, error: unknown): NoPricesError {
  if (!(error instanceof VenueReadError)) throw error;
  const [reason] = UNREACHED.exec(error.message) ?? [];
  return reason === undefined
    ? new NoPricesError(`${exchange} answers, but not with prices: ${error.message}`, { cause: error })
    : new NoPricesError(`No network: ${exchange} cannot be reached (${reason}). A replay needs none: npm start`, { cause: error });
}
