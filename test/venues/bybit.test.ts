import { bybit } from '../../shared/adapters/ccxt/venues/bybit.ts';
import { startBybit } from './bybit-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const BYBIT: VenueUnderTest = {
  dialect: bybit,
  start: startBybit,
  urls: (url) => ({ public: url, private: url }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: { feeAsset: 'QUOTE' },
  holdsCoins: false,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
  ways: { feesInQuote: true },
};

describeVenue(BYBIT);
