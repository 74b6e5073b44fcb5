import { binanceusdm } from '../../shared/adapters/ccxt/venues/binanceusdm.ts';
import { startBinanceusdm } from './binanceusdm-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const BINANCEUSDM: VenueUnderTest = {
  dialect: binanceusdm,
  start: startBinanceusdm,
  urls: (url) => ({
    fapiPublic: `${url}/fapi/v1`, fapiPrivate: `${url}/fapi/v1`, fapiPrivateV2: `${url}/fapi/v2`, fapiPrivateV3: `${url}/fapi/v3`, public: `${url}/api/v3`, private: `${url}/api/v3`,
  }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: { amendsStops: false },
  holdsCoins: false,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_UNKNOWN'],
};

describeVenue(BINANCEUSDM);
