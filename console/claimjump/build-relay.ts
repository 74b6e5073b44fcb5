// The one place of the console that builds a venue's adapters, for the relay.
import { createAlpacaExchange } from '../../shared/adapters/alpaca/alpaca-exchange.ts';
import { createAlpacaStream } from '../../shared/adapters/alpaca/alpaca-stream.ts';
import { createCcxtExchange } from '../../shared/adapters/ccxt/ccxt-exchange.ts';
import { createCcxtStream } from '../../shared/adapters/ccxt/ccxt-stream.ts';
import { STREAMED_VENUES, loadStreams } from '../../shared/adapters/ccxt/load-streams.ts';
import { seconds } from '../../shared/domain/instant.ts';
import { InvalidInputError } from '../../shared/errors.ts';
import type { Exchange, VenueTraits } from '../../shared/ports.ts';
import type { VenueStream } from '../../shared/venue-stream.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import type { RelayConfig } from './relay-config.ts';

/** Where a venue is instead of where its client thinks, for tests on this machine. */
export type Endpoints = Readonly<Record<string, unknown>>;

export interface VenueParts {
  readonly venue: Exchange;
  readonly stream: VenueStream;
}

const ANSWER_MS = 10_000;
const KEEP_ALIVE_MS = seconds(15);
const SETTLE_MS = seconds(5);
const PAUSES = { firstMillis: 500, longestMillis: seconds(60) };

/**
 * Builds the reads and the stream of a venue.
 * @throws InvalidInputError for a venue without a stream, or keys of another form
 */
export async function buildVenue(config: RelayConfig, endpoints: Endpoints | null = null): Promise<VenueParts> {
  const { venue } = config;
  const traits = findVenueTraits(venue);
  const streams = await loadStreams(venue);
  if (traits !== null && venue === 'alpaca') return alpacaOf(config, traits, endpoints);
  if (traits === null || streams === null) throw new InvalidInputError('venue', `one of ${['alpaca', ...STREAMED_VENUES].join(', ')}`);
  const { credentials, symbols, sandbox } = config;
  const reached = { credentials, sandbox, symbols, timeoutMs: ANSWER_MS };
  return {
    venue: createCcxtExchange({ ...reached, dialect: streams.dialect, traits, urls: endpoints === null ? null : textsOf(endpoints) }),
    stream: createCcxtStream({ ...reached, streams, urls: endpoints, pauses: PAUSES, settleMs: SETTLE_MS, keepAliveMs: KEEP_ALIVE_MS }),
  };
}

function textsOf(endpoints: Endpoints): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(endpoints).flatMap(([name, url]) => (typeof url === 'string' ? [[name, url] as const] : [])));
}

function keysOf({ keyId, secret }: RelayConfig['credentials']): { readonly keyId: string; readonly secret: string } {
  if (keyId === undefined || secret === undefined) throw new InvalidInputError('credentials', 'keyId and secret');
  return { keyId, secret };
}

const ENVIRONMENTS = { sandbox: 'paper', live: 'live' } as const;

function alpacaOf({ credentials, symbols, sandbox }: RelayConfig, traits: VenueTraits, endpoints: Endpoints | null): VenueParts {
  const keys = keysOf(credentials);
  if (symbols.length > 0) throw new InvalidInputError('symbols', 'none: prices of stocks are polled, not streamed');
  const { trading, data, stream = null } = textsOf(endpoints ?? {});
  const reached = { credentials: keys, environment: ENVIRONMENTS[sandbox ? 'sandbox' : 'live'] };
  const urls = trading === undefined || data === undefined ? null : { trading, data };
  return {
    venue: createAlpacaExchange({ ...reached, traits, urls, timeoutMs: ANSWER_MS }),
    stream: createAlpacaStream({ ...reached, url: stream, pauses: PAUSES, keepAliveMs: KEEP_ALIVE_MS }),
  };
}
