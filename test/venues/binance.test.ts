import { binance } from '../../shared/adapters/ccxt/venues/binance.ts';
import { startBinance } from './binance-server.ts';
import { API_KEY, SECRET } from './loopback-venue.ts';
import { describeVenue } from './venue-bench.ts';
import type { VenueUnderTest } from './venue-bench.ts';

export const BINANCE: VenueUnderTest = {
  dialect: binance,
  start: startBinance,
  urls: (url) => ({ public: `${url}/api/v3`, private: `${url}/api/v3` }),
  credentials: { apiKey: API_KEY, secret: SECRET },
  symbol: 'BTC/USDT',
  otherSymbol: 'ETH/USDT',
  core: {},
  holdsCoins: true,
  notOpenWords: ['ORDER_NOT_OPEN', 'ORDER_NOT_OPEN'],
};

describeVenue(BINANCE);
