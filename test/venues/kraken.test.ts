import { kraken } from '../../shared/adapters/ccxt/venues/kraken.ts';
import { startKraken } from './kraken-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const KRAKEN: VenueUnderTest = {
  dialect: kraken,
  start: startKraken,
  urls: (url) => ({ public: url, private: url }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USD',
  otherSymbol: 'ETH/USD',
  core: { feeAsset: 'QUOTE', immediateStops: 'TRIGGER' },
  holdsCoins: true,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
  ways: { feesInQuote: true, stopsTriggerAtOnce: true },
};

describeVenue(KRAKEN);
