// Alpaca's server with Alpaca's own client in front of it.
import { createAlpacaExchange } from '../../shared/adapters/alpaca/alpaca-exchange.ts';
import type { AlpacaOptions } from '../../shared/adapters/alpaca/alpaca-exchange.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { PlaceOrder, VenueTraits } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { AlpacaServer } from './alpaca-server.ts';
import type { AlpacaServerOptions } from './alpaca-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';

const known = findVenueTraits('alpaca');
if (known === null) throw new Error('alpaca has no traits');
export const ALPACA_TRAITS: VenueTraits = known;

export const d = (text: string): Decimal => new Decimal(text);

export interface AlpacaBench {
  readonly server: AlpacaServer;
  readonly exchange: ReturnType<typeof createAlpacaExchange>;
  /** How the exchange was made, for another one of the same account. */
  readonly options: AlpacaOptions;
  stop(): Promise<void>;
}

export interface AlpacaBenchOptions {
  readonly server?: Partial<AlpacaServerOptions>;
  readonly exchange?: Partial<AlpacaOptions>;
}

export const startAlpaca = async ({ server: served, exchange }: AlpacaBenchOptions = {}): Promise<AlpacaBench> => {
  const server = new AlpacaServer({ stocks: [{ symbol: 'AAPL' }, { symbol: 'BRK.B', fractionable: false }], ...served });
  const running = await server.start();
  const options: AlpacaOptions = {
    traits: ALPACA_TRAITS, credentials: { keyId: API_KEY, secret: SECRET }, environment: 'paper', urls: { trading: running.url, data: `${running.url}/data` },
    timeoutMs: 5_000, pauseMs: 1, fraction: () => 0.5, fractions: true, ...exchange,
  };
  return { server, exchange: createAlpacaExchange(options), options, stop: running.stop };
};

export const order = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}, symbol = 'AAPL'): PlaceOrder => ({
  clientOrderId,
  symbol,
  intent: { kind: 'PLACE', side: 'buy', quantity: d('2'), limit: d('90.25'), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent },
});
